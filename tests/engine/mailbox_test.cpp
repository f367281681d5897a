// What Dovecot cannot be made to show: mails that it cannot read, answers beyond all limits, and news that are told
// amid other things or not at all.
#include <atomic>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

// A FETCH of bodies, of these mails.
bool asks_for(const std::string& command, const std::string& set) {
  return command.starts_with("UID FETCH " + set + " ") && command.contains("BODY.PEEK");
}

TEST(Mailbox, AMailThatTheServerRefusesDoesNotStopTheOthers) {
  ImapServer server(with_notify);
  server.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    for (const auto* set : {"1:3", "2", "4:*", "4"})
      if (asks_for(command, set)) return tag + " NO [SERVERBUG] internal error\r\n";
    return std::nullopt;
  });
  for (const auto* text : {"one", "two", "three"}) server.put("INBOX", mail(text));
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
  EXPECT_THAT(device.texts(eve), UnorderedElementsAre("one", "three"));
  // One more of them arrives, and one behind it.
  ASSERT_TRUE(device.wait_until([&] { return server.count("IDLE") > 0; }));
  server.put("INBOX", mail("four"));
  ASSERT_TRUE(device.wait_until([&] { return server.count_of_fetches("4") > 0; }));
  server.put("INBOX", mail("five"));
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 3; }));
  // The connection was never lost.
  ASSERT_TRUE(device.sync());
  EXPECT_TRUE(device.is_online());
  EXPECT_EQ(server.connections(), 1);
}

// Every FETCH of bodies, for as long as a server that is busy would.
TEST(Mailbox, AServerThatRefusesForAWhileGivesTheMailSecondsLater) {
  for (const std::string words : {"NO [TEMPFAIL] temporary failure", "NO [UNAVAILABLE] later", "BAD not now"}) {
    ImapServer server(with_notify);
    std::atomic<bool> busy = true;
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (!busy || !command.starts_with("UID FETCH") || !command.contains("BODY")) return std::nullopt;
      return tag + " " + words + "\r\n";
    });
    for (int i = 0; i < 8; ++i) server.put("INBOX", mail(fmt::format("mail {}", i)));
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.wait_until([&] { return device.account().status().problem.contains("does not give mails"); }));
    ASSERT_TRUE(device.wait_until([&] { return server.count_of_fetches("8") > 1; }));
    busy = false;
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 8; }));
    EXPECT_EQ(server.connections(), 1);
    EXPECT_TRUE(device.wait_until([&] { return device.account().status().problem.empty(); }));
    EXPECT_LT(server.count("UID FETCH"), 100);
  }
}

TEST(Mailbox, AMailThatIsRefusedIsAskedForAtOnceWhenTheUserAsks) {
  ImapServer server(with_notify);
  std::atomic<bool> busy = true;
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!busy || !asks_for(command, "1")) return std::nullopt;
    return tag + " NO [TEMPFAIL] temporary failure\r\n";
  });
  server.put("INBOX", mail("one"));
  // No pause ends by itself.
  Device device(server.port(), closed_port(), {.clock = [now = system_now()] { return now; }});
  ASSERT_TRUE(device.wait_until([&] { return device.is_online() && server.count("IDLE") > 0; }));
  EXPECT_EQ(server.count_of_fetches("1"), 1);
  busy = false;
  ASSERT_TRUE(device.sync());
  EXPECT_EQ(device.texts(eve).size(), 1U);
}

TEST(Mailbox, AMailThatIsRefusedIsAskedForAtOnceWhenTheNetworkReturns) {
  ImapServer server(with_notify);
  std::atomic<bool> busy = true;
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!busy || !asks_for(command, "1")) return std::nullopt;
    return tag + " NO [TEMPFAIL] temporary failure\r\n";
  });
  server.put("INBOX", mail("one"));
  // No pause ends by itself.
  Device device(server.port(), closed_port(), {.clock = [now = system_now()] { return now; }});
  ASSERT_TRUE(device.wait_until([&] { return device.is_online() && server.count("IDLE") > 0; }));
  busy = false;
  device.account().network_changed();
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
}

