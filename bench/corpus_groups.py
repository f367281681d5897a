"""Mails of groups, in the forms in which this house writes them: texts, answers with a quote, albums, reactions, edits
and receipts. The same for the same seed, and with what a device should know when it has read them all."""

import base64
import collections
import dataclasses
import email.utils
import random
from collections.abc import Iterator

from corpus import NEWEST, PEOPLE, SECONDS_BETWEEN, Mail, Words, person

GROUPS = 50
CHATS = "COI/Chats"  # where own chat mail lies
EMOJI = "👍❤😂"
RECENT = 20  # messages of a group that are answered, reacted to, edited and read
RECEIPT = ["Content-Type: text/plain; format=flowed; charset=utf-8", "",
           "The message was shown on the recipient's screen. This does not say that it ", "was understood."]


def domain_of(address: str) -> str:
    return address.rpartition("@")[2]


@dataclasses.dataclass
class Group:
    id: str
    name: str
    owner: str
    members: list[str]  # with the owner
    since: int = 0
    recent: collections.deque["Message"] = dataclasses.field(default_factory=lambda: collections.deque(maxlen=RECENT))
    root: str = ""

    def others(self, author: str) -> list[str]:
        return [member for member in self.members if member != author]


@dataclasses.dataclass
class Message:
    id: str
    author: str
    words: str  # its first line, which is quoted
    readers: set[str] = dataclasses.field(default_factory=set)


@dataclasses.dataclass
class Known:
    """What a device should know of it: counts of messages, and in `members` who is in each group beside the owner."""

    members: dict[str, set[str]] = dataclasses.field(default_factory=dict)
    messages: int = 0
    answers: int = 0
    albums: int = 0
    edited: int = 0
    reactions: int = 0  # of one person to one message
    read: int = 0  # own messages, by one person


