"""The lines of a mail that a person would see, numbered from 1. Of HTML they are taken in a way of their own, so that what
is measured does not say what it is measured by."""

import html.parser
import re

# Elements that begin and end a line.
BLOCKS = frozenset("address article aside blockquote body br center dd details div dl dt fieldset figure footer form h1 h2 h3 "
                   "h4 h5 h6 header hr html li main nav ol p pre section table tbody tfoot thead tr ul".split())
UNSEEN = frozenset("head script style template title".split())


class Text(html.parser.HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines = [""]
        self._unseen = 0

    def _break(self, tag: str) -> None:
        if tag in BLOCKS and self.lines[-1]:
            self.lines.append("")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unseen += tag in UNSEEN
        self._break(tag)

    def handle_endtag(self, tag: str) -> None:
        self._unseen -= tag in UNSEEN and self._unseen > 0
        self._break(tag)

    def handle_data(self, data: str) -> None:
        if not self._unseen:
            self.lines[-1] += data


def bare(line: str) -> str:
    """What is compared: without white space, marks of quotes and of lists at the front, and characters that are not seen."""
    return re.sub(r"[\s\u00A0\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]+", "", line).lstrip(">|•*")


def of_mail(text: str, is_html: bool) -> list[str]:
    if not is_html:
        return text.split("\n")
    parser = Text()
    parser.feed(text)
    parser.close()
    return [line for line in (" ".join(line.split()) for line in parser.lines) if line]


def places(all_lines: list[str], shown: str, wanted: list[list[int]], within: bool) -> set[int]:
    """Which lines stand in what is shown. The lists of numbers are looked for one after the other, each in the order of its
    numbers; what a line was found in is not found again. `within`: a line that is not found as a line is looked for within
    lines, for HTML is not cut into lines by everybody in the same way."""
    parts = [bare(line) for line in shown.split("\n")]
    found: set[int] = set()
    for numbers in wanted:
        at = 0
        for number in numbers:
            line = bare(all_lines[number - 1])
            place = next((i for i in range(at, len(parts)) if parts[i] == line), None)
            if place is None and within:
                place = next((i for i in range(at, len(parts)) if line in parts[i]), None)
            if place is not None:
                found.add(number)
                parts[place] = parts[place].replace(line, "", 1)
                at = place
    return found
