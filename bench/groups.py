"""Groups: a mailbox full of their mail, what front ends ask for there, and a message to fifty people."""

import shutil
import time
from collections.abc import Callable

import corpus
from corpus_groups import GroupMails, Known
from daemon import Daemon
from filled import peer_filled
from lab import CAROL, DAVE, SETTLE, Lab
from peer import Peer
from report import Figure, Goal
from submission_tap import Submission, SubmissionTap

MEMBERS = 50
SENDER = "judy@example.org"
MOST = 1000  # that a list gives at once


def fill(lab: Lab, name: str, count: int, albums: bool) -> tuple[str, GroupMails]:
    address = lab.host.add_user(f"{name}@example.org")
    mails = GroupMails(count, address, albums)
    lab.host.fill(address, mails)
    return address, mails


def read_known(daemon: Daemon) -> Known:
    """What a device knows, asked as a front end asks."""
    known = Known()
    for chat in daemon.rpc.call("chats", most=MOST)["chats"]:
        if chat["kind"] != "group":
            continue
        members = daemon.rpc.call("chat", chat=chat["id"])["chat"]["members"]
        known.members[chat["name"]] = {member["addr"] for member in members}
        place: dict[str, object] = {}
        while True:
            page = daemon.rpc.call("messages", chat=chat["id"], most=MOST, **place)
            for message in page["messages"]:
                known.messages += 1
                known.answers += "reply_to" in message
                known.albums += len(message["attachments"]) > 1
                known.edited += message["edited"]
                known.reactions += sum(len(reaction["from"]) for reaction in message["reactions"])
                known.read += sum(recipient["state"] == "read" for recipient in message["recipients"])
            if not page["more_before"]:
                break
            place = {"before": page["messages"][0]["id"]}
    return known


def check(daemon: Daemon, mails: GroupMails) -> None:
    """A device that did not understand the mails is fast, too."""
    known = read_known(daemon)
    wrong = [f"{name}: {getattr(known, name)}, not {value}" for name, value in vars(mails.known).items()
             if name != "members" and getattr(known, name) != value]
    wrong += [f"the group {name!r} has {len(known.members.get(name, ()))} members, not {len(members)}"
              for name, members in mails.known.members.items() if known.members.get(name) != members]
    if wrong:
        raise RuntimeError("the mails of groups were not understood: " + "; ".join(wrong[:10]))


def ingesting(lab: Lab) -> list[Figure]:
    count = 10_000
    groups = Figure(f"ingest groups {count}", "mails/s", f"a new device on {count} mails of 50 groups without files, from "
                    "login until all are stored, with what is said about messages; floor: one FETCH of the inbox by the "
                    "bare client")
    plain = Figure(f"ingest plain {count}, beside groups", "mails/s", "the same of plain mails, in turn with those of "
                   "groups")
    ratio = Figure(f"ingest groups {count} to plain", "ratio", "the rate of the mails of groups to that of plain ones, "
                   "by pairs", goal=Goal("p50", 0.5, at_least=True))
    address, mails = fill(lab, "groups", count, albums=False)
    plain_address = lab.mailbox("beside-groups", corpus.plain, count)
    with lab.instrument() as instrument:
        instrument.do("bare-fetch", addr=address)
        instrument.do("bare-fetch", addr=plain_address)
        for run in range(lab.runs(10, 3)):
            for figure, where, expected in ((plain, plain_address, count), (groups, address, mails.known.messages)):
                bare = instrument.do("bare-fetch", addr=where)
                figure.floor.append(bare["mails"] / bare["ms"] * 1000)
                data = lab.folder / f"ingest-{figure.name.replace(' ', '-')}-{run}"
                took = instrument.do("ingest", addr=where, data=str(data), expect=expected)["everything_ms"]
                figure.ours.append(count / took * 1000)
                if figure is groups and run == 0:
                    with Daemon(lab.coid, data) as daemon:
                        check(daemon, mails)
                shutil.rmtree(data)
            ratio.ours.append(groups.ours[-1] / plain.ours[-1])
    groups.more = {"messages": mails.known.messages, "reactions": mails.known.reactions, "edits": mails.known.edited,
                   "receipts": mails.known.read}
    if lab.peer:
        groups.peer = [peer_fill(lab, "peer-groups", count, albums=False)]
    return [groups, plain, ratio]


def peer_fill(lab: Lab, name: str, count: int, albums: bool) -> float:
    """Only what lies in the inbox counts: it looks nowhere else."""
    mails = GroupMails(count, f"{name}@example.org", albums)
    return peer_filled(lab, name, mails, lambda: mails.inbox)


