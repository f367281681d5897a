"""A daemon that a test plays: what a real one does only under load, or when somebody means ill."""

import contextlib
import json
import queue
import socket
import subprocess
import threading
from typing import Iterator, TextIO

from programs import PATIENCE, PROGRAMS, Programs


class PlayedDaemon:
    """Serves one client at a time with the answers of `methods`: name -> result, error or function of the params."""

    def __init__(self, path: str) -> None:
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen()
        self.asked: queue.Queue = queue.Queue()
        self.methods: dict = {"candidates": {"candidates": [{"account": "A", "account_addr": "alice@example.org", "chat": 7,
                                                        "addr": "bob@example.net", "name": "Bob"}]},
                        "version": {"version": "0", "pid": 1, "data": ""}, "subscribe": {"positions": []}}
        self.client: socket.socket | None = None
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def serve(self) -> None:
        while True:
            try:
                self.client, _ = self.listener.accept()
            except OSError:
                return  # closed
            with self.client, self.client.makefile("r", encoding="utf-8") as lines:
                with contextlib.suppress(ConnectionError):  # it left without reading all
                    for line in lines:
                        self.answer(json.loads(line))

    def answer(self, request: dict) -> None:
        self.asked.put((request["method"], request["params"]))
        answer = self.methods.get(request["method"], {})
        if callable(answer):
            answer = answer(request["params"])
        if answer is None:
            raise ConnectionAbortedError("it ends amid the request")
        self.say({"id": request["id"]} | (answer if "error" in answer else {"result": answer}))

    def say(self, message: dict) -> None:
        assert self.client
        self.client.sendall((json.dumps({"jsonrpc": "2.0"} | message) + "\n").encode())

    def tell(self, **event) -> None:
        self.say({"method": "event", "params": {"account": "A"} | event})

    def next(self, method: str) -> dict:
        """The params of the next request of that method; those before it are passed over."""
        while True:
            asked, params = self.asked.get(timeout=PATIENCE)
            if asked == method:
                return params

    def close(self) -> None:
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        self.thread.join()


def message(number: int, state: str = "seen", **more) -> dict:
    return {"account": "A", "id": number, "chat": 7, "sort": number, "text": f"words {number}", "state": state,
            "outgoing": state == "sent", "from": {"addr": "bob@example.net", "name": "Bob"}} | more


class Played(Programs):
    def setUp(self) -> None:
        super().setUp()
        self.data.mkdir()
        (self.data / "lock").touch()  # the mark of a data directory
        self.daemon = PlayedDaemon(str(self.data / "coid.sock"))
        self.addCleanup(self.daemon.close)

    @contextlib.contextmanager
    def watching(self) -> Iterator[TextIO]:
        """What `coi watch` says, from when it knows the chats."""
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "watch"], text=True, stdout=subprocess.PIPE,
                              env=self.environment) as watch:
            timer = threading.Timer(PATIENCE, watch.kill)
            timer.start()
            try:
                self.daemon.next("chats")
                yield watch.stdout
            finally:
                timer.cancel()
                watch.terminate()
