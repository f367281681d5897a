// What front ends read: people, chats, pages of messages, and the numbers of events.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

std::vector<std::string> names(const std::vector<ChatRow>& chats) {
  std::vector<std::string> all;
  for (const auto& chat : chats) all.push_back(chat.name);
  return all;
}

std::vector<std::string> chat_names(Stored& stored, ChatSelection selection = {}) {
  return names(good(stored.reader().chats(selection)).value.rows);
}

LearnAddress knows_person(std::string addr) { return {.addr = std::move(addr), .known = true}; }

// A known person's message.
std::vector<Operation> writes(std::string addr, std::string rfc_id, UnixMs when) {
  return {knows_person(addr), bobs(std::move(rfc_id), "Hello", when, addr)};
}

TEST(People, TheNewestMailTellsNameAndProgramInAnyOrder) {
  const LearnAddress older{.addr = "bob@x", .name = "Bob", .peer_class = PeerClass::coi, .at_ms = now, .rfc_id = "1@x"};
  const LearnAddress newer{
      .addr = "bob@x", .name = "Robert", .peer_class = PeerClass::plain, .at_ms = now + 1, .rfc_id = "2@x"};
  const LearnAddress silent{.addr = "bob@x", .at_ms = now + 2, .rfc_id = "3@x"};
  for (const auto& order :
       {std::vector{older, newer, silent}, std::vector{silent, newer, older}, std::vector{newer, older, silent}}) {
    Stored stored;
    for (const auto& learned : order) stored.apply({learned});
    const auto people = good(stored.reader().people()).value.rows;
    ASSERT_EQ(people.size(), 1U);
    EXPECT_EQ(people[0].name, "Robert");
    EXPECT_EQ(people[0].addresses.at(0).peer_class, PeerClass::plain);
    const auto peer = stored.find(FindPeer{"bob@x"}).value();
    EXPECT_EQ(peer.chat_ms, now);
    EXPECT_FALSE(peer.known);
  }
}

TEST(People, D28TheNewestChatMailCountsWhicheverCameFirst) {
  const LearnAddress older{.addr = "bob@x", .peer_class = PeerClass::coi, .at_ms = now, .rfc_id = "1@x"};
  const LearnAddress newer{.addr = "bob@x", .peer_class = PeerClass::delta, .at_ms = now + 1, .rfc_id = "2@x"};
  for (const auto& order : {std::vector{older, newer}, std::vector{newer, older}}) {
    Stored stored;
    for (const auto& learned : order) stored.apply({learned});
    EXPECT_EQ(stored.find(FindPeer{"bob@x"}).value().chat_ms, now + 1);
  }
}

TEST(People, ANameOfTheUsersIsTheirs) {
  Stored stored;
  stored.apply(writes("bob@x", "1@x", now));
  stored.apply({PatchPerson{"bob@x", "Bobby"},
                LearnAddress{.addr = "bob@x", .name = "Robert", .at_ms = now + 1, .rfc_id = "2@x"}});
  EXPECT_THAT(chat_names(stored), ElementsAre("Bobby"));
  stored.apply({PatchPerson{"bob@x", ""}});
  EXPECT_THAT(chat_names(stored), ElementsAre("Robert"));
}

class Alias : public testing::Test {
 protected:
  Alias() {
    stored.apply(writes("bob@x", "1@x", now));
    stored.apply(writes("bob@y", "2@y", now + second));
    stored.apply(
        {own("3@a", "Ferry to x", now + 2 * second, "bob@x"), own("4@a", "Ferry to y", now + 3 * second, "bob@y")});
  }
  std::vector<std::string> ids(const MessageKey& one_of_them) {
    std::vector<std::string> found;
    const auto chat = stored.facts_of(one_of_them).chat;
    for (const auto page = good(stored.reader().messages(chat, {.most = 50})); const auto& row : page.value.rows)
      found.push_back(row.rfc_id);
    return found;
  }
  Stored stored;
};

