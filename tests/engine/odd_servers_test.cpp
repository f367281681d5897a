// Servers that refuse what they announce, and mails and numbers that look like others.
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

using Instead = std::optional<std::string>;

bool idles(Device& device, ImapServer& server) {
  return device.wait_until([&] { return server.count("IDLE") > 0; });
}

const std::string camera = "camera@example.net";

// All of them with one id, one second and one size.
std::string alarm(const std::string& text, const std::string& id = "alarm@camera.example") {
  return "From: " + camera + "\r\nTo: me@example.org\r\nMessage-ID: <" + id +
         ">\r\nDate: Sun, 01 Nov 2026 12:00:00 +0000\r\nContent-Type: text/plain\r\n\r\n" + text + "\r\n";
}

std::string receipt(const std::string& of) {
  return "From: " + eve + "\r\nTo: me@example.org\r\nMessage-ID: <receipt@example.com>\r\n" +
         "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\r\n\r\n" +
         "--b\r\n\r\nread\r\n--b\r\nContent-Type: message/disposition-notification\r\n\r\n" +
         "Final-Recipient: rfc822;" + eve + "\r\nOriginal-Message-ID: <" + of +
         ">\r\nDisposition: manual-action/MDN-sent-manually; displayed\r\n--b--\r\n";
}

TEST(Namesakes, OneThatCameWithManyOthersWhileNobodyLookedIsShown) {
  for (const std::string id : {"alarm@camera.example", "chat$0123456789abcdef.0123456789abcdef@camera.example"}) {
    ImapServer server;
    server.put("INBOX", alarm("door 1", id));
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(1, camera) && idles(device, server));
    for (int i = 2; i < 4; ++i) server.put("INBOX", alarm(fmt::format("door {}", i), id), true);
    for (int i = 0; i < 8; ++i) server.put("INBOX", mail(fmt::format("mail {}", i)), true);
    server.cut();
    ASSERT_TRUE(device.has(8));
    EXPECT_TRUE(device.has(3, camera)) << id;
  }
}

TEST(Namesakes, OneThatCameAsTheMailboxWasMadeAnewIsShown) {
  ImapServer server;
  server.put("INBOX", alarm("door 1"));
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.has(1, camera) && idles(device, server));
  server.put("INBOX", alarm("door 2"), true);
  server.make_anew();
  EXPECT_TRUE(device.has(2, camera));
}

TEST(Namesakes, OnesThatCameAsTheMailboxWasMadeAnewAreShownAlsoWhereOneIsLookedAtAtATime) {
  ImapServer server("IDLE UIDPLUS MESSAGELIMIT=1");
  server.put("INBOX", alarm("door 1"));
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.has(1, camera) && idles(device, server));
  for (int i = 2; i < 4; ++i) server.put("INBOX", alarm(fmt::format("door {}", i)), true);
  server.make_anew();
  EXPECT_TRUE(device.has(3, camera));
}

TEST(RefusedFolders, AreLeftOutWhateverTheWordForNo) {
  for (const std::string folder : {"Sent", "COI/Chats"}) {
    ImapServer server("IDLE NOTIFY UIDPLUS");
    server.put("INBOX", mail("one"));
    server.answer_with([&](const std::string& tag, const std::string& command) -> Instead {
      if (!command.starts_with("SELECT") || !command.contains(folder)) return std::nullopt;
      return tag + " BAD internal error\r\n";
    });
    Device device(server.port(), closed_port());
    EXPECT_TRUE(device.has(1)) << folder;
    ASSERT_TRUE(idles(device, server)) << folder;
    server.put("INBOX", mail("two"));
    EXPECT_TRUE(device.has(2)) << folder;
    EXPECT_EQ(server.connections(), 1) << folder;
  }
}

