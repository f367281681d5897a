// Which poll a vote means, what it comes to, and that it does not matter what came first.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include <algorithm>

#include "store/details.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const std::string film_id = "Film-poll-000001";
const std::string bob = "bob@example.net", carol = "carol@example.com";

PutMessage poll_by(const std::string& author, std::string rfc_id, UnixMs at = now, std::string id = film_id) {
  auto message = bobs(std::move(rfc_id), "Which film?\n1. Alien\n2. Dune", at, author);
  message.kind = MessageKind::poll;
  message.details.poll =
      Poll{.id = std::move(id), .question = "Which film?", .options = {{.label = "Alien"}, {.label = "Dune"}}};
  return message;
}

PutRemark vote(std::string value, std::string about = "", std::string subject = film_id, bool by_us = false,
               std::string rfc_id = "v@x", UnixMs at = now) {
  return {{.kind = RemarkKind::vote,
           .subject = std::move(subject),
           .author = by_us ? "alice@example.org" : bob,
           .about = std::move(about),
           .value = std::move(value),
           .date_ms = at,
           .rfc_id = std::move(rfc_id),
           .at_ms = at,
           .by_us = by_us}};
}

PutRemark closing(std::string author, std::string value, UnixMs at = now + minute) {
  auto put = vote(std::move(value), "p@x", film_id, false, "c@x", at);
  put.remark.kind = RemarkKind::poll_closed;
  put.remark.author = std::move(author);
  return put;
}

PutMessage notice_by(const std::string& author) {
  auto message = bobs("c@x", "Poll closed: Which film?", now + minute, author);
  message.kind = MessageKind::notice;
  message.notice = {.code = "poll_closed", .params = {{"question", "Which film?"}}};
  message.in_reply_to = "p@x";
  return message;
}

std::vector<std::uint32_t> votes(Stored& stored, const MessageKey& key) {
  std::vector<std::uint32_t> counts;
  const auto row = stored.message(key);
  for (const auto& option : row.poll.value().options) counts.push_back(option.votes);
  return counts;
}

TEST(StoredPolls, P17ReadBackAsTheyWereWritten) {
  Poll poll{.id = film_id,
            .question = "a\\n=\tb",
            .description = "one\ntwo\\three",
            .closes = now,
            .multiple = false,
            .revote = false};
  poll.options = {{.label = "tab\there = \\"},
                  {.kind = PollOption::Kind::date, .label = "Monday", .value = "2026-11-30"},
                  {.kind = PollOption::Kind::file, .label = "", .file = 3}};
  Details details{.forwarded = true, .poll = poll};
  EXPECT_EQ(details_of(details_text(details)), details);
  EXPECT_EQ(details_of("poll_option=9\t0\t\tx\npoll_closes_ms=-1\npoll=x").poll, Poll{.id = "x"});
}

TEST(StoredPolls, P21EarlyVotesWaitForThePoll) {
  std::vector<Operation> all = {poll_by(bob, "p@x"), vote("1", "p@x"),
                                vote("2", "", "p@x", true, "w@x"),  // P-23, by the mail that it answers
                                closing("eve@example.com", "5,5")};
  std::vector<std::size_t> order = {0, 1, 2, 3};
  std::string first;
  do {
    Stored stored;
    for (const auto at : order) stored.apply({all[at]});
    EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(1, 1));
    EXPECT_THAT(stored.message({"p@x", bob}).poll->own, ElementsAre(2));
    EXPECT_FALSE(stored.message({"p@x", bob}).poll->closed_ms);
    if (first.empty()) first = stored.dump();
    EXPECT_EQ(stored.dump(), first);
  } while (std::ranges::next_permutation(order).found);
}

TEST(StoredPolls, P21OfTwoWithOneIdTheAnsweredOneIsMeantElseTheEarliest) {
  for (const bool swapped : {false, true}) {
    Stored stored;
    const auto real = poll_by(bob, "p@x"), copied = poll_by(carol, "q@x", now + minute);
    stored.apply({swapped ? copied : real});
    stored.apply({vote("1", "p@x"), vote("2", "q@x", film_id, true, "w@x")});
    stored.apply({swapped ? real : copied});
    EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(1, 0));
    EXPECT_THAT(votes(stored, {"q@x", carol}), ElementsAre(0, 1));
    stored.apply({vote("1,2", "never@x", film_id, true, "w2@x", now + second)});
    EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(2, 1)) << "the mail that it answers is not here";
  }
}

