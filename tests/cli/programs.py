"""What the tests of the programs share: coi in a data directory of its own. Their first argument is the directory of the
programs."""

import fcntl
import json
import os
import pathlib
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import unittest

PROGRAMS = pathlib.Path(sys.argv.pop(1)).resolve()
PATIENCE = 20


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items()
            if name not in ("COI_DATA", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "NO_COLOR")}
    return kept | {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "TZ": "UTC", "TERM": "xterm"} | more


def wait_until(ready, what: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise AssertionError(what)
        time.sleep(0.01)


class Programs(unittest.TestCase):
    """A data directory of its own; the daemon that serves it is gone after the test."""

    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="coi-cli-"))
        self.data = self.folder / "data"
        self.environment = environment()
        self.addCleanup(shutil.rmtree, self.folder)
        self.addCleanup(self.coi, "daemon", "stop")

    def coi(self, *words: str, text: str = "", data: pathlib.Path | None = None, **options) -> subprocess.CompletedProcess:
        return subprocess.run([PROGRAMS / "coi", "--data", data or self.data, *words], input=text, text=True,
                              capture_output=True, timeout=PATIENCE, env=options.pop("env", self.environment), **options)

    def done(self, *words: str, **options) -> str:
        result = self.coi(*words, **options)
        self.assertEqual((result.returncode, result.stderr), (0, ""), words)
        return result.stdout

    def refused(self, code: int, *words: str, **options) -> str:
        result = self.coi(*words, **options)
        self.assertEqual((result.returncode, result.stdout), (code, ""), f"{words}: {result.stderr}")
        self.assertTrue(result.stderr.startswith("coi: "), result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
        return result.stderr

    def pid(self) -> int:
        answer = self.done("rpc", text='{"jsonrpc":"2.0","id":1,"method":"version"}\n')
        return json.loads(answer)["result"]["pid"]

    def add_account(self, name: str = "A", addr: str = "alice@example.org") -> None:
        """As a login leaves it; its servers are a port of this machine where nobody listens."""
        folder = self.data / "accounts" / name
        folder.mkdir(parents=True)
        nobody = "+plain://127.0.0.1:1"
        (folder / "account.json").write_text(json.dumps({
            "id": name, "addr": addr, "name": "Alice", "user": addr, "imap": "imap" + nobody, "smtp": "smtp" + nobody,
            "auth": "token_command", "token_command": "echo token", "secrets": "file"}))

    def talk(self, words: list[str], steps: list, columns: int = 80,
             program: list[str] | None = None, **more: str) -> tuple[int, str]:
        """Runs coi on a terminal; each step waits for a text that was not shown before, and then types, or does."""
        child, terminal = pty.fork()
        if child == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            command = program or [str(PROGRAMS / "coi"), "--data", str(self.data), *words]
            os.execvpe(command[0], command, environment(**more))
        shown = ""
        deadline = time.monotonic() + PATIENCE
        waiting = list(steps)
        looked_at = 0
        while time.monotonic() < deadline:
            if waiting and waiting[0][0] in shown[looked_at:]:
                text, then = waiting.pop(0)
                looked_at = shown.index(text, looked_at) + len(text)
                if callable(then):
                    then()
                elif then == "resize":
                    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns - 20, 0, 0))
                else:
                    os.write(terminal, then)
            if select.select([terminal], [], [], 0.05)[0]:
                try:
                    piece = os.read(terminal, 65536)
                except OSError:
                    break
                if not piece:
                    break
                shown += piece.decode(errors="replace")
        else:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        os.close(terminal)
        return os.waitstatus_to_exitcode(status), shown
