#include "engine/hard_mails.h"

#include <gtest/gtest.h>

namespace coi::engine {
namespace {

constexpr UnixMs now = 1'795'000'000'000;
constexpr UnixMs hour = 60 * 60'000;
const store::Folder inbox{.id = chat::FolderId(1), .name = "INBOX", .uidvalidity = 7};

imap::Status no(imap::Code code = {}) {
  return {.kind = imap::Status::Kind::no, .tag = "C1", .code = code, .text = ""};
}

TEST(HardMails, RestForAnHourEachTimeAndAreGivenUpTheThirdTime) {
  HardMails mails;
  EXPECT_FALSE(mails.refused(inbox, 4, no(imap::CodeWord::serverbug), now));
  EXPECT_EQ(mails.resting(inbox, now + hour - 1), NumberSet(4, 4));
  EXPECT_TRUE(mails.resting(inbox, now + hour).empty());
  EXPECT_FALSE(mails.refused(inbox, 4, no(), now + hour));
  EXPECT_EQ(mails.resting(inbox, now + hour), NumberSet(4, 4));
  EXPECT_FALSE(mails.refused(inbox, 5, no(), now + hour)) << "another mail";
  EXPECT_TRUE(mails.refused(inbox, 4, no(), now + 2 * hour));
}

TEST(HardMails, AreNotGivenUpWhileTheServerSaysThatItWillPass) {
  HardMails mails;
  for (int i = 0; i < 10; ++i) {
    EXPECT_TRUE(mails.resting(inbox, now + i * hour).empty());
    EXPECT_FALSE(mails.refused(inbox, 4, no(imap::CodeWord::unavailable), now + i * hour));
  }
  EXPECT_EQ(mails.resting(inbox, now + 9 * hour), NumberSet(4, 4));
}

TEST(HardMails, RestOnlyAfterTheConnectionEndedTwice) {
  HardMails mails;
  EXPECT_FALSE(mails.ended_connection(inbox, 4, now));
  EXPECT_TRUE(mails.resting(inbox, now).empty());
  EXPECT_FALSE(mails.ended_connection(inbox, 4, now));
  EXPECT_EQ(mails.resting(inbox, now), NumberSet(4, 4));
  EXPECT_FALSE(mails.ended_connection(inbox, 4, now + hour));
  EXPECT_TRUE(mails.ended_connection(inbox, 4, now + 2 * hour));
}

TEST(HardMails, BelongToTheirMailboxAsItIs) {
  HardMails mails;
  mails.suspect(inbox, NumberSet(1, 3));
  mails.refused(inbox, 2, no(), now);
  auto anew = inbox;
  ++anew.uidvalidity;
  EXPECT_EQ(mails.suspects(inbox), NumberSet(1, 3));
  EXPECT_TRUE(mails.suspects(anew).empty());
  EXPECT_TRUE(mails.resting(anew, now).empty());
}

}  // namespace
}  // namespace coi::engine
