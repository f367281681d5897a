#include "imap/mailbox_sync.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "conversation.h"
#include "fake_mailbox.h"

namespace coi::imap {
namespace {

using testing::ElementsAre;

constexpr auto has_all = "CONDSTORE ENABLE QRESYNC ESEARCH";

// An account's store, and what an engine does with a MailboxSync.
class Client {
 public:
  std::map<std::uint32_t, std::string> mails;  // UID -> flags
  KnownMailbox known;

  // One connection: the round, then at most `chunks` chunks of two mails; `live` is called when all is done, before
  // NOOP.
  void connect(FakeMailbox& server, int chunks = 1000, const std::function<void()>& live = {}) {
    Session session;
    server.greet(session);
    if (session.capabilities().has("QRESYNC")) session.submit(enable("QRESYNC"));
    server.serve(session);
    MailboxSync sync(known, session.capabilities(), session.enabled());
    session.submit(select(sync.select("INBOX")));
    work(server, session, sync);
    ASSERT_TRUE(sync.looked_through());
    NumberSet held;
    for (const auto& [uid, flags] : mails) held.add(uid);
    EXPECT_TRUE(sync.agrees(held));
    sync.believe_absent();
    for (; chunks > 0; --chunks)
      if (!fetch_chunk(server, session, sync)) break;
    if (chunks > 0 && live) {
      live();
      session.submit(noop());
      work(server, session, sync);
      if (sync.arrivals() > 0) {
        session.submit(uid_fetch(MessageSet::from(sync.next_uid()), {.flags = true}));
        fetching = NumberSet(sync.next_uid(), 0xffffffff);
        work(server, session, sync);
      }
    }
    save(sync);
  }

  std::vector<std::string> said;

 private:
  bool fetch_chunk(FakeMailbox& server, Session& session, MailboxSync& sync) {
    const auto chunk = sync.missing().newest(2);
    if (chunk.empty()) return false;
    fetching = chunk;
    session.submit(uid_fetch(chunk, {.flags = true}));
    work(server, session, sync);
    sync.mark_done(chunk);
    return true;
  }

  void work(FakeMailbox& server, Session& session, MailboxSync& sync) {
    bool more = true;
    while (more) {
      server.serve(session);
      more = false;
      while (auto event = session.next_event()) {
        more = true;
        take(*event, sync);
        while (auto command = sync.next_command()) {
          said.push_back(command->name);
          sync.submitted(session.submit(std::move(*command)));
        }
      }
    }
    fetching = {};
  }

  void take(const Event& event, MailboxSync& sync) {
    ASSERT_FALSE(std::holds_alternative<Failed>(event)) << describe(event);
    sync.take(event);
    if (sync.opened() && sync.uidvalidity_changed() && known.uidvalidity != sync.uidvalidity()) {
      mails.clear();
      known = {.uidvalidity = sync.uidvalidity()};
    }
    if (const auto* fetch = std::get_if<Fetch>(&event); fetch != nullptr && fetching.contains(fetch->uid)) {
      mails[fetch->uid] = flags_of(*fetch->flags);
      sync.mark_done(NumberSet(fetch->uid, fetch->uid));
    }
    if (!sync.opened()) return;
    const auto changes = sync.take_changes();
    for (const auto& change : changes.flags)
      if (const auto mail = mails.find(change.uid); mail != mails.end()) mail->second = flags_of(change.flags);
    std::erase_if(mails, [&](const auto& mail) { return changes.expunged.contains(mail.first); });
  }

  void save(const MailboxSync& sync) {
    known = {.uidvalidity = sync.uidvalidity(),
             .uidnext = sync.next_uid(),
             .highestmodseq = sync.highestmodseq(),
             .done = sync.done()};
  }

  static std::string flags_of(const std::vector<std::string>& flags) { return flags.empty() ? "" : flags.front(); }

