#!/usr/bin/python3
"""Every command of the contract against a real server: what it prints, as text and as JSON, and how it exits.
Usage: contract_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST"""

import base64
import datetime
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
CHAT = {"account", "id", "kind", "request", "section", "name", "members", "member_count", "unread", "sort", "muted", "pinned", "archived", "protection", "timer", "draft",
        "removes_copies", "folders", "sender_unproven"}
CHAT_MORE = {"last", "first_unread", "muted_until", "blocked", "is_member", "description", "picture"}
MESSAGE = {"account", "id", "chat", "sort", "rfc_id", "from", "time", "received", "text", "html", "subject", "kind", "state",
           "recipients", "error", "forwarded", "mentions", "edited", "deleted", "reactions", "attachments", "pinned", "encrypted"}
MESSAGE_MORE = {"dated", "notice", "reply_to", "poll", "location", "contact", "expires",
                "outgoing", "quote", "footer", "is_chat", "automatic", "on_server", "asks_receipt", "forged",
                "formatted", "plain", "duration", "timer", "scheduled", "at_server", "can_take_back"}
PREVIEW = {"id", "sort", "from", "outgoing", "time", "kind", "state", "text", "files", "duration", "edited", "deleted"}
# 4 x 4 pixels.
PNG = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mP4z8AARwzEcQCukw/xOF6MEQAAAABJRU5ErkJggg==")
ATTACHMENT = {"id", "name", "type", "size", "state", "awaited", "width", "height"}
STATUS = {"account", "addr", "problem", "connection", "progress", "queue", "secrets", "messages", "unreadable"}
CONNECTION = {"state", "problem", "sending_problem", "hint", "connection_limit", "coi", "coi_enabled", "webpush", "filter",
              "offers", "tls", "alert"}
