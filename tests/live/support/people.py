"""A private mail server and people with a coid each, for the tests that handle the programs as a user does."""
import json
import os
import pathlib
import socket
import subprocess
import time

PASSWORD = "secret"
PATIENCE = float(os.environ.get("COI_TEST_PATIENCE", 150))  # seconds; an unanswered DATA is tried again after one minute


class Mailhost:
    def __init__(self, program, *users, options=()):
        words = [word for user in users for word in ("--user", f"{user}:{PASSWORD}")]
        self.process = subprocess.Popen([program, *words, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.ready = json.loads(self.process.stdout.readline())

    def command(self, cmd, **words):
        self.process.stdin.write(json.dumps({"cmd": cmd, **words}) + "\n")
        self.process.stdin.flush()
        answer = json.loads(self.process.stdout.readline())
        assert answer["ok"], answer
        return answer

    def copies(self, user, mailbox, header):
        """How many mails with that Message-ID lie in the mailbox."""
        answer = self.command("doveadm", args=["search", "-u", user, "mailbox", mailbox, "header", "Message-ID", header])
        return len(answer["stdout"].splitlines())

    def stop(self):
        self.process.stdin.close()
        self.process.wait()


class Refused(Exception):
    """An error object of the interface: kind, text, hint."""

    def __init__(self, error):
        super().__init__(error["message"])
        self.kind = error.get("data", {}).get("kind", "")
        self.text = error["message"]
        self.hint = error.get("data", {}).get("hint", "")


class Connection:
    """A front end: JSON-RPC over the daemon's socket, and patience for events."""

    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.connect(str(path))
        self.unread = b""
        self.last_id = 0
        self.news = False  # an event came that nobody has looked at

    def close(self):
        self.socket.close()

    def read(self, deadline):
        while b"\n" not in self.unread:
            self.socket.settimeout(max(deadline - time.monotonic(), 0.001))
            chunk = self.socket.recv(1 << 20)
            if not chunk:
                raise ConnectionError("the daemon hung up")
            self.unread += chunk
        line, _, self.unread = self.unread.partition(b"\n")
        return json.loads(line)

    def call(self, method, **params):
        self.last_id += 1
        request = {"jsonrpc": "2.0", "id": self.last_id, "method": method, "params": params}
        self.socket.settimeout(PATIENCE)
        self.socket.sendall(json.dumps(request).encode() + b"\n")
        deadline = time.monotonic() + PATIENCE
        while True:
            answer = self.read(deadline)
            self.news = self.news or answer.get("method") == "event"
            if answer.get("id") == self.last_id:
                if "error" in answer:
                    raise Refused(answer["error"])
                return answer["result"]

    def wait_until(self, ready, what, patience=PATIENCE):
        """Looks at the start and after each event; `ready` gives what is wanted, or something false."""
        self.call("subscribe")
        deadline = time.monotonic() + patience
        while True:
            self.news = False
            found = ready()
            if found:
                return found
            try:
                # What came while `ready` asked may have missed its answer.
                while not self.news:
                    self.news = self.read(deadline).get("method") == "event"
            except TimeoutError:
                raise AssertionError(f"waited in vain: {what}") from None


class Person:
    """A data directory of one account, and the coid that serves it."""

    def __init__(self, programs, host, addr, data, log_in=True):
        self.programs, self.host, self.addr, self.data, self.daemon = pathlib.Path(programs), host, addr, pathlib.Path(data), None
        # The socket lies in the data directory, and no desktop's keyring is asked.
        kept = {name: value for name, value in os.environ.items() if name not in ("COI_DATA", "XDG_RUNTIME_DIR", "XDG_DATA_HOME")}
        self.environment = kept | {"DBUS_SESSION_BUS_ADDRESS": "disabled:"}
        if log_in:
            self.start()
            self.log_in()

    def log_in(self):
        return self.coi("login", self.addr, "--name", self.addr.split("@")[0].title(),
                        "--imap", f"imaps://127.0.0.1:{self.host.ready['imaps']}",
                        "--smtp", f"smtps://127.0.0.1:{self.host.ready['submissions']}",
                        "--password-stdin", "--tls-ca", self.host.ready["ca"], given=PASSWORD + "\n")

    def start(self, *options, expect="", **environment):
        """Starts the daemon and waits until it serves, or has said why it does not."""
        read, write = os.pipe()
        self.daemon = subprocess.Popen([self.programs / "coid", "--data", self.data, "--ready-fd", str(write), *options],
                                       pass_fds=[write], env=self.environment | environment, stderr=subprocess.DEVNULL)
        os.close(write)
        with os.fdopen(read) as ready:
            said = ready.readline().strip()
        if expect is not None:
            assert said == expect, said
        return said

    def start_unless_running(self):
        """After a crash a command of coi may have started the next daemon by itself."""
        said = self.start(expect=None)
        assert said == "" or json.loads(said)["kind"] == "locked", said

    def stop(self):
        if self.daemon and self.daemon.poll() is None:
            self.daemon.terminate()
            self.daemon.wait(timeout=30)

    def clean_up(self):
        """Ends the daemon, and the one that coi may have started after it died."""
        self.stop()
        subprocess.run([self.programs / "coi", "--data", self.data, "daemon", "stop"], env=self.environment,
                       capture_output=True, timeout=PATIENCE, check=False)

    def run(self, *words, given=None):
        return subprocess.run([self.programs / "coi", "--data", self.data, "--json", *words], input=given, text=True,
                              capture_output=True, timeout=PATIENCE, env=self.environment)

    def coi(self, *words, given=None, check=True):
        done = self.run(*words, given=given)
        if check and done.returncode != 0:
            raise AssertionError(f"coi {' '.join(words)}: {done.returncode} {done.stderr}")
        return [json.loads(line) for line in done.stdout.splitlines()]

    def connect(self):
        return Connection(self.data / "coid.sock")

    def messages(self, other, last=1000, check=True):
        return self.coi("read", other, "--last", str(last), check=check)

    def texts(self, other, outgoing=False):
        """In the order of the chat; none when there is no chat yet."""
        return [message["text"] for message in self.messages(other, check=False) if message["outgoing"] == outgoing]

    def wait_until(self, ready, what, patience=PATIENCE):
        connection = self.connect()
        try:
            return connection.wait_until(ready, what, patience)
        finally:
            connection.close()
