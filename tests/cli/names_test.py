#!/usr/bin/python3
"""Whom a command means and who is shown, before a daemon that a test plays: people of one name, strangers, several accounts.
Usage: names_test.py DIRECTORY-OF-THE-PROGRAMS"""

import subprocess
import unittest

from programs import PROGRAMS
from played import Played, message  # after the programs, which take the first argument


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

    def test_groups_of_one_name_are_told_apart_by_their_ids(self) -> None:
        groups = [{"account": "A", "account_addr": "alice@example.org", "chat": number, "kind": "group", "addr": "", "name": "Club"}
                  for number in (5, 6)]
        self.daemon.methods["candidates"] = {"candidates": groups}
        self.assertIn("Club (chat 5); Club (chat 6)", self.refused(1, "send", "club", "hello"))
        code, shown = self.talk(["send", "club", "hello"], [("2  Club (chat 6)", b""), ("Which one", b"2\r")])
        self.assertEqual(code, 0, shown)
        self.assertEqual(self.daemon.next("send_message")["chat"], "6")

    def test_is_nobody_when_none_is_chosen(self) -> None:
        for answer in (b"\r", b"3\r", b"0\r", b"bob\r", b"\x04"):
            code, shown = self.talk(["send", "bob", "hello"], [("Which one", answer)])
            self.assertEqual(code, 1, shown)
            self.assertIn("nobody was chosen", shown)
        self.assertNotIn("send_message", [method for method, _ in self.daemon.asked.queue])

    def test_of_several_accounts_is_the_one_of_the_account_that_was_chosen(self) -> None:
        accounts = [{"id": "A", "addr": "alice@example.org"}, {"id": "B", "addr": "alice@example.com", "used": True}]
        people = [{"account": one["id"], "account_addr": one["addr"], "chat": 4, "addr": "bob@example.net", "name": "Bob"}
                  for one in accounts]
        self.daemon.methods |= {"candidates": {"candidates": people}, "accounts": {"accounts": accounts}}
        sent = message(9, "sent", account="B", chat=4)
        self.daemon.methods["send_message"] = {"message": sent}
        self.assertIn("to Bob <bob@example.net>, from alice@example.com, was sent", self.done("send", "bob", "hello"))
        self.assertEqual(self.daemon.next("send_message")["account"], "B")
        accounts[1]["used"] = False
        self.assertIn("Bob <bob@example.net>, of alice@example.org; Bob <bob@example.net>, of alice@example.com",
                      self.refused(1, "send", "bob", "hello"))

    def test_of_a_new_address_is_written_to_from_the_account_that_is_chosen(self) -> None:
        accounts = [{"id": "A", "addr": "alice@example.org"}, {"id": "B", "addr": "alice@example.com"}]
        self.daemon.methods |= {"candidates": {"candidates": []}, "accounts": {"accounts": accounts}}
        code, shown = self.talk(["send", "new@example.net", "hello"], [("alice@example.com", b""), ("Which one", b"2\r")])
        self.assertEqual(code, 0, shown)
        asked = self.daemon.next("send_message")
        self.assertEqual((asked["account"], asked["chat"]), ("B", "new@example.net"))


class OfAMessage(Played):
    """What is said of one that is edited, pinned or not there."""

    def test_that_was_shown_an_edit_is_told_once_and_of_others_none(self) -> None:
        self.daemon.methods |= {"status": {"account": "A"}, "chats": {"chats": []}}
        with self.watching() as watch:
            self.daemon.tell(type="message_added", seq=1, message=message(1))
            self.daemon.tell(type="message_changed", seq=2, message=message(8, text="of long ago", edited=True))
            for seq in (3, 4):
                self.daemon.tell(type="message_changed", seq=seq, message=message(1, text="new words", edited=True))
            self.daemon.tell(type="message_added", seq=5, message=message(2))
            shown = []
            while "words 2" not in "".join(shown):
                shown.append(watch.readline())
        self.assertEqual("".join(shown).count("is edited: new words"), 1, shown)
        self.assertNotIn("long ago", "".join(shown))

    def test_that_is_edited_the_words_may_come_from_standard_input(self) -> None:
        self.daemon.methods["edit"] = {"message": message(9, "sent")}
        self.done("edit", "9", "-", text="new\nwords\n")
        self.assertEqual(self.daemon.next("edit")["text"], "new\nwords")
        self.assertIn("NUL", self.refused(1, "edit", "9", "-", text="a\0b"))

    def test_that_is_pinned_the_pinner_is_looked_up_once(self) -> None:
        pins = [{"message": message(number), "by": "bob@example.net", "since": "2026-11-30T10:00:00Z"} for number in (1, 2, 3)]
        self.daemon.methods |= {"pins": {"pins": pins, "more_after": True}, "accounts": {"accounts": []},
                                "chat": {"chat": {"account": "A", "id": 7, "members": [{"addr": "bob@example.net", "name": "Bob"}]}},
                                "search": {"messages": [message(4)], "more_after": True}}
        shown = self.done("pins", "7")
        self.assertEqual(shown.count("pinned by Bob"), 3)
        self.assertTrue(shown.endswith("There are more: the same with --after 3\n"), shown)
        self.assertTrue(self.done("search", "x").endswith("There are more: the same with --after 4\n"))
        asked = [method for method, _ in self.daemon.asked.queue]
        self.assertEqual((asked.count("chat"), asked.count("accounts")), (1, 1))


