#!/usr/bin/python3
"""coi before a daemon that a test plays: what a real one does only under load, or when somebody means ill.
Usage: converse_test.py DIRECTORY-OF-THE-PROGRAMS"""

import contextlib
import json
import queue
import socket
import subprocess
import threading
import unittest

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
        self.daemon = PlayedDaemon(str(self.data / "coid.sock"))
        self.addCleanup(self.daemon.close)


class Conversing(Played):
    def setUp(self) -> None:
        super().setUp()
        self.messages: list[dict] = []
        self.chat = {"account": "A", "id": 7, "name": "Bob"}
        self.seq = 100
        self.daemon.methods |= {"messages": self.newest}

    def newest(self, params: dict) -> dict:
        unread = sum(each["state"] == "fresh" for each in self.messages)
        return {"seq": self.seq, "chat": self.chat | {"unread": unread}, "messages": self.messages[-params["last"]:]}

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
            self.assertIn("no route (wait)", self.read_until(coi, "a message waits for"))
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


class Whom(Played):
    """Of several people of one name, who is meant."""

    def setUp(self) -> None:
        super().setUp()
        people = [{"account": "A", "account_addr": "alice@example.org", "chat": number, "addr": addr, "name": name}
                  for number, addr, name in ((3, "bob@example.net", "Bob Miller"), (4, "bob@example.com", "Bob \033Smith"))]
        self.daemon.methods |= {"candidates": {"candidates": people}, "messages": {"chat": {"account": "A", "id": 4}},
                                "send_message": {"message": message(9, "sent", chat=4)}}

    def test_is_refused_where_nobody_can_be_asked(self) -> None:
        for command in (["send", "bob", "hello"], ["chat", "bob"], ["--json", "send", "bob", "hello"]):
            result = self.coi(*command)
            self.assertEqual((result.returncode, result.stdout), (1, ""))
            self.assertIn("Bob Miller <bob@example.net>; Bob �Smith <bob@example.com>", result.stderr)
        self.assertNotIn("send_message", [method for method, _ in self.daemon.asked.queue])

    def test_is_asked_on_a_terminal(self) -> None:
        code, shown = self.talk(["send", "bob", "hello"], [("2  Bob �Smith <bob@example.com>", b""), ("Which one", b"2\r")])
        self.assertEqual(code, 0, shown)
        self.assertIn("to Bob �Smith <bob@example.com> was sent", shown)
        asked = self.daemon.next("send_message")
        self.assertEqual((asked["account"], asked["chat"]), ("A", "4"))

    def test_is_nobody_when_none_is_chosen(self) -> None:
        for answer in (b"\r", b"3\r", b"0\r", b"bob\r", b"\x04"):
            code, shown = self.talk(["send", "bob", "hello"], [("Which one", answer)])
            self.assertEqual(code, 1, shown)
            self.assertIn("nobody was chosen", shown)
        self.assertNotIn("send_message", [method for method, _ in self.daemon.asked.queue])

    def test_of_a_new_address_is_written_to_from_the_account_that_is_chosen(self) -> None:
        accounts = [{"id": "A", "addr": "alice@example.org"}, {"id": "B", "addr": "alice@example.com"}]
        self.daemon.methods |= {"candidates": {"candidates": []}, "accounts": {"accounts": accounts}}
        code, shown = self.talk(["send", "new@example.net", "hello"], [("alice@example.com", b""), ("Which one", b"2\r")])
        self.assertEqual(code, 0, shown)
        asked = self.daemon.next("send_message")
        self.assertEqual((asked["account"], asked["chat"]), ("B", "new@example.net"))


