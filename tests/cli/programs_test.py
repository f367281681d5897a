#!/usr/bin/python3
"""coi and coid as a user runs them, without network. Usage: programs_test.py DIRECTORY-OF-THE-PROGRAMS"""

import concurrent.futures
import json
import os
import pathlib
import select
import signal
import socket
import stat
import subprocess
import threading
import time
import unittest

from programs import PATIENCE, PROGRAMS, Programs, environment, wait_until


class Errors(Programs):
    def test_without_an_account(self) -> None:
        self.assertIn("coi login", self.refused(1, "chats"))
        self.refused(1, "--account", "nobody@example.org", "chats")
        self.refused(1, "logout", "nobody@example.org")

    def test_are_one_object_with_json(self) -> None:
        result = self.coi("chats", "--json")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertEqual(json.loads(result.stderr)["error"]["kind"], "not_found")

    def test_of_the_network_are_3(self) -> None:
        words = ["login", "a@example.org", "--imap", "imap+plain://127.0.0.1:1", "--smtp", "smtp+plain://127.0.0.1:1",
                 "--password-stdin"]
        self.assertIn("127.0.0.1:1", self.refused(3, *words, text="secret-word\n"))
        self.assertEqual(list((self.data / "accounts").iterdir()), [])
        self.assertNotIn("secret-word", (self.data / "coid.log").read_text())

    def test_login_in_clear_text_over_a_network(self) -> None:
        self.refused(1, "login", "a@example.org", "--imap", "imap+plain://example.org", "--smtp", "smtp+plain://example.org",
                     "--password-stdin", text="x\n")

    def test_login_without_a_terminal(self) -> None:
        self.assertIn("--password-stdin", self.refused(1, "login", "a@example.org"))

    def test_a_directory_that_cannot_be(self) -> None:
        (self.folder / "file").write_text("")
        self.refused(1, "chats", data=self.folder / "file" / "data")

    def test_a_path_too_long_for_a_socket(self) -> None:
        self.assertIn("--data", self.refused(1, "chats", data=self.folder / ("x" * 120)))