// Neither to SEARCH nor to a FETCH of flags is a refusal the end of the connection.
TEST(Mailbox, AServerThatDoesNotSayWhichMailsThereAreIsAskedAnotherWayAndAgain) {
  for (const bool for_ever : {false, true}) {
    ImapServer server(with_notify);
    std::atomic<int> refusals = 0;
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      const bool lists = command.starts_with("UID SEARCH") || command == "UID FETCH 1:* (UID FLAGS)";
      if (!lists || (!for_ever && refusals > 3) || (for_ever && !command.starts_with("UID SEARCH")))
        return std::nullopt;
      ++refusals;
      return tag + " NO not now\r\n";
    });
    server.put("INBOX", mail("one"));
    Device device(server.port(), closed_port());
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; })) << for_ever;
    EXPECT_EQ(server.connections(), 1);
  }
}

// BODY[] comes as NIL, as nothing, as less than it is, or not at all, once or always; the two halves of the mail come.
TEST(Mailbox, AMailThatComesEmptyIsAskedForInAnotherWay) {
  for (const std::string body : {"BODY[]<0> NIL", "BODY[]<0> \"\"", "BODY[]<0> {4}\r\nFrom", "BODY[]<0> (odd)"}) {
    ImapServer server(with_notify);
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      const auto octets = mail("two");
      const auto text = octets.find("\r\n\r\n") + 4;
      if (asks_for(command, "1:3"))
        return fmt::format(
            "* 1 FETCH (UID 1 FLAGS () BODY[]<0> {{{}}}\r\n{})\r\n* 2 FETCH (UID 2 FLAGS () RFC822.SIZE {} {})\r\n{} "
            "OK x\r\n",
            mail("one").size(), mail("one"), octets.size(), body, tag);
      if (!command.starts_with("UID FETCH 2 ")) return std::nullopt;
      if (!command.contains("BODY.PEEK[HEADER] BODY.PEEK[TEXT]"))
        return fmt::format("* 2 FETCH (UID 2 FLAGS () RFC822.SIZE {} {})\r\n{} OK x\r\n", octets.size(), body, tag);
      return fmt::format(
          "* 2 FETCH (UID 2 FLAGS () RFC822.SIZE {0} BODY[HEADER] {{{1}}}\r\n{2} BODY[TEXT] {{{3}}}\r\n{4})\r\n{5} OK "
          "x\r\n",
          octets.size(), text, octets.substr(0, text), octets.size() - text, octets.substr(text), tag);
    });
    for (const auto* text : {"one", "two", "three"}) server.put("INBOX", mail(text));
    Device device(server.port(), closed_port());
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 3; })) << body;
    EXPECT_THAT(device.texts(eve), UnorderedElementsAre("one", "two", "three"));
  }
}

std::string halves_of(const std::string& octets, const std::string& tag) {
  const auto text = octets.find("\r\n\r\n") + 4;
  return fmt::format(
      "* 1 FETCH (UID 1 RFC822.SIZE {} BODY[HEADER] {{{}}}\r\n{} BODY[TEXT] {{{}}}\r\n{})\r\n{} OK x\r\n",
      octets.size(), text, octets.substr(0, text), octets.size() - text, octets.substr(text), tag);
}

// Most of the octets of a short mail are its header.
TEST(Mailbox, AMailWhoseEndIsMissingIsAskedForOnceMore) {
  const auto octets = mail("the words that matter");
  const auto text = octets.find("\r\n\r\n") + 4;
  for (const auto came : {text, text - 2, text - 20}) {
    ImapServer server(with_notify);
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (command.contains("BODY.PEEK[HEADER] BODY.PEEK[TEXT]")) return halves_of(octets, tag);
      if (!command.contains("BODY.PEEK[]")) return std::nullopt;
      return fmt::format("* 1 FETCH (UID 1 FLAGS () RFC822.SIZE {} BODY[]<0> {{{}}}\r\n{})\r\n{} OK x\r\n",
                         octets.size(), came, octets.substr(0, came), tag);
    });
    server.put("INBOX", octets);
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.wait_until([&] { return !device.texts(eve).empty(); })) << came;
    EXPECT_EQ(device.texts(eve), std::vector<std::string>{"the words that matter"}) << came;
  }
}

