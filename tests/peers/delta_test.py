#!/usr/bin/python3
"""coi and Delta Chat's core write to each other over real servers.
Usage: delta_test.py DIRECTORY-OF-THE-PROGRAMS MAILHOST DIRECTORY-OF-NODE_MODULES"""

import pathlib
import sys
import time
from collections.abc import Callable

from delta import DELTA, READ_BY_PEER, Delta
from peers import ALICE, BOB, CAROL, DORA, ERIK, FILES, PHOTO, Peers, main, until


def next_second() -> None:
    """A Date has no fractions: of two things within a second, said by two people or by Delta Chat, none is the later one."""
    begun = int(time.time())
    until(lambda: int(time.time()) > begun, lambda: "the clock stands")


class DeltaChat(Peers):
    def test_a_conversation(self) -> None:
        bob = self.open(Delta(self.server, self.folder / "bob"))
        self.alice.send("Shall we meet? ✓")
        asked = bob.receive("Shall we meet? ✓")
        bob.call("accept_chat", asked["chatId"])

        # An answer is an answer on either side, its quote apart from its words (D-15).
        bob.send("Where?", quotedMessageId=asked["id"])
        where = self.alice.receive("Where?")
        self.assertEqual(where["quote"], "Shall we meet? ✓")
        self.assertIsNotNone(where.get("reply_to"))
        self.assertTrue(where["is_chat"])
        self.alice.send("At the quay", "--reply", str(where["id"]))
        answer = bob.receive("At the quay")
        self.assertEqual(answer["quote"]["text"], "Where?")

        # Receipts, both ways (C-34, D-28, D-29); on neither side a message.
        said = self.alice.send("Did you read this?")
        bob.call("markseen_msgs", [bob.receive("Did you read this?")["id"]])
        self.alice.until(lambda message: message["id"] == said["id"] and message["state"] == "read", "no receipt from Bob")
        mine = bob.send("And you?")
        self.alice.receive("And you?")
        self.alice.run("seen", BOB)
        bob.until(lambda message: message["id"] == mine["id"] and message["state"] == READ_BY_PEER, "no receipt from Alice")

        # Files (C-12, D-39), with words and without.
        self.alice.send("Look", "--file", self.photo)
        look = bob.receive("Look")
        self.assertEqual((look["fileName"], pathlib.Path(look["file"]).read_bytes()), ("dot.png", PHOTO))
        self.alice.send("--file", self.photo)
        alone = bob.until(lambda message: message["id"] > look["id"] and message["file"], "no file")
        self.assertEqual(pathlib.Path(alone["file"]).read_bytes(), PHOTO)
        bob.send("Mine", file=self.photo, filename="mine.png", viewtype="File")
        mine = self.alice.receive("Mine")
        self.assertEqual([one["name"] for one in mine["attachments"]], ["mine.png"])
        self.assertEqual(self.alice.file(mine["attachments"][0]), PHOTO)

        for name, octets in FILES.items():
            self.alice.send(name, "--file", self.write(name, octets))
            came = bob.receive(name)
            self.assertEqual((came["fileName"], pathlib.Path(came["file"]).read_bytes()), (name, octets))
            if name == "nuls.txt":
                continue  # his program sends it as it is, and NUL passes no server (RFC 5321, 2.3.8)
            bob.send("Back: " + name, file=str(self.folder / name), filename=name, viewtype="File")
            back = self.alice.receive("Back: " + name)
            self.assertEqual([(one["name"], self.alice.file(one)) for one in back["attachments"]], [(name, octets)])

        # Own text that looks like a quote or a signature is neither (D-15, D-16).
        for text in ("> not a quote", "one\n-- two"):
            self.alice.send(text)
            bob.until(lambda message, text=text: message["text"].replace("\u200b", "") == text, f"{text!r} did not arrive")
            bob.send(text)
            self.alice.until(lambda message, text=text: message["text"] == text and not message["outgoing"],
                             f"{text!r} did not arrive")
        self.assertEqual(len(self.alice.run("read", BOB, "--last", "100")), 11 + 2 * len(FILES))

    def test_what_follows_a_message(self) -> None:
        """Reactions, edits, pins, deletions and timers (D-21 to D-27), each both ways."""
        alice, bob = self.alice, self.open(Delta(self.server, self.folder / "bob"))
        mine = alice.send("We meet at noon")
        theirs = bob.receive("We meet at noon")
        chat = theirs["chatId"]
        bob.call("accept_chat", chat)
        his = bob.send("Fine")
        hers = alice.receive("Fine")

        def as_alice_sees(message: dict, what: str, **wanted: object) -> None:
            alice.until(lambda one: one["id"] == message["id"] and wanted.items() <= one.items(), what)

        def as_bob_sees(message: dict, what: str, which: Callable[[dict], bool]) -> None:
            bob.until(lambda one: one["id"] == message["id"] and which(one), what)

        def reacted(message: dict) -> list[str]:
            return [one["emoji"] for one in (message["reactions"] or {"reactions": []})["reactions"]]

        bob.call("send_reaction", theirs["id"], ["👍"])
        as_alice_sees(mine, "no reaction of his", reactions=[{"emoji": "👍", "from": [BOB], "own": False}])
        next_second()
        bob.call("send_reaction", theirs["id"], [])
        as_alice_sees(mine, "his reaction stays", reactions=[])
        alice.run("react", str(hers["id"]), "❤")
        as_bob_sees(his, "no reaction of hers", lambda one: reacted(one) == ["❤"])
        alice.run("react", str(hers["id"]), "--withdraw")
        as_bob_sees(his, "her reaction stays", lambda one: not reacted(one))

        bob.call("send_edit_request", his["id"], "Fine with me")
        as_alice_sees(hers, "no edit of his", text="Fine with me", edited=True)
        alice.run("edit", str(mine["id"]), "We meet at **one**")
        as_bob_sees(theirs, "no edit of hers", lambda one: one["isEdited"] and one["text"] == "We meet at one")

        bob.call("set_pinned_message_state", theirs["id"], True)
        as_alice_sees(mine, "no pin of his", pinned=True)
        alice.run("unpin", str(mine["id"]))
        bob.wait(lambda: not bob.call("get_pinned_messages", chat), lambda: "his pin stays")
        alice.run("pin", str(hers["id"]))
        bob.wait(lambda: bob.call("get_pinned_messages", chat) == [his["id"]], lambda: "no pin of hers")

        bob.call("set_chat_ephemeral_timer", chat, 3600)
        alice.until(lambda one: one.get("notice") == {"code": "timer_changed", "params": {"seconds": "3600"}}, "no timer of his")
        alice.run("timer", BOB, "1d")
        bob.wait(lambda: bob.call("get_chat_ephemeral_timer", chat) == 86400, lambda: "no timer of hers")
        alice.run("timer", BOB, "off")
        bob.wait(lambda: not bob.call("get_chat_ephemeral_timer", chat), lambda: "her timer stays")

        next_second()
        bob.call("set_pinned_message_state", his["id"], False)
        as_alice_sees(hers, "her pin stays", pinned=False)

        gone = alice.run("delete", str(mine["id"]), "--yes")[-1]
        self.assertEqual(gone["unsent_to"], [BOB])  # he would see a mail that says so
        with self.assertRaisesRegex(AssertionError, "Cannot request deletion of unencrypted message for others"):
            bob.call("delete_messages_for_all", [his["id"]])

    def test_voice_stickers_places_cards_and_forwards(self) -> None:
        """As what they are (D-31 to D-33, D-39), not as files."""
        alice, bob = self.alice, self.open(Delta(self.server, self.folder / "bob"))
        note = self.write("note.ogg", b"OggS, a sound")
        alice.send("Hello")
        hello = bob.receive("Hello")
        bob.call("accept_chat", hello["chatId"])
        bob.send("", file=note, filename="note.ogg", viewtype="Voice")  # which he calls by the time
        voice = alice.until(lambda one: one["kind"] == "voice", "no voice note of his")
        self.assertEqual(alice.file(voice["attachments"][0]), b"OggS, a sound")
        bob.send("Meet here", location=[52.52, 13.405])
        self.assertEqual(alice.receive("Meet here")["location"], {"latitude": 52.52, "longitude": 13.405})
        bob.send("", file=self.write("erik.vcf", bob.call("make_vcard", [bob.contact(ERIK)]).encode()), viewtype="Vcard")
        card = alice.until(lambda one: one["kind"] == "contact", "no card of his")
        self.assertEqual(card["contact"]["addr"], ERIK)
        bob.call("forward_messages", [hello["id"]], hello["chatId"])
        alice.until(lambda one: one["forwarded"] and one["text"] == "Hello" and not one["outgoing"], "no forward of his")

        alice.run("send", BOB, "--voice", note, "--duration", "4")
        voice = bob.until(lambda one: one["viewType"] == "Voice" and one["duration"], "no voice note of hers")
        self.assertEqual((voice["duration"], pathlib.Path(voice["file"]).read_bytes()), (4000, b"OggS, a sound"))
        alice.run("send", BOB, "--sticker", self.write("cat.png", PHOTO))
        bob.until(lambda one: one["viewType"] == "Sticker" and one["file"], "no sticker of hers")
        bob.send("", file=self.write("dog.png", PHOTO), viewtype="Sticker")
        alice.until(lambda one: one["kind"] == "sticker" and not one["outgoing"], "no sticker of his")
        alice.run("location", BOB, "48.2,16.37", "Or here")
        place = bob.until(lambda one: one["text"].startswith("Or here"), "no place of hers")
        found = bob.call("get_locations", hello["chatId"], bob.contact(ALICE), 0, 2**40)
        self.assertEqual([(one["msgId"], one["latitude"], one["longitude"]) for one in found], [(place["id"], 48.2, 16.37)])
        alice.run("card", BOB, DORA)
        card = bob.until(lambda one: one["vcardContact"] and one["vcardContact"]["addr"] == DORA, "no card of hers")
        self.assertEqual(card["viewType"], "Vcard")
        alice.run("forward", str(alice.receive("Hello")["id"]), BOB)
        bob.until(lambda one: one["isForwarded"] and one["id"] > card["id"] and one["text"] == "Hello", "no forward of hers")

    def test_what_follows_a_message_in_a_group(self) -> None:
        """Receipts, reactions, edits and pins (C-34, D-21 to D-26), each both ways, also where they are a mail to
        Carol, who has a mail program."""
        alice, bob = self.alice, self.open(Delta(self.server, self.folder / "bob"))
        alice.run("group", "create", "Film Club", BOB, CAROL)
        mine = alice.run("send", "--wait", "Film Club", "Alien?")[-1]
        theirs = bob.receive("Alien?")
        chat = theirs["chatId"]
        bob.call("accept_chat", chat)
        his = bob.message(bob.call("send_msg", chat, {"text": "I am in"}))

        def until_alice_sees(which: Callable[[dict], bool], what: str) -> dict:
            def found() -> dict | None:
                alice.run("sync", "--wait")
                return next(filter(which, alice.run("read", "Film Club")), None)
            return until(found, lambda: f"{what}: {alice.run('read', 'Film Club')}")

        def until_bob_sees(message: dict, which: Callable[[dict], bool], what: str) -> None:
            bob.until(lambda one: one["id"] == message["id"] and which(one), what)

        hers = until_alice_sees(lambda one: one["text"] == "I am in", "no answer of his")
        asked = alice.run("send", "--wait", "Film Club", "Did you read this?")[-1]
        bob.call("markseen_msgs", [bob.receive("Did you read this?")["id"]])
        until_alice_sees(lambda one: one["id"] == asked["id"] and {each["addr"]: each["state"] for each in one["recipients"]} ==
                         {BOB: "read", CAROL: "sent"}, "no receipt of his")
        alice.run("seen", "Film Club")
        until_bob_sees(his, lambda one: one["state"] == READ_BY_PEER, "no receipt of hers")

        bob.call("send_reaction", theirs["id"], ["👍"])
        until_alice_sees(lambda one: [each["from"] for each in one["reactions"]] == [[BOB]], "no reaction of his")
        alice.run("react", str(hers["id"]), "❤", "--mail")
        until_bob_sees(his, lambda one: one["reactions"] and one["reactions"]["reactions"][0]["emoji"] == "❤", "no reaction of hers")
        bob.call("send_edit_request", his["id"], "I am in, too")
        until_alice_sees(lambda one: one["id"] == hers["id"] and one["text"] == "I am in, too", "no edit of his")
        alice.run("edit", str(mine["id"]), "Aliens?", "--mail")
        until_bob_sees(theirs, lambda one: one["text"] == "Aliens?", "no edit of hers")
        bob.call("set_pinned_message_state", theirs["id"], True)
        until_alice_sees(lambda one: one["id"] == mine["id"] and one["pinned"], "no pin of his")
        alice.run("pin", str(hers["id"]), "--mail")
        bob.wait(lambda: set(bob.call("get_pinned_messages", chat)) == {theirs["id"], his["id"]}, lambda: "no pin of hers")
        shown = [message["text"] for message in bob.messages() if message["chatId"] == chat and not message["isInfo"]]
        self.assertEqual(shown, ["Aliens?", "I am in, too", "Did you read this?"])

        # A poll is a text to him, and his answer a vote (P-19).
        poll = alice.run("poll", "Film Club", "Which?", "Alien", "Aliens")[-1]
        shown = bob.until(lambda one: one["text"].startswith("Which?"), "no poll")
        self.assertRegex(shown["text"], r"(?s)1\. Alien\n2\. Aliens\n.*To vote, reply")
        bob.call("send_msg", chat, {"text": "2", "quotedMessageId": shown["id"]})
        until_alice_sees(lambda one: one["id"] == poll["id"] and [each["from"] for each in one["poll"]["options"]] == [[], [BOB]],
                         "no vote of his")

        for method, what in {"set_chat_description": "set description", "set_chat_profile_image": "set profile image"}.items():
            with self.assertRaisesRegex(AssertionError, f"Cannot {what} for ad hoc groups"):
                bob.call(method, chat, self.photo)
        bob.call("leave_group", chat)
        until_alice_sees(lambda one: one.get("notice", {}).get("code") == "member_left", "he is still there")
        [group] = [one for one in alice.run("chats") if one["kind"] == "group"]
        self.assertEqual((group["name"], [one["addr"] for one in group["members"]]), ("Film Club", [CAROL]))

    def test_a_group(self) -> None:
        """In the clear, where his program writes no group id: its mails go by what they refer to (C-59, C-69, D-17)."""
        bob = self.open(Delta(self.server, self.folder / "bob"))
        alice = self.alice
        alice.run("group", "create", "Film Club", BOB, CAROL)
        alice.run("send", "--wait", "Film Club", "Alien?")
        asked = bob.receive("Alien?")
        chat = asked["chatId"]
        bob.call("accept_chat", chat)

        def as_bob_sees() -> tuple[str, set[str]]:
            group = bob.call("get_full_chat_by_id", chat)
            return group["name"], {bob.call("get_contact", one)["address"] for one in group["contactIds"]}

        def as_alice_sees(name: str, members: set[str]) -> None:
            def ready() -> bool:
                alice.run("sync", "--wait")
                groups = [one for one in alice.run("chats") if one["kind"] == "group"]
                return [(one["name"], {member["addr"] for member in one["members"]}) for one in groups] == [(name, members)]
            until(ready, lambda: f"{name}, {members}: {alice.run('chats')}")

        self.assertEqual(as_bob_sees(), ("Film Club", {ALICE, BOB, CAROL}))
        bob.call("send_msg", chat, {"text": "I am in"})
        bob.call("set_chat_name", chat, "Cinema")  # D-20
        as_alice_sees("Cinema", {BOB, CAROL})
        bob.call("add_contact_to_chat", chat, bob.contact(DORA))  # D-19
        as_alice_sees("Cinema", {BOB, CAROL, DORA})
        bob.call("remove_contact_from_chat", chat, bob.contact(CAROL))
        as_alice_sees("Cinema", {BOB, DORA})
        told = [(one["text"], one.get("notice", {}).get("code")) for one in alice.run("read", "Cinema")]
        self.assertEqual([code for _, code in told], [None, None, "group_renamed", "member_added", "member_removed"])
        self.assertEqual(told[1][0], "I am in")

        alice.run("group", "add", "Cinema", ERIK)
        alice.run("group", "remove", "Cinema", DORA)
        alice.run("group", "rename", "Cinema", "Kino")
        alice.run("send", "--wait", "Kino", "All settled")
        self.assertEqual(bob.receive("All settled")["chatId"], chat)
        self.assertEqual(as_bob_sees(), ("Kino", {ALICE, BOB, ERIK}))

        # One of his own, and his leaving it.
        clear = bob.call("create_group_chat_unencrypted", "Clear")
        for addr in (ALICE, CAROL):
            bob.call("add_contact_to_chat", clear, bob.contact(addr))
        bob.call("send_msg", clear, {"text": "Hello all"})
        bob.call("remove_contact_from_chat", clear, bob.contact(CAROL))
        bob.call("send_msg", clear, {"text": "Only us"})

        def only_us() -> list[dict]:
            alice.run("sync", "--wait")
            return [one for one in alice.run("chats") + alice.run("chats", "--requests")
                    if one["name"] == "Clear" and one["last"]["text"] == "Only us"]
        [found] = until(only_us, lambda: "his group did not arrive")
        self.assertEqual([member["addr"] for member in found["members"]], [BOB])


if __name__ == "__main__":
    sys.exit(main(str(DELTA)))