CONTACT = {"account", "id", "name", "known", "blocked", "addresses", "status", "picture", "birthday", "categories"}
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
                              timeout=6 * PATIENCE, env=self.environment, check=False, **options)  # 35 MB take a while

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

    def test_what_a_message_holds(self) -> None:
        message = self.alice.one("send", BOB, "**Bold** and ||hidden||", "--wait")
        self.assertEqual((message["formatted"], message["plain"]), (True, "Bold and hidden"))
        self.assertIn("Bold and ||hidden||", self.alice.says("read", BOB, "--last", "1"))
        place = self.alice.one("location", BOB, "33.87S,151.21E", "Opera", "house")
        self.check_message(place)
        self.assertEqual((place["kind"], place["location"]), ("location", {"latitude": -33.87, "longitude": 151.21}))
        shown = self.alice.says("read", BOB, "--last", "1")
        self.assertEqual((shown.count("151.21"), shown.count("📍")), (1, 0), shown)
        self.assertIn("Opera house", shown)
        card = self.alice.one("card", BOB, BOB)
        self.assertEqual((card["kind"], card["contact"]["addr"]), ("contact", BOB))
        forwarded = self.alice.one("forward", str(message["id"]), "self")
        self.assertEqual((forwarded["forwarded"], forwarded["text"]), (True, "**Bold** and ||hidden||"))
        sound = self.folder / "note.ogg"
        sound.write_bytes(b"a sound")
        voice = self.alice.one("send", BOB, "--voice", str(sound), "--duration", "1.5")
        self.assertEqual((voice["kind"], voice["duration"]), ("voice", 1500))
        self.refused(1, "invalid", self.alice, "location", BOB, "nowhere")
        self.refused(1, "not_found", self.alice, "forward", "9999", BOB)

    def test_a_group_is_named_and_laid_out_for_people(self) -> None:
        circle = self.alice.one("group", "create", "Circle", BOB)
        self.addCleanup(self.alice.run, "group", "leave", str(circle["id"]))
        self.assertRegex(self.alice.says("send", "Circle", "One", "--wait"), r"^Message \d+ to Circle was sent")
        message = str(self.alice.one("send", "Circle", "Two")["id"])
        self.assertIn("It was never edited.", self.alice.says("history", message))
        self.alice.says("edit", message, "Three")
        lines = self.alice.says("history", message).splitlines()
        self.assertEqual([line.partition("  ")[2] for line in lines], ["Two", "Three"])
        self.alice.says("pin", message)
        self.assertIn("Three\n       pinned by you", self.alice.says("pins", "Circle"))
        self.assertRegex(self.alice.says("poll", "Circle", "Which?", "A", "B", "--wait"), r"^Poll \d+ to Circle was sent\.")
        self.assertIn("Circle has the description now: Words", self.alice.says("group", "describe", "Circle", "Words"))
        self.refused(1, "not_allowed", self.alice, "delete", str(int(self.alice.objects("read", "Circle")[-1]["id"])))
        self.assertEqual(circle["kind"], "group")

    def check_chat(self, chat: dict) -> None:
        self.check_fields(chat, CHAT, CHAT_MORE)
        for member in chat["members"]:
            self.check_fields(member, {"addr", "name", "program"}, {"person"})
        if "last" in chat:
            self.check_fields(chat["last"], PREVIEW, {"notice"})
            self.assertRegex(chat["last"]["time"], TIME)

    def check_status(self, status: dict) -> None:
        self.check_fields(status, STATUS)
        self.check_fields(status["connection"], CONNECTION, {"since", "quota"})
        self.check_fields(status["progress"], {"done", "total", "finished"})
        self.check_fields(status["queue"], {"outgoing", "scheduled", "jobs", "sent_today"})

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
        [chat] = [one for one in self.alice.objects("chats") if one["kind"] == "single"]
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

    def test_lists_in_pages(self) -> None:
        sent = [self.alice.one("send", "self", word, "https://example.org/" + word)["id"] for word in ("one", "two", "three", "four")]
        self.assertEqual(ids(self.alice.objects("read", "self", "--around", str(sent[1]), "--last", "3")), sent[:3])
        self.assertEqual(ids(self.alice.objects("read", "self", "--after", str(sent[1]), "--last", "1")), sent[2:3])
        self.assertIn(f"--after {sent[2]}", self.alice.says("read", "self", "--around", str(sent[1]), "--last", "3"))
        self.assertEqual(self.alice.run("read", "self", "--after", "1", "--before", "2").returncode, 2)
        found = self.alice.objects("search", "example", "--chat", "self", "--most", "2")
        self.assertEqual(ids(found), [sent[3], sent[2]])
        self.assertEqual(ids(self.alice.objects("search", "example", "--chat", "self", "--after", str(sent[2]), "--most", "2")),
                         [sent[1], sent[0]])
        links = self.alice.objects("links", "self", "--most", "1")
        self.assertEqual([one["links"][0]["url"] for one in links], ["https://example.org/four"])
        self.assertIn("https://example.org/one", self.alice.says("links", "self"))
        picture = self.folder / "lake.jpg"
        picture.write_bytes(b"no picture, but called one")
        self.alice.says("send", "self", "--file", str(picture))
        [file] = self.alice.objects("files", "self")
        self.assertEqual(file["attachment"]["name"], "lake.jpg")
        self.assertIn("lake.jpg", self.alice.says("files", "self"))
        self.assertEqual(self.alice.says("files", "self", "--sort", "sound"), "There are no such files.\n")
        sorted_in = self.alice.one("folder", BOB, "Work", "Old friends")
        self.assertEqual(sorted_in["folders"], ["Old friends", "Work"])
        self.assertEqual([chat["id"] for chat in self.alice.objects("chats", "--folder", "work")], [sorted_in["id"]])
        self.assertRegex(self.alice.says("folders"), r"(?m)^Work +1 chat")
        self.assertIn("Old friends, Work", self.alice.says("folder", BOB))
        self.assertEqual(self.alice.one("folder", BOB, "--remove", "work", "Old friends")["folders"], [])
        self.assertEqual(self.alice.objects("folders"), [])
        counts = self.alice.one("counts")
        self.assertEqual(counts["main"]["chats"], len(self.alice.objects("chats")))
        self.assertRegex(self.alice.says("counts"), r"(?m)^chats +\d+ chat")
        self.assertEqual(self.bob.one("settings", "signature", "Bob, example.net")["signature"], "Bob, example.net")
        self.assertEqual(self.bob.one("send", "self", "Signed")["footer"], "Bob, example.net")
        self.bob.says("settings", "signature", "")
        self.bob.says("send", ALICE, "Unread", "--wait")
        self.alice.says("sync", "--wait")
        self.assertIn("Unread", self.alice.says("read", BOB, "--unread"))

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
                again = self.bob.says(command, ALICE)
                self.assertRegex(again, r"^Alice[^\n]*\.\n$")
                self.assertRegex(again, "already|not", "there was nothing to do")
                self.refused(1, "not_found", self.bob, command, "nobody")
        self.bob.says("unblock", ALICE)
        self.bob.says("unarchive", ALICE)
        self.bob.says("unmute", ALICE)
        self.assertRegex(self.bob.says("mute", ALICE, "--for", "2h"), "is muted until")
        self.assertEqual(self.bob.says("unmute", ALICE), "Alice is heard again.\n")

    def test_C48_whoever_is_blocked_may_not_have_written(self) -> None:
        """No mail here is signed: the mail host of the test does not."""
        self.addCleanup(self.bob.run, "unblock", ALICE)
        for wish in ([], ["--yes"]):
            said = self.bob.says("block", ALICE, *wish)
            self.assertIn("is blocked. Nothing shows that the last mail from there is theirs", said)
            self.assertEqual(self.bob.says("block", ALICE, *wish), f"Alice <{ALICE}> is blocked already.\n")
            self.bob.says("unblock", ALICE)
        self.assertTrue(self.bob.one("block", ALICE)["sender_unproven"])
        self.bob.says("unblock", ALICE)

    def test_a_draft_for_somebody_to_whom_nothing_was_written(self) -> None:
        self.assertEqual(self.alice.says("draft", "new@example.com", "Dear", "all"),
                         "Kept as a draft in the chat new@example.com.\n")
        self.assertEqual(self.alice.says("draft", "new@example.com"), "Dear all\n")
        self.assertNotIn("new@example.com", self.alice.says("chats"), "nothing was written yet")
        self.assertEqual(self.alice.one("draft", "new@example.com", "")["draft"], "")
        self.refused(1, "not_found", self.alice, "draft", "nobody", "Dear all")

    def test_P12_an_album_is_sent_in_several_mails(self) -> None:
        for number in range(5):
            (self.folder / f"large{number}.bin").write_bytes(bytes([number]) * 7_000_000)
        files = [word for number in range(5) for word in ("--file", str(self.folder / f"large{number}.bin"))]
        sent = self.alice.objects("send", BOB, "Five", "large", "ones", *files, "--wait")
        self.assertEqual([(one["text"], [file["name"] for file in one["attachments"]], one["state"]) for one in sent],
                         [("Five large ones", ["large0.bin", "large1.bin"], "sent"), ("", ["large2.bin", "large3.bin"], "sent"),
                          ("", ["large4.bin"], "sent")])
        self.arrived(self.bob, ALICE, "Five large ones")
        wait_until(lambda: "large4.bin" in self.bob.says("read", ALICE, "--last", "3"), "the last of them")
        came = [one for one in self.bob.objects("read", ALICE, "--last", "10") if one["attachments"]][-3:]
        self.assertEqual([[file["name"] for file in one["attachments"]] for one in came],
                         [["large0.bin", "large1.bin"], ["large2.bin", "large3.bin"], ["large4.bin"]])
        said = self.alice.says("schedule", BOB, "+1h", "Words alone")
        self.alice.says("undo", said.split()[1])
        waits = self.alice.objects("send", BOB, "Later", *files, "--at", "+1h")
        self.assertEqual([one["state"] for one in waits], ["scheduled"] * 3)
        self.assertIn("large0.bin, large1.bin", self.alice.says("outbox"))
        moved = self.alice.objects("reschedule", str(waits[0]["id"]), "+2h")
        self.assertEqual(ids(moved), ids(waits))
        self.assertEqual(len({one["scheduled"] for one in moved}), 1)
        self.assertEqual(self.alice.says("undo", str(waits[1]["id"])),
                         "Messages {}, {} and {} are taken back: Later\n".format(*ids(waits)))
        self.assertEqual(self.alice.says("outbox"), "Nothing waits for its time.\n")
        # Nothing is stored of what cannot go as a whole.
        (self.folder / "huge.bin").write_bytes(bytes(26_000_000))
        before = ids(self.alice.objects("read", BOB))
        result = self.alice.run("send", BOB, "No", *files[:2], "--file", str(self.folder / "huge.bin"))
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertIn("huge.bin is too large for a mail", result.stderr)
        self.assertEqual(ids(self.alice.objects("read", BOB)), before)

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
        self.refused(2, "invalid", self.bob, "react", str(came["id"]))
        self.refused(1, "not_allowed", self.alice, "react", str(sent["id"]), "--withdraw")
        self.refused(1, "not_found", self.bob, "react", "999999", "👍")

    def test_later(self) -> None:
        waits = self.alice.one("schedule", BOB, "+2h", "In", "two", "hours")
        self.assertEqual((waits["state"], waits["text"]), ("scheduled", "In two hours"))
        self.assertRegex(waits["scheduled"], TIME)
        sooner = self.alice.one("send", BOB, "Sooner", "--at", "+1h")
        self.assertEqual(ids(self.alice.objects("outbox")), [sooner["id"], waits["id"]])
        later = self.alice.one("reschedule", str(sooner["id"]), "+3h")
        self.assertGreater(later["scheduled"], waits["scheduled"])
        self.assertEqual(self.alice.one("undo")["text"], "Sooner")
        self.assertEqual(self.alice.says("undo", str(waits["id"])), f"Message {waits['id']} is taken back: In two hours\n")
        self.assertEqual(self.alice.says("outbox"), "Nothing waits for its time.\n")
        self.refused(1, "not_found", self.alice, "undo")
        self.refused(1, "invalid", self.alice, "schedule", BOB, "soon", "x")
        self.refused(1, "invalid", self.alice, "schedule", BOB, "2020-01-01T00:00:00Z", "x")
        held = self.alice.one("send", BOB, "A second later", "--delay", "1")
        self.assertEqual(held["state"], "scheduled")
        self.arrived(self.bob, ALICE, "A second later")
        now = self.alice.one("schedule", BOB, "tomorrow 9:00", "At once after all")
        self.alice.says("reschedule", str(now["id"]), "now")
        self.arrived(self.bob, ALICE, "At once after all")
        self.refused(1, "not_allowed", self.alice, "undo", str(now["id"]))

    def test_what_waits_fails_where_it_cannot_be_sent(self) -> None:
        waits = self.alice.one("schedule", BOB, "+1h", "Never")
        self.alice.says("block", BOB)
        self.alice.says("reschedule", str(waits["id"]), "now")
        failed = self.changed(self.alice, BOB, waits["id"], lambda one: one["state"] == "failed")
        self.assertEqual(failed["error"], f"{BOB} is blocked")
        self.alice.says("unblock", BOB)
        self.alice.says("undo", str(waits["id"]))
        self.assertNotIn(waits["id"], ids(self.alice.objects("read", BOB)))

    def test_undo_send(self) -> None:
        self.assertEqual(self.alice.says("settings", "undo-send"), "off\n")
        self.assertEqual(self.alice.one("settings", "undo-send", "30s")["undo_send"], 30)
        self.refused(1, "invalid", self.alice, "settings", "undo-send", "61s")
        self.refused(1, "invalid", self.alice, "settings", "undo-send", "soon")
        with self.listening("--json", "watch", person=self.alice) as watch:
            self.until_it_listens(watch, self.alice, BOB)
            held = self.alice.one("send", BOB, "With a mistake")
            self.assertEqual(held["state"], "scheduled")
            self.assertEqual(self.alice.one("undo")["id"], held["id"])
            told = []
            while not told or told[-1][0] != "message_removed":
                event = json.loads(watch.stdout.readline())
                if event["type"] == "message_removed":
                    told.append((event["type"], event["message"]))
                elif event["type"].startswith("message_") and event["message"]["id"] == held["id"]:
                    told.append((event["type"], event["message"]["state"]))
            self.assertEqual((told[0], told[-1]), (("message_added", "scheduled"), ("message_removed", held["id"])))
            watch.terminate()
        at_once = self.alice.one("send", BOB, "Without one", "--delay", "0")
        self.assertNotEqual(at_once["state"], "scheduled")
        self.arrived(self.bob, ALICE, "Without one")
        self.assertEqual(self.alice.one("settings", "undo-send", "1s")["undo_send"], 1)
        self.assertEqual(self.alice.one("poll", BOB, "Right?", "Yes", "No")["state"], "scheduled")
        self.arrived(self.bob, ALICE, "Right?\n1. Yes\n2. No")
        self.assertEqual(self.alice.says("settings", "undo-send", "off"), "off\n")

    def test_polls(self) -> None:
        self.alice.says("send", BOB, "A poll will come", "--wait")
        self.arrived(self.bob, ALICE, "A poll will come")
        self.bob.says("send", ALICE, "Good", "--wait")
        self.arrived(self.alice, BOB, "Good")
        asked = self.alice.one("poll", BOB, "Which film?", "Alien", "Dune", "--end", "2d")
        self.check_message(asked)
        self.assertEqual((asked["kind"], asked["poll"]["question"], asked["poll"]["voters"]), ("poll", "Which film?", 0))
        came = self.arrived(self.bob, ALICE, "Which film?\n1. Alien\n2. Dune")
        self.assertEqual([option["text"] for option in came["poll"]["options"]], ["Alien", "Dune"])
        self.assertEqual(self.bob.says("vote", str(came["id"]), "2"), f"Your vote in poll {came['id']}: Dune.\n")
        voted = [(0, [], False), (1, [BOB], False)]
        self.changed(self.alice, BOB, asked["id"],
                     lambda one: [(o["votes"], o["from"], o["own"]) for o in one["poll"]["options"]] == voted)
        shown = self.alice.says("read", BOB)
        self.assertRegex(shown, r"2   Dune +█+ +1  Bob")
        self.assertRegex(self.bob.says("read", ALICE), r"2 ● Dune +█+ +1  You")
        self.refused(1, "invalid", self.bob, "vote", str(came["id"]), "3")
        self.refused(2, "invalid", self.bob, "vote", str(came["id"]))
        self.refused(1, "not_allowed", self.bob, "poll-close", str(came["id"]))
        self.refused(1, "not_allowed", self.alice, "edit", str(asked["id"]), "Which?")
        self.refused(2, "invalid", self.alice, "poll", BOB, "Which film?", "Alien")
        self.refused(1, "invalid", self.alice, "poll", BOB, "When?", "today", "tomorrow", "--dates")
        dated = self.alice.one("poll", BOB, "When?", "2030-12-05 18:00", "2030-12-06", "2030-12-07T12:00:00Z", "--dates")
        moment = datetime.datetime(2030, 12, 5, 18).astimezone(datetime.timezone.utc)  # told without the writer's zone
        self.assertEqual(dated["poll"]["options"][0]["date"], f"{moment:%Y-%m-%dT%H:%M:%SZ}")
        shown = self.alice.says("read", BOB, "--last", "1")
        self.assertRegex(shown, r"1   Thu, 5 Dec 2030, 18:00 +0\n")
        self.assertRegex(shown, r"2   Fri, 6 Dec 2030 +0\n")
        self.bob.says("vote", str(came["id"]), "--withdraw")
        self.changed(self.alice, BOB, asked["id"], lambda one: one["poll"]["voters"] == 0)
        closed = self.alice.one("poll-close", str(asked["id"]))
        self.assertTrue(closed["poll"]["closed"])
        self.changed(self.bob, ALICE, came["id"], lambda one: one["poll"]["closed"])
        self.assertIn("nobody has voted", self.bob.says("read", ALICE))
        self.refused(1, "not_allowed", self.bob, "vote", str(came["id"]), "1")

    def test_groups(self) -> None:
        group = self.alice.one("group", "create", "Film Club", BOB, "gwen@example.org")
        self.check_chat(group)
        self.assertEqual((group["kind"], group["name"], group["is_member"]), ("group", "Film Club", True))
        self.assertEqual([member["addr"] for member in group["members"]], [BOB, "gwen@example.org"])
        self.alice.says("send", "Film Club", "Alien on Friday?")
        wait_until(lambda: [one for one in self.bob.objects("chats") if one["name"] == "Film Club"], "the group")
        [chat] = [one for one in self.bob.objects("chats") if one["name"] == "Film Club"]
        self.assertEqual([member["addr"] for member in chat["members"]], [ALICE, "gwen@example.org"])
        said = self.arrived(self.bob, str(chat["id"]), "Alien on Friday?")
        self.bob.says("send", "Film Club", "I am in", "--reply", str(said["id"]))
        self.arrived(self.alice, "Film Club", "I am in")
        self.assertEqual(self.alice.says("group", "add", "Film Club", "hugo@example.com"),
                         "hugo@example.com is now in Film Club.\n")
        self.refused(1, "not_allowed", self.alice, "group", "add", "Film Club", "hugo@example.com")
        self.refused(1, "invalid", self.alice, "group", "add", "Film Club", "nobody")
        self.refused(1, "not_found", self.alice, "group", "remove", "Film Club", "ida@example.com")
        self.refused(1, "not_allowed", self.alice, "group", "add", BOB, "hugo@example.com")
        self.assertEqual(self.bob.says("group", "rename", "Film Club", "Cinema"), "The group is called Cinema now.\n")
        wait_until(lambda: [one for one in self.alice.objects("chats") if one["name"] == "Cinema"], "its new name")
        self.assertIn("Bob Miller  renamed the group to \"Cinema\"", self.alice.says("read", "Cinema"))
        self.alice.says("group", "describe", "Cinema", "Every Friday")
        wait_until(lambda: [one for one in self.bob.objects("chats") if one.get("description") == "Every Friday"],
                   "its description")
        self.assertIn("changed the description of the group to \"Every Friday\"", self.alice.says("read", "Cinema"))
        self.assertIn("changed the description of the group to \"Every Friday\"", self.bob.says("read", "Cinema"))
        self.assertEqual(self.bob.says("group", "describe", "Cinema"), "Every Friday\n")
        self.assertRegex(self.bob.says("search", "Alien", "--chat", "Cinema"), "Alice: Alien on Friday")
        photo = self.folder / "cinema.png"
        photo.write_bytes(PNG)
        self.assertEqual(self.alice.says("group", "picture", "Cinema", str(photo)), "Cinema has that picture now.\n")
        wait_until(lambda: [one for one in self.bob.objects("chats") if one.get("picture")], "its picture")
        saved = self.folder / "saved.jpg"
        self.bob.says("group", "picture", "Cinema", "--save", str(saved))
        self.assertTrue(saved.read_bytes().startswith(b"\xff\xd8"))
        self.refused(2, "invalid", self.bob, "group", "picture", "Cinema")
        self.refused(1, "invalid", self.bob, "group", "picture", "Cinema", __file__)
        self.assertEqual(self.bob.says("group", "picture", "Cinema", "--remove"), "Cinema has no picture now.\n")
        self.assertEqual(self.bob.says("group", "members", "Cinema"),
                         "Every Friday\n\nAlice  alice@example.org\ngwen@example.org\nhugo@example.com\nYou\n")
        self.assertEqual(self.bob.says("group", "leave", "Cinema"), "You are no longer in Cinema.\n")
        self.refused(1, "not_allowed", self.bob, "send", "Cinema", "Still here?")
        wait_until(lambda: BOB not in self.alice.says("group", "members", "Cinema"), "that Bob left")

    def test_after_sending(self) -> None:
        sent = self.alice.one("send", BOB, "The ship sails at eihgt")
        came = self.arrived(self.bob, ALICE, "The ship sails at eihgt")
        # So that each knows the other's program.
        self.bob.says("send", ALICE, "Thank you for that", "--wait")
        thanks = self.arrived(self.alice, BOB, "Thank you for that")
        edited = self.alice.one("edit", str(sent["id"]), "The", "ship", "sails", "at", "eight")
        self.check_message(edited)
        self.assertEqual((edited["text"], edited["edited"], edited["id"]), ("The ship sails at eight", True, sent["id"]))
        self.changed(self.bob, ALICE, came["id"], lambda one: one["text"] == "The ship sails at eight")
        words = [version["text"] for version in self.bob.objects("history", str(came["id"]))]
        self.assertEqual(words, ["The ship sails at eihgt", "The ship sails at eight"])
        self.refused(1, "not_allowed", self.bob, "edit", str(came["id"]), "Mine now")
        self.refused(1, "invalid", self.alice, "edit", str(sent["id"]), "The ship sails at eight")
        pinned = self.bob.one("pin", str(came["id"]), "--for", "2d")
        self.check_message(pinned)
        self.assertTrue(pinned["pinned"])
        self.changed(self.alice, BOB, sent["id"], lambda one: one["pinned"])
        self.assertEqual([pin["by"] for pin in self.alice.objects("pins", BOB)], [BOB])
        self.alice.says("unpin", str(sent["id"]))
        self.changed(self.bob, ALICE, came["id"], lambda one: not one["pinned"])
        self.refused(1, "not_allowed", self.alice, "unpin", str(thanks["id"]))
        deleted = self.alice.one("delete", str(sent["id"]))
        self.check_message(deleted["message"])
        self.assertEqual((deleted["message"]["deleted"], deleted["message"]["text"]), (True, ""))
        self.changed(self.bob, ALICE, came["id"], lambda one: one["deleted"] and not one["text"])
        self.assertIn("(deleted)", self.bob.says("read", ALICE))
        self.changed(self.alice, BOB, sent["id"], lambda one: not one["on_server"])
        # Another's message goes here alone.
        self.assertNotIn("message", self.bob.one("delete", str(came["id"])))
        self.refused(1, "not_found", self.bob, "history", str(came["id"]))

    def test_contacts_in_the_mailbox(self) -> None:
        other = Person(self.folder / "alice-other")
        self.addCleanup(other.run, "daemon", "stop")
        self.assertEqual(other.login(self.host, ALICE, "Alice").returncode, 0)
        self.assertNotIn("contacts", self.alice.one("settings"))
        for device in (self.alice, other):
            self.assertTrue(device.one("settings", "contacts", "on")["contacts"])
        self.alice.says("contact", "set", "carol@example.com", "--name", "Carol")
        kept = self.alice.one("draft", BOB, "Not yet\nsaid")
        self.check_fields(kept, CHAT, CHAT_MORE)
        self.assertEqual(kept["draft"], "Not yet\nsaid")
        wait_until(lambda: "Carol" in other.says("contacts"), "the contact of the other device")
        wait_until(lambda: other.says("draft", BOB) == "Not yet\nsaid\n", "the draft of the other device")
        self.assertIn("no draft", other.says("draft", BOB, ""))
        wait_until(lambda: "no draft" in self.alice.says("draft", BOB), "the end of the draft")
        self.assertFalse(self.alice.one("settings", "contacts", "off")["contacts"])

    def test_timer(self) -> None:
        self.bob.says("send", ALICE, "How long does this stay?", "--wait")
        self.arrived(self.alice, BOB, "How long does this stay?")
        self.alice.says("send", BOB, "That is up to us", "--wait")
        self.arrived(self.bob, ALICE, "That is up to us")
        self.assertIn("do not disappear", self.alice.says("timer", BOB))
        self.assertIn("Messages disappear after 2 seconds in programs that support it",
                      self.alice.says("timer", BOB, "2s"))
        wait_until(lambda: self.bob.one("timer", ALICE)["timer"] == 2, "the timer")
        self.assertIn("set messages to disappear after 2 seconds", self.bob.says("read", ALICE))
        sent = self.alice.one("send", BOB, "Burn after reading")
        self.assertEqual(sent["timer"], 2)
        came = self.arrived(self.bob, ALICE, "Burn after reading")
        self.assertNotIn("expires", came)
        wait_until(lambda: sent["id"] not in ids(self.alice.objects("read", BOB)), "that the own one is gone")
        self.assertIn(came["id"], ids(self.bob.objects("read", ALICE)))
        self.bob.says("seen", ALICE)
        wait_until(lambda: came["id"] not in ids(self.bob.objects("read", ALICE)), "that it is gone")
        self.assertTrue(self.bob.one("timer", ALICE, "--remove-copies")["removes_copies"])
        self.assertFalse(self.bob.one("timer", ALICE, "--keep-copies")["removes_copies"])
        self.refused(1, "invalid", self.alice, "timer", BOB, "soon")
        self.refused(1, "not_allowed", self.alice, "timer", BOB, "2s")
        chat = self.alice.one("timer", BOB, "off")
        self.check_fields(chat, CHAT, CHAT_MORE)
        self.assertEqual(chat["timer"], 0)
        wait_until(lambda: self.bob.one("timer", ALICE)["timer"] == 0, "that it is off")
        self.alice.one("send", "plain@example.com", "Hello")
        warned = self.alice.says("timer", "plain@example.com", "1d")
        self.assertIn("their copies stay: plain@example.com", warned)
        self.alice.says("timer", "plain@example.com", "off")
        self.alice.says("archive", "plain@example.com")

    def test_the_profile_goes_to_whom_it_is_for(self) -> None:
        self.assertEqual(self.alice.one("profile")["parts"], [])
        self.addCleanup(self.alice.run, "profile", "--remove")
        self.addCleanup(self.alice.run, "profile", "--for", "friend", "--remove")
        photo = self.folder / "alice.png"
        photo.write_bytes(PNG)
        self.bob.says("send", ALICE, "Who are you?", "--wait")  # so that she knows his program
        self.arrived(self.alice, BOB, "Who are you?")
        [part] = self.alice.one("profile", "--status", "On the road", "--picture", str(photo))["parts"]
        self.assertEqual((part["categories"], part["status"], part["photo"] != ""), ([], "On the road", True))
        self.alice.one("profile", "--for", "Friend", "--birthday", "12-24")
        shown = self.alice.says("profile")
        self.assertRegex(shown, r"For everybody:\nStatus +On the road\nBirthday +\(none\)\nPicture +yes\n\nFor friend:")
        self.assertEqual(self.alice.one("contact", "set", BOB, "--category", "work, friend")["categories"], ["friend", "work"])
        self.assertRegex(self.alice.says("contacts"), rf"{BOB}.*\[friend, work\]")
        self.alice.says("send", BOB, "Look at me")
        self.arrived(self.bob, ALICE, "Look at me")
        [found] = [one for one in self.bob.objects("contacts") if one["addresses"][0]["addr"] == ALICE]
        self.assertEqual((found["status"], found["birthday"]), ("On the road", "--12-24"))
        self.assertIn("birthday 12-24  On the road", self.bob.says("contacts"))
        [chat] = [one for one in self.bob.objects("chats") if one["id"] == found["chat"]]
        self.assertEqual((chat["picture"], chat["picture"] != ""), (found["picture"], True))
        for words in (["--birthday", "12-32"], ["--status", "a\nb"], ["--for", "a;b", "--status", "x"],
                      ["--picture", __file__]):
            self.refused(1, "invalid", self.alice, "profile", *words)
        for words in (["--remove", "--status", "x"], ["--for", "friend", "--name", "Al"]):
            self.refused(2, "invalid", self.alice, "profile", *words)
        self.refused(1, "not_found", self.alice, "profile", "--for", "nobody", "--remove")
        self.refused(1, "not_found", self.alice, "profile", "--picture", str(self.folder / "none.png"))
        self.alice.says("contact", "set", BOB, "--category", "")

    def test_a_sticker_is_one_picture(self) -> None:
        cat = self.folder / "cat.png"
        cat.write_bytes(PNG)
        sticker = self.alice.one("send", BOB, "--sticker", str(cat))
        self.assertEqual((sticker["kind"], len(sticker["attachments"])), ("sticker", 1))
        wait_until(lambda: self.bob.one("read", ALICE, "--last", "1")["kind"] == "sticker", "the sticker")
        self.refused(1, "invalid", self.alice, "send", BOB, "words", "--sticker", str(cat))

    def test_names_that_fit_several_chats(self) -> None:
        for addr in ("dora@example.com", "doris@example.com"):
            self.alice.says("send", addr, "x")
        self.refused(1, "ambiguous", self.alice, "send", "dor", "to whom?")
        self.assertIn("dora@example.com", self.alice.run("read", "dor").stderr)
        self.assertEqual(self.alice.one("read", "dora@example.com")["text"], "x")
        clubs = [self.alice.one("group", "create", "Namesake", "gwen@example.org")["id"] for _ in range(2)]
        for command in ("read", "send"):
            said = self.alice.run(command, "namesake", *(["x"] if command == "send" else [])).stderr
            for club in clubs:
                self.assertIn(f"Namesake (chat {club})", said)
        for club in clubs:
            self.alice.says("group", "leave", str(club))
            self.alice.says("archive", str(club))
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

    def test_watch_says_what_deserves_a_notification(self) -> None:
        sent = self.alice.one("send", BOB, "Who brings the cake?")
        came = self.arrived(self.bob, ALICE, "Who brings the cake?")
        self.bob.says("send", ALICE, "I do", "--wait")  # so that each knows the other's program
        self.arrived(self.alice, BOB, "I do")

        def reaction_to(emoji: str) -> dict:
            self.bob.says("react", str(came["id"]), emoji)
            while True:
                event = json.loads(watch.stdout.readline())
                reactions = event.get("message", {}).get("reactions", [])
                if event["type"] == "message_changed" and [one["emoji"] for one in reactions] == [emoji]:
                    self.assertEqual(event["message"]["id"], sent["id"])
                    return event

        with self.listening("--json", "watch", "--chat", BOB, person=self.alice) as watch:
            self.until_it_listens(watch, self.alice, BOB)
            self.assertEqual(reaction_to("🎉").get("reacted"), {"from": BOB, "emoji": "🎉"})
            self.alice.says("mute", BOB)
            try:
                self.assertNotIn("reacted", reaction_to("👍"))
                for text, heard in (("Hello", False), (f"Hello @Alice:{ALICE}", True)):
                    self.bob.says("send", ALICE, text)
                    while (event := json.loads(watch.stdout.readline())).get("message", {}).get("text") != text:
                        pass
                    self.assertEqual((event["type"], event["notify"]), ("message_added", heard))
            finally:
                self.alice.says("unmute", BOB)
                watch.terminate()

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