class Watching(Played):
    """With a second account `watch` tells of both, unless one is meant."""

    def setUp(self) -> None:
        super().setUp()
        self.accounts = [{"id": "A", "addr": "alice@example.org"}, {"id": "B", "addr": "alice@example.com"}]
        self.daemon.methods |= {"accounts": lambda _: {"accounts": self.accounts}, "status": {"account": "B"},
                                "chats": {"chats": [{"account": one, "id": 7, "name": "Bob"} for one in "AB"]},
                                "chat": {"chat": {"account": "B", "id": 7, "name": "Bob"}}}

    def watch(self, *words: str) -> str:
        """What it is subscribed to."""
        watching = subprocess.Popen([PROGRAMS / "coi", "--data", self.data, *words], text=True, stdout=subprocess.PIPE,
                                    env=self.environment)
        self.addCleanup(watching.communicate)
        self.addCleanup(watching.kill)
        self.lines = watching.stdout
        return self.daemon.next("subscribe")["account"]

    def test_is_of_all_accounts(self) -> None:
        self.assertEqual(self.watch("watch"), "")
        self.daemon.tell(type="message_added", seq=1, message=message(1))
        self.daemon.tell(type="message_added", seq=1, account="B", message=message(1, account="B"))
        self.daemon.tell(type="connection", account="B", connection={"state": "online"})
        self.daemon.tell(type="connection", connection={"state": "online"})
        shown = "".join(self.lines.readline() for _ in range(6))
        self.assertRegex(shown, r"Bob  of alice@example\.org: words 1\n.*Bob  of alice@example\.com: words 1\n")
        self.assertRegex(shown, r"alice@example\.com: online\n.*alice@example\.org: online\n")

    def test_is_of_the_account_that_is_meant(self) -> None:
        self.assertEqual(self.watch("watch", "--account", "alice@example.com"), "B")
        self.daemon.tell(type="message_added", seq=1, account="B", message=message(1, account="B"))
        shown = "".join(self.lines.readline() for _ in range(3))
        self.assertIn("Bob  words 1", shown)

    def test_is_of_the_account_that_was_chosen(self) -> None:
        self.accounts[1]["used"] = True
        self.assertEqual(self.watch("watch"), "B")

    def test_is_of_the_account_of_the_chat(self) -> None:
        self.assertEqual(self.watch("watch", "--chat", "bob"), "B")


class Original(Played):
    def test_is_escaped_on_a_terminal_alone(self) -> None:
        self.daemon.methods["original"] = {"mail": "Subject: \033[31mred\x9b\xe9\r\n\r\nx\r\n"}
        code, shown = self.talk(["original", "1"], [])
        self.assertEqual(code, 0)
        self.assertIn("Subject: �[31mred��", shown)
        raw = subprocess.run([PROGRAMS / "coi", "--data", self.data, "original", "1"], stdout=subprocess.PIPE, check=True,
                             timeout=PATIENCE, env=self.environment)
        self.assertEqual(raw.stdout, b"Subject: \033[31mred\x9b\xe9\r\n\r\nx\r\n")


