#!/usr/bin/python3
"""SpamAssassin, by its local rules alone, takes no kind of clear mail of ours for spam. docs/peers.md has the scores;
COI_RENEW=1 writes them anew.
Usage: spam_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST DIRECTORY-OF-NODE_MODULES"""

import os
import pathlib
import re
import subprocess
import sys
import unittest

from kinds import Kinds
from peers import HERE, Peers, main

LIMIT = 1.0  # 5.0 is spam
DRIFT = 0.3  # what another version of the rules may change
RULES = pathlib.Path("/usr/share/spamassassin")  # those of Debian's package, not what sa-update has fetched since
PLUGINS = pathlib.Path("/etc/spamassassin")
TABLE = HERE.parents[1] / "docs/peers.md"
ROW = re.compile(r"^\| ([^|]+) \| (-?\d+\.\d) \| ([^|]*) \|$", re.MULTILINE)
SETTINGS = """use_bayes 0
report_safe 0
clear_headers
add_header all Coi ;_SCORE_;_TESTS(, )_;
"""
# Between the sender's server and the receiver's; at home behind an address that a provider lends. Addresses for examples
# (RFC 5737) would be found out.
HOP = rb"""Received: from mail.example.org (mail.example.org [93.184.215.14])
	by mx.example.net (Postfix) with ESMTPS id 4fXkQ21VtPz9sWn; \1
Received: from [192.168.1.20] ([93.171.205.239])"""
SPAM = b"""From: "WINNER DEPARTMENT" <a1234567@example.biz>
Subject: YOU HAVE WON $$$
Content-Type: text/html

<html><font color=white>x</font><a href="http://93.184.215.14/x">CLICK HERE NOW</a>
"""


def carried(mail: bytes) -> bytes:
    """The mail as if the servers were two, neither of them on this machine: no rule trusts it for that."""
    lines = mail.replace(b"\r\n", b"\n")
    done = re.sub(rb"Received: from \[127\.0\.0\.1\] \(\[127\.0\.0\.1\]\)(?=[^;]*;\s*([^\n]*))", HOP, lines, count=1)
    assert done != lines, lines
    return done


class SpamAssassin(Peers):
    def judge(self, mails: list[bytes]) -> list[tuple[float, str]]:
        """Score and rules of each."""
        settings = self.folder / "spamassassin"
        settings.mkdir()
        for file in PLUGINS.glob("*.pre"):
            (settings / file.name).symlink_to(file)
        (settings / "local.cf").write_text(SETTINGS)
        files = [self.write(f"{number:03}.eml", mail) for number, mail in enumerate(mails)]
        done = subprocess.run(["spamassassin", "--local", "--nocreate-prefs", "--configpath", RULES, "--siteconfigpath", settings,
                               *files], capture_output=True, check=True, env=os.environ | {"HOME": str(self.folder)})
        found = re.findall(rb"^X-Spam-Coi: ;([^;]*);([^;]*);$", done.stdout.replace(b"\n\t", b" "), re.MULTILINE)
        self.assertEqual(len(found), len(mails), done.stderr)
        return [(float(score), b" ".join(rules.split()).decode()) for score, rules in found]

    def test_takes_no_kind_of_mail_for_spam(self) -> None:
        kinds = self.open(Kinds(self.server, self.folder, self.alice)).write_all()
        *scores, (spam, _) = self.judge([carried(mail) for mail in kinds.values()] + [SPAM])
        self.assertGreater(spam, 5, "it finds no spam")
        found = dict(zip(kinds, scores))
        self.assertEqual({kind: judged for kind, judged in found.items() if judged[0] >= LIMIT}, {})
        if "COI_RENEW" in os.environ:
            self.renew(found)
        known = {kind: float(score) for kind, score, _ in ROW.findall(TABLE.read_text(encoding="utf-8"))}
        self.assertEqual(list(known), list(found), "docs/peers.md has other kinds; COI_RENEW=1")
        self.assertEqual({kind: (score, known[kind]) for kind, (score, _) in found.items() if abs(score - known[kind]) > DRIFT}, {})

    @staticmethod
    def renew(found: dict[str, tuple[float, str]]) -> None:
        rows = "".join(f"| {kind} | {score} | {'' if rules == 'none' else rules} |\n" for kind, (score, rules) in found.items())
        before, head, _ = TABLE.read_text(encoding="utf-8").partition("| mail | score | rules |\n|---|---|---|\n")
        TABLE.write_text(before + head + rows, encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main("spamassassin"))
