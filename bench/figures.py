"""What is measured, in which order. Every function is a group of figures; the order inside a group pairs ours with the
floor and the peer, one after the other."""

import dataclasses
import pathlib
import shutil
import time
from collections.abc import Callable, Iterator

import corpus
from daemon import Daemon
from host import Host
from instrument import Instrument
from peer import Peer
from report import Figure, Goal
from wiretap import Wiretap

Mails = Callable[[int, str], Iterator[corpus.Mail]]  # so many, to this owner

# A stock Dovecot holds a notification back for 500 ms; within that time the next one comes sooner and flatters.
GAP = 0.8
SETTLE = 1.5  # for what follows a message: own copies, flags
ALICE, BOB = "alice@example.org", "bob@example.net"
CAROL, DAVE = "carol@example.org", "dave@example.net"  # the bare client's, so that nobody wakes the other
ERIN, FRANK = "erin@example.org", "frank@example.net"  # the peer's
GRACE, HEIDI = "grace@example.org", "heidi@example.net"  # ours where octets are counted: no history is fetched meanwhile
IVAN = "ivan@example.net"  # nobody reads his mail
TEXT = "Message. " + "and so on " * 99


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


class Talk:
    """Three pairs that write to each other, each over its own mailboxes: bare clients, our engines, the peer's."""

    def __init__(self, lab: Lab, instrument: Instrument):
        self._bench = instrument
        for address in (CAROL, DAVE, ERIN, FRANK, IVAN):
            lab.host.add_user(address)
        self._bench.do("open-bare", **{"from": CAROL, "to": DAVE})
        for address in (ALICE, BOB):
            self._bench.do("open-device", device=address, data=lab.place(address))
            self._bench.do("log-in", device=address, addr=address)
        self._ours = {"from": ALICE, "to": BOB, "addr": BOB}
        self._bench.do("message", **self._ours, accept=True)
        self.peers: list[Peer] = []
        if lab.peer:
            self.peers = [Peer(lab.peer, lab.folder / "peer" / address) for address in (ERIN, FRANK)]
            for one, address in zip(self.peers, (ERIN, FRANK)):
                one.log_in(address, lab.host.imap, lab.host.smtp)
            self.peers[1].chat_with(ERIN)
            self.peer_message()

    def close(self) -> None:
        self._bench.do("close-bare")
        for address in (ALICE, BOB):
            self._bench.do("close-device", device=address)
        for one in self.peers:
            one.close()

    def bare_message(self) -> float:
        return self._bench.do("bare-message")["ms"]

    def message(self) -> float:
        return self._bench.do("message", **self._ours)["ms"]

    def peer_message(self) -> float:
        begun = time.perf_counter()
        self.peers[0].send(FRANK, TEXT)
        event, _ = self.peers[1].receive(1)
        self.peers[1].read(event["msgId"])
        return (time.perf_counter() - begun) * 1000

    def bare_burst(self, count: int) -> float:
        return count / self._bench.do("bare-burst", count=count)["ms"] * 1000

    def burst(self, count: int) -> float:
        return count / self._bench.do("burst", **self._ours, count=count)["ms"] * 1000

    def bare_sending(self, count: int) -> float:
        return count / self._bench.do("bare-sending", addr=IVAN, count=count)["ms"] * 1000

    def sending(self, count: int) -> float:
        return count / self._bench.do("sending", **{"from": ALICE}, addr=IVAN, count=count)["ms"] * 1000

    def peer_burst(self, count: int) -> float:
        begun = time.perf_counter()
        for _ in range(count):
            self.peers[0].send(FRANK, TEXT)
        _, came = self.peers[1].receive(count)
        return count / (came - begun)


