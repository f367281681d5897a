#!/usr/bin/python3
"""Every command of the contract against a real server: what it prints, as text and as JSON, and how it exits.
Usage: contract_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST"""

import json
import pathlib
import select
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from collections.abc import Callable

MAILHOST = sys.argv.pop(2)

from programs import PATIENCE, PROGRAMS, environment, wait_until  # noqa: E402  (takes the first argument)

ALICE, BOB = "alice@example.org", "bob@example.net"

# The objects of the contract. Those in the second list have a value only sometimes, and are left out without one.
ACCOUNT = {"id", "addr", "name", "user", "imap", "smtp", "auth", "secrets", "used", "removed", "problem"}
CHAT = {"account", "id", "kind", "request", "section", "name", "members", "unread", "muted", "pinned", "archived", "protection"}
CHAT_MORE = {"last", "muted_until", "blocked"}
MESSAGE = {"account", "id", "chat", "sort", "rfc_id", "from", "time", "received", "text", "html", "subject", "kind", "state",
           "recipients", "error", "forwarded", "mentions", "edited", "deleted", "reactions", "attachments", "pinned", "encrypted"}
MESSAGE_MORE = {"dated", "notice", "reply_to", "poll", "location", "contact", "expires",
                "outgoing", "quote", "footer", "is_chat", "automatic", "on_server", "asks_receipt", "forged"}
ATTACHMENT = {"id", "name", "type", "size", "state"}
STATUS = {"account", "addr", "problem", "connection", "progress", "queue", "secrets", "messages", "unreadable"}
CONNECTION = {"state", "problem", "sending_problem", "hint", "connection_limit", "coi", "coi_enabled", "webpush", "filter",
              "offers", "tls", "alert"}
CONTACT = {"account", "id", "name", "known", "blocked", "addresses"}
EVENTS = {"message_added": "message", "message_changed": "message", "message_removed": "message", "chat_changed": "chat",
          "contact_changed": "contact", "account_changed": "details", "connection": "connection", "progress": "progress",
          "resync": None}
TIME = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$"


def ids(messages: list[dict]) -> list[int]:
    """What else is in them may change meanwhile: a copy is filed, a receipt comes."""
    return [message["id"] for message in messages]


class Person:
    def __init__(self, folder: pathlib.Path) -> None:
        self.data = folder
        self.environment = environment()

    def run(self, *words: str, text: str | None = "", **options) -> subprocess.CompletedProcess:
        return subprocess.run([PROGRAMS / "coi", "--data", self.data, *words], input=text, text=True, capture_output=True,
                              timeout=PATIENCE, env=self.environment, check=False, **options)

    def says(self, *words: str, **options) -> str:
        result = self.run(*words, **options)
        assert (result.returncode, result.stderr) == (0, ""), (words, result)
        return result.stdout

    def objects(self, *words: str, **options) -> list[dict]:
        return [json.loads(line) for line in self.says("--json", *words, **options).splitlines()]

    def one(self, *words: str, **options) -> dict:
        [found] = self.objects(*words, **options)
        return found

    def login(self, host: dict, addr: str, name: str, password: str = "secret") -> subprocess.CompletedProcess:
        return self.run("login", addr, "--name", name, "--imap", f"imaps://{host['host']}:{host['imaps']}", "--smtp",
                        f"smtps://{host['host']}:{host['submissions']}", "--tls-ca", host["ca"], "--password-stdin", "--json",
                        text=password + "\n")


