"""Mails as plain mail programs write them: by Python's `email`, and by Nodemailer. `asked` is the mail of Alice's that replies
answer, `photo` a picture on disk."""

import email.policy
import email.utils
from email.message import EmailMessage

from peers import ALICE, BOB, CAROL, PHOTO

PAGE = """<html><head><style>p { color: red }</style></head><body><p>Dear <b>Alice</b>,</p>
<p>see <a href='https://example.org/plan'>the plan</a>.</p><img src='cid:dot'><script>alert(1)</script></body></html>"""
LONG = "Grüße vom Sommerfest auf der Wiese hinter der alten Mühle, mit Würstchen, Kuchen und viel Musik bis in die Nacht"


def python_mails(asked: EmailMessage) -> dict[str, EmailMessage]:
    mails: dict[str, EmailMessage] = {}

    def mail(name: str, subject: str, text: str, **options: str) -> EmailMessage:
        made = mails[name] = EmailMessage(email.policy.SMTP)
        made["From"] = email.utils.formataddr(("Bob Müller", BOB))
        made["To"] = ALICE
        made["Subject"] = subject
        made["Date"] = email.utils.localtime()
        made["Message-ID"] = f"<python-{len(mails):02}@example.net>"
        made.set_content(text, **options)
        return made

    mail("text", "Hello", "Hello Alice\n\nHow are you?\n")
    mail("a long subject", LONG, "A long subject\n")
    mail("Latin-1, quoted-printable", "Grüße", "Schöne Grüße aus Köln\n", charset="iso-8859-1", cte="quoted-printable")
    mail("UTF-8, Base64", "Привет", "Как дела?\n", charset="utf-8", cte="base64")
    mail("with a signature", "Signed", "Short words\n-- \nBob Müller\nMiller & Sons\n")
    page = mail("text and HTML", "The plan", "Dear Alice,\n\nsee the plan: https://example.org/plan\n")
    page.add_alternative(PAGE, subtype="html")
    page.get_payload()[1].add_related(PHOTO, "image", "png", cid="<dot>")
    mail("HTML alone", "The plan again", PAGE.replace("Dear", "Liebe"), subtype="html")
    files = mail("files", "Papers", "The papers.\n")
    files.add_attachment(PHOTO, "image", "png", filename="Bild für dich.png")
    files.add_attachment("a;b\r\n1;2\r\n", subtype="csv", filename="table.csv")
    files.add_attachment(b"%PDF-1.4", "application", "pdf", filename="Vertrag — " + "sehr " * 20 + "lang.pdf")
    enclosed = mail("a forwarded mail", "Fwd: Original", "See below.\n")
    enclosed.add_attachment(mails["text"])
    answer = mail("reply", f"Re: {asked['Subject']}", f"Yes, gladly.\n\nAlice wrote:\n> {asked.get_content().strip()}\n")
    answer["In-Reply-To"] = asked["Message-ID"]
    answer["References"] = asked["Message-ID"]
    copied = mail("to several", "For you both", "To the two of you.\n")
    copied["Cc"] = f"Carol <{CAROL}>"
    return mails


def nodemailer_mails(asked: EmailMessage, photo: str) -> dict[str, dict]:
    return {
        "text": {"subject": "Hello", "text": "Hello Alice\n\nHow are you?"},
        "a long subject": {"subject": LONG, "text": "A long subject"},
        "Base64": {"subject": "Привет", "text": "Как дела?", "textEncoding": "base64"},
        "text and HTML": {"subject": "The plan", "text": "Dear Alice, see the plan: https://example.org/plan", "html": PAGE,
                          "attachments": [{"filename": "dot.png", "path": photo, "cid": "dot"}]},
        "HTML alone": {"subject": "The plan again", "html": PAGE.replace("Dear", "Liebe")},
        "files": {"subject": "Papers", "text": "The papers.", "attachments": [
            {"filename": "Bild für dich.png", "path": photo}, {"filename": "table.csv", "content": "a;b\r\n1;2\r\n"},
            {"filename": "Vertrag — " + "sehr " * 20 + "lang.pdf", "content": "%PDF-1.4"}]},
        "an invitation": {"subject": "Meeting", "text": "Please come.", "icalEvent": {"method": "REQUEST", "content":
                          "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n"}},
        "reply": {"subject": f"Re: {asked['Subject']}", "text": f"Yes, gladly.\n\nAlice wrote:\n> {asked.get_content().strip()}",
                  "inReplyTo": asked["Message-ID"], "references": asked["Message-ID"]},
        "to several": {"subject": "For you both", "text": "To the two of you.", "cc": f"Carol <{CAROL}>"},
        "urgent, from a list": {"subject": "News", "text": "This week: nothing.", "priority": "high",
                                "list": {"unsubscribe": {"url": "https://example.net/leave", "comment": "Leave"}}},
    }
