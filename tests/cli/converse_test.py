#!/usr/bin/python3
"""coi chat, send and original before a daemon that a test plays. Usage: converse_test.py DIRECTORY-OF-THE-PROGRAMS"""

import json
import subprocess
import threading
import unittest

from programs import PATIENCE, PROGRAMS
from played import Played, message  # after the programs, which take the first argument


class Conversing(Played):
    def setUp(self) -> None:
        super().setUp()
        self.messages: list[dict] = []
        self.chat = {"account": "A", "id": 7, "name": "Bob"}
        self.seq = 100
        self.daemon.methods |= {"messages": self.newest}

    def newest(self, params: dict) -> dict:
        unread = sum(each["state"] == "fresh" for each in self.messages)
        return {"seq": self.seq, "chat": self.chat | {"unread": unread}, "messages": self.messages[-params["most"]:]}

    def converse(self, *options: str, chat: str = "Bob") -> subprocess.Popen:
        coi = subprocess.Popen([PROGRAMS / "coi", "--data", self.data, *options, "chat", chat], text=True,
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=self.environment)
        timer = threading.Timer(PATIENCE, coi.kill)  # a reader that waits in vain gets its end
        timer.start()
        self.addCleanup(timer.cancel)
        return coi

    def shown(self, *options: str) -> list[int]:
        coi = self.converse("--json", *options)
        said, _ = coi.communicate("", timeout=PATIENCE)
        self.assertEqual(coi.returncode, 0)
        return [json.loads(line)["id"] for line in said.splitlines()]

    def test_begins_with_ten_messages(self) -> None:
        self.messages = [message(number) for number in range(1, 31)]
        self.assertEqual(self.shown(), list(range(21, 31)))
        self.assertNotIn("seen", [method for method, _ in self.daemon.asked.queue])

    def test_c34_shows_what_it_marks_as_seen(self) -> None:
        """Own messages and seen ones stand between the unread ones, so that counting them back is not enough."""
        self.messages = [message(number, ("fresh", "seen", "sent")[number % 3]) for number in range(1, 91)]
        self.assertEqual(self.shown(), list(range(3, 91)))
        seen = self.daemon.next("seen")
        self.assertEqual((seen["chat"], seen["from"], seen["up_to"]), ("7", 3, 90))

    def test_c34_marks_no_more_than_it_shows(self) -> None:
        self.messages = [message(number, "fresh") for number in range(1, 2001)]
        self.assertEqual(self.shown(), list(range(1001, 2001)))
        seen = self.daemon.next("seen")
        self.assertEqual((seen["from"], seen["up_to"]), (1001, 2000))
        coi = self.converse()
        said, _ = coi.communicate("", timeout=PATIENCE)
        self.assertIn("1000 earlier ones are unread: coi read 7 --before 1001", said)

    def test_c34_marks_the_one_that_comes_alone(self) -> None:
        self.messages = [message(1)]
        with self.converse("--json") as coi:
            self.assertEqual(json.loads(coi.stdout.readline())["id"], 1)
            self.daemon.tell(type="message_added", seq=101, message=message(5, "fresh"))
            self.assertEqual(json.loads(coi.stdout.readline())["id"], 5)
            seen = self.daemon.next("seen")
            self.assertEqual((seen["from"], seen["up_to"]), (5, 5))
            coi.stdin.close()

    def test_shows_what_came_when_it_is_told_to_read_anew(self) -> None:
        self.messages = [message(number) for number in range(1, 31)]
        with self.converse("--json") as coi:
            self.assertEqual([json.loads(coi.stdout.readline())["id"] for _ in range(10)], list(range(21, 31)))
            self.messages += [message(number, ("fresh", "sent")[number % 2]) for number in range(31, 331)]
            self.seq = 401
            self.daemon.tell(type="resync", seq=400)
            self.assertEqual([json.loads(coi.stdout.readline())["id"] for _ in range(300)], list(range(31, 331)))
            seen = self.daemon.next("seen")
            self.assertEqual((seen["from"], seen["up_to"]), (32, 330))
            self.daemon.tell(type="message_added", seq=401, message=message(329, "sent"))  # is in what was read
            self.daemon.tell(type="message_added", seq=402, message=message(331, "sent"))
            self.assertEqual(json.loads(coi.stdout.readline())["id"], 331)
            coi.stdin.close()

    def test_shows_what_arrives_in_a_chat_that_was_not_there(self) -> None:
        nobody = {"error": {"code": -32000, "message": "there is no chat", "data": {"kind": "not_found", "hint": ""}}}
        self.daemon.methods |= {"messages": nobody, "candidates": {"candidates": []}}
        with self.converse("--json", chat="bob@example.net") as coi:
            self.daemon.next("status")
            self.messages = [message(1, "fresh")]
            self.daemon.tell(type="message_added", seq=101, message=message(1, "fresh"))
            self.daemon.methods["messages"] = self.newest
            self.daemon.tell(type="chat_changed", seq=102, chat=self.chat)
            self.assertEqual(json.loads(coi.stdout.readline())["id"], 1)
            self.daemon.tell(type="message_added", seq=103, message=message(2, "fresh"))
            self.assertEqual(json.loads(coi.stdout.readline())["id"], 2)
            coi.stdin.close()

    def test_of_a_group_of_which_an_event_names_a_few_asks_for_all(self) -> None:
        people = [{"addr": f"p{number}@example.net", "name": f"Person {number}", "person": number} for number in range(1, 8)]
        self.chat |= {"kind": "group", "name": "Club", "member_count": 7, "members": people}
        self.daemon.methods["chat"] = {"chat": self.chat}
        said = message(6, "fresh", **{"from": {"addr": "p6@example.net", "name": "Otherwise", "person": 6}})
        with self.converse() as coi:
            self.daemon.next("messages")
            self.daemon.tell(type="chat_changed", seq=101, chat=self.chat | {"members": people[:5]})
            self.daemon.tell(type="message_added", seq=102, message=said)
            self.assertIn("Person 6", self.read_until(coi, "words 6"))
            coi.stdin.close()

    def test_says_why_messages_wait_and_that_they_went(self) -> None:
        sent = message(9, "pending", outgoing=True, text="hello")
        self.daemon.methods["send_message"] = {"message": sent}
        reason = {"state": "offline", "sending_problem": "no route", "hint": "wait"}
        with self.converse() as coi:
            coi.stdin.write("hello\n")
            coi.stdin.flush()
            self.read_until(coi, "hello")
            for _ in range(2):
                self.daemon.tell(type="connection", seq=101, connection=reason)
            self.assertIn("no route (wait)", self.read_until(coi, "a message waits:"))
            self.daemon.tell(type="message_changed", seq=102, message=sent | {"state": "sent"})
            self.assertNotIn("waits", self.read_until(coi, "sent now: hello"))
            coi.stdin.close()

    def read_until(self, coi: subprocess.Popen, text: str) -> str:
        for line in coi.stdout:
            if text in line:
                return line
        raise AssertionError(f"{text} was not said")

    def test_writes_back_what_was_refused(self) -> None:
        self.daemon.methods["send_message"] = {"error": {"code": -32000, "message": "the disk is full",
                                                         "data": {"kind": "full", "hint": "make room"}}}
        code, shown = self.talk(["chat", "Bob"], [("ctrl-D leaves", b"one two\r"), ("the disk is full (make room)", b""),
                                                  ("one two", self.accept), ("", b"!\r"), ("one two!", b"\x04")])
        self.assertEqual(code, 0, shown)
        self.assertEqual([self.daemon.next("send_message")["text"] for _ in range(2)], ["one two", "one two!"])

    def accept(self) -> None:
        self.daemon.methods["send_message"] = lambda params: {"message": message(9, "sent", text=params["text"])}

    def test_is_drawn_anew_when_the_terminal_is_resized(self) -> None:
        code, shown = self.talk(["chat", "Bob"], [("ctrl-D leaves", b"draft"), ("draft", "resize"), ("draft", b"\x0c"),
                                                  ("\033[2J", b""), ("draft", b"\x15\x04")])
        self.assertEqual(code, 0, shown)

    def test_stops_a_long_text_at_control_c(self) -> None:
        self.messages = [message(1, text="words " * 500_000)]
        code, shown = self.talk(["chat", "Bob"], [("words", b"\x03"), ("interrupted", b"draft"), ("draft", b"\x15\x04")])
        self.assertEqual(code, 0)
        self.assertLess(len(shown), 2_000_000)

    def test_stops_what_takes_no_room_at_control_c(self) -> None:
        """One character with marks without end, and characters joined without end."""
        for text in ("words e" + "\u0301" * 380_000, "words " + "\u200d\U0001f469" * 100_000, "words \U0001f3f4" + "\U000e0067" * 190_000,
                     "words e" + "\r\u0301" * 380_000):
            self.messages = [message(1, text=text)]
            code, shown = self.talk(["chat", "Bob"], [("words", b"\x03\x04")])
            self.assertEqual(code, 0)
            self.assertLess(len(shown.encode()), 500_000, text[:8])

    def test_no_words_steer_the_terminal(self) -> None:
        evil = "\033]0;title\007 \u202e \u0085"
        self.daemon.methods["candidates"] = {"candidates": [{"account": "A", "chat": 7, "addr": evil, "name": evil}]}
        self.chat["name"] = evil
        self.messages = [message(1, text=evil, **{"from": {"addr": evil, "name": evil}})]
        self.daemon.methods["send_message"] = {"error": {"code": -32000, "message": evil,
                                                         "data": {"kind": "not_allowed", "hint": evil}}}
        coi = self.converse()
        said = coi.communicate("hello\n", timeout=PATIENCE)
        self.assertEqual(coi.returncode, 1)
        for text in said:  # standard output and standard error
            self.assertIn("]0;title", text)
            for character in "\033\007\u202e\u0085":
                self.assertNotIn(character, text)


