// Edits and deletions, whatever the order in which they come and whoever sends them.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

PutMessage edit_of(std::string target, std::string rfc_id, std::string text, UnixMs at = now,
                   std::string from = "bob@example.net") {
  auto message = bobs(std::move(rfc_id), std::move(text), at, std::move(from));
  message.edits = std::move(target);
  return message;
}

PutRemark deletion(std::string subject, std::string author = "bob@example.net", bool by_us = false) {
  return {{.kind = RemarkKind::deleted,
           .subject = std::move(subject),
           .author = std::move(author),
           .date_ms = now,
           .rfc_id = "deletion",
           .at_ms = now,
           .by_us = by_us}};
}

std::vector<std::string> texts(Stored& stored, const std::string& key = "a") {
  std::vector<std::string> all;
  const auto chat = stored.facts_of({key, "bob@example.net"}).chat;
  for (const auto page = good(stored.reader().messages(chat, {.most = 100})); const auto& row : page.value.rows)
    all.push_back(row.text);
  return all;
}

TEST(Versions, C31TheNewestShowsInThePlaceOfTheFirst) {
  Stored stored;
  stored.apply({bobs("a", "first"), bobs("b", "between", now + minute)});
  stored.apply({edit_of("a", "e", "second", now + 2 * minute)});
  EXPECT_THAT(texts(stored), ElementsAre("second", "between"));
  const auto row = stored.message({"a", "bob@example.net"});
  EXPECT_TRUE(row.edited);
  EXPECT_EQ(row.rfc_id, "a");
  const auto chat = stored.chat_of({"a", "bob@example.net"});
  EXPECT_EQ(chat.unread, 2);
  EXPECT_EQ(chat.last->text, "between");
  EXPECT_THAT(stored.search("second"), ElementsAre("a"));
  EXPECT_THAT(stored.search("first"), IsEmpty());
}

TEST(Versions, C33AnEditOfAnUnknownMailIsAMessageUntilThatComes) {
  Stored stored;
  stored.apply({edit_of("a", "e", "second", now + minute)});
  EXPECT_THAT(texts(stored, "e"), ElementsAre("second"));
  const auto id = stored.facts_of({"e", "bob@example.net"}).id;
  EXPECT_FALSE(stored.message(id).edited);
  const auto changes = stored.apply({bobs("a", "first")});
  EXPECT_THAT(texts(stored), ElementsAre("second"));
  EXPECT_TRUE(changes.changed.contains(id));
  EXPECT_EQ(good(stored.reader().message(id)).value, std::nullopt);
  EXPECT_THAT(stored.search("second"), ElementsAre("a"));
}

TEST(Versions, C30AChainResolvesFromAnyMemberByDateInAnyOrder) {
  std::vector<PutMessage> mails = {bobs("a", "1"), edit_of("a", "b", "2", now + minute),
                                   edit_of("b", "c", "3", now + 2 * minute), edit_of("c", "d", "4", now + 3 * minute)};
  std::vector<std::size_t> order = {0, 1, 2, 3};
  std::string first;
  do {
    Stored stored;
    for (const auto i : order) stored.apply({mails[i]});
    stored.apply({mails[order[0]]});
    EXPECT_THAT(texts(stored), ElementsAre("4"));
    if (first.empty()) first = stored.dump();
    EXPECT_EQ(stored.dump(), first);
  } while (std::ranges::next_permutation(order).found);
}

// Arrival is told by the second; who edits twice within one dates the second edit later.
TEST(Versions, OfTwoThatArriveTogetherTheOneWithTheLaterDateShows) {
  for (const bool swapped : {false, true}) {
    Stored stored;
    auto one = edit_of("a", swapped ? "x" : "y", "one", now), two = edit_of("a", swapped ? "y" : "x", "two", now);
    one.date_ms = now + second;
    two.date_ms = now + 2 * second;
    stored.apply({bobs("a", "first"), two, one});
    EXPECT_THAT(texts(stored), ElementsAre("two"));
  }
}

