#!/usr/bin/python3
"""Questions to whoever sits at the terminal, and what counts as which answer. Usage: questions_test.py DIRECTORY-OF-THE-PROGRAMS"""

import unittest

from programs import PROGRAMS  # noqa: F401  (takes the first argument)
from played import Played, message


class Questions(Played):
    def setUp(self) -> None:
        super().setUp()
        self.daemon.methods |= {"status": {"account": "A", "queue": {"outgoing": 1}}, "logout": {}}

    def logout(self, answer: bytes) -> tuple[int, str]:
        return self.talk(["logout", "alice@example.org"], [("[y/N] ", answer)])

    def test_are_answered_with_a_yes_in_any_case(self) -> None:
        for answer in (b"y\r", b"Y\r", b"yes\r", b"Yes\r", b" YES \r"):
            code, shown = self.logout(answer)
            self.assertEqual(code, 0, shown)
            self.daemon.next("logout")

    def test_are_refused_with_all_else(self) -> None:
        for answer in (b"\r", b"n\r", b"yesterday\r", b"\x04"):
            code, shown = self.logout(answer)
            self.assertEqual(code, 1, shown)
            self.assertIn("alice@example.org stays", shown)
        self.assertNotIn("logout", [method for method, _ in self.daemon.asked.queue])

    def test_C48_of_a_block_say_that_another_may_have_written(self) -> None:
        chat = {"account": "A", "id": 7, "kind": "single", "name": "Bob", "members": [{"addr": "bob@example.net", "name": "Bob"}],
                "sender_unproven": True}
        self.daemon.methods |= {"chat": {"chat": chat}, "block": {"chat": chat | {"blocked": True}}}
        code, shown = self.talk(["block", "bob"], [("[y/N] ", b"n\r")])
        self.assertEqual(code, 1, shown)
        self.assertIn("Nothing shows that the last mail from Bob <bob@example.net> is theirs", " ".join(shown.split()))
        self.assertIn("is not blocked", shown)
        self.assertNotIn("block", [method for method, _ in self.daemon.asked.queue])
        code, shown = self.talk(["block", "bob"], [("[y/N] ", b"y\r")])
        self.assertEqual(code, 0, shown)
        self.daemon.next("block")
        for words, proven in ((["--yes"], False), ([], True)):
            self.daemon.methods["chat"] = {"chat": chat | {"sender_unproven": not proven}}
            code, shown = self.talk(["block", "bob", *words], [])
            self.assertEqual((code, "[y/N]" in shown), (0, False), shown)
            self.daemon.next("block")

    def test_of_a_deletion_name_the_beginning_of_a_long_message(self) -> None:
        self.daemon.methods |= {"message": {"message": message(9, "sent", text="long words " * 500)}, "delete": {}}
        code, shown = self.talk(["delete", "9"], [("[y/N] ", b"n\r")])
        self.assertEqual(code, 1, shown)
        self.assertLess(len(shown), 400)
        self.assertIn("…\" for everybody?", " ".join(shown.split()))

    def test_that_are_long_break_at_words(self) -> None:
        self.daemon.methods |= {"settings": {"name": "Alice"}, "name_contact": {"contact": {"name": "Bob"}}, "change_settings": {}}
        _, shown = self.talk(["contact", "set", "bob@example.net", "--name", "Bob"], [("[y/N] ", b"n\r")])
        lines = shown.split("Shall contacts")[1].splitlines()
        self.assertGreater(len(lines), 2)
        self.assertLessEqual(max(map(len, lines)), 80)
        self.assertIn("so that your other devices have them?", " ".join(" ".join(lines).split()))

    def test_that_the_end_of_the_input_answers_have_a_line_of_their_own(self) -> None:
        self.daemon.methods["candidates"] = {"candidates": [
            {"account": "A", "account_addr": "alice@example.org", "chat": number, "addr": f"bob@{number}", "name": "Bob"}
            for number in (1, 2)]}
        for words, question in ((["logout", "alice@example.org"], "[y/N] "), (["send", "bob", "x"], "Enter for none)? "),
                                (["login", "alice@example.org"], "Password for alice@example.org: ")):
            _, shown = self.talk(words, [(question, b"\x04")])
            self.assertRegex(shown.split(question)[1], r"\A(\^D\x08\x08)?\r\n(?!\r\n)", words)

    def test_are_asked_anew_behind_a_stop(self) -> None:
        """Meanwhile the terminal is the shell's; behind it nothing of a password is shown, and what was typed before is lost."""
        self.daemon.methods["login"] = {"id": "A", "addr": "alice@example.org"}
        script = 'set -m; "$0" --data "$1" "$2" alice@example.org; stty -a | grep -o " -\\?echo "; echo stopped; fg; echo "left $?"'
        for command, question, answer in (("login", "Password for alice@example.org: ", b"secret\r"), ("logout", "[y/N] ", b"y\r")):
            _, shown = self.talk([], [(question, b"lost\x1a"), ("stopped", b""), (question, answer)],
                                 program=["bash", "-c", script, str(PROGRAMS / "coi"), str(self.data), command])
            self.assertIn("left 0", shown)
            self.assertIn(" echo \r\n", shown)  # not -echo; bash writes a line end before it, or not
            self.assertNotIn("secret", shown)
        self.assertEqual(self.daemon.next("login")["password"], "secret")

    def test_of_the_password_show_nothing_that_is_typed(self) -> None:
        self.daemon.methods["login"] = {"id": "A", "addr": "alice@example.org"}
        code, shown = self.talk(["login", "alice@example.org"], [("Password for alice@example.org: ", b"secret\r")])
        self.assertEqual(code, 0, shown)
        self.assertNotIn("secret", shown)
        self.assertEqual(self.daemon.next("login")["password"], "secret")


if __name__ == "__main__":
    unittest.main()
