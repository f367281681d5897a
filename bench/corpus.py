"""Mails as they lie in a mailbox, the same for the same seed.

plain: a kilobyte of text each, as chat programs write them.
mixed: what people keep: short texts, long threads, HTML with its plain text, attachments, now and then a large one.
"""

import base64
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
    folder: str  # INBOX or Sent
    time: int  # seconds since 1970: Date and INTERNALDATE
    seen: bool
    octets: bytes  # with LF


def plain(count: int, owner: str, seed: int = 1) -> Iterator[Mail]:
    return _mails(count, owner, seed, _Writer(seed).short)


def mixed(count: int, owner: str, seed: int = 1) -> Iterator[Mail]:
    return _mails(count, owner, seed, _Writer(seed).any)


def word_of(number: int) -> str:
    """A word that is in mail `number` alone."""
    return f"beleg{number}q"


def person(number: int) -> str:
    return f"person{number}@example.net"


def _mails(count: int, owner: str, seed: int, write: Callable[[int, bool], list[str]]) -> Iterator[Mail]:
    order = random.Random(seed)
    for number in range(count):
        time = NEWEST - (count - number) * SECONDS_BETWEEN
        own = number < min(PEOPLE, count // 10)
        who = person(number % PEOPLE if own else int(order.betavariate(1, 4) * PEOPLE))
        sender, to = (owner, who) if own else (who, owner)
        headers = [f"From: {sender.split('@')[0].title()} <{sender}>", f"To: <{to}>",
                   f"Date: {email.utils.formatdate(time)}", f"Message-ID: <{seed}.{number}@example.net>",
                   "MIME-Version: 1.0"]
        octets = "\n".join(headers + write(number, own)).encode()
        yield Mail("Sent" if own else "INBOX", time, number % 4 != 0, octets)


class _Writer:
    """The headers of the content and the body, as lines."""

    def __init__(self, seed: int):
        self._random = random.Random(seed * 7 + 1)
        syllables = [a + b for a in "bdfghklmnprstvwz" for b in ("a", "e", "i", "o", "u", "an", "er", "in")]
        self._words = ["".join(self._random.choices(syllables, k=self._random.choice((1, 2, 2, 3))))
                       for _ in range(5000)]
        # As in languages: few words make most of a text.
        self._weights = list(itertools.accumulate(1 / (rank + 1) for rank in range(len(self._words))))
        self._noise = base64.encodebytes(self._random.randbytes(1_500_000)).decode().splitlines()
        self._threads: list[list[str]] = []

    def short(self, number: int, own: bool) -> list[str]:
        return ["Chat-Version: 1.0", "Subject: Message", *self._text(number, 850)]

    def any(self, number: int, own: bool) -> list[str]:
        draw = self._random.random()
        if own or draw < 0.30:
            return ["Subject: " + self._some(4), *self._text(number, self._random.choice((200, 600, 2000)))]
        if draw < 0.50:
            return self._reply(number)
        if draw < 0.90:
            return ["Subject: " + self._some(5), *self._html(number)]
        lines = 4000 if draw > 0.99 else self._random.randrange(100, 1600)
        return ["Subject: " + self._some(3), *self._with_file(number, lines)]

    def _some(self, count: int) -> str:
        return " ".join(self._random.choices(self._words, cum_weights=self._weights, k=count))

    def _prose(self, number: int, octets: int) -> list[str]:
        lines, line, size = [], f"{EVERYWHERE} {word_of(number)}", 0
        for word in self._random.choices(self._words, cum_weights=self._weights, k=octets // 4):
            if size + len(line) >= octets:
                break
            if len(line) + len(word) >= LINE:
                lines.append(line)
                size += len(line) + 1
                line = word
            else:
                line += " " + word
        return [*lines, line]

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
        boundary = f"=_{number}"
        begin = self._random.randrange(len(self._noise) - lines)
        return [f"Content-Type: multipart/mixed; boundary=\"{boundary}\"", "", f"--{boundary}",
                *self._text(number, 400), f"--{boundary}", f"Content-Type: application/pdf; name=\"file{number}.pdf\"",
                f"Content-Disposition: attachment; filename=\"file{number}.pdf\"",
                "Content-Transfer-Encoding: base64", "",
                *self._noise[begin:begin + lines], f"--{boundary}--", ""]
