"""What front ends ask for, over the socket of the daemon."""

import time

import corpus
from daemon import Daemon
from lab import Lab
from filled import peer_ingest
from peer import Peer
from report import Figure, Goal


def asking(lab: Lab) -> list[Figure]:
    figures = ask_about(lab, 10_000, search_goal=Goal("p50", 2))
    if not lab.quick:
        large = ask_about(lab, 100_000, search_goal=Goal("p50", 5))
        figures += [figure for figure in large if figure.name.startswith("search")]
    return figures


def ask_about(lab: Lab, count: int, search_goal: Goal) -> list[Figure]:
    address = lab.mailbox(f"ask{count}", corpus.plain, count)
    data = lab.folder / f"ask{count}"
    with lab.instrument() as instrument:
        instrument.do("ingest", addr=address, data=str(data), expect=count)
    everywhere, rare = corpus.EVERYWHERE, corpus.word_of(count // 2)
    busiest = corpus.person(5)
    figures = [
        Figure("chat list", "ms", "the first 50 chats, more than a window shows, over the socket", goal=Goal("p50", 2)),
        Figure("chat list 200", "ms", "all 200 chats over the socket"),
        Figure("last 50", "ms", "the last 50 messages of a chat over the socket", goal=Goal("p50", 2)),
        Figure(f"search rare {count}", "ms", f"a word of one mail in {count}, over the socket", goal=search_goal),
        Figure(f"search common {count}", "ms", f"a word of all {count} mails, first 20 hits, over the socket",
               goal=search_goal)]
    chats, all_chats, last, search_rare, search_common = figures
    with Daemon(lab.coid, data) as daemon:
        daemon.wait_until_online()
        for _ in range(lab.runs(200, 50)):
            for figure, method, params in (
                    (chats, "chats", {"most": 50}), (all_chats, "chats", {"most": 1000}), (last, "messages", {"chat": busiest, "most": 50}),
                    (search_rare, "search", {"words": rare}), (search_common, "search", {"words": everywhere})):
                result, took = daemon.rpc.timed(method, **params)
                figure.ours.append(took)
                figure.more["answers"] = len(result[{"chats": "chats"}.get(method, "messages")])
    if lab.peer and count == 10_000:
        ask_peer(lab, figures, (busiest, rare, everywhere), count)
    return figures


def listing(lab: Lab) -> list[Figure]:
    """What a window shows, in mailboxes as people have them."""
    figures = []
    for count in (10_000,) if lab.quick else (10_000, 100_000):
        address = lab.mailbox(f"list{count}", corpus.lively, count)
        data = lab.folder / f"list{count}"
        with lab.instrument() as instrument:
            instrument.do("ingest", addr=address, data=str(data), expect=corpus.messages_in(corpus.lively(count, address)))
        chats = Figure(f"chat list lively {count}", "ms", f"the first 50 chats of {count} mixed mails, over the socket",
                       goal=Goal("p50", 2))
        page = Figure(f"page lively {count}", "ms", f"50 messages with reactions, quotes and albums in {count} mixed "
                      "mails, over the socket", goal=Goal("p50", 2))
        with Daemon(lab.coid, data) as daemon:
            daemon.wait_until_online()
            for _ in range(lab.runs(200, 50)):
                for figure, method, params in ((chats, "chats", {"most": 50}),
                                               (page, "messages", {"chat": corpus.person(5), "most": 50})):
                    result, took = daemon.rpc.timed(method, **params)
                    figure.ours.append(took)
                    figure.more["answers"] = len(result[method])
        figures += [chats, page]
    return figures


def ask_peer(lab: Lab, figures: list[Figure], words: tuple[str, str, str], count: int) -> None:
    peer_ingest(lab, "peer-ask", corpus.plain, count)
    peer = Peer(lab.peer, lab.folder / "peer" / "peer-ask@example.org")
    ask, me = peer.rpc, peer.id
    busiest, rare, everywhere = words
    chat = peer.chat_with(busiest)

    def chat_list(most: int | None) -> None:
        ask.call("get_chatlist_items_by_entries", me, ask.call("get_chatlist_entries", me, None, None, None)[:most])

    def last_50() -> None:
        ask.call("get_messages", me, ask.call("get_message_ids", me, chat, False, False)[-50:])

    def search(word: str) -> None:
        ask.call("message_ids_to_search_results", me, ask.call("search_messages", me, word, None)[:20])

    for _ in range(lab.runs(50, 10)):
        for figure, question in zip(figures, (lambda: chat_list(50), lambda: chat_list(None), last_50,
                                              lambda: search(rare), lambda: search(everywhere))):
            begun = time.perf_counter()
            question()
            figure.peer.append((time.perf_counter() - begun) * 1000)
    peer.close()
