#!/usr/bin/python3
"""What coi shows of mails that plain mail programs write: golden/received.txt; COI_RENEW=1 writes it anew.
Usage: received_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST DIRECTORY-OF-NODE_MODULES"""

import email
import email.policy
import smtplib
import sys

from golden import Golden
from peers import BOB, PASSWORD, Mailbox, main, until
from plain import Plain
from reading import indented
from writing import nodemailer_mails, python_mails


class Received(Golden):
    def find(self, rfc_id: str) -> tuple[dict, dict] | None:
        """The chat and the message of this Message-ID."""
        self.alice.run("sync", "--wait")
        for chat in self.alice.run("chats") + self.alice.run("chats", "--requests"):
            for message in self.alice.run("read", str(chat["id"]), "--last", "100"):
                if message["rfc_id"] == rfc_id.strip("<>"):
                    return chat, message
        return None

    def shown(self, rfc_id: str, asked: dict) -> list[str]:
        chat, message = until(lambda: self.find(rfc_id), lambda: f"{rfc_id} did not arrive")
        written = [f"In the chat with: {', '.join(one['addr'] for one in chat['members'])}", f"From: {message['from']['name']}",
                   f"Subject: {message['subject']}", *indented(message["text"])]
        for name in ("quote", "footer"):
            if message[name]:
                written += [f"{name.title()}:", *indented(message[name])]
        if message.get("reply_to") is not None:
            written.append("It answers " + ("ours" if message["reply_to"] == asked["id"] else "another"))
        if message["html"]:
            written.append("It has a view of its own.")
        return written + [f"File: {one['name'] or '(no name)'}, {one['type']}, {one['size']} octets" for one in message["attachments"]]

    def test_mails_of_plain_programs(self) -> None:
        said = self.alice.send("Shall we meet?")
        asked = email.message_from_bytes(self.open(Mailbox(self.server, BOB)).next("her mail"), policy=email.policy.default)
        program = self.open(Plain(self.server))
        ids: dict[str, str] = {}
        with smtplib.SMTP_SSL("127.0.0.1", self.server.ready["submissions"], context=self.server.trust()) as smtp:
            smtp.login(BOB, PASSWORD)
            for name, mail in python_mails(asked).items():
                smtp.send_message(mail)
                ids[f"{name}, by Python"] = mail["Message-ID"]
        for name, fields in nodemailer_mails(asked, self.photo).items():
            ids[f"{name}, by Nodemailer"] = program.send(**fields)
        self.compare("received.txt", {name: self.shown(rfc_id, said) for name, rfc_id in ids.items()})


if __name__ == "__main__":
    sys.exit(main("node", "mailparser"))