class Daemon(Programs):
    def test_is_for_its_user_alone(self) -> None:
        self.done("accounts")
        self.assertEqual(stat.S_IMODE(self.data.stat().st_mode), 0o700)
        self.assertEqual(stat.S_IMODE((self.data / "coid.sock").stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE((self.data / "coid.log").stat().st_mode), 0o600)

    def test_listens_in_the_runtime_directory(self) -> None:
        runtime = self.folder / "run"
        runtime.mkdir()
        self.environment = environment(XDG_RUNTIME_DIR=str(runtime))
        self.done("accounts")
        [listening] = (runtime / "coi").glob("*.sock")
        self.assertEqual(stat.S_IMODE(listening.stat().st_mode), 0o600)
        self.assertEqual(stat.S_IMODE(listening.parent.stat().st_mode), 0o700)
        self.assertFalse((self.data / "coid.sock").exists())

    def test_is_found_from_surroundings_without_a_runtime_directory(self) -> None:
        runtime = self.folder / "runtime"
        runtime.mkdir(mode=0o700)
        self.done("accounts", env=environment(XDG_RUNTIME_DIR=str(runtime)))
        self.done("accounts")
        self.done("daemon", "stop")
        self.assertEqual(list((runtime / "coi").glob("*.sock")), [])
        self.done("accounts")
        self.done("accounts", env=environment(XDG_RUNTIME_DIR=str(runtime)))

    def test_leaves_a_directory_of_other_files_as_it_is(self) -> None:
        other = self.folder / "home"
        (other / "public_html").mkdir(parents=True)
        for mode in (0o755, 0o777):
            other.chmod(mode)
            said = self.refused(1, "accounts", data=other)
            self.assertNotIn("chmod", said)
            self.assertEqual([*other.iterdir()], [other / "public_html"])
            self.assertEqual(stat.S_IMODE(other.stat().st_mode), mode)
        other.chmod(0o755)
        self.assertIn("holds other files", self.refused(1, "accounts", data=other))
        alone = subprocess.run([PROGRAMS / "coid", "--data", other, "--stdio"], input="", text=True, capture_output=True,
                               timeout=PATIENCE, env=self.environment)
        self.assertIn("holds other files", alone.stderr)
        self.assertEqual([*other.iterdir()], [other / "public_html"])
        self.assertEqual(stat.S_IMODE(other.stat().st_mode), 0o755)
        self.assertIn("is not a directory", self.refused(1, "accounts", data=pathlib.Path("/dev/null")))

    def test_has_the_data_directory_alone(self) -> None:
        self.done("accounts")
        second = subprocess.run([PROGRAMS / "coid", "--data", self.data, "--socket", self.folder / "other.sock"],
                                capture_output=True, text=True, timeout=PATIENCE, env=self.environment, check=False)
        self.assertEqual(second.returncode, 1)
        self.assertIn("another coid uses", second.stderr)

    def test_says_to_coi_why_it_cannot_start(self) -> None:
        with subprocess.Popen([PROGRAMS / "coid", "--data", self.data, "--stdio"], env=self.environment, text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as other:
            print('{"jsonrpc":"2.0","id":1,"method":"accounts"}', file=other.stdin, flush=True)
            other.stdout.readline()
            self.assertIn("another coid uses", self.refused(1, "accounts"))

    def test_is_found_where_it_listens(self) -> None:
        with subprocess.Popen([PROGRAMS / "coid", "--data", self.data, "--socket", self.folder / "other.sock"],
                              env=self.environment, stderr=subprocess.DEVNULL) as other:
            wait_until(lambda: "other.sock" in (self.data / "lock").read_text() if (self.data / "lock").exists() else False,
                       "no word of the socket")
            self.done("accounts")
            other.terminate()

    def test_is_started_once(self) -> None:
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            pids = set(pool.map(lambda _: self.pid(), range(8)))
        self.assertEqual(len(pids), 1)

    def test_starts_again_after_it_was_killed(self) -> None:
        first = self.pid()
        os.kill(first, signal.SIGKILL)
        wait_until(lambda: not pathlib.Path(f"/proc/{first}").exists() or
                   pathlib.Path(f"/proc/{first}/stat").read_text().split()[2] == "Z", "it lives")
        self.assertNotEqual(self.pid(), first)

    def test_ends_on_a_signal_and_takes_its_socket_along(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            with subprocess.Popen([PROGRAMS / "coid", "--data", self.data, "--log", "stderr"], text=True,
                                  stderr=subprocess.PIPE, env=self.environment) as daemon:
                wait_until((self.data / "coid.sock").exists, "no socket")
                daemon.send_signal(number)
                self.assertEqual(daemon.wait(PATIENCE), 0)
            self.assertFalse((self.data / "coid.sock").exists())

    def test_ends_when_asked(self) -> None:
        first = self.pid()
        self.done("daemon", "stop")
        self.done("daemon", "stop")
        self.assertNotEqual(self.pid(), first)

    def test_ends_when_idle_if_told_so(self) -> None:
        with subprocess.Popen([PROGRAMS / "coid", "--data", self.data, "--idle-exit", "1"], stderr=subprocess.DEVNULL,
                              env=self.environment) as daemon:
            self.assertEqual(daemon.wait(PATIENCE), 0)

    def test_leaves_nothing_of_a_client_that_breaks_off(self) -> None:
        self.done("accounts")
        for octets in (b"", b"{", b'{"jsonrpc":"2.0","id":1,"method":"chats"}\n' * 1000):
            with socket.socket(socket.AF_UNIX) as client:
                client.connect(str(self.data / "coid.sock"))
                client.sendall(octets)
        self.done("accounts")

    def test_refuses_a_line_without_end(self) -> None:
        self.done("accounts")
        with socket.socket(socket.AF_UNIX) as client:
            client.connect(str(self.data / "coid.sock"))
            client.settimeout(PATIENCE)
            try:
                for _ in range(100):
                    client.sendall(b"x" * 65536)
            except OSError:
                pass  # it hung up
            answer = b""
            try:
                while piece := client.recv(65536):
                    answer += piece
            except ConnectionResetError:
                pass
            self.assertIn(b'"code":-32600', answer)

    def test_serves_one_client_on_stdio(self) -> None:
        requests = "".join(json.dumps({"jsonrpc": "2.0", "id": number, "method": "accounts"}) + "\n" for number in range(100))
        served = subprocess.run([PROGRAMS / "coid", "--data", self.data, "--stdio"], input=requests, text=True,
                                capture_output=True, timeout=PATIENCE, env=self.environment, check=True)
        replies = [json.loads(line) for line in served.stdout.splitlines()]
        self.assertEqual({reply["id"] for reply in replies}, set(range(100)))
        self.assertFalse((self.data / "coid.sock").exists())


class Conversation(Programs):
    """An account whose servers do not answer: writing waits, reading works."""

    def setUp(self) -> None:
        super().setUp()
        self.add_account()

    def test_in_json_is_one_object_a_line(self) -> None:
        sent = json.loads(self.done("send", "bob@example.net", "Hello", "Bob", "--json"))
        self.assertEqual((sent["text"], sent["state"]), ("Hello Bob", "pending"))
        self.done("send", "bob@example.net", "again")
        messages = [json.loads(line) for line in self.done("--json", "read", "bob").splitlines()]
        self.assertEqual([message["text"] for message in messages], ["Hello Bob", "again"])
        self.assertEqual([json.loads(line)["last"]["text"] for line in self.done("--json", "chats").splitlines()], ["again"])
        self.assertEqual(json.loads(self.done("--json", "status"))["queue"]["outgoing"], 2)
        self.assertEqual(self.done("--json", "chats", "--archived"), "")

    def test_takes_words_as_they_are(self) -> None:
        for words, text in ((["two", "words"], "two words"), (["[yes,no]", "[c]"], "[yes,no] [c]"), (["%%"], "%%"),
                            (["-5", "degrees"], "-5 degrees"), (["a", "--", "-x", "--wait"], "a -x --wait"),
                            (["a  b", "", "c"], "a  b  c"), (["é漢😀"], "é漢😀")):
            self.assertEqual(json.loads(self.done("--json", "send", "bob@example.net", *words))["text"], text)
        self.assertEqual(json.loads(self.done("--json", "search", "[yes,no]"))["text"], "[yes,no] [c]")
        self.refused(1, "send", "bob@example.net", "")
        self.refused(2, "send", "bob@example.net")

    def test_is_refused_where_the_text_is_no_utf_8(self) -> None:
        self.assertIn("UTF-8", self.refused(1, "send", "bob@example.net", "caf\udce9"))
        self.assertIn("UTF-8", self.refused(1, "read", "caf\udce9"))
        sent = subprocess.run([PROGRAMS / "coi", "--data", self.data, "send", "bob@example.net", "-"], input=b"caf\xe9",
                              capture_output=True, timeout=PATIENCE, env=self.environment, check=False)
        self.assertEqual((sent.returncode, sent.stdout), (1, b""))

    def test_in_text_is_plain_when_nobody_looks(self) -> None:
        self.done("send", "bob@example.net", "Hello \033[31mred")
        for words in (["read", "bob"], ["chats"], ["status"], ["search", "hello"], ["accounts"]):
            self.assertNotIn("\033", self.done(*words), words)
        self.assertIn("Hello �[31mred", self.done("read", "bob"))

    def test_takes_text_and_files_from_outside(self) -> None:
        self.done("send", "bob@example.net", "-", text="first\nsecond\n")
        (self.folder / "note.txt").write_text("content")
        sent = json.loads(self.done("send", "bob", "with", "--file", "note.txt", "--reply", "1", "--json", cwd=self.folder))
        self.assertEqual((sent["attachments"][0]["name"], sent["reply_to"]), ("note.txt", 1))
        self.assertIn("first\n", self.done("read", "bob"))
        number = str(sent["attachments"][0]["id"])
        for saved in ("note (1).txt", "note (2).txt"):
            self.assertIn(saved, self.done("save", number, cwd=self.folder))
            self.assertEqual((self.folder / saved).read_text(), "content")
        self.done("save", number, "note (1).txt", cwd=self.folder)

    def file_number(self, name: str = "note.txt", content: str = "content") -> str:
        """An attachment that is here."""
        (self.folder / name).write_text(content)
        sent = json.loads(self.done("send", "bob@example.net", "x", f"--file={self.folder / name}", "--json"))
        return str(sent["attachments"][0]["id"])

    def test_saves_into_a_folder_and_to_standard_output(self) -> None:
        number = self.file_number()
        (self.folder / "into").mkdir()
        for target, saved in (("into", "into/note.txt"), ("into/", "into/note (1).txt"), ("into/other", "into/other")):
            self.assertIn(saved, self.done("save", number, target, cwd=self.folder))
            self.assertEqual((self.folder / saved).read_text(), "content")
        self.assertEqual(self.done("save", number, "-"), "content")
        self.assertIn("no/such: No such file", self.refused(1, "save", number, "no/such/", cwd=self.folder))
        self.assertEqual(sorted(path.name for path in (self.folder / "into").iterdir()), ["note (1).txt", "note.txt", "other"])

    def test_saves_through_no_link_and_into_no_device(self) -> None:
        number = self.file_number()
        victim = self.folder / "victim"
        victim.write_text("mine")
        (self.folder / "into").mkdir()
        (self.folder / "into" / "note.txt").symlink_to(victim)
        (self.folder / "into" / "dangling").symlink_to(self.folder / "made")
        os.mkfifo(self.folder / "into" / "pipe")
        self.assertIn("note (1).txt", self.done("save", number, "into", cwd=self.folder))
        for name, what in (("note.txt", "a link"), ("dangling", "a link"), ("pipe", "a device or pipe")):
            self.assertIn(what, self.refused(1, "save", number, f"into/{name}", cwd=self.folder))
        self.assertEqual(victim.read_text(), "mine")
        self.assertFalse((self.folder / "made").exists())

    def test_saves_no_name_that_looks_like_an_option(self) -> None:
        number = self.file_number("-rf.txt")
        self.assertIn("Saved rf.txt", self.done("save", number, cwd=self.folder))

    def test_takes_names_that_look_like_options(self) -> None:
        self.done("contact", "set", "bob@example.net", "--name=-b -x")
        self.done("send", "bob@example.net", "hello")
        self.assertIn("hello", self.done("read", "--", "-b"))
        self.done("mute", "--for", "1h", "--", "-b -x")
        self.assertEqual(json.loads(self.done("--json", "send", "bob@example.net", "--", "--wait"))["text"], "--wait")

    def test_refuses_text_that_is_none(self) -> None:
        sent = subprocess.run([PROGRAMS / "coi", "--data", self.data, "send", "bob@example.net", "-"], input=b"a\0b",
                              capture_output=True, timeout=PATIENCE, env=self.environment, check=False)
        self.assertEqual((sent.returncode, sent.stdout), (1, b""))
        self.assertIn(b"--file", sent.stderr)

    def test_shows_and_changes_settings(self) -> None:
        self.assertEqual(self.done("settings").split(),
                         ["name", "Alice", "signature", "(none)", "receipts", "on", "filter", "none", "sent-folder", "(found", "by",
                          "itself)", "undo-send", "off", "hold-at-server", "off",
                          "contacts", "(off", "until", "you", "say", "on:", "coi", "settings", "contacts", "on)"])
        self.done("settings", "name", "Alice Miller")
        self.done("settings", "receipts", "off")
        self.assertEqual((self.done("settings", "name"), self.done("settings", "receipts")), ("Alice Miller\n", "off\n"))
        self.assertRegex(self.done("settings", "contacts", "on"), r"^on\n.*written into your mailbox from now on")
        self.assertRegex(self.done("settings", "hold-at-server", "on"), r"^on\n.*cannot be taken back")
        self.assertRegex(self.done("settings", "hold-at-server", "off"), r"^off\n.*wait on this device")
        self.assertRegex(self.done("settings", "sent-folder", "Out"), r"^Out\n.*kept and looked for in that folder")
        self.assertRegex(self.done("settings", "sent-folder", ""), r"found by itself.\n.*that your server names")
        self.assertEqual(self.done("settings", "contacts"), "on\n")
        self.refused(1, "settings", "receipts", "maybe")
        self.refused(1, "settings", "filter", "maybe")
        self.refused(2, "settings", "colour")
        self.assertEqual(json.loads(self.done("--json", "settings"))["name"], "Alice Miller")

    def test_with_oneself_is_saved_messages(self) -> None:
        for number, name in enumerate(("alice@example.org", "Alice@Example.org", "saved"), 1):
            self.assertIn("Saved messages", self.done("send", name, "a note"))
            self.assertEqual(len(self.done("--json", "read", name).splitlines()), number)
        self.assertIn("Saved messages", self.done("chat", "alice@example.org"))

    def test_changes_chats_and_contacts(self) -> None:
        self.done("send", "bob@example.net", "x")
        self.assertEqual(self.done("contact", "set", "bob@example.net", "--name", "Bob Miller"), "bob@example.net is called Bob Miller.\n")
        self.assertEqual(self.done("archive", "miller"), "Bob Miller is archived.\n")
        self.assertIn("Bob Miller", self.done("chats", "--archived"))
        self.done("unarchive", "miller")
        self.assertRegex(self.done("mute", "miller", "--for", "8h"), r"^Bob Miller is muted until .*\d\d:\d\d\.\n$")
        self.assertTrue(json.loads(self.done("mute", "miller", "--json"))["muted"])
        self.assertFalse(json.loads(self.done("unmute", "miller", "--json"))["muted"])
        self.done("block", "miller")
        self.assertNotIn("Miller", self.done("chats"))
        self.done("unblock", "miller")
        for command in ("accept", "seen"):
            self.done(command, "miller")
        self.assertIn("bob@example.net", self.done("contacts"))
        self.refused(1, "mute", "miller", "--for", "long")
        self.refused(1, "archive", "carol")

    def test_of_chat_takes_lines_from_a_pipe(self) -> None:
        self.done("chat", "bob@example.net", text="one\n\ntwo")
        self.assertEqual([json.loads(line)["text"] for line in self.done("--json", "read", "bob").splitlines()], ["one", "two"])
        self.refused(1, "chat", "carol", text="")

    def test_of_logout_asks_a_person_when_messages_wait(self) -> None:
        self.done("send", "bob@example.net", "one")
        self.done("send", "bob@example.net", "two")
        code, shown = self.talk(["logout", "alice@example.org"], [("2 messages wait to be sent, and would be lost", b"\r")])
        self.assertEqual(code, 1, shown)
        self.assertIn("alice@example.org stays", shown)
        self.assertIn("two", self.done("read", "bob"))
        code, shown = self.talk(["logout", "alice@example.org"], [("all the same? [y/N]", b"y\r")])
        self.assertEqual(code, 0, shown)
        self.assertIn("no account yet", self.done("accounts"))

    def test_of_watch_shows_what_happens(self) -> None:
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "--json", "watch"], stdout=subprocess.PIPE, text=True,
                              env=self.environment) as watch:
            assert watch.stdout
            event = {"type": ""}
            while event["type"] != "message_added":
                self.done("send", "bob@example.net", "hi")  # until it listens it tells nothing
                while event["type"] != "message_added" and select.select([watch.stdout], [], [], 0.2)[0]:
                    event = json.loads(watch.stdout.readline())
            self.assertEqual((event["account"], event["message"]["text"]), ("A", "hi"))
            watch.terminate()

    def test_of_watch_and_chat_is_about_the_account_that_is_meant(self) -> None:
        self.add_account("B", "carol@example.org")
        for account, text in (("alice", "of A"), ("carol", "of B")):
            chat = json.loads(self.done("--account", account + "@example.org", "--json", "send", "bob@example.net", text))
            self.assertEqual(chat["chat"], 1, "each account numbers its own chats")
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "--json", "--account", "alice@example.org", "chat", "bob"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self.environment) as chat, \
             subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "--json", "--account", "alice@example.org", "watch",
                               "--chat", "bob"], stdout=subprocess.PIPE, text=True, env=self.environment) as watch:
            assert chat.stdin and chat.stdout and watch.stdout
            self.assertEqual(json.loads(chat.stdout.readline())["text"], "of A")
            seen = ""
            while not seen:  # it says nothing until something happens
                self.done("--account", "carol@example.org", "send", "bob@example.net", "for B alone")
                self.done("--account", "alice@example.org", "send", "bob@example.net", "for A")
                if select.select([watch.stdout], [], [], 0.2)[0]:
                    seen = watch.stdout.readline()
            self.assertEqual(json.loads(seen)["account"], "A")
            self.assertEqual(json.loads(chat.stdout.readline())["text"], "for A")
            watch.terminate()
            said, _ = chat.communicate()
            self.assertNotIn("for B alone", said)

    def test_of_watch_goes_on_when_the_daemon_died(self) -> None:
        pid = self.pid()
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "--json", "watch"], stdout=subprocess.PIPE, text=True,
                              env=self.environment) as watch:
            timer = threading.Timer(PATIENCE, watch.kill)
            timer.start()
            self.addCleanup(timer.cancel)
            self.done("send", "bob@example.net", "before")
            while '"before"' not in watch.stdout.readline():
                self.done("send", "bob@example.net", "before")
            os.kill(pid, signal.SIGKILL)
            line = watch.stdout.readline()
            while '"resync"' not in line:
                line = watch.stdout.readline()
            self.done("send", "bob@example.net", "after")
            while '"after"' not in line:
                line = watch.stdout.readline()
                self.assertTrue(line)
            watch.terminate()

    def test_of_sync_says_that_there_is_no_network(self) -> None:
        self.refused(3, "sync", "--wait")
        self.done("sync")

    def test_of_send_says_what_the_message_waits_for(self) -> None:
        for attempt in ("the reason is new", "the reason is known"):
            with self.subTest(attempt), subprocess.Popen(
                    [PROGRAMS / "coi", "--data", self.data, "send", "bob@example.net", "hello", "--wait"],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=self.environment) as send:
                assert send.stderr
                try:
                    self.assertTrue(select.select([send.stderr], [], [], PATIENCE)[0], "nothing was said")
                    self.assertRegex(send.stderr.readline(), r"^coi: the message waits: .*127\.0\.0\.1")
                    self.assertIsNone(send.poll(), "it goes on waiting")
                finally:
                    send.terminate()

    def test_of_rpc_answers_before_it_ends(self) -> None:
        requests = "\n".join(json.dumps({"jsonrpc": "2.0", "id": number, "method": "chats"}) for number in range(50))
        replies = [json.loads(line) for line in self.done("rpc", text=requests).splitlines()]
        self.assertEqual({reply["id"] for reply in replies}, set(range(50)))


    def test_of_rpc_loses_nothing_when_nobody_reads_for_a_while(self) -> None:
        count = 4000
        self.done("send", "bob@example.net", "x" * 10000)
        request = json.dumps({"jsonrpc": "2.0", "id": 0, "method": "messages", "params": {"chat": 1, "pad": "x" * 500}})
        requests = "".join(request.replace('"id": 0', f'"id": {number}') + "\n" for number in range(count))
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "rpc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True, env=self.environment) as rpc:
            assert rpc.stdin and rpc.stdout
            writing = threading.Thread(target=lambda: (rpc.stdin.write(requests), rpc.stdin.close()))
            writing.start()
            # The daemon stops reading when too much waits for us: its answers lie in the pipe, and requests behind them.
            writing.join(0.5)
            answered = {json.loads(line)["id"] for line in rpc.stdout}
            writing.join()
        self.assertEqual((answered, rpc.returncode), (set(range(count)), 0))

    def test_of_rpc_ends_with_the_daemon(self) -> None:
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "rpc"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, env=self.environment) as rpc:
            assert rpc.stdin and rpc.stdout and rpc.stderr
            rpc.stdin.write('{"jsonrpc":"2.0","id":1,"method":"version"}\n')
            rpc.stdin.flush()
            os.kill(json.loads(rpc.stdout.readline())["result"]["pid"], signal.SIGKILL)
            self.assertEqual(rpc.wait(PATIENCE), 1)
            self.assertIn("the daemon ended", rpc.stderr.read())