  NumberSet fetching;
};

std::map<std::uint32_t, std::string> on(const FakeMailbox& server) {
  std::map<std::uint32_t, std::string> mails;
  for (const auto& message : server.messages()) mails[message.uid] = message.flags;
  return mails;
}

class AnyServer : public testing::TestWithParam<const char*> {};

// Whatever happens while we are away or watching, and however often a round ends early: what a whole round leaves
// behind is what the server has.
TEST_P(AnyServer, IsMirrored) {
  for (unsigned seed = 1; seed <= 150; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](std::size_t n) { return std::uniform_int_distribution<std::size_t>(0, n - 1)(random); };
    FakeMailbox server(GetParam());
    Client client;
    const auto change = [&] {
      for (auto n = below(6); n > 0; --n) {
        const auto count = server.messages().size();
        const auto what = below(5);
        if (what == 0 && count > 0) {
          server.expunge(below(count));
        } else if (what <= 2 && count > 0) {
          server.set_flags(below(count), fmt::format("k{}", below(10)));
        } else {
          server.deliver("new");
        }
      }
    };
    for (int round = 0; round < 12; ++round) {
      change();
      if (below(20) == 0) server.rebuild();
      if (below(3) == 0) {
        client.connect(server, static_cast<int>(below(3)));
        if (testing::Test::HasFatalFailure()) return;
        continue;
      }
      const bool watches = below(2) == 0;
      client.connect(server, 1000, watches ? std::function<void()>(change) : nullptr);
      ASSERT_FALSE(testing::Test::HasFatalFailure());
      ASSERT_EQ(client.mails, on(server)) << "seed " << seed << " round " << round;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Capabilities, AnyServer,
                         testing::Values("", "ESEARCH", "CONDSTORE", "CONDSTORE ESEARCH", "CONDSTORE ENABLE QRESYNC",
                                         has_all, "NO-UIDNEXT", "CONDSTORE NO-UIDNEXT",
                                         "CONDSTORE ENABLE QRESYNC NO-UIDNEXT"));

TEST(MailboxSync, AsksNothingWhenNothingIsNewUnderQresync) {
  FakeMailbox server(has_all);
  Client client;
  for (int i = 0; i < 5; ++i) server.deliver("a");
  client.connect(server);
  EXPECT_THAT(client.said, ElementsAre("UID SEARCH"));
  EXPECT_EQ(client.known.done.text(), "1:5");
  server.set_flags(1, "b");
  server.expunge(3);
  client.said.clear();
  client.connect(server);
  EXPECT_THAT(client.said, ElementsAre());
  EXPECT_EQ(client.mails.at(2), "b");
  EXPECT_FALSE(client.mails.contains(4));
}

TEST(MailboxSync, AsksForChangesOnlyWithCondstore) {
  FakeMailbox server("CONDSTORE");
  Client client;
  server.deliver("a");
  client.connect(server);
  client.said.clear();
  client.connect(server);
  EXPECT_THAT(client.said, ElementsAre("UID SEARCH")) << "to see which are gone";
  server.set_flags(0, "b");
  client.said.clear();
  client.connect(server);
  EXPECT_THAT(client.said, ElementsAre("UID FETCH", "UID SEARCH"));
}

// Drives a sync by hand: SELECT answered with this state, then the lines.
class Hand : public Conversation {
 public:
  Hand(KnownMailbox known, const std::string& capabilities)
      : sync(std::move(known), Capabilities::parse(capabilities), Capabilities::parse(capabilities)) {
    server("* OK [CAPABILITY " + capabilities + "] hi");
    session.submit(imap::select(sync.select("INBOX")));
    go();
  }
  template <class... Lines>
  std::string say(const Lines&... lines) {
    server(lines...);
    go();
    return client();
  }
  void go() {
    for (const auto& event : events()) {
      sync.take(event);
      while (auto command = sync.next_command()) sync.submitted(session.submit(std::move(*command)));
    }
  }
  MailboxSync sync;
};

TEST(MailboxSync, S06SaysNoWordOfAnExtensionThatTheServerHasNotAnnounced) {
  const KnownMailbox known{.uidvalidity = 7, .highestmodseq = 5, .done = NumberSet(1, 2)};
  const auto said = [&known](const std::string& announced, const std::string& enabled) {
    const MailboxSync sync(known, Capabilities::parse(announced), Capabilities::parse(enabled));
    Conversation talk;
    talk.server("* PREAUTH [CAPABILITY IMAP4rev1 " + announced + "] hi");
    talk.session.submit(select(sync.select("INBOX")));
    return talk.client();
  };
  EXPECT_EQ(said("", ""), "C1 SELECT INBOX\r\n");
  EXPECT_EQ(said("ESEARCH ENABLE", ""), "C1 SELECT INBOX\r\n");
  EXPECT_EQ(said("CONDSTORE", ""), "C1 SELECT INBOX (CONDSTORE)\r\n");
  EXPECT_EQ(said("ENABLE QRESYNC", ""), "C1 SELECT INBOX (CONDSTORE)\r\n") << "QRESYNC was not enabled";
  EXPECT_EQ(said("ENABLE QRESYNC", "QRESYNC"), "C1 SELECT INBOX (QRESYNC (7 5 1:2))\r\n");
}

TEST(MailboxSync, TellsNewsFromHistory) {
  Hand hand({.uidvalidity = 7, .uidnext = 61, .done = NumberSet(50, 60)}, "ESEARCH");
  hand.client();
  hand.say("* 100 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 101] x", "C1 OK x");
  hand.say("C2 OK", "* ESEARCH (TAG \"C3\") UID ALL 1:100", "C3 OK");
  ASSERT_TRUE(hand.sync.looked_through());
  EXPECT_EQ(hand.sync.missing().text(), "1:49,61:100");
  EXPECT_EQ(hand.sync.news().text(), "61:100");
  EXPECT_EQ(hand.sync.done().text(), "50:60");
  hand.sync.mark_done(NumberSet(71, 100));
  EXPECT_EQ(hand.sync.missing().text(), "1:49,61:70");
  EXPECT_EQ(hand.sync.news().text(), "61:70");
  EXPECT_EQ(hand.sync.done().text(), "50:60,71:100");
}

TEST(MailboxSync, CallsAllOfANewMailboxHistory) {
  Hand hand({}, "ESEARCH");
  hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 101] x", "C1 OK x");
  EXPECT_FALSE(hand.sync.uidvalidity_changed());
  hand.say("* ESEARCH (TAG \"C2\") UID ALL 5,100", "C2 OK");
  EXPECT_EQ(hand.sync.done().text(), "1:4,6:99") << "what does not exist needs no looking at";
  EXPECT_EQ(hand.sync.missing().text(), "5,100");
  EXPECT_TRUE(hand.sync.news().empty());
  EXPECT_FALSE(hand.sync.is_news(100));
  EXPECT_TRUE(hand.sync.is_news(101)) << "what comes from now on";
}

TEST(MailboxSync, CallsAllNewThatComesIntoAMailboxThatWasEmpty) {
  Hand hand({.uidvalidity = 7, .uidnext = 1, .highestmodseq = 1}, "ESEARCH");
  hand.client();
  hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 3] x", "C1 OK x");
  hand.say("* ESEARCH (TAG \"C2\") UID ALL 1:2", "C2 OK");
  EXPECT_EQ(hand.sync.news().text(), "1:2");
}

// The first round was stored, and the connection lost before a mail had come.
TEST(MailboxSync, CallsHistoryWhatWasThereWhenTheFirstRoundWasOver) {
  Hand hand({.uidvalidity = 7, .uidnext = 3}, "ESEARCH");
  hand.client();
  hand.say("* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4] x", "C1 OK x");
  hand.say("* ESEARCH (TAG \"C2\") UID ALL 1:3", "C2 OK");
  EXPECT_EQ(hand.sync.missing().text(), "1:3");
  EXPECT_EQ(hand.sync.news().text(), "3");
}

TEST(MailboxSync, CallsHistoryWhatWasThereWhenTheMailboxWasMadeAnew) {
  Hand hand({.uidvalidity = 7}, "ESEARCH");
  hand.client();
  hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 3] x", "C1 OK x");
  hand.say("* ESEARCH (TAG \"C2\") UID ALL 1:2", "C2 OK");
  EXPECT_TRUE(hand.sync.news().empty());
}