// A clock that is fast would have the last word for ever.
TEST(Versions, C30ADateCountsNoLaterThanItsArrival) {
  Stored stored;
  auto fast = edit_of("a", "b", "fast", now + minute);
  fast.date_ms = now + 1000 * minute;
  stored.apply({bobs("a", "1"), fast, edit_of("a", "c", "later", now + 2 * minute)});
  EXPECT_THAT(texts(stored), ElementsAre("later"));
}

TEST(Versions, C29SomebodyElsesEditIsAMessageAndChangesNothing) {
  Stored stored;
  stored.apply({bobs("a", "first")});
  stored.apply({edit_of("a", "e", "I am a fool", now + minute, "mallory@example.com")});
  const auto row = stored.message({"a", "bob@example.net"});
  EXPECT_EQ(row.text, "first");
  EXPECT_FALSE(row.edited);
  const auto other = stored.message({"e", "mallory@example.com"});
  EXPECT_EQ(other.text, "I am a fool");
  EXPECT_FALSE(other.edited);
}

TEST(Versions, C29WhatItsServerDeniesEditsNothing) {
  Stored stored;
  auto forged = edit_of("a", "e", "I am a fool", now + minute);
  forged.forged = true;
  stored.apply({bobs("a", "first"), forged});
  EXPECT_THAT(texts(stored), ElementsAre("first", "I am a fool"));
}

TEST(Versions, C29AnotherAddressOfThePersonIsTheAuthorToo) {
  Stored stored;
  stored.apply({bobs("a", "first")});
  stored.apply({edit_of("a", "e", "second", now + minute, "bob@work.example")});
  EXPECT_THAT(texts(stored), ElementsAre("first"));
  stored.apply({PutAlias{.alias = "bob@work.example", .addr = "bob@example.net"}});
  EXPECT_THAT(texts(stored), ElementsAre("second"));
  stored.apply({PutAlias{.alias = "bob@work.example", .addr = ""}});
  EXPECT_THAT(texts(stored), ElementsAre("first"));
  EXPECT_EQ(stored.message({"e", "bob@work.example"}).text, "second");
}

TEST(Versions, C29AnotherAddressOfThePersonIsTheAuthorInAGroupToo) {
  Stored stored;
  auto first = bobs("a", "first"), taken_back = bobs("b", "taken back", now + 1000);
  auto edit = edit_of("a", "e", "second", now + minute, "bob@work.example");
  for (auto* mail : {&first, &taken_back, &edit}) mail->chat = InGroup{"group"};
  stored.apply({first, taken_back, edit, deletion("b", "bob@work.example")});
  EXPECT_THAT(texts(stored), ElementsAre("first", "taken back", "second"));
  stored.apply({PutAlias{.alias = "bob@work.example", .addr = "bob@example.net"}});
  EXPECT_THAT(texts(stored), ElementsAre("second", ""));
  stored.apply({PutAlias{.alias = "bob@work.example", .addr = ""}});
  EXPECT_THAT(texts(stored), ElementsAre("first", "", "second"));
}

// What was read is seen on the server too; what was removed stays as it is there.
TEST(Versions, AreSeenWithTheMessageThatShowsThem) {
  Stored stored;
  stored.apply({bobs("a", "first"), bobs("b", "between", now + minute), bobs("c", "gone", now + minute)});
  stored.apply({edit_of("a", "e", "second", now + 2 * minute), bobs("d", "later", now + 3 * minute)});
  const auto between = stored.facts_of({"b", "bob@example.net"});
  stored.apply({RemoveMessages{{stored.facts_of({"c", "bob@example.net"}).id}}});
  std::vector<std::string> ids;
  for (const auto& fresh : stored.find(FindFresh{.chat = between.chat, .up_to = between.id}))
    ids.push_back(fresh.key.rfc_id);
  EXPECT_THAT(ids, testing::UnorderedElementsAre("a", "b", "e"));
}

