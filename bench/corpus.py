"""Mails as they lie in a mailbox, the same for the same seed.

plain: a kilobyte of text each, as chat programs write them.
mixed: what people keep: short texts, long threads, HTML with its plain text, attachments, now and then a large one.
lively: mixed, and among its newest mails what chat programs send: answers with a quote, albums, reactions to them.
"""

import base64
import collections
import dataclasses
import email.utils
import itertools
import random
from collections.abc import Callable, Iterator

PEOPLE = 200  # that write; each got one mail from the owner, so that none is a stranger
NEWEST = 1_793_577_600  # 2 November 2026, UTC
SECONDS_BETWEEN = 600
EVERYWHERE = "moin"  # a word of every mail
LINE = 72


@dataclasses.dataclass(frozen=True)
class Mail:
    folder: str
    time: int  # seconds since 1970: Date and INTERNALDATE
    seen: bool
    octets: bytes  # with LF


def plain(count: int, owner: str, seed: int = 1) -> Iterator[Mail]:
    return _mails(count, owner, seed, _Writer(seed).short)


def mixed(count: int, owner: str, seed: int = 1) -> Iterator[Mail]:
    return _mails(count, owner, seed, _Writer(seed).any)


def lively(count: int, owner: str, seed: int = 1) -> Iterator[Mail]:
    return _mails(count, owner, seed, _Writer(seed, chatting_from=count - min(count // 4, 4000)).any)


def messages_in(mails: Iterator[Mail]) -> int:
    """What is said about a message is none."""
    return sum(b"\nContent-Disposition: reaction" not in mail.octets for mail in mails)


def word_of(number: int) -> str:
    """A word that is in mail `number` alone."""
    return f"beleg{number}q"


def person(number: int) -> str:
    return f"person{number}@example.net"


def _mails(count: int, owner: str, seed: int, write: Callable[[int, bool, str], list[str]]) -> Iterator[Mail]:
    order = random.Random(seed)
    for number in range(count):
        time = NEWEST - (count - number) * SECONDS_BETWEEN
        own = number < min(PEOPLE, count // 10)
        who = person(number % PEOPLE if own else int(order.betavariate(1, 4) * PEOPLE))
        sender, to = (owner, who) if own else (who, owner)
        headers = [f"From: {sender.split('@')[0].title()} <{sender}>", f"To: <{to}>",
                   f"Date: {email.utils.formatdate(time)}", f"Message-ID: <{seed}.{number}@example.net>",
                   "MIME-Version: 1.0"]
        octets = "\n".join(headers + write(number, own, who)).encode()
        yield Mail("Sent" if own else "INBOX", time, number % 4 != 0, octets)


class Words:
    """What is said: as in languages, few words make most of a text."""

    def __init__(self, seed: int):
        self.random = random.Random(seed * 7 + 1)
        syllables = [a + b for a in "bdfghklmnprstvwz" for b in ("a", "e", "i", "o", "u", "an", "er", "in")]
        self._words = ["".join(self.random.choices(syllables, k=self.random.choice((1, 2, 2, 3))))
                       for _ in range(5000)]
        self._weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(self._words))))
        self._noise = base64.encodebytes(self.random.randbytes(1_500_000)).decode().splitlines()

    def some(self, count: int) -> str:
        return " ".join(self.random.choices(self._words, cum_weights=self._weights, k=count))

    def prose(self, number: int, octets: int) -> list[str]:
        lines, line, size = [], f"{EVERYWHERE} {word_of(number)}", 0
        for word in self.random.choices(self._words, cum_weights=self._weights, k=octets // 4):
            if size + len(line) >= octets:
                break
            if len(line) + len(word) >= LINE:
                lines.append(line)
                size += len(line) + 1
                line = word
            else:
                line += " " + word
        return [*lines, line]

    def base64(self, lines: int) -> list[str]:
        begin = self.random.randrange(len(self._noise) - lines)
        return self._noise[begin:begin + lines]


class _Writer:
    """The headers of the content and the body, as lines."""

    def __init__(self, seed: int, chatting_from: int | None = None):
        self._seed = seed
        self._chatting_from = chatting_from
        self._said: dict[str, collections.deque[str]] = {}  # the newest messages with each person
        self._words = Words(seed)
        self._random = self._words.random
        self._some, self._prose = self._words.some, self._words.prose
        self._threads: list[list[str]] = []

    def short(self, number: int, own: bool, who: str) -> list[str]:
        return ["Chat-Version: 1.0", "Subject: Message", *self._text(number, 850)]

    def any(self, number: int, own: bool, who: str) -> list[str]:
        earlier = self._said.setdefault(who, collections.deque(maxlen=20))
        if self._chatting_from is not None and number > self._chatting_from and earlier:
            return self._chat(number, earlier)
        earlier.append(f"<{self._seed}.{number}@example.net>")
        draw = self._random.random()
        if own or draw < 0.30:
            return ["Subject: " + self._some(4), *self._text(number, self._random.choice((200, 600, 2000)))]
        if draw < 0.50:
            return self._reply(number)
        if draw < 0.90:
            return ["Subject: " + self._some(5), *self._html(number)]
        lines = 4000 if draw > 0.99 else self._random.randrange(100, 1600)
        return ["Subject: " + self._some(3), *self._with_file(number, lines)]

    def _chat(self, number: int, earlier: collections.deque[str]) -> list[str]:
        """An answer, a reaction or an album, to one of the newest messages with that person."""
        meant = self._random.choice(earlier)
        headers = ["Chat-Version: 1.0", "Subject: Message", f"In-Reply-To: {meant}", f"References: {meant}"]
        draw = self._random.random()
        if draw >= 0.3:
            earlier.append(f"<{self._seed}.{number}@example.net>")
        if draw < 0.3:
            return [*headers, "Content-Type: text/plain; charset=utf-8", "Content-Disposition: reaction",
                    "Content-Transfer-Encoding: 8bit", "", self._random.choice("👍❤😂"), ""]
        if draw < 0.8:
            quote = ["> " + line for line in self._prose(number, 200)]
            return [*headers, "Content-Type: text/plain; charset=utf-8", "", *quote, "", *self._prose(number, 200), ""]
        boundary = f"=_{number}"
        lines = [*headers, f"Content-Type: multipart/mixed; boundary=\"{boundary}\"", "", f"--{boundary}",
                 *self._text(number, 100)]
        for picture in range(self._random.randrange(2, 7)):
            lines += [f"--{boundary}", f"Content-Type: image/jpeg; name=\"{picture}.jpg\"",
                      f"Content-Disposition: inline; filename=\"{picture}.jpg\"", "Content-Transfer-Encoding: base64",
                      "", *self._words.base64(200)]
        return [*lines, f"--{boundary}--", ""]

    def _text(self, number: int, octets: int) -> list[str]:
        return ["Content-Type: text/plain; charset=utf-8", "", *self._prose(number, octets), ""]

    def _reply(self, number: int) -> list[str]:
        if not self._threads or self._random.random() < 0.02:
            self._threads.append([])
        thread = self._random.choice(self._threads[-10:])
        references = thread[-50:]
        thread.append(f"<1.{number}@example.net>")
        headers = ["Subject: Re: " + thread[0].strip("<>")]
        if references:
            headers += [f"In-Reply-To: {references[-1]}", "References: " + "\n ".join(references)]
        quote = ["> " + line for line in self._prose(number, 1500)]
        return [*headers, "Content-Type: text/plain; charset=utf-8", "", *self._prose(number, 400), "",
                "On Monday somebody wrote:", *quote, ""]

    def _html(self, number: int) -> list[str]:
        boundary = f"=_{number}"
        paragraphs = [f"<tr><td style=\"padding:8px;color:#333\"><p>{' '.join(self._prose(number, 300))}</p></td></tr>"
                      for _ in range(self._random.randrange(5, 60))]
        return [f"Content-Type: multipart/alternative; boundary=\"{boundary}\"", "", f"--{boundary}",
                *self._text(number, 1200), f"--{boundary}", "Content-Type: text/html; charset=utf-8", "",
                "<html><head><style>p { margin: 0 }</style></head><body><table>", *paragraphs, "</table></body></html>",
                f"--{boundary}--", ""]

    def _with_file(self, number: int, lines: int) -> list[str]:
        boundary, octets = f"=_{number}", self._words.base64(lines)
        return [f"Content-Type: multipart/mixed; boundary=\"{boundary}\"", "", f"--{boundary}",
                *self._text(number, 400), f"--{boundary}", f"Content-Type: application/pdf; name=\"file{number}.pdf\"",
                f"Content-Disposition: attachment; filename=\"file{number}.pdf\"",
                "Content-Transfer-Encoding: base64", "",
                *octets, f"--{boundary}--", ""]
