"""The pass-through: what Dovecot's submission service hands on (SMTP, RFC 5321) goes straight into mailboxes (LMTP,
RFC 2033). No queue. Both protocols share their commands, so a line goes through as it is, except that

- EHLO becomes LHLO, and of LMTP's extensions those are offered that need no understanding here;
- LMTP answers DATA once for each recipient, SMTP once in all. If some recipients took the mail and some did not, the
  sender gets 250 and a delivery status notification (RFC 3464), as a mail server would send it.
"""

import email.utils
import pathlib
import re
import secrets
import socket
import threading
from collections.abc import Iterable

from place import HOST, Failure

LONGEST_LINE = 64 * 1024
EXTENSIONS = (b"PIPELINING", b"8BITMIME", b"SMTPUTF8", b"ENHANCEDSTATUSCODES", b"SIZE")

# RFC 3462 around RFC 3464.
NOTIFICATION = """\
From: Mail Delivery System <MAILER-DAEMON@mailhost.localhost>
To: {sender}
Subject: Undelivered Mail Returned to Sender
Date: {date}
Message-ID: {id}
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

The mail did not reach:
{words}
--{boundary}
Content-Type: message/delivery-status

Reporting-MTA: dns; mailhost.localhost
{reports}
--{boundary}
Content-Type: text/rfc822-headers
Content-Transfer-Encoding: 8bit

{original}
--{boundary}--
"""
REPORT = """
Final-Recipient: rfc822; {to}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {reply}
"""


class Relay:
    def __init__(self, lmtp: pathlib.Path):
        self._lmtp = lmtp
        self._listener = socket.create_server((HOST, 0))
        self.refusals: dict[str, str] = {}  # recipient -> the reply it gets to RCPT

    def start(self) -> dict[str, int]:
        """The port for mail of any domain."""
        threading.Thread(target=self._accept, daemon=True).start()
        return {"": self._listener.getsockname()[1]}

    def stop(self) -> None:
        self._listener.close()

    def refuse(self, recipient: str, reply: str | None, hop: str) -> None:
        if hop != "submission":
            raise Failure("the pass-through is one hop; --postfix has more")
        if reply:
            self.refusals[recipient.lower()] = reply
        else:
            self.refusals.pop(recipient.lower(), None)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return  # stopped
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server:
            try:
                server.connect(str(self._lmtp))
                Session(client, server, self.refusals).run()
            except OSError:
                pass  # either side went away: closing both is all there is to say


class Session:
    def __init__(self, client: socket.socket, server: socket.socket, refusals: dict[str, str]):
        client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._client = client
        self._input = client.makefile("rb")
        self._server = server
        self._replies = server.makefile("rb")
        self._refusals = refusals
        self._sender = b""
        self._recipients: list[bytes] = []

    def run(self) -> None:
        self._client.sendall(self._reply())
        while line := self._input.readline(LONGEST_LINE):
            verb = line[:4].upper()
            if verb in (b"EHLO", b"HELO"):
                self._client.sendall(offered(self._ask(b"LHLO" + line[4:])))
            elif verb == b"DATA":
                self._data(line)
            elif verb == b"RCPT" and (refusal := self._refusals.get(text(path(line)).lower())):
                self._client.sendall(refusal.encode() + b"\r\n")
            else:
                reply = self._ask(line)
                self._remember(verb, line, reply)
                self._client.sendall(reply)
                if verb == b"QUIT":
                    return

    def _remember(self, verb: bytes, line: bytes, reply: bytes) -> None:
        if verb in (b"MAIL", b"RSET"):
            self._sender, self._recipients = path(line), []
        elif verb == b"RCPT" and reply.startswith(b"2"):
            self._recipients.append(path(line))

    def _data(self, line: bytes) -> None:
        go_on = self._ask(line)
        self._client.sendall(go_on)
        if not go_on.startswith(b"3"):
            return
        mail = []
        while (part := self._input.readline()) != b".\r\n":
            if not part:
                raise ConnectionAbortedError
            mail.append(part)
        mail.append(b".\r\n")
        self._server.sendall(b"".join(mail))
        replies = {recipient: self._reply() for recipient in self._recipients}
        failed = {recipient: reply for recipient, reply in replies.items() if not reply.startswith(b"2")}
        delivered = [reply for reply in replies.values() if reply.startswith(b"2")]
        if delivered and failed and self._sender:
            self._bounce(failed, headers(mail))
        self._client.sendall(delivered[0] if delivered else next(iter(failed.values())))
        self._recipients = []

    def _bounce(self, failed: dict[bytes, bytes], original: bytes) -> None:
        for line in (b"MAIL FROM:<>", b"RCPT TO:<" + self._sender + b">", b"DATA"):
            if not self._ask(line + b"\r\n").startswith((b"2", b"3")):
                self._ask(b"RSET\r\n")
                return
        lines = notification(text(self._sender), failed, original).splitlines()
        stuffed = b"".join((b"." if line.startswith(b".") else b"") + line + b"\r\n" for line in lines)
        self._ask(stuffed + b".\r\n")

    def _ask(self, line: bytes) -> bytes:
        self._server.sendall(line)
        return self._reply()

    def _reply(self) -> bytes:
        """One whole reply, all its lines (RFC 5321 section 4.2.1)."""
        lines = []
        while line := self._replies.readline(LONGEST_LINE):
            lines.append(line)
            if line[3:4] != b"-":
                return b"".join(lines)
        raise ConnectionAbortedError


def offered(reply: bytes) -> bytes:
    first, *extensions = [line[4:] for line in reply.splitlines(keepends=True)]
    kept = [first] + [line for line in extensions if line.split()[0].upper() in EXTENSIONS]
    return b"".join(b"250-" + line for line in kept[:-1]) + b"250 " + kept[-1]


def path(line: bytes) -> bytes:
    """The address in "MAIL FROM:<a@b>" and "RCPT TO:<a@b>"."""
    found = re.search(rb"<([^>]*)>", line)
    return found[1] if found else b""


def text(octets: bytes) -> str:
    """Any octets, so that encode(errors="surrogateescape") gives them back."""
    return octets.decode(errors="surrogateescape")


def headers(mail: Iterable[bytes]) -> bytes:
    lines = []
    for line in mail:
        if line == b"\r\n":
            break
        lines.append(line)
    return b"".join(lines)


def notification(sender: str, failed: dict[bytes, bytes], original: bytes) -> bytes:
    texts = {text(recipient): " ".join(text(reply).split()) for recipient, reply in failed.items()}
    return NOTIFICATION.format(
        sender=sender, date=email.utils.formatdate(), id=email.utils.make_msgid(domain="mailhost.localhost"),
        boundary=secrets.token_hex(12), words="".join(f"\n<{to}>: {reply}\n" for to, reply in texts.items()),
        reports="".join(REPORT.format(to=to, status=status(reply), reply=reply) for to, reply in texts.items()),
        original=text(original).replace("\r\n", "\n")).encode(errors="surrogateescape")


def status(reply: str) -> str:
    found = re.search(r"\b[45]\.\d+\.\d+\b", reply)
    return found[0] if found else "5.0.0"
