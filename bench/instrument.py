"""coi-bench, which measures inside one process; this side only says what."""

import json
import pathlib
import subprocess


class Instrument:
    def __init__(self, program: pathlib.Path, imap: str, smtp: str, ca: str):
        self._process = subprocess.Popen([program, "--imap", imap, "--smtp", smtp, "--ca", ca],
                                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def __enter__(self) -> "Instrument":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.stdin.close()
        self._process.wait()

    def do(self, measure: str, **arguments: object) -> dict:
        self._process.stdin.write(json.dumps({"do": measure, **arguments}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"coi-bench ended in {measure} with {self._process.wait()}")
        answer = json.loads(line)
        if "error" in answer:
            raise RuntimeError(f"{measure}: {answer['error']}")
        return answer
