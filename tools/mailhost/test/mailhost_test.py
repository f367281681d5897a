#!/usr/bin/python3
"""What README.md promises of a mailhost without Postfix."""

import imaplib
import json
import os
import pathlib
import signal
import smtplib
import subprocess
import sys
import tempfile
import time
import unittest

from client import ALICE, BOB, MAILHOST, Mailhost, mails


GONE = (imaplib.IMAP4.abort, ConnectionError)  # what imaplib makes of a connection that ended, by its version


def gone(folder: str, seconds: float = 5.0) -> bool:
    """No process mentions the folder any more and it does not exist."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not pathlib.Path(folder).exists() and not processes_of(folder):
            return True
        time.sleep(0.02)
    return False


def processes_of(folder: str) -> list[str]:
    found = []
    for entry in pathlib.Path("/proc").glob("[0-9]*/environ"):
        try:
            if folder.encode() in entry.read_bytes() + (entry.parent / "cmdline").read_bytes():
                found.append(entry.parent.name)
        except OSError:
            pass  # ended meanwhile
    return found


# In mounts of its own with a copy of /etc (argv[1]) that lacks the account: eight ask for it at once, ten times.
MAKE_ACCOUNTS = """
import grp, multiprocessing, pathlib, re, subprocess, sys
sys.path.insert(0, sys.argv[2])
import place
subprocess.run(["mount", "--bind", sys.argv[1], "/etc"], check=True)

def without_it():
    for name in "passwd", "shadow", "group", "gshadow", "passwd-", "shadow-", "group-", "gshadow-":
        file = pathlib.Path("/etc", name)
        if file.exists():
            file.write_text(re.sub(f"^{place.ACCOUNT}:.*\\n", "", file.read_text(), flags=re.MULTILINE))

def ask(barrier):
    barrier.wait()
    grp.getgrgid(place.account().pw_gid)

for _ in range(10):
    without_it()
    barrier = multiprocessing.Barrier(8)
    all = [multiprocessing.get_context("fork").Process(target=ask, args=(barrier,)) for _ in range(8)]
    for one in all: one.start()
    for one in all: one.join()
    if any(one.exitcode for one in all): sys.exit(1)