def talking(lab: Lab) -> list[Figure]:
    latency = Figure("message", "ms", "the user's action until the receiver has read the row of it; "
                     "floor: submit, EXISTS, fetched", goal=Goal("difference", 5))
    burst = Figure("burst", "messages/s", "300 messages in a row, until the receiver has all",
                   goal=Goal("ratio", 0.8, at_least=True))
    sending = Figure("burst, sending", "messages/s", "300 messages in a row to somebody who is not there: from the first "
                     "MAIL until the last DATA is accepted", goal=Goal("ratio", 0.9, at_least=True))
    with lab.instrument() as instrument:
        talk = Talk(lab, instrument)
        for _ in range(lab.runs(20, 5)):
            for samples, measure in ((sending.floor, talk.bare_sending), (sending.ours, talk.sending)):
                time.sleep(SETTLE)
                samples.append(measure(300))
        for _ in range(lab.runs(60, 10)):
            for samples, measure in ((latency.floor, talk.bare_message), (latency.ours, talk.message),
                                     (latency.peer, talk.peer_message)):
                if samples is not latency.peer or talk.peers:
                    time.sleep(GAP)
                    samples.append(measure())
        for run in range(lab.runs(15, 3)):
            for samples, measure in ((burst.floor, talk.bare_burst), (burst.ours, talk.burst)):
                time.sleep(SETTLE)
                samples.append(measure(300))
            if talk.peers and run < 3:
                time.sleep(SETTLE)
                burst.peer.append(talk.peer_burst(300))
        talk.close()
    return [latency, burst, sending]


def ingesting(lab: Lab) -> list[Figure]:
    figures = []
    plans = [("plain", corpus.plain, 2000), ("mixed", corpus.mixed, 2000), ("plain", corpus.plain, 10_000),
             ("mixed", corpus.mixed, 10_000)]
    with lab.instrument() as instrument:
        for kind, mails, count in plans:
            what = {"plain": "1 kB", "mixed": "mixed"}[kind]
            all_in = Figure(f"ingest {kind} {count}", "mails/s", f"a new device on {count} mails ({what}), from login "
                            "until all are stored; floor: one FETCH of all by the bare client")
            first = Figure(f"first screen {kind} {count}", "ms", "the same, until the newest 500 are there")
            if (kind, count) == ("plain", 10_000):
                all_in.goal, first.goal = Goal("p50", 5000, at_least=True), Goal("p50", 2000)
            address = lab.mailbox(f"{kind}{count}", mails, count)
            instrument.do("bare-fetch", addr=address)
            for run in range(lab.runs(50 if count == 2000 else 10, 3)):
                data = lab.place(f"ingest-{kind}{count}-{run}")
                bare = instrument.do("bare-fetch", addr=address)
                all_in.floor.append(bare["mails"] / bare["ms"] * 1000)
                ours = instrument.do("ingest", addr=address, data=data, expect=count)
                all_in.ours.append(count / ours["ms"] * 1000)
                first.ours.append(ours["first_screen_ms"])
                shutil.rmtree(data)
            if lab.peer:
                all_in.peer += [peer_ingest(lab, f"peer-{kind}{count}", mails, count)]
            figures += [all_in, first]
    return figures


def peer_ingest(lab: Lab, name: str, mails: Mails, count: int) -> float:
    """Logged in on an empty mailbox, then the mails come while it is away: it takes up no older mail."""
    address = lab.host.add_user(f"{name}@example.org")
    peer = Peer(lab.peer, lab.folder / "peer" / address)
    peer.log_in(address, lab.host.imap, lab.host.smtp)
    peer.stop()
    lab.host.fill(address, mails(count, address))
    took = peer.start()  # it waits in IDLE when all have been read
    peer.close()
    return count / took * 1000


def starting(lab: Lab) -> list[Figure]:
    figure = Figure("start 10000", "ms", "from opening the engine to sending IDLE, 10 000 mails known; "
                    "floor: connect, log in, SELECT", goal=Goal("difference", 30))
    with lab.instrument() as instrument:
        address = lab.mailbox("start", corpus.plain, 10_000)
        data = lab.place("start")
        instrument.do("ingest", addr=address, data=data, expect=10_000)
        peer = None
        if lab.peer:
            peer_ingest(lab, "peer-start", corpus.plain, 10_000)
            peer = Peer(lab.peer, lab.folder / "peer" / "peer-start@example.org")
        for _ in range(lab.runs(50, 10)):
            figure.floor.append(instrument.do("bare-start", addr=address)["ms"])
            figure.ours.append(instrument.do("start", data=data)["ms"])
            if peer:
                figure.peer.append(peer.start())
                peer.stop()
        if peer:
            peer.close()
    return [figure]


