// What the user does, sending apart; and the receipts that follow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using wire::Filter;

MessageFacts unread(Flags flags = {}, FolderRole role = FolderRole::inbox) {
  return {.id = MessageId{4},
          .key = {"chat$b1@example.net", "bob@example.net"},
          .is_chat = true,
          .wants_chat_receipt = true,
          .places = {{.place = here, .role = role, .flags = flags}}};
}

Known looking_at(std::vector<MessageFacts> fresh, AccountFacts account = alice()) {
  auto known = facts(std::move(account));
  known.chat = chat_with(bob());
  known.fresh = std::move(fresh);
  return known;
}

Plan seen(const Known& known) { return decide(MarkSeen{ChatId{3}, {}}, known, now); }

TEST(DecideSeen, TellsTheServer) {
  const auto plan = seen(looking_at({unread()}));
  EXPECT_EQ(only<SetSeen>(plan).message, MessageId{4});
  const auto told = jobs(plan, JobKind::store_seen);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_THAT(told[0].places, ElementsAre(here));
  EXPECT_TRUE(jobs(seen(looking_at({unread({Flags::seen})})), JobKind::store_seen).empty());
}

TEST(DecideSeen, C34AnswersWhoAskedOnce) {
  const auto claims = [](const Known& known) { return jobs(seen(known), JobKind::claim_receipt).size(); };
  EXPECT_EQ(claims(looking_at({unread()})), 1U);
  // $MDNSent is set: another device was first.
  EXPECT_EQ(claims(looking_at({unread({Flags::mdn_sent})})), 0U);
  auto silent = unread();
  silent.wants_chat_receipt = false;
  EXPECT_EQ(claims(looking_at({silent})), 0U);
  auto own = unread();
  own.key.from_addr = "a.smith@example.org";
  EXPECT_EQ(claims(looking_at({own})), 0U);
  auto gone = unread();
  gone.places.clear();
  EXPECT_EQ(claims(looking_at({gone})), 0U);
}

TEST(DecideSeen, C34AnswersNobodyAgainstTheUsersWill) {
  auto account = alice();
  account.receipts = false;
  EXPECT_TRUE(jobs(seen(looking_at({unread()}, account)), JobKind::claim_receipt).empty());
}

TEST(DecideSeen, StrangersAndBlockedPeopleGetNoReceipt) {
  auto known = looking_at({unread()});
  known.chat->peers.front().known = false;
  EXPECT_TRUE(jobs(seen(known), JobKind::claim_receipt).empty());
  known.chat->peers = {bob()};
  known.chat->peers.front().blocked = true;
  EXPECT_TRUE(jobs(seen(known), JobKind::claim_receipt).empty());
}

// It would tell the supposed author what they never wrote, and that it was read.
TEST(DecideSeen, C34AForgedMailGetsNoReceipt) {
  auto forged = unread();
  forged.forged = true;
  EXPECT_TRUE(jobs(seen(looking_at({forged})), JobKind::claim_receipt).empty());
  auto known = facts();
  known.message = forged;
  EXPECT_EQ(refusal(decide(AnswerReceipt{MessageId{4}}, known, now)), "nobody knows who has written this message");
}

TEST(DecideSeen, C34InAGroupThoseWhoAreInItAloneGetReceipts) {
  auto known = looking_at({unread()});
  known.chat->group = GroupFacts{.id = "AAAAbbbbCCCCddddEEEEffff"};
  known.chat->accepted = true;
  const auto claims = [&] { return jobs(seen(known), JobKind::claim_receipt).size(); };
  EXPECT_EQ(claims(), 1U);
  known.chat->peers.front().blocked = true;
  EXPECT_EQ(claims(), 0U);
  known.chat->peers.front() = {.addr = "carol@example.com", .known = true};
  EXPECT_EQ(claims(), 0U) << "who wrote it is not in it";
}

TEST(DecideSeen, D28APlainProgramsWishWaitsForTheUser) {
  auto message = unread();
  message.wants_chat_receipt = false;
  message.wants_plain_receipt = true;
  EXPECT_TRUE(jobs(seen(looking_at({message})), JobKind::claim_receipt).empty());
  auto known = facts();
  known.message = message;
  EXPECT_EQ(jobs(decide(AnswerReceipt{MessageId{4}}, known, now), JobKind::claim_receipt).size(), 1U);
}

TEST(DecideSeen, C87WhatWasReadLeavesTheInboxInSeenMode) {
  const auto moved = jobs(seen(looking_at({unread()}, alice(Filter::seen))), JobKind::move);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].role, FolderRole::chats);
  EXPECT_TRUE(jobs(seen(looking_at({unread({}, FolderRole::chats)}, alice(Filter::seen))), JobKind::move).empty());
  EXPECT_TRUE(jobs(seen(looking_at({unread()}, alice(Filter::none))), JobKind::move).empty());
}