TEST_F(Alias, MakesOnePersonAndOneChat) {
  stored.apply(
      {PatchPerson{"bob@y", "Bobby"}, PatchChat{.chat = stored.message({"1@x", "bob@x"}).chat, .archived = true}});
  const auto changes = stored.apply({PutAlias{.alias = "bob@y", .addr = "bob@x"}});
  EXPECT_TRUE(changes.everything);
  EXPECT_EQ(changes.events(), 1);
  const auto people = good(stored.reader().people()).value.rows;
  ASSERT_THAT(people, SizeIs(1));
  EXPECT_EQ(people[0].name, "Bobby") << "the name that the user gave is kept";
  EXPECT_THAT(people[0].addresses, SizeIs(2));
  EXPECT_THAT(chat_names(stored), ElementsAre("Bobby")) << "and no longer archived, as one of the two was not";
  EXPECT_THAT(ids({"1@x", "bob@x"}), ElementsAre("1@x", "2@y", "3@a", "4@a"));
  // What comes later from either address belongs there too.
  stored.apply({bobs("5@y", "Later", now + minute, "bob@y"), bobs("6@x", "Later", now + minute, "bob@x")});
  EXPECT_THAT(chat_names(stored), SizeIs(1));
  EXPECT_THAT(ids({"5@y", "bob@y"}), SizeIs(6));
  EXPECT_THAT(stored.search("ferry", stored.message({"5@y", "bob@y"}).chat), ElementsAre("4@a", "3@a"));
}

TEST_F(Alias, CanBeTakenBack) {
  stored.apply({PutAlias{.alias = "bob@y", .addr = "bob@x"}});
  stored.apply({bobs("5@y", "Later", now + minute, "bob@y")});
  EXPECT_TRUE(stored.apply({PutAlias{.alias = "bob@y", .addr = ""}}).everything);
  EXPECT_THAT(chat_names(stored), ElementsAre("bob@y", "bob@x"));
  EXPECT_THAT(ids({"1@x", "bob@x"}), ElementsAre("1@x", "3@a"));
  EXPECT_THAT(ids({"2@y", "bob@y"}), ElementsAre("2@y", "4@a", "5@y"));
  EXPECT_THAT(stored.search("ferry", stored.message({"2@y", "bob@y"}).chat), ElementsAre("4@a"));
}

TEST_F(Alias, C51APartedAddressOfSomebodyBlockedStaysBlocked) {
  stored.apply({PutAlias{"bob@y", "bob@x"}});
  stored.apply({PatchChat{.chat = stored.facts_of({"1@x", "bob@x"}).chat, .blocked = true}});
  stored.apply({PutAlias{"bob@y", ""}});
  EXPECT_TRUE(stored.find(FindPeer{"bob@x"}).value().blocked);
  EXPECT_TRUE(stored.find(FindPeer{"bob@y"}).value().blocked);
}

TEST_F(Alias, OfSomebodyBlockedIsBlocked) {
  stored.apply({PatchChat{.chat = stored.message({"2@y", "bob@y"}).chat, .blocked = true}});
  stored.apply({PutAlias{.alias = "bob@y", .addr = "bob@x"}});
  EXPECT_TRUE(stored.find(FindPeer{"bob@x"})->blocked);
}

TEST_F(Alias, MayBeNewOrHaveNoChat) {
  stored.apply({PutAlias{.alias = "new@z", .addr = "bob@x"}});
  EXPECT_THAT(stored.find(FindAddresses{"new@z"}), ElementsAre("bob@x", "new@z"));
  stored.apply({PutAlias{.alias = "bob@y", .addr = "nobody@z"}});
  EXPECT_THAT(stored.find(FindAddresses{"bob@y"}), ElementsAre("bob@y", "nobody@z"));
  EXPECT_THAT(ids({"2@y", "bob@y"}), ElementsAre("2@y", "4@a"));
  stored.apply({PutAlias{.alias = "new@z", .addr = ""}});
  EXPECT_THAT(chat_names(stored), SizeIs(2)) << "nothing was ever exchanged with it";
}

TEST(Chats, AreListedNewestFirstAndPinnedOnesBefore) {
  Stored stored;
  stored.apply(writes("a@x", "1@x", now));
  stored.apply(writes("b@x", "2@x", now + 2 * second));
  stored.apply(writes("c@x", "3@x", now + second));
  EXPECT_THAT(chat_names(stored), ElementsAre("b@x", "c@x", "a@x"));
  stored.apply({PatchChat{.chat = stored.message({"1@x", "a@x"}).chat, .pinned = true}});
  EXPECT_THAT(chat_names(stored), ElementsAre("a@x", "b@x", "c@x"));
}

