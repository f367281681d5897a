// Servers whose lists, counts and names are not what they should be: UIDs that come late, mails that are gone only in
// words, lists without end or cut short, folders named in raw octets.
#include <algorithm>
#include <atomic>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "device.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

using testing::Contains;
using testing::SizeIs;
using testing::StartsWith;

bool are_on_server(Device& device, std::size_t mails) {
  return device.wait_until([&] {
    return std::ranges::count_if(device.messages(eve), &store::MessageRow::on_server) ==
           static_cast<std::ptrdiff_t>(mails);
  });
}

constexpr auto plain = "IDLE NOTIFY UIDPLUS";
constexpr auto condstore = "IDLE NOTIFY UIDPLUS ESEARCH CONDSTORE";
constexpr auto qresync = "IDLE NOTIFY UIDPLUS ESEARCH CONDSTORE ENABLE QRESYNC";

TEST(Uids, OneThatComesLateIsShownAtOnce) {
  for (const auto* capabilities : {plain, condstore, qresync}) {
    SCOPED_TRACE(capabilities);
    ImapServer server(capabilities);
    for (const auto* text : {"one", "two", "three"}) server.put("INBOX", mail(text));
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(3) && device.wait_until([&] { return server.count("IDLE") > 0; }));
    server.put("INBOX", mail("five"), false, 5);
    ASSERT_TRUE(device.has(4));
    server.put("INBOX", mail("four"), false, 4);
    EXPECT_TRUE(device.has(5));
    EXPECT_EQ(server.connections(), 1);
  }
}

TEST(Uids, OneThatCameLateIsFoundByTheNextConnection) {
  for (const auto* capabilities : {plain, condstore}) {
    SCOPED_TRACE(capabilities);
    ImapServer server(capabilities);
    for (const auto* text : {"one", "two"}) server.put("INBOX", mail(text));
    server.put("INBOX", mail("five"), false, 5);
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(3) && device.wait_until([&] { return server.count("IDLE") > 0; }));
    server.put("INBOX", mail("four"), true, 4);
    server.cut();
    EXPECT_TRUE(device.has(4));
  }
}

// RFC 7162 section 3.2.5: what a server tells with SELECT is what changed since we looked. One that gave the mail its
// UID and MODSEQ before it showed it does not tell of it; and one that saw nothing there calls it gone.
TEST(Uids, OneThatCameLateIsFoundWhateverTheResynchronisationTells) {
  for (const std::string told : {"", "* 3 FETCH (UID 4 FLAGS () MODSEQ (5))\r\n", "* VANISHED (EARLIER) 3:4\r\n"}) {
    SCOPED_TRACE(told);
    ImapServer server(qresync);
    for (const auto* text : {"one", "two"}) server.put("INBOX", mail(text));
    server.put("INBOX", mail("five"), false, 5);
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(3) && device.wait_until([&] { return server.count("IDLE") > 0; }));
    server.put("INBOX", mail("four"), true, 4);
    server.resync_with(told);
    server.cut();
    EXPECT_TRUE(device.has(4));
    EXPECT_TRUE(are_on_server(device, 4));
    EXPECT_THAT(server.heard(), Contains(StartsWith("SELECT INBOX (QRESYNC (1 4 1:5")));
  }
}

// RFC 3501 section 6.3.1 wants EXISTS before the OK.
TEST(Counts, MailIsShownAlsoWhereTheServerDoesNotSayHowMuchThereIs) {
  for (const auto when : {ImapServer::Counts::behind_the_ok, ImapServer::Counts::never})
    for (const std::string capabilities : {"IDLE UIDPLUS", "IDLE NOTIFY UIDPLUS ESEARCH"}) {
      SCOPED_TRACE(fmt::format("{}: {}", capabilities, static_cast<int>(when)));
      ImapServer server(capabilities);
      server.count_mails(when);
      for (const auto* text : {"one", "two"}) server.put("INBOX", mail(text));
      Device device(server.port(), closed_port());
      ASSERT_TRUE(device.has(2));
      ASSERT_TRUE(device.wait_until([&] { return server.count("IDLE") > 0; }));
      server.put("INBOX", mail("three"));
      ASSERT_TRUE(device.has(3));
      // What came while nobody looked, and what went.
      server.put("INBOX", mail("four"), true);
      server.cut();
      ASSERT_TRUE(device.has(4));
      ASSERT_TRUE(device.sync());
      EXPECT_TRUE(are_on_server(device, 4));
    }
}

