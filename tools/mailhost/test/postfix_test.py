#!/usr/bin/python3
"""What README.md promises of a mailhost with Postfix."""

import pathlib
import subprocess
import sys
import unittest

from client import BOB, MAILHOST, Mailhost, mails

SKIPPED = 77


class TwoDomains(unittest.TestCase):
    def test_mail_goes_from_server_to_server(self) -> None:
        with Mailhost("--postfix") as host:
            host.send("hello")
            mail = mails(host.imap(BOB), 1)[0]
            self.assertIn(b"by mx.example.org (Postfix)", mail)
            self.assertIn(b"by mx.example.net (Postfix)", mail)

    def test_an_unknown_user_bounces(self) -> None:
        with Mailhost("--postfix") as host:
            host.send("lost", "nobody@example.net")
            self.assertIn(b"Status: 5.1.1", mails(host.imap(), 1)[0])

    def test_a_deferred_mail_arrives_later(self) -> None:
        with Mailhost("--postfix") as host:
            host.ask("refuse", to=BOB, reply="451 4.2.1 later", hop="mx")
            host.send("patience")
            host.ask("refuse", to=BOB, hop="mx")
            self.assertIn(b"patience", mails(host.imap(BOB), 1, seconds=20)[0])

    def test_a_refusal_for_good_bounces(self) -> None:
        with Mailhost("--postfix") as host:
            host.ask("refuse", to=BOB, reply="550 5.7.1 no thanks", hop="mx")
            host.send("unwanted")
            self.assertIn(b"Status: 5.7.1", mails(host.imap(), 1)[0])

    def test_debians_own_instance_is_left_alone(self) -> None:
        with Mailhost("--postfix"):
            self.assertFalse(pathlib.Path("/var/spool/postfix/pid/master.pid").exists())


if __name__ == "__main__":
    probe = subprocess.run([MAILHOST, "--postfix"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if probe.returncode == 3:
        print(probe.stderr)
        sys.exit(SKIPPED)
    unittest.main()