// A mailbox of nine mails, all of them done or left, whose next UID is 50.
class NineMails : public Hand {
 public:
  explicit NineMails(const NumberSet& left = {})
      : Hand(
            {.uidvalidity = 7, .uidnext = 50, .highestmodseq = 5, .done = NumberSet(1, 49).without(left), .left = left},
            "CONDSTORE") {
    client();
    say("* 9 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 50] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x");
  }
  static constexpr auto found = "* SEARCH 41 42 43 44 45 46 47 48 49";
};

TEST(MailboxSync, MissesAnArrivalOfWhichOnlyTheFlagsWereTold) {
  NineMails hand;
  hand.say("C2 OK", NineMails::found, "C3 OK");
  hand.sync.take_changes();
  hand.say("* 10 EXISTS", "* 10 FETCH (UID 50 FLAGS (\\Seen))");
  EXPECT_EQ(hand.sync.arrivals(), 0U);
  EXPECT_EQ(hand.sync.missing().text(), "50");
  EXPECT_EQ(hand.sync.news().text(), "50");
  EXPECT_TRUE(hand.sync.take_changes().flags.empty()) << "it comes with the flags it has";
  hand.say("* 10 FETCH (FLAGS ())", "* 10 EXPUNGE");
  EXPECT_TRUE(hand.sync.missing().empty());
}

TEST(MailboxSync, MissesAnArrivalThatTheRoundHappenedToName) {
  NineMails hand;
  hand.say("* 10 EXISTS", "* 10 FETCH (UID 50 FLAGS () MODSEQ (10))", "C2 OK", NineMails::found, "C3 OK");
  ASSERT_TRUE(hand.sync.looked_through());
  EXPECT_EQ(hand.sync.missing().text(), "50");
  EXPECT_EQ(hand.sync.arrivals(), 0U);
  hand.say("* 10 EXPUNGE");
  EXPECT_EQ(hand.sync.take_changes().expunged.text(), "1:40,50");
}

TEST(MailboxSync, PassesNoArrivalOverForOneBehindIt) {
  NineMails hand;
  hand.say("C2 OK", NineMails::found, "C3 OK");
  hand.say("* 11 EXISTS", "* 11 FETCH (UID 52 FLAGS (\\Seen))");
  EXPECT_EQ(hand.sync.arrivals(), 2U);
  EXPECT_EQ(hand.sync.next_uid(), 50U);
}

// Without UIDNEXT the round's own list may name what came while it was made.
TEST(MailboxSync, AwaitsNoArrivalThatTheListOfTheRoundHad) {
  Hand hand({}, "");
  hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "C1 OK x");
  hand.say("* 3 EXISTS", "* SEARCH 1 2 3", "C2 OK");
  EXPECT_EQ(hand.sync.missing().text(), "1:3");
  hand.say("* 3 FETCH (UID 3 FLAGS ())");  // as UID FETCH 4:* gives it
  EXPECT_EQ(hand.sync.arrivals(), 0U);
}

TEST(MailboxSync, SeesWhatArrivesBehindAnArrivalThatWasNeverThere) {
  NineMails hand;
  hand.say("C2 OK", NineMails::found, "C3 OK");
  hand.say("* 10 EXISTS");
  EXPECT_EQ(hand.sync.arrivals(), 1U);
  hand.sync.forget_arrivals();
  EXPECT_EQ(hand.sync.arrivals(), 0U);
  hand.say("* VANISHED 50", "* 10 EXISTS");
  EXPECT_EQ(hand.sync.arrivals(), 1U);
}

// An OK is no list.
TEST(MailboxSync, ConcludesNothingFromAListThatIsTooShort) {
  for (const auto* told : {"* OK nothing", "* SEARCH 48 49"}) {
    NineMails hand(NumberSet(41, 41));
    EXPECT_EQ(hand.say("* 9 FETCH (UID 49 FLAGS (\\Seen) MODSEQ (9))", "C2 OK", told, "C3 OK"),
              "C4 UID FETCH 1:* (UID FLAGS)\r\n");
    hand.say("C4 OK");
    EXPECT_EQ(hand.sync.refusal(), "it names fewer mails than there are");
    ASSERT_TRUE(hand.sync.looked_through());
    EXPECT_FALSE(hand.sync.complete());
    EXPECT_EQ(hand.sync.highestmodseq(), 5U) << "the next round has to look at all this again";
    const auto changes = hand.sync.take_changes();
    EXPECT_TRUE(changes.expunged.empty()) << changes.expunged.text();
    EXPECT_EQ(changes.flags.size(), 1U);
    EXPECT_TRUE(hand.sync.missing().empty());
  }
}

