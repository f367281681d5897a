"""A TCP relay that counts what passes: octets each way as they are on the wire, TLS included, and turns."""

import functools
import socket
import threading

from relay import relay


class Wiretap:
    """A turn: the client speaks after the server spoke, so that the server's answer costs a round trip."""

    def __init__(self, port: int):
        self._target = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self.clear()
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def port(self) -> int:
        return self._listener.getsockname()[1]

    def clear(self) -> None:
        with self._lock:
            self.sent = self.received = self.turns = 0
            self._speaker: dict[int, str] = {}

    def counts(self) -> dict[str, int]:
        with self._lock:
            return {"octets_sent": self.sent, "octets_received": self.received, "turns": self.turns}

    def _accept(self) -> None:
        number = 0
        while True:
            client, _ = self._listener.accept()
            server = socket.create_connection(("127.0.0.1", self._target))
            number += 1
            for end in (client, server):
                end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for source, target, speaker in ((client, server, "client"), (server, client, "server")):
                heard = functools.partial(self._hear, speaker, number)
                threading.Thread(target=relay, args=(source, target, heard), daemon=True).start()

    def _hear(self, speaker: str, number: int, octets: bytes) -> None:
        with self._lock:
            if speaker == "client":
                self.sent += len(octets)
                self.turns += self._speaker.get(number) != "client"
            else:
                self.received += len(octets)
            self._speaker[number] = speaker