class Standard(Programs):
    """Standard output that takes nothing."""

    def setUp(self) -> None:
        super().setUp()
        self.add_account()
        self.done("send", "bob@example.net", "hello")

    def test_output_on_a_full_disk_is_an_error(self) -> None:
        for words in (["read", "bob"], ["--json", "chats"], ["--help"], ["--version"], ["man"]):
            with open("/dev/full", "wb") as full:
                result = subprocess.run([PROGRAMS / "coi", "--data", self.data, *words], stdout=full, env=self.environment,
                                        stderr=subprocess.PIPE, text=True, timeout=PATIENCE, check=False)
            self.assertEqual(result.returncode, 1, words)
            self.assertIn("No space left on device", result.stderr)

    def test_output_that_is_closed_is_an_error(self) -> None:
        result = subprocess.run(["bash", "-c", '"$0" --data "$1" read bob >&-', PROGRAMS / "coi", self.data], text=True,
                                stderr=subprocess.PIPE, timeout=PATIENCE, env=self.environment, check=False)
        self.assertEqual(result.returncode, 1)
        self.assertIn("standard output", result.stderr)

    def test_output_that_nobody_reads_ends_it_in_silence(self) -> None:
        for restore in (True, False):  # whatever the parent does with SIGPIPE
            read, write = os.pipe()
            os.close(read)
            result = subprocess.run([PROGRAMS / "coi", "--data", self.data, "read", "bob"], stdout=write, text=True,
                                    stderr=subprocess.PIPE, timeout=PATIENCE, env=self.environment, restore_signals=restore,
                                    check=False)
            os.close(write)
            self.assertEqual((result.returncode, result.stderr), (-signal.SIGPIPE, ""))