// Whoever makes another poll with the id of one that is gone does not get what was chosen there.
TEST(StoredPolls, P21WhatAnswersAnotherPollOrADeletedOneMeansNoOther) {
  Stored stored;
  stored.apply({poll_by(bob, "p@x"), poll_by(bob, "q@x", now + 1000), vote("1", "p@x")});
  EXPECT_THAT(votes(stored, {"q@x", bob}), ElementsAre(0, 0));
  const auto changes = stored.apply(
      {PutRemark{{.kind = RemarkKind::deleted, .subject = "p@x", .author = bob, .rfc_id = "d", .at_ms = now}}});
  EXPECT_TRUE(changes.changed.contains(stored.facts_of({"q@x", bob}).id));
  EXPECT_THAT(votes(stored, {"q@x", bob}), ElementsAre(0, 0));
}

TEST(StoredPolls, AForgedOneTakesNoVotesFromTheRealOne) {
  Stored stored;
  auto forged = poll_by(bob, "p@x", now - minute);
  forged.forged = true;
  forged.text = "Which film?\n1. Dune\n2. Alien";
  stored.apply({forged, poll_by(bob, "p@x"), vote("1", "p@x")});
  std::vector<std::vector<std::uint32_t>> counts;
  for (const auto& facts : stored.find(FindMessages{{"p@x", bob}})) {
    counts.emplace_back();
    const auto row = stored.message(facts.id);
    for (const auto& option : row.poll.value().options) counts.back().push_back(option.votes);
  }
  EXPECT_THAT(counts, testing::UnorderedElementsAre(ElementsAre(0, 0), ElementsAre(1, 0)));
}

TEST(StoredPolls, P22AVoteBySomebodyWhoHasLeftIsNone) {
  Stored stored;
  auto poll = poll_by("carol@example.com", "p@x");
  poll.chat = InGroup{"group"};
  stored.apply({said_of_group(carol, {{carol, now}, {bob, now}, {"alice@example.org", now}}, {}, now), poll,
                vote("1", "p@x", film_id, false, "v1@x", now + minute)});
  stored.apply({said_of_group(carol, {}, {{bob, now + 2 * minute}}, now + 2 * minute)});
  EXPECT_THAT(votes(stored, {"p@x", carol}), ElementsAre(1, 0)) << "he was in it then";
  stored.apply({vote("2", "p@x", film_id, false, "v2@x", now + 3 * minute)});
  EXPECT_THAT(votes(stored, {"p@x", carol}), ElementsAre(1, 0));
}

TEST(StoredPolls, P23AVoteInWordsGoesWithThem) {
  Stored stored;
  auto words = bobs("w@x", "1", now + 1000);
  words.in_reply_to = "p@x";
  stored.apply({poll_by(bob, "p@x"), words, vote("1", "", "p@x", false, "w@x")});
  EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(1, 0));
  const auto changes = stored.apply(
      {PutRemark{{.kind = RemarkKind::deleted, .subject = "w@x", .author = bob, .rfc_id = "d", .at_ms = now}}});
  EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(0, 0));
  EXPECT_TRUE(changes.changed.contains(stored.facts_of({"p@x", bob}).id));
}

// By a mail of their own with its id, which they take back.
TEST(StoredPolls, NobodyTakesBackAnothersVote) {
  Stored stored;
  stored.apply({poll_by(bob, "p@x"), vote("1", "p@x"), bobs("v@x", "same id", now, "mallory@example.com")});
  stored.apply({PutRemark{
      {.kind = RemarkKind::deleted, .subject = "v@x", .author = "mallory@example.com", .rfc_id = "d", .at_ms = now}}});
  EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(1, 0));
}

