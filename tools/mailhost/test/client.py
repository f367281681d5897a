"""A mailhost under test and the standard library's clients on it."""

import contextlib
import imaplib
import json
import pathlib
import smtplib
import ssl
import subprocess
import time
from typing import Any

MAILHOST = pathlib.Path(__file__).resolve().parent.parent / "mailhost"
ALICE, BOB = "alice@example.org", "bob@example.net"
PASSWORD = "se:cret"


class Mailhost:
    def __init__(self, *options: str):
        self.process = subprocess.Popen(
            [MAILHOST, "--user", f"{ALICE}:{PASSWORD}", "--user", f"{BOB}:{PASSWORD}", *options],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.process.stdin and self.process.stdout
        self._input, self._output = self.process.stdin, self.process.stdout
        self.info: dict[str, Any] = json.loads(self._output.readline())
        self._clients = contextlib.ExitStack()
        self.tls = ssl.create_default_context(cafile=self.info["ca"])

    def __enter__(self) -> "Mailhost":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> int:
        self._clients.close()
        self._input.close()
        self._output.close()
        return self.process.wait(10)

    def ask(self, cmd: str, **arguments: Any) -> dict[str, Any]:
        self._input.write(json.dumps({"cmd": cmd, **arguments}) + "\n")
        self._input.flush()
        return json.loads(self._output.readline())

    def imaps(self) -> imaplib.IMAP4_SSL:
        """Not logged in."""
        client = imaplib.IMAP4_SSL(self.info["host"], self.info["imaps"], ssl_context=self.tls)
        self._clients.callback(client.shutdown)
        return client

    def imap(self, user: str = ALICE, password: str = PASSWORD) -> imaplib.IMAP4:
        client = imaplib.IMAP4(self.info["host"], self.info["imap"])
        self._clients.callback(client.shutdown)
        client.starttls(self.tls)
        client.login(user, password)
        return client

    def smtp(self, user: str = ALICE, password: str = PASSWORD) -> smtplib.SMTP:
        client = smtplib.SMTP_SSL(self.info["host"], self.info["submissions"], local_hostname="localhost",
                                  context=self.tls)
        self._clients.callback(client.close)
        client.login(user, password)
        return client

    def send(self, text: str, to: str | list[str] = BOB) -> dict[str, Any]:
        return self.smtp().sendmail(ALICE, to, f"Subject: {text}\r\n\r\n{text}\r\n".encode())


def mails(client: imaplib.IMAP4, count: int, seconds: float = 5.0) -> list[bytes]:
    """The mailbox's mails as soon as there are `count` of them."""
    deadline = time.monotonic() + seconds
    while int(client.select()[1][0] or 0) < count:
        if time.monotonic() > deadline:
            raise AssertionError(f"{count} mails did not come within {seconds} s")
        time.sleep(0.02)
    if count == 0:
        return []
    return [part[1] for part in client.fetch("1:*", "BODY.PEEK[]")[1] if isinstance(part, tuple)]