TEST(DecideSeen, RefusesAChatThatIsNotThere) { EXPECT_EQ(refusal(seen(facts())), "no such chat"); }

TEST(DecideAnswer, RefusesWhatDidNotAsk) {
  auto known = facts();
  EXPECT_EQ(refusal(decide(AnswerReceipt{MessageId{4}}, known, now)), "there is no message 4");
  known.message = unread();
  known.message->wants_chat_receipt = false;
  EXPECT_EQ(refusal(decide(AnswerReceipt{MessageId{4}}, known, now)), "the message asks for no receipt");
  known.message->outgoing = true;
  EXPECT_EQ(refusal(decide(AnswerReceipt{MessageId{4}}, known, now)), "the message is your own");
}

TEST(DecideAnswer, RefusesWhatCannotBeAnsweredAnyMore) {
  auto known = facts();
  known.message = unread();
  ASSERT_EQ(refusal(decide(AnswerReceipt{MessageId{4}}, known, now)), "");
  known.message->places.front().flags.bits |= Flags::mdn_sent;
  EXPECT_EQ(refusal(decide(AnswerReceipt{MessageId{4}}, known, now)), "a receipt for this message was sent before");
  known.message->places.clear();
  EXPECT_EQ(refusal(decide(AnswerReceipt{MessageId{4}}, known, now)), "the message is no longer on the server");
}

Known claiming() {
  auto known = facts();
  known.job = JobFacts{.id = JobId{6}, .kind = JobKind::claim_receipt, .message = MessageId{4}, .places = {here}};
  known.message = unread();
  return known;
}

TEST(DecideJob, C37WhoSetTheKeywordSendsTheReceipt) {
  const auto plan =
      decide(JobDone{.job = JobId{6}, .done = true, .claimed = true, .rfc_id = "chat$r@example.org"}, claiming(), now);
  const auto receipt = only<PutOutgoing>(plan);
  EXPECT_EQ(receipt.kind, PutOutgoing::Kind::report);
  EXPECT_EQ(receipt.key.rfc_id, "chat$r@example.org");
  EXPECT_THAT(receipt.recipients, ElementsAre("bob@example.net"));
  EXPECT_EQ(receipt.tree.type, "multipart/report");
  EXPECT_EQ(only<EndJob>(plan).job, JobId{6});
}

TEST(DecideJob, C37WhoCameSecondSendsNone) {
  const auto plan = decide(JobDone{.job = JobId{6}, .done = true, .claimed = false}, claiming(), now);
  EXPECT_TRUE(all<PutOutgoing>(plan).empty());
  EXPECT_TRUE(only<SetFlags>(plan).flags.has(Flags::mdn_sent));
}

TEST(DecideJob, WhoWasBlockedMeanwhileGetsNoReceipt) {
  auto known = claiming();
  known.peer->blocked = true;
  const auto plan = decide(JobDone{.job = JobId{6}, .done = true, .claimed = true, .rfc_id = "r@x"}, known, now);
  EXPECT_TRUE(all<PutOutgoing>(plan).empty());
  EXPECT_TRUE(only<SetFlags>(plan).flags.has(Flags::mdn_sent)) << "so it is on the server";
  EXPECT_EQ(only<EndJob>(plan).job, JobId{6});
}

TEST(DecideJob, AForgedMailsReceiptIsNotSent) {
  auto known = claiming();
  known.message->forged = true;
  const JobDone done{.job = JobId{6}, .done = true, .claimed = true, .rfc_id = "r@x"};
  EXPECT_TRUE(all<PutOutgoing>(decide(done, known, now)).empty());
}

TEST(DecideJob, WhatDidNotWorkIsTriedAgainAndGivenUpInTheEnd) {
  auto known = claiming();
  const JobDone later{.job = JobId{6}, .reason = "try later"};
  const auto plan = decide(later, known, now);
  EXPECT_EQ(only<DelayJob>(plan).attempts, 1);
  EXPECT_EQ(only<DelayJob>(plan).next_ms, now + retry_pause(1));
  EXPECT_EQ(only<DelayJob>(plan).reason, "try later");
  EXPECT_TRUE(all<PutOutgoing>(plan).empty());
  known.job->attempts = 9;
  EXPECT_EQ(all<EndJob>(decide(later, known, now)).size(), 1U);
  known.job->attempts = 0;
  EXPECT_EQ(all<EndJob>(decide(JobDone{.job = JobId{6}, .hopeless = true}, known, now)).size(), 1U);
}

