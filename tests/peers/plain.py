"""A plain mail program: Nodemailer, ImapFlow and Mailparser."""

import base64
import json
import subprocess

from peers import ALICE, BOB, HERE, PASSWORD, PATIENCE, PEERS, Server


class Plain:
    """Bob with a plain mail program."""

    def __init__(self, server: Server) -> None:
        self._process = subprocess.Popen(
            ["node", HERE / "plain.mjs", PEERS, str(server.ready["imaps"]), str(server.ready["submissions"]), BOB, PASSWORD],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def close(self) -> None:
        self._process.stdin.close()
        self._process.wait(PATIENCE)
        self._process.stdout.close()

    def _do(self, **request: object) -> dict:
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())

    def send(self, **mail: object) -> str:
        return self._do(do="send", to=ALICE, **mail)["id"]

    def parse(self, octets: bytes) -> dict:
        return self._do(do="parse", octets=base64.b64encode(octets).decode())

    def mails(self) -> list[dict]:
        return self._do(do="read")["mails"]
