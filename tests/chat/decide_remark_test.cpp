// What the user says about messages.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/reaction.h"
#include "mails.h"
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

TEST(DecideReact, P05ToNamesAllMembersWhoeverGetsIt) {
  auto known = about_bobs_message();
  known.chat->peers.push_back({.addr = "carol@example.com", .peer_class = PeerClass::plain, .known = true});
  const auto mail = only<PutOutgoing>(react(known));
  EXPECT_THAT(mail.recipients, ElementsAre("bob@example.net"));
  EXPECT_EQ(*mail.tree.header("To"), "bob@example.net, carol@example.com");
}

// A program that knows no reactions may make a file of the part that is one.
TEST(DecideReact, P04WhoGetsItAsAMailSeesWhatItIsAbout) {
  auto known = about_bobs_message({.addr = "carol@example.com", .peer_class = PeerClass::plain, .known = true});
  known.message->text = "Shall we go?";
  known.remarks = {reacted(now)};
  for (const std::string emoji : {"👍", ""}) {
    const auto mail = parsed(written(only<PutOutgoing>(react(known, emoji, true)).tree));
    ASSERT_EQ(mail.root.type, "multipart/alternative");
    const auto& shown = mail.root.children.at(0);
    EXPECT_EQ(shown.disposition, "");
    EXPECT_EQ(shown.body, "> Shall we go?\n\n" + (emoji.empty() ? "Reaction withdrawn" : emoji) + "\n");
    EXPECT_EQ(read_reaction(mail), (Reaction{.emoji = emoji, .alone = true}));
  }
  EXPECT_EQ(only<PutOutgoing>(react(known)).tree.type, "text/plain") << "nobody gets it";
  EXPECT_EQ(only<PutOutgoing>(react(about_bobs_message(), "👍", true)).tree.type, "text/plain") << "to a chat program";
}

TEST(DecideReact, D24PeopleAtGmailGetItsFormIfTheUserWantsThemToHaveIt) {
  const auto forms = [](const PeerFacts& peer, const std::string& emoji, bool to_plain = true) {
    auto known = about_bobs_message(peer);
    known.remarks = {reacted(now)};
    std::vector<std::string> types;
    const auto mail = only<PutOutgoing>(react(known, emoji, to_plain));
    for (const auto& form : mail.tree.children) types.push_back(form.type);
    return types;
  };
  const PeerFacts carol{.addr = "carol@gmail.com", .peer_class = PeerClass::plain, .known = true};
  EXPECT_THAT(forms(carol, "👍"), ElementsAre("text/plain", "text/vnd.google.email-reaction+json", "text/plain"));
  EXPECT_THAT(forms(carol, ""), ElementsAre("text/plain", "text/plain")) << "Gmail knows no withdrawal";
  EXPECT_THAT(forms(carol, "👍", false), IsEmpty()) << "nobody gets it";
  EXPECT_THAT(forms({.addr = "carol@example.com", .peer_class = PeerClass::plain, .known = true}, "👍"),
              ElementsAre("text/plain", "text/plain"));
  EXPECT_THAT(forms({.addr = "bob@gmail.com", .peer_class = PeerClass::coi, .chat_ms = now, .known = true}, "👍"),
              IsEmpty())
      << "to a chat program";
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

// Else it counts here as said in the future, where it is heard of when it comes.
TEST(DecideReact, IsSaidNowWhateverItsDate) {
  auto known = about_bobs_message();
  const auto today = whole_seconds(now);
  const auto said = [&] { return only<PutRemark>(react(known)).remark; };
  EXPECT_EQ(said().at_ms, today);
  known.remarks = {reacted(today + 5 * second)};
  EXPECT_EQ(said().date_ms, today + 6 * second);
  EXPECT_EQ(said().at_ms, today);
  known.remarks[0].at_ms = today + 3 * second;
  EXPECT_EQ(said().at_ms, today + 3 * second) << "behind what was said before";
  known.remarks[0].by_us = false;
  EXPECT_EQ(said().at_ms, today);
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
