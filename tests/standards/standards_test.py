#!/usr/bin/python3
"""tools/standards/standards finds each kind of fault in a small tree, and none where there is none."""

import pathlib
import subprocess
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/standards/standards"


class Standards(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "docs").mkdir()
        self.write("imap/command.h", "// IDLE (RFC 2177); LIST as in RFC 5258, 5819 and 6154. The item RFC822 is IMAP's.\n")
        self.write("imap/command.cpp", "// RFC 2971 ID\n")
        self.write("sasl/scram.h", "// RFC 5802, 2010-07\n")
        self.rows = ["| RFC 2177 IDLE · 5258, 5819, 6154 LIST · 2971 | `imap/command` |", "| RFC 5802 SCRAM | `sasl` |",
                     "| JSON-RPC 2.0 of 2010 | `imap/command`, `sasl/scram` |"]

    def write(self, name: str, text: str) -> None:
        file = self.root / "src" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)

    def check(self) -> list[str]:
        table = ["# Standards", "", "| standard | files |", "|---|---|", *self.rows]
        (self.root / "docs/standards.md").write_text("\n".join(table) + "\n")
        ran = subprocess.run([TOOL, self.root], capture_output=True, text=True, check=False)
        self.assertEqual(ran.returncode, 0 if "each standard has" in ran.stdout else 1, ran.stderr)
        return ran.stdout.splitlines()

    def assert_fault(self, words: str) -> None:
        found = self.check()
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_a_true_page_has_no_fault(self) -> None:
        self.assertEqual(self.check(), ["each standard has its files, and each file its standards"])

    def test_a_named_file_has_to_exist(self) -> None:
        self.rows[2] = "| JSON-RPC 2.0 | `imap/command`, `api` |"
        self.assert_fault("standards.md:7: names a file that does not exist: api")

    def test_a_row_names_a_file(self) -> None:
        self.rows[2] = "| JSON-RPC 2.0 | the api |"
        self.assert_fault("standards.md:7: names no file")

    def test_one_of_the_files_names_the_standard(self) -> None:
        self.rows[1] = "| RFC 5802 SCRAM · 7677 SHA-256 | `sasl` |"
        self.assert_fault("standards.md:6: none of its files names RFC 7677")

    def test_each_standard_of_a_header_stands_there(self) -> None:
        self.rows[0] = "| RFC 2177 IDLE · 5258, 6154 LIST · 2971 | `imap/command` |"
        self.assert_fault("src/imap/command.h: RFC 5819 does not stand in docs/standards.md")

    def test_a_header_that_names_a_new_one_is_found(self) -> None:
        self.write("net/http.h", "#pragma once\n// RFC 9112\n")
        self.assert_fault("src/net/http.h: RFC 9112 does not stand")


if __name__ == "__main__":
    unittest.main()
