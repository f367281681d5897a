"""Delta Chat core as a peer: the same mail servers, the same mails, its own JSON-RPC."""

import os
import pathlib
import subprocess
import time
import urllib.parse

from rpc import EventfulRpc

PACKAGE = "@deltachat/stdio-rpc-server-linux-x64"
VERSION = "2.62.0"
PASSWORD = "secret"


def install(folder: pathlib.Path) -> pathlib.Path:
    """By npm, unless it is there. The program."""
    program = folder / "node_modules" / PACKAGE / "deltachat-rpc-server"
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["npm", "install", "--prefix", folder, "--no-save", "--no-audit", "--no-fund",
                        f"{PACKAGE}@{VERSION}"], check=True, stdout=subprocess.DEVNULL)
    return program


class Peer:
    """One device with one account that may write in clear."""

    def __init__(self, program: pathlib.Path, data: pathlib.Path):
        self._process = subprocess.Popen(
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            env={**os.environ, "DC_ACCOUNTS_PATH": str(data), "RUST_LOG": "error"})
        self.rpc = EventfulRpc(self._process.stdout, self._process.stdin)
        accounts = self.rpc.call("get_all_account_ids")
        self.id = accounts[0] if accounts else self.rpc.call("add_account")
        self._chats: dict[str, int] = {}

    def close(self) -> None:
        self._process.stdin.close()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def log_in(self, addr: str, imap: str, smtp: str) -> None:
        servers = {name: urllib.parse.urlsplit(url) for name, url in (("imap", imap), ("smtp", smtp))}
        self.rpc.call("set_config", self.id, "force_encryption", "0")
        login = {"addr": addr, "password": PASSWORD, "certificateChecks": "acceptInvalidCertificates"}
        for name, url in servers.items():
            login |= {f"{name}Server": url.hostname, f"{name}Port": url.port, f"{name}Security": "ssl",
                      f"{name}User": addr}
        self.rpc.call("add_or_update_transport", self.id, login)
        self.start()

    def start(self) -> float:
        """Milliseconds until it waits in IDLE."""
        self.rpc.forget_events()
        begun = time.perf_counter()
        self.rpc.call("start_io", self.id)
        _, came = self.rpc.wait_for("ImapInboxIdle")
        return (came - begun) * 1000

    def stop(self) -> None:
        self.rpc.call("stop_io", self.id)
        time.sleep(0.5)

    def chat_with(self, addr: str) -> int:
        if addr not in self._chats:
            contact = self.rpc.call("create_contact", self.id, addr, None)
            self._chats[addr] = self.rpc.call("create_chat_by_contact_id", self.id, contact)
        return self._chats[addr]

    def send(self, addr: str, text: str) -> int:
        """The message's id."""
        return self.rpc.call("misc_send_text_message", self.id, self.chat_with(addr), text)

    def receive(self, count: int) -> tuple[dict, float]:
        """The last of `count` incoming messages, and when it came."""
        for _ in range(count):
            last = self.rpc.wait_for("IncomingMsg")
        return last

    def read(self, message: int) -> dict:
        return self.rpc.call("get_message", self.id, message)

    def react(self, message: int, emoji: str) -> None:
        self.rpc.call("send_reaction", self.id, message, [emoji])

    def wait_for_reaction(self, message: int) -> dict:
        """Until somebody else's reaction to an own message has come and was read."""
        while True:
            event, _ = self.rpc.wait_for("IncomingReaction")
            if event["msgId"] == message:
                return self.read(message)
