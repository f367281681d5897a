"""Each kind of clear mail that there is, written by Alice: to Bob, who has coi as well, to Dora, who has a mail program, and to a
group of both. What arrives is collected octet by octet."""

import email.policy
import email.utils
import pathlib
import smtplib
from email.message import EmailMessage

from peers import ALICE, BOB, DORA, ERIK, FILES, PASSWORD, PHOTO, Coi, Mailbox, Server, until

FORMATTED = """**Bold**, *italic*, ~~gone~~, `code`, ||hidden|| and [a link](https://example.org/a?b=c&d)
- first
- second
> as they say"""


class Kinds:
    def __init__(self, server: Server, folder: pathlib.Path, alice: Coi) -> None:
        self.mails: dict[str, bytes] = {}
        self._server = server
        self._alice = alice
        self._bob = Coi(server, folder / "bob", BOB, ALICE)
        self._boxes = {addr: Mailbox(server, addr) for addr in (BOB, DORA)}
        self._files = {name: folder / name for name in FILES | {"dot.png": b"", "two.png": b"", "note.ogg": b""}}
        for name, file in self._files.items():
            file.write_bytes(FILES.get(name, PHOTO if name.endswith(".png") else b"OggS, a sound"))

    def close(self) -> None:
        for box in self._boxes.values():
            box.close()
        self._bob.close()

    def write_all(self) -> dict[str, bytes]:
        self._to_bob()
        self._to_dora()
        self._to_group()
        self._disappearing()
        self._profile()
        return self.mails

    def _run(self, name: str, *words: str, to: tuple[str, ...]) -> dict:
        """The message that the command has given. The mail of the last of `to` stands for all."""
        said = self._alice.run(*words)[-1]
        for addr in to:
            self.mails[name] = self._boxes[addr].next(name)
        return said

    def _file(self, name: str) -> tuple[str, str]:
        return "--file", str(self._files[name])

    def _letters(self, addr: str, whom: str) -> None:
        """What everybody can be sent."""
        def send(name: str, *words: str) -> dict:
            return self._run(f"{name}, {whom}", "send", addr, *words, to=(addr,))
        asked = str(send("first text", "Shall we meet on the old bridge? ✓")["id"])
        send("text", "At eight, or is that too early for you?\n\nAlice")
        send("text in Russian", "Встретимся завтра на старом мосту, если не будет дождя?")
        send("text in Chinese", "明天如果不下雨，我们在旧桥上见面好吗？那里风景很好。")
        send("emoji alone", "🎉")
        send("formatted text", FORMATTED)
        send("text that looks like a quote", "> no quote\n-- \nno signature")
        send("mention", f"@Bob:{BOB} knows the way")
        send("reply", "On the new one", "--reply", asked)
        send("reply, formatted", "On the **new** one", "--reply", asked)
        send("picture without words", *self._file("dot.png"))
        send("album", "Two of them", *self._file("dot.png"), *self._file("two.png"))
        send("files", "The table and the page", *self._file("table.csv"), *self._file("page.html"))
        send("voice note", "--voice", str(self._files["note.ogg"]), "--duration", "4")
        send("sticker", "--sticker", str(self._files["dot.png"]))
        self._run(f"place, {whom}", "location", addr, "52.52,13.405", "Meet here", to=(addr,))
        self._run(f"card, {whom}", "card", addr, ERIK, to=(addr,))
        self._run(f"forward, {whom}", "forward", asked, addr, to=(addr,))

    def _amendments(self, addr: str, whom: str, *mail: str) -> None:
        """What changes a message. `mail`: to people with a mail program as well."""
        message = str(self._run(f"a further text, {whom}", "send", addr, "We meet at noon", to=(addr,))["id"])
        for name, words in {"reaction": ("react", "👍"), "reaction withdrawn": ("react", "--withdraw"),
                            "edit": ("edit", "We meet at one"), "edit, formatted": ("edit", "We meet at **two**"),
                            "pin": ("pin",), "pin for a time": ("pin", "--for", "2d"), "unpin": ("unpin",),
                            "deletion": ("delete", "--yes")}.items():
            self._run(f"{name}, {whom}", words[0], message, *words[1:], *mail, to=(addr,))

    def _poll(self, chat: str, whom: str, to: tuple[str, ...]) -> None:
        poll = self._run(f"poll, {whom}", "poll", chat, "Where to?", "The lake", "The hill", "--description", "A day out", to=to)
        self._run(f"close of a poll, {whom}", "poll-close", str(poll["id"]), to=to)

    def _to_bob(self) -> None:
        self._run("request, to chat", "send", BOB, "Hello Bob, here is Alice", to=(BOB,))
        self._bob.receive("Hello Bob, here is Alice")
        self._bob.run("accept", ALICE)
        self._bob.send("Hello Alice")
        said = self._alice.receive("Hello Alice")
        self._run("receipt, to chat", "seen", BOB, to=(BOB,))
        self._run("reaction to theirs, to chat", "react", str(said["id"]), "❤", to=(BOB,))
        self._letters(BOB, "to chat")
        self._amendments(BOB, "to chat")
        self._poll(BOB, "to chat", (BOB,))
        self._run("poll with dates, one choice and an end", "poll", BOB, "When?", "2099-05-01", "2099-05-02", "--dates",
                  "--single", "--no-revote", "--end", "2099-04-30 18:00", to=(BOB,))
        self._run("poll with pictures", "poll", BOB, "Which one?", "This", "That", *self._file("dot.png"),
                  *self._file("two.png"), to=(BOB,))
        self._bob.run("poll", ALICE, "And you?", "Yes", "No", "--wait")
        asked = str(self._alice.until(lambda message: message["kind"] == "poll" and not message["outgoing"], "no poll")["id"])
        self._run("vote", "vote", asked, "2", to=(BOB,))
        self._run("vote withdrawn", "vote", asked, "--withdraw", to=(BOB,))

    def _to_dora(self) -> None:
        self._letters(DORA, "to mail")
        self._amendments(DORA, "to mail", "--mail")
        self._poll(DORA, "to mail", (DORA,))
        self._dora_asks()

    def _dora_asks(self) -> None:
        """For a receipt, which the user sends or not (D-28)."""
        mail = EmailMessage(email.policy.SMTP)
        mail["From"], mail["To"], mail["Subject"] = DORA, ALICE, "Contract"
        mail["Date"], mail["Message-ID"] = email.utils.localtime(), "<contract@example.com>"
        mail["Disposition-Notification-To"] = DORA
        mail.set_content("Please confirm")
        with smtplib.SMTP_SSL("127.0.0.1", self._server.ready["submissions"], context=self._server.trust()) as smtp:
            smtp.login(DORA, PASSWORD)
            smtp.send_message(mail)
        asked = until(lambda: (self._alice.run("sync", "--wait"), self._alice.run("search", "confirm"))[1], lambda: "no contract")
        self._run("receipt, to mail", "receipt", str(asked[0]["id"]), to=(DORA,))

    def _to_group(self) -> None:
        both = (BOB, DORA)
        self._alice.run("group", "create", "Hiking", BOB, DORA)
        self._run("first mail of a group", "send", "Hiking", "Shall we go on Friday?", to=both)
        self._run("formatted text, to a group", "send", "Hiking", "Bring **shoes**", to=both)
        self._poll("Hiking", "to a group", both)
        self._run("group described", "group", "describe", "Hiking", "Once a month", to=(BOB,))  # P-04: nothing for Dora
        self._run("group with a picture", "group", "picture", "Hiking", str(self._files["dot.png"]), to=(BOB,))
        for name, words in {"member added": ("add", "Hiking", ERIK), "group renamed": ("rename", "Hiking", "Hill walking"),
                            "member removed": ("remove", "Hill walking", ERIK)}.items():
            self._run(name, "group", *words, to=both)
        self._alice.run("group", "leave", "Hill walking")
        for addr in both:
            self.mails["group left"] = self._boxes[addr].next("group left")
        self._alice.run("group", "create", "Plans", BOB, DORA)
        self._run("first mail of a group, formatted", "send", "Plans", "Shall we go **today**?", to=both)

    def _disappearing(self) -> None:
        self._run("timer set", "timer", BOB, "4w", to=(BOB,))
        self._run("disappearing text", "send", BOB, "Forget this", to=(BOB,))
        self._run("timer off", "timer", BOB, "off", to=(BOB,))

    def _profile(self) -> None:
        """Last of all: whatever is written after it could tell it."""
        self._alice.run("profile", "--status", "On the road", "--birthday", "12-24", "--picture", str(self._files["dot.png"]))
        self._run("text with a profile", "send", BOB, "Look at me", to=(BOB,))