class GroupMails:
    """So many mails of 50 groups, the first of each group's being its owner's. Once all have been taken, `known` is
    complete; `inbox` counts those that do not lie among own mail. `albums`: texts among them have pictures instead."""

    def __init__(self, count: int, owner: str, albums: bool, seed: int = 1):
        self._count, self._owner, self._albums, self._seed = count, owner, albums, seed
        self._words = Words(seed)
        self._order = random.Random(seed)
        self._groups = [self._group(number) for number in range(GROUPS)]
        self._reactions: set[tuple[str, str]] = set()
        self._edited: set[str] = set()
        self.known = Known()
        self.inbox = 0

    @property
    def busiest(self) -> str:
        """The name of a group that has much of everything at its end."""
        return self._groups[GROUPS // 10].name

    def __iter__(self) -> Iterator[Mail]:
        for number in range(self._count):
            first = number < GROUPS
            group = self._groups[number if first else int(self._order.betavariate(1, 4) * GROUPS)]
            time = NEWEST - (self._count - number) * SECONDS_BETWEEN
            author, lines = self._found(group, number, time) if first else self._write(group, number)
            own = author == self._owner
            self.inbox += not own
            yield Mail(CHATS if own else "INBOX", time, own or number % 4 != 0, "\n".join(
                [f"From: {author}", *lines[:1], f"Date: {email.utils.formatdate(time)}", *lines[1:], ""]).encode())

    def _group(self, number: int) -> Group:
        size = min(3 + int(self._order.betavariate(1, 4) * 60), GROUPS)
        members = sorted([self._owner, *map(person, self._order.sample(range(PEOPLE), size - 1))])
        id = base64.urlsafe_b64encode(self._order.randbytes(18)).decode()
        return Group(id, f"{self._words.some(2)} {number}", self._owner, members)

    def _found(self, group: Group, number: int, time: int) -> tuple[str, list[str]]:
        group.since = time
        message = self._new(group, number, self._owner)
        group.root = message.id
        self.known.members[group.name] = set(group.others(self._owner))
        cards = "".join(f'<li class="h-card"><p><b class="p-name u-email">{member}</b></p></li>'
                        for member in group.members)
        text = " ".join(self._words.prose(number, 100))
        return self._owner, [*self._headers(group, message.id, self._owner), *self._parts("alternative", number, [
            [*self._plain(), "", text],
            ["Chat-Content: groupinfo", "Content-Type: text/html; charset=utf-8", "",
             f'<p>{text}</p><div class="h-group"><p><b class="p-name">{group.name}</b></p>'
             f'<ul class="e-participants p-participants">{cards}</ul></div>']])]

    def _write(self, group: Group, number: int) -> tuple[str, list[str]]:
        draw = self._order.random()
        author = self._owner if self._order.random() < 0.1 else self._order.choice(group.others(self._owner))
        if draw < 0.17 and group.recent:
            return author, self._reaction(group, number, author)
        if draw < 0.22 and (mine := [message for message in group.recent if message.author == author]):
            return author, self._edit(group, number, self._order.choice(mine))
        if draw < 0.37 and (receipt := self._receipt(group, number)):
            return receipt
        answered = self._order.choice(group.recent) if draw < 0.50 and group.recent else None
        latest = group.recent[-1].id
        message = self._new(group, number, author)
        headers = self._headers(group, message.id, author, answered=answered.id if answered else "", latest=latest,
                                more=[f"Chat-Disposition-Notification-To: {author}"])
        if answered:
            self.known.answers += 1
            return author, [*headers, *self._plain(), "", f"> {answered.words}", "", *self._prose(message, number, 700)]
        if self._albums and draw < 0.54:
            return author, [*headers, *self._album(message, number)]
        return author, [*headers, *self._plain(), "", *self._prose(message, number, 850)]

    def _new(self, group: Group, number: int, author: str) -> Message:
        message = Message(self._id(group, number, author), author, "")
        group.recent.append(message)
        self.known.messages += 1
        return message

    def _id(self, group: Group, number: int, author: str) -> str:
        return f"<chat$group.{group.id}.{self._seed}x{number}@{domain_of(author)}>"

    def _headers(self, group: Group, id: str, author: str, answered: str = "", latest: str = "",
                 more: list[str] | None = None) -> list[str]:
        """The first line is To; Date follows it, which is known elsewhere."""
        references = list(dict.fromkeys([group.root or id, answered or latest or group.root or id]))
        return ["To: " + ",\n ".join(group.others(author)), f"Message-ID: {id}", f"Subject: {group.name}",
                "Chat-Version: 1.0", *([f"In-Reply-To: {answered}"] if answered else []),
                "References: " + "\n ".join(references), *(more or []), f"Chat-Group-ID: {group.id}",
                f"Chat-Group-Name: {group.name}", f"Chat-Group-Name-Timestamp: {group.since}",
                "Chat-Group-Member-Timestamps: " + "\n ".join([str(group.since)] * (len(group.members) - 1)),
                "MIME-Version: 1.0"]

    def _plain(self) -> list[str]:
        return ["Content-Type: text/plain; format=flowed; charset=utf-8"]

    def _prose(self, message: Message, number: int, octets: int) -> list[str]:
        lines = self._words.prose(number, octets)
        message.words = lines[0]
        return [line + " " for line in lines[:-1]] + lines[-1:]

    def _parts(self, kind: str, number: int, parts: list[list[str]], params: str = "") -> list[str]:
        boundary = f"=_{self._seed}x{number}_1"
        lines = [f"Content-Type: multipart/{kind};{params}\n boundary=\"{boundary}\"", ""]
        for part in parts:
            lines += [f"--{boundary}", *part]
        return [*lines, f"--{boundary}--"]

    def _album(self, message: Message, number: int) -> list[str]:
        self.known.albums += 1
        parts = [[*self._plain(), "", *self._prose(message, number, 100)]]
        for picture in range(1, self._order.randrange(3, 8)):
            parts.append(["Content-Type: image/jpeg", f"Content-Disposition: inline; filename={picture}.jpg",
                          f"Content-ID: <{picture}.{message.id[1:]}", "Content-Transfer-Encoding: base64", "",
                          *self._words.base64(200)])
        return self._parts("mixed", number, parts)

    def _reaction(self, group: Group, number: int, author: str) -> list[str]:
        meant = self._order.choice(group.recent)
        self._reactions.add((meant.id, author))
        self.known.reactions = len(self._reactions)
        emoji = base64.b64encode(f"{self._order.choice(EMOJI)}\r\n".encode()).decode()
        return [*self._headers(group, self._id(group, number, author), author, answered=meant.id),
                "Content-Type: text/plain; charset=utf-8", "Content-Disposition: reaction",
                "Content-Transfer-Encoding: base64", "", emoji]

    def _edit(self, group: Group, number: int, meant: Message) -> list[str]:
        self._edited.add(meant.id)
        self.known.edited = len(self._edited)
        edits = f"Chat-Edit: {meant.id}"
        return [*self._headers(group, self._id(group, number, meant.author), meant.author, answered=meant.id,
                               more=["Chat-Content: editrequest", edits]),
                *self._parts("mixed", number, [[edits, *self._plain(), "", *self._prose(meant, number, 400)]])]

    def _receipt(self, group: Group, number: int) -> tuple[str, list[str]] | None:
        """To the owner, of a message of his that the reader has not told of."""
        own = [message for message in group.recent if message.author == self._owner and message.id != group.root]
        pairs = [(message, reader) for message in own for reader in group.others(self._owner)
                 if reader not in message.readers]
        if not pairs:
            return None
        message, reader = self._order.choice(pairs)
        message.readers.add(reader)
        self.known.read += 1
        return reader, [
            f"To: {self._owner}", f"Message-ID: <chat${self._seed}x{number}@{domain_of(reader)}>",
            "Subject: Message read", "Chat-Version: 1.0", f"In-Reply-To: {message.id}", f"References: {message.id}",
            "Auto-Submitted: auto-replied", "MIME-Version: 1.0",
            *self._parts("report", number, [RECEIPT, [
                "Content-Type: message/disposition-notification", "", "Reporting-UA: COI",
                f"Final-Recipient: rfc822;{reader}", f"Original-Message-ID: {message.id}",
                "Disposition: manual-action/MDN-sent-automatically; displayed", ""]],
                         params=" report-type=disposition-notification;")]