TEST(Chats, RequestsArchivedAndBlockedOnesLieApart) {
  Stored stored;
  stored.apply(writes("friend@x", "1@x", now));
  stored.apply({bobs("2@x", "Hello", now, "stranger@x"), bobs("3@x", "Buy", now, "spam@x")});
  stored.apply(writes("old@x", "4@x", now));
  stored.apply({PatchChat{.chat = stored.message({"3@x", "spam@x"}).chat, .blocked = true},
                PatchChat{.chat = stored.message({"4@x", "old@x"}).chat, .archived = true}});
  EXPECT_THAT(chat_names(stored), ElementsAre("friend@x"));
  EXPECT_THAT(chat_names(stored, {.requests = true}), ElementsAre("stranger@x"));
  EXPECT_THAT(chat_names(stored, {.archived = true}), ElementsAre("old@x"));
  EXPECT_TRUE(good(stored.reader().chats({.requests = true})).value.rows.at(0).request);
  stored.apply({PatchChat{.chat = stored.message({"2@x", "stranger@x"}).chat, .accepted = true}});
  EXPECT_THAT(chat_names(stored), ElementsAre("stranger@x", "friend@x"));
  EXPECT_THAT(chat_names(stored, {.requests = true}), IsEmpty());
}

TEST(Chats, AndPeopleTellWhenSomebodyIsNoStrangerAnyMore) {
  Stored stored;
  const auto message = bobs("1@x", "Hello");
  stored.apply({message});
  const auto chat = stored.facts_of(message.key).chat;
  // By a mail that another device wrote to somebody else, with Bob in Cc.
  const LearnAddress known{.addr = "bob@example.net", .known = true, .rfc_id = "2@x"};
  const auto learned = stored.apply({known});
  EXPECT_THAT(learned.chats, ElementsAre(chat));
  EXPECT_EQ(learned.people.size(), 1U);
  EXPECT_THAT(stored.apply({known}).chats, IsEmpty());
  for (const auto& patch : {PatchChat{.chat = chat, .blocked = true}, PatchChat{.chat = chat, .accepted = true}})
    EXPECT_EQ(stored.apply({patch}).people, learned.people);
  EXPECT_THAT(stored.apply({PatchChat{.chat = chat, .archived = true}}).people, IsEmpty());
}

TEST(Chats, AStrangerWhoSendsOnlyAutomaticMailIsAFeed) {
  Stored stored;
  auto news = bobs("1@x", "News", now, "news@x");
  news.automatic = true;
  stored.apply({news});
  EXPECT_TRUE(good(stored.reader().chats({.requests = true})).value.rows.at(0).feed);
  stored.apply({bobs("2@x", "Hello, I am a person", now, "news@x")});
  EXPECT_FALSE(good(stored.reader().chats({.requests = true})).value.rows.at(0).feed);
}

TEST(Chats, CarryTheirLastMessageAndTheUnread) {
  Stored stored;
  stored.apply({knows_person("bob@example.net"), bobs("1@x", "first", now), bobs("2@x", "last", now + second),
                bobs("3@x", "old", now - minute)});
  auto sent = own("4@x", "mine", now + minute);
  stored.apply({sent, PutOutgoing{.key = sent.key, .recipients = {"bob@example.net"}, .bytes = "mail"}});
  const auto chat = good(stored.reader().chats({})).value.rows.at(0);
  EXPECT_EQ(chat.last->text, "mine");
  EXPECT_EQ(chat.last->state, MessageRow::State::pending);
  EXPECT_EQ(chat.unread, 3);
  EXPECT_EQ(chat.addr, "bob@example.net");
}

TEST(Chats, TheOneWithOneselfHasNoPerson) {
  Stored stored;
  auto note = own("1@x", "Buy milk");
  note.chat = WithSelf{};
  stored.apply({note});
  const auto chat = good(stored.reader().chats({})).value.rows.at(0);
  EXPECT_EQ(chat.kind, ChatKind::self);
  EXPECT_FALSE(chat.person);
  EXPECT_FALSE(chat.request);
  EXPECT_EQ(stored.find(FindChatOf{WithSelf{}})->id, chat.id);
}