def memory(lab: Lab) -> list[Figure]:
    one = Figure("memory, one account", "MB", "coid, private and written to, idle for a minute", goal=Goal("p50", 10))
    further = Figure("memory, each further account", "MB", "the same with five accounts: a quarter of what four added",
                     goal=Goal("p50", 2.5))
    idle = lab.runs(60, 15)
    with Daemon(lab.coid, lab.folder / "memory") as daemon:
        for number in range(5):
            address = lab.mailbox(f"idle{number}", corpus.plain, 100)
            daemon.log_in(address, lab.host.imap, lab.host.smtp, lab.host.ca)
            daemon.wait_until_online(address)
            if number == 0:
                time.sleep(idle)
                alone = daemon.memory()
        time.sleep(idle)
        five = daemon.memory()
    one.ours, one.more = [alone["private_dirty"]], {"rss_mb": alone["rss"]}
    further.ours = [(five["private_dirty"] - alone["private_dirty"]) / 4]
    further.more = {"rss_mb": five["rss"]}
    return [one, further]


def asking(lab: Lab) -> list[Figure]:
    figures = ask_about(lab, 10_000, search_goal=Goal("p50", 2))
    if not lab.quick:
        large = ask_about(lab, 100_000, search_goal=Goal("p50", 5))
        figures += [figure for figure in large if figure.name.startswith("search")]
    return figures