class Foreign(Programs):
    """Whoever listens on the socket gets the passwords."""

    def test_folder_is_not_trusted(self) -> None:
        self.data.mkdir()
        for mode in (0o777, 0o770):
            self.data.chmod(mode)
            self.assertIn("chmod 700", self.refused(1, "accounts"))
        self.data.chmod(0o700)
        self.done("accounts")

    @unittest.skipIf(os.getuid() != 0, "only root can be two users")
    def test_listener_is_not_spoken_to(self) -> None:
        self.data.mkdir()
        (self.data / "lock").touch()
        listener = socket.socket(socket.AF_UNIX)
        self.addCleanup(listener.close)
        listener.bind(str(self.data / "coid.sock"))
        # The peer's user is the one at the time of listen().
        os.seteuid(65534)
        try:
            listener.listen()
        finally:
            os.seteuid(0)
        said = self.refused(1, "login", "a@example.org", "--password-stdin", "--imap", "imaps://x", "--smtp", "smtps://x", text="secret\n")
        self.assertIn("another user", said)
        client, _ = listener.accept()
        self.assertEqual(client.recv(100), b"")
        client.close()
        (self.data / "coid.sock").unlink()

    @unittest.skipIf(os.getuid() != 0, "only root can be two users")
    def test_folder_of_another_user_is_refused(self) -> None:
        self.data.mkdir(mode=0o755)
        os.chown(self.data, 65534, 65534)
        self.assertIn("belongs to another user", self.refused(1, "accounts"))
        os.chown(self.data, 0, 0)

    def test_log_is_not_followed(self) -> None:
        self.data.mkdir(mode=0o700)
        (self.data / "lock").touch()
        victim = self.folder / "victim"
        victim.write_text("mine")
        for make in (lambda log: log.symlink_to(victim), lambda log: os.link(victim, log), os.mkfifo):
            make(self.data / "coid.log")
            self.assertIn("coid.log", self.refused(1, "accounts"))
            (self.data / "coid.log").unlink()
        self.assertEqual(victim.read_text(), "mine")
        self.done("accounts")


