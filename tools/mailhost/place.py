"""Who the servers run as, where their files lie, and how they are started and stopped."""

import contextlib
import ctypes
import dataclasses
import fcntl
import grp
import os
import pathlib
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator

HOST = "127.0.0.1"
ACCOUNT = "coi-mailhost"
PREFIX = "coi-mailhost-"
SETTINGS = "dovecot.conf"  # lies in every folder of a mailhost
LONGEST_SOCKET = 107  # octets of a unix socket's path, see unix(7)
PR_SET_PDEATHSIG = 1
PR_SET_CHILD_SUBREAPER = 36

_libc = ctypes.CDLL(None)


class Failure(Exception):
    """A sentence for the person who started mailhost, and the exit status that goes with it."""

    def __init__(self, text: str, status: int = 1):
        super().__init__(text)
        self.status = status


def die_with_parent(sign: signal.Signals) -> None:
    """The kernel sends `sign` when the thread that started this process ends. Lost whenever the user id changes."""
    _libc.prctl(PR_SET_PDEATHSIG, sign)


def adopt_orphans() -> None:
    """Processes that lose their parent below us become our children, so that Server.stop() can wait for them too."""
    _libc.prctl(PR_SET_CHILD_SUBREAPER, 1)


def account() -> pwd.struct_passwd:
    """The account that mail belongs to: the caller's, or for root one made for it."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    with locked("/etc"):  # useradd makes the account visible before its group, and fails beside another
        try:
            return pwd.getpwnam(ACCOUNT)
        except KeyError:
            subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
                            "--shell", "/usr/sbin/nologin", "--comment", "Private mail server for COI tests", ACCOUNT],
                           check=True, stdout=subprocess.DEVNULL)
            return pwd.getpwnam(ACCOUNT)


@contextlib.contextmanager
def locked(folder: str) -> Iterator[None]:
    """One process at a time holds it; nothing is left in the folder."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@dataclasses.dataclass
class Place:
    dir: pathlib.Path
    user: str
    group: str
    uid: int
    gid: int
    temporary: bool
    janitor: "Janitor"

    @staticmethod
    def make(dir: pathlib.Path | None, keep: bool) -> "Place":
        owner = account()
        temporary = dir is None and not keep
        janitor = Janitor()
        if dir is None:
            path = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX))
        else:
            path = dir.resolve()
            path.mkdir(parents=True, exist_ok=True)
            if any(path.iterdir()) and not (path / SETTINGS).exists():
                raise Failure(f"{path} holds other files; choose a --dir that is empty or new")
        if temporary:
            janitor.remove(path)
        if len(str(path / "run/login/submission")) > LONGEST_SOCKET:
            raise Failure(f"{path} is too long a path for unix sockets; choose a shorter --dir")
        os.chmod(path, 0o755)  # a test that runs as somebody else reads the CA's certificate here
        os.chown(path, owner.pw_uid, owner.pw_gid)
        place = Place(path, owner.pw_name, grp.getgrgid(owner.pw_gid).gr_name, owner.pw_uid, owner.pw_gid, temporary,
                      janitor)
        if subprocess.run(["test", "-w", path], **place.identity()).returncode != 0:
            raise Failure(f"the account {place.user} cannot reach {path}; choose a --dir that others may enter")
        return place

    def root_folder(self) -> pathlib.Path:
        """A folder for servers that need root, out of the account's reach."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix=PREFIX))
        if self.temporary:
            self.janitor.remove(folder)
        folder.chmod(0o755)
        return folder

    def drop_root(self) -> None:
        """This process becomes the account, for good."""
        if os.geteuid() == 0:
            os.setgroups([])
            os.setresgid(self.gid, self.gid, self.gid)
            os.setresuid(self.uid, self.uid, self.uid)

    def folder(self, name: str) -> pathlib.Path:
        path = self.dir / name
        path.mkdir(parents=True, exist_ok=True)
        self.own(path)
        return path

    def write(self, name: str, text: str, mode: int = 0o600) -> pathlib.Path:
        """Replaces the file in one step: a server that reads it meets the old or the new text."""
        path = self.dir / name
        fresh = path.with_name(path.name + ".new")
        fresh.touch(mode=mode)
        fresh.write_text(text, encoding="utf-8")
        self.own(fresh)
        fresh.replace(path)
        return path

    def own(self, path: pathlib.Path) -> None:
        if os.geteuid() == 0:
            os.chown(path, self.uid, self.gid)

    def spawn(self, command: list[str | os.PathLike[str]], as_root: bool = False) -> "Server":
        """A long-running server in a process group of its own."""
        with (self.dir / "stderr.log").open("ab") as errors:
            return Server(subprocess.Popen(
                command, cwd=self.dir, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=errors,
                start_new_session=True, **({} if as_root else self.identity())), self.janitor)

    def run(self, command: list[str | os.PathLike[str]]) -> subprocess.CompletedProcess[str]:
        return subprocess.run(command, cwd=self.dir, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="replace", **self.identity())

    def identity(self) -> dict[str, object]:
        if os.geteuid() != 0:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


class Server:
    """A process that we started, and with it everything in its process group."""

    def __init__(self, process: subprocess.Popen[bytes], janitor: "Janitor"):
        self._process = process
        self._janitor = janitor
        janitor.watch(self.pid)

    @property
    def pid(self) -> int:
        return self._process.pid

    def running(self) -> bool:
        # WNOWAIT: as long as the process is not reaped, nobody else gets its number, and its group is ours to signal.
        return os.waitid(os.P_PID, self.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None

    def stop(self, patience: float = 0.3) -> None:
        """Asks, waits a little, then kills."""
        os.killpg(self.pid, signal.SIGTERM)
        deadline = time.monotonic() + patience
        while self.running() and time.monotonic() < deadline:
            time.sleep(0.005)
        self.kill()

    def kill(self) -> None:
        """Nothing of the group is left afterwards."""
        os.killpg(self.pid, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while True:
                os.waitpid(-self.pid, 0)
        self._process.poll()
        self._janitor.forget(self.pid)


class Janitor:
    """A small process that outlives this one, to clean up after it however it ends, SIGKILL included."""

    def __init__(self) -> None:
        read, write = os.pipe()
        if os.fork() == 0:
            os.close(write)
            self._run(read)
            os._exit(0)
        os.close(read)
        self._pipe = write

    def watch(self, group: int) -> None:
        """Kill the process group at the end, unless forgotten before."""
        os.write(self._pipe, f"+{group}\n".encode())

    def forget(self, group: int) -> None:
        os.write(self._pipe, f"-{group}\n".encode())

    def remove(self, folder: pathlib.Path) -> None:
        """At the end."""
        os.write(self._pipe, f"{folder}\n".encode())

    @staticmethod
    def _run(read: int) -> None:
        os.setsid()  # a ctrl-C in the terminal is for the others
        nothing = os.open(os.devnull, os.O_RDWR)
        for standard in range(3):
            os.dup2(nothing, standard)
        groups: set[int] = set()
        folders = []
        for line in os.fdopen(read):  # ends when the other end closes: when our parent is gone
            match line[0], line.strip():
                case "+", group:
                    groups.add(int(group))
                case "-", group:
                    groups.discard(-int(group))
                case _, folder:
                    folders.append(folder)
        for group in groups:
            with contextlib.suppress(OSError):
                os.killpg(group, signal.SIGKILL)
        for folder in folders:
            shutil.rmtree(folder, ignore_errors=True)