TEST(StoredPolls, P24ACloseStaysWhenItsLineIsRemovedHere) {
  Stored stored;
  stored.apply({poll_by(bob, "p@x"), notice_by(bob), closing(bob, "4,1;4")});
  stored.apply({RemoveMessages{{stored.facts_of({"c@x", bob}).id}}});
  EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(4, 1));
  EXPECT_TRUE(stored.message({"p@x", bob}).poll->closed_ms);
}

// Whatever mail a vote says that it answers, it is one of the 64 that are kept of one author.
TEST(StoredPolls, VotesOfOneAuthorAreBounded) {
  Stored stored;
  stored.apply({poll_by(bob, "p@x")});
  for (int i = 0; i < 200; ++i)
    stored.apply({vote("1", fmt::format("r{}@x", i), film_id, false, fmt::format("v{}@x", i), now + i * 1000)});
  EXPECT_LE(stored.find(FindPollSaid{stored.facts_of({"p@x", bob}).id}).remarks.size(), 65U);
}

TEST(StoredPolls, AVoteTellsFrontEndsOfThePoll) {
  Stored stored;
  stored.apply({poll_by(bob, "p@x")});
  const auto id = stored.facts_of({"p@x", bob}).id;
  EXPECT_TRUE(stored.apply({vote("1", "p@x")}).changed.contains(id));
}

TEST(StoredPolls, P22BothAddressesOfOnePersonHaveOneBallot) {
  Stored stored;
  stored.apply({poll_by(bob, "p@x"), vote("1", "p@x")});
  auto other = vote("2", "p@x", film_id, false, "v2@x", now + second);
  other.remark.author = "bob@old.example";
  stored.apply({bobs("o@x", "from the old one", now, "bob@old.example"), other});
  EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(1, 0)) << "somebody else";
  stored.apply({PutAlias{.alias = "bob@old.example", .addr = bob}});
  EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(0, 1));
}

TEST(StoredPolls, P24TheAuthorsCloseIsANoticeAnothersAreWords) {
  Stored stored;
  stored.apply({notice_by(bob)});
  EXPECT_EQ(stored.message({"c@x", bob}).kind, MessageKind::text) << "of a poll that is not here";
  stored.apply({poll_by(bob, "p@x"), closing(bob, "4,1;4")});
  EXPECT_EQ(stored.message({"c@x", bob}).kind, MessageKind::notice);
  EXPECT_THAT(votes(stored, {"p@x", bob}), ElementsAre(4, 1));
  Stored other;
  auto own = poll_by("alice@example.org", "p@x");
  own.chat = WithPerson{bob};
  own.outgoing = true;
  other.apply({own, notice_by(bob), closing(bob, "4,1;4")});
  EXPECT_EQ(other.message({"c@x", bob}).kind, MessageKind::text);
  EXPECT_THAT(votes(other, own.key), ElementsAre(0, 0));
}

TEST(StoredPolls, P18AnEditOfAPollChangesNothing) {
  for (const bool early : {false, true}) {
    Stored stored;
    auto edit = bobs("e@x", "Which one?", now + minute);
    edit.edits = "p@x";
    if (early) stored.apply({edit});
    stored.apply({poll_by(bob, "p@x")});
    if (!early) stored.apply({edit});
    const auto row = stored.message({"p@x", bob});
    EXPECT_FALSE(row.edited);
    EXPECT_EQ(row.details.poll.value().question, "Which film?");
    EXPECT_EQ(row.text, "Which film?\n1. Alien\n2. Dune");
  }
}

TEST(StoredPolls, ADeletedPollIsNone) {
  Stored stored;
  stored.apply({poll_by(bob, "p@x"), vote("1", "p@x")});
  stored.apply({PutRemark{
      {.kind = RemarkKind::deleted, .subject = "p@x", .author = bob, .date_ms = now, .rfc_id = "d@x", .at_ms = now}}});
  const auto row = stored.message({"p@x", bob});
  EXPECT_TRUE(row.deleted);
  EXPECT_FALSE(row.poll);
}

}  // namespace
}  // namespace coi::store
