#include <gtest/gtest.h>

#include "person.h"

namespace coi::live {
namespace {

using State = store::MessageRow::State;

const std::string alice_addr = "alice@example.org";
const std::string bob_addr = "bob@example.net";

TEST(TwoPeople, WriteToEachOther) {
  Mailhost host;
  Person alice(host, alice_addr), bob(host, bob_addr);
  const auto sent = alice.send(bob_addr, "Hello Bob, how are you? ✓");
  EXPECT_EQ(sent.state, State::pending);
  ASSERT_TRUE(bob.wait_for_text(alice_addr, "Hello Bob, how are you? ✓"));
  // A stranger's first mail is a request, and not announced.
  ASSERT_EQ(bob.chats(true).size(), 1U);
  EXPECT_TRUE(bob.chats(false).empty());
  bob.send(alice_addr, "Fine, thanks.");
  ASSERT_TRUE(alice.wait_for_text(bob_addr, "Fine, thanks."));
  // Whoever answers knows the other.
  EXPECT_TRUE(bob.chats(true).empty());
  ASSERT_EQ(bob.chats(false).size(), 1U);
  EXPECT_TRUE(alice.wait_until([&](store::Reader& reader) { return reader.message(sent.id)->value->state == State::sent; }));
  EXPECT_EQ(alice.messages(bob_addr).size(), 2U);
}

}  // namespace
}  // namespace coi::live