TEST(RefusedLists, LeaveTheInboxAndWhatWasKnown) {
  ImapServer server;
  server.put("INBOX", mail("one"));
  std::atomic<bool> refuses = true;
  server.answer_with([&](const std::string& tag, const std::string& command) -> Instead {
    if (!refuses || !command.starts_with("LIST")) return std::nullopt;
    return tag + " NO not now\r\n";
  });
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.has(1));
  EXPECT_EQ(server.count("CREATE"), 0) << "what is not listed may be there";
  EXPECT_TRUE(device.wait_until(
      [&] { return device.account().status().problem == "the server does not list the folders: not now"; }));
  refuses = false;
  ASSERT_TRUE(device.wait_until([&] { return server.count("SELECT COI/Chats") > 0; }));
  EXPECT_EQ(server.connections(), 1) << "it is asked again over the same connection";
  EXPECT_TRUE(device.wait_until([&] { return device.account().status().problem.empty(); }));
  refuses = true;
  server.put("COI/Chats", mail("two"), true);
  server.cut();
  EXPECT_TRUE(device.has(2));
}

TEST(RefusedSettings, OfACoiServerAreAskedForAgain) {
  ImapServer server("IDLE UIDPLUS METADATA COI");
  server.put("INBOX", mail("one"));
  std::atomic<bool> refused = false;
  server.answer_with([&](const std::string& tag, const std::string& command) -> Instead {
    if (!command.starts_with("GETMETADATA") || refused.exchange(true)) return std::nullopt;
    return tag + " NO [UNAVAILABLE] busy\r\n";
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] { return device.account().status().coi_enabled; }));
  EXPECT_TRUE(device.has_said("the server does not say how COI is set up: busy"));
}

TEST(RefusedParameters, AreLeftOutFromThenOn) {
  for (const std::string word : {"BAD", "NO"}) {
    ImapServer server("IDLE UIDPLUS CONDSTORE");
    server.put("INBOX", mail("one"));
    server.answer_with([&](const std::string& tag, const std::string& command) -> Instead {
      if (!command.starts_with("SELECT") || !command.contains("(CONDSTORE)")) return std::nullopt;
      return fmt::format("{} {} unknown parameter\r\n", tag, word);
    });
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(1) && idles(device, server)) << word;
    server.put("INBOX", mail("two"), true);
    server.cut();
    EXPECT_TRUE(device.has(2)) << word;
    const auto heard = server.heard();
    EXPECT_EQ(std::ranges::count_if(heard, [](const auto& said) { return said.contains("(CONDSTORE)"); }), 1) << word;
  }
}

TEST(RefusedParameters, OfAPassingRefusalAreAskedForAgain) {
  for (const std::string code : {"INUSE", "UNAVAILABLE"}) {
    ImapServer server("IDLE UIDPLUS CONDSTORE");
    server.put("INBOX", mail("one"));
    std::atomic<bool> refused = false;
    server.answer_with([&](const std::string& tag, const std::string& command) -> Instead {
      if (!command.starts_with("SELECT INBOX") || refused.exchange(true)) return std::nullopt;
      return fmt::format("{} NO [{}] locked\r\n", tag, code);
    });
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(1) && idles(device, server)) << code;
    for (const auto& said : server.heard())
      if (said.starts_with("SELECT INBOX")) {
        EXPECT_THAT(said, testing::EndsWith("(CONDSTORE)")) << code;
      }
  }
}

