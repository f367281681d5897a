"""Messages on their way from one to another, over a pair of mailboxes for each of the clients: how long, how many, how
many octets."""

import time
from collections.abc import Callable

from instrument import Instrument
from lab import ALICE, BOB, CAROL, DAVE, ERIN, FRANK, GAP, GRACE, HEIDI, IVAN, SETTLE, Lab
from peer import Peer
from report import Figure, Goal
from wiretap import Wiretap

TEXT = "Message. " + "and so on " * 99


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

    def peer_mark(self) -> Callable[[str], float]:
        """Sends a message; then the receiver reacts to it, until its sender has read that."""
        mine = self.peers[0].send(FRANK, TEXT)
        event, _ = self.peers[1].receive(1)

        def react(emoji: str) -> float:
            begun = time.perf_counter()
            self.peers[1].react(event["msgId"], emoji)
            self.peers[0].wait_for_reaction(mine)
            return (time.perf_counter() - begun) * 1000

        return react

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


def marking(lab: Lab) -> list[Figure]:
    """What is said about a message: the receiver of it says so, and its sender has read the row that shows it."""
    reaction = Figure("reaction", "ms", "the user's action until the other has read the row with it; floor: a message of "
                      "the bare client, submit, EXISTS, fetched", goal=Goal("difference", 5))
    vote = Figure("vote", "ms", "the same of a vote in a poll", goal=Goal("difference", 5))
    back = {"from": BOB, "to": ALICE}
    with lab.instrument() as instrument:
        talk = Talk(lab, instrument)
        theirs = talk.peer_mark() if talk.peers else None
        for figure in (reaction, vote):
            if figure is vote:
                instrument.do("poll", **{"from": ALICE, "to": BOB}, addr=BOB)
            for run in range(lab.runs(60, 10)):
                time.sleep(SETTLE)
                figure.floor.append(talk.bare_message())
                time.sleep(SETTLE)
                if figure is vote:
                    figure.ours.append(instrument.do("vote", **back, choice=run % 2 + 1)["ms"])
                    continue
                figure.ours.append(instrument.do("react", **back, emoji="👍❤"[run % 2])["ms"])
                if theirs:
                    time.sleep(GAP)
                    figure.peer.append(theirs("👍❤"[run % 2]))
        talk.close()
    return [reaction, vote]


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