TEST(DecideJob, C28WhatWasMovedBeforeItCouldBeRemovedIsRemovedWhereItLies) {
  const Place there{FolderId{2}, 88, 9};
  auto known = claiming();
  known.job->kind = JobKind::remove_mail;
  known.message->deleted = true;
  known.message->places = {{.place = here}, {.place = there}};
  const auto removals = [&](const JobDone& done) { return jobs(decide(done, known, now), JobKind::remove_mail); };
  ASSERT_EQ(removals({.job = JobId{6}, .hopeless = true}).size(), 1U);
  EXPECT_THAT(removals({.job = JobId{6}, .hopeless = true})[0].places, ElementsAre(there));
  EXPECT_TRUE(removals({.job = JobId{6}, .done = true}).empty());
}

// The copy may be marked as deleted by now, and must not stay so.
TEST(DecideJob, ACopyToRemoveIsNotGivenUpBeforeTheServerHasSaid) {
  auto known = claiming();
  known.job->kind = JobKind::remove_copy;
  known.job->attempts = 9;
  const auto plan = decide(JobDone{.job = JobId{6}, .reason = "try later"}, known, now);
  EXPECT_TRUE(all<EndJob>(plan).empty());
  EXPECT_EQ(only<DelayJob>(plan).attempts, 10);
  EXPECT_EQ(only<DelayJob>(plan).next_ms, now + retry_pause(10));
  EXPECT_EQ(all<EndJob>(decide(JobDone{.job = JobId{6}, .hopeless = true}, known, now)).size(), 1U);
  EXPECT_EQ(all<EndJob>(decide(JobDone{.job = JobId{6}, .done = true}, known, now)).size(), 1U);
}

TEST(DecideJob, AMovedMailLiesWhereTheServerSays) {
  auto known = claiming();
  known.job->kind = JobKind::move;
  const Place there{FolderId{2}, 88, 9};
  const auto moved =
      only<MovePlaces>(decide(JobDone{.job = JobId{6}, .done = true, .from = {here}, .to = {there}}, known, now));
  EXPECT_THAT(moved.from, ElementsAre(here));
  EXPECT_THAT(moved.to, ElementsAre(there));
}

TEST(DecideJob, C89TheFiledCopyIsKnownAtItsPlace) {
  auto known = claiming();
  known.job->kind = JobKind::file_copy;
  const auto place = only<PutPlace>(decide(JobDone{.job = JobId{6}, .done = true, .to = {here}}, known, now));
  EXPECT_EQ(place.place, here);
  EXPECT_TRUE(place.flags.has(Flags::seen));
  EXPECT_TRUE(place.flags.has(Flags::chat));
}

TEST(DecideJob, TheFiledCopyOfAControlMailIsDoneAtItsPlace) {
  auto known = claiming();
  known.job->kind = JobKind::file_copy;
  known.job->message = {};
  known.message.reset();
  // It never was the provider's to file: what is known of that stays.
  known.account.server_files_copies = true;
  const auto plan = decide(JobDone{.job = JobId{6}, .done = true, .to = {here}, .appended = true}, known, now);
  EXPECT_EQ(only<PutTombstone>(plan).place, here);
  EXPECT_TRUE(all<PutCopiesFiled>(plan).empty());
}

TEST(DecideJob, C89ACopyThatTheServerDidNotFileIsFiledHereFromNowOn) {
  auto known = claiming();
  known.job->kind = JobKind::file_copy;
  known.account.server_files_copies = true;
  const JobDone appended{.job = JobId{6}, .done = true, .to = {here}, .appended = true};
  EXPECT_FALSE(only<PutCopiesFiled>(decide(appended, known, now)).by_server);
  EXPECT_TRUE(all<PutCopiesFiled>(decide(JobDone{.job = JobId{6}, .done = true}, known, now)).empty());
  known.account.server_files_copies = false;
  EXPECT_TRUE(all<PutCopiesFiled>(decide(appended, known, now)).empty());
}

TEST(DecideJob, OfAJobThatIsGoneNothingFollows) {
  EXPECT_TRUE(decide(JobDone{.job = JobId{6}, .done = true}, facts(), now).operations.empty());
}