TEST(MailboxSync, ConcludesNothingFromAFirstListThatIsTooShort) {
  Hand hand({}, "ESEARCH");
  hand.say("* 5 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10] x", "C1 OK x");
  hand.say("* ESEARCH (TAG \"C2\") UID ALL 8:9", "C2 OK");
  hand.say("* 4 FETCH (UID 8 FLAGS ())", "C3 OK");
  EXPECT_FALSE(hand.sync.complete());
  EXPECT_EQ(hand.sync.missing().text(), "8:9");
  EXPECT_TRUE(hand.sync.done().empty());
}

TEST(MailboxSync, AsksAnotherWayWhatASearchDoesNotFind) {
  // No SEARCH, one that lacks mails, and a UIDNEXT that is too low.
  for (const auto* uidnext : {"7", "6"})
    for (const auto* told : {"* OK nothing", "* SEARCH", "* SEARCH 4", "* SEARCH 4 6"}) {
      Hand hand({}, "");
      hand.client();
      const bool is_whole = std::string_view(uidnext) == "7" && std::string_view(told) == "* SEARCH 4 6";
      hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", fmt::format("* OK [UIDNEXT {}] x", uidnext), "C1 OK x");
      const auto said = hand.say(told, "C2 OK");
      EXPECT_EQ(said, is_whole ? "" : "C3 UID FETCH 1:* (UID FLAGS)\r\n") << uidnext << ", " << told;
      if (!is_whole) hand.say("* 1 FETCH (UID 4 FLAGS ())", "* 2 FETCH (UID 6 FLAGS ())", "C3 OK x");
      EXPECT_TRUE(hand.sync.complete());
      EXPECT_EQ(hand.sync.missing().text(), "4,6") << uidnext << ", " << told;
    }
}

// RFC 9738.
TEST(MailboxSync, ConcludesNothingFromAListThatTheServerCutShort) {
  Hand hand({.uidvalidity = 7, .uidnext = 3, .highestmodseq = 5, .done = NumberSet(1, 2)}, has_all);
  hand.client();
  hand.say("* 9 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x");
  EXPECT_EQ(hand.sync.method(), SyncMethod::qresync);
  hand.say("* ESEARCH (TAG \"C2\") UID ALL 8:9", "C2 OK [MESSAGELIMIT 2] that is all");
  EXPECT_FALSE(hand.sync.complete());
  EXPECT_EQ(hand.sync.done().text(), "1:2");
  EXPECT_EQ(hand.sync.highestmodseq(), 5U);
}

TEST(MailboxSync, ConcludesNothingFromChangesThatTheServerCutShort) {
  Hand hand({.uidvalidity = 7, .uidnext = 10, .highestmodseq = 5, .done = NumberSet(1, 9)}, "CONDSTORE");
  hand.client();
  hand.say("* 9 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x");
  hand.say("* 9 FETCH (UID 9 FLAGS (\\Seen) MODSEQ (9))", "C2 OK [MESSAGELIMIT 1] that is all",
           "* SEARCH 1 2 3 4 5 6 7 8 9", "C3 OK x");
  ASSERT_TRUE(hand.sync.looked_through());
  EXPECT_EQ(hand.sync.highestmodseq(), 5U) << "the next round asks for the rest";
}

// However far apart the UIDs of two mails may lie.
TEST(MailboxSync, BelievesNoListThatNamesMoreThanThereAre) {
  Hand hand({}, "ESEARCH");
  hand.client();
  hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4000000000] x", "C1 OK x");
  EXPECT_EQ(hand.say("* ESEARCH (TAG \"C2\") UID ALL 1:3999999999", "C2 OK x"), "C3 UID FETCH 1:* (UID FLAGS)\r\n");
  hand.say("* 1 FETCH (UID 4 FLAGS ())", "* 2 FETCH (UID 6 FLAGS ())", "C3 OK x");
  EXPECT_TRUE(hand.sync.complete());
  EXPECT_EQ(hand.sync.missing().text(), "4,6");
}

// Those that others expunge meanwhile are in no list.
TEST(MailboxSync, FindsAListLongEnoughThatLacksWhatWasExpungedMeanwhile) {
  NineMails hand;
  hand.say("* 1 EXPUNGE", "* VANISHED 49", "C2 OK", "* SEARCH 42 43 44 45 46 47 48", "C3 OK");
  EXPECT_TRUE(hand.sync.complete());
  EXPECT_EQ(hand.sync.take_changes().expunged.text(), "1:41,49");
}

TEST(MailboxSync, TellsWhatChangesOfMailsThatSomebodyElseFetches) {
  NineMails hand(NumberSet(41, 42));
  hand.sync.leave(NumberSet(43, 43));
  hand.say("* 1 FETCH (UID 41 FLAGS (\\Seen) MODSEQ (9))", "C2 OK", "* 2 EXPUNGE", "* SEARCH 41 43 44 45 46 47 48 49",
           "C3 OK");
  hand.say("* 2 FETCH (UID 43 FLAGS (\\Seen))");
  EXPECT_TRUE(hand.sync.missing().empty());
  const auto changes = hand.sync.take_changes();
  ASSERT_EQ(changes.flags.size(), 2U);
  EXPECT_EQ(changes.flags[0].uid, 41U);
  EXPECT_EQ(changes.flags[1].uid, 43U);
  EXPECT_TRUE(changes.expunged.contains(42)) << changes.expunged.text();
}

