// What the user says about messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr UnixMs second = 1000;

Known about_bobs_message(PeerFacts peer = bob()) {
  auto known = facts();
  known.message = MessageFacts{.id = MessageId{4}, .key = {"chat$b1@example.net", "bob@example.net"}, .is_chat = true};
  known.chat = chat_with(std::move(peer));
  return known;
}

Plan react(const Known& known, const std::string& emoji = "👍", bool to_plain = false) {
  return decide(React{.message = MessageId{4}, .emoji = emoji, .to_plain = to_plain, .rfc_id = "chat$r@example.org"},
                known, now);
}

Remark reacted(UnixMs date, bool by_us = true) {
  return {.kind = RemarkKind::reaction, .value = "👍", .date_ms = date, .at_ms = now, .by_us = by_us};
}

TEST(DecideReact, D23SaysItToTheChatProgramOfThePeer) {
  const auto plan = react(about_bobs_message());
  const auto remark = only<PutRemark>(plan).remark;
  EXPECT_EQ(remark.subject, "chat$b1@example.net");
  EXPECT_EQ(remark.value, "👍");
  EXPECT_TRUE(remark.by_us);
  const auto mail = only<PutOutgoing>(plan);
  EXPECT_EQ(mail.kind, PutOutgoing::Kind::control);
  EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net"));
}

// Whatever becomes of its way to the peer, the own devices learn it.
TEST(DecideReact, P05TheCopyIsFiledAtOnceUnlessTheProviderFilesWhatItSends) {
  auto known = about_bobs_message();
  EXPECT_EQ(only<PutOutgoing>(react(known)).file_in, FolderRole::chats);
  known.account.server_files_copies = true;
  EXPECT_EQ(only<PutOutgoing>(react(known)).file_in, std::nullopt);
  auto plain = about_bobs_message({.addr = "carol@example.com", .peer_class = PeerClass::plain, .known = true});
  plain.account.server_files_copies = true;
  const auto unsent = only<PutOutgoing>(react(plain));
  EXPECT_THAT(unsent.recipients, IsEmpty());
  EXPECT_EQ(unsent.file_in, FolderRole::chats);
}

TEST(DecideReact, IsDatedBehindAllThatWeHaveSaid) {
  const auto date = [](std::vector<Remark> remarks) {
    auto known = about_bobs_message();
    known.remarks = std::move(remarks);
    return only<PutRemark>(react(known)).remark.date_ms;
  };
  const auto today = whole_seconds(now);
  EXPECT_EQ(date({}), today);
  EXPECT_EQ(date({reacted(today - 60 * second)}), today);
  EXPECT_EQ(date({reacted(today), reacted(today + 2 * second), reacted(today + second)}), today + 3 * second);
  EXPECT_EQ(date({reacted(today + 5 * second, false)}), today) << "of the other's";
  EXPECT_LT(date({reacted(today + 1000LL * 24 * 3600 * second)}), today + 2 * 24 * 3600 * second) << "a mistake";
}

TEST(DecideReact, RefusesWhatNobodyCouldRead) {
  const auto refused = [](const Known& known, const std::string& emoji) { return refusal(react(known, emoji)); };
  auto known = about_bobs_message();
  EXPECT_EQ(refused(known, "yes"), "\"yes\" is not one emoji");
  EXPECT_EQ(refused(known, ""), "there is no reaction of yours to take back");
  known.remarks = {reacted(now)};
  EXPECT_EQ(refused(known, ""), "");
  auto blocked = bob();
  blocked.blocked = true;
  EXPECT_EQ(refused(about_bobs_message(blocked), "👍"), "bob@example.net is blocked");
  EXPECT_EQ(refused(about_bobs_message({.addr = ""}), "👍"), "these mails name no sender to answer");
}

}  // namespace
}  // namespace coi::chat
