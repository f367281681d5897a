#!/usr/bin/python3
"""What the daemon holds for its clients has bounds, whatever they do. Usage: limits_test.py DIRECTORY-OF-THE-PROGRAMS"""

import contextlib
import json
import pathlib
import resource
import select
import shutil
import socket
import subprocess
import threading
import unittest

from programs import PATIENCE, PROGRAMS, Programs, wait_until

MANY_MB = 500       # several times what is allowed, so that a sanitizer's own memory finds room; without bounds it was GBs
PAGE = {"method": "messages", "params": {"chat": "bob@example.net", "most": 1000}}


class Client:
    def __init__(self, path: pathlib.Path) -> None:
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(3 * PATIENCE)
        self.socket.connect(str(path))
        self.lines = self.socket.makefile("rb")

    def ask(self, *requests: dict, batch: bool = False) -> None:
        said = [{"jsonrpc": "2.0", "id": number} | request for number, request in enumerate(requests)]
        text = json.dumps(said) if batch else "\n".join(map(json.dumps, said))
        self.socket.sendall(text.encode() + b"\n")

    def line(self) -> dict | list:
        line = self.lines.readline()
        if not line:
            raise EOFError("the daemon hung up")
        return json.loads(line)

    def call(self, request: dict) -> dict:
        self.ask(request)
        return self.line()

    def is_hung_up(self) -> bool:
        """Whatever lies unread here."""
        poll = select.poll()
        poll.register(self.socket, select.POLLRDHUP)
        return bool(poll.poll(0))

    def close(self) -> None:
        self.lines.close()
        self.socket.close()