TEST(MailboxSync, KeepsTheOldModseqUntilTheRoundIsOver) {
  Hand hand({.uidvalidity = 7, .highestmodseq = 5, .done = NumberSet(1, 2)}, "CONDSTORE");
  hand.client();
  EXPECT_EQ(
      hand.say("* 1 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 3] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x"),
      "C2 UID FETCH 1:* (UID FLAGS) (CHANGEDSINCE 5)\r\nC3 UID SEARCH ALL\r\n");
  EXPECT_EQ(hand.sync.method(), SyncMethod::condstore);
  hand.say("* 1 FETCH (UID 2 FLAGS (\\Seen) MODSEQ (9))", "C2 OK");
  EXPECT_EQ(hand.sync.highestmodseq(), 5U);
  hand.say("* SEARCH 2", "C3 OK");
  EXPECT_EQ(hand.sync.highestmodseq(), 9U);
  const auto changes = hand.sync.take_changes();
  ASSERT_EQ(changes.flags.size(), 1U);
  EXPECT_EQ(changes.flags[0].uid, 2U);
  EXPECT_EQ(changes.expunged.text(), "1");
  EXPECT_TRUE(hand.sync.take_changes().empty());
}

// RFC 3501 section 6.3.1 wants EXISTS. Without it a line for each mail tells how many there are, with QRESYNC, too.
TEST(MailboxSync, CountsTheMailsThatTheServerDoesNotCount) {
  for (const auto* capabilities : {"", "ESEARCH CONDSTORE", "QRESYNC ESEARCH"}) {
    Hand hand({.uidvalidity = 7, .uidnext = 4, .highestmodseq = 5, .done = NumberSet(1, 3)}, capabilities);
    hand.client();
    EXPECT_EQ(hand.say("* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 6] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x"),
              "C2 UID FETCH 1:* (UID FLAGS)\r\n");
    hand.say("* 1 FETCH (UID 1 FLAGS ())", "* 2 FETCH (UID 3 FLAGS (\\Seen))", "* 3 FETCH (UID 5 FLAGS ())", "C2 OK x");
    ASSERT_TRUE(hand.sync.looked_through() && hand.sync.complete());
    EXPECT_EQ(hand.sync.missing().text(), "5");
    EXPECT_TRUE(hand.sync.is_news(5));
    const auto changes = hand.sync.take_changes();
    EXPECT_EQ(changes.expunged.text(), "2");
    EXPECT_EQ(changes.flags.size(), 2U);
    EXPECT_EQ(hand.sync.highestmodseq(), 9U);
    EXPECT_EQ(hand.sync.arrivals(), 0U);
    hand.say("* 4 EXISTS");
    EXPECT_EQ(hand.sync.arrivals(), 1U);
  }
}

// Neither what was left out of the list, nor what cannot be read in it, is gone.
TEST(MailboxSync, SeesAGapInTheListOfAnUncountedMailbox) {
  for (const auto* second : {"* OK nothing", "* 2 FETCH (UID 3 FLAGS"}) {
    Hand hand({.uidvalidity = 7, .uidnext = 4, .done = NumberSet(1, 3)}, "");
    hand.client();
    hand.say("* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 6] x", "C1 OK x");
    EXPECT_EQ(hand.say("* 1 FETCH (UID 1 FLAGS ())", second, "* 3 FETCH (UID 5 FLAGS ())", "C2 OK x"),
              "C3 UID SEARCH ALL\r\n")
        << second;
    hand.say("* SEARCH 1 5", "C3 OK x");
    ASSERT_TRUE(hand.sync.looked_through());
    EXPECT_FALSE(hand.sync.complete());
    EXPECT_TRUE(hand.sync.take_changes().expunged.empty());
    EXPECT_EQ(hand.sync.missing().text(), "5");
    EXPECT_EQ(hand.sync.arrivals(), 0U);
  }
}

TEST(MailboxSync, TakesWhatComesWhileAnUncountedMailboxIsListedForNews) {
  Hand hand({.uidvalidity = 7, .uidnext = 4, .done = NumberSet(1, 3)}, "");
  hand.client();
  hand.say("* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4] x", "C1 OK x");
  hand.say("* 1 FETCH (UID 1 FLAGS ())", "* 2 FETCH (UID 2 FLAGS ())", "* 3 FETCH (UID 3 FLAGS ())", "* 4 EXISTS",
           "C2 OK x");
  ASSERT_TRUE(hand.sync.looked_through() && hand.sync.complete());
  EXPECT_EQ(hand.sync.arrivals(), 1U);
}

TEST(MailboxSync, TakesTheCountThatComesBehindTheOk) {
  Hand hand({}, "");
  hand.client();
  EXPECT_EQ(hand.say("* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4] x", "C1 OK x", "* 3 EXISTS"),
            "C2 UID FETCH 1:* (UID FLAGS)\r\n");
  EXPECT_EQ(hand.say("* 1 FETCH (UID 1 FLAGS ())", "C2 OK x"), "C3 UID SEARCH ALL\r\n") << "two are lacking";
  hand.say("* SEARCH 1 2 3", "C3 OK x");
  EXPECT_EQ(hand.sync.missing().text(), "1:3");
  EXPECT_EQ(hand.sync.arrivals(), 0U);
}

