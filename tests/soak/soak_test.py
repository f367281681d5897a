#!/usr/bin/env python3
"""Two devices of Alice and one of Bob, who do at random what people do, while links drop, servers stop and daemons are
killed. At the end all devices agree, with each other and with what was written; memory and descriptors have not grown.

usage: soak_test.py BIN MAILHOST SECONDS [SEED]
"""
import pathlib
import random
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "live" / "support"))
from people import Mailhost, Person  # noqa: E402

BIN, MAILHOST, SECONDS = sys.argv[1], sys.argv[2], float(sys.argv[3])
SEED = sys.argv[4] if len(sys.argv) > 4 else str(time.time_ns())
ALICE, BOB = "alice@example.org", "bob@example.net"
MOST_GROWTH_KB = 4_000   # private dirty memory over the second half: the clean pages are the mapped database
MOST_MORE_FILES = 6
PAGE = 1000               # as many messages as the daemon gives at once


class Device:
    def __init__(self, person, other):
        self.person, self.other, self.front = person, other, None
        self.accepted = {}  # text: second of sending
        self.start()

    def start(self):
        if not self.person.daemon or self.person.daemon.poll() is not None:
            self.person.start()
        self.front = self.person.connect()

    def call(self, method, **params):
        return self.front.call(method, **params)

    def send(self, text):
        message = self.call("send_message", chat=self.other, text=text)["message"]
        self.accepted[text] = message["sort"] // 1000

    def messages(self):
        page = found = self.call("messages", chat=self.other, most=PAGE)["messages"]
        while len(page) == PAGE:
            page = self.call("messages", chat=self.other, most=PAGE, before=page[0]["id"])["messages"]
            found = page + found
        return found

    def unread(self):
        return sum(chat["unread"] for chat in self.call("chats")["chats"])

    def restart(self, kill):
        self.front.close()
        if kill:
            self.person.daemon.kill()
            self.person.daemon.wait()
        else:
            self.person.stop()
        self.start()

    def usage(self):
        """Private dirty memory in kB and open descriptors."""
        process = pathlib.Path("/proc") / str(self.person.daemon.pid)
        sizes = [int(line.split()[1]) for line in (process / "smaps_rollup").read_text().splitlines() if line.startswith("Private_Dirty")]
        return sum(sizes), len(list((process / "fd").iterdir()))