TEST(Chats, AreFoundByAddressElseByPartOfTheName) {
  Stored stored;
  stored.apply(writes("bob@x", "1@x", now));
  stored.apply({bobs("2@x", "Hello", now, "bobby@x")});
  stored.apply({PatchPerson{"bob@x", "Robert Smith"}});
  const auto found = [&](std::string_view word) {
    std::vector<std::string> all;
    for (const auto& row : good(stored.reader().named(word))) all.push_back(row.addr);
    return all;
  };
  EXPECT_THAT(good(stored.reader().find_chats("BOB@x")), SizeIs(1));
  EXPECT_THAT(good(stored.reader().find_chats("bobby@x")), SizeIs(1)) << "by address a stranger too";
  EXPECT_THAT(found("smith"), ElementsAre("bob@x"));
  EXPECT_THAT(found("bobby"), IsEmpty()) << "a stranger takes no part in names";
  EXPECT_THAT(found("zoe"), IsEmpty());
  EXPECT_THAT(found(""), IsEmpty());
  stored.apply({PatchPerson{"carol@x", "Carol"}});
  const auto carol = good(stored.reader().named("carol")).front();
  EXPECT_FALSE(carol.chat) << "a contact needs no chat";
  EXPECT_TRUE(carol.given);
}

TEST(Names, AreGivenByTheUserOrOnlyFit) {
  Stored stored;
  stored.apply({PatchPerson{"ann@x", "Ann-Marie Lee"}});
  stored.apply({LearnAddress{.addr = "lee@x", .name = "Lee", .known = true, .at_ms = now, .rfc_id = "1@x"}});
  const auto found = [&](std::string_view word, bool given) {
    std::vector<std::string> all;
    for (const auto& row : good(stored.reader().named(word)))
      if (row.given == given) all.push_back(row.addr);
    return all;
  };
  EXPECT_THAT(found("ann-marie lee", true), ElementsAre("ann@x"));
  for (const auto* part : {"Ann", "marie lee", "mar", "nn"}) {
    EXPECT_THAT(found(part, true), IsEmpty()) << part;
    EXPECT_THAT(found(part, false), ElementsAre("ann@x")) << part;
  }
  EXPECT_THAT(found("lee", true), IsEmpty()) << "it calls itself so";
  EXPECT_THAT(found("lee", false), SizeIs(2));
}

TEST(Names, OfOneselfAreSavedMessages) {
  Stored stored;
  for (const auto* word : {"SELF", "saved", "Saved messages", "saved mess", "S"}) {
    const auto self = good(stored.reader().named(word));
    ASSERT_THAT(self, SizeIs(1)) << word;
    EXPECT_EQ(self.front().addr, "") << "oneself, before there is a chat";
    EXPECT_EQ(self.front().given, std::string_view(word).size() != 1 && word != std::string_view("saved mess")) << word;
  }
  EXPECT_THAT(good(stored.reader().named("ed")), IsEmpty()) << "Ed is meant, whoever that is";
}

TEST(Chats, AreFoundInWhateverCaseAndWithoutAccents) {
  Stored stored;
  for (const auto* name : {"Ünal", "École du Sud", "Ёлка", "O'Brien", "🎉 Fest", "李明", "Ångström & Søn"}) {
    const auto addr = fmt::format("{}@x", name);
    stored.apply(writes(addr, addr, now));
    stored.apply({PatchPerson{addr, name}});
  }
  const auto found = [&](std::string_view word) {
    std::vector<std::string> all;
    for (const auto& row : good(stored.reader().named(word))) all.push_back(row.name);
    return all;
  };
  for (const auto* word : {"ünal", "ÜNAL", "unal", "U\u0308nal", "nal"})
    EXPECT_THAT(found(word), ElementsAre("Ünal")) << word;
  for (const auto* word : {"école", "ECOLE DU", "du sud"})
    EXPECT_THAT(found(word), ElementsAre("École du Sud")) << word;
  EXPECT_THAT(found("ЁЛКА"), ElementsAre("Ёлка"));
  EXPECT_THAT(found("o'b"), ElementsAre("O'Brien"));
  EXPECT_THAT(found("🎉"), ElementsAre("🎉 Fest"));
  EXPECT_THAT(found("明"), ElementsAre("李明"));
  EXPECT_THAT(found("m & sø"), ElementsAre("Ångström & Søn"));
}

TEST(Lookup, WritingToANewAddressNeedsNoChat) {
  Stored stored;
  const auto chat = stored.find(FindChatOf{WithPerson{"new@x"}}).value();
  EXPECT_FALSE(chat.id);
  EXPECT_EQ(chat.peers.at(0).addr, "new@x");
  EXPECT_FALSE(stored.find(FindChat{ChatId{99}}));
}

TEST(Lookup, AChatKnowsItsNewestMessage) {
  Stored stored;
  stored.apply({bobs("new@x", "new", now), bobs("old@x", "old", now - minute)});
  const auto chat = stored.find(FindChat{ChatId{1}}).value();
  EXPECT_EQ(chat.last->key.rfc_id, "new@x");
  EXPECT_EQ(chat.peers.at(0).addr, "bob@example.net");
}