// That all is gone is believed of two answers, not of one.
TEST(MailboxSync, BelievesThatAnUncountedMailboxIsEmptyWhenItIsSaidTwice) {
  for (const auto* listed : {"C2 OK x", "C2 NO x"}) {
    Hand hand({.uidvalidity = 7, .uidnext = 4, .done = NumberSet(1, 3)}, "");
    hand.client();
    hand.say("* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4] x", "C1 OK x");
    EXPECT_EQ(hand.say(listed), "C3 UID SEARCH ALL\r\n");
    hand.say("* SEARCH", "C3 OK x");
    ASSERT_TRUE(hand.sync.looked_through());
    EXPECT_EQ(hand.sync.take_changes().expunged.text(), std::string_view(listed) == "C2 OK x" ? "1:3" : "");
  }
}

TEST(MailboxSync, TrustsNothingThatIsOlderThanABackup) {
  Hand hand({.uidvalidity = 7, .uidnext = 6, .highestmodseq = 50, .done = NumberSet(1, 5)}, "CONDSTORE");
  hand.client();
  EXPECT_EQ(
      hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 3] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x"),
      "C2 UID FETCH 1:* (UID FLAGS)\r\n");
  EXPECT_EQ(hand.sync.method(), SyncMethod::plain);
  EXPECT_TRUE(hand.sync.restored());
  EXPECT_EQ(hand.sync.highestmodseq(), 0U) << "until the round is over";
  hand.say("* 1 FETCH (UID 1 FLAGS ())", "* 2 FETCH (UID 2 FLAGS ())", "C2 OK");
  EXPECT_EQ(hand.sync.highestmodseq(), 9U);
  // UIDs that were of other mails once.
  hand.say("* 3 EXISTS", "* 3 FETCH (UID 3 FLAGS ())");
  EXPECT_EQ(hand.sync.news().text(), "3");
}

TEST(MailboxSync, SeesThatAMailboxWasRestoredWithoutModseqs) {
  Hand hand({.uidvalidity = 7, .uidnext = 6, .done = NumberSet(1, 5)}, "");
  hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 3] x", "C1 OK x");
  EXPECT_TRUE(hand.sync.restored());
  EXPECT_EQ(hand.sync.done().text(), "1:2");
}

TEST(MailboxSync, StartsAnewWhenUidsDoNotStick) {
  Hand hand({.uidvalidity = 7, .highestmodseq = 5, .done = NumberSet(1, 2)}, "CONDSTORE");
  hand.say("* 0 EXISTS", "* OK [UIDVALIDITY 7] x", "* NO [UIDNOTSTICKY] x", "C1 OK x");
  EXPECT_TRUE(hand.sync.uidvalidity_changed());
  EXPECT_TRUE(hand.sync.looked_through());
  EXPECT_TRUE(hand.sync.take_changes().empty());
}

// RFC 9738 section 3.1: the newest come first, and what lies below is asked for.
TEST(MailboxSync, GoesOnWhereTheServerCutItsListShort) {
  Hand hand({.uidvalidity = 7, .uidnext = 3, .highestmodseq = 5, .done = NumberSet(1, 2)}, has_all);
  hand.client();
  hand.say("* 9 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x");
  EXPECT_EQ(hand.say("* ESEARCH (TAG \"C2\") UID ALL 8:9", "C2 OK [MESSAGELIMIT 2 8] the rest another time"),
            "C3 UID SEARCH RETURN (ALL) UID 3:7\r\n");
  hand.say("* ESEARCH (TAG \"C3\") UID ALL 3:7", "C3 OK x");
  EXPECT_TRUE(hand.sync.complete());
  EXPECT_EQ(hand.sync.missing().text(), "3:9");
}

TEST(MailboxSync, AsksAnotherWayWhatTheServerRefuses) {
  Hand hand({}, "");
  hand.client();
  EXPECT_EQ(hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "C1 OK x"), "C2 UID SEARCH ALL\r\n");
  EXPECT_EQ(hand.say("C2 NO [UNAVAILABLE] later"), "C3 UID FETCH 1:* (UID FLAGS)\r\n");
  hand.say("* 1 FETCH (UID 4 FLAGS ())", "* 2 FETCH (UID 6 FLAGS ())", "C3 OK x");
  EXPECT_TRUE(hand.sync.complete());
  EXPECT_EQ(hand.sync.missing().text(), "4,6");
}

TEST(MailboxSync, SaysWhenTheServerRefusesEveryWay) {
  Hand hand({}, "");
  hand.client();
  hand.say("* 2 EXISTS", "* OK [UIDVALIDITY 7] x", "C1 OK x");
  hand.say("C2 NO [UNAVAILABLE] later");
  hand.say("C3 BAD what");
  EXPECT_TRUE(hand.sync.looked_through());
  EXPECT_FALSE(hand.sync.complete());
  EXPECT_EQ(hand.sync.refusal(), "what");
}

