"""Settings and users as Dovecot 2.4 reads them (Debian 13). dovecot23.py has the same for 2.3."""

import base64

import oauth
from options import Options, User
from place import HOST, Place

REREADS_USERS = False  # it looks at a file once a second

# Everything that Debian's settings would take from root or from accounts of their own.
MAIN = """
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
listen = {host}
hostname = mailhost.localhost
protocols = {protocols}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
default_vsz_limit = unlimited
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_uid = {uid}
mail_gid = {gid}

ssl = yes
ssl_server_cert_file = {dir}/tls/server.pem
ssl_server_key_file = {dir}/tls/key.pem

auth_mechanisms = {mechanisms}
auth_failure_delay = 0
auth_internal_failure_delay = 0
auth_allow_cleartext = yes
userdb passwd-file {{
  passwd_file_path = {dir}/users/%{{user | lower}}
}}

mail_driver = {format}
mail_path = ~/{format}
mail_max_userip_connections = {max_connections}
mail_attribute {{
  dict file {{
    path = %{{home}}/dovecot-attributes
  }}
}}
recipient_delimiter = +
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
  mailbox Sent {{
    special_use = \\Sent
    auto = subscribe
  }}
  mailbox Drafts {{
    special_use = \\Drafts
    auto = subscribe
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = subscribe
  }}
  mailbox Junk {{
    special_use = \\Junk
    auto = subscribe
  }}
}}

protocol imap {{
  imap_metadata = yes
  {capability}
  rawlog_dir = {rawlog}
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
  lmtp_add_received_header = yes
}}
protocol submission {{
  rawlog_dir = {rawlog_submission}
}}
# Not in the protocol's block, where they would go before what the user's file says.
submission_relay_host = {host}
submission_relay_port = {relay_port}
{more}

service anvil {{
  chroot =
  # Wrong passwords are part of the tests: no growing delay for them.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service auth {{
  user = {user}
}}
service auth-worker {{
  user = {user}
}}
service dict {{
  user = {user}
}}
service indexer-worker {{
  user = {user}
}}
service stats {{
  chroot =
}}
service imap-urlauth-login {{
  chroot =
}}
service imap-login {{
  chroot =
  restart_request_count = unlimited
  process_min_avail = 1
  inet_listener imap {{
    port = {imap}
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
}}
service submission-login {{
  chroot =
  restart_request_count = unlimited
  process_min_avail = 1
  inet_listener submission {{
    port = {submission}
  }}
  inet_listener submissions {{
    port = {submissions}
    ssl = yes
  }}
}}
service lmtp {{
  user = {user}
  unix_listener {dir}/lmtp {{
    mode = {lmtp_mode}
  }}
}}
"""

SIEVE = """
service managesieve-login {{
  chroot =
  inet_listener sieve {{
    port = {port}
  }}
}}
protocol lmtp {{
  mail_plugins {{
    sieve = yes
  }}
}}
sieve_script personal {{
  path = ~/sieve
  active_path = ~/.dovecot.sieve
}}
"""

PASSWORDS = """
passdb passwd-file {{
  mechanisms_filter = plain login scram-sha-256 scram-sha-1
  passwd_file_path = {dir}/users/%{{user | lower}}
}}
"""

TOKENS = """
oauth2 {{
  introspection_mode = local
  issuers = {issuer}
  username_attribute = sub
}}
oauth2_local_validation {{
  dict fs {{
    fs posix {{
      prefix = {dir}/oauth/
    }}
  }}
}}
passdb oauth2 {{
  mechanisms_filter = oauthbearer xoauth2
}}
"""

QUOTA = """
mail_plugins {{
  quota = yes
}}
protocol imap {{
  mail_plugins {{
    imap_quota = yes
  }}
}}
quota Storage {{
  driver = count
  storage_size = {size}
  storage_grace = 0
}}
"""

# All rights but w, the one for flags other than \\Seen and \\Deleted: PERMANENTFLAGS then lists no \\*.
ACL_WITHOUT_FLAGS = """
protocol imap {
  mail_plugins {
    acl = yes
  }
}
acl_driver = vfile
acl owner {
  rights = lrstipekxa
}
"""


def record(place: Place, user: User, relay_port: int | None) -> str:
    """The user's file in users/, a line of a passwd-file."""
    password = "{PLAIN.b64}" + base64.b64encode(user.password.encode()).decode()
    more = f"userdb_submission_relay_port={relay_port}" if relay_port else ""
    return f"{user.address}:{password}:{place.uid}:{place.gid}::{place.dir}/mail/{user.address}::{more}\n"


def files(place: Place, options: Options) -> dict[str, str]:
    """What dovecot.conf refers to, by name."""
    return {}


def announced(words: tuple[str, ...], more: tuple[str, ...]) -> str:
    if words:
        return "imap_capability = " + " ".join(words)
    return "imap_capability {\n" + "".join(f"    {word} = yes\n" for word in more) + "  }" if more else ""


def main(place: Place, options: Options, ports: dict[str, int], relay_port: int, capability: tuple[str, ...]) -> str:
    """dovecot.conf. `capability`: all that IMAP announces; empty: what it can, and options.announce."""
    more = []
    if options.quota:
        more.append(QUOTA.format(size=options.quota))
    if not options.keywords:
        more.append(ACL_WITHOUT_FLAGS)
    parts = [MAIN.format(
        dir=place.dir, host=HOST, user=place.user, group=place.group, uid=place.uid, gid=place.gid,
        protocols="imap lmtp submission" + " sieve" * options.sieve, mechanisms=" ".join(options.mechanisms),
        format=options.format, max_connections=options.max_connections, separator=options.separator,
        prefix=options.prefix, capability=announced(capability, options.announce), more="".join(more),
        lmtp_mode="0666" if options.postfix else "0600",  # Postfix has an account of its own
        rawlog=f"{place.dir}/rawlog/imap/%{{user}}" if options.rawlog else "",
        rawlog_submission=f"{place.dir}/rawlog/submission/%{{user}}" if options.rawlog else "",
        relay_port=relay_port,
        **{name: port for name, port in ports.items() if name != "sieve"})]
    if options.sieve:
        parts.append(SIEVE.format(port=ports["sieve"]))
    if {"plain", "scram"} & set(options.auth):
        parts.append(PASSWORDS.format(dir=place.dir))
    if "oauth" in options.auth:
        parts.append(TOKENS.format(dir=place.dir, issuer=oauth.ISSUER))
    if options.include:
        parts.append(options.include.read_text())
    return "".join(parts)
