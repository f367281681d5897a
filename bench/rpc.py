"""JSON-RPC 2.0, a message a line: coid over its socket, Delta Chat core over its pipes."""

import contextlib
import json
import queue
import socket
import threading
import time
from typing import Any, BinaryIO

PATIENCE = 120.0


class Rpc:
    """Blocking calls of one thread; notifications are dropped. Timed without the decoding of the answer."""

    def __init__(self, source: BinaryIO, target: BinaryIO):
        self._source, self._target = source, target
        self._id = 0

    @classmethod
    def over_socket(cls, path: str) -> "Rpc":
        connection = socket.socket(socket.AF_UNIX)
        connection.connect(path)
        connection.settimeout(PATIENCE)
        return cls(connection.makefile("rb", buffering=1 << 20), connection.makefile("wb", buffering=0))

    def call(self, method: str, **params: object) -> Any:
        return self.timed(method, **params)[0]

    def timed(self, method: str, **params: object) -> tuple[Any, float]:
        """The result, and milliseconds from writing the request to having read the whole reply."""
        self._id += 1
        request = json.dumps({"jsonrpc": "2.0", "id": self._id, "method": method, "params": params}).encode() + b"\n"
        mark = b'"id":%d' % self._id
        begun = time.perf_counter()
        self._target.write(request)
        self._target.flush()
        while line := self._source.readline():
            took = (time.perf_counter() - begun) * 1000
            if mark in line and (answer := json.loads(line)).get("id") == self._id:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"], took
        raise RuntimeError(f"{method}: the other side has ended")


class EventfulRpc:
    """The same with one call always waiting for events, each kept with the time at which it came."""

    def __init__(self, source: BinaryIO, target: BinaryIO):
        self._source, self._target = source, target
        self._lock = threading.Lock()
        self._answers: dict[int, queue.SimpleQueue] = {}
        self._id = 0
        self.events: queue.SimpleQueue = queue.SimpleQueue()
        threading.Thread(target=self._read, daemon=True).start()
        self._ask_for_events()

    def call(self, method: str, *params: object) -> Any:
        answer: queue.SimpleQueue = queue.SimpleQueue()
        self._send(method, params, answer)
        reply = answer.get(timeout=PATIENCE)
        if "error" in reply:
            raise RuntimeError(f"{method}: {reply['error']}")
        return reply["result"]

    def timed(self, method: str, *params: object) -> tuple[Any, float]:
        begun = time.perf_counter()
        result = self.call(method, *params)
        return result, (time.perf_counter() - begun) * 1000

    def wait_for(self, kind: str, patience: float = PATIENCE) -> tuple[dict, float]:
        """The next event of that kind, and when it came."""
        deadline = time.monotonic() + patience
        while True:
            event, came = self.events.get(timeout=max(deadline - time.monotonic(), 0.001))
            if event["kind"] == kind:
                return event, came

    def forget_events(self) -> None:
        while not self.events.empty():
            self.events.get()

    def _send(self, method: str, params: tuple, answer: queue.SimpleQueue | None) -> None:
        with self._lock:
            self._id += 1
            if answer:
                self._answers[self._id] = answer
            request = {"jsonrpc": "2.0", "id": self._id, "method": method, "params": list(params)}
            self._target.write(json.dumps(request).encode() + b"\n")
            self._target.flush()

    def _ask_for_events(self) -> None:
        self._send("get_next_event_batch", (), None)

    def _read(self) -> None:
        for line in self._source:
            came = time.perf_counter()
            message = json.loads(line)
            if answer := self._answers.pop(message.get("id"), None):
                answer.put(message)
                continue
            with contextlib.suppress(OSError, ValueError):  # it is being closed
                self._ask_for_events()
            for entry in message.get("result", []):
                self.events.put((entry["event"], came))
