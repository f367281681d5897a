"""A private Dovecot: its users, its life. Its settings: dovecot_settings.py."""

import contextlib
import os
import pathlib
import random
import re
import signal
import socket
import subprocess
import time
from collections.abc import Callable

import certificate
import dovecot23
import dovecot24
import dovecot_settings
from options import Options, User
from place import HOST, Failure, Place, Server

LIBEXEC = pathlib.Path("/usr/lib/dovecot")
START_SECONDS = 10.0
RAWLOGS = ("imap", "submission")
# Below the range that the kernel hands to outgoing connections, so that none of them sits on a port we chose.
PORTS = range(20000, 32000)


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


def version() -> tuple[int, int]:
    """2.3 is that of Debian 12, 2.4 that of Debian 13."""
    said = subprocess.run(["/usr/sbin/dovecot", "--version"], capture_output=True, text=True).stdout
    if not (found := re.match(r"(\d+)\.(\d+)", said)):
        raise Failure(f"Dovecot does not say which version it is: {said}")
    return int(found[1]), int(found[2])


class Dovecot:
    def __init__(self, place: Place, options: Options):
        if not (LIBEXEC / "imap").exists():
            raise Failure("Dovecot is not installed: tools/install demo", 3)
        self._version = dovecot24 if version() >= (2, 4) else dovecot23
        self._place = place
        self._options = options
        self._users: dict[str, User] = {}
        self._server: Server | None = None
        self._frozen: list[int] = []
        self._capability: tuple[str, ...] = ()
        self._written = 0
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
            text = self._version.record(self._place, user, self.relay_ports.get(user.domain))
            file = self._place.write(f"users/{user.address}", text)
            self._written += 1
            os.utime(file, (self._written, self._written))  # another time whenever another text, at any speed
        if self._server and not self._version.REREADS_USERS:
            time.sleep(1.01 - time.time() % 1)  # what it has read it looks at again in the next second

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
            if self._launch():
                return
        raise Failure("Dovecot does not start:\n" + self.log_tail())

    def start_again(self) -> None:
        """After stop() or crash(), on the same ports."""
        if not self._launch():
            raise Failure("Dovecot does not start:\n" + self.log_tail())

    def _launch(self) -> bool:
        self.stop()
        self._server = self._place.spawn(["/usr/sbin/dovecot", "-F", "-c", self._config])
        return self.wait_until_ready()

    def stop(self) -> None:
        self.thaw()
        if self._server:
            self._server.stop()
            self._server = None

    def crash(self) -> None:
        """All of it at once, without a word."""
        if self._server:
            self._stop_without_locks(lambda sign: os.killpg(self._running().pid, sign))
            self._server.kill()
            self._server = None

    def _stop_without_locks(self, send: Callable[[signal.Signals], object]) -> None:
        """SIGSTOP, at a moment when no lock file lies in the mailboxes: the lock of a process that is killed stands for
        two minutes, in which Dovecot lets nobody in."""
        deadline = time.monotonic() + START_SECONDS
        while True:
            send(signal.SIGSTOP)
            if time.monotonic() > deadline or not any((self._place.dir / "mail").rglob("*.lock")):
                return
            send(signal.SIGCONT)
            time.sleep(0.002)

    def _running(self) -> Server:
        if not self._server:
            raise Failure("the server is not running")
        return self._server

    def log_tail(self) -> str:
        lines = [line for file in ("stderr.log", "dovecot.log") if (self._place.dir / file).exists()
                 for line in (self._place.dir / file).read_text(errors="replace").splitlines()[-10:]]
        return "\n".join(lines)

    def wait_until_ready(self) -> bool:
        server = self._running()
        deadline = time.monotonic() + START_SECONDS
        waiting: list[tuple[int, str | tuple[str, int]]] = [(socket.AF_UNIX, str(self.lmtp))]
        waiting += [(socket.AF_INET, (HOST, self.ports[name])) for name in self.ports if not name.endswith("s")]
        while waiting and server.running() and time.monotonic() < deadline:
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
        group = self._running().pid
        wanted = {f"dovecot/{service}" for service in services}
        found = []
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                name = (entry / "cmdline").read_bytes().split(b"\0")[0].split(b" ")[0].decode(errors="replace")
                if name in wanted and os.getpgid(int(entry.name)) == group:
                    found.append(int(entry.name))
        return found

    def kill(self, *services: str) -> int:
        """SIGKILL: connections end without a word, as in a crash. They have ended when this returns."""
        self.thaw()
        killed = self.processes(*services)
        self._stop_without_locks(lambda sign: self._signal(killed, sign))
        self._signal(killed, signal.SIGKILL)
        deadline = time.monotonic() + START_SECONDS
        while set(killed) & set(self.processes(*services)) and time.monotonic() < deadline:
            time.sleep(0.002)
        return len(killed)

    def shut(self, *services: str) -> None:
        """Their ports refuse when this returns; a login process that is still ending would hold them open."""
        self._command("service", "stop", *services)
        self.kill(*services)
        names = [name for name in self.ports if any(service.startswith(name.rstrip("s")) for service in services)]
        deadline = time.monotonic() + START_SECONDS
        while any(self._listens(name) for name in names):
            if time.monotonic() > deadline:
                raise Failure(f"{', '.join(names)} do not stop")
            self.kill(*services)
            time.sleep(0.002)

    def reload(self) -> None:
        self._command("reload")
        if not self.wait_until_ready():
            raise Failure("Dovecot does not come back:\n" + self.log_tail())

    def _command(self, *arguments: str) -> None:
        done = self.doveadm(*arguments)
        if done.returncode != 0:
            raise Failure(done.stderr.strip())

    def _listens(self, name: str) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex((HOST, self.ports[name])) == 0

    def freeze(self, *services: str) -> int:
        """Connections stay open and nobody answers on them, as behind a dead link."""
        self._frozen = self.processes(*services)
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
        for name, text in self._version.files(place, options).items():
            place.write(name, text)
        text = dovecot_settings.main(self._version, place, options, self.ports, self.relay_ports.get("", 25),
                                     self._capability)
        place.write("dovecot.conf", text)

    def _capabilities_left(self) -> tuple[str, ...]:
        """Its real list, asked from an imap process without a login (PREAUTH), less what is to be hidden."""
        address = self.users[0].address
        answer = subprocess.run(
            [LIBEXEC / "imap", "-c", self._config], input="", capture_output=True, text=True,
            env={"USER": address, "HOME": str(self._place.dir / "mail" / address), "PATH": os.environ["PATH"],
                 "DOVECOT_PRESERVE_ENVS": "USER HOME"},  # 2.4 drops all others
            **self._place.identity())
        found = re.search(r"\[CAPABILITY ([^\]]*)\]", answer.stdout)
        if not found:
            raise Failure("Dovecot does not say what it can:\n" + answer.stderr)
        left = [word for word in found[1].split() if not self._hidden(word)]
        return tuple(left + [word for word in self._options.announce if word not in left])

    def _hidden(self, word: str) -> bool:
        """"COMPRESS" hides COMPRESS=DEFLATE too; LITERAL+ and LITERAL- are one."""
        bare = word.partition("=")[0]
        return any(word == hidden or bare == hidden for hidden in self._options.without)
