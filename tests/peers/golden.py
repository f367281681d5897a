"""Texts that a test compares with what it has got, a section for each thing."""

import difflib
import os
import pathlib

from peers import HERE, Peers


class Golden(Peers):
    def compare(self, name: str, sections: dict[str, list[str]]) -> None:
        file: pathlib.Path = HERE / "golden" / name
        found = "\n".join(line for title, body in sections.items() for line in (f"== {title}", *body, ""))
        if "COI_RENEW" in os.environ:
            file.write_text(found, encoding="utf-8")
        known = file.read_text(encoding="utf-8")
        changes = difflib.unified_diff(known.split("\n"), found.split("\n"), str(file), "now", n=3, lineterm="")
        if known != found:
            self.fail("\n".join([*changes, "If this is as it should be: COI_RENEW=1"]))
