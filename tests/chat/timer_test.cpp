// Disappearing messages: what mails say about them, and what is decided.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/timer.h"
#include "mails.h"
#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr auto of_coi = "Message-ID: <chat$1@example.net>\nChat-Version: 1.0\n";
constexpr auto of_delta = "Message-ID: <1@example.net>\nChat-Version: 1.0\n";
constexpr auto of_nobody = "Message-ID: <1@example.net>\n";

std::optional<std::uint32_t> timer_of(const std::string& fields) { return read_text(from_bob(fields)).timer; }

TEST(ReadTimer, D27ANumberOfSecondsIsRead) {
  EXPECT_EQ(timer_of(std::string(of_coi) + "Ephemeral-Timer: 3600\n"), 3600U);
  EXPECT_EQ(timer_of(std::string(of_delta) + "Ephemeral-Timer: 4294967295\n"), 4294967295U);
}

TEST(ReadTimer, D27P14WithoutTheFieldOnlyDeltaSaysSomething) {
  EXPECT_EQ(timer_of(of_delta), 0U);
  EXPECT_EQ(timer_of(of_coi), std::nullopt);
  EXPECT_EQ(timer_of(of_nobody), std::nullopt);
  EXPECT_EQ(timer_of(std::string(of_nobody) + "Ephemeral-Timer: 60\n"), std::nullopt) << "no chat program wrote it";
}

TEST(ReadTimer, WhatIsNoNumberIsNone) {
  for (const auto* value : {"-1", "1h", "4294967296", "", "1 2", "0x10"}) {
    EXPECT_EQ(timer_of(std::string(of_coi) + "Ephemeral-Timer: " + value + "\n"), std::nullopt) << value;
    EXPECT_EQ(timer_of(std::string(of_delta) + "Ephemeral-Timer: " + value + "\n"), 0U) << value;
  }
}

TEST(ReadTimer, NobodyIsBelievedWhomTheServerDenies) {
  const auto content =
      read_text("Authentication-Results: mx; dmarc=fail header.from=example.net\n" +
                from_bob(std::string(of_coi) + "Chat-Content: ephemeral-timer-changed\nEphemeral-Timer: 60\n"));
  ASSERT_TRUE(content.disowned);
  EXPECT_EQ(content.timer, std::nullopt);
  EXPECT_EQ(content.letter.value().notice.code, "") << "its words are shown";
}

TEST(ReadTimer, D05DeltasNoticesAreRead) {
  const auto on = read_sample("delta/decrypted/31_enc_ephemeral_timer.inner.eml");
  EXPECT_EQ(on.timer, 3600U);
  EXPECT_EQ(on.letter.value().notice, timer_notice(3600));
  const auto off = read_sample("delta/decrypted/33_enc_ephemeral_off.inner.eml");
  EXPECT_EQ(off.timer, 0U);
  EXPECT_EQ(off.letter.value().notice, timer_notice(0));
}

TEST(ReadTimer, D05ANoticeWithoutTheFieldSaysOffWhoeverWroteIt) {
  EXPECT_EQ(timer_of(std::string(of_coi) + "Chat-Content: ephemeral-timer-changed\n"), 0U);
}

