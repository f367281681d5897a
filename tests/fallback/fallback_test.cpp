// Every capability that a server may lack, switched off on a real one: the same conversation has to work, and the
// server's log has to show that the command was never sent.
#include <gtest/gtest.h>

#include <algorithm>

#include "person.h"

namespace coi::live {
namespace {

const std::string bob_addr = "bob@example.net";

struct Lack {
  std::string name;
  std::vector<std::string> arguments;  // for the mailhost
  std::vector<std::string> unspoken;   // what no client may have said
  std::vector<std::string> spoken;     // what one of them at least has to have said
};

void PrintTo(const Lack& lack, std::ostream* out) { *out << lack.name; }

class Fallback : public testing::TestWithParam<Lack> {};

TEST_P(Fallback, TheSameConversationWorks) {
  auto arguments = GetParam().arguments;
  arguments.emplace_back("--rawlog");
  Mailhost host(arguments);
  {
    Person alice(host, alice_addr), bob(host, bob_addr);
    alice.send(bob_addr, "Hello");
    ASSERT_TRUE(bob.wait_for_text(alice_addr, "Hello"));
    // What the client sorts goes to Chats at once (C-87) …
    ASSERT_TRUE(bob.act(chat::SetFilter{wire::Filter::active}));
    bob.send(alice_addr, "Hello yourself");
    ASSERT_TRUE(alice.wait_for_text(bob_addr, "Hello yourself"));
    const auto sent = alice.send(bob_addr, "How are you?");
    ASSERT_TRUE(bob.wait_for_text(alice_addr, "How are you?"));
    ASSERT_TRUE(bob.sync());
    const auto copies = bob.account().reader()->copies(bob.messages(alice_addr).back().id).value();
    ASSERT_EQ(copies.size(), 1U);
    EXPECT_NE(copies.front().folder.find("Chats"), std::string::npos) << "lies in " << copies.front().folder;
    // … reading it there is told to the server and to the writer.
    ASSERT_TRUE(bob.act(chat::MarkSeen{.chat = bob.chat_with(alice_addr)->id}));
    EXPECT_TRUE(alice.wait_until([&](store::Reader& reader) {
      return reader.message(sent.id)->value->state == store::MessageRow::State::read;
    }));
    // A second device has it all, each message once, read.
    Person tablet(host, bob_addr);
    EXPECT_TRUE(tablet.wait_until([&](store::Reader&) {
      const auto messages = tablet.messages(alice_addr);
      return messages.size() == 3 && std::ranges::all_of(messages, [](const auto& message) {
               return message.state != store::MessageRow::State::fresh;
             });
    })) << tablet.messages(alice_addr).size()
        << " messages";
    // Flags set there come here, from the folder into which the mail was sorted.
    alice.send(bob_addr, "One more");
    ASSERT_TRUE(bob.wait_for_text(alice_addr, "One more"));
    ASSERT_TRUE(bob.finish());
    ASSERT_TRUE(tablet.sync());
    ASSERT_TRUE(tablet.wait_for_text(alice_addr, "One more"));
    ASSERT_TRUE(tablet.act(chat::MarkSeen{.chat = tablet.chat_with(alice_addr)->id}));
    EXPECT_TRUE(bob.wait_until([&](store::Reader&) { return bob.chat_with(alice_addr)->unread == 0; }));
  }
  for (const auto& user : {alice_addr, bob_addr}) {
    const auto said = host.rawlog(user);
    ASSERT_NE(said.find("SELECT"), std::string::npos) << said.substr(0, 300);
    for (const auto& word : GetParam().unspoken)
      EXPECT_EQ(said.find(word), std::string::npos) << user << " said " << word;
  }
  const auto all_said = host.rawlog(alice_addr) + host.rawlog(bob_addr);
  for (const auto& word : GetParam().spoken)
    EXPECT_NE(all_said.find(word), std::string::npos) << "nobody said " << word;
}

INSTANTIATE_TEST_SUITE_P(
    Servers, Fallback,
    testing::Values(Lack{"everything", {}, {}, {" NOTIFY ", " IDLE", "ENABLE QRESYNC", "(QRESYNC (", "RETURN (ALL)"}},
                    Lack{"no_notify", {"--without", "NOTIFY"}, {" NOTIFY "}, {" IDLE"}},
                    Lack{"no_qresync", {"--without", "QRESYNC"}, {"QRESYNC"}, {"(CONDSTORE)", "(CHANGEDSINCE "}},
                    Lack{"no_condstore", {"--without", "QRESYNC,CONDSTORE"}, {"QRESYNC", "CONDSTORE", "CHANGEDSINCE"}},
                    Lack{"no_move", {"--without", "MOVE"}, {"UID MOVE"}},
                    Lack{"no_move_no_uidplus", {"--without", "MOVE,UIDPLUS"}, {"UID MOVE", "UID EXPUNGE"}},
                    Lack{"no_literal_plus", {"--without", "LITERAL+"}, {"+}"}},
                    Lack{"no_idle", {"--without", "IDLE"}, {" IDLE"}},
                    Lack{"no_idle_no_notify", {"--without", "IDLE,NOTIFY"}, {" IDLE", " NOTIFY "}},
                    Lack{"no_esearch_no_list_extensions",
                         {"--without", "ESEARCH,LIST-EXTENDED,LIST-STATUS,SPECIAL-USE"},
                         {"RETURN"}},
                    Lack{"no_metadata_no_namespace_no_id",
                         {"--without", "METADATA,NAMESPACE,ID,ENABLE"},
                         {"METADATA", "NAMESPACE", " ID ", "ENABLE"}},
                    Lack{"plain_rfc3501",
                         {"--without",
                          "NOTIFY,QRESYNC,CONDSTORE,MOVE,UIDPLUS,LITERAL+,IDLE,ESEARCH,LIST-EXTENDED,LIST-STATUS,"
                          "SPECIAL-USE,METADATA,NAMESPACE,ID,ENABLE,COMPRESS=DEFLATE,SASL-IR,UNSELECT"},
                         {" NOTIFY ", "QRESYNC", "CONDSTORE", "CHANGEDSINCE", "HIGHESTMODSEQ", "UID MOVE",
                          "UID EXPUNGE", "+}", " IDLE", "RETURN", "UNSELECT"}},
                    Lack{"two_connections", {"--max-connections", "2"}, {}}, Lack{"no_keywords", {"--no-keywords"}, {}},
                    Lack{"sdbox", {"--format", "sdbox"}, {}}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace coi::live
