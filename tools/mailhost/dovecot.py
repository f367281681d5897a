"""A private Dovecot 2.3: its settings, its users, its life."""

import base64
import contextlib
import json
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import time

import certificate
from options import Options, User
from place import Failure, Place, Server

HOST = "127.0.0.1"
LIBEXEC = pathlib.Path("/usr/lib/dovecot")
START_SECONDS = 10.0
RAWLOGS = ("imap", "submission")
# Below the range that the kernel hands to outgoing connections, so that none of them sits on a port we chose.
PORTS = range(20000, 32000)

# Everything that Debian's settings would take from root or from accounts of their own.
SETTINGS = """
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

SIEVE_SETTINGS = """
service managesieve-login {
  chroot =
  inet_listener sieve {
    port = %d
  }
}
"""

PASSWORD_SETTINGS = """
passdb {{
  driver = dict
  mechanisms = plain login scram-sha-256 scram-sha-1
  args = {dir}/users.conf.ext
}}
"""

TOKEN_SETTINGS = """
passdb {{
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = {dir}/oauth.conf.ext
}}
"""

# Each user is a file, read at every login: one added a moment ago is there (a passwd-file is looked at once a second).
USER_SETTINGS = """
uri = fs:posix:prefix={dir}/users/
key user {{
  key = %Lu
  format = json
}}
passdb_objects = user
userdb_objects = user
"""

# All rights but w, the one for flags other than \Seen and \Deleted: PERMANENTFLAGS then lists no \*.
ACL_WITHOUT_FLAGS = "* owner lrstipekxa\n"


def free_ports(count: int) -> list[int]:
    found: list[int] = []
    for port in random.sample(PORTS, len(PORTS)):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((HOST, port))
            found.append(port)
        if len(found) == count:
            return found
    raise Failure("no free ports on loopback")


class Dovecot:
    def __init__(self, place: Place, options: Options):
        if not (LIBEXEC / "imap").exists():
            raise Failure("Dovecot is not installed: tools/install demo", 3)
        self._place = place
        self._options = options
        self._users: dict[str, User] = {}
        self._server: Server | None = None
        self._frozen: list[int] = []
        self._capability = ""
        self.relay_ports: dict[str, int] = {}  # by domain; "" for all others
        self.ports: dict[str, int] = {}
        self.ca = certificate.make(place)
        self.lmtp = place.dir / "lmtp"
        self.log = place.dir / "dovecot.log"

    # -- users -----------------------------------------------------------------------------------------------------

    @property
    def users(self) -> list[User]:
        return list(self._users.values())

    def add_users(self, *users: User) -> None:
        """New ones, or new passwords for known ones; true from the next login on."""
        for user in users:
            self._users[user.address] = user
            self._place.folder("users")
            self._place.folder(f"mail/{user.address}")
            if self._options.rawlog:
                for protocol in RAWLOGS:
                    self._place.folder(f"rawlog/{protocol}/{user.address}")  # Dovecot writes only where a folder waits
            self._place.write(f"users/{user.address}", json.dumps(self._record(user)))

    def _record(self, user: User) -> dict[str, str]:
        record = {"password": "{PLAIN.b64}" + base64.b64encode(user.password.encode()).decode(),
                  "uid": str(self._place.uid), "gid": str(self._place.gid),
                  "home": str(self._place.dir / "mail" / user.address)}
        if port := self.relay_ports.get(user.domain):
            record["submission_relay_port"] = str(port)
        return record

    # -- life ------------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Returns once every listener has greeted us. Ports can be lost to somebody quicker: then others are tried."""
        for _ in range(3):
            names = ["imap", "imaps", "submission", "submissions"] + ["sieve"] * self._options.sieve
            self.ports = dict(zip(names, free_ports(len(names))))
            self._write_settings()
            if self._options.without and not self._capability:
                self._capability = self._capabilities_left()
                self._write_settings()
            self._server = self._place.spawn(["/usr/sbin/dovecot", "-F", "-c", self._config])
            if self.wait_until_ready():
                return
            self._server.stop()
        raise Failure("Dovecot does not start:\n" + self.log_tail())

    def stop(self) -> None:
        self.thaw()
        if self._server:
            self._server.stop()
            self._server = None

    def running(self) -> bool:
        return self._server is not None and self._server.running()

    def log_tail(self) -> str:
        lines = [line for file in ("stderr.log", "dovecot.log") if (self._place.dir / file).exists()
                 for line in (self._place.dir / file).read_text(errors="replace").splitlines()[-10:]]
        return "\n".join(lines)

    def wait_until_ready(self) -> bool:
        assert self._server
        deadline = time.monotonic() + START_SECONDS
        waiting: list[tuple[int, str | tuple[str, int]]] = [(socket.AF_UNIX, str(self.lmtp))]
        waiting += [(socket.AF_INET, (HOST, self.ports[name])) for name in self.ports if not name.endswith("s")]
        while waiting and self._server.running() and time.monotonic() < deadline:
            family, address = waiting[-1]
            with socket.socket(family) as probe, contextlib.suppress(OSError):
                probe.settimeout(START_SECONDS)
                probe.connect(address)
                if probe.recv(1):
                    waiting.pop()
                    continue
            time.sleep(0.005)
        return not waiting

    # -- what tests do to it ---------------------------------------------------------------------------------------

    def doveadm(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return self._place.run(["/usr/bin/doveadm", "-c", self._config, *arguments])

    def processes(self, *services: str) -> list[int]:
        """Process ids of the services' processes, read from their command lines: "dovecot/imap"."""
        assert self._server
        wanted = {f"dovecot/{service}" for service in services}
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                name = (entry / "cmdline").read_bytes().split(b"\0")[0].split(b" ")[0].decode(errors="replace")
                if name in wanted and os.getpgid(int(entry.name)) == self._server.pid:
                    found.append(int(entry.name))
        return found

    def kill(self, *services: str) -> int:
        """SIGKILL: connections end without a word, as in a crash."""
        self.thaw()
        return self._signal(self.processes(*services), signal.SIGKILL)

    def freeze(self, *services: str) -> int:
        """Connections stay open and nobody answers on them, as behind a dead link."""
        self._frozen += self.processes(*services)
        return self._signal(self._frozen, signal.SIGSTOP)

    def thaw(self) -> int:
        frozen, self._frozen = self._frozen, []
        return self._signal(frozen, signal.SIGCONT)

    @staticmethod
    def _signal(processes: list[int], sign: signal.Signals) -> int:
        for process in processes:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, sign)
        return len(processes)

    # -- settings --------------------------------------------------------------------------------------------------

    @property
    def _config(self) -> pathlib.Path:
        return self._place.dir / "dovecot.conf"

    def _write_settings(self) -> None:
        options, place = self._options, self._place
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
            plugin.append(f"acl = vfile:{place.write('acl', ACL_WITHOUT_FLAGS)}")
        text = SETTINGS.format(
            dir=place.dir, host=HOST, user=place.user, group=place.group, uid=place.uid, gid=place.gid,
            protocols="imap lmtp submission" + " sieve" * options.sieve, mechanisms=" ".join(options.mechanisms),
            format=options.format, max_connections=options.max_connections, separator=options.separator,
            prefix=options.prefix, capability=self._capability, mail_plugins=" ".join(mail_plugins),
            imap_plugins=" ".join(imap_plugins), lmtp_plugins=" ".join(lmtp_plugins), plugin="\n  ".join(plugin),
            lmtp_mode="0666" if options.postfix else "0600",  # Postfix has an account of its own
            rawlog=f"{place.dir}/rawlog/imap/%u" if options.rawlog else "",
            rawlog_submission=f"{place.dir}/rawlog/submission/%u" if options.rawlog else "",
            relay_port=self.relay_ports.get("", 25),
            **{name: port for name, port in self.ports.items() if name != "sieve"})
        if options.sieve:
            text += SIEVE_SETTINGS % self.ports["sieve"]
        if {"plain", "scram"} & set(options.auth):
            text += PASSWORD_SETTINGS.format(dir=place.dir)
        if "oauth" in options.auth:
            text += TOKEN_SETTINGS.format(dir=place.dir)
        if options.include:
            text += options.include.read_text()
        place.write("users.conf.ext", USER_SETTINGS.format(dir=place.dir))
        place.write("dovecot.conf", text)

    def _capabilities_left(self) -> str:
        """Its real list, asked from an imap process without a login (PREAUTH), less what is to be hidden."""
        address = self.users[0].address
        answer = subprocess.run(
            [LIBEXEC / "imap", "-c", self._config], input="", capture_output=True, text=True,
            env={"USER": address, "HOME": str(self._place.dir / "mail" / address), "PATH": os.environ["PATH"]},
            **self._place.identity())
        found = re.search(r"\[CAPABILITY ([^\]]*)\]", answer.stdout)
        if not found:
            raise Failure("Dovecot does not say what it can:\n" + answer.stderr)
        return " ".join(word for word in found[1].split() if not self._hidden(word))

    def _hidden(self, word: str) -> bool:
        """"COMPRESS" hides COMPRESS=DEFLATE too; LITERAL+ and LITERAL- are one."""
        bare = word.partition("=")[0]
        return any(word == hidden or bare == hidden for hidden in self._options.without)