class Contract(unittest.TestCase):
    """Alice and Bob, who have exchanged a message each. The tests run in one mailbox; none relies on another."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="coi-contract-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.mailhost = subprocess.Popen([MAILHOST, "--user", ALICE + ":secret", "--user", BOB + ":secret"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.mailhost.communicate)
        cls.host = json.loads(cls.mailhost.stdout.readline())
        cls.alice, cls.bob = (Person(cls.folder / name) for name in ("alice", "bob"))
        for person, addr, name in ((cls.alice, ALICE, "Alice"), (cls.bob, BOB, "Bob Miller")):
            cls.addClassCleanup(person.run, "daemon", "stop")
            result = person.login(cls.host, addr, name)
            assert result.returncode == 0, result
            cls.account = json.loads(result.stdout)
        cls.alice.says("send", BOB, "Hello", "Bob", "--wait")
        cls.bob.says("sync", "--wait")
        cls.bob.says("accept", ALICE)
        cls.bob.says("send", ALICE, "Hello Alice", "--wait")
        cls.alice.says("sync", "--wait")

    def check_fields(self, found: dict, always: set[str], sometimes: set[str] = frozenset()) -> None:
        self.assertLessEqual(always, set(found))
        self.assertLessEqual(set(found), always | set(sometimes))

    def check_message(self, message: dict) -> None:
        self.check_fields(message, MESSAGE, MESSAGE_MORE)
        self.check_fields(message["from"], {"addr", "name"}, {"person"})
        for moment in ("time", "received"):
            self.assertRegex(message[moment], TIME)
        for recipient in message["recipients"]:
            self.check_fields(recipient, {"addr", "state", "error"}, {"read_at"})
        for attachment in message["attachments"]:
            self.check_fields(attachment, ATTACHMENT)

    def check_chat(self, chat: dict) -> None:
        self.check_fields(chat, CHAT, CHAT_MORE)
        for member in chat["members"]:
            self.check_fields(member, {"addr", "name", "program"}, {"person"})
        if "last" in chat:
            self.check_message(chat["last"])

    def check_status(self, status: dict) -> None:
        self.check_fields(status, STATUS)
        self.check_fields(status["connection"], CONNECTION, {"since", "quota"})
        self.check_fields(status["progress"], {"done", "total", "finished"})
        self.check_fields(status["queue"], {"outgoing", "jobs", "sent_today"})

    def refused(self, code: int, kind: str, person: Person, *words: str) -> None:
        """As one line of text, and as one object."""
        plain = person.run(*words)
        self.assertEqual((plain.returncode, plain.stdout), (code, ""), plain)
        self.assertRegex(plain.stderr, r"^coi: [^\n]+\n$")
        result = person.run("--json", *words)
        self.assertEqual((result.returncode, result.stdout), (code, ""), result)
        [line] = result.stderr.splitlines()
        self.assertEqual(set(json.loads(line)), {"error"})
        error = json.loads(line)["error"]
        self.check_fields(error, {"kind", "text", "hint"})
        self.assertEqual(error["kind"], kind)

    def test_login(self) -> None:
        self.check_fields(self.account, ACCOUNT)
        self.assertEqual((self.account["addr"], self.account["auth"]), (BOB, "password"))
        self.assertNotIn("secret", self.account.values())

    def test_a_bot_answers_what_is_news_and_no_other_bot(self) -> None:
        """docs/echo_bot.py, with Bob's account; then Alice runs one too."""
        bot = pathlib.Path(__file__).resolve().parents[2] / "docs" / "echo_bot.py"
        coi = [str(PROGRAMS / "coi"), "--data"]
        echo = subprocess.Popen([sys.executable, bot, *coi, str(self.bob.data)], env=self.bob.environment,
                                stdout=subprocess.PIPE, text=True)
        self.addCleanup(echo.communicate)
        self.addCleanup(echo.terminate)
        self.assertEqual(echo.stdout.readline(), "listening\n")
        word = "echo this"
        asked = self.alice.one("send", BOB, word, "--wait")

        def answers() -> list[dict]:
            self.alice.says("sync", "--wait")
            return [one for one in self.alice.objects("read", BOB) if one["automatic"] and one.get("reply_to") == asked["id"]]

        wait_until(answers, "no echo came")
        [answer] = answers()
        self.assertEqual(answer["text"], word)
        original = self.alice.says("original", str(answer["id"]))
        self.assertIn("Auto-Submitted: auto-replied", original)
        self.assertNotIn("Disposition-Notification-To", original)
        refused = self.alice.run("rpc", text=json.dumps({
            "jsonrpc": "2.0", "id": 1, "method": "send_message",
            "params": {"chat": BOB, "text": "echo", "reply_to": answer["id"], "automatic": "replied"}}) + "\n")
        self.assertIn("not_allowed", refused.stdout)

    def test_login_that_is_rejected(self) -> None:
        nobody = Person(self.folder / "nobody")
        self.addCleanup(nobody.run, "daemon", "stop")
        result = nobody.login(self.host, ALICE, "Alice", "wrong")
        self.assertEqual((result.returncode, result.stdout), (4, ""))
        self.assertEqual(json.loads(result.stderr)["error"]["kind"], "auth")
        self.assertEqual(nobody.objects("accounts"), [])

    def test_login_to_a_server_that_cannot_be_trusted(self) -> None:
        nobody = Person(self.folder / "careful")
        self.addCleanup(nobody.run, "daemon", "stop")
        result = nobody.run("login", ALICE, "--imap", f"imaps://{self.host['host']}:{self.host['imaps']}", "--smtp",
                            f"smtps://{self.host['host']}:{self.host['submissions']}", "--password-stdin", "--json", text="secret\n")
        self.assertEqual((result.returncode, result.stdout, json.loads(result.stderr)["error"]["kind"]), (3, "", "tls"))

    def test_accounts_use_and_logout(self) -> None:
        guest = Person(self.folder / "guest")
        self.addCleanup(guest.run, "daemon", "stop")
        self.assertEqual(guest.login(self.host, ALICE, "Alice").returncode, 0)
        self.assertEqual(guest.login(self.host, BOB, "Bob").returncode, 0)
        for account in guest.objects("accounts"):
            self.check_fields(account, ACCOUNT)
        self.assertEqual([status["addr"] for status in guest.objects("status")], [ALICE, BOB])
        self.refused(1, "ambiguous", guest, "send", "carol@example.org", "from whom?")
        self.check_fields(guest.one("use", BOB), ACCOUNT)
        self.assertEqual([account["addr"] for account in guest.objects("accounts") if account["used"]], [BOB])
        self.assertEqual(guest.one("status")["addr"], BOB)
        self.assertEqual(guest.one("--account", ALICE, "status")["addr"], ALICE)
        self.refused(1, "not_found", guest, "use", "carol@example.org")
        self.assertEqual(guest.objects("logout", BOB), [])
        self.assertEqual([account["addr"] for account in guest.objects("accounts")], [ALICE])
        self.refused(1, "not_found", guest, "logout", BOB)

    def test_status_sync_and_filter(self) -> None:
        self.check_status(self.alice.one("status"))
        self.assertIn("online", self.alice.says("status"))
        self.assertEqual(self.alice.objects("sync"), [])
        self.assertEqual(self.alice.objects("sync", "--wait"), [])
        for word in ("seen", "active", "none"):
            status = self.alice.one("filter", word)
            self.check_status(status)
            self.assertEqual(status["connection"]["filter"], word)

    def test_chats_and_read(self) -> None:
        chat = self.alice.one("chats")
        self.check_chat(chat)
        self.assertEqual((chat["kind"], chat["section"], chat["protection"], chat["request"]), ("single", "main", "none", False))
        messages = self.alice.objects("read", "miller")
        self.assertGreaterEqual(len(messages), 2)
        for message in messages:
            self.check_message(message)
        self.assertEqual(messages, sorted(messages, key=lambda message: (message["sort"], message["id"])), "oldest first")
        for name in (str(chat["id"]), BOB, "Miller", "bob mil"):
            self.assertEqual(ids(self.alice.objects("read", name)), ids(messages))
        self.assertEqual(ids(self.alice.objects("read", BOB, "--last", "1")), ids(messages[-1:]))
        self.assertEqual(ids(self.alice.objects("read", BOB, "--before", str(messages[1]["id"]))), ids(messages[:1]))
        self.assertEqual(self.alice.objects("chats", "--archived") + self.alice.objects("chats", "--requests"), [])
        self.refused(1, "not_found", self.alice, "read", "nobody")

    def test_send(self) -> None:
        sent = self.alice.one("send", BOB, "one", "two", "--wait")
        self.check_message(sent)
        self.assertEqual((sent["text"], sent["state"]), ("one two", "sent"))
        self.assertEqual([(each["addr"], each["state"]) for each in sent["recipients"]], [(BOB, "sent")])
        answer = self.alice.one("send", BOB, "-", "--reply", str(sent["id"]), text="from outside\n")
        self.assertEqual((answer["text"], answer["reply_to"]), ("from outside", sent["id"]))
        self.refused(1, "not_found", self.alice, "send", BOB, "x", "--reply", "999999")

    def test_files(self) -> None:
        content = bytes(range(256)) * 100
        (self.folder / "a file.bin").write_bytes(content)
        (self.folder / "note.txt").write_text("noted")
        sent = self.alice.one("send", BOB, "files", "--file", str(self.folder / "a file.bin"), "--file",
                              str(self.folder / "note.txt"), "--wait")
        self.assertEqual([file["name"] for file in sent["attachments"]], ["a file.bin", "note.txt"])
        came = self.arrived(self.bob, ALICE, "files")
        self.check_message(came)
        saved = self.bob.one("save", str(came["attachments"][0]["id"]), str(self.folder / "saved"))
        self.check_fields(saved, ATTACHMENT, {"file"})
        self.assertEqual(pathlib.Path(saved["file"]).read_bytes(), content)
        self.refused(1, "not_found", self.bob, "save", "999999")

    def test_files_come_out_octet_for_octet(self) -> None:
        table = b"".join(b"gr\xfc\xdf;%d\r\n" % number for number in range(400_000))
        self.assertGreater(len(table), 5_000_000)
        files = {"latin1.txt": "Grüße\n".encode("latin-1"), "table.csv": "a;ä\r\n".encode("utf-16"), "nuls.txt": b"\0a\0\n\0\r",
                 "mail.eml": b"From: a@b.c\nSubject: x\n\nLF, and CRLF\r\n", "page.html": b"<p>\xcf</p>\r\n", "large.csv": table}
        for name, content in files.items():
            (self.folder / name).write_bytes(content)
            self.alice.says("send", BOB, "It is", name, "--file", str(self.folder / name), "--wait")
            came = self.arrived(self.bob, ALICE, "It is " + name)
            [attachment] = came["attachments"]
            self.assertEqual((attachment["name"], attachment["state"]), (name, "remote" if content is table else "local"))
            saved = self.bob.one("save", str(attachment["id"]), str(self.folder / ("saved " + name)))
            self.assertEqual((saved["size"], pathlib.Path(saved["file"]).read_bytes()), (len(content), content))

    def test_original(self) -> None:
        message = self.arrived(self.bob, ALICE, "Hello Bob")
        mail = self.bob.says("original", str(message["id"]))
        self.assertIn(f"Message-ID: <{message['rfc_id']}>", mail)
        self.assertEqual(set(self.bob.one("original", str(message["id"]))), {"mail"})
        self.refused(1, "not_found", self.bob, "original", "999999")

    def test_commands_about_a_chat(self) -> None:
        for command, field, value in (("archive", "archived", True), ("unarchive", "archived", False), ("mute", "muted", True),
                                      ("unmute", "muted", False), ("block", "blocked", True), ("unblock", "blocked", False),
                                      ("seen", "unread", 0), ("accept", "request", False)):
            with self.subTest(command):
                chat = self.bob.one(command, ALICE)
                self.check_chat(chat)
                self.assertEqual(chat[field], value)
                self.assertRegex(self.bob.says(command, ALICE), r"^Alice[^\n]*\.\n$")
                self.refused(1, "not_found", self.bob, command, "nobody")
        self.bob.says("unblock", ALICE)
        self.bob.says("unarchive", ALICE)
        self.bob.says("unmute", ALICE)

    def test_reactions(self) -> None:
        sent = self.alice.one("send", BOB, "We have won")
        came = self.arrived(self.bob, ALICE, "We have won")
        # So that each knows the other's program.
        self.bob.says("send", ALICE, "Really?", "--wait")
        self.arrived(self.alice, BOB, "Really?")
        reacted = self.bob.one("react", str(came["id"]), "🎉")
        self.check_message(reacted)
        self.assertEqual(reacted["reactions"], [{"emoji": "🎉", "from": [BOB], "own": True}])
        self.assertEqual(self.bob.says("react", str(came["id"]), "👍"), f"👍 to message {came['id']}.\n")
        liked = [{"emoji": "👍", "from": [BOB], "own": False}]
        self.changed(self.alice, BOB, sent["id"], lambda one: one["reactions"] == liked)
        self.assertIn("👍 Bob", self.alice.says("read", BOB))
        self.bob.says("react", str(came["id"]), "--withdraw")
        self.changed(self.alice, BOB, sent["id"], lambda one: not one["reactions"])
        # A plain program gets no mail of a single emoji unless it is wished.
        letter = self.alice.one("send", "carol@example.org", "Dear Carol")
        said = self.alice.says("react", str(letter["id"]), "❤")
        self.assertIn("Not sent to carol@example.org", said)
        self.refused(1, "invalid", self.bob, "react", str(came["id"]), "hello")
        self.refused(1, "invalid", self.bob, "react", str(came["id"]))
        self.refused(1, "not_allowed", self.alice, "react", str(sent["id"]), "--withdraw")
        self.refused(1, "not_found", self.bob, "react", "999999", "👍")

    def test_names_that_fit_several_chats(self) -> None:
        for addr in ("dora@example.com", "doris@example.com"):
            self.alice.says("send", addr, "x")
        self.refused(1, "ambiguous", self.alice, "send", "dor", "to whom?")
        self.assertIn("dora@example.com", self.alice.run("read", "dor").stderr)
        self.assertEqual(self.alice.one("read", "dora@example.com")["text"], "x")
        for addr in ("dora@example.com", "doris@example.com"):
            self.alice.says("archive", addr)

    def test_contacts(self) -> None:
        for contact in self.bob.objects("contacts"):
            self.check_fields(contact, CONTACT, {"chat"})
            for address in contact["addresses"]:
                self.check_fields(address, {"addr", "program"})
        named = self.bob.one("contact", "set", "carol@example.org", "--name", "Carol")
        self.check_fields(named, CONTACT, {"chat"})
        self.assertEqual((named["name"], named["addresses"][0]["addr"]), ("Carol", "carol@example.org"))
        self.refused(1, "invalid", self.bob, "contact", "set", "carol", "--name", "Carol")
        joined = self.bob.one("contact", "set", "carol@example.org", "--alias", "carol@example.net", "--name", "Carola")
        self.check_fields(joined, CONTACT, {"chat"})
        self.assertEqual((joined["name"], [address["addr"] for address in joined["addresses"]]),
                         ("Carola", ["carol@example.net", "carol@example.org"]))
        self.assertEqual(self.bob.says("contact", "set", "carol@example.org", "--no-alias", "carol@example.net"),
                         "carol@example.net is a person of its own again.\n")
        self.refused(1, "not_found", self.bob, "contact", "set", "carol@example.org", "--no-alias", "carol@example.net")
        self.assertEqual(self.bob.says("contact", "set", "carol@example.org", "--alias", "carol@example.net"),
                         "carol@example.org and carol@example.net are one person now.\n")

    def test_search(self) -> None:
        self.arrived(self.bob, ALICE, "Hello Bob")
        found = self.bob.objects("search", "hel", "BOB")
        self.assertIn("Hello Bob", [message["text"] for message in found])
        for message in found:
            self.check_message(message)
        self.assertEqual(ids(self.bob.objects("search", "hello", "--chat", "alice", "--most", "1")),
                         ids(self.bob.objects("search", "hello", "--most", "1")))
        self.assertEqual(self.bob.objects("search", "nowhere"), [])
        self.refused(1, "invalid", self.bob, "search", "")

    def test_watch_and_rpc_tell_everything_in_order(self) -> None:
        texts = [f"counted {number}" for number in range(60)]
        with self.listening("--json", "watch") as watch, self.listening("rpc") as rpc:
            rpc.stdin.write('{"jsonrpc":"2.0","id":1,"method":"subscribe"}\n')
            rpc.stdin.flush()
            self.assertEqual(json.loads(rpc.stdout.readline())["id"], 1)
            self.until_it_listens(watch)
            for text in texts:
                self.alice.says("send", BOB, text)
            for listener, event_of in ((watch, lambda line: line), (rpc, lambda line: line.get("params", {}))):
                heard, last = [], 0
                while len(heard) < len(texts):
                    event = event_of(json.loads(listener.stdout.readline()))
                    self.check_event(event)
                    self.assertGreaterEqual(event["seq"], last)
                    last = event["seq"]
                    if event["type"] == "message_added" and event["message"]["text"].startswith("counted"):
                        heard.append(event["message"]["text"])
                self.assertEqual(sorted(heard), sorted(texts))
                # A server that takes two mails in one instant may number them the other way round.
                self.assertEqual(heard, [message["text"] for message in self.bob.objects("read", ALICE, "--last", "60")])
            watch.terminate()
            rpc.stdin.close()
            self.assertEqual(rpc.wait(PATIENCE), 0)

    def check_event(self, event: dict) -> None:
        whole = EVENTS[event["type"]]
        self.check_fields(event, {"account", "seq", "type"} | ({whole} if whole else set()), {"notify", "blocked", "history"})
        if whole == "message" and event["type"] != "message_removed":
            self.check_message(event["message"])
        if whole == "chat":
            self.check_chat(event["chat"])

    def test_watch_of_one_chat(self) -> None:
        with self.listening("--json", "watch", "--chat", BOB, person=self.alice) as watch:
            self.until_it_listens(watch, self.alice, BOB)
            self.alice.says("send", "erna@example.com", "elsewhere")
            self.alice.says("send", BOB, "and here")
            while (event := json.loads(watch.stdout.readline())).get("message", {}).get("text") != "and here":
                self.assertNotIn("elsewhere", json.dumps(event))
            watch.terminate()
        self.alice.says("archive", "erna@example.com")

    def test_watch_says_who_is_blocked(self) -> None:
        with self.listening("--json", "watch") as watch:
            self.until_it_listens(watch)
            for command, text in (("block", "not to be heard"), ("unblock", "to be heard again")):
                self.bob.says(command, ALICE)
                self.alice.says("send", BOB, text)
                while (event := json.loads(watch.stdout.readline())).get("message", {}).get("text") != text:
                    continue
                self.assertEqual((event["type"], event["blocked"]), ("message_added", command == "block"))
            watch.terminate()

    def test_chat(self) -> None:
        said = self.alice.objects("chat", BOB, text="first line\nsecond line\n")
        for message in said:
            self.check_message(message)
        self.assertEqual([message["text"] for message in said[-2:]], ["first line", "second line"])
        self.refused(1, "not_found", self.alice, "chat", "nobody")

    def arrived(self, person: Person, chat: str, text: str) -> dict:
        """The message with that text, waited for."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if found := [message for message in person.objects("read", chat, "--last", "1000") if message["text"] == text]:
                return found[-1]
            person.says("sync", "--wait")
        raise AssertionError(f"{text!r} did not arrive")

    def changed(self, person: Person, chat: str, message: int, ready: Callable[[dict], bool]) -> dict:
        """The message once it is as wanted, waited for."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            one = next(one for one in person.objects("read", chat, "--last", "1000") if one["id"] == message)
            if ready(one):
                return one
            person.says("sync", "--wait")
        raise AssertionError(f"message {message} did not become what it should be")

    def listening(self, *words: str, person: Person | None = None) -> subprocess.Popen:
        person = person or self.bob
        process = subprocess.Popen([PROGRAMS / "coi", "--data", person.data, *words], stdin=subprocess.PIPE, text=True,
                                   stdout=subprocess.PIPE, env=person.environment)
        timer = threading.Timer(3 * PATIENCE, process.kill)  # a reader that waits in vain gets its end
        timer.start()
        self.addCleanup(timer.cancel)
        return process

    def until_it_listens(self, watch: subprocess.Popen, person: Person | None = None, chat: str = ALICE) -> None:
        """Something happens again and again until it tells of something."""
        while not select.select([watch.stdout], [], [], 0.1)[0]:
            (person or self.bob).says("mute", chat)
            (person or self.bob).says("unmute", chat)


if __name__ == "__main__":
    unittest.main()