TEST(Versions, RepliesAndReactionsToAnyOfThemBelongToTheMessage) {
  Stored stored;
  auto reply = bobs("r", "a reply", now + 3 * minute);
  reply.in_reply_to = "e";
  stored.apply({bobs("a", "first"), edit_of("a", "e", "second", now + minute), reply});
  stored.apply({PutRemark{{.kind = RemarkKind::reaction,
                           .subject = "e",
                           .author = "bob@example.net",
                           .value = "👍",
                           .date_ms = now,
                           .rfc_id = "x",
                           .at_ms = now}}});
  const auto row = stored.message({"a", "bob@example.net"});
  ASSERT_THAT(row.reactions, SizeIs(1));
  EXPECT_EQ(stored.message({"r", "bob@example.net"}).reply_to, row.id);
}

TEST(Versions, OnlyANewReactionToAnOwnMessageIsNewsAndOfAnEditItIsTheMessages) {
  Stored stored;
  auto edit = own("e", "second", now + minute);
  edit.edits = "a";
  stored.apply({own("a", "first"), edit, bobs("b", "his own")});
  const auto reactions = [&](const std::string& subject, const std::string& emoji, const std::string& rfc_id,
                             bool news) {
    const PutRemark put{.remark = {.kind = RemarkKind::reaction,
                                   .subject = subject,
                                   .author = "bob@example.net",
                                   .value = emoji,
                                   .date_ms = now,
                                   .rfc_id = rfc_id,
                                   .at_ms = now},
                        .news = news};
    std::vector<MessageId> told;
    const auto changes = stored.apply({put});
    for (const auto& [id, remark] : changes.reactions) told.push_back(id);
    return told;
  };
  EXPECT_THAT(reactions("e", "👍", "x1", true), ElementsAre(stored.message(own("a", "").key).id));
  EXPECT_THAT(reactions("e", "👍", "x1", true), IsEmpty()) << "heard again";
  EXPECT_THAT(reactions("e", "", "x2", true), IsEmpty()) << "taken back";
  EXPECT_THAT(reactions("a", "🎉", "x3", false), IsEmpty()) << "found in the mailbox";
  EXPECT_THAT(reactions("b", "🎉", "x4", true), IsEmpty()) << "of his own message";
}

TEST(Versions, P11AnEditChangesTheCaptionAndKeepsTheFiles) {
  Stored stored;
  auto album = bobs("a", "my pictures");
  album.kind = MessageKind::media;
  album.attachments = {{.name = "1.jpg", .type = "image/jpeg"}, {.name = "2.jpg", .type = "image/jpeg"}};
  stored.apply({album, edit_of("a", "e", "our pictures", now + minute)});
  const auto row = stored.message({"a", "bob@example.net"});
  EXPECT_EQ(row.text, "our pictures");
  EXPECT_THAT(row.attachments, SizeIs(2));
  EXPECT_THAT(stored.search("our 2.jpg"), ElementsAre("a"));
}

TEST(Versions, AnEditKeepsWhatTheMessageHoldsBesideWords) {
  Stored stored;
  auto voice = bobs("a", "**listen**");
  voice.kind = MessageKind::voice;
  voice.details = {.formatted = true, .forwarded = true, .duration_ms = 5000};
  stored.apply({voice, edit_of("a", "e", "2*3*4", now + minute)});
  const auto row = stored.message({"a", "bob@example.net"});
  EXPECT_EQ(row.kind, MessageKind::voice);
  EXPECT_EQ(row.details, (Details{.forwarded = true, .duration_ms = 5000}));
  EXPECT_EQ(row.text, "2*3*4");
}

TEST(Versions, C31TheHistoryHasAllOfThem) {
  Stored stored;
  stored.apply({bobs("a", "1"), edit_of("a", "c", "3", now + 2 * minute), edit_of("a", "b", "2", now + minute)});
  std::vector<std::string> said;
  for (const auto& version : *good(stored.reader().history(stored.facts_of({"a", "bob@example.net"}).id)).value)
    said.push_back(version.text);
  EXPECT_THAT(said, ElementsAre("1", "2", "3"));
  EXPECT_EQ(good(stored.reader().history(MessageId{999})).value, std::nullopt);
}

