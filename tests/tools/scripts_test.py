#!/usr/bin/python3
"""What tools/install and tools/steps.sh say, on systems that are played by programs of the same names.
Usage: scripts_test.py SOURCE-FOLDER"""

import os
import pathlib
import pty
import shutil
import subprocess
import sys
import tempfile
import unittest

SOURCES = pathlib.Path(sys.argv.pop(1)).resolve()
REAL = ("bash", "env", "dirname", "sed", "awk", "grep", "sort", "comm", "cat", "tail", "head", "tr", "sleep", "stty", "mkdir",
        "tee", "rm", "sh", "chmod")


class Played:
    """A folder of programs that is all there is in PATH."""

    def __init__(self, folder: pathlib.Path, **scripts: str) -> None:
        self._folder = folder
        for name in REAL:
            (folder / name).symlink_to(str(shutil.which(name)))
        for name, text in scripts.items():
            program = folder / name.replace("_", "-")
            program.write_text("#!/bin/bash\n" + text)
            program.chmod(0o755)

    def install(self, wanted: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([SOURCES / "tools/install", wanted, "--yes"], env={"PATH": str(self._folder)}, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30)


def policy(*known: str) -> str:
    """apt-cache policy, as it answers where these packages are known."""
    return f"""for name in "${{@:2}}"; do case " {' '.join(known)} " in
  *" $name "*) printf '%s:\\n  Installed: (none)\\n  Candidate: 1.0\\n' "$name" ;;
  *" old-$name "*) printf '%s:\\n  Installed: (none)\\n  Candidate: (none)\\n' "$name" ;;
esac; done"""


def listed() -> list[list[str]]:
    lines = (SOURCES / "tools/packages/demo.txt").read_text().splitlines()
    return [line.partition("#")[0].replace("|", " ").split() for line in lines if line.partition("#")[0].strip()]


class Install(unittest.TestCase):
    def setUp(self) -> None:
        temporary = tempfile.TemporaryDirectory(prefix="coi-tools-")
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def test_the_first_alternative_that_apt_knows_is_taken(self) -> None:
        for number in (0, -1):
            with self.subTest(number=number):
                folder = self.folder / str(number)
                folder.mkdir()
                known = [words[number] for words in listed()]
                played = Played(folder, id="echo 1000", dpkg_query="", apt_get="", apt_cache=policy(*known))
                self.assertIn("Missing Debian packages: " + " ".join(known), played.install("demo").stdout)

    def test_one_alternative_that_is_installed_is_enough(self) -> None:
        for number in (0, -1):
            folder = self.folder / str(number)
            folder.mkdir()
            there = "\n".join("installed " + words[number] for words in listed())
            done = Played(folder, id="echo 1000", dpkg_query=f"cat <<'X'\n{there}\nX", apt_get="").install("demo")
            self.assertEqual((done.returncode, done.stdout), (0, ""))

    def test_without_root_and_sudo_it_says_the_command(self) -> None:
        played = Played(self.folder, id="echo 1000", dpkg_query="", apt_get="", apt_cache=policy())
        done = played.install("demo")
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"As root, run\n  {SOURCES}/tools/install demo\n", done.stdout)

    def test_a_system_without_the_packages_hears_what_to_do(self) -> None:
        known = [words[0] for words in listed() if len(words) == 1]
        played = Played(self.folder, id="echo 0", dpkg_query="", apt_get="", apt_cache=policy(*known))
        done = played.install("demo")
        self.assertEqual(done.returncode, 1)
        self.assertIn("apt has none of these: libboost1.83-dev | libboost1.81-dev", done.stdout)
        self.assertIn("COI is made for Debian 13 and Debian 12", done.stdout)
        self.assertIn("cmake --preset release", done.stdout)

    def test_a_system_without_apt_hears_what_to_do(self) -> None:
        done = Played(self.folder, id="echo 0").install("demo")
        self.assertEqual(done.returncode, 1)
        self.assertIn("On another system install what tools/packages/*.txt names", done.stdout)


class Steps(unittest.TestCase):
    def test_a_terminal_shows_the_last_line_of_the_log_whole(self) -> None:
        with tempfile.TemporaryDirectory(prefix="coi-tools-") as folder:
            ours, theirs = pty.openpty()
            script = f"source {SOURCES}/tools/steps.sh; run_step Test bash -c 'printf \"three\\te\\033gers\\n\"; sleep 1'"
            subprocess.run(["setsid", "--ctty", "bash", "-c", script], stdin=theirs, stdout=theirs, stderr=theirs, cwd=folder,
                           env=dict(os.environ, TERM="xterm"), timeout=30, check=True)
            os.close(theirs)
            shown = b""
            try:
                while more := os.read(ours, 4096):
                    shown += more
            except OSError:
                pass  # a terminal whose other end is closed
            os.close(ours)
        self.assertIn(b"threeegers", shown)


if __name__ == "__main__":
    unittest.main()