class Strangers(Played):
    """Whoever writes chooses a name: what tells a stranger from a friend is the address."""

    names = ("Bob Miller", "bob@example.net")
    addr = "bob@example.net." + "x" * 60 + ".example.com"

    def setUp(self) -> None:
        super().setUp()
        self.friend = self.chat_with("Bob Miller", "bob@example.net") | {"id": 6, "request": False}

    def chat_with(self, name: str, addr: str) -> dict:
        return {"account": "A", "id": 7, "name": name, "request": True, "members": [{"addr": addr, "name": name}]}

    def writes(self, name: str) -> dict:
        """A chat with somebody of that name who has another address, and what they wrote."""
        return {"seq": 1, "chat": self.chat_with(name, self.addr),
                "messages": [message(1, **{"from": {"addr": self.addr, "name": name}})]}

    def test_are_listed_with_their_address(self) -> None:
        for name in self.names:
            self.daemon.methods["chats"] = {"chats": [self.chat_with(name, self.addr), self.chat_with("x@y", "x@y")]}
            said = self.done("chats", "--requests")
            self.assertIn(name, said)
            self.assertIn(self.addr, said)
            self.assertEqual(said.count("x@y"), 1, "an address that stands for the name says it all")
        self.daemon.methods["chats"] = lambda params: {"chats": [] if params["requests"] else [self.friend]}
        self.assertNotIn("bob@example.net", self.done("chats"))

    def test_are_read_with_their_address(self) -> None:
        for name in self.names:
            self.daemon.methods |= {"messages": self.writes(name)}
            for command in ("read", "chat"):
                self.assertIn(f"{name} <{self.addr}> is nobody you know", self.done(command, "7"))
        self.daemon.methods |= {"messages": self.writes("Bob Miller") | {"chat": self.friend}}
        for command in ("read", "chat"):
            self.assertNotIn("nobody you know", self.done(command, "6"))

    def test_who_are_known_by_now_are_named_by_the_user(self) -> None:
        """What calls itself "Bob Miller" in its mails, and is called Mallory here."""
        mallory = self.chat_with("Mallory", self.addr) | {"request": False}
        self.daemon.methods |= {"messages": self.writes("Bob Miller") | {"chat": mallory}, "chats": {"chats": [mallory]},
                                "status": {"account": "A"}}
        for command in (["read", "7"], ["chat", "7"]):
            self.assertNotIn("Bob", self.done(*command).partition("\n\n")[2])
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "watch"], text=True, stdout=subprocess.PIPE,
                              env=self.environment) as watch:
            timer = threading.Timer(PATIENCE, watch.kill)
            timer.start()
            self.addCleanup(timer.cancel)
            self.daemon.next("chats")
            self.daemon.tell(type="message_added", seq=1, message=self.writes("Bob Miller")["messages"][0])
            self.daemon.tell(type="chat_changed", seq=2, chat=self.friend | {"name": "Mallory"})
            self.daemon.tell(type="message_added", seq=3, message=self.writes("Bob Miller")["messages"][0])
            shown = [line for line in (watch.stdout.readline() for _ in range(4)) if "words" in line]
            watch.terminate()
        self.assertEqual(["Mallory" in line and "Bob" not in line for line in shown], [True, True], shown)
        self.assertEqual([self.addr in line for line in shown], [False, True], "another one of that name has come")

    def test_of_one_name_are_listed_with_their_addresses(self) -> None:
        other = self.chat_with("Bob Miller", self.addr) | {"request": False}
        self.daemon.methods |= {"chats": lambda params: {"chats": [] if params["requests"] else [self.friend, other]}}
        said = self.done("chats")
        self.assertIn("bob@example.net\n", said)
        self.assertIn(self.addr + "\n", said)
        found = {"messages": [message(1), message(2, chat=6)], "chats": [self.friend, other]}
        self.daemon.methods["search"] = found
        self.assertIn("bob@example.net\n", self.done("search", "words"))

    def test_are_offered_by_their_address_alone(self) -> None:
        stranger = self.chat_with("Bob Miller", self.addr)
        self.daemon.methods |= {"chats": lambda params: {"chats": [stranger] if params["requests"] else [self.friend]},
                                "contacts": {"contacts": [{"addresses": [{"addr": "bob@example.net"}, {"addr": self.addr}]}]}}
        for what, words in (("chats", ["Bob Miller", "bob@example.net"]), ("requests", [self.addr]),
                            ("people", ["Bob Miller", "bob@example.net", self.addr])):
            self.assertEqual(self.done("completions", what, "b").splitlines(), words)
        script = self.done("completion", "bash")
        for command, what in (("accept", "requests"), ("block", "people"), ("send", "chats")):
            self.assertRegex(script, rf"' {command} 0'\) .* _coi_ask {what} ")

    def test_are_accepted_and_blocked_by_their_address(self) -> None:
        for name in self.names:
            answer = {"chat": self.chat_with(name, self.addr) | {"request": False}}
            self.daemon.methods |= {"accept": answer, "block": answer}
            self.assertEqual(self.done("accept", "Bob"), f"{name} <{self.addr}> is accepted.\n")
            self.assertEqual(self.done("block", "Bob"), f"{name} <{self.addr}> is blocked.\n")
            self.assertEqual(self.done("unblock", "Bob"), f"{name} <{self.addr}> is no longer blocked.\n")

    def test_are_found_with_their_address(self) -> None:
        for name in self.names:
            found = self.writes(name)
            self.daemon.methods["search"] = {"messages": found["messages"], "chats": [found["chat"]]}
            self.assertIn(self.addr, self.done("search", "words"))

    def test_are_watched_with_their_address(self) -> None:
        self.daemon.methods |= {"status": {"account": "A"}, "chats": {"chats": [self.friend]}}
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "watch"], text=True, stdout=subprocess.PIPE,
                              env=self.environment) as watch:
            timer = threading.Timer(PATIENCE, watch.kill)
            timer.start()
            self.daemon.next("chats")
            for number, name in enumerate(self.names):
                self.daemon.tell(type="message_added", seq=number + 1, message=self.writes(name)["messages"][0])
                self.daemon.tell(type="chat_changed", seq=number + 1, chat=self.chat_with(name, self.addr))
            self.daemon.tell(type="message_added", seq=3, message=message(9, text="known", chat=6))
            said = ""
            while "known" not in said:
                said = watch.stdout.readline()
                if "words" in said:
                    self.assertIn(self.addr, said)
            self.assertNotIn("@", said)
            watch.terminate()
            timer.cancel()


if __name__ == "__main__":
    unittest.main()
