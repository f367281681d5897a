// Which folder is what where the server does not say it, or says it of folders that are not ours.
#include <atomic>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "device.h"
#include "engine/folder_names.h"
#include "imap_server.h"
#include "mails.h"

namespace coi::engine::test {
namespace {

using chat::FolderRole;

TEST(FolderNames, TellSentInTheLanguagesOfServersAndPrograms) {
  for (const auto* name : {"Sent",
                           "SENT ITEMS",
                           "sent-mail",
                           "Gesendete Elemente",
                           "GESENDETE OBJEKTE",
                           "Éléments envoyés",
                           "ÉLÉMENTS ENVOYÉS",
                           "E\u0301le\u0301ments envoye\u0301s",
                           "Elementos enviados",
                           "Posta inviata",
                           "Verzonden items",
                           "Отправленные",
                           "ОТПРАВЛЕННЫЕ",
                           "Надіслані",
                           "已发送",
                           "寄件備份",
                           "送信済みアイテム",
                           "보낸편지함",
                           "Skickat",
                           "Wysłane",
                           "Odeslaná pošta",
                           "Απεσταλμένα",
                           "ΑΠΕΣΤΑΛΜΈΝΑ",
                           "Gönderilmiş Öğeler",
                           "Đã gửi",
                           "OUTBOX"}) {
    const auto role = role_of_name(name);
    ASSERT_TRUE(role) << name;
    EXPECT_EQ(role->role, FolderRole::sent) << name;
  }
  EXPECT_FALSE(role_of_name("Sentiments"));
  EXPECT_FALSE(role_of_name("Work"));
}

// With and without the namespace's prefix, with either delimiter; where several could be meant the plainest is.
struct Listing {
  std::vector<std::string> lines;  // LIST, without "* LIST "
  std::string name_space;          // the answer to NAMESPACE
  std::string sent;                // that is opened
};

void expect_sent(const Listing& listing) {
  ImapServer server(listing.name_space.empty() ? "IDLE UIDPLUS" : "IDLE UIDPLUS NAMESPACE");
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (command.starts_with("NAMESPACE")) return "* NAMESPACE " + listing.name_space + "\r\n" + tag + " OK\r\n";
    if (!command.starts_with("LIST")) return std::nullopt;
    std::string all = "* LIST () \"/\" INBOX\r\n";
    for (const auto& line : listing.lines) all += "* LIST " + line + "\r\n";
    return all + tag + " OK done\r\n";
  });
  Device device(server.port(), closed_port());
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
  auto heard = server.heard();
  std::erase_if(heard, [](const auto& line) {
    return !line.starts_with("SELECT") || line.contains("INBOX (") || line.contains("Chats") || line == "SELECT INBOX";
  });
  ASSERT_FALSE(heard.empty());
  EXPECT_TRUE(heard.front().starts_with("SELECT " + listing.sent)) << heard.front();
}

TEST(Folders, SentIsFoundByItsName) {
  expect_sent({{"() \".\" INBOX.Sent"}, "((\"INBOX.\" \".\")) NIL NIL", "INBOX.Sent"});
  expect_sent({{"() \"/\" INBOX/Sent"}, "", "INBOX/Sent"});
  expect_sent({{"() \"/\" \"&AMk-l&AOk-ments envoy&AOk-s\""}, "", "\"&AMk-l&AOk-ments envoy&AOk-s\""});
  expect_sent({{"() \"/\" Outbox", "() \"/\" \"Sent Items\""}, "", "\"Sent Items\""});
}

TEST(Folders, OnlyWhatIsOursHasARole) {
  const std::string spaces = "((\"\" \"/\")) ((\"Users/\" \"/\")) ((\"Team/\" \"/\"))";
  expect_sent({{"(\\Sent) \"/\" Users/bob/Sent", "(\\Sent) \"/\" Team/Sent", "() \"/\" Gesendet"}, spaces, "Gesendet"});
  expect_sent({{"(\\Sent) \"/\" \"Other Users/bob/Sent\"", "(\\Sent) \"/\" Mine"}, "", "Mine"});
}

// Servers without NAMESPACE, and those that write the same name in two cases.
TEST(Folders, AColleaguesHaveNoRoleHoweverTheirParentIsWritten) {
  expect_sent({{"(\\Sent) \".\" \"Other Users.anna.Sent\"", "() \".\" \"Sent Items\""}, "", "\"Sent Items\""});
  expect_sent({{"(\\Sent) \".\" \"Shared Folders.Sent\"", "() \".\" Sent"}, "", "Sent"});
  expect_sent({{"(\\Sent) \"/\" SHARED/anna", "() \"/\" Sent"}, "", "Sent"});
  expect_sent({{"(\\Sent) \"/\" \"Andere Benutzer/anna\"", "() \"/\" Gesendet"}, "", "Gesendet"});
  expect_sent({{"(\\Sent) \"/\" \"&ANY-ffentliche Ordner/anna\"", "() \"/\" Gesendet"}, "", "Gesendet"});
  expect_sent({{"(\\Sent) \"/\" \"Muut/anna/Sent\"", "() \"/\" Gesendet"}, "", "Gesendet"});
  expect_sent({{"(\\Sent) \"/\" \"Arkisto/2026/Sent\""}, "", "Arkisto/2026/Sent"});
  expect_sent({{"(\\Sent) \"/\" User/anna/Sent", "() \"/\" Sent"}, "((\"\" \"/\")) ((\"user/\" \"/\")) NIL", "Sent"});
  expect_sent({{"() \".\" Inbox.Sent"}, "((\"INBOX.\" \".\")) NIL NIL", "Inbox.Sent"});
}

