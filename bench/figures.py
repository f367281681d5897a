"""What is measured, in which order. Every function is a group of figures; the order inside a group pairs ours with the
floor and the peer, one after the other."""

from collections.abc import Callable

import asking
import filled
import groups
import talk
from lab import Lab
from report import Figure

GROUPS: dict[str, Callable[[Lab], list[Figure]]] = {
    "talk": talk.talking, "marks": talk.marking, "wire": talk.on_the_wire, "ingest": filled.ingesting,
    "groups": groups.ingesting, "start": filled.starting, "memory": filled.memory, "ask": asking.asking,
    "list": asking.listing, "group-list": groups.listing, "group-message": groups.to_fifty, "huge": filled.huge}
LONG = ("huge",)  # left out by --quick
