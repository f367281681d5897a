#!/usr/bin/python3
"""Servers that nothing but the DNS names: they get no password before the user agrees. In a network of its own, with a
DNS server that lies; nothing leaves this machine. Usage: strangers_test.py DIRECTORY-OF-THE-PROGRAMS"""

import fcntl
import json
import os
import re
import socket
import struct
import subprocess
import sys
import tempfile
import threading

INSIDE = "COI_TEST_IN_A_NETWORK_OF_ITS_OWN"

if INSIDE not in os.environ:
    # Root of namespaces of its own: it may say there who answers for the DNS, and listen on port 53.
    shell = 'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"'
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as resolver:
        resolver.write("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
        resolver.flush()
        apart = ["unshare", "--map-root-user", "--net", "--mount", "--"]
        if subprocess.run([*apart, "true"], capture_output=True, check=False).returncode != 0:
            print("skipped: this system gives no namespaces to its users")
            sys.exit(77)
        sys.exit(subprocess.run([*apart, "sh", "-c", shell, "sh", resolver.name, sys.executable, *sys.argv],
                                env=os.environ | {INSIDE: "1"}, check=False).returncode)

import unittest  # noqa: E402

from programs import Programs  # noqa: E402  (takes the first argument)

SRV, A, MX = 33, 1, 15
SIOCSIFFLAGS, IFF_UP = 0x8914, 1


def switch_loopback_on() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", IFF_UP))


def labels(name: str) -> bytes:
    return b"".join(bytes([len(label)]) + label.encode() for label in name.split(".")) + b"\0"


class LyingDns:
    """Answers what `records` holds, by name and type, and else that there is no such name."""

    def __init__(self, records: dict[tuple[str, int], bytes]) -> None:
        self.records = records
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 53))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            query, client = self.socket.recvfrom(4096)
            at, name = 12, []
            while query[at]:
                name.append(query[at + 1:at + 1 + query[at]].decode().lower())
                at += 1 + query[at]
            question = query[12:at + 5]
            kind = struct.unpack(">H", query[at + 1:at + 3])[0]
            data = self.records.get((".".join(name), kind))
            header = query[:2] + struct.pack(">HHHHH", 0x8180 if data else 0x8183, 1, 1 if data else 0, 0, 0)
            record = struct.pack(">HHHIH", 0xc00c, kind, 1, 60, len(data)) + data if data else b""
            self.socket.sendto(header + question + record, client)


class Listener:
    """Greets, and keeps what it is told first."""

    def __init__(self, greeting: bytes) -> None:
        self.greeting = greeting
        self.heard = b""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            client, _ = self.listener.accept()
            with client:
                try:
                    client.sendall(self.greeting)
                    self.heard += client.recv(4096)
                except OSError:
                    pass


class Strangers(Programs):
    dns: LyingDns

    @classmethod
    def setUpClass(cls) -> None:
        switch_loopback_on()
        cls.dns = LyingDns({})

    def setUp(self) -> None:
        super().setUp()
        self.imap = Listener(b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n")
        self.smtp = Listener(b"220 ready\r\n")
        self.dns.records = {(f"{host}.evil.example", A): socket.inet_aton("127.0.0.1") for host in ("imap", "smtp")}
        for service, host, server in (("_imap", "imap", self.imap), ("_submission", "smtp", self.smtp)):
            self.dns.records[f"{service}._tcp.example.org", SRV] = (
                struct.pack(">HHH", 0, 1, server.port) + labels(f"{host}.evil.example"))
        self.named = [f"imap://imap.evil.example:{self.imap.port}", f"smtp://smtp.evil.example:{self.smtp.port}"]

    def test_a_script_is_refused_and_told_how_to_agree(self) -> None:
        result = self.coi("--json", "login", "alice@example.org", "--password-stdin", text="secret\n")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        error = json.loads(result.stderr)["error"]
        self.assertEqual(error["kind"], "not_allowed")
        self.assertIn("coi login alice@example.org --imap {} --smtp {}".format(*self.named), error["hint"])
        self.assertEqual(self.imap.heard + self.smtp.heard, b"")
        self.assertEqual(self.done("--json", "accounts"), "")

    def test_who_names_them_has_agreed(self) -> None:
        self.refused(3, "login", "alice@example.org", "--imap", self.named[0], "--smtp", self.named[1], "--password-stdin",
                     text="secret\n")
        self.assertIn(b"STARTTLS", self.imap.heard)

    def test_a_person_is_asked(self) -> None:
        question = r"The mail servers of example\.org are said to be {} and {}\. Send the password there\? \[y/N\]".format(
            *map(re.escape, self.named))
        password = ("Password for alice@example.org: ", b"secret-word\r")
        code, shown = self.talk(["login", "alice@example.org"], [password, ("[y/N] ", b"\r")], columns=400)
        self.assertEqual(code, 1)
        self.assertRegex(shown, question)
        self.assertEqual(self.imap.heard + self.smtp.heard, b"")
        code, shown = self.talk(["login", "alice@example.org"], [password, ("[y/N] ", b"y\r")], columns=400)
        self.assertEqual(code, 3, shown)
        self.assertIn(b"STARTTLS", self.imap.heard)
        self.assertEqual(shown.count("[y/N]"), 1)

    def test_a_guess_by_the_mail_exchanger_is_a_stranger_too(self) -> None:
        self.dns.records = {("example.org", MX): struct.pack(">H", 10) + labels("mx.evil.example")}
        # Nobody listens on its ports: there is nothing to be asked about, and it is not named as one that was tried.
        said = self.refused(3, "login", "alice@example.org", "--password-stdin", text="secret\n")
        self.assertIn("cannot reach mail.evil.example:993", said)
        self.assertIn("name them with --imap and --smtp", said)


if __name__ == "__main__":
    unittest.main()
