#!/usr/bin/python3
"""coi and other people's programs write to each other over real servers: Delta Chat core, and a plain mail program.
Usage: peers_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST DIRECTORY-OF-NODE_MODULES"""

import base64
import json
import os
import pathlib
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Callable
from typing import Any

PROGRAMS, MAILHOST, PEERS = (pathlib.Path(word).resolve() for word in sys.argv[1:4])
DELTA = PEERS / "node_modules/@deltachat/stdio-rpc-server-linux-x64/deltachat-rpc-server"
PLAIN = pathlib.Path(__file__).resolve().parent / "plain.mjs"
ALICE, BOB, PASSWORD = "alice@example.org", "bob@example.net", "secret"
PATIENCE = 30
PHOTO = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
# What a program that takes a file for words, or words for lines, would change.
FILES = {"latin1.txt": "Grüße\nzweite Zeile".encode("latin-1"), "table.csv": "a;ä\r\n".encode("utf-16"),
         "mail.eml": b"From: a@b.c\nSubject: Gr\xfc\xdfe\n\nLF here, CRLF here\r\n, no end",
         "page.html": b"<meta charset=windows-1251>\r\n<p>\xcf\xf0\xe8</p>\n", "nuls.txt": b"\0\0a\0\n\0\r"}
READ_BY_PEER = 28  # Delta Chat: OutMdnRcvd


class Server:
    def __init__(self) -> None:
        self._process = subprocess.Popen([MAILHOST, "--user", f"{ALICE}:{PASSWORD}", "--user", f"{BOB}:{PASSWORD}"],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self._process.stdout.readline())

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Coi:
    """Alice, by the command line. What happens is told by `coi watch`."""

    def __init__(self, server: Server, folder: pathlib.Path) -> None:
        self.data = folder
        self._environment = os.environ | {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        self.run("login", ALICE, "--name", "Alice", "--imap", f"imaps://127.0.0.1:{server.ready['imaps']}", "--smtp",
                 f"smtps://127.0.0.1:{server.ready['submissions']}", "--password-stdin", "--tls-ca", server.ready["ca"],
                 given=PASSWORD + "\n")

    def close(self) -> None:
        self.run("daemon", "stop")

    def run(self, *words: str, given: str = "") -> list[dict]:
        done = subprocess.run([PROGRAMS / "coi", "--data", self.data, "--json", *words], input=given, text=True,
                              capture_output=True, timeout=PATIENCE, env=self._environment, check=False)
        if done.returncode != 0:
            raise AssertionError(f"coi {' '.join(words)}: {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def send(self, *words: str) -> dict:
        return self.run("send", "--wait", BOB, *words)[-1]

    def until(self, which: Callable[[dict], bool], what: str) -> dict:
        """The newest message of the chat with Bob that is so; each look asks the server first."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            self.run("sync", "--wait")
            if any(chat["members"][0]["addr"] == BOB for chat in self.run("chats") + self.run("chats", "--requests")):
                if found := [message for message in self.run("read", BOB) if which(message)]:
                    return found[-1]
        raise AssertionError(f"{what}; there are {[message['text'] for message in self.messages()]}")

    def receive(self, text: str) -> dict:
        return self.until(lambda message: message["text"] == text, f"{text!r} did not arrive")

    def file(self, attachment: dict) -> bytes:
        target = self.data / "saved"
        target.unlink(missing_ok=True)
        self.run("save", str(attachment["id"]), str(target))
        return target.read_bytes()


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

    def until(self, which: Callable[[dict], bool], what: str) -> dict:
        """The first event's message that is so."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for message in self.messages():
                if which(message):
                    return message
            self.call("get_next_event_batch", of_account=False)  # waits until something happens
        raise AssertionError(f"{what}; there are {[message['text'] for message in self.messages()]}")

    def messages(self) -> list[dict]:
        """Of all chats; Alice's is the only one with somebody else."""
        return [self.call("get_message", one) for chat in self.call("get_chatlist_entries", 0, None, None)
                for one in self.call("get_message_ids", chat, False, False)]

    def receive(self, text: str) -> dict:
        return self.until(lambda message: message["text"] == text, f"{text!r} did not arrive")

    def send(self, text: str, **more: object) -> dict:
        contact = self.call("create_contact", ALICE, None)
        chat = self.call("create_chat_by_contact_id", contact)
        return self.call("get_message", self.call("send_msg", chat, {"text": text, **more}))


class Plain:
    """Bob with a plain mail program."""

    def __init__(self, server: Server) -> None:
        self._process = subprocess.Popen(
            ["node", PLAIN, PEERS, str(server.ready["imaps"]), str(server.ready["submissions"]), BOB, PASSWORD],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def _do(self, **request: object) -> dict:
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def send(self, **mail: object) -> str:
        return self._do(do="send", to=ALICE, **mail)["id"]

    def mails(self) -> list[dict]:
        return self._do(do="read")["mails"]


class Peers(unittest.TestCase):
    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="coi-peers-"))
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)
        self.server = self.open(Server())
        self.alice = self.open(Coi(self.server, self.folder / "alice"))
        self.photo = self.folder / "dot.png"
        self.photo.write_bytes(PHOTO)

    def write(self, name: str, octets: bytes) -> str:
        (self.folder / name).write_bytes(octets)
        return str(self.folder / name)

    def open(self, thing):
        self.addCleanup(thing.close)
        return thing

    def assert_field(self, mail: dict, start: str) -> None:
        self.assertTrue(any(line.startswith(start) for line in mail["headers"]), (start, mail["headers"]))


