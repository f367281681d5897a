#!/usr/bin/env python3
"""Kills coid at one step of a walk (src/engine/steps.h) and starts it again: nothing may be lost, nothing come twice.

usage: crash_test.py STEP BIN MAILHOST
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

STEP, BIN, MAILHOST = sys.argv[1], pathlib.Path(sys.argv[2]), sys.argv[3]
ALICE, BOB, PASSWORD = "alice@example.org", "bob@example.net", "secret"
TEXT = "the message that counts"
PATIENCE = 150  # seconds; an unanswered DATA is tried again after one minute


class Mailhost:
    def __init__(self):
        self.process = subprocess.Popen(
            [MAILHOST, "--user", f"{ALICE}:{PASSWORD}", "--user", f"{BOB}:{PASSWORD}"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())

    def command(self, **words):
        self.process.stdin.write(json.dumps(words) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def copies(self, user, mailbox, header):
        """How many mails with that Message-ID lie in the mailbox."""
        answer = self.command(cmd="doveadm", args=["search", "-u", user, "mailbox", mailbox, "header", "Message-ID", header])
        return len(answer["stdout"].splitlines())

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Person:
    def __init__(self, host, addr, directory):
        self.addr, self.data, self.daemon = addr, directory, None
        self.start()
        self.coi("login", addr, "--name", addr.split("@")[0].title(), "--imap", f"imaps://127.0.0.1:{host.ready['imaps']}",
                 "--smtp", f"smtps://127.0.0.1:{host.ready['submissions']}", "--password-stdin", "--tls-ca", host.ready["ca"],
                 given=PASSWORD + "\n")

    def start(self, kill_at=None):
        """Starts the daemon and waits until it serves; with `kill_at` it will end itself there."""
        environment = dict(os.environ, DBUS_SESSION_BUS_ADDRESS="disabled:")
        if kill_at:
            environment["COI_TEST_KILL_AT"] = kill_at
        read, write = os.pipe()
        self.daemon = subprocess.Popen([BIN / "coid", "--data", self.data, "--ready-fd", str(write)], pass_fds=[write],
                                       env=environment, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as ready:
            said = ready.readline().strip()
        # A step at the very start may end it before it serves.
        assert said == "" or kill_at, said

    def wait_killed(self):
        status = self.daemon.wait(timeout=PATIENCE)
        assert status == -9, f"the daemon ended with {status} instead of being killed at {STEP}"

    def stop(self):
        if self.daemon.poll() is None:
            self.daemon.terminate()
            self.daemon.wait(timeout=30)

    def coi(self, *words, given=None, check=True):
        done = subprocess.run([BIN / "coi", "--data", self.data, "--json", *words], input=given, text=True,
                              capture_output=True, timeout=PATIENCE)
        if check and done.returncode != 0:
            raise AssertionError(f"coi {' '.join(words)}: {done.returncode} {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def messages(self, other):
        return [message for message in self.coi("read", other, "--last", "100", check=False) if message["text"] == TEXT]

    def wait_for(self, other, ready):
        """Reads events until `ready(messages with TEXT)` holds, looking once at the start."""
        watch = subprocess.Popen([BIN / "coi", "--data", self.data, "--json", "watch"], stdout=subprocess.PIPE,
                                 stderr=subprocess.DEVNULL, text=True)
        try:
            os.set_blocking(watch.stdout.fileno(), True)
            while not ready(self.messages(other)):
                if not watch.stdout.readline():
                    raise AssertionError("the daemon ended")
        finally:
            watch.terminate()
            watch.wait()


def crash_while_sending(alice):
    alice.stop()
    alice.start(kill_at=STEP)
    alice.coi("send", BOB, TEXT, check=False)  # its answer may be cut off
    alice.wait_killed()
    alice.start()


def crash_while_receiving(alice, bob):
    bob.stop()
    bob.start(kill_at=STEP)
    alice.coi("send", BOB, TEXT, "--wait")
    if STEP == "job.run":
        bob.wait_for(ALICE, lambda found: len(found) == 1)
        bob.coi("seen", ALICE, check=False)
    bob.wait_killed()
    bob.start()


def main():
    with tempfile.TemporaryDirectory(prefix="coi-crash-") as folder:
        host = Mailhost()
        people = []
        try:
            alice = Person(host, ALICE, os.path.join(folder, "alice"))
            people.append(alice)
            bob = Person(host, BOB, os.path.join(folder, "bob"))
            people.append(bob)
            bob.coi("send", ALICE, "hello", "--wait")
            alice.coi("send", BOB, "hello yourself", "--wait")
            bob.coi("sync", "--wait")
            alice.coi("sync", "--wait")

            if STEP.startswith("out."):
                crash_while_sending(alice)
            else:
                crash_while_receiving(alice, bob)

            bob.wait_for(ALICE, lambda found: len(found) == 1)
            alice.wait_for(BOB, lambda found: len(found) == 1 and found[0]["state"] in ("sent", "read"))
            alice.coi("sync", "--wait")
            bob.coi("sync", "--wait")
            assert len(alice.messages(BOB)) == 1, alice.messages(BOB)
            assert len(bob.messages(ALICE)) == 1, bob.messages(ALICE)
            rfc_id = alice.messages(BOB)[0]["rfc_id"]
            copies = host.copies(ALICE, "COI/Chats", rfc_id)
            assert copies == 1, f"{copies} own copies on the server"
            if STEP == "job.run":
                assert bob.messages(ALICE)[0]["state"] == "seen"
        finally:
            for person in people:
                person.stop()
            host.stop()
    print(f"{STEP}: nothing lost, nothing twice")


main()
