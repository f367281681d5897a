"""Samples become figures, figures become one JSON document or a table."""

import dataclasses
import datetime
import os
import pathlib
import platform
import statistics
import subprocess

from host import ROOT, file_system


def percentile(samples: list[float], part: float) -> float:
    """The smallest sample that `part` of them do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, -int(-part * len(ordered) // 1) - 1)]


def summary(samples: list[float]) -> dict[str, float]:
    return {"n": len(samples), "p50": rounded(statistics.median(samples)), "p99": rounded(percentile(samples, 0.99)),
            "min": rounded(min(samples))}


def rounded(value: float) -> float:
    return float(f"{value:.4g}")


@dataclasses.dataclass(frozen=True)
class Goal:
    of: str  # p50, difference (to the floor), ratio (to the floor)
    bound: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        what = {"p50": "", "difference": "over the floor ", "ratio": "of the floor "}[self.of]
        return f"{what}{'≥' if self.at_least else '≤'} {self.bound:g}"


@dataclasses.dataclass
class Figure:
    """Ours, and of the same run, in turn with ours, the bare client's and the peer's."""

    name: str
    unit: str
    what: str
    ours: list[float] = dataclasses.field(default_factory=list)
    floor: list[float] = dataclasses.field(default_factory=list)
    peer: list[float] = dataclasses.field(default_factory=list)
    goal: Goal | None = None
    more: dict[str, object] = dataclasses.field(default_factory=dict)

    def pairs(self, others: list[float]) -> dict[str, float]:
        """Medians over the pairs, so that a machine whose speed drifts does not count."""
        both = list(zip(self.ours, others))
        return {"difference": rounded(statistics.median(our - other for our, other in both)),
                "ratio": rounded(statistics.median(our / other for our, other in both if other))}

    def against_goal(self) -> float:
        assert self.goal
        return statistics.median(self.ours) if self.goal.of == "p50" else self.pairs(self.floor)[self.goal.of]

    def json(self) -> dict[str, object]:
        document: dict[str, object] = {"name": self.name, "what": self.what, "unit": self.unit, **summary(self.ours)}
        for name, others in (("floor", self.floor), ("peer", self.peer)):
            if others:
                document[name] = {**summary(others), **self.pairs(others)}
        if self.goal:
            document["goal"] = {"text": str(self.goal), "value": rounded(self.against_goal()),
                                "met": self.goal.met(self.against_goal())}
        return document | self.more


def machine(folder: pathlib.Path) -> dict[str, object]:
    processor = next((line.split(":", 1)[1].strip() for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines()
                      if line.startswith("model name")), platform.machine())
    memory = next(int(line.split()[1]) for line in pathlib.Path("/proc/meminfo").read_text().splitlines()
                  if line.startswith("MemTotal"))
    return {"processor": processor, "cores": os.cpu_count(), "memory_gb": round(memory / 1024**2, 1),
            "kernel": platform.release(), "file_system": file_system(folder), "load": list(os.getloadavg())}


def commit() -> str:
    def git(*words: str) -> str:
        return subprocess.run(["git", "-C", ROOT, *words], capture_output=True, text=True).stdout.strip()
    return git("rev-parse", "--short=12", "HEAD") + ("-modified" if git("status", "--porcelain", "-uno") else "")


def document(figures: list[Figure], folder: pathlib.Path, options: dict[str, object],
             failed: dict[str, str]) -> dict[str, object]:
    return {"date": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"), "commit": commit(),
            "machine": machine(folder), "options": options, "failed": failed,
            "figures": [figure.json() for figure in figures]}


def table(whole: dict) -> str:
    about = whole["machine"]
    lines = [f"{whole['date']}  commit {whole['commit']}  {about['processor']}, {about['cores']} cores, "
             f"{about['memory_gb']} GB, Linux {about['kernel']}, {about['file_system']}", ""]
    rows = [("figure", "unit", "n", "p50", "p99", "min", "floor", "diff", "ratio", "peer", "goal", "")]
    for figure in whole["figures"]:
        floor, peer, goal = figure.get("floor", {}), figure.get("peer", {}), figure.get("goal", {})
        cells = (figure["name"], figure["unit"], figure["n"], figure["p50"], figure["p99"], figure["min"],
                 floor.get("p50", ""), floor.get("difference", ""), floor.get("ratio", ""), peer.get("p50", ""),
                 goal.get("text", ""), {True: "met", False: "MISSED"}.get(goal.get("met"), ""))
        rows.append(tuple(f"{cell:g}" if isinstance(cell, float) else str(cell) for cell in cells))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        lines.append("  ".join(cell.ljust(width) if column in (0, 1, 10, 11) else cell.rjust(width)
                               for column, (cell, width) in enumerate(zip(row, widths))).rstrip())
    return "\n".join(lines)
