"""One run: its servers and programs, and whose mailboxes are for what."""

import dataclasses
import pathlib
from collections.abc import Callable, Iterator

from corpus import Mail
from host import Host
from instrument import Instrument

Mails = Callable[[int, str], Iterator[Mail]]  # so many, to this owner

# A stock Dovecot holds a notification back for 500 ms; within that time the next one comes sooner and flatters.
GAP = 0.8
SETTLE = 1.5  # for what follows a message: own copies, flags
ALICE, BOB = "alice@example.org", "bob@example.net"
CAROL, DAVE = "carol@example.org", "dave@example.net"  # the bare client's, so that nobody wakes the other
ERIN, FRANK = "erin@example.org", "frank@example.net"  # the peer's
GRACE, HEIDI = "grace@example.org", "heidi@example.net"  # ours where octets are counted: no history is fetched meanwhile
IVAN = "ivan@example.net"  # nobody reads his mail


@dataclasses.dataclass
class Lab:
    host: Host
    folder: pathlib.Path
    bench: pathlib.Path
    coid: pathlib.Path
    peer: pathlib.Path | None
    quick: bool

    def instrument(self) -> Instrument:
        return Instrument(self.bench, self.host.imap, self.host.smtp, self.host.ca)

    def runs(self, full: int, quick: int) -> int:
        return quick if self.quick else full

    def place(self, name: str) -> str:
        return str(self.folder / name)

    def mailbox(self, name: str, mails: Mails, count: int) -> str:
        address = self.host.add_user(f"{name}@example.org")
        self.host.fill(address, mails(count, address))
        return address
