"""What a private Dovecot is told, whichever its version is. dovecot23.py and dovecot24.py have the rest."""

import types

from options import Options
from place import HOST, Place

# Everything that Debian's settings would take from root or from accounts of their own. Blocks of one name add up, so
# that a version's own settings may open them again.
TEXT = """
base_dir = {dir}/run
state_dir = {dir}/state
log_path = {dir}/dovecot.log
listen = {host}
hostname = mailhost.localhost
protocols = {protocols}
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
first_valid_uid = {uid}
first_valid_gid = {gid}
mail_uid = {uid}
mail_gid = {gid}
ssl = yes
auth_mechanisms = {mechanisms}
auth_failure_delay = 0
mail_max_userip_connections = {max_connections}
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
  rawlog_dir = {rawlog_imap}
}}
protocol lmtp {{
  postmaster_address = postmaster@localhost
  lmtp_add_received_header = yes
}}
protocol submission {{
  rawlog_dir = {rawlog_submission}
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
    port = {sieve}
  }}
}}
"""


def main(version: types.ModuleType, place: Place, options: Options, ports: dict[str, int], relay_port: int,
         capability: tuple[str, ...]) -> str:
    """dovecot.conf for dovecot23 or dovecot24. `capability`: all that IMAP announces; empty: what it can, and
    options.announce."""
    rawlogs = {f"rawlog_{protocol}": f"{place.dir}/rawlog/{protocol}/%{{user}}" if options.rawlog else ""
               for protocol in ("imap", "submission")}
    text = version.FIRST + TEXT + SIEVE * options.sieve
    parts = [text.format(
        dir=place.dir, host=HOST, user=place.user, group=place.group, uid=place.uid, gid=place.gid,
        protocols="imap lmtp submission" + " sieve" * options.sieve, mechanisms=" ".join(options.mechanisms),
        max_connections=options.max_connections, separator=options.separator, prefix=options.prefix,
        lmtp_mode="0666" if options.postfix else "0600",  # Postfix has an account of its own
        **rawlogs, **ports)]
    parts.append(version.settings(place, options, relay_port, capability))
    if options.include:
        parts.append(options.include.read_text())
    return "".join(parts)