// Another device reads it between the question for the whole and the answer with the halves.
TEST(Mailbox, FlagsThatAreToldWhileAMailComesInPiecesAreItsOwn) {
  const auto octets = mail("read elsewhere");
  ImapServer server(with_notify);
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.contains("BODY.PEEK[HEADER] BODY.PEEK[TEXT]"))
      return "* 1 FETCH (UID 1 FLAGS (\\Seen))\r\n" + halves_of(octets, tag);
    if (!command.contains("BODY.PEEK[]")) return std::nullopt;
    return fmt::format("* 1 FETCH (UID 1 FLAGS () RFC822.SIZE {} BODY[]<0> NIL)\r\n{} OK x\r\n", octets.size(), tag);
  });
  server.put("INBOX", octets);
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] { return device.is_seen(eve, "read elsewhere"); }));
}

// Exchange gives estimates. The answer that was there at first is the whole mail, whatever comes of the other ways.
TEST(Mailbox, ASizeThatIsTooLargeCostsNoMail) {
  const auto octets = mail("all of it");
  const std::string shorter = "* 1 FETCH (UID 1 BODY[HEADER] {15}\r\nFrom: a@b.org\r\n BODY[TEXT] {3}\r\nall)\r\n";
  for (const std::string halves : {"", "NO", shorter.c_str()}) {
    ImapServer server(with_notify);
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (command.contains("BODY.PEEK[HEADER] BODY.PEEK[TEXT]")) {
        if (halves.empty()) return halves_of(octets, tag);
        return halves == "NO" ? tag + " NO never\r\n" : halves + tag + " OK x\r\n";
      }
      if (command.contains("BODYSTRUCTURE")) return tag + " NO never\r\n";
      if (!command.contains("BODY.PEEK[]")) return std::nullopt;
      return fmt::format("* 1 FETCH (UID 1 FLAGS () RFC822.SIZE {} BODY[]<0> {{{}}}\r\n{})\r\n{} OK x\r\n",
                         octets.size() * 2, octets.size(), octets, tag);
    });
    server.put("INBOX", octets);
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.wait_until([&] { return !device.texts(eve).empty(); })) << halves;
    EXPECT_EQ(device.texts(eve), std::vector<std::string>{"all of it"}) << halves;
  }
}

// The value hides all that stands behind it.
TEST(Mailbox, AValueWithoutEndTakesNoMailWithIt) {
  for (const std::string value : {"FLAGS (\\Seen", "INTERNALDATE \"28-Nov-2026 10:00:00 +0000", "MODSEQ (4"}) {
    ImapServer server(with_notify);
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      const bool asked = command.contains(value.substr(0, value.find(' '))) || value.starts_with("MODSEQ");
      if (!command.starts_with("UID FETCH") || !asked || !command.contains("FLAGS")) return std::nullopt;
      const auto octets = mail("one");
      return fmt::format("* 1 FETCH (UID 1 {} BODY[]<0> {{{}}}\r\n{})\r\n{} OK x\r\n", value, octets.size(), octets,
                         tag);
    });
    server.put("INBOX", mail("one"));
    // No pause ends by itself.
    Device device(server.port(), closed_port(), {.clock = [now = system_now()] { return now; }});
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; })) << value;
  }
}

// Of the one that was asked for alone, whatever else the server says.
TEST(Mailbox, OctetsWithoutAUidAreOfTheMailThatWasAskedFor) {
  for (const std::string items : {"FLAGS () ", "UID 0 FLAGS () ", ""}) {
    ImapServer server(with_notify);
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      const auto octets = mail("two");
      const auto two =
          fmt::format("* 2 FETCH ({}BODY[]<0> {{{}}}\r\n{})\r\n{} OK x\r\n", items, octets.size(), octets, tag);
      if (asks_for(command, "2")) return two;
      if (!asks_for(command, "1:2")) return std::nullopt;
      return fmt::format("* 1 FETCH (UID 1 FLAGS () BODY[]<0> {{{}}}\r\n{})\r\n", mail("one").size(), mail("one")) +
             two;
    });
    for (const auto* text : {"one", "two"}) server.put("INBOX", mail(text));
    Device device(server.port(), closed_port());
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 2; })) << items;
  }
}

