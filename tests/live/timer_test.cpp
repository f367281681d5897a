// Messages disappear by themselves: nobody asks, no program is restarted to see it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "person.h"

namespace coi::live {
namespace {

bool is_gone(store::Reader& reader, chat::MessageId id) { return !reader.message(id)->value.has_value(); }

struct Friends {
  Mailhost host;
  Person alice{host, alice_addr}, bob{host, bob_addr};

  Friends() {
    alice.send(bob_addr, "Hello");
    EXPECT_TRUE(bob.wait_for_text(alice_addr, "Hello"));
    bob.send(alice_addr, "Hello yourself");
    EXPECT_TRUE(alice.wait_for_text(bob_addr, "Hello yourself"));
  }

  void set_timer(std::uint32_t seconds) {
    const auto chat = alice.chat_with(bob_addr)->id;
    ASSERT_TRUE(alice.act(chat::SetTimer{.chat = chat, .seconds = seconds}));
    ASSERT_TRUE(bob.wait_until([&](store::Reader&) { return bob.chat_with(alice_addr)->timer == seconds; }));
  }

  bool lies(std::string_view user, const std::string& words) {
    const auto found = host.command({{"cmd", "doveadm"}, {"args", json::Array{"search", "-u", user, "body", words}}});
    return !found.at("stdout").as_string().empty();
  }
};

TEST(Timer, D27P13AMessageGoesByEventOnBothSidesAndFromTheServer) {
  Friends two;
  two.set_timer(2);
  const auto sent = two.alice.send(bob_addr, "burn after reading");
  ASSERT_TRUE(two.bob.wait_for_text(alice_addr, "burn after reading"));
  const auto came = two.bob.messages(alice_addr).back().id;
  EXPECT_TRUE(two.alice.wait_until([&](store::Reader& reader) { return is_gone(reader, sent.id); }));
  ASSERT_TRUE(two.alice.finish());
  EXPECT_FALSE(two.lies("alice@example.org", "burn"));
  EXPECT_EQ(two.bob.messages(alice_addr).back().id, came) << "he has not seen it";
  ASSERT_TRUE(two.bob.act(chat::MarkSeen{.chat = two.bob.chat_with(alice_addr)->id}));
  EXPECT_TRUE(two.bob.wait_until([&](store::Reader& reader) { return is_gone(reader, came); }));
  ASSERT_TRUE(two.bob.finish());
  EXPECT_TRUE(two.lies("bob@example.net", "burn")) << "he has not agreed that it goes from there";
}

TEST(Timer, WhereTheUserAgreedTheCopyOfAPeersMessageGoesToo) {
  Friends two;
  two.set_timer(1);
  ASSERT_TRUE(
      two.bob.act(chat::SetTimer{.chat = two.bob.chat_with(alice_addr)->id, .seconds = {}, .removes_copies = true}));
  two.alice.send(bob_addr, "burn after reading");
  ASSERT_TRUE(two.bob.wait_for_text(alice_addr, "burn after reading"));
  const auto came = two.bob.messages(alice_addr).back().id;
  ASSERT_TRUE(two.bob.act(chat::MarkSeen{.chat = two.bob.chat_with(alice_addr)->id}));
  EXPECT_TRUE(two.bob.wait_until([&](store::Reader& reader) { return is_gone(reader, came); }));
  ASSERT_TRUE(two.bob.finish());
  EXPECT_FALSE(two.lies("bob@example.net", "burn"));
  EXPECT_TRUE(two.lies("bob@example.net", "Hello")) << "it carried no timer";
}

}  // namespace
}  // namespace coi::live