TEST(DecideChat, C90TheFolderForBlockedPeopleIsMadeOnTheFirstBlock) {
  auto known = looking_at({});
  const auto plan = decide(ChangeChat{.chat = ChatId{3}, .blocked = true}, known, now);
  EXPECT_EQ(only<PatchChat>(plan).blocked, true);
  EXPECT_EQ(only<PutJob>(plan).kind, JobKind::make_folder);
  EXPECT_EQ(only<PutJob>(plan).role, FolderRole::blocked);
  EXPECT_TRUE(all<PutJob>(decide(ChangeChat{.chat = ChatId{3}, .blocked = false}, known, now)).empty());
  EXPECT_TRUE(all<PutJob>(decide(ChangeChat{.chat = ChatId{3}, .muted_until = now}, known, now)).empty());
  EXPECT_EQ(refusal(decide(ChangeChat{.chat = ChatId{3}}, facts(), now)), "no such chat");
}

TEST(DecideChat, NobodyAcceptsOrBlocksThemselves) {
  auto known = looking_at({});
  known.chat->ref = WithSelf{};
  for (const auto& change :
       {ChangeChat{.chat = ChatId{3}, .accepted = true}, ChangeChat{.chat = ChatId{3}, .blocked = true},
        ChangeChat{.chat = ChatId{3}, .blocked = false}}) {
    const auto plan = decide(change, known, now);
    EXPECT_EQ(refusal(plan), "the chat is with nobody but yourself");
    EXPECT_TRUE(plan.operations.empty());
  }
  EXPECT_EQ(only<PatchChat>(decide(ChangeChat{.chat = ChatId{3}, .pinned = true}, known, now)).pinned, true);
}

Known inbox_of(std::vector<PlaceFacts> places, AccountFacts account = alice()) {
  auto known = facts(std::move(account));
  known.in_inbox = std::move(places);
  return known;
}

PlaceFacts chat_at(std::uint32_t uid, Flags flags = {}) {
  return {.place = {FolderId{1}, 77, uid},
          .role = FolderRole::inbox,
          .flags = flags,
          .message = MessageId{uid},
          .chat = true};
}

TEST(DecideAlias, JoinsAndPartsWhatTheUserNames) {
  auto known = facts();
  const auto one = [](const Plan& plan) { return all<PutAlias>(plan).at(0); };
  const auto joined = one(decide(SetAlias{"bob@example.net", "bob@example.com"}, known, now));
  EXPECT_EQ(joined.alias, "bob@example.com");
  EXPECT_EQ(joined.addr, "bob@example.net");
  known.addresses = {"bob@example.com", "bob@example.net"};
  EXPECT_TRUE(decide(SetAlias{"bob@example.net", "bob@example.com"}, known, now).operations.empty()) << "it is so";
  const auto parted = one(decide(SetAlias{"bob@example.net", "bob@example.com", false}, known, now));
  EXPECT_EQ(parted.alias, "bob@example.com");
  EXPECT_EQ(parted.addr, "");
}

TEST(DecideAlias, RefusesWhatCannotBe) {
  const auto refused = [](SetAlias wish) { return refusal(decide(wish, facts(), now)); };
  EXPECT_EQ(refused({"bob@example.net", "bob@example.net"}), "that is one address, not two");
  EXPECT_EQ(refused({"bob@example.net", "alice@example.org"}), "alice@example.org is your own address");
  EXPECT_EQ(refused({"alice@example.org", "bob@example.net"}), "alice@example.org is your own address");
  EXPECT_EQ(refused({"bob@example.net", "eve@example.com", false}),
            "eve@example.com and bob@example.net are not one person");
}

TEST(DecideFilter, C87WhatCameBeforeTheWishIsSortedToo) {
  const auto moved = [](Filter filter) {
    auto blocked = chat_at(4, {Flags::seen});
    blocked.blocked = true;
    const auto plan =
        decide(SetFilter{filter}, inbox_of({chat_at(1), chat_at(2, {Flags::seen}), chat_at(3), blocked}), now);
    EXPECT_EQ(only<PutFilter>(plan).filter, filter);
    std::vector<std::uint32_t> uids;
    for (const auto& job : jobs(plan, JobKind::move))
      for (const auto& place : job.places) uids.push_back(place.uid);
    return uids;
  };
  EXPECT_THAT(moved(Filter::active), ElementsAre(1, 2, 3));
  EXPECT_THAT(moved(Filter::seen), ElementsAre(2));
  EXPECT_THAT(moved(Filter::none), ElementsAre());
}

TEST(DecideFilter, C87ACoiServerIsToldInstead) {
  auto account = alice();
  account.coi_server = true;
  const auto plan = decide(SetFilter{Filter::active}, inbox_of({chat_at(1)}, account), now);
  EXPECT_EQ(only<PutJob>(plan).kind, JobKind::set_filter);
}

}  // namespace
}  // namespace coi::chat
