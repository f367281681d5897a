#!/usr/bin/python3
"""What people with a plain mail program see of each kind of clear mail: golden/shown.txt, by Python's `email`, and by Mailparser
where that differs. COI_RENEW=1 writes it anew.
Usage: shown_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST DIRECTORY-OF-NODE_MODULES"""

import sys

from golden import Golden
from kinds import Kinds
from peers import main
from plain import Plain
from reading import by_mailparser, by_python


class Shown(Golden):
    def test_what_is_meant(self) -> None:
        mails = self.open(Kinds(self.server, self.folder, self.alice)).write_all()
        program = self.open(Plain(self.server))
        sections: dict[str, list[str]] = {}
        for kind, mail in mails.items():
            sections[kind] = by_python(mail).lines()
            if (other := by_mailparser(program.parse(mail)).lines()) != sections[kind]:
                sections[f"{kind}, in Mailparser"] = other
        self.compare("shown.txt", sections)


if __name__ == "__main__":
    sys.exit(main("node", "mailparser"))
