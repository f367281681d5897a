#!/usr/bin/python3
"""tools/conformance/conformance finds each kind of fault in a small table, and none where there is none."""

import pathlib
import subprocess
import tempfile
import unittest

TOOL = pathlib.Path(__file__).resolve().parents[2] / "tools/conformance/conformance"
COUNTS = {"S": 27, "W": 29, "C": 91, "D": 40, "P": 25}


class Conformance(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "docs").mkdir()
        (self.root / "tests/chat").mkdir(parents=True)
        (self.root / "tests/chat/read_test.cpp").write_text("TEST(Read, AMail) {}\n  TEST_F(Read,\n       Another) {}\n")
        (self.root / "tests/chat/thing_test.py").write_text("")
        self.rows = {f"{part}-{n:02}": "later: groups" for part, count in COUNTS.items() for n in range(1, count + 1)}
        self.rows["S-01"] = "Read.AMail"
        self.rows["S-02"] = "Read.AMail, Read.Another, tests/chat/thing_test.py"

    def check(self, *more: str) -> list[str]:
        lines = [f"| {name} | something | {test} |" for name, test in self.rows.items()] + list(more)
        (self.root / "docs/conformance.md").write_text("| id | what we do | test |\n|---|---|---|\n" + "\n".join(lines) + "\n")
        ran = subprocess.run([TOOL, self.root], capture_output=True, text=True, check=False)
        found = ran.stdout.splitlines()
        self.assertEqual(ran.returncode, 0 if "each with its test" in ran.stdout else 1)
        return found

    def assert_fault(self, words: str, *more: str) -> None:
        found = self.check(*more)
        self.assertEqual(len(found), 1, found)
        self.assertIn(words, found[0])

    def test_a_good_table_has_no_fault(self) -> None:
        self.assertEqual(self.check(), ["212 requirements, each with its test or its time"])

    def test_every_id_has_to_stand_there(self) -> None:
        del self.rows["C-91"]
        self.assert_fault("C-91 is missing")

    def test_no_id_stands_there_twice(self) -> None:
        self.assert_fault("S-03 stands here twice", "| S-03 | something | later: groups |")

    def test_no_other_id_stands_there(self) -> None:
        self.assert_fault("S-28 is no requirement", "| S-28 | something | later: groups |")

    def test_a_named_test_has_to_exist(self) -> None:
        self.rows["P-07"] = "Read.AMail, Read.Nothing"
        self.assert_fault("P-07 names a test that does not exist: Read.Nothing")

    def test_an_id_without_test_is_not_met(self) -> None:
        self.rows["P-07"] = ""
        self.assert_fault("P-07 names a test that does not exist: (none)")

    def test_later_says_when(self) -> None:
        self.rows["P-07"] = "later:"
        self.assert_fault("P-07 does not say what brings it")


if __name__ == "__main__":
    unittest.main()
