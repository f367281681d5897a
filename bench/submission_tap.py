"""A TLS relay in front of a submission server that reads along: which commands pass, and when they are answered."""

import collections
import dataclasses
import pathlib
import re
import socket
import ssl
import threading
import time

from relay import relay

VERBS = (b"MAIL", b"RCPT", b"DATA", b"BDAT", b"RSET", b"NOOP", b"QUIT", b"EHLO", b"AUTH")


@dataclasses.dataclass
class Submission:
    """One mail: seconds of time.perf_counter()."""

    begun: float
    recipients: int = 0
    bodies: int = 0  # DATA, or BDAT with LAST
    accepted: list[float] = dataclasses.field(default_factory=list)  # each recipient
    ended: float | None = None  # the answer to the mail

    def spread_ms(self) -> float:
        """From the first recipient accepted to the last."""
        return (self.accepted[-1] - self.accepted[0]) * 1000

    def whole_ms(self) -> float:
        """From MAIL until the mail is accepted."""
        return (self.ended - self.begun) * 1000


class SubmissionTap:
    """`folder` has the server's certificate; the relay shows the same one."""

    def __init__(self, port: int, folder: pathlib.Path):
        self._target = port
        self._shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._shown.load_cert_chain(folder / "server.pem", folder / "key.pem")
        self._trusted = ssl.create_default_context(cafile=folder / "ca.pem")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._submissions: list[Submission] = []
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def url(self) -> str:
        return f"smtps://127.0.0.1:{self._listener.getsockname()[1]}"

    def take(self) -> list[Submission]:
        """All since the last time that the server has answered."""
        with self._lock:
            ended = [one for one in self._submissions if one.ended is not None]
            self._submissions = [one for one in self._submissions if one.ended is None]
            return ended

    def begin(self) -> Submission:
        with self._lock:
            self._submissions.append(Submission(time.perf_counter()))
            return self._submissions[-1]

    def _accept(self) -> None:
        while True:
            client, _ = self._listener.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        server = socket.create_connection(("127.0.0.1", self._target))
        for end in (client, server):
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            client = self._shown.wrap_socket(client, server_side=True)
            server = self._trusted.wrap_socket(server, server_hostname="localhost")
        except OSError:
            client.close()
            server.close()
            return
        talk = _Talk(self)
        for source, target, heard in ((client, server, talk.client_says), (server, client, talk.server_says)):
            threading.Thread(target=relay, args=(source, target, heard), daemon=True).start()


class _Talk:
    """Of one connection. Commands and replies are matched by their order, from each MAIL on."""

    def __init__(self, tap: SubmissionTap):
        self._tap = tap
        self._lock = threading.Lock()
        self._said, self._answered = b"", b""
        self._body = 0  # octets of a chunk that are still to come
        self._in_data = False
        self._waiting: collections.deque[bytes] = collections.deque()
        self._mail: Submission | None = None

    def client_says(self, octets: bytes) -> None:
        with self._lock:
            self._said += octets
            while self._take_body() and b"\r\n" in self._said:
                line, _, self._said = self._said.partition(b"\r\n")
                self._command(line)

    def server_says(self, octets: bytes) -> None:
        with self._lock:
            self._answered += octets
            while b"\r\n" in self._answered:
                line, _, self._answered = self._answered.partition(b"\r\n")
                if line[3:4] != b"-" and self._mail:
                    self._reply(line[:3])

    def _take_body(self) -> bool:
        """False: the rest of a body is still to come."""
        if self._in_data:
            end = self._said.find(b"\r\n.\r\n")
            if end < 0:
                return False
            self._in_data, self._said = False, self._said[end + 5:]
            self._waiting.append(b"end")
        taken = min(self._body, len(self._said))
        self._said, self._body = self._said[taken:], self._body - taken
        return self._body == 0

    def _command(self, line: bytes) -> None:
        verb = line[:4].upper()
        if verb not in VERBS:
            return  # of a login
        if verb == b"MAIL":
            self._mail = self._tap.begin()
            self._waiting.clear()
        if not self._mail:
            return
        if verb == b"BDAT":
            size, last = re.fullmatch(rb"BDAT (\d+)( LAST)?", line, re.IGNORECASE).groups()
            self._body = int(size)
            self._mail.bodies += last is not None
            verb = b"end" if last else verb
        self._mail.recipients += verb == b"RCPT"
        self._mail.bodies += verb == b"DATA"
        self._waiting.append(verb)

    def _reply(self, code: bytes) -> None:
        if not self._waiting:
            return
        verb, now = self._waiting.popleft(), time.perf_counter()
        if verb == b"RCPT" and code[:1] == b"2":
            self._mail.accepted.append(now)
        elif verb == b"DATA" and code[:1] == b"3":
            self._in_data = True
        elif verb == b"end":
            self._mail.ended, self._mail = now, None
