// Contacts and what the user decides, in the mailbox, against a real server: two devices, and a third one later.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "person.h"

namespace coi::live {
namespace {

struct Storage : testing::Test {
  Mailhost host;
  Person laptop{host, alice_addr}, phone{host, alice_addr};

  void SetUp() override {
    for (auto* device : {&laptop, &phone}) ASSERT_TRUE(device->act(chat::KeepContacts{}));
    host.deliver(alice_addr, fmt::format("From: {}\r\nTo: {}\r\nMessage-ID: <chat$1@example.net>\r\nChat-Version: "
                                         "1.0\r\n\r\nHello\r\n",
                                         bob_addr, alice_addr));
    for (auto* device : {&laptop, &phone})
      ASSERT_TRUE(device->wait_until([&](store::Reader&) { return chat_of(*device).has_value(); }));
  }

  static std::optional<store::ChatRow> chat_of(Person& device) {
    auto reader = device.account().reader();
    const auto person = reader->person_with(bob_addr)->value;
    if (!person || !person->chat) return std::nullopt;
    return reader->chat(person->chat)->value;
  }
  static bool is_named(store::Reader& reader, const std::string& addr, const std::string& name) {
    const auto found = reader.person_with(addr);
    return found && found->value && found->value->name == name;
  }
  std::string lying() {
    const auto found = host.command(
        {{"cmd", "doveadm"}, {"args", json::Array{"search", "-u", alice_addr, "mailbox", "COI/Contacts", "all"}}});
    return std::string(found.at("stdout").as_string());
  }
  std::size_t mails() {
    const auto text = lying();
    return static_cast<std::size_t>(std::ranges::count(text, '\n'));
  }
};

TEST_F(Storage, C49WhatOneDeviceDecidesTheOtherHasAndOneMailStays) {
  ASSERT_TRUE(laptop.act(chat::NamePerson{bob_addr, "Bobby"}));
  EXPECT_TRUE(phone.wait_until([](store::Reader& reader) { return is_named(reader, bob_addr, "Bobby"); }));
  ASSERT_TRUE(phone.act(chat::ChangeChat{.chat = chat_of(phone)->id, .blocked = true}));
  ASSERT_TRUE(phone.act(chat::ChangeChat{.chat = chat_of(phone)->id, .muted_until = 253'402'300'799'000}));
  EXPECT_TRUE(laptop.wait_until([&](store::Reader& reader) {
    return reader.person_with(bob_addr)->value->blocked && chat_of(laptop)->muted_until > 0;
  }));
  ASSERT_TRUE(laptop.finish());
  ASSERT_TRUE(phone.finish());
  EXPECT_TRUE(laptop.wait_until([&](store::Reader&) { return mails() == 1; })) << lying();
}

TEST_F(Storage, C50BothWriteAtOnceAndAThirdDeviceHasAll) {
  ASSERT_TRUE(laptop.act(chat::NamePerson{bob_addr, "Bobby"}));
  ASSERT_TRUE(phone.act(chat::ChangeChat{.chat = chat_of(phone)->id, .pinned = true}));
  ASSERT_TRUE(laptop.act(chat::SetDraft{.chat = chat_of(laptop)->id, .addr = {}, .text = "Not yet"}));
  ASSERT_TRUE(phone.act(chat::NamePerson{"carol@example.com", "Carol"}));
  for (auto* device : {&laptop, &phone})
    EXPECT_TRUE(device->wait_until([&](store::Reader& reader) {
      const auto chat = chat_of(*device);
      return is_named(reader, bob_addr, "Bobby") && is_named(reader, "carol@example.com", "Carol") && chat->pinned &&
             chat->draft == "Not yet";
    }));
  Person fresh(host, alice_addr);
  EXPECT_TRUE(fresh.wait_until([&](store::Reader& reader) {
    const auto chat = chat_of(fresh);
    return is_named(reader, bob_addr, "Bobby") && is_named(reader, "carol@example.com", "Carol") && chat &&
           chat->pinned && chat->draft == "Not yet";
  }));
  ASSERT_TRUE(laptop.finish());
  ASSERT_TRUE(phone.finish());
  EXPECT_TRUE(laptop.wait_until([&](store::Reader&) { return mails() == 2; })) << lying();
}

}  // namespace
}  // namespace coi::live
