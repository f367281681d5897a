"""Two builds of ours against each other: the same measure by one and by the other, in turn, so that a machine whose
speed drifts does not count. Every row is a time: less is better."""

import dataclasses
import math
import pathlib
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import corpus
from daemon import Daemon
from lab import GAP, SETTLE, Lab
from host import ROOT
from report import rounded

PAIRS = 20
BOUND = 1.03  # a row whose whole interval lies beyond has become slower
CONFIDENCE = 0.95

Measure = Callable[[], float]


@dataclasses.dataclass
class Build:
    """`ours` is what lies here, `before` another commit."""

    name: str
    lab: Lab

    def place(self, what: str) -> pathlib.Path:
        return self.lab.folder / f"{self.name}-{what}"


def build(commit: str) -> pathlib.Path:
    """The release programs of another commit: their folder."""
    place = ROOT / "build/versus"
    git = ["git", "-C", ROOT]
    if not (place / ".git").exists():
        subprocess.run([*git, "worktree", "prune"], check=True)
        subprocess.run([*git, "worktree", "add", "--detach", "--force", place, commit], check=True, capture_output=True)
    subprocess.run(["git", "-C", place, "checkout", "--detach", "--force", commit], check=True, capture_output=True)
    for command in (["cmake", "--preset", "release"],
                    ["cmake", "--build", "--preset", "release", "--target", "coid", "coi-bench"]):
        done = subprocess.run(command, cwd=place, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            sys.exit(done.stdout[-4000:] + f"\nbench: the release build of {commit} failed")
    return place / "build/release/bin"


def interval(ratios: list[float]) -> tuple[float, float]:
    """Of the median: the order statistics between which it lies with CONFIDENCE, whatever the distribution."""
    count, below, outside = len(ratios), 0, 0.0
    while outside + math.comb(count, below) / 2**count <= (1 - CONFIDENCE) / 2:
        outside += math.comb(count, below) / 2**count
        below += 1
    ordered = sorted(ratios)
    return ordered[max(below - 1, 0)], ordered[min(count - below, count - 1)]


# ---- the rows: each sets up what it needs for one build and yields the measure ----


@contextmanager
def sending(build: Build) -> Iterator[Measure]:
    with build.lab.instrument() as instrument:
        me, other = (build.lab.host.add_user(f"{build.name}-{who}@example.org") for who in ("sender", "silent"))
        instrument.do("open-device", device=me, data=str(build.place("sender")))
        instrument.do("log-in", device=me, addr=me)

        def measure() -> float:
            time.sleep(SETTLE)
            return instrument.do("sending", **{"from": me}, addr=other, count=300)["ms"]

        yield measure
        instrument.do("close-device", device=me)


@contextmanager
def message(build: Build) -> Iterator[Measure]:
    with build.lab.instrument() as instrument:
        pair = [build.lab.host.add_user(f"{build.name}-{who}@example.org") for who in ("alice", "bob")]
        for who in pair:
            instrument.do("open-device", device=who, data=str(build.place(who)))
            instrument.do("log-in", device=who, addr=who)
        order = {"from": pair[0], "to": pair[1], "addr": pair[1]}
        instrument.do("message", **order, accept=True)

        def measure() -> float:
            time.sleep(GAP)
            return instrument.do("message", **order)["ms"]

        yield measure
        for who in pair:
            instrument.do("close-device", device=who)


def ingest(kind: str, mails: Callable[[int, str], Iterator[corpus.Mail]]) -> Callable[[Build], object]:
    count = 2000

    @contextmanager
    def row(build: Build) -> Iterator[Measure]:
        with build.lab.instrument() as instrument:
            address = build.lab.mailbox(f"{build.name}-{kind}", mails, count)
            instrument.do("bare-fetch", addr=address)
            data = build.place(f"ingest-{kind}")

            def measure() -> float:
                took = instrument.do("ingest", addr=address, data=str(data), expect=count)["ms"]
                shutil.rmtree(data)
                return took

            yield measure

    return row


def known(build: Build) -> pathlib.Path:
    """A data directory that knows 10 000 mails."""
    data = build.place("known")
    if not data.exists():
        address = build.lab.mailbox(f"{build.name}-known", corpus.plain, 10_000)
        with build.lab.instrument() as instrument:
            instrument.do("ingest", addr=address, data=str(data), expect=10_000)
    return data


@contextmanager
def start(build: Build) -> Iterator[Measure]:
    data = str(known(build))
    with build.lab.instrument() as instrument:
        yield lambda: instrument.do("start", data=data)["ms"]


def asking(method: str, params: dict[str, object]) -> Callable[[Build], object]:
    @contextmanager
    def row(build: Build) -> Iterator[Measure]:
        with Daemon(build.lab.coid, known(build)) as daemon:
            daemon.wait_until_online()

            def measure() -> float:
                return statistics.median(daemon.rpc.timed(method, **params)[1] for _ in range(50))

            measure()
            yield measure

    return row


ROWS: dict[str, Callable[[Build], object]] = {
    "message": message,
    "burst, sending": sending,
    "ingest plain 2000": ingest("plain", corpus.plain),
    "ingest mixed 2000": ingest("mixed", corpus.mixed),
    "start 10000": start,
    "chat list": asking("chats", {"most": 50}),
    "last 50": asking("messages", {"chat": corpus.person(5), "most": 50}),
    "search common 10000": asking("search", {"words": corpus.EVERYWHERE}),
}


def in_turn(ours: Measure, before: Measure) -> list[tuple[float, float]]:
    pairs = []
    for number in range(PAIRS):
        if number % 2:
            mine, theirs = ours(), before()
        else:
            theirs, mine = before(), ours()
        pairs.append((mine, theirs))
    return pairs


def compare(before: Build, ours: Build, wanted: list[str]) -> dict[str, dict]:
    """A row each: the median ratio ours / before over the pairs, and its interval."""
    rows: dict[str, dict] = {}
    for name, row in ROWS.items():
        if wanted and name not in wanted:
            continue
        begun = time.monotonic()
        with row(before) as one, row(ours) as other:
            pairs = in_turn(other, one)
        ratios = [mine / theirs for mine, theirs in pairs]
        low, high = interval(ratios)
        rows[name] = {"before_ms": rounded(statistics.median(theirs for _, theirs in pairs)),
                      "ours_ms": rounded(statistics.median(mine for mine, _ in pairs)),
                      "ratio": rounded(statistics.median(ratios)), "low": rounded(low), "high": rounded(high),
                      "pairs": len(pairs), "slower": low > BOUND}
        print(f"bench: {name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return rows


def table(rows: dict[str, dict]) -> str:
    lines = [f"{'row':22} {'before ms':>10} {'ours ms':>10} {'ratio':>7}  95 % of the median   pairs"]
    for name, row in rows.items():
        lines.append(f"{name:22} {row['before_ms']:>10g} {row['ours_ms']:>10g} {row['ratio']:>7g}  "
                     f"{row['low']:g} to {row['high']:g}".ljust(74) + f"{row['pairs']:>4}"
                     + ("  SLOWER" if row["slower"] else ""))
    return "\n".join(lines)