TEST(TimerWords, P14SayThatNotAllProgramsSupportIt) {
  EXPECT_EQ(timer_words(86'400), "Messages disappear after 1 day in programs that support it.");
  EXPECT_EQ(timer_words(5400), "Messages disappear after 90 minutes in programs that support it.");
  EXPECT_EQ(timer_words(1), "Messages disappear after 1 second in programs that support it.");
  EXPECT_EQ(timer_words(2 * 604'800), "Messages disappear after 2 weeks in programs that support it.");
  EXPECT_EQ(timer_words(0), "Messages no longer disappear.");
}

TEST(Expiry, D27StartsAtSendingForTheSenderAndAtTheFirstViewForOthers) {
  EXPECT_EQ(expiry(60, {.outgoing = true, .sent_ms = now, .arrived_ms = now + 5}), now + minute);
  EXPECT_EQ(expiry(60, {.sent_ms = now, .arrived_ms = now}), 0) << "not seen";
  const auto later = now + day;
  EXPECT_EQ(expiry(60, {.arrived_ms = now, .here_ms = later, .receipt_ms = now + 1, .noticed_ms = now + 2}),
            now + 1 + minute)
      << "on another device, earlier";
  EXPECT_EQ(expiry(60, {.arrived_ms = now, .here_ms = later}), later + minute);
  EXPECT_EQ(expiry(60, {.arrived_ms = now, .receipt_ms = later, .noticed_ms = now + 2}), later + minute);
  EXPECT_EQ(expiry(60, {.arrived_ms = now, .noticed_ms = later}), later + minute);
  EXPECT_EQ(expiry(0, {.outgoing = true, .sent_ms = now}), 0);
  EXPECT_EQ(expiry(60, {.arrived_ms = now, .receipt_ms = 1}), now + minute) << "seen before it came: a lie";
  EXPECT_EQ(expiry(4294967295U, {.outgoing = true, .sent_ms = now}), now + 4294967295'000);
}

ChatFacts timed(std::uint32_t seconds, PeerFacts peer = bob()) {
  auto chat = chat_with(std::move(peer));
  chat.timer = seconds;
  chat.timer_ms = now - day;
  return chat;
}

Plan set(const ChatFacts& chat, std::optional<std::uint32_t> seconds, std::optional<bool> removes = {}) {
  auto known = facts();
  known.chat = chat;
  return decide(
      SetTimer{.chat = chat.id, .seconds = seconds, .removes_copies = removes, .rfc_id = "chat$t@example.org"}, known,
      now);
}

TEST(SetTimer, D27TellsAllAndStandsInTheChat) {
  const auto plan = set(timed(0), 86'400);
  const auto notice = only<PutMessage>(plan);
  EXPECT_EQ(notice.notice, timer_notice(86'400));
  EXPECT_EQ(notice.timer, 86'400U);
  const auto sent = only<PutOutgoing>(plan);
  EXPECT_THAT(sent.recipients, ElementsAre("bob@example.net"));
  const auto mail = written(sent.tree);
  EXPECT_THAT(mail, HasSubstr("Chat-Content: ephemeral-timer-changed\r\n"));
  EXPECT_THAT(mail, HasSubstr("Ephemeral-Timer: 86400\r\n"));
  EXPECT_THAT(mail, HasSubstr("Messages disappear after 1 day in programs that support it."));
  const auto content = read_text(mail);
  EXPECT_EQ(content.timer, 86'400U);
  EXPECT_EQ(content.letter.value().notice, notice.notice);
}

TEST(SetTimer, OffIsSaidInTheFieldToo) {
  const auto mail = written(only<PutOutgoing>(set(timed(60), 0)).tree);
  EXPECT_THAT(mail, HasSubstr("Ephemeral-Timer: 0\r\n"));
  EXPECT_EQ(read_text(mail).timer, 0U);
}

TEST(SetTimer, P04InformsPeopleWithPlainProgramsToo) {
  const auto plan = set(timed(0, {.addr = "carol@example.com", .peer_class = PeerClass::plain, .known = true}), 60);
  EXPECT_THAT(only<PutOutgoing>(plan).recipients, ElementsAre("carol@example.com"));
}

TEST(SetTimer, IsNewerThanTheLastChangeEvenByASlowClock) {
  auto chat = timed(60);
  chat.timer_ms = now + 2 * minute;
  EXPECT_GT(only<PutMessage>(set(chat, 0)).date_ms, chat.timer_ms);
  chat.timer_ms = now + 90 * day;
  EXPECT_LE(only<PutMessage>(set(chat, 0)).date_ms, now + day + 1000) << "that was a mistake";
}

TEST(SetTimer, WhatIsSoAlreadyIsRefused) {
  EXPECT_THAT(refusal(set(timed(60), 60)), HasSubstr("already"));
  EXPECT_THAT(refusal(set(timed(0), 0)), HasSubstr("do not disappear"));
  EXPECT_NE(refusal(set(timed(0), {})), "");
}

TEST(SetTimer, ConsentIsForChatsThatWereAccepted) {
  EXPECT_EQ(only<PatchChat>(set(timed(60), {}, true)).removes_expired, true);
  EXPECT_THAT(all<PutOutgoing>(set(timed(60), {}, true)), IsEmpty()) << "nobody is told";
  auto request = timed(60);
  request.accepted = false;
  EXPECT_NE(refusal(set(request, {}, true)), "");
  EXPECT_EQ(only<PatchChat>(set(request, {}, false)).removes_expired, false);
}

TEST(Timer, D27StandsOnEveryMailOfTheChat) {
  auto known = facts();
  known.chat = timed(60);
  const auto plan = decide(SendMessage{.chat = ChatId{3}, .text = "Hi", .rfc_id = "chat$m@example.org"}, known, now);
  EXPECT_EQ(only<PutMessage>(plan).timer, 60U);
  EXPECT_THAT(written(only<PutOutgoing>(plan).tree), HasSubstr("Ephemeral-Timer: 60\r\n"));
  known.message = MessageFacts{.id = MessageId{4}, .key = {"chat$a@example.org", "bob@example.net"}, .chat = ChatId{3}};
  known.versions = {*known.message};
  const auto reaction =
      decide(React{.message = MessageId{4}, .emoji = "👍", .rfc_id = "chat$r@example.org"}, known, now);
  EXPECT_THAT(written(only<PutOutgoing>(reaction).tree), HasSubstr("Ephemeral-Timer: 60\r\n"));
  const auto pin = decide(PinMessage{.message = MessageId{4}, .rfc_id = "chat$p@example.org"}, known, now);
  EXPECT_THAT(written(only<PutOutgoing>(pin).tree), HasSubstr("Ephemeral-Timer: 60\r\n"));
  known.chat = timed(0);
  const auto without = decide(SendMessage{.chat = ChatId{3}, .text = "Hi", .rfc_id = "chat$m@example.org"}, known, now);
  EXPECT_EQ(only<PutMessage>(without).timer, std::nullopt);
  EXPECT_THAT(written(only<PutOutgoing>(without).tree), Not(HasSubstr("Ephemeral-Timer")));
}

MessageFacts expired_message(bool outgoing) {
  MessageFacts message{.id = MessageId{4}, .key = {"chat$a@example.org", "bob@example.net"}, .outgoing = outgoing};
  message.timer = 60;
  message.places = {{.place = here, .role = FolderRole::inbox},
                    {.place = {FolderId{3}, 7, 1}, .role = FolderRole::sent}};
  return message;
}

std::vector<Place> removed_places(const Plan& plan) {
  std::vector<Place> places;
  for (const auto& job : jobs(plan, JobKind::remove_mail))
    places.insert(places.end(), job.places.begin(), job.places.end());
  return places;
}

Plan tick(MessageFacts message) {
  auto known = facts();
  known.expired = {{std::move(message)}};
  return decide(Tick{}, known, now);
}

TEST(Tick, P13WhatIsOverGoesHereAndOfTheServerOnlyWhatWeMade) {
  const auto theirs = tick(expired_message(false));
  EXPECT_THAT(only<RemoveMessages>(theirs).messages, ElementsAre(MessageId{4}));
  EXPECT_TRUE(only<RemoveMessages>(theirs).expired);
  EXPECT_THAT(removed_places(theirs), IsEmpty()) << "the user has not agreed";
  EXPECT_THAT(removed_places(tick(expired_message(true))), ElementsAre(Place{FolderId{3}, 7, 1}))
      << "what lies in the inbox may be forged";
  auto written_here = expired_message(true);
  written_here.outgoing_mail.emplace();
  EXPECT_THAT(removed_places(tick(written_here)), SizeIs(2));
}

TEST(Tick, P13WhatItsServerDeniesStaysThere) {
  auto forged = expired_message(true);
  forged.forged = true;
  EXPECT_THAT(removed_places(tick(forged)), IsEmpty());
}

TEST(Tick, CopiesOfOthersGoWhereTheUserAgreedAndTheMailCarriedATimer) {
  auto theirs = expired_message(false);
  theirs.copies_may_go = true;
  EXPECT_THAT(removed_places(tick(theirs)), SizeIs(2));
  theirs.timer = 0;  // an edit without one
  EXPECT_THAT(removed_places(tick(theirs)), IsEmpty());
}

}  // namespace
}  // namespace coi::chat