class Repeating(Played):
    """The daemon goes amid a request, and nobody knows what became of it."""

    def setUp(self) -> None:
        super().setUp()
        self.answers = [None, {"message": message(9, "sent", text="hello")}]
        self.daemon.methods |= {"send_message": lambda _: self.answers.pop(0), "messages": {"chat": {"account": "A", "id": 7}}}

    def tokens(self) -> list[str]:
        return [self.daemon.next("send_message")["token"] for _ in range(2)]

    def test_of_send_is_under_one_token(self) -> None:
        self.assertIn("Message 9 to Bob <bob@example.net> was sent", self.done("send", "bob", "hello"))
        first, again = self.tokens()
        self.assertEqual(first, again)
        self.assertEqual(len(first), 32)

    def test_of_chat_is_under_one_token(self) -> None:
        self.assertIn("hello", self.done("chat", "bob", text="hello\n"))
        first, again = self.tokens()
        self.assertEqual(first, again)

    def test_ends_when_the_daemon_ends_again_and_again(self) -> None:
        self.answers = [None] * 20
        self.assertIn("ended", self.coi("chat", "bob", text="hello\n").stderr)
        self.assertIn("ended", self.refused(1, "send", "bob", "hello"))
        self.assertGreater(len(self.answers), 9)

    def test_of_two_messages_is_under_two(self) -> None:
        self.answers = [{"message": message(9, "sent")}] * 2
        self.done("send", "bob", "hello")
        self.done("send", "bob", "hello")
        first, other = self.tokens()
        self.assertNotEqual(first, other)


class Original(Played):
    def test_is_escaped_on_a_terminal_alone(self) -> None:
        self.daemon.methods["original"] = {"mail": "Subject: \033[31mred\x9b\xe9\r\n\r\nx\r\n"}
        code, shown = self.talk(["original", "1"], [])
        self.assertEqual(code, 0)
        self.assertIn("Subject: �[31mred��", shown)
        raw = subprocess.run([PROGRAMS / "coi", "--data", self.data, "original", "1"], stdout=subprocess.PIPE, check=True,
                             timeout=PATIENCE, env=self.environment)
        self.assertEqual(raw.stdout, b"Subject: \033[31mred\x9b\xe9\r\n\r\nx\r\n")


if __name__ == "__main__":
    unittest.main()