"""


@unittest.skipIf(os.geteuid() != 0, "an account is made for root only")
class Account(unittest.TestCase):
    def test_is_made_once_and_whole_when_several_start_together(self) -> None:
        if subprocess.run(["unshare", "--mount", "true"], capture_output=True, check=False).returncode != 0:
            self.skipTest("this system gives no mounts of their own")
        with tempfile.TemporaryDirectory() as folder:
            # A temporary file of an account that is made meanwhile may vanish amid the copy.
            subprocess.run(["cp", "-a", "/etc/.", folder], stderr=subprocess.DEVNULL)
            self.assertTrue((pathlib.Path(folder) / "group").exists())
            made = subprocess.run(["unshare", "--mount", sys.executable, "-c", MAKE_ACCOUNTS, folder, MAILHOST.parent],
                                  capture_output=True, text=True)
            self.assertEqual(made.returncode, 0, made.stderr)


class Life(unittest.TestCase):
    def test_leaves_nothing_when_standard_input_closes(self) -> None:
        host = Mailhost()
        self.assertTrue(processes_of(host.info["dir"]))
        self.assertEqual(host.close(), 0)
        self.assertTrue(gone(host.info["dir"]))

    def test_leaves_nothing_after_any_signal(self) -> None:
        for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL):
            with self.subTest(sign=sign), Mailhost() as host:
                host.process.send_signal(sign)
                host.process.wait(5)
                self.assertTrue(gone(host.info["dir"]))

    def test_leaves_nothing_when_its_parent_dies(self) -> None:
        start = f"import subprocess; subprocess.run([{str(MAILHOST)!r}])"
        with subprocess.Popen([sys.executable, "-c", start], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as parent:
            assert parent.stdin and parent.stdout  # they stay open: only the parent's end is left to notice
            folder = json.loads(parent.stdout.readline())["dir"]
            parent.kill()
            self.assertTrue(gone(folder))

    def test_mail_stays_in_a_folder_that_was_named(self) -> None:
        with tempfile.TemporaryDirectory(prefix="coi-test-", dir="/tmp") as folder:
            os.chmod(folder, 0o755)
            for before in (0, 1):
                with Mailhost("--dir", folder) as host:
                    self.assertEqual(len(mails(host.imap(), before)), before)
                    self.assertTrue(host.ask("deliver", user=ALICE, text="Subject: kept\n\nkept\n")["ok"])

    def test_a_folder_with_other_files_is_refused(self) -> None:
        done = subprocess.run([MAILHOST, "--dir", "/etc"], stdin=subprocess.DEVNULL, capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("holds other files", done.stderr)


class Mail(unittest.TestCase):
    def test_submission_reaches_the_mailbox_and_unknown_users_are_refused(self) -> None:
        with Mailhost() as host:
            host.send("hello")
            self.assertIn(b"hello", mails(host.imap(BOB), 1)[0])
            with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
                host.send("lost", "nobody@example.net")
            code, words = refused.exception.recipients["nobody@example.net"]
            self.assertEqual((code, words[:5]), (550, b"5.1.1"))

    def test_a_recipient_can_be_made_to_refuse(self) -> None:
        with Mailhost() as host:
            host.ask("refuse", to=BOB, reply="451 4.2.1 later")
            with self.assertRaises(smtplib.SMTPRecipientsRefused) as refused:
                host.send("early")
            self.assertEqual(refused.exception.recipients[BOB][0], 451)
            host.ask("refuse", to=BOB)
            host.send("again")
            self.assertEqual(len(mails(host.imap(BOB), 1)), 1)

    def test_a_full_mailbox_beside_a_good_one_sends_a_notification(self) -> None:
        with Mailhost("--quota", "1M") as host:
            host.ask("deliver", user=BOB, text="Subject: big\n\n" + "0123456789\n" * 80000)
            large = b"Subject: both\r\n\r\n" + b"0123456789\r\n" * 30000
            host.smtp().sendmail(ALICE, [ALICE, BOB], large)
            texts = mails(host.imap(), 2)
            self.assertTrue(any(b"Final-Recipient: rfc822; bob@example.net" in text and b"Status: 5.2.2" in text
                                for text in texts), texts)

    def test_a_new_user_and_a_new_password_hold_at_once(self) -> None:
        with Mailhost() as host:
            for password in ("first", "second"):
                host.ask("add-user", user="carol@example.com", password=password)
                host.imap("carol@example.com", password)
            with self.assertRaises(imaplib.IMAP4.error):
                host.imap("carol@example.com", "first")


class Trouble(unittest.TestCase):
    def test_imap_stops_and_starts_on_the_same_port(self) -> None:
        with Mailhost() as host:
            client = host.imap()
            host.ask("stop-imap")
            with self.assertRaises(GONE):
                client.noop()
            with self.assertRaises(ConnectionRefusedError):
                host.imap()
            host.send("meanwhile")
            host.ask("start-imap")
            self.assertEqual(len(mails(host.imap(BOB), 1)), 1)

    def test_submission_stops_and_starts_while_imap_goes_on(self) -> None:
        with Mailhost() as host:
            client = host.imap()
            self.assertTrue(host.ask("stop-submission")["ok"])
            with self.assertRaises(ConnectionRefusedError):
                host.smtp()
            self.assertEqual(client.noop()[0], "OK")
            self.assertTrue(host.ask("start-submission")["ok"])
            host.send("after")
            self.assertEqual(len(mails(host.imap(BOB), 1)), 1)

    def test_connections_end_and_new_ones_are_taken(self) -> None:
        with Mailhost() as host:
            client = host.imap()
            self.assertGreater(host.ask("kill-connections")["processes"], 0)
            with self.assertRaises(GONE):
                client.noop()
            host.imap().noop()

    def test_a_frozen_connection_is_silent_and_lives_on(self) -> None:
        with Mailhost() as host:
            client = host.imap()
            host.ask("freeze")
            client.sock.settimeout(0.2)
            with self.assertRaises(TimeoutError):
                client.noop()
            host.ask("thaw")
            self.assertEqual(host.imap().noop()[0], "OK")

    def test_a_killed_server_comes_back_with_its_mail(self) -> None:
        with Mailhost() as host:
            host.send("kept")
            host.ask("kill-server")
            with self.assertRaises(ConnectionRefusedError):
                host.imap()
            self.assertTrue(host.ask("start-server")["ok"])
            self.assertEqual(len(mails(host.imap(BOB), 1)), 1)

    def test_a_wrong_command_says_what_there_is(self) -> None:
        with Mailhost() as host:
            for answer in (host.ask("nonsense"), host.ask("deliver", user=ALICE), host.ask("log", extra=1)):
                self.assertFalse(answer["ok"])
            self.assertIn("kill-connections", host.ask("nonsense")["error"])


class Options(unittest.TestCase):
    def test_announced_capabilities_stand_beside_all_others_or_those_left(self) -> None:
        for more in ((), ("--without", "NOTIFY")):
            with self.subTest(more=more), Mailhost("--announce", "COI,WEBPUSH", *more) as host:
                announced = host.imap().capability()[1][0].decode().split()
                self.assertLessEqual({"COI", "WEBPUSH", "IDLE", "METADATA"}, set(announced))
                self.assertEqual("NOTIFY" in announced, not more)

    def test_hidden_capabilities_are_not_announced_and_the_rawlog_shows_commands(self) -> None:
        hidden = ("NOTIFY", "QRESYNC", "CONDSTORE", "MOVE", "UIDPLUS", "LITERAL+", "METADATA", "IDLE", "COMPRESS")
        with Mailhost("--rawlog", "--without", ",".join(hidden)) as host:
            client = host.imap()
            announced = client.capability()[1][0].decode().split()
            self.assertIn("NAMESPACE", announced)
            self.assertFalse([word for word in announced if word.partition("=")[0] in hidden])
            self.assertIn(" CAPABILITY\n", host.ask("rawlog", user=ALICE)["text"])

    def test_no_mailbox_takes_keywords(self) -> None:
        for kind in ("maildir", "sdbox"):
            with self.subTest(format=kind), Mailhost("--no-keywords", "--format", kind) as host:
                client = host.imap()
                host.send("plain", ALICE)
                mails(client, 1)
                client.create("Chats")
                self.assertEqual(client.response("PERMANENTFLAGS")[1], [rb"(\Deleted \Seen)"])
                client.store("1", "+FLAGS", r"($Chat \Seen)")
                flags = client.fetch("1", "FLAGS")[1][0]
                self.assertIn(rb"\Seen", flags)
                self.assertNotIn(b"$Chat", flags)

    def test_a_third_connection_is_one_too_many(self) -> None:
        with Mailhost("--max-connections", "2") as host:
            kept = [host.imap(), host.imap()]
            with self.assertRaisesRegex(imaplib.IMAP4.error, "Maximum number of connections"):
                host.imap()
            self.assertEqual(len(kept), 2)

    def test_tokens_log_in_until_they_expire(self) -> None:
        with Mailhost("--auth", "oauth") as host:
            def login(token: str) -> None:
                client = host.imaps()
                answers = iter((f"user={ALICE}\1auth=Bearer {token}\1\1".encode(), b""))
                client.authenticate("XOAUTH2", lambda _: next(answers))
            login(host.info["users"][0]["token"])
            for token in (host.ask("token", user=ALICE, lifetime=-60)["token"],
                          host.ask("token", user=BOB)["token"]):
                with self.assertRaises(imaplib.IMAP4.error):
                    login(token)
            with self.assertRaises(imaplib.IMAP4.error):
                host.imap()

    def test_passwords_go_by_scram_alone(self) -> None:
        with Mailhost("--auth", "scram") as host:
            client = host.imaps()
            self.assertIn("AUTH=SCRAM-SHA-256", client.capabilities)
            self.assertIn("LOGINDISABLED", client.capabilities)
            self.assertNotIn("AUTH=PLAIN", client.capabilities)

    def test_mailboxes_may_lie_below_inbox(self) -> None:
        with Mailhost("--separator", ".", "--prefix", "INBOX.") as host:
            names = host.imap().list()[1]
            self.assertIn(rb'(\HasNoChildren \Sent) "." INBOX.Sent', names)


if __name__ == "__main__":
    unittest.main()