// RFC 9208 section 4.2.2.
TEST(Mailbox, TheQuotaShownIsThatOfTheInboxsRoot) {
  ImapServer server("IDLE NOTIFY UIDPLUS QUOTA");
  server.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("GETQUOTAROOT")) return std::nullopt;
    return "* QUOTA \"other\" (STORAGE 7 8)\r\n* QUOTAROOT INBOX \"mine\"\r\n* QUOTA \"mine\" (STORAGE 10 1000)\r\n"
           "* QUOTA \"shared\" (STORAGE 99 100)\r\n" +
           tag + " OK x\r\n";
  });
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().quota_used_kb.has_value(); }));
  EXPECT_EQ(device.account().status().quota_used_kb, 10U);
  EXPECT_EQ(device.account().status().quota_limit_kb, 1000U);
}

TEST(Mailbox, TheServersWordsAreShownWhenItOpensNoFolder) {
  ImapServer server(with_notify);
  server.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    return command.starts_with("SELECT") ? std::optional(tag + " NO Unsafe Login. Please contact help\r\n")
                                         : std::nullopt;
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until(
      [&] { return device.account().status().problem.contains("Unsafe Login. Please contact help"); }));
}

// Dovecot's imap_fetch_failure = disconnect-immediately, which is its default.
TEST(Mailbox, AMailThatEndsTheConnectionDoesNotStopTheOthers) {
  for (const std::string last_words : {"* BYE [SERVERBUG] cannot read it\r\n", "* BYE\r\n"}) {
    ImapServer server(with_notify);
    server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
      for (const auto* set : {"1:3", "1:2", "2:3", "2"})
        if (asks_for(command, set)) return last_words;
      return std::nullopt;
    });
    for (const auto* text : {"one", "two", "three"}) server.put("INBOX", mail(text));
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
    EXPECT_THAT(device.texts(eve), UnorderedElementsAre("one", "three"));
    ASSERT_TRUE(device.sync());
    EXPECT_LE(server.count_of_fetches("2"), 2);
  }
}

TEST(Mailbox, AnAnswerBeyondTheLimitsIsSaidAndNotAskedForAgainAndAgain) {
  ImapServer server(with_notify);
  server.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("LIST")) return std::nullopt;
    return "* LIST () \"/\" \"" + std::string(20'000, 'x') + "\"\r\n" + tag + " OK done\r\n";
  });
  Limits limits;
  limits.line = 256;
  Device device(server.port(), closed_port(), {.limits = limits});
  ASSERT_TRUE(device.wait_until([&] { return !device.account().status().problem.empty(); }));
  EXPECT_THAT(device.account().status().problem, HasSubstr("too long"));
  // A pause of seconds would end with this.
  device.account().network_changed();
  device.send("something to do");
  ASSERT_TRUE(device.wait_until([&] { return !device.account().status().sending_problem.empty(); }));
  EXPECT_EQ(server.connections(), 1);
  const auto asked = device.sync();
  ASSERT_FALSE(asked);
  EXPECT_EQ(asked.error().kind(), ErrorKind::limit);
}

// RFC 5465 section 5.8: what was not told has to be found, and from then on nothing is told.
TEST(Mailbox, IsLookedThroughWhenTheServerCouldNotTellEverything) {
  ImapServer server(with_notify);
  std::atomic<bool> overflowed = false;
  server.add([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (command != "IDLE" || overflowed.exchange(true)) return std::nullopt;
    server.put("Sent", mail("untold", "me@example.org", eve), true);
    return "* OK [NOTIFICATIONOVERFLOW] too much\r\n";
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve) == std::vector<std::string>{"untold"}; }));
  // A connection of its own watches the second folder now.
  ASSERT_TRUE(device.wait_until([&] { return server.connections() == 2 && server.count("IDLE") >= 3; }));
  server.put("COI/Chats", mail("watched"));
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 2; }));
}