TEST(Uids, MailsThatAreGoneOnlyInWordsComeBack) {
  for (const std::string gone : {"* VANISHED 1:3", "* 1 EXPUNGE\r\n* 1 EXPUNGE\r\n* 1 EXPUNGE"}) {
    ImapServer server("IDLE NOTIFY UIDPLUS");
    for (const auto* text : {"one", "two", "three"}) server.put("INBOX", mail(text));
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(3) && device.wait_until([&] { return server.count("IDLE") > 0; }));
    server.say_to_idle(gone);
    ASSERT_TRUE(are_on_server(device, 0));
    server.say_to_idle("* 3 EXISTS");
    EXPECT_TRUE(are_on_server(device, 3)) << gone;
    EXPECT_THAT(device.texts(eve), SizeIs(3));
  }
}

// Whatever was cut short of it: what is stored needs no body.
TEST(Uids, AMailboxMadeAnewLoadsNoBodyAgainThoughTheConnectionWasLost) {
  ImapServer server("IDLE NOTIFY UIDPLUS");
  for (int i = 0; i < 12; ++i) server.put("INBOX", mail(fmt::format("mail {}", i)));
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.has(12) && device.wait_until([&] { return server.count("IDLE") > 0; }));
  const auto bodies = [&] {
    return std::ranges::count_if(server.heard(), [](const auto& said) { return said.contains("BODY.PEEK[]"); });
  };
  const auto before = bodies();
  std::atomic<bool> cut = false;
  server.answer_with([&](const std::string&, const std::string& command) -> std::optional<std::string> {
    if (!command.contains("HEADER.FIELDS") || cut.exchange(true)) return std::nullopt;
    return "* BYE\r\n";
  });
  server.make_anew();
  ASSERT_TRUE(device.wait_until([&] { return cut.load(); }));
  EXPECT_TRUE(are_on_server(device, 12));
  EXPECT_EQ(bodies(), before);
}

TEST(Lists, OneThatNamesMoreMailsThanThereAreIsNotBelieved) {
  ImapServer server("IDLE NOTIFY UIDPLUS ESEARCH");
  server.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("UID SEARCH")) return std::nullopt;
    return fmt::format("* ESEARCH (TAG \"{0}\") UID ALL 1:4294967294\r\n{0} OK x\r\n", tag);
  });
  for (const auto* text : {"one", "two", "three"}) server.put("INBOX", mail(text));
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.has(3));
  ASSERT_TRUE(device.sync());
  EXPECT_LT(server.count("UID FETCH"), 30);
}

// RFC 9738: no command names more mails than the server takes.
TEST(Lists, ALimitOfMessagesIsKept) {
  ImapServer server("IDLE NOTIFY UIDPLUS MESSAGELIMIT=2");
  for (const auto* text : {"one", "two", "three", "four", "five"}) server.put("INBOX", mail(text));
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.has(5));
  EXPECT_EQ(server.count_of_fetches("4:5"), 1);
  EXPECT_EQ(server.count_of_fetches("2:3"), 1);
  EXPECT_EQ(server.count_of_fetches("1"), 1);
}

TEST(Lists, WhatALimitCutOffIsFetchedNext) {
  ImapServer server("IDLE NOTIFY UIDPLUS");
  server.answer_with([](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("UID FETCH 1:3 ")) return std::nullopt;
    return fmt::format("* 3 FETCH (UID 3 FLAGS () BODY[]<0> {{{}}}\r\n{})\r\n{} OK [MESSAGELIMIT 1 3] later\r\n",
                       mail("three").size(), mail("three"), tag);
  });
  for (const auto* text : {"one", "two", "three"}) server.put("INBOX", mail(text));
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.has(3));
  EXPECT_EQ(server.count_of_fetches("1:2"), 1);
  EXPECT_EQ(server.count_of_fetches("2"), 0);
}

// UTF-8 where modified UTF-7 belongs, and an encoding that breaks off: the name goes back as it came.
TEST(Names, OfFoldersGoBackAsTheyCame) {
  for (const std::string name : {"Gesendet \xc3\xbc", "Gesendet &AOQ", "Gesendet \xfc"}) {
    ImapServer server("IDLE NOTIFY UIDPLUS");
    server.put(name, mail("mine", "me@example.org", eve));
    server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
      if (!command.starts_with("LIST")) return std::nullopt;
      return fmt::format(
          "* LIST () \"/\" INBOX\r\n* LIST () \"/\" \"COI/Chats\"\r\n* LIST (\\Sent) \"/\" \"{}\"\r\n{} OK x\r\n", name,
          tag);
    });
    Device device(server.port(), closed_port());
    EXPECT_TRUE(device.has(1)) << name;
    EXPECT_THAT(server.heard(), Contains(StartsWith("SELECT \"" + name + "\"")));
  }
}

}  // namespace
}  // namespace coi::engine::test