def ask_about(lab: Lab, count: int, search_goal: Goal) -> list[Figure]:
    address = lab.mailbox(f"ask{count}", corpus.plain, count)
    data = lab.folder / f"ask{count}"
    with lab.instrument() as instrument:
        instrument.do("ingest", addr=address, data=str(data), expect=count)
    everywhere, rare = corpus.EVERYWHERE, corpus.word_of(count // 2)
    busiest = corpus.person(5)
    figures = [
        Figure("chat list", "ms", "the first 50 chats, more than a window shows, over the socket", goal=Goal("p50", 2)),
        Figure("chat list 200", "ms", "all 200 chats over the socket"),
        Figure("last 50", "ms", "the last 50 messages of a chat over the socket", goal=Goal("p50", 2)),
        Figure(f"search rare {count}", "ms", f"a word of one mail in {count}, over the socket", goal=search_goal),
        Figure(f"search common {count}", "ms", f"a word of all {count} mails, first 20 hits, over the socket",
               goal=search_goal)]
    chats, all_chats, last, search_rare, search_common = figures
    with Daemon(lab.coid, data) as daemon:
        daemon.wait_until_online()
        for _ in range(lab.runs(200, 50)):
            for figure, method, params in (
                    (chats, "chats", {"most": 50}), (all_chats, "chats", {}), (last, "messages", {"chat": busiest, "last": 50}),
                    (search_rare, "search", {"words": rare}), (search_common, "search", {"words": everywhere})):
                result, took = daemon.rpc.timed(method, **params)
                figure.ours.append(took)
                figure.more["answers"] = len(result[{"chats": "chats"}.get(method, "messages")])
    if lab.peer and count == 10_000:
        ask_peer(lab, figures, (busiest, rare, everywhere), count)
    return figures


def ask_peer(lab: Lab, figures: list[Figure], words: tuple[str, str, str], count: int) -> None:
    peer_ingest(lab, "peer-ask", corpus.plain, count)
    peer = Peer(lab.peer, lab.folder / "peer" / "peer-ask@example.org")
    ask, me = peer.rpc, peer.id
    busiest, rare, everywhere = words
    chat = peer.chat_with(busiest)

    def chat_list(most: int | None) -> None:
        ask.call("get_chatlist_items_by_entries", me, ask.call("get_chatlist_entries", me, None, None, None)[:most])

    def last_50() -> None:
        ask.call("get_messages", me, ask.call("get_message_ids", me, chat, False, False)[-50:])

    def search(word: str) -> None:
        ask.call("message_ids_to_search_results", me, ask.call("search_messages", me, word, None)[:20])

    for _ in range(lab.runs(50, 10)):
        for figure, question in zip(figures, (lambda: chat_list(50), lambda: chat_list(None), last_50,
                                              lambda: search(rare), lambda: search(everywhere))):
            begun = time.perf_counter()
            question()
            figure.peer.append((time.perf_counter() - begun) * 1000)
    peer.close()


def on_the_wire(lab: Lab) -> list[Figure]:
    """Each message by itself, with all that follows it: own copy, flags, IDLE again."""
    taps = {name: Wiretap(lab.host.ready[port]) for name, port in
            (("smtp", "submissions"), ("imap", "imaps"), ("bob smtp", "submissions"), ("bob imap", "imaps"))}
    url = {name: f"{'smtps' if 'smtp' in name else 'imaps'}://127.0.0.1:{tap.port}" for name, tap in taps.items()}
    figures = {(side, count): Figure(f"{side}: {count}", unit, f"{what}, for one message of 1 kB, TLS included")
               for side, what in (("sending", "over SMTP and the sender's IMAP connections"),
                                  ("receiving", "over the receiver's IMAP connections"))
               for count, unit in (("octets sent", "octets"), ("octets received", "octets"), ("turns", "round trips"))}

    def take(role: str) -> None:
        counts = {name: tap.counts() for name, tap in taps.items()}
        for side, names in (("sending", ("smtp", "imap")), ("receiving", ("bob imap",))):
            for count in ("octets sent", "octets received", "turns"):
                key = count.replace(" ", "_")
                getattr(figures[side, count], role).append(float(sum(counts[name][key] for name in names)))

    with lab.instrument() as instrument:
        runs = lab.runs(50, 10)
        for address in (CAROL, DAVE, GRACE, HEIDI):
            lab.host.add_user(address)
        instrument.do("open-bare", **{"from": CAROL, "to": DAVE}, smtp=url["smtp"], imap=url["bob imap"])
        for _ in range(runs):
            for tap in taps.values():
                tap.clear()
            instrument.do("bare-message")
            time.sleep(0.2)
            take("floor")
            time.sleep(GAP)
        instrument.do("close-bare")
        for address, prefix in ((GRACE, ""), (HEIDI, "bob ")):
            instrument.do("open-device", device=address, data=lab.place("wire-" + address))
            instrument.do("log-in", device=address, addr=address, imap=url[prefix + "imap"], smtp=url[prefix + "smtp"])
        order = {"from": GRACE, "to": HEIDI, "addr": HEIDI}
        instrument.do("message", **order, accept=True)
        for _ in range(runs):
            time.sleep(SETTLE)
            for tap in taps.values():
                tap.clear()
            instrument.do("message", **order)
            time.sleep(SETTLE)
            take("ours")
        for address in (GRACE, HEIDI):
            instrument.do("close-device", device=address)
    return list(figures.values())


def huge(lab: Lab) -> list[Figure]:
    count = 500_000
    figure = Figure(f"first screen plain {count}", "ms", f"a new device on {count} mails, from login until the newest "
                    "500 are there", goal=Goal("p50", 5000))
    address = lab.mailbox("huge", corpus.plain, count)
    with lab.instrument() as instrument:
        for run in range(lab.runs(10, 3)):
            ours = instrument.do("ingest", addr=address, data=lab.place(f"huge-{run}"), expect=count,
                                 first_screen_only=True)
            figure.ours.append(ours["first_screen_ms"])
    lab.host.remove(address)
    return [figure]


GROUPS: dict[str, Callable[[Lab], list[Figure]]] = {
    "talk": talking, "wire": on_the_wire, "ingest": ingesting, "start": starting, "memory": memory, "ask": asking,
    "huge": huge}
LONG = ("huge",)  # left out by --quick
