"""A mailbox that is full: a new device on it, a known one that starts, and what an idle account takes."""

import shutil
import time
from collections.abc import Callable, Iterable

import corpus
from daemon import Daemon
from lab import Lab, Mails
from peer import Peer
from report import Figure, Goal


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
    return peer_filled(lab, name, mails(count, f"{name}@example.org"), lambda: count)


def peer_filled(lab: Lab, name: str, mails: Iterable[corpus.Mail], count: Callable[[], int]) -> float:
    """Logged in on an empty mailbox, then the mails come while it is away: it takes up no older mail. `count`: how many
    of them it reads, asked when all were made."""
    address = lab.host.add_user(f"{name}@example.org")
    peer = Peer(lab.peer, lab.folder / "peer" / address)
    peer.log_in(address, lab.host.imap, lab.host.smtp)
    peer.stop()
    lab.host.fill(address, mails)
    took = peer.start()  # it waits in IDLE when all have been read
    peer.close()
    return count() / took * 1000


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