// Two names that both mean it: the one where own mail lies.
TEST(Folders, OfTwoForSentMailTheOneThatIsUsedCounts) {
  for (const bool both : {false, true}) {
    ImapServer server;  // has an empty "Sent"
    server.put("Sent Items", mail("one", Device::addr, eve));
    server.put("Sent Items", mail("two", Device::addr, eve));
    if (both) server.put("Sent", mail("three", Device::addr, eve));
    Device device(server.port(), closed_port());
    EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 2; })) << both;
    const auto status = [&] { return device.account().status(); };
    ASSERT_TRUE(device.wait_until([&] { return status().state == ConnectionState::online; }));
    EXPECT_EQ(status().problem, both ? "one of these folders is the one for sent mail: Sent Items, Sent" : "");
    if (both) continue;
    device.restart();
    ASSERT_TRUE(device.wait_until([&] { return status().state == ConnectionState::online; }));
    EXPECT_EQ(server.count("EXAMINE Sent"), 1) << "what was found is remembered";
  }
}

TEST(Folders, OfTwoEmptyOnesForSentMailTheFirstCounts) {
  ImapServer server;
  server.put("INBOX", mail("hello"));
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("LIST")) return std::nullopt;
    return "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Sent\r\n* LIST () \"/\" \"Sent Items\"\r\n" + tag + " OK x\r\n";
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] { return server.count("SELECT Sent") > 0; }));
  EXPECT_EQ(device.account().status().problem, "");
}

// A name in no table: what lies there tells.
TEST(Folders, SentIsFoundByWhatLiesInIt) {
  ImapServer server;
  server.remove("Sent");
  server.put("Work", mail("from-eve", eve));
  server.put("Lahkunud", mail("sent-elsewhere", Device::addr, eve));
  server.put("Notes", "From: me@example.org\r\nSubject: milk\r\nMessage-ID: <note@x>\r\n\r\nmilk\r\n");
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
  device.restart();
  ASSERT_TRUE(device.wait_until([&] { return device.account().status().state == ConnectionState::online; }));
  EXPECT_EQ(server.count("EXAMINE Work"), 1) << "what was found is remembered";
}

// Of two that may be the one, the one that can be looked into is not the only one.
TEST(Folders, WhatWasRefusedForNowIsLookedIntoAgain) {
  ImapServer server;
  server.remove("Sent");
  server.put("Lahkunud", mail("sent-elsewhere", Device::addr, eve));
  server.put("Vanad", mail("old-archive", Device::addr, eve));
  std::atomic<bool> refused = false;
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("EXAMINE Lahkunud") || refused.exchange(true)) return std::nullopt;
    return tag + " NO [UNAVAILABLE] busy\r\n";
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] {
    return device.account().status().problem == "one of these folders is the one for sent mail: Lahkunud, Vanad";
  }));
  EXPECT_TRUE(device.texts(eve).empty());
}

// What is told of the inbox while the server is asked for its folders is of the inbox, though another one is open then.
TEST(Folders, SeekingTheOneForSentMailTakesNoMailOfAnotherForTheInboxs) {
  ImapServer server;
  server.remove("Sent");
  server.put("INBOX", mail("one"));
  for (const auto* text : {"foreign 1", "foreign 2", "foreign 3"}) server.put("Work", mail(text, "boss@example.com"));
  std::atomic<int> lists = 0;
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("LIST")) return std::nullopt;
    if (++lists == 1) return tag + " NO not now\r\n";
    if (lists > 2) return std::nullopt;
    server.put("INBOX", mail("two"), true);
    return "* LIST () \"/\" INBOX\r\n* LIST () \"/\" Work\r\n* 2 EXISTS\r\n" + tag + " OK x\r\n";
  });
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 2 && server.count("EXAMINE Work") > 0; }));
  EXPECT_TRUE(device.texts("boss@example.com").empty());
  server.put("INBOX", mail("three"));
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 3; }));
}

// Some refuse the extended LIST after they have named folders.
TEST(Folders, NamedTwiceAreOne) {
  ImapServer server("IDLE UIDPLUS LIST-EXTENDED SPECIAL-USE");
  server.answer_with([&](const std::string& tag, const std::string& command) -> std::optional<std::string> {
    if (!command.starts_with("LIST")) return std::nullopt;
    return fmt::format("* LIST () \"/\" INBOX\r\n* LIST () \"/\" Lahkunud\r\n{} {}\r\n", tag,
                       command.contains("RETURN") || command.contains("(") ? "NO what" : "OK x");
  });
  server.put("Lahkunud", mail("sent-elsewhere", Device::addr, eve));
  Device device(server.port(), closed_port());
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve).size() == 1; }));
  EXPECT_EQ(device.account().status().problem, "");
}

TEST(Folders, WhereSeveralMayBeSentTheUserIsAsked) {
  ImapServer server;
  server.remove("Sent");
  server.put("Lahkunud", mail("one", Device::addr, eve));
  server.put("Vanad", mail("two", Device::addr, eve));
  Device device(server.port(), closed_port());
  const auto status = [&] { return device.account().status(); };
  ASSERT_TRUE(device.wait_until([&] { return status().state == ConnectionState::online; }));
  EXPECT_EQ(status().problem, "one of these folders is the one for sent mail: Lahkunud, Vanad");
  EXPECT_EQ(status().hint, "say which: coi settings sent-folder NAME");
  EXPECT_TRUE(device.texts(eve).empty());
  device.configure([](AccountConfig& config) { config.sent_folder = "Vanad"; });
  EXPECT_TRUE(device.wait_until([&] { return device.texts(eve) == std::vector<std::string>{"two"}; }));
  ASSERT_TRUE(device.wait_until([&] { return status().state == ConnectionState::online; }));
  EXPECT_EQ(status().problem, "");
}

}  // namespace
}  // namespace coi::engine::test
