"""What the tests against other people's programs share: the servers, and Alice with coi. Their arguments are the directory of the
programs, the mailhost, and the directory where `npm ci` has put node_modules."""

import base64
import imaplib
import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
from collections.abc import Callable

PROGRAMS, MAILHOST, PEERS = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(3))
HERE = pathlib.Path(__file__).resolve().parent
ALICE, BOB, CAROL, DORA, ERIK = (
    "alice@example.org", "bob@example.net", "carol@example.com", "dora@example.com", "erik@example.com")
PASSWORD = "secret"
PATIENCE = 30
PHOTO = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
# What a program that takes a file for words, or words for lines, would change.
FILES = {"latin1.txt": "Grüße\nzweite Zeile".encode("latin-1"), "table.csv": "a;ä\r\n".encode("utf-16"),
         "mail.eml": b"From: a@b.c\nSubject: Gr\xfc\xdfe\n\nLF here, CRLF here\r\n, no end",
         "page.html": b"<meta charset=windows-1251>\r\n<p>\xcf\xf0\xe8</p>\n", "nuls.txt": b"\0\0a\0\n\0\r"}


def until(ready: Callable[[], object], what: Callable[[], object]):
    """What `ready` gives once it gives something."""
    deadline = time.monotonic() + PATIENCE
    while not (found := ready()):
        if time.monotonic() > deadline:
            raise AssertionError(what())
        time.sleep(0.01)
    return found


class Server:
    def __init__(self) -> None:
        users = [word for addr in (ALICE, BOB, CAROL, DORA, ERIK) for word in ("--user", f"{addr}:{PASSWORD}")]
        self._process = subprocess.Popen([MAILHOST, *users], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def trust(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=self.ready["ca"])


class Coi:
    """Somebody with coi, by the command line: Alice, who writes to Bob."""

    def __init__(self, server: Server, folder: pathlib.Path, addr: str = ALICE, peer: str = BOB) -> None:
        self.data = folder
        self.peer = peer
        self._environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        self.run("login", addr, "--name", addr.partition("@")[0].title(), "--imap", f"imaps://127.0.0.1:{server.ready['imaps']}",
                 "--smtp", f"smtps://127.0.0.1:{server.ready['submissions']}", "--password-stdin", "--tls-ca",
                 server.ready["ca"], given=PASSWORD + "\n")

    def close(self) -> None:
        self.run("daemon", "stop")

    def run(self, *words: str, given: str = "") -> list[dict]:
        done = subprocess.run([PROGRAMS / "coi", "--data", self.data, "--json", *words], input=given, text=True,
                              capture_output=True, timeout=PATIENCE, env=self._environment, check=False)
        if done.returncode != 0:
            raise AssertionError(f"coi {' '.join(words)}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def send(self, *words: str) -> dict:
        return self.run("send", "--wait", self.peer, *words)[-1]

    def read(self) -> list[dict]:
        """The chat with the other one, as the server has it now."""
        self.run("sync", "--wait")
        chats = self.run("chats") + self.run("chats", "--requests")
        known = any([one["addr"] for one in chat["members"]] == [self.peer] for chat in chats)
        return self.run("read", self.peer, "--last", "100") if known else []

    def until(self, which: Callable[[dict], bool], what: str) -> dict:
        """The newest message of the chat that is so."""
        def newest() -> dict | None:
            return next((message for message in reversed(self.read()) if which(message)), None)
        return until(newest, lambda: f"{what}; there are {[message['text'] for message in self.read()]}")

    def receive(self, text: str) -> dict:
        return self.until(lambda message: message["text"] == text, f"{text!r} did not arrive")

    def file(self, attachment: dict) -> bytes:
        target = self.data / "saved"
        target.unlink(missing_ok=True)
        self.run("save", str(attachment["id"]), str(target))
        return target.read_bytes()


class Mailbox:
    """The inbox of somebody, octet by octet and in the order of arrival."""

    def __init__(self, server: Server, addr: str) -> None:
        self._imap = imaplib.IMAP4_SSL("127.0.0.1", server.ready["imaps"], ssl_context=server.trust())
        self._imap.login(addr, PASSWORD)
        self._imap.select(readonly=True)
        self._addr = addr
        self._seen = 0

    def close(self) -> None:
        self._imap.logout()

    def next(self, what: str) -> bytes:
        """The mail after the one that was given last."""
        self._seen += 1

        def is_there() -> bool:
            self._imap.noop()
            return int(self._imap.untagged_responses["EXISTS"][-1]) >= self._seen
        until(is_there, lambda: f"{self._addr} has not got: {what}")
        # Other sessions' changes of flags may stand before it.
        return next(one[1] for one in self._imap.fetch(str(self._seen), "(BODY.PEEK[])")[1] if isinstance(one, tuple))


class Peers(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="coi-peers-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.server = self.open(Server())
        self.alice = self.open(Coi(self.server, self.folder / "alice"))
        self.photo = self.write("dot.png", PHOTO)

    def write(self, name: str, octets: bytes) -> str:
        (self.folder / name).write_bytes(octets)
        return str(self.folder / name)

    def open(self, thing):
        self.addCleanup(thing.close)
        return thing


def main(*needed: str) -> int:
    """Skipped where a program is missing, each a file in node_modules or one on the PATH."""
    if missing := [one for one in needed if not (PEERS / "node_modules" / one).exists() and not shutil.which(one)]:
        print(f"skipped: {', '.join(missing)} is missing", file=sys.stderr)
        return 77
    unittest.main()
    return 0
