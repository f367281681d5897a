"""What people see of a mail: as Python's `email` takes it apart, and as Mailparser does. Both give the same few fields."""

import email
import email.policy
import html.parser
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage

BLOCKS = {"p", "div", "li", "ul", "ol", "blockquote", "pre", "br", "h1", "h2", "h3", "dl", "dt", "dd", "tr", "table", "section"}
UNSEEN = {"head", "style", "script", "title", "template"}


@dataclass
class Shown:
    author: str
    subject: str
    text: str
    html: str
    files: list[tuple[str, str]]  # name, type

    def lines(self) -> list[str]:
        """For people. The two forms of a mail are to say the same, so HTML that does is not repeated."""
        written = [f"From: {self.author}", f"Subject: {self.subject}", *indented(self.text)]
        if self.html:
            written += ["As HTML:", *indented(visible(self.html))]
        return written + [f"File: {name or '(no name)'}, {kind}" for name, kind in self.files]


def indented(text: str) -> list[str]:
    return ["  | " + line.rstrip() for line in text.replace("\r\n", "\n").strip("\n").split("\n")]


def by_python(octets: bytes) -> Shown:
    mail = email.message_from_bytes(octets, policy=email.policy.default)
    bodies = {kind: mail.get_body((kind,)) for kind in ("plain", "html")}
    text, page = (part.get_content() if part else "" for part in bodies.values())
    if bodies["plain"] and bodies["plain"].get_param("format") == "flowed":
        text = re.sub(" \r?\n(?!>)", " ", text)  # RFC 3676, 4: Python leaves it to its callers
    files = [part for part in leaves(mail) if part not in bodies.values()]
    return Shown(author=mail["From"].addresses[0].display_name, subject=str(mail["Subject"]), text=text, html=page,
                 files=[(part.get_filename() or "", part.get_content_type()) for part in files])


def leaves(part: EmailMessage) -> Iterator[EmailMessage]:
    if part.get_content_maintype() != "multipart":
        yield part
    else:
        for child in part.iter_parts():
            yield from leaves(child)


def by_mailparser(parsed: dict) -> Shown:
    """What plain.mjs gives of a mail."""
    return Shown(author=parsed["author"], subject=parsed["subject"], text=parsed.get("text", ""), html=parsed["html"] or "",
                 files=[(one.get("filename", ""), one["type"]) for one in parsed["attachments"]])


class Visible(html.parser.HTMLParser):
    """The words of a page, without what a browser hides."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self._unseen = 0
        self._number: int | None = None  # of the next item; None where it gets a dot

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in UNSEEN:
            self._unseen += 1
        elif tag in BLOCKS and not self.words.endswith("\t"):  # what begins an item stands behind its mark
            self.words += "\n"
        if tag in ("ol", "ul"):
            self._number = 1 if tag == "ol" else None
        elif tag == "li":
            self.words += "*\t" if self._number is None else f"{self._number}.\t"
            self._number = self._number and self._number + 1
        elif tag == "img":
            self.words += f"[{dict(attrs).get('alt') or 'picture'}]"

    def handle_endtag(self, tag: str) -> None:
        if tag in UNSEEN:
            self._unseen -= 1
        elif tag in BLOCKS:
            self.words += "\n"

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.words += data.replace("\n", " ")


def visible(page: str) -> str:
    parser = Visible()
    parser.feed(page)
    lines = [" ".join(line.split()) for line in parser.words.split("\n")]
    return "\n".join(line for line in lines if line)