TEST(Versions, OfThoseThatOneAnswerCannotHoldTheFirstAndTheNewestAreShown) {
  Stored stored;
  stored.apply({bobs("a", std::string(100, '1')), edit_of("a", "b", std::string(100, '2'), now + minute),
                edit_of("a", "c", std::string(100, '3'), now + 2 * minute),
                edit_of("a", "d", std::string(100, '4'), now + 3 * minute)});
  const auto id = stored.facts_of({"a", "bob@example.net"}).id;
  const auto shown = [&](std::size_t octets) {
    const auto versions = good(stored.reader().history(id, octets)).value.value();
    std::string firsts;
    for (const auto& version : versions) firsts += version.text.front();
    return firsts;
  };
  EXPECT_EQ(shown(400), "1234");
  EXPECT_EQ(shown(399), "134");
  EXPECT_EQ(shown(200), "14");
  EXPECT_EQ(shown(0), "1");
}

TEST(Versions, CirclesAndEditsOfThemselvesAreHarmless) {
  Stored stored;
  stored.apply({edit_of("x", "x", "of itself")});
  EXPECT_THAT(texts(stored, "x"), ElementsAre("of itself"));
  stored.apply({edit_of("z", "y", "one", now + minute), edit_of("y", "z", "other", now + 2 * minute)});
  EXPECT_THAT(texts(stored, "x"), ElementsAre("of itself", "other"));
}

// No more than n log n steps, in the worst order too.
TEST(Versions, AChainOfTenThousandTakesNoLongTime) {
  for (const bool backwards : {false, true}) {
    Stored stored;
    std::vector<Operation> mails = {bobs("0", "first")};
    constexpr int most = 10'000;
    for (int i = 1; i <= most; ++i)
      mails.emplace_back(
          edit_of(std::to_string(i - 1), std::to_string(i), fmt::format("version {}", i), now + i * second));
    if (backwards) std::ranges::reverse(mails);
    stored.apply(std::move(mails));
    EXPECT_THAT(texts(stored, "0"), ElementsAre("version 10000"));
  }
}

TEST(Deletion, C28LeavesAPlaceholderAndNothingElse) {
  Stored stored;
  auto message = bobs("a", "a secret");
  message.kind = MessageKind::media;
  message.quote = "a quote";
  message.subject = "Chat: a secret";
  message.attachments = {{.name = "secret.jpg", .type = "image/jpeg", .blob = "0123"}};
  stored.apply({message, edit_of("a", "e", "another secret", now + minute)});
  stored.apply({PutRemark{{.kind = RemarkKind::reaction,
                           .subject = "a",
                           .author = "bob@example.net",
                           .value = "👍",
                           .date_ms = now,
                           .rfc_id = "x",
                           .at_ms = now}}});
  stored.apply({deletion("a")});
  const auto row = stored.message({"a", "bob@example.net"});
  EXPECT_TRUE(row.deleted);
  EXPECT_FALSE(row.edited);
  EXPECT_EQ(row.text + row.quote + row.subject, "");
  EXPECT_THAT(row.attachments, IsEmpty());
  EXPECT_THAT(row.reactions, IsEmpty());
  EXPECT_THAT(stored.search("secret"), IsEmpty());
  EXPECT_THAT(good(stored.database().blobs()), IsEmpty());
  EXPECT_THAT(stored.dump(), testing::Not(testing::HasSubstr("secret")));
  EXPECT_THAT(stored.dump(), testing::Not(testing::HasSubstr("👍")));
  EXPECT_THAT(*good(stored.reader().history(row.id)).value, IsEmpty());
}

TEST(Deletion, P02TheThreadKeepsItsSubject) {
  Stored stored;
  auto first = bobs("a", "Hello"), second = bobs("b", "a secret", now + minute);
  first.subject = "Chat: Hello";
  second.subject = "Re: Chat: Hello";
  stored.apply({first, second});
  stored.apply({deletion("b")});
  const auto chat = stored.find(FindChat{stored.facts_of({"b", "bob@example.net"}).chat}).value();
  EXPECT_EQ(chat.last.value().key.rfc_id, "b");
  EXPECT_EQ(chat.last->subject, "Chat: Hello") << "that of the newest message which has one";
}

