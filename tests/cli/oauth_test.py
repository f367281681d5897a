#!/usr/bin/python3
"""Logins with OAuth2 against a real mail server that takes nothing else; the authorization server is the test's.
Usage: oauth_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST"""

import errno
import json
import os
import pathlib
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import urllib.request

MAILHOST = sys.argv.pop(2)

from programs import PATIENCE, PROGRAMS, environment, wait_until  # noqa: E402  (takes the first argument)
from authorization_server import CLIENT, AuthorizationServer  # noqa: E402

ALICE = "alice@example.org"


class OAuth(unittest.TestCase):
    @classmethod
    def setUpClass(cls) -> None:
        cls.mailhost = subprocess.Popen([MAILHOST, "--auth", "oauth", "--user", ALICE + ":secret"], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(cls.mailhost.communicate)
        cls.host = json.loads(cls.mailhost.stdout.readline())
        cls.lock = threading.Lock()

    @classmethod
    def ask(cls, command: str, **words) -> dict:
        with cls.lock:
            cls.mailhost.stdin.write(json.dumps({"cmd": command} | words) + "\n")
            cls.mailhost.stdin.flush()
            answer = json.loads(cls.mailhost.stdout.readline())
        assert answer["ok"], answer
        return answer

    def setUp(self) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="coi-oauth-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.data = self.folder / "data"
        tls = pathlib.Path(self.host["dir"]) / "tls"
        self.server = AuthorizationServer(str(tls / "server.pem"), str(tls / "key.pem"), self.mint)
        self.addCleanup(self.server.close)
        self.trust = ssl.create_default_context(cafile=self.host["ca"])
        kept = {name: value for name, value in environment().items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
        self.environment = kept | {"XDG_CONFIG_HOME": str(self.folder / "config")}
        self.addCleanup(self.coi, "daemon", "stop")

    def mint(self, lifetime: float = 3600) -> str:
        return self.ask("token", user=ALICE, lifetime=lifetime)["token"]

    def coi(self, *words: str, text: str = "") -> subprocess.CompletedProcess:
        return subprocess.run([PROGRAMS / "coi", "--data", self.data, "--json", *words], input=text, text=True,
                              capture_output=True, timeout=PATIENCE, env=self.environment, check=False)

    def one(self, *words: str) -> dict:
        result = self.coi(*words)
        self.assertEqual((result.returncode, result.stderr), (0, ""), words)
        return json.loads(result.stdout)

    def servers(self) -> list[str]:
        return ["--imap", f"imaps://localhost:{self.host['imaps']}", "--smtp", f"smtps://localhost:{self.host['submissions']}",
                "--tls-ca", self.host["ca"]]

    def client(self) -> list[str]:
        return ["--oauth-issuer", self.server.issuer, "--client-id", CLIENT, "--scope", "mail"]

    def begin(self, *more: str, json_wanted: bool = True, addr: str = ALICE) -> subprocess.Popen:
        words = [PROGRAMS / "coi", "--data", self.data, *(["--json"] if json_wanted else []), "login", addr, *self.servers(),
                 "--oauth", *more]
        process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                   env=self.environment)
        timer = threading.Timer(PATIENCE, process.kill)
        timer.start()
        self.addCleanup(timer.cancel)
        self.addCleanup(process.communicate)
        return process

    def browse(self, url: str) -> str:
        with urllib.request.urlopen(url, context=self.trust, timeout=PATIENCE) as page:
            return page.read().decode()

    def log_in(self, *more: str) -> dict:
        process = self.begin(*self.client(), *more)
        step = json.loads(process.stderr.readline())
        if "code" not in step:
            self.browse(step["url"])
        out, err = process.communicate()
        self.assertEqual((process.returncode, err), (0, ""))
        return json.loads(out)

    def state(self) -> str:
        return self.one("status")["connection"]["state"]

    def online(self) -> None:
        wait_until(lambda: self.state() == "online", "it did not come online")

    def no_secret_in(self, text: str) -> None:
        for secret in self.server.secrets:
            self.assertNotIn(secret, text)

    def test_a_browser_on_this_machine(self) -> None:
        self.server.offers_device = False
        process = self.begin(*self.client())
        step = json.loads(process.stderr.readline())
        self.assertIn("/authorize?", step["url"])
        # Somebody else on this machine, who does not know the state, is not believed and does not end the login.
        redirect = urllib.parse.parse_qs(urllib.parse.urlsplit(step["url"]).query)["redirect_uri"][0]
        self.browse(redirect + "?code=mine&state=guessed")
        self.assertIn("close this page", self.browse(step["url"]))
        out, err = process.communicate()
        self.assertEqual((process.returncode, err), (0, ""))
        account = json.loads(out)
        self.assertEqual((account["addr"], account["auth"], account["secrets"]), (ALICE, "oauth", "file"))
        self.online()
        sent = self.one("send", ALICE, "to myself", "--wait")
        self.assertEqual(sent["state"], "sent")
        self.assertEqual(self.server.grants[0], "authorization_code")
        self.no_secret_in((self.data / "coid.log").read_text())
        [kept] = self.data.glob("accounts/*/account.json")
        self.no_secret_in(kept.read_text())
        self.assertEqual([oct(file.stat().st_mode & 0o777) for file in self.data.glob("accounts/*/secrets")], ["0o600"])

    def test_the_desktop_opens_the_page(self) -> None:
        (self.folder / "bin").mkdir()
        opener = self.folder / "bin/xdg-open"
        opener.write_text(f'#!/bin/sh\necho "$1" >{self.folder}/opening && mv {self.folder}/opening {self.folder}/opened\n')
        opener.chmod(0o755)
        self.environment |= {"DISPLAY": ":99", "PATH": f"{opener.parent}:{os.environ['PATH']}"}
        process = self.begin(*self.client(), json_wanted=False)
        shown = [process.stderr.readline().strip() for _ in range(2)][1]
        wait_until((self.folder / "opened").exists, "no browser was opened")
        self.assertEqual((self.folder / "opened").read_text().strip(), shown)
        self.browse(shown)
        out, _ = process.communicate()
        self.assertEqual(process.returncode, 0)
        self.assertIn("Logged in as alice@example.org.", out)
        self.assertIn("refresh token in a file", out)

    def test_another_device_where_there_is_no_display(self) -> None:
        self.server.device_answers = ["authorization_pending"]
        process = self.begin(*self.client(), json_wanted=False)
        line = process.stderr.readline()
        self.assertIn("ABCD-EFGH", line)
        self.assertIn(self.server.issuer + "/enter", line)
        process.communicate()
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.server.grants[:2], ["authorization_pending", "device_code"])
        self.online()

    def test_the_users_no(self) -> None:
        self.server.denied = True
        self.server.device_answers = ["access_denied"]
        for device in (True, False):
            self.server.offers_device = device
            process = self.begin(*self.client())
            step = json.loads(process.stderr.readline())
            if not device:
                self.browse(step["url"])
            out, err = process.communicate()
            self.assertEqual((process.returncode, out, json.loads(err)["error"]["kind"]), (4, "", "auth"))
        self.assertEqual(self.coi("accounts").stdout, "")

    def test_a_device_that_is_not_offered(self) -> None:
        self.server.offers_device = False
        process = self.begin(*self.client(), "--device")
        out, err = process.communicate()
        self.assertEqual((process.returncode, out, json.loads(err)["error"]["kind"]), (1, "", "invalid"))

    def test_clients_of_the_users_list_and_logging_in_again(self) -> None:
        config = self.folder / "config/coi/oauth.json"
        config.parent.mkdir(parents=True)
        config.write_text(json.dumps({"clients": [{"domains": ["example.org"], "issuer": self.server.issuer,
                                                   "client_id": CLIENT, "scope": "mail"}]}))
        for _ in range(2):
            process = self.begin()
            process.communicate()
            self.assertEqual(process.returncode, 0)
            config.unlink(missing_ok=True)  # the account remembers its client
        self.online()
        self.assertEqual(self.server.grants.count("device_code"), 2)

    def test_a_token_is_renewed_before_its_end(self) -> None:
        self.server.lifetime = 1
        self.log_in()
        self.online()
        before = len(self.server.grants)
        self.ask("kill-connections")
        wait_until(lambda: len(self.server.grants) > before, "no new token was asked for")
        self.online()
        self.assertEqual(set(self.server.grants[1:]), {"refresh_token"})

    def test_a_token_that_the_mail_server_refuses_is_renewed_once(self) -> None:
        self.log_in()
        self.online()
        self.assertEqual(self.server.grants, ["device_code", "refresh_token"])
        # The next one has ended when it is shown, whatever the server said of it; the one after is good.
        self.coi("daemon", "stop")
        lifetimes = [3600, -60]
        self.server.mint = lambda: self.mint(lifetimes.pop())
        self.online()
        self.assertEqual(self.server.grants, ["device_code"] + ["refresh_token"] * 3)

    def test_a_new_start_uses_the_newest_refresh_token_and_the_clients_secret(self) -> None:
        self.server.client_secret = "of the client"
        secret = self.folder / "client-secret"
        secret.write_text(self.server.client_secret + "\n")
        self.log_in("--client-secret-file", str(secret))
        secret.unlink()
        self.online()
        for _ in range(2):
            self.coi("daemon", "stop")
            self.online()
        self.assertEqual(self.server.grants, ["device_code"] + ["refresh_token"] * 3)
        [kept] = self.data.glob("accounts/*/account.json")
        self.assertNotIn("of the client", kept.read_text())

    def test_a_grant_that_was_taken_back(self) -> None:
        self.server.lifetime = 1
        self.log_in()
        self.online()
        self.server.revoke()
        self.ask("kill-connections")
        wait_until(lambda: self.state() == "rejected", "it was not told")
        connection = self.one("status")["connection"]
        self.assertIn("invalid_grant", connection["problem"])
        self.assertIn(f"coi login {ALICE} --oauth", connection["hint"])
        for _ in range(3):
            result = self.coi("sync", "--wait")
            self.assertEqual((result.returncode, json.loads(result.stderr)["error"]["kind"]), (4, "auth"))
            self.one("send", ALICE, "it waits")
        self.assertEqual(self.server.grants.count("invalid_grant"), 1, "the provider is asked once")
        self.log_in()
        self.online()
        self.no_secret_in((self.data / "coid.log").read_text())

    def test_a_password_where_none_is_taken(self) -> None:
        result = self.coi("login", ALICE, *self.servers(), "--password-stdin", text="secret\n")
        error = json.loads(result.stderr)["error"]
        self.assertEqual((result.returncode, result.stdout, error["kind"]), (4, "", "needs_oauth"))
        self.assertIn("--oauth", error["hint"])

    def test_what_is_missing_or_not_safe(self) -> None:
        for words, kind, hint in ((["--oauth-issuer", "http://login.example.org", "--client-id", "x"], "not_allowed", ""),
                                  ([], "invalid", "--oauth-issuer"),
                                  (["--oauth-issuer", self.server.issuer], "invalid", "--client-id")):
            with self.subTest(words):
                process = self.begin(*words)
                out, err = process.communicate()
                error = json.loads(err)["error"]
                self.assertEqual((process.returncode, out, error["kind"]), (1, "", kind))
                self.assertIn(hint, error["hint"])

    def test_a_login_that_nobody_waits_for_makes_room(self) -> None:
        self.server.offers_device = False
        process = self.begin(*self.client())
        process.stderr.readline()
        process.kill()
        self.assertEqual(self.log_in()["auth"], "oauth")

    def test_a_login_that_waits_is_in_nobodys_way(self) -> None:
        """ctrl-C ends it, and its page."""
        self.server.offers_device = False
        self.log_in()
        waiting = [self.begin(*self.client(), addr=f"{name}@example.org") for name in ("bob", "carol")]
        pages = [json.loads(process.stderr.readline())["url"] for process in waiting]
        began = time.monotonic()
        self.assertEqual(self.one("send", ALICE, "meanwhile", "--wait")["state"], "sent")
        self.assertEqual(self.one("settings", "name", "Alice")["name"], "Alice")
        self.assertEqual(self.log_in()["auth"], "oauth")
        self.assertLess(time.monotonic() - began, PATIENCE / 2)
        for process, page in zip(waiting, pages):
            process.send_signal(signal.SIGINT)
            self.assertEqual(process.wait(PATIENCE), -signal.SIGINT)
            redirect = urllib.parse.parse_qs(urllib.parse.urlsplit(page).query)["redirect_uri"][0]
            port = urllib.parse.urlsplit(redirect).port
            wait_until(lambda: self.is_refused(port), "its page still listens")

    def test_a_login_that_waits_gives_way_to_the_next_to_the_same_address(self) -> None:
        self.server.offers_device = False
        for other in (self.log_in, lambda: self.one("settings", "name", "Alice"), lambda: self.one("login", ALICE, *self.servers(),
                      "--token-command", f"echo {self.mint()}"), lambda: self.coi("logout", ALICE)):
            process = self.begin(*self.client())
            process.stderr.readline()
            other()
            out, err = process.communicate()
            error = json.loads(err)["error"]
            self.assertEqual((process.returncode, out, error["kind"]), (1, "", "cancelled"))
            self.assertIn("another command about alice@example.org came", error["text"])

    def test_a_login_whose_page_is_done_gives_way_to_nobody(self) -> None:
        self.server.offers_device = False
        self.log_in()
        asked, may_answer = threading.Event(), threading.Event()

        def mint() -> str:
            asked.set()
            may_answer.wait(PATIENCE)
            return self.mint()

        self.server.mint = mint
        process = self.begin(*self.client())
        self.browse(json.loads(process.stderr.readline())["url"])
        self.assertTrue(asked.wait(PATIENCE), "the token is not fetched")
        with subprocess.Popen([PROGRAMS / "coi", "--data", self.data, "rpc"], text=True, stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, env=self.environment) as other:
            for number, method, params in ((1, "use", {"account": ALICE}), (2, "version", {})):
                other.stdin.write(json.dumps({"jsonrpc": "2.0", "id": number, "method": method, "params": params}) + "\n")
            other.stdin.flush()
            self.assertEqual(json.loads(other.stdout.readline())["id"], 2, "use has to wait")
            may_answer.set()
            out, err = process.communicate()
            self.assertEqual((process.returncode, err, json.loads(out or "{}").get("addr")), (0, "", ALICE))
            self.assertIn("result", json.loads(other.stdout.readline()))
            other.communicate()

    def is_refused(self, port: int) -> bool:
        with socket.socket() as client:
            return client.connect_ex(("127.0.0.1", port)) == errno.ECONNREFUSED

    def test_a_token_command_runs_again_on_expiry(self) -> None:
        runs, token = self.folder / "runs", self.folder / "token"
        token.write_text(self.mint(lifetime=3))
        result = self.coi("login", ALICE, *self.servers(), "--token-command", f"echo run >>{runs}; cat {token}")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.online()
        before = len(runs.read_text().splitlines())
        token.write_text(self.mint())
        deadline = time.monotonic() + PATIENCE
        while len(runs.read_text().splitlines()) == before and time.monotonic() < deadline:
            self.ask("kill-connections")
            self.online()
        self.assertEqual(len(runs.read_text().splitlines()), before + 1)
        self.online()


if __name__ == "__main__":
    unittest.main()