class WhatIsNone(Played):
    """No number, no group, one folder only."""

    def test_is_no_place(self) -> None:
        for place in ("nan,1", "1,inf", "-inf,2", "1,nanE"):
            self.assertIn("is no place", self.refused(1, "location", "bob", "--", place))

    def test_is_no_time(self) -> None:
        for words, hint in ((["pin", "9", "--for", "soon"], "write 8h, 2d, 18:30, 2026-11-30 or"),
                            (["poll", "bob", "When?", "soon", "later", "--dates"], 'write 2026-11-30, "2026-11-30 18:30" or'),
                            (["poll", "bob", "When?", "a", "b", "--end", "soon"], "write 8h, 2d")):
            self.assertIn(hint, self.refused(1, *words))

    def test_is_no_group(self) -> None:
        self.daemon.methods["chat"] = {"chat": {"account": "A", "id": 7, "kind": "single", "name": "Bob"}}
        self.assertEqual(self.refused(1, "group", "members", "bob"), "coi: Bob is no group\n")

    def test_is_a_folder_that_differs_by_case_alone(self) -> None:
        chat = {"account": "A", "id": 7, "name": "Bob", "folders": ["Old"]}
        self.daemon.methods |= {"chat": {"chat": chat}, "folders": {"folders": []}, "set_folders": {"chat": chat}}
        self.done("folder", "bob", "Work", "work", "OLD")
        self.assertEqual(self.daemon.next("set_folders")["folders"], ["Old", "Work"])


