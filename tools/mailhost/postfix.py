"""Private Postfix instances, one for each domain, that relay to each other over SMTP on loopback and deliver by LMTP.

Needs root, as Postfix does. Debian's own instance (/etc/postfix, /var/spool/postfix) is neither read nor started.
"""

import os
import pathlib
import pwd
import socket
import socketserver
import subprocess
import threading
import time

from dovecot import free_ports
from place import HOST, Failure, Place, Server

MASTER = pathlib.Path("/usr/lib/postfix/sbin/master")
START_SECONDS = 10.0

MAIN = """
compatibility_level = 3.6
queue_directory = {dir}/queue
data_directory = {dir}/data
daemon_directory = /usr/lib/postfix/sbin
command_directory = /usr/sbin
maillog_file = {log}
maillog_file_prefixes = {log}
syslog_name = postfix-{domain}
myhostname = mx.{domain}
myorigin = {domain}
mydestination =
inet_interfaces = {host}
inet_protocols = ipv4
mynetworks = {host}/32
alias_maps =
alias_database =
biff = no
smtpd_recipient_restrictions =
  check_policy_service inet:{host}:{policy_port}, permit_mynetworks, reject
virtual_mailbox_domains = {domain}
virtual_transport = lmtp:unix:{lmtp}
transport_maps = texthash:{dir}/transport
default_transport = error:5.1.2 no such domain here
lmtp_send_dummy_mail_auth = no
recipient_delimiter = +
# Waits short enough to watch a deferred mail being tried again.
queue_run_delay = 2s
minimal_backoff_time = 2s
maximal_backoff_time = 10s
maximal_queue_lifetime = {lifetime}s
bounce_queue_lifetime = {lifetime}s
delay_warning_time = 0
"""

SERVICES = """
{host}:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
showq unix n - n - - showq
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""

QUEUES = ("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private", "saved", "trace")
# A mail that is deferred this long (seconds) goes back to its sender.
QUEUE_LIFETIME = 20


def check_installed() -> None:
    if os.geteuid() != 0:
        raise Failure("a private Postfix needs root; without --postfix none is needed", 3)
    if MASTER.exists():
        return
    listed = subprocess.run(["dpkg-query", "-W", "-f", "${db:Status-Status} ${Package} ${Provides}\n"],
                            capture_output=True, text=True).stdout.replace(",", " ").splitlines()
    others = [line.split()[1] for line in listed
              if line.startswith("installed") and "mail-transport-agent" in line.split()[2:]]
    if others:
        raise Failure(f"{others[0]} is installed, and Debian's postfix would replace it: no Postfix on this machine", 3)
    raise Failure("Postfix is not installed: tools/install ci", 3)


class Postfix:
    def __init__(self, place: Place, domains: tuple[str, ...], lmtp: pathlib.Path):
        self._place = place
        self._lmtp = lmtp
        self._policy = Policy()
        self._servers: list[Server] = []
        self.ports = dict(zip(domains, free_ports(len(domains))))

    def start(self) -> dict[str, int]:
        """The ports by domain."""
        root = self._place.root_folder()
        for domain in self.ports:
            self._write_instance(root / domain, domain)
            self._servers.append(self._place.spawn([MASTER, "-c", root / domain, "-d"], as_root=True))
        for domain, port in self.ports.items():
            self._wait_for_greeting(domain, port)
        return self.ports

    def stop(self) -> None:
        for server in self._servers:
            server.stop()

    def refuse(self, recipient: str, reply: str | None, hop: str) -> None:
        for domain, port in self.ports.items():
            if hop == "submission" or recipient.endswith("@" + domain):
                self._policy.set(port, recipient, reply)

    def _write_instance(self, dir: pathlib.Path, domain: str) -> None:
        owner = pwd.getpwnam("postfix").pw_uid
        for name in ("", "data", "queue", "queue/pid", *(f"queue/{name}" for name in QUEUES), "queue/maildrop",
                     "queue/public"):
            (dir / name).mkdir(mode=0o755)
            if name not in ("", "queue", "queue/pid"):
                os.chown(dir / name, owner, 0)
        files = {
            "master.cf": SERVICES.format(host=HOST, port=self.ports[domain]),
            "transport": "".join(f"{other} smtp:[{HOST}]:{port}\n"
                                 for other, port in self.ports.items() if other != domain),
            "main.cf": MAIN.format(dir=dir, host=HOST, domain=domain, lmtp=self._lmtp, log=dir / "log",
                                   policy_port=self._policy.port, lifetime=QUEUE_LIFETIME)}
        for name, text in files.items():
            (dir / name).write_text(text)
            os.utime(dir / name, (0, 0))  # a file of the last two seconds is taken for half-written, and waited for

    def _wait_for_greeting(self, domain: str, port: int) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                with socket.create_connection((HOST, port), timeout=START_SECONDS) as probe:
                    if probe.recv(3) == b"220":
                        probe.sendall(b"QUIT\r\n")
                        return
            except OSError:
                time.sleep(0.01)
        raise Failure(f"Postfix for {domain} does not start")


class Policy:
    """Postfix asks it about each recipient (SMTPD_POLICY_README): refusals can change while it runs."""

    def __init__(self) -> None:
        refusals = self._refusals = dict[tuple[str, str], str]()

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                asked: dict[str, str] = {}
                for line in self.rfile:
                    name, _, value = line.decode(errors="replace").strip().partition("=")
                    if name:
                        asked[name] = value
                        continue
                    key = (asked.get("server_port", ""), asked.get("recipient", "").lower())
                    self.wfile.write(f"action={refusals.get(key, 'DUNNO')}\n\n".encode())
                    asked = {}

        self._server = socketserver.ThreadingTCPServer((HOST, 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    def set(self, port: int, recipient: str, reply: str | None) -> None:
        if reply:
            self._refusals[str(port), recipient.lower()] = reply
        else:
            self._refusals.pop((str(port), recipient.lower()), None)