TEST(Deletion, HidesEveryLaterCopyAndVersion) {
  Stored stored;
  stored.apply({deletion("a")});
  stored.apply({bobs("a", "a secret")});
  stored.apply({edit_of("a", "e", "another secret", now + minute)});
  stored.apply({bobs("a", "a secret with a list's footer", now + minute)});
  EXPECT_THAT(texts(stored), ElementsAre(""));
  EXPECT_THAT(stored.dump(), testing::Not(testing::HasSubstr("secret")));
}

TEST(Deletion, OfAVersionIsOfTheMessage) {
  Stored stored;
  stored.apply({edit_of("a", "e", "second", now + minute), deletion("e")});
  stored.apply({bobs("a", "first")});
  EXPECT_TRUE(stored.message({"a", "bob@example.net"}).deleted);
  EXPECT_THAT(texts(stored), ElementsAre(""));
}

TEST(Deletion, P06ByAnybodyElseIsIgnored) {
  Stored stored;
  stored.apply({bobs("a", "first"), own("o", "mine")});
  stored.apply({deletion("a", "mallory@example.com"), deletion("o", "bob@example.net")});
  EXPECT_EQ(stored.message({"a", "bob@example.net"}).text, "first");
  EXPECT_EQ(stored.message({"o", "alice@example.org"}).text, "mine");
  stored.apply({deletion("o", "alice@home.example", true)});
  EXPECT_TRUE(stored.message({"o", "alice@example.org"}).deleted);
}

TEST(Deletion, OfAnotherAuthorsMailWithTheSameIdLeavesThatAlone) {
  Stored stored;
  stored.apply({bobs("a", "first"), bobs("a", "stolen id", now, "mallory@example.com")});
  stored.apply({deletion("a", "mallory@example.com")});
  EXPECT_EQ(stored.message({"a", "bob@example.net"}).text, "first");
  EXPECT_TRUE(stored.message({"a", "mallory@example.com"}).deleted);
}

TEST(Deletion, HereAloneLeavesNothingToSee) {
  Stored stored;
  stored.apply({bobs("a", "first"), bobs("b", "second", now + minute)});
  const auto id = stored.facts_of({"a", "bob@example.net"}).id;
  const auto changes = stored.apply({RemoveMessages{{id}}});
  EXPECT_TRUE(changes.changed.contains(id));
  EXPECT_EQ(good(stored.reader().message(id)).value, std::nullopt);
  stored.apply({bobs("a", "first")});
  EXPECT_THAT(texts(stored, "b"), ElementsAre("second"));
  EXPECT_THAT(stored.search("first"), IsEmpty());
}

TEST(Versions, C29AreNotShownByAForgedMailOfTheSameId) {
  Stored stored;
  auto forged = bobs("a", "forged", now - minute);
  forged.forged = true;
  stored.apply({forged, bobs("a", "first"), edit_of("a", "e", "second", now + minute)});
  EXPECT_THAT(texts(stored), ElementsAre("forged", "second"));
}

// A server that gives a mail another id may be heard of late.
TEST(Deletion, ReactionsUnderAFurtherIdGoWheneverThatComes) {
  const PutRemark reaction{{.kind = RemarkKind::reaction,
                            .subject = "b",
                            .author = "bob@example.net",
                            .value = "👍",
                            .date_ms = now,
                            .rfc_id = "x",
                            .at_ms = now}};
  auto renamed = bobs("a", "first");
  renamed.other_ids = {"b"};
  Stored early, late;
  early.apply({bobs("a", "first"), renamed, reaction, deletion("a")});
  late.apply({bobs("a", "first"), reaction, deletion("a"), renamed});
  EXPECT_EQ(late.dump(), early.dump());
}