class Limits(Programs):
    """A chat of which a page is 8 MB."""

    def setUp(self) -> None:
        super().setUp()
        self.add_account()
        self.serve()

    def serve(self, descriptors: int = 1024) -> None:
        def limit() -> None:
            resource.setrlimit(resource.RLIMIT_NOFILE, (descriptors, descriptors))

        self.log = open(self.folder / "log", "w+", encoding="utf-8")
        self.addCleanup(self.log.close)
        self.process = subprocess.Popen([PROGRAMS / "coid", "--data", self.data], stderr=self.log, env=self.environment,
                                        preexec_fn=limit)
        self.addCleanup(self.process.wait)
        self.addCleanup(self.process.terminate)
        wait_until(self.listens, "nobody listens")  # the socket is there a moment before

    def listens(self) -> bool:
        accepting = 0x10000  # __SO_ACCEPTCON
        sockets = [line.split() for line in pathlib.Path("/proc/net/unix").read_text().splitlines()[1:]]
        return any(one[-1] == str(self.data / "coid.sock") and int(one[3], 16) & accepting for one in sockets)

    def connect(self) -> Client:
        client = Client(self.data / "coid.sock")
        self.addCleanup(client.close)
        return client

    def fill(self) -> None:
        client = self.connect()
        for _ in range(9):
            answer = client.call({"method": "send_message", "params": {"chat": "bob@example.net", "text": "x" * 900_000}})
            self.assertIn("result", answer)

    def peak_mb(self) -> int:
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        [line] = [line for line in status.splitlines() if line.startswith("VmHWM")]
        return int(line.split()[1]) // 1000

    def processor_seconds(self) -> float:
        fields = pathlib.Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / 100

    def said(self) -> str:
        self.log.seek(0)
        return self.log.read()

    def test_of_a_batch_of_pages(self) -> None:
        self.fill()
        client = self.connect()
        client.ask(*[PAGE] * 120, batch=True)
        answers = client.line()
        self.assertEqual(len(answers), 120)
        self.assertEqual({answer["error"]["data"]["kind"] for answer in answers if "error" in answer}, {"limit"})
        self.assertLess(self.peak_mb(), MANY_MB)

    def test_of_a_batch_that_is_full(self) -> None:
        """Nothing more is read for it, and what it tells to do is done."""
        self.fill()
        client = self.connect()
        client.ask(PAGE, PAGE, {"method": "chats"},
                   {"method": "send_message", "params": {"chat": "bob@example.net", "text": "short"}}, batch=True)
        answers = {answer["id"]: answer for answer in client.line()}
        for read in (1, 2):
            self.assertEqual(answers[read]["error"]["data"]["kind"], "limit", answers[read])
        self.assertEqual(answers[3]["result"]["message"]["text"], "short")
        self.assertIn("result", client.call({"method": "chats"}), "the next one has room again")

    def test_of_batches_that_wait_for_one_answer(self) -> None:
        """Each has a page, and a message that no server takes."""
        self.fill()
        client = self.connect()
        waits = {"method": "send_message", "params": {"chat": "bob@example.net", "text": "x", "wait": True}}
        for _ in range(80):
            client.ask(PAGE, waits, batch=True)
        other = self.connect()
        for _ in range(80):  # both have their turns, so that all the pages have been made
            self.assertIn("result", other.call(PAGE))
        self.assertLess(self.peak_mb(), MANY_MB)

    def test_of_a_reader_that_does_not_read(self) -> None:
        self.fill()
        deaf = self.connect()
        deaf.ask(*[PAGE] * 80)
        other = self.connect()
        for _ in range(20):
            self.assertIn("result", other.call(PAGE))
        self.assertLess(self.peak_mb(), MANY_MB)
        self.assertEqual({deaf.line()["id"] for _ in range(80)}, set(range(80)), "nothing is lost when it reads at last")

    def test_of_many_readers_that_do_not_read(self) -> None:
        self.fill()
        deaf = [self.connect() for _ in range(30)]
        for client in deaf:
            client.ask(*[PAGE] * 20)
        other = self.connect()
        for _ in range(3):
            self.assertIn("result", other.call(PAGE))
        self.assertLess(self.peak_mb(), MANY_MB)
        self.assertIn("hung up on a client that does not read", self.said())
        # They go one by one, as long as others wait: who was not yet hung up on gets all when it reads at last.
        kept = next(client for client in deaf if not client.is_hung_up())
        self.assertEqual({kept.line()["id"] for _ in range(20)}, set(range(20)))

    def test_of_clients(self) -> None:
        clients = [self.connect() for _ in range(200)]
        self.assertIn("result", clients[-1].call({"method": "version"}))
        refused = self.connect().line()
        self.assertEqual((refused["id"], refused["error"]["data"]["kind"]), (None, "limit"))
        self.assertIn("200 clients", refused["error"]["message"])
        self.assertIn("the daemon has 200 clients already", self.refused(1, "accounts"))
        for client in clients:
            self.assertIn("result", client.call({"method": "version"}))
            client.close()
        wait_until(lambda: self.coi("accounts").returncode == 0, "there is room again")

    def test_of_descriptors(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.serve(descriptors=80)  # half of them are for clients; an account that connects takes up to 31
        clients = [self.connect() for _ in range(40)]
        for client in clients:
            self.assertIn("result", client.call({"method": "version"}))
        answer = self.connect().line()
        self.assertIn("40 clients already", answer["error"]["message"])
        self.assertIn("the daemon has 40 clients already", self.refused(1, "accounts"))
        before = self.processor_seconds()
        for _ in range(100):
            self.assertIn("result", clients[0].call({"method": "version"}))
        self.assertFalse(select.select([clients[1].socket], [], [], 1)[0])
        self.assertLess(self.processor_seconds() - before, 0.9, "it does not spin")
        for client in clients[20:]:
            client.close()
        wait_until(lambda: self.coi("accounts").returncode == 0, "there is room again")

    def test_of_a_daemon_without_any_descriptor(self) -> None:
        """Whoever comes is told, by the one that is spared for this; without that one, the daemon waits."""
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.data / "accounts")  # an account that connects opens and closes some meanwhile
        self.serve()
        client = self.connect()
        self.assertIn("result", client.call({"method": "version"}))
        used = {int(entry.name) for entry in pathlib.Path(f"/proc/{self.process.pid}/fd").iterdir()}
        least_free = next(number for number in range(1024) if number not in used)
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (least_free, 1024))
        self.assertIn("no file descriptor left", self.connect().line()["error"]["message"])
        self.assertIn("no file descriptor left", self.refused(1, "accounts"))
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (5, 1024))  # below the spared one
        waiting = self.connect()
        before = self.processor_seconds()
        self.assertFalse(select.select([client.socket], [], [], 1)[0])
        self.assertLess(self.processor_seconds() - before, 0.4, "it does not spin")
        resource.prlimit(self.process.pid, resource.RLIMIT_NOFILE, (1024, 1024))
        self.assertIn("result", waiting.call({"method": "version"}))

    def test_give_everybody_a_turn(self) -> None:
        self.fill()
        flood = self.connect()
        flood.ask(*[PAGE] * 100)
        answered = 0

        def read() -> None:
            nonlocal answered
            with contextlib.suppress(EOFError, OSError, ValueError):
                while flood.lines.readline():
                    answered += 1

        reading = threading.Thread(target=read)
        reading.start()
        self.addCleanup(reading.join)
        self.addCleanup(flood.socket.shutdown, socket.SHUT_RDWR)
        other = self.connect()
        for request in ({"method": "chats"}, {"method": "send_message", "params": {"chat": "bob@example.net", "text": "me too"}},
                        {"method": "search", "params": {"words": "me"}}):
            before = answered
            self.assertIn("result", other.call(request))
            self.assertLess(answered - before, 30, request)
        self.assertLess(answered, 100)

    def test_of_what_is_done_for_a_client_that_is_gone(self) -> None:
        self.fill()
        other = self.connect()
        self.assertIn("result", other.call(PAGE))
        before = self.processor_seconds()
        for _ in range(5):
            self.assertIn("result", other.call(PAGE))
        page = (self.processor_seconds() - before) / 5
        hasty = self.connect()
        hasty.ask(*[PAGE] * 100)
        hasty.close()
        before = self.processor_seconds()
        for _ in range(30):
            self.assertIn("result", other.call(PAGE))
        self.assertLess(self.processor_seconds() - before, 60 * page + 0.5)


if __name__ == "__main__":
    unittest.main()