def listing(lab: Lab) -> list[Figure]:
    figures = []
    for count in (10_000,) if lab.quick else (10_000, 100_000):
        address, mails = fill(lab, f"list-groups{count}", count, albums=True)
        data = lab.folder / f"list-groups{count}"
        with lab.instrument() as instrument:
            instrument.do("ingest", addr=address, data=str(data), expect=mails.known.messages)
        chats = Figure(f"chat list groups {count}", "ms", f"the 50 groups of {count} mails, each with its first members, over "
                       "the socket", goal=Goal("p50", 2))
        page = Figure(f"page groups {count}", "ms", f"50 messages of a group with reactions, quotes and albums in {count} "
                      "mails, over the socket", goal=Goal("p50", 2))
        with Daemon(lab.coid, data) as daemon:
            daemon.wait_until_online()
            check(daemon, mails)
            group = next(chat["id"] for chat in daemon.rpc.call("chats", most=MOST)["chats"]
                         if chat["name"] == mails.busiest)
            for _ in range(lab.runs(200, 50)):
                for figure, method, params in ((chats, "chats", {"most": 50}),
                                               (page, "messages", {"chat": group, "most": 50})):
                    result, took = daemon.rpc.timed(method, **params)
                    figure.ours.append(took)
                    figure.more["answers"] = len(result[method])
        page.more |= contents(result["messages"])
        if lab.peer and count == 10_000:
            ask_peer(lab, chats, page, mails.busiest)
        figures += [chats, page]
    return figures


def contents(messages: list[dict]) -> dict[str, int]:
    """What the page is made of; one without any of it would measure nothing."""
    found = {"reactions": sum(len(reaction["from"]) for message in messages for reaction in message["reactions"]),
             "quotes": sum("reply_to" in message for message in messages),
             "albums": sum(len(message["attachments"]) > 1 for message in messages)}
    if not all(found.values()):
        raise RuntimeError(f"the page lacks something: {found}")
    return found


def ask_peer(lab: Lab, chats: Figure, page: Figure, group: str) -> None:
    peer_fill(lab, "peer-list-groups", 10_000, albums=True)
    peer = Peer(lab.peer, lab.folder / "peer" / "peer-list-groups@example.org")
    ask, me = peer.rpc, peer.id
    entries = ask.call("get_chatlist_entries", me, None, None, None)
    known = ask.call("get_chatlist_items_by_entries", me, entries)
    chat = next(int(id) for id, item in known.items() if item.get("name") == group)
    page.more["peer_chats"] = len(entries)
    page.more["peer_messages"] = len(ask.call("get_message_ids", me, chat, False, False))
    if page.more["peer_messages"] < 50:
        raise RuntimeError(f"the peer knows {page.more['peer_messages']} messages of {group}")

    def chat_list() -> None:
        ask.call("get_chatlist_items_by_entries", me, ask.call("get_chatlist_entries", me, None, None, None)[:50])

    def last_50() -> None:
        ask.call("get_messages", me, ask.call("get_message_ids", me, chat, False, False)[-50:])

    for _ in range(lab.runs(50, 10)):
        for figure, question in ((chats, chat_list), (page, last_50)):
            begun = time.perf_counter()
            question()
            figure.peer.append((time.perf_counter() - begun) * 1000)
    peer.close()


def to_fifty(lab: Lab) -> list[Figure]:
    spread = Figure(f"group message to {MEMBERS}", "ms", "from the first recipient accepted by the submission server to the "
                    "last; floor: one mail of the bare client to the same", goal=Goal("difference", 5))
    whole = Figure(f"group message to {MEMBERS}, whole", "ms", "the same from MAIL until the mail is accepted")
    members = [lab.host.add_user(f"member{number}@example.net") for number in range(MEMBERS)]
    for address in (CAROL, DAVE, SENDER):
        lab.host.add_user(address)
    tap = SubmissionTap(lab.host.ready["submissions"], lab.host.tls)
    with lab.instrument() as instrument:
        instrument.do("open-bare", **{"from": CAROL, "to": DAVE}, smtp=tap.url)
        instrument.do("open-device", device=SENDER, data=lab.place("to-fifty"))
        instrument.do("log-in", device=SENDER, addr=SENDER, smtp=tap.url)
        chat = instrument.do("create-group", device=SENDER, name="Fifty", members=members)["chat"]
        send = {"floor": lambda: instrument.do("bare-to-many", to=members),
                "ours": lambda: instrument.do("group-message", device=SENDER, chat=chat)}
        for role in send:  # the first one tells of the group, and opens the connection
            seen(tap, send[role])
        for _ in range(lab.runs(50, 10)):
            for role in send:
                time.sleep(SETTLE)
                submissions = seen(tap, send[role])
                getattr(spread, role).append(submissions[0].spread_ms())
                getattr(whole, role).append(submissions[0].whole_ms())
        instrument.do("close-bare")
        instrument.do("close-device", device=SENDER)
    spread.more["mails"] = 1  # of each submission, or seen() fails
    return [spread, whole]


def seen(tap: SubmissionTap, send: Callable[[], object]) -> list[Submission]:
    """What passed, which is to be one mail to all."""
    tap.take()
    send()
    submissions = tap.take()
    counts = [(one.recipients, len(one.accepted), one.bodies) for one in submissions]
    if counts != [(MEMBERS, MEMBERS, 1)]:
        raise RuntimeError(f"on the wire: recipients, accepted, bodies of each mail: {counts}")
    return submissions
