"""coid as a front end meets it: a process and its socket."""

import pathlib
import subprocess
import time

from rpc import Rpc

PASSWORD = "secret"
START_SECONDS = 20.0


class Daemon:
    def __init__(self, program: pathlib.Path, data: pathlib.Path):
        data.parent.mkdir(parents=True, exist_ok=True)
        self._socket = data.parent / f"{data.name}.sock"
        self._process = subprocess.Popen([program, "--data", data, "--socket", self._socket], stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self.rpc = Rpc.over_socket(str(self._socket))
                return
            except OSError:
                if time.monotonic() > deadline or self._process.poll() is not None:
                    raise
                time.sleep(0.01)

    def __enter__(self) -> "Daemon":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def log_in(self, addr: str, imap: str, smtp: str, ca: str) -> None:
        self.rpc.call("login", addr=addr, imap=imap, smtp=smtp, tls_ca=ca, password=PASSWORD, secrets="file")

    def wait_until_online(self, account: str = "") -> None:
        deadline = time.monotonic() + START_SECONDS
        while self.rpc.call("status", account=account)["connection"]["state"] != "online":
            if time.monotonic() > deadline:
                raise RuntimeError(f"{account} does not come online")
            time.sleep(0.05)

    def memory(self) -> dict[str, float]:
        """MB of the process: pages that are its own and written to, and all that it has in memory."""
        kilobytes = {}
        for line in pathlib.Path(f"/proc/{self._process.pid}/smaps_rollup").read_text().splitlines()[1:]:
            name, value, *_ = line.split()
            kilobytes[name.rstrip(":")] = int(value)
        return {"private_dirty": kilobytes["Private_Dirty"] / 1024, "rss": kilobytes["Rss"] / 1024}