class Soak:
    def __init__(self, folder):
        self.random = random.Random(SEED)
        self.host = Mailhost(MAILHOST, ALICE, BOB)
        self.folder, self.devices = pathlib.Path(folder), []
        self.down = set()
        self.keep_daemons = False
        self.done = {}

    def device(self, name, addr, other):
        person = Person(BIN, self.host, addr, self.folder / name, log_in=False)
        person.start()
        person.log_in()
        self.devices.append(Device(person, other))
        return self.devices[-1]

    # ---- what happens ----
    def send(self):
        device = self.random.choice(self.devices)
        words = " ".join(self.random.choices("one two three été größer 漢字 🙂 long".split(), k=self.random.randint(1, 200)))
        device.send(f"{len(device.accepted)} of {device.person.data.name}: {words}")

    def read(self):
        device = self.random.choice(self.devices)
        found = device.messages()
        if found:
            device.call("seen", chat=device.other)

    def search(self):
        self.random.choice(self.devices).call("search", words=self.random.choice(["größer", "three", "漢字"]))

    def drop_links(self):
        self.host.command("kill-connections")

    def stop_or_start_a_server(self):
        service = self.random.choice(["imap", "submission"])
        if service in self.down:
            self.host.command(f"start-{service}")
            self.down.remove(service)
            for device in self.devices:
                device.call("network_changed")
        else:
            self.host.command(f"stop-{service}")
            self.down.add(service)

    def restart_a_device(self):
        if not self.keep_daemons:
            self.random.choice(self.devices).restart(kill=self.random.random() < 0.5)

    def step(self):
        acts = {self.send: 60, self.read: 15, self.search: 10, self.drop_links: 3, self.stop_or_start_a_server: 4, self.restart_a_device: 1}
        act = self.random.choices(list(acts), list(acts.values()))[0]
        self.done[act.__name__] = self.done.get(act.__name__, 0) + 1
        act()
        # The pace of a lively chat; a pause is part of what happens here, nothing waits by it.
        time.sleep(self.random.uniform(0, 0.3))

    # ---- how it ends ----
    def settle(self):
        for service in sorted(self.down):
            self.host.command(f"start-{service}")
        self.down.clear()
        for device in self.devices:
            device.call("network_changed")
        # A mail that a server turned away several times waits many minutes (chat::retry_pause).
        everything = set(self.written())
        for device in self.devices:
            try:
                device.front.wait_until(lambda: not self.missing(device, everything), "everything", patience=1500)
            except AssertionError:
                missing = self.missing(device, everything)
                connection = device.call("status")["connection"]
                raise AssertionError(f"{device.person.data.name} misses {missing}; {connection}") from None
        for device in self.devices:
            device.call("seen", chat=device.other)
        for device in self.devices:
            device.call("sync")
        for device in self.devices:
            device.front.wait_until(lambda: device.unread() == 0, "all is read")

    @staticmethod
    def missing(device, everything):
        """The beginnings of what is not there, and of what is not sent."""
        messages = device.messages()
        unsent = [f"{message['text'][:30]}: {message['state']} {message.get('recipients')}" for message in messages
                  if message["outgoing"] and message["state"] not in ("sent", "read")]
        return sorted(text[:30] for text in everything - {message["text"] for message in messages}) + unsent

    def written(self):
        return [text for device in self.devices for text in device.accepted]

    def compare(self):
        written = {text: second for device in self.devices for text, second in device.accepted.items()}
        agreed = None
        for device in self.devices:
            name, messages = device.person.data.name, device.messages()
            assert sorted(message["text"] for message in messages) == sorted(written), f"{name} differs from what was written"
            # A mail's Date knows whole seconds; what two wrote within one may stand either way, but for all alike.
            seconds = [written[message["text"]] for message in messages]
            assert seconds == sorted(seconds), f"{name} has another order"
            mine = sorted((message["sort"], message["rfc_id"], message["text"]) for message in messages)
            agreed = agreed or mine
            assert mine == agreed, f"{name} differs from {self.devices[0].person.data.name}"

    def run(self):
        for name, addr, other in (("laptop", ALICE, BOB), ("desktop", ALICE, BOB), ("bob", BOB, ALICE)):
            self.device(name, addr, other)
        self.devices[0].send("hello")
        self.devices[2].front.wait_until(lambda: self.devices[2].call("chats", requests=True)["chats"] or
                                         self.devices[2].call("chats")["chats"], "the first message")
        self.devices[2].send("hello yourself")
        for device in self.devices:
            device.front.wait_until(lambda: device.call("chats")["chats"] and len(device.messages()) == 2, "both know each other")
        self.live_on(SECONDS / 2)
        # From here on the daemons stay, so that what grows can be seen; all that they keep warm is there already.
        self.keep_daemons = True
        self.live_on(SECONDS / 8)
        self.settle()
        half = [device.usage() for device in self.devices]
        self.live_on(SECONDS * 3 / 8)
        self.settle()
        self.compare()
        for device, (memory, files) in zip(self.devices, half):
            memory_now, files_now = device.usage()
            print(f"{device.person.data.name}: {memory} kB, {files} files at the half; {memory_now} kB, {files_now} files at the end")
            assert memory_now < memory + MOST_GROWTH_KB, "memory grows"
            assert files_now <= files + MOST_MORE_FILES, "descriptors grow"
        print(f"{len(self.written())} messages; {self.done}")

    def live_on(self, seconds):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.step()

    def stop(self):
        for device in self.devices:
            device.person.clean_up()
        self.host.stop()


def main():
    print(f"seed {SEED}", flush=True)
    with tempfile.TemporaryDirectory(prefix="coi-soak-") as folder:
        soak = Soak(folder)
        try:
            soak.run()
        finally:
            soak.stop()


main()
