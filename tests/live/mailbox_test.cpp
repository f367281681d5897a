// What other programs and the server itself do to the folders.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <algorithm>
#include <atomic>

#include <fmt/format.h>

#include "person.h"
#include "temporary_directory.h"

namespace coi::live {
namespace {

const std::string eve_addr = "eve@example.com";

std::size_t count(const std::string& text, std::string_view word) {
  std::size_t found = 0;
  for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + word.size())) ++found;
  return found;
}

void deliver(Mailhost& host, int mails, std::string_view more = {}) {
  for (int i = 0; i < mails; ++i)
    host.deliver(alice_addr, fmt::format("From: {}\r\nTo: {}\r\nMessage-ID: <chat${}@example.com>\r\n{}\r\nmail {}\r\n",
                                         eve_addr, alice_addr, i, more, i));
}

bool all_on_server(Person& person, std::size_t mails) {
  return person.wait_until([&](store::Reader&) {
    const auto messages = person.messages(eve_addr);
    return messages.size() == mails && std::ranges::all_of(messages, &store::MessageRow::on_server);
  });
}

bool all_in(Person& person, const std::string& folder) {
  return person.wait_until([&](store::Reader& reader) {
    return std::ranges::all_of(person.messages(eve_addr), [&](const auto& message) {
      const auto copies = reader.copies(message.id).value();
      return copies.size() == 1 && copies.front().folder == folder;
    });
  });
}

TEST(Folder, MadeAnewLoadsNoBodyAgain) {
  Mailhost host({"--rawlog"});
  deliver(host, 12);
  Person alice(host, alice_addr);
  ASSERT_TRUE(all_on_server(alice, 12));
  const auto bodies = count(host.rawlog(alice_addr), "BODY.PEEK[]");
  ASSERT_GT(bodies, 0U);
  host.doveadm({"mailbox", "update", "-u", alice_addr, "--uid-validity", "4242", "INBOX"});
  alice.restart();
  ASSERT_TRUE(alice.sync());
  EXPECT_TRUE(all_on_server(alice, 12));
  const auto copy = alice.account().reader()->copies(alice.messages(eve_addr).front().id).value().front();
  EXPECT_EQ(copy.uidvalidity, 4242U);
  EXPECT_EQ(count(host.rawlog(alice_addr), "BODY.PEEK[]"), bodies);
}

TEST(Folder, MailMovedByAnotherProgramLoadsNoBodyAgain) {
  Mailhost host({"--rawlog"});
  Person alice(host, alice_addr);
  deliver(host, 12);
  ASSERT_TRUE(all_on_server(alice, 12));
  ASSERT_TRUE(alice.sync());
  const auto bodies = count(host.rawlog(alice_addr), "BODY.PEEK[]");
  host.doveadm({"move", "-u", alice_addr, "COI/Chats", "mailbox", "INBOX", "all"});
  ASSERT_TRUE(alice.sync());
  EXPECT_TRUE(all_in(alice, "COI/Chats"));
  EXPECT_EQ(count(host.rawlog(alice_addr), "BODY.PEEK[]"), bodies);
}

TEST(Folder, DeletedOnTheServerStopsNoOther) {
  Mailhost host({"--rawlog"});
  Person alice(host, alice_addr);
  ASSERT_TRUE(alice.sync());
  const auto connections = count(host.rawlog(alice_addr), " ENABLE ");
  host.doveadm({"mailbox", "delete", "-u", alice_addr, "COI/Chats"});
  ASSERT_TRUE(alice.sync());
  deliver(host, 1);
  ASSERT_TRUE(alice.wait_for_text(eve_addr, "mail 0"));
  EXPECT_EQ(count(host.rawlog(alice_addr), " ENABLE "), connections) << "the connection was kept";
}

// Of a mail that comes amid a command the server tells then and there, and IDLE does not tell of it again.
TEST(Folder, MailThatComesWhileOthersAreFetchedIsNotMissed) {
  Mailhost host({"--without", "NOTIFY"});
  const auto deliver_text = [&host](std::string_view id, std::string_view text) {
    host.deliver(alice_addr, fmt::format("From: {}\r\nMessage-ID: <{}@example.com>\r\n\r\n{}\r\n", eve_addr, id, text));
  };
  std::atomic<int> fetched = -1;
  const auto at_step = [&](std::string_view step) {
    if (step != engine::in_fetched || fetched < 0) return;
    switch (++fetched) {
      case 1:  // the one in Chats: the inbox is opened again after it, and is to have news
        deliver_text("second", "second");
        deliver_text("large", std::string(300'000, 'x'));
        break;
      case 2:  // a large mail takes more commands; this one is told amid them
        deliver_text("last", "behind them");
        break;
      default:
        break;
    }
  };
  deliver_text("first", "first");
  Person alice(host, alice_addr, {}, {}, at_step);
  ASSERT_TRUE(alice.finish());
  fetched = 0;
  host.doveadm({"copy", "-u", alice_addr, "COI/Chats", "mailbox", "INBOX", "all"});
  EXPECT_TRUE(alice.wait_for_text(eve_addr, "behind them"));
}

TEST(Jobs, ManyMovesAreOneCommand) {
  Mailhost host({"--rawlog"});
  const TemporaryDirectory data;
  {
    Person alice(host, alice_addr, data.path());
    ASSERT_TRUE(alice.act(chat::SetFilter{wire::Filter::active}));
    ASSERT_TRUE(alice.sync());
  }
  deliver(host, 40, "Chat-Version: 1.0\r\n");
  {
    Person alice(host, alice_addr, data.path());
    ASSERT_TRUE(all_on_server(alice, 40));
    EXPECT_TRUE(all_in(alice, "COI/Chats"));
    const auto said = host.rawlog(alice_addr);
    EXPECT_GE(count(said, "UID MOVE"), 1U);
    EXPECT_LE(count(said, "UID MOVE"), 5U);
  }
}

TEST(Login, AgainWhileTheAccountIsInUse) {
  Mailhost host({"--rawlog"});
  const TemporaryDirectory data;
  {
    auto engine = engine::Engine::open(data.path(), {}, [](const engine::Event&) {}).value();
    const engine::LoginRequest request{.addr = alice_addr,
                                       .imap_url = host.imap_url(),
                                       .smtp_url = host.smtp_url(),
                                       .tls_ca = host.ca(),
                                       .password = Secret("secret"),
                                       .secrets = secrets::Mode::file};
    const auto held = engine->login(request, [](std::string_view) {}).value();
    const auto again = engine->login(request, [](std::string_view) {});
    ASSERT_TRUE(again) << again.error().text();
    // One of them alone owns the database.
    std::optional<ErrorKind> answer;
    held->act(chat::NamePerson{eve_addr, "Eve"}, [&](const auto& result) {
      if (!result) answer = result.error().kind();
    });
    EXPECT_EQ(answer, ErrorKind::cancelled);
    EXPECT_TRUE((*again)->reader());
  }
}

}  // namespace
}  // namespace coi::live