// Cameras give all their mails one id, and several in one second.
TEST(Deletion, HereAloneLeavesOtherMailsOfTheSameIdAndSecond) {
  Stored stored;
  stored.apply({bobs("a", "first")});
  const auto first = stored.facts_of({"a", "bob@example.net"}).id;
  stored.apply({bobs("a", "another")});
  stored.apply({RemoveMessages{{first}}});
  EXPECT_THAT(texts(stored), ElementsAre("another"));
  stored.apply({edit_of("a", "e", "corrected", now + minute)});
  EXPECT_THAT(texts(stored), ElementsAre("corrected"));
}

TEST(Deletion, HereAloneTakesTheVersionsWithItAndThoseThatComeLater) {
  Stored stored;
  stored.apply({edit_of("a", "e", "second", now + minute)});
  stored.apply({RemoveMessages{{stored.facts_of({"e", "bob@example.net"}).id}}});
  stored.apply({bobs("a", "first"), bobs("b", "harmless")});
  stored.apply({edit_of("a", "f", "third", now + 2 * minute)});
  EXPECT_THAT(texts(stored, "b"), ElementsAre("harmless"));
}

TEST(Deletion, ItsWordsLeaveTheIndexWhenThatIsCleaned) {
  Stored stored;
  stored.apply({bobs("a", "unutterable"), bobs("b", "harmless")});
  EXPECT_FALSE(good(stored.database().forget_deleted_words()));
  stored.apply({deletion("a")});
  EXPECT_TRUE(good(stored.database().forget_deleted_words()));
  EXPECT_FALSE(good(stored.database().forget_deleted_words()));
  EXPECT_THAT(stored.search("harmless"), ElementsAre("b"));
  good(stored.database().close());
  std::ifstream file(stored.directory() / "account.db", std::ios::binary);
  const std::string octets(std::istreambuf_iterator<char>(file), {});
  EXPECT_EQ(octets.find("unutterable"), std::string::npos);
}

PutRemark pinned(std::string subject, std::string author, UnixMs at, std::string value = "pinned") {
  return {{.kind = RemarkKind::pinned,
           .subject = std::move(subject),
           .author = std::move(author),
           .value = std::move(value),
           .date_ms = at,
           .rfc_id = fmt::format("pin {}", at),
           .at_ms = at}};
}

TEST(Pins, AreSoManyAsOneAnswerHolds) {
  Stored stored;
  for (const std::string id : {"a", "b", "c"})
    stored.apply({bobs(id, std::string(10'000, 'x')), pinned(id, "bob@example.net", now + (id[0] - 'a') * minute)});
  const auto chat = stored.facts_of({"a", "bob@example.net"}).chat;
  const auto few = good(stored.reader().pins(chat, {}, 25'000)).value;
  ASSERT_EQ(few.rows.size(), 2U);
  EXPECT_TRUE(few.more_after);
  const auto rest = good(stored.reader().pins(chat, {.after = few.rows.back().message.id}, 25'000)).value;
  ASSERT_EQ(rest.rows.size(), 1U);
  EXPECT_FALSE(rest.more_after);
  EXPECT_TRUE(rest.more_before);
}

TEST(Pins, C83AllThatStandAreListedTheNewestFirst) {
  Stored stored;
  stored.apply({bobs("a", "first"), bobs("b", "second", now + minute), bobs("c", "third", now + 2 * minute)});
  stored.apply({pinned("b", "bob@example.net", now + minute), pinned("a", "bob@example.net", now + 2 * minute),
                pinned("c", "mallory@example.com", now)});
  const auto list = [&] {
    std::vector<std::string> all;
    for (const auto page = good(stored.reader().pins(stored.facts_of({"a", "bob@example.net"}).chat));
         const auto& pin : page.value.rows)
      all.push_back(pin.message.text);
    return all;
  };
  EXPECT_THAT(list(), ElementsAre("first", "second"));
  EXPECT_TRUE(stored.message({"a", "bob@example.net"}).pinned);
  EXPECT_FALSE(stored.message({"c", "bob@example.net"}).pinned);
  stored.apply({pinned("a", "bob@example.net", now + 3 * minute, "")});
  EXPECT_THAT(list(), ElementsAre("second"));
  stored.apply({deletion("b")});
  EXPECT_THAT(list(), IsEmpty());
}

}  // namespace
}  // namespace coi::store
