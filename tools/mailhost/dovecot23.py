"""What Dovecot 2.3 (Debian 12) reads in a way of its own. dovecot24.py has the same for 2.4."""

import base64
import json

import oauth
from options import Options, User
from place import HOST, Place

REREADS_USERS = True  # at every login
FIRST = ""

MAIN = """
default_vsz_limit = 0
ssl_cert = <{dir}/tls/server.pem
ssl_key = <{dir}/tls/key.pem
userdb {{
  driver = dict
  args = {dir}/users.conf.ext
}}
mail_location = {format}:~/{format}
mail_attribute_dict = file:%h/dovecot-attributes
mail_plugins = {mail_plugins}
protocol imap {{
  imap_capability = {capability}
  mail_plugins = $mail_plugins {imap_plugins}
}}
protocol lmtp {{
  mail_plugins = $mail_plugins {lmtp_plugins}
}}
protocol submission {{
  submission_relay_host = {host}
  submission_relay_port = {relay_port}
}}
plugin {{
  {plugin}
}}
service imap-login {{
  service_count = 0
}}
service submission-login {{
  service_count = 0
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


def settings(place: Place, options: Options, relay_port: int, capability: tuple[str, ...]) -> str:
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
        dir=place.dir, host=HOST, format=options.format, relay_port=relay_port,
        capability=" ".join(capability) or "+" * bool(options.announce) + " ".join(options.announce),
        mail_plugins=" ".join(mail_plugins), imap_plugins=" ".join(imap_plugins), lmtp_plugins=" ".join(lmtp_plugins),
        plugin="\n  ".join(plugin))]
    if {"plain", "scram"} & set(options.auth):
        parts.append(PASSWORDS.format(dir=place.dir))
    if "oauth" in options.auth:
        parts.append(TOKENS.format(dir=place.dir))
    return "".join(parts)
