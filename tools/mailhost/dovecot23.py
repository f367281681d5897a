"""Settings and users as Dovecot 2.3 reads them (Debian 12). dovecot24.py has the same for 2.4."""

import base64
import json

import oauth
from options import Options, User
from place import HOST, Place

REREADS_USERS = True  # at every login

# Everything that Debian's settings would take from root or from accounts of their own.
MAIN = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
listen = {host}
hostname = mailhost.localhost
protocols = {protocols}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
default_vsz_limit = 0
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_uid = {uid}
mail_gid = {gid}

ssl = yes
ssl_cert = <{dir}/tls/server.pem
ssl_key = <{dir}/tls/key.pem

auth_mechanisms = {mechanisms}
auth_failure_delay = 0
userdb {{
  driver = dict
  args = {dir}/users.conf.ext
}}

mail_location = {format}:~/{format}
mail_plugins = {mail_plugins}
mail_max_userip_connections = {max_connections}
mail_attribute_dict = file:%h/dovecot-attributes
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
  imap_capability = {capability}
  rawlog_dir = {rawlog}
  mail_plugins = $mail_plugins {imap_plugins}
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
  lmtp_add_received_header = yes
  mail_plugins = $mail_plugins {lmtp_plugins}
}}
protocol submission {{
  submission_relay_host = {host}
  submission_relay_port = {relay_port}
  rawlog_dir = {rawlog_submission}
}}
plugin {{
  {plugin}
}}

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
  service_count = 0
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
  service_count = 0
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
"""

PASSWORDS = """
passdb {{
  driver = dict
  mechanisms = plain login scram-sha-256 scram-sha-1
  args = {dir}/users.conf.ext
}}
"""

TOKENS = """
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {dir}/oauth.conf.ext
}}
"""

# Each user is a file, read at every login: one added a moment ago is there (a passwd-file is looked at once a second).
USERS = """
uri = fs:posix:prefix={dir}/users/
key user {{
  key = %Lu
  format = json
}}
passdb_objects = user
userdb_objects = user
"""

OAUTH = """
introspection_mode = local
local_validation_key_dict = fs:posix:prefix={dir}/oauth/
issuers = {issuer}
username_attribute = sub
"""

# All rights but w, the one for flags other than \Seen and \Deleted: PERMANENTFLAGS then lists no \*.
ACL_WITHOUT_FLAGS = "* owner lrstipekxa\n"


def record(place: Place, user: User, relay_port: int | None) -> str:
    """The user's file in users/."""
    fields = {"password": "{PLAIN.b64}" + base64.b64encode(user.password.encode()).decode(),
              "uid": str(place.uid), "gid": str(place.gid), "home": str(place.dir / "mail" / user.address)}
    if relay_port:
        fields["submission_relay_port"] = str(relay_port)
    return json.dumps(fields)


def files(place: Place, options: Options) -> dict[str, str]:
    """What dovecot.conf refers to, by name."""
    texts = {"users.conf.ext": USERS.format(dir=place.dir)}
    if not options.keywords:
        texts["acl"] = ACL_WITHOUT_FLAGS
    if "oauth" in options.auth:
        texts["oauth.conf.ext"] = OAUTH.format(dir=place.dir, issuer=oauth.ISSUER)
    return texts


def main(place: Place, options: Options, ports: dict[str, int], relay_port: int, capability: tuple[str, ...]) -> str:
    """dovecot.conf. `capability`: all that IMAP announces; empty: what it can, and options.announce."""
    mail_plugins, imap_plugins, lmtp_plugins, plugin = [], ["imap_zlib"], [], []
    if options.quota:
        mail_plugins.append("quota")
        imap_plugins.append("imap_quota")
        plugin += ["quota = count:Storage", f"quota_rule = *:storage={options.quota}", "quota_vsizes = yes"]
    if options.sieve:
        lmtp_plugins.append("sieve")
        plugin.append("sieve = file:~/sieve;active=~/.dovecot.sieve")
    if not options.keywords:
        imap_plugins.append("acl")
        plugin.append(f"acl = vfile:{place.dir}/acl")
    parts = [MAIN.format(
        dir=place.dir, host=HOST, user=place.user, group=place.group, uid=place.uid, gid=place.gid,
        protocols="imap lmtp submission" + " sieve" * options.sieve, mechanisms=" ".join(options.mechanisms),
        format=options.format, max_connections=options.max_connections, separator=options.separator,
        prefix=options.prefix,
        capability=" ".join(capability) or "+" * bool(options.announce) + " ".join(options.announce), mail_plugins=" ".join(mail_plugins),
        imap_plugins=" ".join(imap_plugins), lmtp_plugins=" ".join(lmtp_plugins), plugin="\n  ".join(plugin),
        lmtp_mode="0666" if options.postfix else "0600",  # Postfix has an account of its own
        rawlog=f"{place.dir}/rawlog/imap/%u" if options.rawlog else "",
        rawlog_submission=f"{place.dir}/rawlog/submission/%u" if options.rawlog else "",
        relay_port=relay_port, **{name: port for name, port in ports.items() if name != "sieve"})]
    if options.sieve:
        parts.append(SIEVE.format(port=ports["sieve"]))
    if {"plain", "scram"} & set(options.auth):
        parts.append(PASSWORDS.format(dir=place.dir))
    if "oauth" in options.auth:
        parts.append(TOKENS.format(dir=place.dir))
    if options.include:
        parts.append(options.include.read_text())
    return "".join(parts)
