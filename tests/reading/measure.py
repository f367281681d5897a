#!/usr/bin/python3
"""How much of the replies in public parsers' test suites is shown as a person would want it. README.md says what is counted.
Usage: measure.py [--program PATH] [--list] FOLDER
FOLDER holds the suites' repositories, each as owner+repository."""

import argparse
import collections
import dataclasses
import json
import pathlib
import subprocess
import sys
import tempfile

import lines
import suites

HERE = pathlib.Path(__file__).resolve().parent
GOALS = {"A": "0 lines", "B": ">= 97 %", "C": ">= 93 %"}


@dataclasses.dataclass(frozen=True)
class Label:
    """Numbers of lines, from 1. `suite` is None where the suite's tests do not say what the reply is."""
    kind: str
    typed: frozenset[int]
    history: frozenset[int]
    suite: frozenset[int] | None


@dataclasses.dataclass(frozen=True)
class Outcome:
    reply: suites.Reply
    kind: str
    hidden: list[str]   # A: typed lines that are not shown
    history: list[str]  # B: history that is shown
    against: list[str]  # C: what the suite expects otherwise

    @property
    def agrees(self) -> bool:
        return not (self.hidden or self.history or self.against)


def numbers(text: str) -> frozenset[int]:
    found: set[int] = set()
    for part in text.split(",") if text != "-" else []:
        first, _, last = part.partition("-")
        found.update(range(int(first), int(last or first) + 1))
    return frozenset(found)


def labels(path: pathlib.Path = HERE / "labels.txt") -> dict[str, Label]:
    found = {}
    for line in path.read_text().splitlines():
        if line and not line.startswith("#"):
            key, *fields = line.split()
            value = dict(field.split("=") for field in fields)
            found[key] = Label(value["kind"], numbers(value["typed"]), numbers(value["history"]),
                               None if value["suite"] == "?" else numbers(value["suite"]))
    return found


def judge(reply: suites.Reply, label: Label, shown: str) -> Outcome:
    """Typed lines are looked for first, in their order, then neutral ones, for a name may stand in both; what then is left of
    the shown text is looked through for history."""
    all_lines = lines.of_mail(reply.text, reply.html)
    judged = label.typed | label.history
    neutral = [number for number in range(1, len(all_lines) + 1) if number not in judged and lines.bare(all_lines[number - 1])]
    seen = lines.places(all_lines, shown, [sorted(label.typed), neutral, sorted(label.history)], reply.html) & judged
    expected = seen if label.suite is None else label.suite & judged
    told = lambda which: [all_lines[number - 1] for number in sorted(which)]
    return Outcome(reply, label.kind, told(label.typed - seen), told(label.history & seen), told(expected ^ seen))


def mail(reply: suites.Reply) -> bytes:
    kind = "html" if reply.html else "plain"
    return (f"From: Mara <mara@lind.test>\nTo: you@example.org\nSubject: Re: Lunch\nDate: Mon, 4 Mar 2024 10:00:00 +0100\n"
            f"Message-ID: <{reply.hash[:16]}@lind.test>\nMIME-Version: 1.0\nContent-Type: text/{kind}; charset=utf-8\n"
            f"Content-Transfer-Encoding: 8bit\n\n{reply.text}").encode()


def read(program: pathlib.Path, replies: list[suites.Reply]) -> list[str]:
    """What the program shows of each."""
    with tempfile.TemporaryDirectory(prefix="coi-reading-") as folder:
        paths = [pathlib.Path(folder) / reply.hash for reply in replies]
        for path, reply in zip(paths, replies):
            path.write_bytes(mail(reply))
        answer = subprocess.run([program], input="".join(f"{path}\n" for path in paths), stdout=subprocess.PIPE, text=True, check=True)
    shown = [json.loads(line) for line in answer.stdout.splitlines()]
    assert len(shown) == len(replies), "the program did not answer for every mail"
    for reply, one in zip(replies, shown):
        if "error" in one:
            sys.exit(f"{reply.suite} {reply.name}: {one['error']}")
    return [one["text"] for one in shown]


def row(name: str, outcomes: list[Outcome]) -> str:
    count = len(outcomes)
    share = lambda good: f"{good:4} {100 * good / count:5.1f} %"
    return (f"{name:34} {count:4}   {sum(len(one.hidden) for one in outcomes):4}      {share(sum(not one.history for one in outcomes))}"
            f"   {share(sum(one.agrees for one in outcomes))}")


def table(outcomes: list[Outcome]) -> str:
    groups: dict[str, list[Outcome]] = collections.defaultdict(list)
    for one in outcomes:
        groups[one.reply.suite].append(one)
    for one in outcomes:
        groups[one.kind].append(one)
    rows = [f"{'':34} mails A hidden  B without history   C as expected"]
    rows += [row(name, of_group) for name, of_group in groups.items()] + [row("all", outcomes)]
    return "\n".join(rows + [f"{'goal':39}   {GOALS['A']:14}{GOALS['B']:17}{GOALS['C']}"])


def failures(outcomes: list[Outcome]) -> str:
    said = []
    for one in outcomes:
        if not one.agrees:
            said.append(f"{one.reply.suite} {one.reply.name}")
            for what, which in (("hidden", one.hidden), ("history shown", one.history), ("the suite expects otherwise", one.against)):
                said += [f"  {what}: {line.strip()[:100]}" for line in which[:3]] + ([f"  … and {len(which) - 3} more"] if len(which) > 3 else [])
    return "\n".join(said)


def main() -> int:
    parser = argparse.ArgumentParser(description="Measures what is shown of the replies in public test suites.")
    parser.add_argument("folder", type=pathlib.Path, help="where the suites lie, each as owner+repository")
    parser.add_argument("--program", type=pathlib.Path, default=HERE.parents[1] / "build/unity/bin/coi-reading")
    parser.add_argument("--list", action="store_true", help="name each reply that fails, and why")
    options = parser.parse_args()
    known = labels()
    replies = suites.distinct(options.folder)
    if not replies:
        sys.exit(f"{options.folder} has none of {', '.join(suites.ADAPTERS)}")
    strange = [reply for reply in replies if reply.hash not in known]
    judged = [reply for reply in replies if reply.hash in known and known[reply.hash].typed]
    outcomes = [judge(reply, known[reply.hash], shown) for reply, shown in zip(judged, read(options.program, judged))]
    print(table(outcomes))
    if strange:
        print(f"{len(strange)} mails have no label: {', '.join(f'{one.suite} {one.name}' for one in strange[:5])}")
    if options.list:
        print(failures(outcomes))
    return 0


if __name__ == "__main__":
    sys.exit(main())