std::vector<std::string> page(Stored& stored, std::size_t most) {
  std::vector<std::string> ids;
  for (const auto page = good(stored.reader().messages(ChatId{1}, {.most = most})); const auto& row : page.value.rows)
    ids.push_back(row.rfc_id);
  return ids;
}

// A mail's Date ends at the second.
TEST(Messages, OfOneSecondStandAsTheyFollowOneAnotherWhateverCameFirst) {
  std::vector<PutMessage> said = {bobs("z", "Are you there?"), own("y", "Yes"), bobs("x", "Fine"), own("w", "Tell me")};
  for (std::size_t i = 1; i < said.size(); ++i) said[i].follows = said[i - 1].key.rfc_id;
  std::vector<std::size_t> order = {0, 1, 2, 3};
  do {
    Stored stored;
    for (const auto i : order) stored.apply({said[i]});
    EXPECT_THAT(page(stored, 100), ElementsAre("z", "y", "x", "w")) << testing::PrintToString(order);
    EXPECT_EQ(stored.message(said[0].key).sort_ms, now);
  } while (std::ranges::next_permutation(order).found);
}

TEST(Messages, ThatComeToStandBehindAnotherOfTheirSecondAreChanged) {
  Stored stored;
  auto answer = bobs("2@x", "Yes");
  answer.follows = "1@x";
  const auto id = stored.apply({answer}).added.at(0);
  EXPECT_THAT(stored.apply({own("1@x", "Really?")}).changed, ElementsAre(id));
  EXPECT_THAT(page(stored, 1), ElementsAre("2@x"));
  // The next second has its own order, and nothing changes there.
  EXPECT_THAT(stored.apply({own("0@x", "", now - second)}).changed, IsEmpty());
}

TEST(Messages, OfOneSecondStandRightWhenTwoChatsBecomeOne) {
  Stored stored;
  auto answer = bobs("2@x", "Yes", now, "bob@home.example");
  answer.follows = "1@x";
  stored.apply({answer});
  stored.apply({own("1@x", "Really?")});
  stored.apply({PutAlias{.alias = "bob@home.example", .addr = "bob@example.net"}});
  const auto chat = stored.facts_of(answer.key).chat;
  EXPECT_EQ(good(stored.reader().messages(chat, {.most = 100})).value.rows.back().rfc_id, "2@x");
}

// The earliest copy speaks for a message, also of when it was said.
TEST(Messages, ThatFollowedOneWhichAnEarlierCopyMovesStandAsIfThatHadComeFirst) {
  auto said = bobs("2@x", ""), early = said, later = bobs("1@x", "");
  later.follows = said.key.rfc_id;
  early.arrived_ms = early.received_ms = now - second;
  for (const auto& order : {std::vector{said, later, early}, std::vector{early, later, said}}) {
    Stored stored;
    std::optional<MessageId> known;
    for (auto message : order) {
      const bool is_copy = message.key == said.key;
      if (is_copy) message.into = known;
      const auto added = stored.apply({message}).added;
      if (is_copy && !known) known = added.at(0);
    }
    EXPECT_EQ(stored.message(said.key).sort_ms, now - second);
    EXPECT_EQ(stored.message(later.key).sort_ms, now);
  }
}

TEST(Messages, OfOneSecondGoByDateWhereNothingTiesThemTogether) {
  std::vector<PutMessage> said = {bobs("b@x", ""), bobs("c@x", ""), bobs("a@x", "")};
  said[0].date_ms = said[1].date_ms = now - second;
  said[1].follows = "b@x";
  said[2].follows = "of another second@x";
  std::vector<std::size_t> order = {0, 1, 2};
  do {
    Stored stored;
    for (const auto i : order) stored.apply({said[i]});
    EXPECT_THAT(page(stored, 100), ElementsAre("b@x", "c@x", "a@x")) << testing::PrintToString(order);
  } while (std::ranges::next_permutation(order).found);
}

TEST(Messages, ThatClaimToFollowOneAnotherInACircleAreAllShown) {
  Stored stored;
  auto one = bobs("1@x", ""), two = bobs("2@x", ""), self = bobs("3@x", "");
  one.follows = "2@x";
  two.follows = "1@x";
  self.follows = "3@x";
  stored.apply({one});
  stored.apply({two, self});
  EXPECT_THAT(page(stored, 100), UnorderedElementsAre("1@x", "2@x", "3@x"));
}

