#!/usr/bin/env python3
"""What goes wrong on a device, with real programs against a real server: a clear error that says what failed and what to
do, nothing half-written, and when the fault is over everything goes on with nothing lost and nothing twice.

usage: faults_test.py BIN MAILHOST [Case.test …]
"""
import hashlib
import json
import os
import pathlib
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "live" / "support"))
from people import PASSWORD, Mailhost, Person  # noqa: E402

BIN, MAILHOST = sys.argv.pop(1), sys.argv.pop(1)
ALICE, BOB = "alice@example.org", "bob@example.net"


class Fault(unittest.TestCase):
    """Alice and Bob know each other. The fault is Bob's."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="coi-fault-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.host = Mailhost(MAILHOST, ALICE, BOB)
        self.addCleanup(self.host.stop)
        self.prepare()
        self.alice, self.bob = self.person(ALICE, "alice"), self.person(BOB, "bob/data")
        self.bob.coi("send", ALICE, "hello", "--wait")
        self.alice.coi("send", BOB, "hello yourself", "--wait")
        self.alice.coi("sync", "--wait")
        self.bob.coi("sync", "--wait")
        self.bob.wait_until(lambda: self.bob.texts(ALICE) == ["hello yourself"], "the answer")

    def prepare(self):
        """Before Bob's data are made."""

    def person(self, addr, name):
        person = Person(BIN, self.host, addr, self.folder / name, log_in=False)
        self.addCleanup(person.clean_up)
        person.start()
        person.log_in()
        return person

    def account_folder(self):
        return next((self.bob.data / "accounts").iterdir())

    def database(self):
        return self.account_folder() / "account.db"

    def refused(self, *words, code=1):
        """The error object of a command that fails with this exit code and prints nothing else."""
        done = self.bob.run(*words)
        self.assertEqual((done.returncode, done.stdout), (code, ""), done.stderr)
        return json.loads(done.stderr)["error"]

    def connection(self):
        return self.bob.coi("status")[0]["connection"]

    def alice_writes(self, count, length=20):
        texts = [f"{i} " + "x" * length for i in range(count)]
        connection = self.alice.connect()
        for text in texts:
            connection.call("send_message", chat=BOB, text=text)
        self.alice.wait_until(lambda: self.all_sent(self.alice, BOB), "the server takes Alice's mails")
        connection.close()
        return texts

    @staticmethod
    def all_sent(person, other):
        return all(message["state"] in ("sent", "read") for message in person.messages(other, check=False) if message["outgoing"])

    def goes_on(self, missed, patience=90):
        """Everything that was missed is there in its order, once; both write to each other again."""
        self.bob.wait_until(lambda: len(self.bob.texts(ALICE)) > len(missed), "what was missed arrives", patience)
        self.bob.coi("send", ALICE, "back again", "--wait")
        self.alice.coi("send", BOB, "good", "--wait")
        self.bob.wait_until(lambda: self.bob.texts(ALICE)[-1:] == ["good"], "the newest mail")
        self.assertEqual(self.bob.texts(ALICE), ["hello yourself", *missed, "good"])
        self.alice.wait_until(lambda: self.alice.texts(BOB)[-1:] == ["back again"], "Bob's mail")
        self.assertEqual(self.alice.texts(BOB).count("back again"), 1)
        self.bob.stop()
        self.is_sound()

    def is_sound(self):
        with sqlite3.connect(self.database()) as database:
            self.assertEqual(database.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
            self.assertEqual(database.execute("SELECT count(*) FROM place WHERE reason <> ''").fetchone(), (0,))
        database.close()


@unittest.skipUnless(os.geteuid() == 0, "a small disk is mounted by root alone")
class FullDisk(Fault):
    SIZE = 16 << 20

    def prepare(self):
        self.disk = self.folder / "bob"
        self.disk.mkdir()
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={self.SIZE}", "none", self.disk], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", self.disk], check=True)

    def fill(self):
        with open(self.disk / "filler", "wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                pass

    def make_room(self):
        (self.disk / "filler").unlink()

    def test_mail_that_arrives_meanwhile_comes_later(self):
        self.fill()
        missed = self.alice_writes(30, 40_000)
        self.bob.wait_until(lambda: "full" in self.connection()["problem"], "the status tells of the disk")
        self.assertIn("space", self.connection()["hint"])
        error = self.refused("sync", "--wait")
        self.assertEqual(error["kind"], "full", error)
        # What is there can be read.
        self.assertIn("hello yourself", self.bob.texts(ALICE))
        self.make_room()
        self.goes_on(missed)

    def test_sending_is_refused_and_works_later(self):
        self.fill()
        error = self.refused("send", ALICE, "y" * 100_000)
        self.assertEqual(error["kind"], "full", error)
        self.assertIn("space", error["hint"])
        self.assertEqual(self.bob.texts(ALICE, outgoing=True), ["hello"])
        self.make_room()
        self.goes_on([])

    def test_what_waits_to_be_sent_waits_on(self):
        self.host.command("stop-submission")
        texts = [f"waiting {i} " + "z" * 10_000 for i in range(40)]
        connection = self.bob.connect()
        for text in texts:
            connection.call("send_message", chat=ALICE, text=text)
        self.bob.stop()  # the write-ahead log is gone with it, so that whatever is written needs room
        self.fill()
        self.bob.start()
        self.host.command("start-submission")
        self.refused("sync", "--wait")
        self.make_room()
        self.bob.wait_until(lambda: len(self.bob.texts(ALICE)) == 1 and self.all_sent(self.bob, ALICE), "all are sent")
        self.alice.wait_until(lambda: len(self.alice.texts(BOB)) == 41, "all arrive")
        self.assertEqual(self.alice.texts(BOB), ["hello", *texts])
        self.goes_on([])

    def test_repair_is_refused_and_works_later(self):
        self.bob.stop()
        database = self.database()
        with open(database, "r+b", buffering=0) as file:
            file.seek(20 * 4096)
            file.write(b"\x55" * 4096)
        size = database.stat().st_size
        self.bob.start()
        self.fill()
        error = self.refused("repair", BOB)
        self.assertEqual(error["kind"], "full", error)
        self.assertIn("space", error["hint"])
        self.assertEqual(database.stat().st_size, size)
        self.make_room()
        self.bob.coi("repair", BOB)
        self.goes_on([])

    def test_login_leaves_nothing_behind(self):
        self.fill()
        self.bob.coi("rpc", check=False)
        carol = Person(BIN, self.host, ALICE, self.disk / "carol", log_in=False)
        said = carol.start(expect=None)
        self.addCleanup(carol.clean_up)
        if said == "":  # making directories may need no room
            done = carol.run("login", ALICE, "--imap", f"imaps://127.0.0.1:{self.host.ready['imaps']}", "--smtp",
                             f"smtps://127.0.0.1:{self.host.ready['submissions']}", "--password-stdin", "--tls-ca",
                             self.host.ready["ca"], given=PASSWORD + "\n")
            self.assertEqual(done.returncode, 1, done.stderr)
            error = json.loads(done.stderr)["error"]
        else:
            error = json.loads(said)
        self.assertEqual(error["kind"], "full", error)
        self.make_room()
        carol.start_unless_running()
        self.assertEqual(carol.coi("accounts"), [])
        carol.log_in()
        self.assertEqual(len(carol.coi("accounts")), 1)


class LockedDatabase(Fault):
    def lock(self):
        """Another program that writes and does not come to an end."""
        other = sqlite3.connect(self.database(), isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        return other

    def test_under_a_running_daemon(self):
        other = self.lock()
        missed = self.alice_writes(5)
        self.bob.wait_until(lambda: "in use" in self.connection()["problem"], "the status tells of the lock")
        error = self.refused("send", ALICE, "not now")
        self.assertEqual(error["kind"], "locked", error)
        self.assertIn("stop the other program", error["hint"])
        self.assertIn("hello yourself", self.bob.texts(ALICE))
        other.rollback()
        other.close()
        self.goes_on(missed)
        self.assertNotIn("not now", self.alice.texts(BOB))

    def test_at_the_start(self):
        self.bob.stop()
        missed = self.alice_writes(3)
        other = sqlite3.connect(self.database(), isolation_level=None)
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        self.bob.start()
        self.assertIn("in use", self.bob.coi("accounts")[0]["problem"])
        error = self.refused("chats")
        self.assertEqual(error["kind"], "locked", error)
        self.assertIn("stop the other program", error["hint"])
        other.rollback()
        other.close()
        # By itself: nobody has to start the daemon again.
        connection = self.bob.connect()
        self.addCleanup(connection.close)
        while connection.call("accounts")["accounts"][0].get("problem"):
            continue
        self.goes_on(missed)


class DamagedDatabase(Fault):
    def damage(self, harm):
        """What the daemon makes of it: the error that commands get, and the file as it was."""
        self.bob.stop()
        sound = self.database().read_bytes()
        harm(self.database())
        harmed = hashlib.sha256(self.database().read_bytes()).digest()
        missed = self.alice_writes(2)
        self.bob.start()
        error = self.refused("chats")
        self.assertIn(BOB, error["text"])
        self.assertNotEqual(self.bob.coi("accounts")[0]["problem"], "")
        # Another account of the same daemon is not touched by it.
        self.bob.coi("login", ALICE, "--imap", f"imaps://127.0.0.1:{self.host.ready['imaps']}", "--smtp",
                     f"smtps://127.0.0.1:{self.host.ready['submissions']}", "--password-stdin", "--tls-ca",
                     self.host.ready["ca"], given=PASSWORD + "\n")
        self.bob.coi("--account", ALICE, "sync", "--wait")
        self.bob.coi("logout", ALICE)
        self.bob.stop()
        self.assertEqual(hashlib.sha256(self.database().read_bytes()).digest(), harmed, "it was written to")
        self.database().write_bytes(sound)
        self.bob.start()
        self.goes_on(missed)
        return error

    def test_no_database(self):
        error = self.damage(lambda file: file.write_bytes(b"These are the notes of somebody else.\n" * 500))
        self.assertEqual(error["kind"], "corrupt", error)
        self.assertIn(f"coi repair {BOB}", error["hint"])

    def test_cut_off(self):
        error = self.damage(lambda file: os.truncate(file, file.stat().st_size // 2))
        self.assertEqual(error["kind"], "corrupt", error)

    def test_of_a_newer_program(self):
        def renew(file):
            database = sqlite3.connect(file)
            database.execute("PRAGMA user_version = 999")
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            database.close()
        error = self.damage(renew)
        self.assertEqual(error["kind"], "not_allowed", error)
        self.assertIn("newer", error["text"] + error["hint"])

    def test_garbage_in_its_pages(self):
        def harm(file):
            size = file.stat().st_size
            with open(file, "r+b") as octets:
                octets.seek(4096)
                octets.write(b"\x55" * (size - 4096))
        error = self.damage(harm)
        self.assertEqual(error["kind"], "corrupt", error)
        self.assertIn(f"coi repair {BOB}", error["hint"])

    def test_is_repaired_on_the_users_word(self):
        """What only this device has is kept as far as it can be read; the rest comes from the server."""
        self.host.command("stop-submission")
        self.bob.coi("send", ALICE, "waits to be sent")
        self.bob.stop()
        size = self.database().stat().st_size
        with open(self.database(), "r+b") as octets:
            octets.seek(size - 4096)
            octets.write(bytes(4096))
        self.bob.start()
        self.assertIn("damaged", self.bob.coi("status")[0]["problem"])
        repaired = self.bob.coi("repair", BOB)[0]
        self.assertFalse(repaired["sound"])
        self.assertEqual(pathlib.Path(repaired["kept"]).stat().st_size, size)
        self.assertEqual(repaired["waiting"], 1, repaired)
        self.host.command("start-submission")
        # The server reads its settings anew for that, and ends logins that are under way.
        self.bob.wait_until(lambda: self.bob.run("sync", "--wait").returncode == 0, "the server is there again")
        self.alice.wait_until(lambda: "waits to be sent" in self.alice.texts(BOB), "what waited is sent")
        self.assertEqual(self.alice.texts(BOB).count("waits to be sent"), 1)
        self.assertTrue(self.bob.coi("repair", BOB)[0]["sound"])
        self.goes_on([])

    def test_a_login_begins_anew(self):
        """Who would rather begin anew can: the mails are on the server."""
        self.bob.stop()
        self.database().write_bytes(b"damaged" * 5000)
        self.bob.start()
        self.bob.coi("logout", BOB)
        self.bob.log_in()
        self.goes_on([])


class OtherFiles(Fault):
    def test_damaged_secrets(self):
        self.bob.stop()
        secrets = self.account_folder() / "secrets"
        secrets.write_bytes(b"\0damaged\xff" * 20)
        missed = self.alice_writes(2)
        self.bob.start()
        error = self.refused("sync", "--wait")
        self.assertEqual(error["kind"], "corrupt", error)
        self.assertIn("log in again", error["hint"])
        self.assertIn("damaged", self.connection()["problem"])
        self.assertIn("hello yourself", self.bob.texts(ALICE))
        self.bob.log_in()
        self.assertEqual(stat.S_IMODE(secrets.stat().st_mode), 0o600)
        self.goes_on(missed)

    def test_secrets_that_others_can_read(self):
        self.bob.stop()
        secrets = self.account_folder() / "secrets"
        secrets.chmod(0o644)
        self.bob.start()
        error = self.refused("sync", "--wait")
        self.assertEqual(error["kind"], "not_allowed", error)
        self.assertIn("chmod 600", error["hint"])
        secrets.chmod(0o600)
        self.bob.connect().call("network_changed")
        self.goes_on([])

    def test_damaged_configuration(self):
        self.bob.stop()
        file = self.account_folder() / "account.json"
        sound = file.read_text()
        for damaged in ("", "{", "[]", '{"id": 5}', sound[:-30], sound.replace(self.account_folder().name, "X")):
            file.write_text(damaged)
            self.bob.start()
            error = self.refused("chats")
            self.assertEqual(error["kind"], "corrupt", error)
            self.assertIn("account.json is damaged", error["text"])
            self.assertIn(f"coi logout {file.parent.name}", error["hint"])
            self.bob.stop()
            self.assertEqual(file.read_text(), damaged)
        missed = self.alice_writes(2)
        self.bob.start()
        # Mended under the running daemon.
        file.write_text(sound)
        self.goes_on(missed)

    def test_removal_of_an_account_that_cannot_be_read(self):
        self.bob.stop()
        folder = self.account_folder()
        (folder / "account.json").write_text("{")
        self.bob.start()
        self.bob.coi("logout", folder.name)
        self.assertFalse(folder.exists())
        self.assertEqual(self.bob.coi("accounts"), [])
        self.bob.log_in()
        self.goes_on([])


class DataDirectory(Fault):
    def coid(self, *words, **options):
        return subprocess.run([pathlib.Path(BIN) / "coid", *words], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=30, env=self.bob.environment, check=False, **options)

    def test_second_daemon(self):
        for way in ([], ["--stdio"], ["--socket", str(self.folder / "other.sock")]):
            second = self.coid("--data", str(self.bob.data), *way)
            self.assertEqual((second.returncode, second.stdout), (1, ""), second.stderr)
            self.assertIn("another coid", second.stderr)
            self.assertIn(str(self.bob.data), second.stderr)
        self.assertFalse((self.folder / "other.sock").exists())
        self.goes_on(self.alice_writes(1))

    def test_is_private_again_after_it_was_opened_up(self):
        self.bob.stop()
        self.bob.data.chmod(0o755)
        self.bob.start()
        for path in [self.bob.data, *self.bob.data.rglob("*")]:
            self.assertEqual(stat.S_IMODE(path.stat().st_mode) & 0o077, 0, path)
        self.goes_on([])

    def test_cannot_be_made(self):
        (self.folder / "file").write_text("in the way")
        for data in (self.folder / "file", self.folder / "file" / "below"):
            done = self.coid("--data", str(data))
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            self.assertIn(str(data), done.stderr)
            done = subprocess.run([pathlib.Path(BIN) / "coi", "--data", data, "chats"], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
            self.assertIn(str(self.folder / "file"), done.stderr)
        self.assertEqual((self.folder / "file").read_text(), "in the way")

    @unittest.skipUnless(os.geteuid() == 0, "a disk is mounted by root alone")
    def test_on_a_disk_that_takes_nothing(self):
        self.bob.stop()
        sealed = self.folder / "sealed"
        sealed.mkdir()
        subprocess.run(["mount", "--bind", self.bob.data, sealed], check=True)
        self.addCleanup(subprocess.run, ["umount", "--lazy", sealed], check=True)
        subprocess.run(["mount", "-o", "remount,ro,bind", sealed], check=True)
        done = self.coid("--data", str(sealed))
        self.assertEqual((done.returncode, done.stdout), (1, ""), done.stderr)
        self.assertIn(str(sealed), done.stderr)
        self.bob.start()
        self.goes_on([])


class Server(Fault):
    COUNT = 300

    def test_killed_again_and_again_under_load(self):
        """Nothing lost, nothing twice, the order kept, in both directions."""
        people = {ALICE: self.alice, BOB: self.bob}
        fronts = {addr: person.connect() for addr, person in people.items()}
        texts = [f"load {i}" for i in range(self.COUNT)]
        sent = {ALICE: {}, BOB: {}}
        for i, text in enumerate(texts):
            if i % 60 == 30:
                self.host.command("kill-server")
            if i % 60 == 50:
                self.host.command("start-server")
                for front in fronts.values():
                    front.call("network_changed")
            if i % 60 == 10:
                # Load is on its way, not just queued: some have arrived when the server dies.
                self.alice.wait_until(lambda: len(self.alice.texts(BOB)) > i * 2 // 3, "mails come in")
            for addr, other in ((ALICE, BOB), (BOB, ALICE)):
                sent[addr][text] = fronts[addr].call("send_message", chat=other, text=text)["message"]["sort"]
        for addr, other in ((ALICE, BOB), (BOB, ALICE)):
            fronts[addr].wait_until(lambda: len(people[addr].texts(other)) >= self.COUNT + 1, "all arrive")
            fronts[addr].wait_until(lambda: self.all_sent(people[addr], other), "all are accepted")
            fronts[addr].close()
            people[addr].coi("sync", "--wait")
            received = people[addr].texts(other)[1:]
            self.assertEqual(sorted(received), sorted(texts))
            # A mail's times know whole seconds; what was sent within one may change places.
            seconds = [sent[other][text] // 1000 for text in received]
            self.assertEqual(seconds, sorted(seconds))
        for addr, other in ((ALICE, BOB), (BOB, ALICE)):
            for message in people[addr].messages(other):
                if message["outgoing"] and message["text"].startswith("load"):
                    self.assertEqual(self.host.copies(addr, "COI/Chats", message["rfc_id"]), 1, message["text"])


class Log(Fault):
    def test_holds_no_secret_and_no_text(self):
        """At the most talkative level, over all that a client does."""
        self.bob.stop()
        log = self.folder / "coid.log"
        self.bob.start("--log", str(log), "--log-level", "debug")
        private = ["Wintergarden", "Quarzuhr", "Mondsichel", "Haselnuss", "Zitronenfalter"]
        picture = self.folder / "Zitronenfalter.txt"
        picture.write_text("Haselnuss")
        self.alice.coi("send", BOB, "Wintergarden", "--wait")
        self.bob.wait_until(lambda: "Wintergarden" in self.bob.texts(ALICE), "Alice's mail")
        self.bob.coi("send", ALICE, "Quarzuhr", "--file", str(picture), "--wait")
        self.host.command("deliver", user=BOB, text="From: Carol <carol@example.com>\r\nTo: " + BOB +
                          "\r\nSubject: Mondsichel\r\nMessage-ID: <c1@example.com>\r\n\r\nHaselnuss\r\n")
        self.host.command("deliver", user=BOB, text="From: broken Mondsichel\r\nContent-Type: multipart/mixed; boundary=\"\0Haselnuss\r\n\r\nQuarzuhr")
        self.bob.coi("sync", "--wait")
        self.bob.coi("search", "Quarzuhr")
        self.bob.coi("seen", ALICE)
        self.bob.log_in()  # the password passes through once more
        self.bob.coi("send", "nobody@example.net", "Mondsichel", "--wait", check=False)
        self.host.command("add-user", user=BOB, password="Feuerwerk")
        self.host.command("kill-connections")
        self.bob.coi("sync", "--wait", check=False)  # rejected now
        self.bob.stop()
        said = log.read_text()
        self.assertIn("AUTHENTICATE", said)  # it is talkative
        encoded = [PASSWORD, *private, "Feuerwerk"]
        import base64
        for word in [PASSWORD, "Feuerwerk"]:
            encoded.append(base64.b64encode(f"\0{BOB}\0{word}".encode()).decode())
            encoded.append(base64.b64encode(word.encode()).decode().rstrip("="))
        for word in encoded:
            lines = [line for line in said.splitlines() if word.lower() in line.lower()]
            self.assertEqual(lines, [], f"{word} stands in the log")


if __name__ == "__main__":
    unittest.main()