class InAGroup(Played):
    """Nobody is shown under the name of another member."""

    def test_two_of_one_name_are_told_apart_by_their_addresses(self) -> None:
        members = [{"addr": addr, "name": name, "person": number} for number, addr, name in
                   ((1, "bob@example.net", "Carol"), (2, "carol@example.com", "Carol"), (3, "dora@example.com", "Dora"))]
        said = [message(number, "seen", chat=4, outgoing=False, text=f"from {addr}",
                        **{"from": {"addr": addr, "name": name, "person": number}})
                for number, addr, name in ((1, "bob@example.net", "Carol"), (2, "carol@example.com", "Carol"),
                                           (3, "dora@example.com", "Carol"), (4, "eve@example.com", "Dora"))]
        self.daemon.methods["messages"] = {"chat": {"account": "A", "id": 4, "kind": "group", "name": "Club",
                                                    "members": members}, "messages": said}
        lines = self.done("read", "Club").splitlines()
        for line, shown in zip([line for line in lines if " from " in line], ("bob@example.net", "carol@example.com", "Dora", "eve@example.com")):
            self.assertRegex(line, rf"  {shown} +from ")

    def test_of_whom_the_list_names_a_few_a_watch_asks_for_the_others(self) -> None:
        club = {"account": "A", "id": 4, "kind": "group", "name": "Club", "member_count": 7}
        people = [{"addr": f"p{number}@example.net", "name": f"Person {number}", "person": number} for number in range(1, 8)]
        listed, whole = club | {"members": people[:5]}, club | {"members": people}
        said = {"chat": 4, "outgoing": False, "reactions": [{"emoji": "+", "from": ["p7@example.net"], "own": False}],
                "from": {"addr": "p6@example.net", "name": "Otherwise", "person": 6}}
        self.daemon.methods |= {"status": {"account": "A"}, "chats": {"chats": [listed]}, "chat": {"chat": whole}}
        with self.watching() as watch:
            for number in (1, 2):
                self.daemon.tell(type="message_added", seq=number, message=message(number, **said))
                while "words" not in (line := watch.readline()):
                    pass
                self.assertIn("Person 6", line)
                self.assertIn("Person 7", watch.readline())
            self.daemon.tell(type="message_changed", seq=2, message=message(3, "sent", chat=4))  # names nobody
            self.daemon.tell(type="chat_changed", seq=3, chat=listed)
            self.daemon.tell(type="message_changed", seq=4, message=message(3, "read", outgoing=True, chat=4))
            self.assertIn("message 3", watch.readline())
            self.assertIn("message 3", watch.readline())
            whole["members"] = people[:6] + [people[6] | {"name": "Renamed"}]
            self.daemon.tell(type="message_changed", seq=5, message=message(1, **said))
            self.assertIn("Renamed", watch.readline())
        self.assertEqual([method for method, _ in self.daemon.asked.queue].count("chat"), 2)

    def test_completion_offers_them_all(self) -> None:
        club = {"account": "A", "id": 4, "kind": "group", "name": "Club", "member_count": 7}
        people = [{"addr": f"p{number}@example.net"} for number in range(1, 8)]
        self.daemon.methods |= {"chats": lambda params: {"chats": [] if params["requests"] else [club | {"members": people[:5]}]},
                                "chat": {"chat": club | {"members": people}}, "contacts": {"contacts": []}}
        self.assertEqual(self.done("completions", "people", "p").splitlines(), [one["addr"] for one in people])


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
        with self.watching() as watch:
            self.daemon.tell(type="message_added", seq=1, message=self.writes("Bob Miller")["messages"][0])
            self.daemon.tell(type="chat_changed", seq=2, chat=self.friend | {"name": "Mallory"})
            self.daemon.tell(type="message_added", seq=3, message=self.writes("Bob Miller")["messages"][0])
            shown = [line for line in (watch.readline() for _ in range(4)) if "words" in line]
        self.assertEqual(["Mallory" in line and "Bob" not in line for line in shown], [True, True], shown)
        self.assertEqual([self.addr in line for line in shown], [False, True], "another one of that name has come")

    def test_who_are_blocked_are_not_heard(self) -> None:
        self.daemon.methods |= {"status": {"account": "A"}, "chats": {"chats": []}}
        with self.watching() as watch:
            self.daemon.tell(type="message_added", seq=1, blocked=True, message=message(1))
            self.daemon.tell(type="message_added", seq=2, blocked=True, message=message(2, "sent"))
            shown = [line for line in (watch.readline() for _ in range(3)) if "words" in line]
        self.assertEqual(len(shown), 1, shown)
        self.assertIn("words 2", shown[0])
        chat = self.chat_with("Bob Miller", self.addr) | {"blocked": True}
        self.daemon.methods["search"] = {"messages": [message(1)], "chats": [chat]}
        self.assertIn("  blocked  words 1\n", self.done("search", "words"))

    def test_of_one_name_are_watched_with_their_addresses(self) -> None:
        """Whatever their mails call them, nothing at all say."""
        other = self.chat_with("Bob Miller", self.addr) | {"request": False}
        self.daemon.methods |= {"status": {"account": "A"}, "chats": {"chats": [self.friend, other]}}
        with self.watching() as watch:
            for number, name in enumerate(("", "Bob", self.addr)):
                author = {"addr": self.addr, "name": name}
                self.daemon.tell(type="message_added", seq=number + 1, message=message(number + 1, **{"from": author}))
            shown = [line for line in (watch.readline() for _ in range(5)) if "words" in line]
        self.assertEqual(len(shown), 3)
        for line in shown:
            self.assertIn(f"Bob Miller  <{self.addr}>: words", line)

    def test_whose_first_mail_tells_their_name_are_called_so(self) -> None:
        new = self.chat_with(self.addr, self.addr) | {"request": False}
        self.daemon.methods |= {"messages": self.writes("Bob Miller") | {"chat": new}}
        for command in ("read", "chat"):
            self.assertIn("  Bob Miller  words 1", self.done(command, "7"))

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
                                "contacts": {"contacts": [
                                    {"addresses": [{"addr": "bob@example.net"}, {"addr": self.addr}]},
                                    {"name": "Bess", "known": True, "addresses": [{"addr": "bess@example.net"}]}]}}
        bess = "bess@example.net"
        for what, words in (("chats", ["Bess", "Bob Miller", bess, "bob@example.net"]), ("requests", [self.addr]),
                            ("people", ["Bob Miller", bess, "bob@example.net", self.addr])):
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

    def test_are_no_part_of_names_as_help_and_hints_say(self) -> None:
        self.assertIn("part of the name", self.done("block", "--help"))
        self.assertNotIn("part of the name", self.done("accept", "--help"))
        self.daemon.methods["candidates"] = {"candidates": []}
        for command in (["send", "mallory", "hello"], ["chat", "mallory"]):
            self.assertIn("coi chats --requests", self.refused(1, *command))

    def test_are_found_with_their_address(self) -> None:
        for name in self.names:
            found = self.writes(name)
            self.daemon.methods["search"] = {"messages": found["messages"], "chats": [found["chat"]]}
            self.assertIn(self.addr, self.done("search", "words"))

    def test_are_watched_with_their_address(self) -> None:
        self.daemon.methods |= {"status": {"account": "A"}, "chats": {"chats": [self.friend]}}
        with self.watching() as watch:
            for number, name in enumerate(self.names):
                self.daemon.tell(type="message_added", seq=number + 1, message=self.writes(name)["messages"][0])
                self.daemon.tell(type="chat_changed", seq=number + 1, chat=self.chat_with(name, self.addr))
            self.daemon.tell(type="message_added", seq=3, message=message(9, text="known", chat=6))
            said = ""
            while "known" not in said:
                said = watch.readline()
                if "words" in said:
                    self.assertIn(self.addr, said)
            self.assertNotIn("@", said)


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


if __name__ == "__main__":
    unittest.main()
