"""The servers of a run: a mailhost with its mail on a disk, and mailboxes filled without waiting for SMTP."""

import json
import os
import pathlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterable

from corpus import Mail

ROOT = pathlib.Path(__file__).resolve().parent.parent
PASSWORD = "secret"


def file_system(folder: pathlib.Path) -> str:
    best, kind = "", ""
    for line in pathlib.Path("/proc/mounts").read_text().splitlines():
        _, place, type_, *_ = line.split()
        if folder.is_relative_to(place) and len(place) > len(best):
            best, kind = place, type_
    return kind


def disk_folder() -> pathlib.Path:
    """A new folder that is not in memory."""
    for place in (pathlib.Path(tempfile.gettempdir()), pathlib.Path("/var/tmp")):
        if file_system(place) not in ("tmpfs", "ramfs"):
            folder = pathlib.Path(tempfile.mkdtemp(prefix="coi-bench-", dir=place))
            folder.chmod(0o755)  # the mailhost has an account of its own
            return folder
    raise SystemExit("bench: no folder for temporary files that is on a disk; set TMPDIR")


class Host:
    def __init__(self, folder: pathlib.Path):
        self._folder = folder / "host"
        self._process = subprocess.Popen(
            [ROOT / "tools/mailhost/mailhost", "--dir", self._folder, "--max-connections", "100",
             "--user", f"alice@example.org:{PASSWORD}", "--user", f"bob@example.net:{PASSWORD}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self._process.stdout.readline())

    def __enter__(self) -> "Host":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait()

    @property
    def imap(self) -> str:
        return f"imaps://127.0.0.1:{self.ready['imaps']}"

    @property
    def smtp(self) -> str:
        return f"smtps://127.0.0.1:{self.ready['submissions']}"

    @property
    def ca(self) -> str:
        return self.ready["ca"]

    @property
    def tls(self) -> pathlib.Path:
        """The folder of ca.pem, server.pem and key.pem."""
        return pathlib.Path(self.ca).parent

    def ask(self, cmd: str, **arguments: object) -> dict:
        self._process.stdin.write(json.dumps({"cmd": cmd, **arguments}) + "\n")
        self._process.stdin.flush()
        answer = json.loads(self._process.stdout.readline())
        if not answer["ok"]:
            raise RuntimeError(f"mailhost: {answer['error']}")
        return answer

    def add_user(self, address: str) -> str:
        self.ask("add-user", user=address, password=PASSWORD)
        return address

    def fill(self, address: str, mails: Iterable[Mail]) -> int:
        """Writes Maildir files, as if the mails had come long ago, and lets the server see them once. How many."""
        owner = os.stat(self._folder)
        maildir = self._folder / "mail" / address / "maildir"
        folders: dict[str, pathlib.Path] = {}

        def add(name: str) -> None:
            folders[name] = maildir if name == "INBOX" else maildir / f".{name.replace('/', '.')}"
            for part in ("cur", "new", "tmp"):
                (folders[name] / part).mkdir(parents=True, exist_ok=True)

        add("INBOX")
        add("Sent")
        count = 0
        for count, mail in enumerate(mails, 1):
            if mail.folder not in folders:
                add(mail.folder)
            size, lines = len(mail.octets), mail.octets.count(b"\n")
            name = f"{mail.time}.M{count:06}P1.bench,S={size},W={size + lines}:2,{'S' * mail.seen}"
            file = folders[mail.folder] / "cur" / name
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            os.write(descriptor, mail.octets)
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
            os.close(descriptor)
            os.utime(file, (mail.time, mail.time))  # INTERNALDATE
        for place in [maildir, *maildir.rglob("*/")]:
            os.chown(place, owner.st_uid, owner.st_gid)
        for folder in folders:
            done = self.ask("doveadm", args=["mailbox", "status", "-u", address, "messages", folder])
            if done.get("status", 0) != 0:
                raise RuntimeError(f"doveadm: {done}")
        return count

    def remove(self, address: str) -> None:
        shutil.rmtree(self._folder / "mail" / address / "maildir", ignore_errors=True)
