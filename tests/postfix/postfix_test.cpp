// Through real MTAs: two domains, each with a Postfix of its own, relaying to each other.
#include <gtest/gtest.h>

#include <fstream>

#include "person.h"

namespace coi::live {
namespace {

using State = store::MessageRow::State;

const std::string alice_addr = "alice@example.org";
const std::string bob_addr = "bob@example.net";

// Debian's Postfix would replace another MTA, and needs root.
class Postfix : public testing::Test {
 protected:
  void SetUp() override {
    static const auto reason = Mailhost::why_not("--postfix");
    if (!reason.empty()) GTEST_SKIP() << reason;
  }
};

TEST_F(Postfix, CarriesAConversationOverTwoHops) {
  Mailhost host({"--postfix"});
  Person alice(host, alice_addr), bob(host, bob_addr);
  alice.send(bob_addr, "Over two real hops: ä ö ü 👋");
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Over two real hops: ä ö ü 👋"));
  bob.send(alice_addr, "And back.");
  ASSERT_TRUE(alice.wait_for_text(bob_addr, "And back."));
}

TEST_F(Postfix, BounceTurnsTheMessageToFailedWithTheReason) {
  Mailhost host({"--postfix"});
  Person alice(host, alice_addr);
  // Accepted here, refused by the next server: a delivery status notification comes back (RFC 3464).
  host.command({{"cmd", "refuse"}, {"to", bob_addr}, {"reply", "550 5.7.1 Not on a Tuesday"}, {"hop", "mx"}});
  const auto sent = alice.send(bob_addr, "Will not arrive");
  ASSERT_TRUE(
      alice.wait_until([&](store::Reader& reader) { return reader.message(sent.id)->value->state == State::failed; }));
  const auto messages = alice.messages(bob_addr);
  ASSERT_EQ(messages.size(), 1U) << "the bounce itself is no message";
  EXPECT_NE(messages.front().recipients.front().error.find("Not on a Tuesday"), std::string::npos)
      << messages.front().recipients.front().error;
}

TEST_F(Postfix, ABouncedMessageIsSentAgainWithItsFiles) {
  Mailhost host({"--postfix"});
  Person alice(host, alice_addr), bob(host, bob_addr);
  host.command({{"cmd", "refuse"}, {"to", bob_addr}, {"reply", "550 5.7.1 Not on a Tuesday"}, {"hop", "mx"}});
  const auto path = alice.data() / "note.txt";
  const std::string octets =
      "Gr\xFC\xDF"
      "e\nCRLF\r\nno end";
  std::ofstream(path, std::ios::binary) << octets;
  const auto changes = alice.act(
      chat::SendMessage{.addr = bob_addr, .text = "With a file", .files = alice.account().add_files({path}).value()});
  ASSERT_TRUE(changes);
  const auto id = changes->added.front();
  ASSERT_TRUE(
      alice.wait_until([&](store::Reader& reader) { return reader.message(id)->value->state == State::failed; }));
  host.command({{"cmd", "refuse"}, {"to", bob_addr}});
  const auto retried = alice.act(chat::RetryMessage{id});
  ASSERT_TRUE(retried) << retried.error().text();
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "With a file"));
  const auto files = bob.messages(alice_addr).front().attachments;
  ASSERT_EQ(files.size(), 1U);
  EXPECT_EQ(files.front().file.name, "note.txt");
  std::ifstream file(bob.account().directory() / "blobs" / files.front().file.blob, std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), octets);
}

TEST_F(Postfix, RefusedForNowIsTriedAgain) {
  Mailhost host({"--postfix"});
  Person alice(host, alice_addr), bob(host, bob_addr);
  host.command({{"cmd", "refuse"}, {"to", bob_addr}, {"reply", "451 4.2.1 later"}, {"hop", "submission"}});
  const auto sent = alice.send(bob_addr, "Patience");
  ASSERT_TRUE(alice.wait_until([&](store::Reader& reader) {
    const auto message = reader.message(sent.id)->value.value();
    return message.state == State::pending && !message.recipients.front().error.empty();
  }));
  host.command({{"cmd", "refuse"}, {"to", bob_addr}});
  EXPECT_TRUE(bob.wait_for_text(alice_addr, "Patience"));
  EXPECT_TRUE(
      alice.wait_until([&](store::Reader& reader) { return reader.message(sent.id)->value->state == State::sent; }));
}

}  // namespace
}  // namespace coi::live