// Many providers end a silent connection after half an hour: that says nothing of how many connections they allow.
TEST(Mailbox, TheSecondFolderIsWatchedHoweverOftenThatConnectionIsLost) {
  ImapServer server;
  Device device(server.port(), closed_port(), {.times = {.long_life = {}}});
  for (int i = 0; i < 4; ++i)
    ASSERT_TRUE(device.wait_until([&] { return server.cut_idle("COI/Chats"); })) << "after " << i;
  server.put("COI/Chats", mail("still watched"));
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
  EXPECT_FALSE(device.account().status().connection_limit);
}

// The own copy is looked for before it is filed, for an earlier connection may have done it; the server tells of other
// things meanwhile.
class LookingForACopy : public testing::Test {
 protected:
  explicit LookingForACopy(std::string capabilities = with_notify) : mailbox_(std::move(capabilities)) {}

  // The first time that somebody looks for a copy in this folder, this happens, and is said.
  void meanwhile(std::function<std::string()> happens) {
    mailbox_.answer_with([this, happens = std::move(happens)](
                             const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (!command.starts_with("UID SEARCH") || !command.contains("HEADER") || looked_.exchange(true))
        return std::nullopt;
      return happens() + "* SEARCH\r\n" + tag + " OK done\r\n";
    });
  }
  // A message that is sent while the mailbox cannot be reached, and filed afterwards.
  void send(Device& device) {
    mailbox_.refuse(true);
    mailbox_.cut();
    ASSERT_TRUE(device.wait_until([&] { return !device.account().status().problem.empty(); }));
    const auto message = device.send("hello");
    ASSERT_TRUE(device.wait_until([&] { return device.is_sent(message); }));
    mailbox_.refuse(false);
    device.account().network_changed();
    ASSERT_TRUE(device.wait_until([&] { return looked_.load(); }));
  }

  ImapServer mailbox_;
  std::atomic<bool> looked_ = false;
  ScriptedServer submission_{[](Peer& peer) {
    peer.send("220 here\r\n");
    while (const auto line = peer.line()) {
      if (line->starts_with("BDAT")) peer.octets(std::stoul(line->substr(5)));
      peer.send(line->starts_with("EHLO") ? "250-here\r\n250-CHUNKING\r\n250 AUTH PLAIN\r\n" : "235 2.0.0 ok\r\n");
    }
  }};
};

// There it is Chats that stays open, and the inbox is looked at when it is told of.
class LookingForACopyAtACoiServer : public LookingForACopy {
 protected:
  LookingForACopyAtACoiServer() : LookingForACopy("IDLE NOTIFY UIDPLUS COI") {}
};

TEST_F(LookingForACopyAtACoiServer, MissesNothingThatIsToldOfOtherFolders) {
  Device device(mailbox_.port(), submission_.port());
  ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
  meanwhile([&] {
    const auto uid = mailbox_.put("INBOX", mail("told meanwhile"), true);
    return fmt::format("* STATUS INBOX (MESSAGES 1 UIDNEXT {} UIDVALIDITY 1)\r\n", uid + 1);
  });
  send(device);
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve) == std::vector<std::string>{"told meanwhile"}; }));
}

TEST_F(LookingForACopy, MissesNothingThatComesIntoThatFolder) {
  Device device(mailbox_.port(), submission_.port());
  ASSERT_TRUE(device.wait_until([&] { return device.is_online(); }));
  meanwhile([&] {
    mailbox_.put("COI/Chats", mail("came meanwhile"));
    return "* 1 EXISTS\r\n";
  });
  send(device);
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve) == std::vector<std::string>{"came meanwhile"}; }));
  EXPECT_TRUE(device.wait_until([&] { return mailbox_.mails("COI/Chats").size() == 2; }));
}

}  // namespace
}  // namespace coi::engine::test