// A UID below others, one that is used again, and mails that are gone only in words.
TEST(MailboxSync, BelievesCountsMoreThanWhatWasSaidOfSingleMails) {
  Hand hand({.uidvalidity = 7, .uidnext = 7, .highestmodseq = 5, .done = NumberSet(1, 6)}, has_all);
  hand.client();
  hand.say("* 5 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 7] x", "* OK [HIGHESTMODSEQ 5] x",
           "* VANISHED (EARLIER) 1:2", "C1 OK x");
  ASSERT_TRUE(hand.sync.looked_through());
  const NumberSet held(1, 3), there(1, 5);
  EXPECT_FALSE(hand.sync.agrees(held));
  EXPECT_EQ(hand.sync.compare(held, there, {}).text(), "4:5");
  EXPECT_EQ(hand.sync.missing().text(), "4:5");
  EXPECT_TRUE(hand.sync.take_changes().expunged.empty());
  EXPECT_TRUE(hand.sync.agrees(held));
  EXPECT_TRUE(hand.sync.compare(held, NumberSet(1, 4'000'000'000), {}).empty()) << "more than EXISTS";
}

// A search that finds nothing in a gap is believed when the count of all mails bears it out.
TEST(MailboxSync, ConcludesNothingFromAGapThatIsOnlySaidToBeEmpty) {
  const KnownMailbox known{.uidvalidity = 7, .uidnext = 4, .highestmodseq = 5, .done = NumberSet(1, 3)};
  for (const auto* exists : {"* 4 EXISTS", "* 3 EXISTS"}) {
    Hand hand(known, has_all);
    hand.client();
    hand.say(exists, "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 5] x", "* OK [HIGHESTMODSEQ 6] x", "C1 OK x");
    hand.say("* ESEARCH (TAG \"C2\") UID", "C2 OK x");
    ASSERT_TRUE(hand.sync.looked_through());
    const bool is_empty = std::string_view(exists) == "* 3 EXISTS";
    EXPECT_EQ(hand.sync.agrees(NumberSet(1, 3)), is_empty);
    if (is_empty) hand.sync.believe_absent();
    EXPECT_EQ(hand.sync.done().text(), is_empty ? "1:4" : "1:3");
  }
}

TEST(MailboxSync, BelievesAListMoreThanUidnext) {
  Hand hand({.uidvalidity = 7, .uidnext = 11, .highestmodseq = 5, .done = NumberSet(1, 10)}, has_all);
  hand.client();
  hand.say("* 4 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 11] x", "* OK [HIGHESTMODSEQ 6] x", "C1 OK x");
  ASSERT_TRUE(hand.sync.looked_through());
  const NumberSet held(8, 10);
  EXPECT_FALSE(hand.sync.agrees(held));
  EXPECT_EQ(hand.sync.compare(held, NumberSet(8, 11), {}).text(), "11");
  EXPECT_EQ(hand.sync.news().text(), "11");
  EXPECT_EQ(hand.sync.next_uid(), 12U);
  EXPECT_TRUE(hand.sync.agrees(held));
}

TEST(MailboxSync, TakesAUidnextThatCannotBeForNone) {
  Hand hand({}, "");
  EXPECT_EQ(hand.client(), "C1 SELECT INBOX\r\n");
  EXPECT_EQ(hand.say("* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 1] x", "C1 OK x"), "C2 UID SEARCH ALL\r\n");
  hand.say("* SEARCH 1 2 3", "C2 OK x");
  EXPECT_EQ(hand.sync.missing().text(), "1:3");
  EXPECT_EQ(hand.sync.next_uid(), 4U);
}

TEST(MailboxSync, KeepsNoEndlessFlags) {
  Limits limits;
  limits.flags = 2000;
  MailboxSync sync({.uidvalidity = 7, .uidnext = 100, .highestmodseq = 5, .done = NumberSet(1, 99)},
                   Capabilities::parse("QRESYNC"), Capabilities::parse("QRESYNC"), limits);
  for (std::uint32_t uid = 1; uid < 100; ++uid) {
    Fetch fetch;
    fetch.message = fetch.uid = uid;
    fetch.flags = {"\\Seen"};
    sync.take(fetch);
    EXPECT_LT(sync.waiting_flags(), 50U);
  }
  sync.take(Selected{{.name = "INBOX", .messages = 99, .uidvalidity = 7, .uidnext = 100, .highestmodseq = 9}});
  EXPECT_EQ(sync.method(), SyncMethod::plain) << "all are asked for";
}

TEST(MailboxSync, SendsNoEndlessSets) {
  NumberSet gaps;
  for (std::uint32_t uid = 2; uid < 5000; uid += 2) gaps.add(uid);
  Hand hand({.uidvalidity = 7, .highestmodseq = 5, .done = gaps}, has_all);
  EXPECT_EQ(hand.client(), "C1 SELECT INBOX (QRESYNC (7 5 2:4998))\r\n");
  EXPECT_EQ(
      hand.say("* 9 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 5000] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x"),
      "C2 UID SEARCH RETURN (ALL) UID 1:4999\r\n");
  hand.say("* ESEARCH (TAG \"C2\") UID ALL 3:4", "C2 OK");
  EXPECT_EQ(hand.sync.missing().text(), "3");
}

TEST(MailboxSync, TakesNoOtherSearchForItsOwn) {
  Hand hand({}, "");
  hand.session.submit(uid_search(SearchKey::flag("\\Seen")));
  hand.say("* 1 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 3] x", "C1 OK x");
  hand.say("* SEARCH 1", "C2 OK");
  hand.say("* SEARCH 2", "C3 OK");
  EXPECT_EQ(hand.sync.missing().text(), "2");
}

TEST(MailboxSync, LetsExpungesOvertakeTheRound) {
  Hand hand({.uidvalidity = 7, .done = NumberSet(1, 3)}, "CONDSTORE");
  hand.say("* 3 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 4] x", "* OK [HIGHESTMODSEQ 9] x", "C1 OK x");
  hand.say("* 1 FETCH (UID 1 FLAGS ())", "* 2 FETCH (UID 2 FLAGS ())", "* 3 FETCH (UID 3 FLAGS ())", "* 2 EXPUNGE",
           "C2 OK");
  EXPECT_EQ(hand.sync.take_changes().expunged.text(), "2");
  hand.say("* 2 FETCH (FLAGS (\\Seen))", "* 1 EXPUNGE");
  const auto changes = hand.sync.take_changes();
  EXPECT_EQ(changes.flags.at(0).uid, 3U);
  EXPECT_EQ(changes.expunged.text(), "1");
}

// A server without CONDSTORE, a mailbox of 10 000 mails that was open before.
class Remembering : public Hand {
 public:
  explicit Remembering(NumberSet flags_left = {})
      : Hand({.uidvalidity = 7,
              .uidnext = 10'001,
              .done = NumberSet(1, 10'000),
              .remembered = {NumberSet(1, 10'000), 10'001, std::move(flags_left)}},
             "ESEARCH") {
    client();
  }
};

TEST(MailboxSync, ListsNothingWhenTheNumbersAreAsTheyWere) {
  Remembering hand;
  EXPECT_EQ(hand.say("* 10000 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10001] x", "C1 OK x"),
            "C2 UID FETCH 9901:10000 (UID FLAGS)\r\n");
  hand.say("* 9950 FETCH (UID 9950 FLAGS (\\Seen))", "C2 OK");
  EXPECT_TRUE(hand.sync.looked_through());
  EXPECT_TRUE(hand.sync.complete());
  const auto changes = hand.sync.take_changes();
  EXPECT_EQ(changes.flags.size(), 1U);
  EXPECT_TRUE(changes.expunged.empty());
  hand.say("* 2 EXPUNGE", "* 10000 EXISTS", "* 10000 FETCH (UID 10001 FLAGS ())");
  EXPECT_EQ(hand.sync.take_changes().expunged.text(), "2") << "the numbers of the mails are known";
  EXPECT_EQ(hand.sync.remembered().existing.text(), "1,3:10001");
  EXPECT_EQ(hand.sync.remembered().next_uid, 10'002U);
}

TEST(MailboxSync, ListsOnlyWhatCameWhenNothingWent) {
  Remembering hand;
  EXPECT_EQ(hand.say("* 10002 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10005] x", "C1 OK x"),
            "C2 UID FETCH 9901:10000 (UID FLAGS)\r\nC3 UID SEARCH RETURN (ALL) UID 10001:10004\r\n");
  hand.say("C2 OK", "* ESEARCH (TAG \"C3\") UID ALL 10002,10004", "C3 OK");
  EXPECT_TRUE(hand.sync.looked_through());
  EXPECT_EQ(hand.sync.missing().text(), "10002,10004");
  EXPECT_EQ(hand.sync.news().text(), "10002,10004");
  EXPECT_TRUE(hand.sync.take_changes().empty());
}

// Something went: a mail too few. A UID that came late: one too many.
TEST(MailboxSync, ListsAllWhenTheNumbersDoNotAgree) {
  for (const auto& [messages, all] : {std::pair(10'000, "1:8,10:10001"), {10'002, "1:10001,10003"}}) {
    Remembering hand;
    hand.say(fmt::format("* {} EXISTS", messages), "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10004] x", "C1 OK x");
    EXPECT_EQ(hand.say("C2 OK", "* ESEARCH (TAG \"C3\") UID ALL 10001", "C3 OK"), "C4 UID SEARCH RETURN (ALL) ALL\r\n");
    EXPECT_FALSE(hand.sync.looked_through());
    hand.say(fmt::format("* ESEARCH (TAG \"C4\") UID ALL {}", all), "C4 OK");
    EXPECT_TRUE(hand.sync.looked_through());
    EXPECT_TRUE(hand.sync.complete());
    EXPECT_EQ(hand.sync.take_changes().expunged.text(), messages == 10'000 ? "9" : "");
  }
  Remembering late;
  EXPECT_THAT(late.say("* 10001 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10001] x", "C1 OK x"),
              testing::HasSubstr("UID SEARCH RETURN (ALL) ALL"));
}

TEST(MailboxSync, AssumesNothingWhenSomethingGoesAmidTheRound) {
  Remembering hand;
  hand.say("* 10000 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10001] x", "C1 OK x");
  EXPECT_EQ(hand.say("* 5 EXPUNGE", "C2 OK"), "C3 UID SEARCH RETURN (ALL) ALL\r\n");
  hand.say("* ESEARCH (TAG \"C3\") UID ALL 1:4,6:10000", "C3 OK");
  EXPECT_EQ(hand.sync.take_changes().expunged.text(), "5");
}

TEST(MailboxSync, LooksAtTheFlagsOfOldMailInPieces) {
  Hand first({.uidvalidity = 7, .uidnext = 10'001, .done = NumberSet(1, 10'000)}, "ESEARCH");
  first.client();
  EXPECT_EQ(first.say("* 10000 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10001] x", "C1 OK x"),
            "C2 UID FETCH 9901:10000 (UID FLAGS)\r\nC3 UID FETCH 9501:9900 (UID FLAGS)\r\n"
            "C4 UID SEARCH RETURN (ALL) ALL\r\n");
  first.say("C2 OK", "C3 OK", "* ESEARCH (TAG \"C4\") UID ALL 1:10000", "C4 OK");
  EXPECT_EQ(first.sync.take_flags_left().text(), "9101:9500");
  Remembering next(first.sync.remembered().flags_left);
  EXPECT_EQ(next.say("* 10000 EXISTS", "* OK [UIDVALIDITY 7] x", "* OK [UIDNEXT 10001] x", "C1 OK x"),
            "C2 UID FETCH 9901:10000 (UID FLAGS)\r\nC3 UID FETCH 8701:9100 (UID FLAGS)\r\n");
  next.say("C2 OK", "C3 OK");
  int pieces = 0;
  while (!next.sync.take_flags_left().empty()) ++pieces;
  EXPECT_EQ(pieces, 22);
}

}  // namespace
}  // namespace coi::imap
