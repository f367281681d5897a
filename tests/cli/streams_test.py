#!/usr/bin/python3
"""Standard output and standard error that take nothing. Usage: streams_test.py DIRECTORY-OF-THE-PROGRAMS"""

import json
import subprocess
import unittest

from programs import PATIENCE, PROGRAMS
from played import Played, message  # after the programs, which take the first argument


class Full(Played):
    def run_with(self, streams: str, *words: str) -> subprocess.CompletedProcess:
        """`streams`: redirections of the shell."""
        return subprocess.run(["bash", "-c", f'"$@" {streams}', "bash", PROGRAMS / "coi", "--data", self.data, *words], text=True,
                              input="", capture_output=True, timeout=PATIENCE, env=self.environment, check=False)

    def test_standard_error_changes_no_exit_code(self) -> None:
        refused = {"error": {"code": -32000, "message": "no", "data": {"kind": "not_found", "hint": ""}}}
        self.daemon.methods |= {"messages": refused, "send_message": refused | {"error": refused["error"] | {
            "data": {"kind": "network", "hint": ""}}}, "search": {"messages": [message(1)]}}
        for streams in ("2>/dev/full", "2>&-"):
            for code, words in ((2, ["nope"]), (2, ["--json", "nope"]), (2, ["help", "nope"]), (1, ["read", "bob"]),
                                (1, ["--json", "read", "bob"]), (3, ["send", "bob", "x"]), (0, ["search", "words"])):
                self.assertEqual(self.run_with(streams, *words).returncode, code, (streams, words))

    def test_standard_output_does_not_hide_what_was_done(self) -> None:
        """Lest it is done again: a second message, say."""
        bob = {"account": "A", "id": 7, "name": "Bob"}
        account = {"id": "A", "addr": "alice@example.org", "imap": "", "smtp": ""}
        self.daemon.methods |= {
            "send_message": {"message": message(9, "pending", outgoing=True)}, "messages": {"chat": bob},
            "retry": {"message": message(9, "pending", outgoing=True)}, "answer_receipt": {"message": message(9)},
            "name_contact": {"contact": {"name": "Bob"}}, "set_alias": {"contact": {"name": "Bob"}},
            "use_account": account, "use": account, "login": account,
            "change_settings": {"name": "Bob"}, "set_settings": {"name": "Bob"}, "settings": {"name": "Bob"}}
        self.daemon.methods |= {method: {"chat": bob} for method in ("seen", "archive", "unarchive", "mute", "unmute", "accept",
                                                                     "block", "unblock")}
        for what, words in (("message 9 to Bob <bob@example.net> is stored and goes out", ["send", "bob", "hello"]),
                            ("Message 9 is on its way", ["retry", "9"]),
                            ("The receipt for message 9 is on its way", ["receipt", "9"]),
                            ("is blocked", ["block", "bob"]), ("is muted for good", ["mute", "bob"]),
                            ("is archived", ["archive", "bob"]), ("is read", ["seen", "bob"]),
                            ("bob@example.net is called Bob", ["contact", "set", "bob@example.net", "--name", "Bob"]),
                            ("bob@example.net and b@example.net are one person now",
                             ["contact", "set", "bob@example.net", "--alias", "b@example.net"]),
                            ("now mean alice@example.org", ["use", "alice@example.org"]),
                            ('name is now "Bob"', ["settings", "name", "Bob"])):
            for more in ([], ["--json"]):
                result = self.run_with(">/dev/full", *more, *words)
                self.assertEqual(result.returncode, 1, result)
                text = json.loads(result.stderr)["error"]["text"] if more else result.stderr
                self.assertIn(what + ", but that could not be printed: No space left on device", text)
        result = self.run_with('<<< hello >/dev/full', "chat", "bob")
        self.assertIn("a message is stored and goes out, but that could not be printed", result.stderr)

    def test_standard_output_is_named_where_nothing_was_done(self) -> None:
        self.daemon.methods["settings"] = {"name": "Bob"}
        self.daemon.methods["chat"] = {"chat": {"account": "A", "id": 7, "name": "Bob"}}
        for words in (["settings"], ["timer", "bob"], ["folder", "bob"], ["draft", "bob"]):
            self.assertIn("cannot write to standard output: No space", self.run_with(">/dev/full", *words).stderr, words)


if __name__ == "__main__":
    unittest.main()