TEST(FalseNumbers, HideNoMail) {
  // A SEARCH that finds nothing; an UIDNEXT that is too low; one that says that nothing was ever there.
  for (const std::string lie : {"ESEARCH", "UIDNEXT 12", "UIDNEXT 1"}) {
    SCOPED_TRACE(lie);
    ImapServer server("IDLE UIDPLUS CONDSTORE ENABLE QRESYNC ESEARCH");
    std::atomic<bool> lies = lie == "UIDNEXT 1";
    std::atomic<int> newest = 11;
    server.answer_with([&](const std::string& tag, const std::string& command) -> Instead {
      if (command.starts_with("ENABLE")) return fmt::format("* ENABLED QRESYNC\r\n{} OK x\r\n", tag);
      if (command.starts_with("UID SEARCH")) {
        const auto all = lies && lie == "ESEARCH" ? "" : fmt::format(" ALL 10:{}", newest.load());
        return fmt::format("* ESEARCH (TAG \"{0}\") UID{1}\r\n{0} OK x\r\n", tag, all);
      }
      return std::nullopt;
    });
    server.say_in_select([&](const std::string& folder) -> std::string {
      if (folder != "INBOX") return "* OK [HIGHESTMODSEQ 1] x\r\n";
      const auto modseq = fmt::format("* OK [HIGHESTMODSEQ {}] x\r\n", newest.load());
      return lies && lie.starts_with("UIDNEXT") ? fmt::format("{}* OK [{}] x\r\n", modseq, lie) : modseq;
    });
    server.put("INBOX", mail("one"), false, 10);
    server.put("INBOX", mail("two"));
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(2) && idles(device, server));
    if (lie == "UIDNEXT 1") continue;
    lies = true;
    newest = 12;
    server.put("INBOX", mail("three"), true);
    server.cut();
    EXPECT_TRUE(device.has(3));
  }
}

// UIDs 1 to 5 were known; the backup has 1 to 3, and a new mail got UID 4.
TEST(RestoredMailbox, ShowsAMailThatGotTheUidOfAnother) {
  ImapServer server;
  for (int i = 1; i < 6; ++i) server.put("INBOX", mail(fmt::format("mail {}", i)));
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.has(5) && idles(device, server));
  const auto whole = [&](int uid) { return server.count_of_fetches(std::to_string(uid)); };
  const auto before = whole(1) + whole(2) + whole(3);
  server.restore("INBOX", 3);
  server.put("INBOX", mail("another"), true);
  server.cut();
  ASSERT_TRUE(device.wait_until([&] { return std::ranges::count(device.texts(eve), "another") == 1; }));
  ASSERT_TRUE(device.sync());
  EXPECT_EQ(std::ranges::count_if(device.messages(eve), &store::MessageRow::on_server), 4);
  EXPECT_EQ(whole(1) + whole(2) + whole(3), before);
}

// What the server does not tell of is not known to be the same.
TEST(RestoredMailbox, ShowsItAlsoWhereTheServerRefusesToCompare) {
  for (const std::string word : {"NO [UNAVAILABLE] busy", "NO what", "BAD what"}) {
    ImapServer server;
    for (int i = 1; i < 6; ++i) server.put("INBOX", mail(fmt::format("mail {}", i)));
    Device device(server.port(), closed_port());
    ASSERT_TRUE(device.has(5) && idles(device, server)) << word;
    std::atomic<bool> refused = false;
    server.answer_with([&](const std::string& tag, const std::string& command) -> Instead {
      if (!command.contains("HEADER.FIELDS") || refused.exchange(true)) return std::nullopt;
      return fmt::format("{} {}\r\n", tag, word);
    });
    server.restore("INBOX", 3);
    server.put("INBOX", mail("another"), true);
    server.cut();
    EXPECT_TRUE(device.wait_until([&] { return std::ranges::count(device.texts(eve), "another") == 1; })) << word;
    EXPECT_TRUE(refused) << word;
  }
}

// A receipt is kept without its size.
TEST(RestoredMailbox, ShowsAMailThatGotTheUidOfAReceipt) {
  ImapServer server;
  for (int i = 1; i < 5; ++i) server.put("INBOX", mail(fmt::format("mail {}", i)));
  server.put("INBOX", receipt("chat$gone@example.org"));
  server.put("INBOX", mail("mail 6"));
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.has(5) && idles(device, server));
  server.restore("INBOX", 4);
  server.put("INBOX", mail("another"), true);
  server.cut();
  EXPECT_TRUE(device.wait_until([&] { return std::ranges::count(device.texts(eve), "another") == 1; }));
}

}  // namespace
}  // namespace coi::engine::test