class DeltaChat(Peers):
    def test_a_conversation(self) -> None:
        bob = self.open(Delta(self.server, self.folder / "bob"))
        self.alice.send("Shall we meet? ✓")
        asked = bob.receive("Shall we meet? ✓")
        bob.call("accept_chat", asked["chatId"])

        # An answer is an answer on either side, its quote apart from its words (D-15).
        bob.send("Where?", quotedMessageId=asked["id"])
        where = self.alice.receive("Where?")
        self.assertEqual(where["quote"], "Shall we meet? ✓")
        self.assertIsNotNone(where.get("reply_to"))
        self.assertTrue(where["is_chat"])
        self.alice.send("At the quay", "--reply", str(where["id"]))
        answer = bob.receive("At the quay")
        self.assertEqual(answer["quote"]["text"], "Where?")

        # Receipts, both ways (C-34, D-28, D-29); on neither side a message.
        said = self.alice.send("Did you read this?")
        bob.call("markseen_msgs", [bob.receive("Did you read this?")["id"]])
        self.alice.until(lambda message: message["id"] == said["id"] and message["state"] == "read", "no receipt from Bob")
        mine = bob.send("And you?")
        self.alice.receive("And you?")
        self.alice.run("seen", BOB)
        bob.until(lambda message: message["id"] == mine["id"] and message["state"] == READ_BY_PEER, "no receipt from Alice")

        # Files (C-12, D-39), with words and without.
        self.alice.send("Look", "--file", str(self.photo))
        look = bob.receive("Look")
        self.assertEqual((look["fileName"], pathlib.Path(look["file"]).read_bytes()), ("dot.png", PHOTO))
        self.alice.send("--file", str(self.photo))
        alone = bob.until(lambda message: message["id"] > look["id"] and message["file"], "no file")
        self.assertEqual(pathlib.Path(alone["file"]).read_bytes(), PHOTO)
        bob.send("Mine", file=str(self.photo), filename="mine.png", viewtype="File")
        mine = self.alice.receive("Mine")
        self.assertEqual([one["name"] for one in mine["attachments"]], ["mine.png"])
        self.assertEqual(self.alice.file(mine["attachments"][0]), PHOTO)

        for name, octets in FILES.items():
            self.alice.send(name, "--file", self.write(name, octets))
            came = bob.receive(name)
            self.assertEqual((came["fileName"], pathlib.Path(came["file"]).read_bytes()), (name, octets))
            if name == "nuls.txt":
                continue  # his program sends it as it is, and NUL passes no server (RFC 5321, 2.3.8)
            bob.send("Back: " + name, file=str(self.folder / name), filename=name, viewtype="File")
            back = self.alice.receive("Back: " + name)
            self.assertEqual([(one["name"], self.alice.file(one)) for one in back["attachments"]], [(name, octets)])

        # Own text that looks like a quote or a signature is neither (D-15, D-16).
        for text in ("> not a quote", "one\n-- two"):
            self.alice.send(text)
            bob.until(lambda message, text=text: message["text"].replace("\u200b", "") == text, f"{text!r} did not arrive")
            bob.send(text)
            self.alice.until(lambda message, text=text: message["text"] == text and not message["outgoing"],
                             f"{text!r} did not arrive")
        self.assertEqual(len(self.alice.run("read", BOB, "--last", "100")), 11 + 2 * len(FILES))


