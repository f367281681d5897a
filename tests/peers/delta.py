"""Delta Chat's core, as its own programs use it: over JSON-RPC."""

import json
import os
import pathlib
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from typing import Any

from peers import ALICE, BOB, PASSWORD, PATIENCE, PEERS, Server

DELTA = PEERS / "node_modules/@deltachat/stdio-rpc-server-linux-x64/deltachat-rpc-server"
READ_BY_PEER = 28  # OutMdnRcvd


class Delta:
    """Bob with Delta Chat, which may write in clear."""

    def __init__(self, server: Server, folder: pathlib.Path) -> None:
        self._process = subprocess.Popen([DELTA], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                         env=os.environ | {"DC_ACCOUNTS_PATH": str(folder), "RUST_LOG": "error"})
        self._answers: dict[int, queue.SimpleQueue] = {}
        self._id = 0
        threading.Thread(target=self._read, daemon=True).start()
        self.id = self.call("add_account", of_account=False)
        self.call("set_config", "force_encryption", "0")
        self.call("set_config", "displayname", "Bob")
        login = {"addr": BOB, "password": PASSWORD, "certificateChecks": "acceptInvalidCertificates"}
        # STARTTLS for SMTP: Dovecot 2.4.1 refuses the ALPN word (RFC 7301) that this program sends on a port with TLS.
        for name, port, security in (("imap", "imaps", "ssl"), ("smtp", "submission", "starttls")):
            login |= {f"{name}Server": "127.0.0.1", f"{name}Port": server.ready[port], f"{name}Security": security,
                      f"{name}User": BOB}
        self.call("add_or_update_transport", login)
        self.call("start_io")
        # What comes before it waits for mail the first time is history to it, and never shown.
        while all(one["event"]["kind"] != "ImapInboxIdle" for one in self.call("get_next_event_batch", of_account=False)):
            pass

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def _read(self) -> None:
        for line in self._process.stdout:
            answer = json.loads(line)
            if waiting := self._answers.pop(answer.get("id"), None):
                waiting.put(answer)

    def call(self, method: str, *params: object, of_account: bool = True) -> Any:
        self._id += 1
        answer = self._answers[self._id] = queue.SimpleQueue()
        request = {"jsonrpc": "2.0", "id": self._id, "method": method,
                   "params": [self.id, *params] if of_account else params}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        reply = answer.get(timeout=PATIENCE)
        if "error" in reply:
            raise AssertionError(f"{method}: {reply['error']}")
        return reply["result"]

    def wait(self, ready: Callable[[], Any], what: Callable[[], str]) -> Any:
        """What `ready` gives once it gives something. It is asked anew with each event."""
        deadline = time.monotonic() + PATIENCE
        while not (found := ready()):
            if time.monotonic() > deadline:
                raise AssertionError(what())
            self.call("get_next_event_batch", of_account=False)  # waits until something happens
        return found

    def until(self, which: Callable[[dict], bool], what: str) -> dict:
        """The first message that is so."""
        return self.wait(lambda: next(filter(which, self.messages()), None),
                         lambda: f"{what}; there are {[message['text'] for message in self.messages()]}")

    def message(self, id: int) -> dict:
        return self.call("get_message", id)

    def contact(self, addr: str) -> int:
        return self.call("create_contact", addr, None)

    def messages(self) -> list[dict]:
        """Of all chats; Alice's is the only one with somebody else."""
        return [self.message(one) for chat in self.call("get_chatlist_entries", 0, None, None)
                for one in self.call("get_message_ids", chat, False, False)]

    def receive(self, text: str) -> dict:
        return self.until(lambda message: message["text"] == text, f"{text!r} did not arrive")

    def send(self, text: str, **more: object) -> dict:
        chat = self.call("create_chat_by_contact_id", self.contact(ALICE))
        return self.message(self.call("send_msg", chat, {"text": text, **more}))