class Terminal(Programs):
    """With a person on both ends."""

    def setUp(self) -> None:
        super().setUp()
        self.add_account()

    def test_has_colour(self) -> None:
        self.done("send", "bob@example.net", "hi")
        code, shown = self.talk(["read", "bob"], [])
        self.assertEqual(code, 0)
        self.assertIn("\033[", shown)

    def test_has_no_colour_if_the_user_wants_none(self) -> None:
        self.done("send", "bob@example.net", "hi")
        self.assertNotIn("\033[", self.talk(["read", "bob"], [], NO_COLOR="1")[1])

    def test_is_not_left_when_it_is_narrow(self) -> None:
        self.done("send", "bob@example.net", "a message of some length, which has to be cut")
        for words in (["chats"], ["search", "message"], ["read", "bob"], ["contacts"]):
            lines = self.talk(words, [], columns=40, NO_COLOR="1")[1].splitlines()
            self.assertLessEqual(max(map(len, lines)), 40, lines)

    def test_holds_a_conversation(self) -> None:
        code, shown = self.talk(["chat", "bob@example.net"],
                                [("› ", b"helo\x7flo\r"), ("You\033[0m  hello", b"unfinished"), ("unfinished", b"\x15\x04")])
        self.assertEqual(code, 0)
        self.assertTrue(shown.endswith("\033[?2004l"), repr(shown))
        self.assertEqual(json.loads(self.done("--json", "read", "bob"))["text"], "hello")

    def test_clears_the_line_at_control_c_and_leaves_on_an_empty_one(self) -> None:
        code, shown = self.talk(["chat", "bob@example.net"], [("ctrl-D leaves", b"draft"), ("draft", b"\x03sent\r"),
                                                               ("You\033[0m  sent", b"\x03")])
        self.assertEqual(code, 0, shown)
        self.assertEqual(json.loads(self.done("--json", "read", "bob"))["text"], "sent")

    def test_says_who_it_is_and_what_waits(self) -> None:
        self.done("contact", "set", "bob@example.net", "--name", "Bob Miller")
        code, shown = self.talk(["chat", "bob@example.net"], [("ctrl-D leaves", b"hello\r"), ("a message waits:", b"\x04")])
        self.assertEqual(code, 0, shown)
        self.assertIn("127.0.0.1", shown)
        code, shown = self.talk(["chat", "miller"], [("a message waits:", b"\x04")])
        self.assertIn("Conversation with Bob Miller <bob@example.net>", shown)

    def test_gives_the_terminal_back_while_it_is_stopped(self) -> None:
        script = 'set -m; "$0" --data "$1" chat bob@example.net; stty -a | grep -o " -\\?icanon"; echo stopped; fg >/dev/null; echo left'
        code, shown = self.talk([], [("ctrl-D leaves", b"draft\x1a"), ("stopped", b""), ("draft", b""),
                                     ("draft", b"!\r\x04")], program=["bash", "-c", script, str(PROGRAMS / "coi"), str(self.data)])
        self.assertIn("left", shown)
        self.assertIn(" icanon", shown)
        self.assertEqual(json.loads(self.done("--json", "read", "bob"))["text"], "draft!")

    def test_keeps_the_draft_when_the_daemon_dies(self) -> None:
        self.done("send", "bob@example.net", "first")
        pid = self.pid()
        code, shown = self.talk(["chat", "bob"], [("ctrl-D leaves", b"draft"), ("draft", lambda: os.kill(pid, signal.SIGKILL)),
                                                  ("connected to the daemon again", b" goes on\r"), ("You\033[0m  draft goes on", b"\x04")])
        self.assertEqual(code, 0, shown)
        self.assertEqual([json.loads(line)["text"] for line in self.done("--json", "read", "bob").splitlines()],
                         ["first", "draft goes on"])

    def test_does_not_show_a_password(self) -> None:
        code, shown = self.talk(["login", "a@example.org", "--imap", "imap+plain://127.0.0.1:1", "--smtp",
                                 "smtp+plain://127.0.0.1:1"], [("Password for a@example.org: ", b"secret-word\r")])
        self.assertEqual(code, 3)
        self.assertNotIn("secret-word", shown)

    def test_is_as_before_when_a_password_is_not_given(self) -> None:
        script = 'trap : INT; "$0" --data "$1" login a@example.org; echo "exit $?"; stty -a'
        for keys, code in ((b"\x04", 1), (b"\x03", 130)):
            shown = self.talk([], [("Password for a@example.org: ", keys)],
                              program=["sh", "-c", script, str(PROGRAMS / "coi"), str(self.data)])[1]
            self.assertIn(f"exit {code}", shown)
            self.assertIn(" echo ", shown)


if __name__ == "__main__":
    unittest.main()
