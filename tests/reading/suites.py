"""The mails of public parsers' test suites, as their authors published them. Nothing of them is kept here: whoever measures
fetches the repositories into a folder of his own, each under the name `owner+repository`."""

import ast
import dataclasses
import hashlib
import pathlib
import re
from collections.abc import Iterator


@dataclasses.dataclass(frozen=True)
class Reply:
    """One mail's text. `name` says where in the suite it stands; `html` whether it is HTML."""
    suite: str
    name: str
    html: bool
    text: str

    @property
    def hash(self) -> str:
        """What labels are found by: SHA-256 of the text as UTF-8, with line ends as "\\n"."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def read(path: pathlib.Path) -> str:
    return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")


def files(suite: str, folder: pathlib.Path) -> Iterator[Reply]:
    for path in sorted(folder.iterdir()):
        # "unwrapped" is what a test expects, and no mail.
        if path.suffix in (".txt", ".html") and "_unwrapped" not in path.name:
            yield Reply(suite, path.name, path.suffix == ".html", read(path))


def crisp(suite: str, folder: pathlib.Path) -> Iterator[Reply]:
    # Two forms that the suite has from willdurand's and does not fill in.
    forms = ("email_with_date_headers.txt", "email_with_from_headers.txt")
    yield from (reply for reply in files(suite, folder / "test/fixtures") if reply.name not in forms)
    # Mails that a test holds itself: const emailContent = `…`;
    for number, text in enumerate(re.findall(r"emailContent = `([^`]*)`", read(folder / "test/test.js")), 1):
        yield Reply(suite, f"test.js:{number}", False, text)


def zapier(suite: str, folder: pathlib.Path) -> Iterator[Reply]:
    yield from files(suite, folder / "test/emails")


def php_texts(source: str, function: str) -> list[str]:
    """What a data provider of PHPUnit returns: array('…') or array("…"), one a line."""
    body = source.partition(f"function {function}(")[2].partition("\n    }")[0]
    return [text for _, text in re.findall(r"""array\((['"])(.*)\1\),""", body)]


def willdurand(suite: str, folder: pathlib.Path) -> Iterator[Reply]:
    fixtures = folder / "tests/Fixtures"
    tests = read(folder / "tests/EmailReplyParser/Tests/Parser/EmailParserTest.php")
    # Two mails are forms that a test fills in.
    forms = {"email_with_date_headers.txt": ("[DATE]", "getDateFormats"), "email_with_from_headers.txt": ("[FROM]", "getFromHeaders")}
    yield from (reply for reply in files(suite, fixtures) if reply.name not in forms)
    for name, (place, provider) in forms.items():
        for number, text in enumerate(php_texts(tests, provider), 1):
            yield Reply(suite, f"{name}:{number}", False, read(fixtures / name).replace(place, text))
    # Two tests put the space back that editors strip from "-- ".
    for name in ("correct_sig.txt", "sig_no_empty_line.txt"):
        yield Reply(suite, f"{name} with a space", False, read(fixtures / name).replace("--", "-- "))


# The functions of quotequail that take a mail, and the test files in which they stand.
QUOTEQUAIL = {"quote": False, "unwrap": False, "quote_html": True, "unwrap_html": True}


def first_texts(function: ast.FunctionDef) -> Iterator[str]:
    """What @pytest.mark.parametrize hands to the test first: a text, or a tuple that begins with one."""
    for decorator in function.decorator_list:
        if isinstance(decorator, ast.Call) and len(decorator.args) > 1 and isinstance(decorator.args[1], ast.List):
            for entry in decorator.args[1].elts:
                value = entry.elts[0] if isinstance(entry, ast.Tuple) else entry
                if isinstance(value, ast.Constant) and isinstance(value.value, str) and not value.value.endswith(".html"):
                    yield value.value


def quotequail(suite: str, folder: pathlib.Path) -> Iterator[Reply]:
    yield from files(suite, folder / "tests/files")
    for function, html in QUOTEQUAIL.items():
        name = f"test_{function}.py"
        texts: list[str] = []
        for node in ast.walk(ast.parse(read(folder / "tests" / name))):
            if isinstance(node, ast.FunctionDef):
                texts += first_texts(node)
            if (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function and node.args
                    and isinstance(node.args[0], ast.Constant) and isinstance(node.args[0].value, str)):
                texts.append(node.args[0].value)
        for number, text in enumerate(texts, 1):
            yield Reply(suite, f"{name}:{number}", html, text.replace("\r\n", "\n"))


ADAPTERS = {"crisp-oss+email-reply-parser": crisp,
            "zapier+email-reply-parser": zapier,
            "alfonsrv+mail-parser-reply": zapier,  # its mails lie in the same place
            "willdurand+EmailReplyParser": willdurand,
            "closeio+quotequail": quotequail}


def distinct(folder: pathlib.Path) -> list[Reply]:
    """Every mail of the suites that lie in the folder, each once, in the suite that is named first."""
    seen: dict[str, Reply] = {}
    for suite, adapter in ADAPTERS.items():
        if (folder / suite).is_dir():
            for reply in adapter(suite, folder / suite):
                seen.setdefault(reply.hash, reply)
    return list(seen.values())
