#!/usr/bin/env python3
"""Kills coid at one step of a walk (src/engine/steps.h) and starts it again: nothing may be lost, nothing come twice.

usage: crash_test.py STEP BIN MAILHOST
"""
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "live" / "support"))
from people import PATIENCE, Mailhost, Person  # noqa: E402

STEP, BIN, MAILHOST = sys.argv[1:]
ALICE, BOB = "alice@example.org", "bob@example.net"
TEXT = "the message that counts"


def messages(person, other):
    return [message for message in person.messages(other, check=False) if message["text"] == TEXT]


def wait_for(person, other, ready):
    """Reads events until `ready(messages with TEXT)` holds, looking once at the start."""
    watch = subprocess.Popen([person.programs / "coi", "--data", person.data, "--json", "watch"], stdout=subprocess.PIPE,
                             stderr=subprocess.DEVNULL, text=True, env=person.environment)
    try:
        while not ready(messages(person, other)):
            if not watch.stdout.readline():
                raise AssertionError("the daemon ended")
    finally:
        watch.terminate()
        watch.wait()


def wait_killed(person):
    status = person.daemon.wait(timeout=PATIENCE)
    assert status == -9, f"the daemon ended with {status} instead of being killed at {STEP}"


def start_to_die(person):
    # A step at the very start may end it before it serves.
    person.start(expect=None, COI_TEST_KILL_AT=STEP)


def crash_while_sending(alice):
    alice.stop()
    start_to_die(alice)
    alice.coi("send", BOB, TEXT, check=False)  # its answer may be cut off
    wait_killed(alice)
    alice.start_unless_running()


def crash_while_receiving(alice, bob):
    bob.stop()
    start_to_die(bob)
    alice.coi("send", BOB, TEXT, "--wait")
    if STEP == "job.run":
        wait_for(bob, ALICE, lambda found: len(found) == 1)
        bob.coi("seen", ALICE, check=False)
    wait_killed(bob)
    bob.start_unless_running()


def main():
    with tempfile.TemporaryDirectory(prefix="coi-crash-") as folder:
        host = Mailhost(MAILHOST, ALICE, BOB)
        people = []
        try:
            for addr in (ALICE, BOB):
                people.append(Person(BIN, host, addr, pathlib.Path(folder) / addr, log_in=False))
                people[-1].start()
                people[-1].log_in()
            alice, bob = people
            bob.coi("send", ALICE, "hello", "--wait")
            alice.coi("send", BOB, "hello yourself", "--wait")
            bob.coi("sync", "--wait")
            alice.coi("sync", "--wait")

            if STEP.startswith("out."):
                crash_while_sending(alice)
            else:
                crash_while_receiving(alice, bob)

            wait_for(bob, ALICE, lambda found: len(found) == 1)
            wait_for(alice, BOB, lambda found: len(found) == 1 and found[0]["state"] in ("sent", "read"))
            alice.coi("sync", "--wait")
            bob.coi("sync", "--wait")
            assert len(messages(alice, BOB)) == 1, messages(alice, BOB)
            assert len(messages(bob, ALICE)) == 1, messages(bob, ALICE)
            copies = host.copies(ALICE, "COI/Chats", messages(alice, BOB)[0]["rfc_id"])
            assert copies == 1, f"{copies} own copies on the server"
            if STEP == "job.run":
                assert messages(bob, ALICE)[0]["state"] == "seen"
        finally:
            for person in people:
                person.clean_up()
            host.stop()
    print(f"{STEP}: nothing lost, nothing twice")


main()
