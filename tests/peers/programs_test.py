#!/usr/bin/python3
"""coi and plain mail programs write to each other over real servers.
Usage: programs_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST DIRECTORY-OF-NODE_MODULES"""

import base64
import sys

from peers import BOB, FILES, PHOTO, Peers, main
from plain import Plain


class MailProgram(Peers):
    def assert_field(self, mail: dict, start: str) -> None:
        self.assertTrue(any(line.startswith(start) for line in mail["headers"]), (start, mail["headers"]))

    def test_a_conversation(self) -> None:
        bob = self.open(Plain(self.server))
        asked = self.alice.send("Shall we meet? ✓")
        [mail] = bob.mails()
        self.assertEqual((mail["subject"], mail["text"].strip()), ("Chat: Shall we meet? ✓", "Shall we meet? ✓"))
        self.assertFalse(mail["html"])
        self.assert_field(mail, "Message-ID: <chat$")
        self.assertFalse(any("Disposition-Notification-To" in line for line in mail["headers"]), "he is asked for a receipt")

        # His program's answer is chat (S-20), its quote folded (C-19).
        quoted = "At eight.\n\nOn Tue, 24 Nov 2026 at 08:00, Alice <alice@example.org> wrote:\n> Shall we meet? ✓\n"
        bob.send(subject="Re: Chat: Shall we meet? ✓", text=quoted, inReplyTo=mail["id"], references=mail["id"])
        answer = self.alice.receive("At eight.")
        self.assertEqual((answer["is_chat"], answer["html"]), (True, False))
        self.assertEqual(answer["quote"], "On Tue, 24 Nov 2026 at 08:00, Alice <alice@example.org> wrote:\nShall we meet? ✓")
        self.assertEqual(answer["reply_to"], asked["id"])

        # Ours stays in his thread (P-02, C-08), and files are files (C-12).
        self.alice.send("Good", "--reply", str(answer["id"]), "--file", self.photo)
        mail = bob.mails()[-1]
        self.assertEqual(mail["subject"], "Re: Chat: Shall we meet? ✓")
        self.assertEqual(mail["text"].split(), ["\u003e", "At", "eight.", "Good"])
        self.assertEqual([(one["filename"], base64.b64decode(one["content"])) for one in mail["attachments"]],
                         [("dot.png", PHOTO)])
        self.alice.send("All", *(word for name, octets in FILES.items() for word in ("--file", self.write(name, octets))))
        mail = bob.mails()[-1]
        self.assertEqual(mail["text"].strip(), "All")
        self.assertEqual({one["filename"]: base64.b64decode(one["content"]) for one in mail["attachments"]}, FILES)
        returned = {name: octets for name, octets in FILES.items() if name != "mail.eml"}  # whose lines his program changes
        bob.send(subject="Back", text="All back.", attachments=[
            {"path": str(self.folder / name), "contentDisposition": "inline"} for name in returned])
        back = self.alice.receive("All back.")
        self.assertEqual({one["name"]: self.alice.file(one) for one in back["attachments"]}, returned)

        # His wish for a receipt waits for Alice's word (D-28).
        bob.send(subject="Contract", text="Please confirm.", headers={"Disposition-Notification-To": BOB},
                 attachments=[{"filename": "plan für dich.txt", "content": "Plan"}])
        contract = self.alice.receive("Please confirm.")
        self.assertEqual([one["name"] for one in contract["attachments"]], ["plan für dich.txt"])
        self.alice.run("seen", BOB)
        self.alice.run("sync", "--wait")
        self.assertEqual(len(bob.mails()), 3)
        self.assertTrue(contract["asks_receipt"])


if __name__ == "__main__":
    sys.exit(main("node", "mailparser"))
