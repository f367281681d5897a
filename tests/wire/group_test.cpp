#include <gtest/gtest.h>

#include "wire/classify.h"
#include "wire/contact_hash.h"
#include "wire/group_id.h"
#include "wire/message_id.h"

namespace coi::wire {
namespace {

TEST(GroupId, C57IsAtLeastElevenLettersLongAndAtMost128) {
  EXPECT_FALSE(is_group_id(""));
  EXPECT_FALSE(is_group_id("abcdefghij"));
  EXPECT_TRUE(is_group_id("abcdefghijk"));
  EXPECT_TRUE(is_group_id("-_09AZaz-_0"));
  EXPECT_TRUE(is_group_id(std::string(128, 'a')));
  EXPECT_FALSE(is_group_id(std::string(129, 'a')));
  for (const char* bad : {"abcdefghij.", "abcdefghij ", "abcdefghij@", "abcdefghij$", "abcdefghij\xC3\xA4"})
    EXPECT_FALSE(is_group_id(bad)) << bad;
}

TEST(GroupId, C57NewOnesHave24CharactersAndNeverRepeat) {
  const auto id = make_group_id();
  EXPECT_EQ(id.size(), 24U);
  EXPECT_TRUE(is_group_id(id));
  EXPECT_NE(id, make_group_id());
}

TEST(GroupId, C58IsReadOutOfAMessageId) {
  EXPECT_EQ(group_id_of("<chat$group.Zk3vQ8wLr2TnYb61.8f0c2a7e5d41@example.org>"), "Zk3vQ8wLr2TnYb61");
  EXPECT_EQ(group_id_of("chat$group.1234abcd4321.238788.AB29702@example.com"), "1234abcd4321");
  EXPECT_EQ(group_id_of(" <chat$group.1234abcd4321.238788 "), "1234abcd4321");
}

TEST(GroupId, D06IsReadOutOfTheMessageIdsOfOldDeltaChat) {
  EXPECT_EQ(group_id_of("Gr.3dB0t3HwMqk.cTfHr4zBxUI@example.org"), "3dB0t3HwMqk");
  EXPECT_EQ(group_id_of("Mr.3dB0t3HwMqk.cTfHr4zBxUI@example.org"), std::nullopt);
}

TEST(GroupId, C58OtherMessageIdsHaveNone) {
  for (const char* other :
       {"", "chat$8f0c2a7e5d41@example.org", "chat$group.short.8f0c@example.org", "chat$group.1234abcd4321@example.org",
        "chat$group.1234abcd4321", "chat$group..8f0c@example.org", "xchat$group.1234abcd4321.8f0c@example.org",
        "CHAT$group.1234abcd4321.8f0c@example.org", "cdece19e-8ec8-45c2-9366-ee3683fa86d9@localhost"})
    EXPECT_EQ(group_id_of(other), std::nullopt) << other;
}

TEST(GroupId, C58TheMessageIdsOfAGroupCarryItsId) {
  const auto group = make_group_id();
  const auto chat_id = make_message_id("example.org");
  const auto id = in_group(chat_id, group);
  EXPECT_EQ(group_id_of(id), group);
  EXPECT_TRUE(is_chat_id(id));
  EXPECT_EQ(id, "chat$group." + group + "." + chat_id.substr(5));
}

TEST(GroupId, C69AThreadWithoutIdHasTheSameOneOnEveryDevice) {
  const auto id = derived_group_id("<abc@example.org>");
  EXPECT_EQ(id, "thread-H52YXA2Nnvlg7e2EZIechud1");
  EXPECT_EQ(id, derived_group_id(" abc@example.org\r\n"));
  EXPECT_NE(id, derived_group_id("ABC@example.org"));
  EXPECT_TRUE(is_group_id(id));
  EXPECT_TRUE(is_derived_group_id(id));
  EXPECT_EQ(group_id_of(in_group(make_message_id("example.org"), id)), id);
}

TEST(GroupId, C69AMadeIdIsNeverTakenForADerivedOne) {
  EXPECT_FALSE(is_derived_group_id(make_group_id()));
  EXPECT_FALSE(is_derived_group_id("thread-aaaaaaaaaaaaaaaaa"));
  EXPECT_FALSE(is_derived_group_id("thread-aaaaaaaaaaaaaaaaaaaaaaa."));
}

TEST(ContactHash, C42HasTheDraftsVectors) {
  EXPECT_EQ(contact_hash("john.doe@example.com"), "834d1654133366cef4d81e81a7099f413b1b85b9fc9dd62140491303dec56532");
  EXPECT_EQ(contact_hash("john.doe@coi-dev.org"), "74b3c446c189580045a942b90b7461128bc334b3b67e9f63c0c06189248c9bb0");
}

TEST(ContactHash, C42QuotesAndCaseDoNotCount) {
  EXPECT_EQ(contact_hash(" \"John.Doe\"@Example.COM "), contact_hash("john.doe@example.com"));
  EXPECT_EQ(contact_hash("JÖRG@BÜCHER.example"), contact_hash("jörg@bücher.example"));
  EXPECT_NE(contact_hash("john.doe@example.com"), contact_hash("johndoe@example.com"));
  EXPECT_EQ(contact_hash("\xFF@example.org").size(), 64U);
}

TEST(ContactHash, C42IsComparedByRecomputing) {
  const auto hash = contact_hash("john.doe@example.com");
  EXPECT_TRUE(
      is_contact_hash_of(" 834D1654133366CEF4D81E81A7099F413B1B85B9FC9DD62140491303DEC56532", "John.Doe@example.com"));
  EXPECT_FALSE(is_contact_hash_of(hash, "john.doe@coi-dev.org"));
  EXPECT_FALSE(is_contact_hash_of(hash.substr(0, 40), "john.doe@example.com"));
  EXPECT_FALSE(is_contact_hash_of("", "john.doe@example.com"));
}

}  // namespace
}  // namespace coi::wire
