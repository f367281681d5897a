// In which folder a mail belongs.
#include <gtest/gtest.h>

#include "chat/filing.h"

namespace coi::chat {
namespace {

using wire::Filter;
constexpr auto stays = std::nullopt;

AccountFacts account(Filter filter, bool coi_server = false) {
  return {.addr = "alice@example.org", .own = {"alice@example.org"}, .coi_server = coi_server, .filter = filter};
}

Filed chat_in(FolderRole role, bool seen = false) { return {.role = role, .chat = true, .seen = seen}; }

TEST(Filing, C87NoneLeavesChatMailWhereItIs) {
  EXPECT_EQ(misfiled(chat_in(FolderRole::inbox, true), account(Filter::none)), stays);
}

TEST(Filing, C87ActiveMovesChatMailAtOnce) {
  EXPECT_EQ(misfiled(chat_in(FolderRole::inbox), account(Filter::active)), FolderRole::chats);
  EXPECT_EQ(misfiled({.role = FolderRole::inbox, .chat = false}, account(Filter::active)), stays);
}

TEST(Filing, C87SeenMovesChatMailOnceItWasRead) {
  EXPECT_EQ(misfiled(chat_in(FolderRole::inbox), account(Filter::seen)), stays);
  EXPECT_EQ(misfiled(chat_in(FolderRole::inbox, true), account(Filter::seen)), FolderRole::chats);
}

TEST(Filing, OnlyTheInboxIsSorted) {
  for (const auto role : {FolderRole::chats, FolderRole::sent, FolderRole::trash, FolderRole::junk, FolderRole::other,
                          FolderRole::blocked})
    EXPECT_EQ(misfiled(chat_in(role, true), account(Filter::active)), stays) << static_cast<int>(role);
}

TEST(Filing, C87NothingIsMovedTwiceWhereTheServerDoesIt) {
  for (const auto filter : {Filter::none, Filter::active, Filter::seen})
    EXPECT_EQ(misfiled(chat_in(FolderRole::inbox, true), account(filter, true)), stays);
}

TEST(Filing, C89OwnMailGoesToChatsOrSent) {
  EXPECT_EQ(misfiled({.role = FolderRole::inbox, .chat = true, .outgoing = true}, account(Filter::none)),
            FolderRole::chats);
  EXPECT_EQ(misfiled({.role = FolderRole::inbox, .chat = false, .outgoing = true}, account(Filter::none)),
            FolderRole::sent);
  EXPECT_EQ(home_of_sent(true), FolderRole::chats);
  EXPECT_EQ(home_of_sent(false), FolderRole::sent);
}

TEST(Filing, S27MailOfBlockedPeopleIsOursToMove) {
  for (const bool server : {false, true})
    for (const auto role : {FolderRole::inbox, FolderRole::chats})
      EXPECT_EQ(misfiled({.role = role, .chat = true, .blocked = true}, account(Filter::active, server)),
                FolderRole::blocked);
  // What was moved already is done.
  EXPECT_EQ(misfiled({.role = FolderRole::blocked, .chat = true, .blocked = true}, account(Filter::active)), stays);
}

TEST(Filing, AJobHasPlacesOfOneFolderOnly) {
  const auto jobs =
      jobs_for({.kind = JobKind::move}, {{FolderId{1}, 5, 10}, {FolderId{2}, 6, 11}, {FolderId{1}, 5, 12}});
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_EQ(std::get<PutJob>(jobs[0]).places, (std::vector<Place>{{FolderId{1}, 5, 10}, {FolderId{1}, 5, 12}}));
  EXPECT_EQ(std::get<PutJob>(jobs[1]).places, (std::vector<Place>{{FolderId{2}, 6, 11}}));
}

}  // namespace
}  // namespace coi::chat
