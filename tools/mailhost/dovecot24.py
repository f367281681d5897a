"""What Dovecot 2.4 (Debian 13) reads in a way of its own. dovecot23.py has the same for 2.3."""

import base64

import oauth
from options import Options, User
from place import HOST, Place

REREADS_USERS = False  # it looks at a file once a second
FIRST = """dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
"""

MAIN = """
default_vsz_limit = unlimited
ssl_server_cert_file = {dir}/tls/server.pem
ssl_server_key_file = {dir}/tls/key.pem
auth_internal_failure_delay = 0
auth_allow_cleartext = yes
userdb passwd-file {{
  passwd_file_path = {dir}/users/%{{user | lower}}
}}
mail_driver = {format}
mail_path = ~/{format}
mail_attribute {{
  dict file {{
    path = %{{home}}/dovecot-attributes
  }}
}}
protocol imap {{
  {capability}
}}
# Not in the protocol's block, where they would go before what the user's file says.
submission_relay_host = {host}
submission_relay_port = {relay_port}
service imap-login {{
  restart_request_count = unlimited
}}
service submission-login {{
  restart_request_count = unlimited
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

SIEVE = """
protocol lmtp {
  mail_plugins {
    sieve = yes
  }
}
sieve_script personal {
  path = ~/sieve
  active_path = ~/.dovecot.sieve
}
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


def settings(place: Place, options: Options, relay_port: int, capability: tuple[str, ...]) -> str:
    parts = [MAIN.format(dir=place.dir, host=HOST, format=options.format, relay_port=relay_port,
                         capability=announced(capability, options.announce))]
    if options.quota:
        parts.append(QUOTA.format(size=options.quota))
    if options.sieve:
        parts.append(SIEVE)
    if not options.keywords:
        parts.append(ACL_WITHOUT_FLAGS)
    if {"plain", "scram"} & set(options.auth):
        parts.append(PASSWORDS.format(dir=place.dir))
    if "oauth" in options.auth:
        parts.append(TOKENS.format(dir=place.dir, issuer=oauth.ISSUER))
    return "".join(parts)