class MailProgram(Peers):
    def test_a_conversation(self) -> None:
        bob = self.open(Plain(self.server))
        asked = self.alice.send("Shall we meet? ✓")
        [mail] = bob.mails()
        self.assertEqual((mail["subject"], mail["text"].strip()), ("Chat: Shall we meet? ✓", "Shall we meet? ✓"))
        self.assertFalse(mail["html"])
        self.assert_field(mail, "Message-ID: <chat$")
        self.assertFalse(any("Disposition-Notification-To" in line for line in mail["headers"]), "he is asked for a receipt")

        # His program's answer is chat (S-20), its quote folded (C-19).
        quoted = "At eight.\n\nOn Tue, 24 Nov 2026 at 08:00, Alice <alice@example.org> wrote:\n> Shall we meet? ✓\n"
        bob.send(subject="Re: Chat: Shall we meet? ✓", text=quoted, inReplyTo=mail["id"], references=mail["id"])
        answer = self.alice.receive("At eight.")
        self.assertEqual((answer["is_chat"], answer["quote"], answer["html"]), (True, "Shall we meet? ✓", False))
        self.assertEqual(answer["reply_to"], asked["id"])

        # Ours stays in his thread (P-02, C-08), and files are files (C-12).
        self.alice.send("Good", "--reply", str(answer["id"]), "--file", str(self.photo))
        mail = bob.mails()[-1]
        self.assertEqual(mail["subject"], "Re: Chat: Shall we meet? ✓")
        self.assertEqual(mail["text"].split(), ["\u003e", "At", "eight.", "Good"])
        self.assertEqual([(one["filename"], base64.b64decode(one["content"])) for one in mail["attachments"]],
                         [("dot.png", PHOTO)])
        self.alice.send("All", *(word for name, octets in FILES.items() for word in ("--file", self.write(name, octets))))
        mail = bob.mails()[-1]
        self.assertEqual(mail["text"].strip(), "All")
        self.assertEqual({one["filename"]: base64.b64decode(one["content"]) for one in mail["attachments"]}, FILES)
        returned = {name: octets for name, octets in FILES.items() if name != "mail.eml"}  # whose lines his program changes
        bob.send(subject="Back", text="All back.", attachments=[
            {"path": str(self.folder / name), "contentDisposition": "inline"} for name in returned])
        back = self.alice.receive("All back.")
        self.assertEqual({one["name"]: self.alice.file(one) for one in back["attachments"]}, returned)

        # His wish for a receipt waits for Alice's word (D-28).
        bob.send(subject="Contract", text="Please confirm.", headers={"Disposition-Notification-To": BOB},
                 attachments=[{"filename": "plan für dich.txt", "content": "Plan"}])
        contract = self.alice.receive("Please confirm.")
        self.assertEqual([one["name"] for one in contract["attachments"]], ["plan für dich.txt"])
        self.alice.run("seen", BOB)
        self.alice.run("sync", "--wait")
        self.assertEqual(len(bob.mails()), 3)
        self.assertTrue(contract["asks_receipt"])


def main() -> int:
    if not DELTA.exists() or not shutil.which("node"):
        print(f"skipped: {DELTA} is missing (npm ci)", file=sys.stderr)
        return 77
    del sys.argv[1:4]
    unittest.main()
    return 0


if __name__ == "__main__":
    sys.exit(main())
