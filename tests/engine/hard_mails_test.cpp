#include "engine/hard_mails.h"

#include <gtest/gtest.h>

namespace coi::engine {
namespace {

constexpr UnixMs now = 1'795'000'000'000;
constexpr UnixMs second = 1000, minute = 60 * second, hour = 60 * minute;
const store::Folder inbox{.id = chat::FolderId(1), .name = "INBOX", .uidvalidity = 7};

imap::Status no(imap::Code code = {}) {
  return {.kind = imap::Status::Kind::no, .tag = "C1", .code = code, .text = ""};
}

TEST(HardMails, RestForPausesThatGrowFromSeconds) {
  HardMails mails;
  auto at = now;
  for (const auto rest : {1, 2, 4, 8, 16}) {
    EXPECT_FALSE(mails.refused(inbox, 4, no(imap::CodeWord::serverbug), at));
    EXPECT_EQ(mails.resting(inbox, at + rest * second - 1), NumberSet(4, 4));
    at += rest * second;
    EXPECT_TRUE(mails.resting(inbox, at).empty());
    EXPECT_EQ(mails.due(inbox, at), NumberSet(4, 4));
  }
  EXPECT_TRUE(mails.resting(inbox, at).empty());
  mails.refused(inbox, 4, no(), at);
  mails.asked();
  EXPECT_TRUE(mails.resting(inbox, at).empty()) << "the user wants to know";
}

// How often the mail is asked for until it is given up, and for how long; at most 1000 times.
struct GivenUp {
  int after_times = 0;
  UnixMs after = 0;
};
GivenUp give_up(HardMails& mails, const imap::Status& answer, bool gives_others) {
  auto at = now;
  for (int times = 1; times < 1000; ++times) {
    if (mails.refused(inbox, 4, answer, at)) return {times, at - now};
    if (gives_others) mails.gives(inbox, at + 1);
    at = *mails.next_due(inbox, at);
  }
  return {};
}

TEST(HardMails, AreGivenUpAfterAnHourInWhichOthersCame) {
  HardMails mails;
  const auto given_up = give_up(mails, no(), true);
  EXPECT_GE(given_up.after, hour);
  EXPECT_LE(given_up.after, 3 * hour);
  EXPECT_LE(given_up.after_times, 20);
}

TEST(HardMails, AreNotGivenUpWhileTheServerGivesNone) {
  HardMails mails;
  EXPECT_GE(give_up(mails, no(), false).after, 72 * hour);
}

TEST(HardMails, AreNotGivenUpWhileTheServerSaysThatItWillPass) {
  HardMails mails;
  EXPECT_EQ(give_up(mails, no(imap::CodeWord::unavailable), true).after_times, 0);
}

TEST(HardMails, RestOnlyAfterTheConnectionEndedTwice) {
  HardMails mails;
  EXPECT_FALSE(mails.ended_connection(inbox, 4, now));
  EXPECT_TRUE(mails.resting(inbox, now).empty());
  EXPECT_FALSE(mails.ended_connection(inbox, 4, now));
  EXPECT_EQ(mails.resting(inbox, now + 60 * second - 1), NumberSet(4, 4));
  mails.asked();
  EXPECT_EQ(mails.resting(inbox, now), NumberSet(4, 4)) << "it would cost the user the connection";
  EXPECT_FALSE(mails.ended_connection(inbox, 4, now + hour));
  EXPECT_FALSE(mails.ended_connection(inbox, 4, now + 2 * hour));
  EXPECT_TRUE(mails.ended_connection(inbox, 4, now + 3 * hour));
}

TEST(HardMails, AFolderThatGivesNoneRestsUntilItDoes) {
  HardMails mails;
  EXPECT_EQ(mails.trouble(), "");
  mails.rest(inbox, "busy", now);
  EXPECT_TRUE(mails.rests(inbox, now + second - 1));
  EXPECT_TRUE(mails.is_due(inbox, now + second));
  mails.rest(inbox, "busy", now + second);
  EXPECT_EQ(mails.next_due(inbox, now + second), now + 3 * second);
  EXPECT_EQ(mails.trouble(), "the server does not give mails of INBOX at present: busy");
  mails.gives(inbox, now + 3 * second);
  EXPECT_FALSE(mails.is_due(inbox, now + hour));
  EXPECT_EQ(mails.trouble(), "");
}

// The folder's rest is five minutes at most, a mail's own an hour.
TEST(HardMails, AFolderRestsOnWhileNoneOfItsMailsMayBeAskedFor) {
  HardMails mails;
  auto at = now;
  bool given_up = false;
  for (; at < now + 24 * hour; at = *mails.next_due(inbox, at)) {
    if (mails.resting(inbox, at).empty()) {
      given_up = given_up || mails.refused(inbox, 4, no(), at);
      mails.rest(inbox, "busy", at);
    } else if (mails.is_due(inbox, at)) {
      mails.gave_none(inbox, at);
    }
    EXPECT_TRUE(mails.rests(inbox, at));
    EXPECT_NE(mails.trouble(), "");
  }
  EXPECT_FALSE(given_up) << "it has given no other mail";
  mails.settled(inbox, 4);
  mails.gave_none(inbox, at);
  EXPECT_FALSE(mails.is_due(inbox, at + hour));
}

// What came meanwhile is asked for.
TEST(HardMails, AFolderRestsFiveMinutesAtMostHoweverLongItsMailsDo) {
  HardMails mails;
  for (int i = 0; i < 20; ++i) mails.refused(inbox, 4, no(), now);
  mails.rest(inbox, "busy", now);
  mails.gave_none(inbox, now + second);
  EXPECT_TRUE(mails.rests(inbox, now + 5 * minute));
  EXPECT_FALSE(mails.rests(inbox, now + 5 * minute + second));
}

TEST(HardMails, OfAFolderThatIsGoneNothingIsSaid) {
  HardMails mails;
  mails.rest(inbox, "busy", now);
  mails.keep({inbox});
  EXPECT_NE(mails.trouble(), "");
  mails.keep(std::vector<store::Folder>{});
  EXPECT_EQ(mails.trouble(), "");
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