TEST(Messages, KnowWhatTheyAnswer) {
  Stored stored;
  auto answer = bobs("2@x", "Yes");
  answer.in_reply_to = "1@x";
  stored.apply({answer, bobs("1@x", "Well?")});
  EXPECT_EQ(stored.message(answer.key).reply_to, stored.message({"1@x", "bob@example.net"}).id);
  auto astray = bobs("3@x", "Yes", now, "carol@x");
  astray.in_reply_to = "1@x";  // of another chat
  stored.apply({astray});
  EXPECT_EQ(stored.message(astray.key).reply_to, std::nullopt);
}

TEST(Messages, APlainWishForAReceiptIsShownUntilItIsAnswered) {
  Stored stored;
  auto message = bobs("1@x", "Please confirm");
  message.wants_plain_receipt = true;
  stored.apply({message, at(inbox(1), message)});
  EXPECT_TRUE(stored.message(message.key).asks_receipt);
  stored.apply({SetFlags{inbox(1), {Flags::mdn_sent}}});
  EXPECT_FALSE(stored.message(message.key).asks_receipt);
}

TEST(Messages, ThatAreNotThereAreNone) {
  Stored stored;
  EXPECT_FALSE(good(stored.reader().message(MessageId{99})).value);
  EXPECT_FALSE(good(stored.reader().chat(ChatId{99})).value);
  EXPECT_FALSE(good(stored.reader().person(PersonId{99})).value);
  EXPECT_FALSE(good(stored.reader().attachment(AttachmentId{99})));
}

TEST(Events, AreNumberedOnePerObject) {
  Stored stored;
  const auto before = good(stored.reader().chats({})).seq;
  const auto changes =
      stored.apply({LearnAddress{.addr = "bob@example.net", .name = "Bob", .at_ms = now, .rfc_id = "1"},
                    bobs("1", "Hello"), bobs("2", "Hello")});
  EXPECT_EQ(changes.events(), 4);  // two messages, one chat, one person
  EXPECT_EQ(changes.seq, before + 4);
  EXPECT_EQ(good(stored.reader().message(changes.added[0])).seq, changes.seq);
  EXPECT_TRUE(stored.apply({}).empty());
  EXPECT_EQ(good(stored.reader().chats({})).seq, changes.seq);
  auto again = good(Database::open(stored.directory(), {}));
  good(again.begin(Durability::normal));
  good(again.apply({.operations = {bobs("3", "Hello")}, .refusal = {}}, now));
  EXPECT_EQ(good(again.commit()).seq, changes.seq + 2);
}

TEST(Events, ANewMessageIsNotAlsoAChangedOne) {
  Stored stored;
  const auto message = bobs("1", "Hello");
  const auto changes = stored.apply({message, at(inbox(1), message, Flags::seen)});
  EXPECT_THAT(changes.added, SizeIs(1));
  EXPECT_THAT(changes.changed, IsEmpty());
}

TEST(Snapshot, SeesWhatWasCommittedMeanwhile) {
  Stored stored;
  stored.apply({bobs("1", "one")});
  EXPECT_THAT(page(stored, 10), SizeIs(1));
  EXPECT_EQ(stored.message({"1", "bob@example.net"}).text, "one");
  stored.apply({bobs("2", "two")});
  EXPECT_THAT(page(stored, 10), SizeIs(2));
}

TEST(Interrupt, EndsTheQueryThatRuns) {
  Stored stored;
  Plan plan;
  for (int i = 0; i < 4000; ++i) plan.operations.emplace_back(bobs(fmt::format("{}@x", i), "word"));
  stored.apply(plan.operations);
  std::jthread interrupter([&](const std::stop_token& stop) {
    while (!stop.stop_requested()) stored.reader().interrupt();
  });
  bool cancelled = false;
  for (int i = 0; i < 1000 && !cancelled; ++i)
    if (const auto found = stored.reader().messages(ChatId{1}, {.most = 4000}); !found) {
      EXPECT_EQ(found.error().kind(), ErrorKind::cancelled);
      cancelled = true;
    }
  interrupter.request_stop();
  interrupter.join();
  EXPECT_TRUE(cancelled);
  EXPECT_THAT(page(stored, 10), SizeIs(10));
}

}  // namespace
}  // namespace coi::store
