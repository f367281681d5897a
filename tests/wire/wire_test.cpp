#include <gtest/gtest.h>

#include "wire/classify.h"
#include "wire/content.h"
#include "wire/filter.h"
#include "wire/message_id.h"

namespace coi::wire {
namespace {

TEST(Classify, S20ExactlyThreeFieldsMakeAChatMail) {
  EXPECT_FALSE(is_chat({}));
  EXPECT_TRUE(is_chat({.chat_version = "1.0"}));
  EXPECT_TRUE(is_chat({.chat_version = "2.0;x=y"}));
  EXPECT_TRUE(is_chat({.chat_version = ""}));
  EXPECT_TRUE(is_chat({.message_id = "<chat$abc@example.org>"}));
  EXPECT_TRUE(is_chat({.message_id = " chat$abc@example.org"}));
  EXPECT_FALSE(is_chat({.message_id = "<xchat$abc@example.org>"}));
  EXPECT_TRUE(is_chat({.references = "<chat$abc@example.org> <b@c>"}));
  EXPECT_FALSE(is_chat({.references = "<b@c> <chat$abc@example.org>"}));
}

TEST(Classify, C88RepliesOfPlainProgramsCountWhereverTheIdStands) {
  EXPECT_TRUE(replies_to_chat("<b@c>\r\n <chat$abc@example.org>", ""));
  EXPECT_TRUE(replies_to_chat("", "chat$abc@example.org"));
  EXPECT_FALSE(replies_to_chat("<xchat$abc@example.org>", "<b@c>"));
}

TEST(MessageId, C07NewIdsAreChatIdsOfTheOwnDomainAndNeverRepeat) {
  const auto first = make_message_id("example.org");
  EXPECT_TRUE(is_chat_id(first));
  EXPECT_TRUE(first.ends_with("@example.org"));
  EXPECT_GE(first.size(), std::string_view("chat$@example.org").size() + 22);  // 128 bits in base64
  EXPECT_NE(first, make_message_id("example.org"));
}

TEST(MessageId, MailWithoutIdGetsTheSameOneEverywhere) {
  EXPECT_EQ(local_message_id("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad@local");
}

TEST(Content, C15EveryValueIsKnown) {
  for (const auto* word : {"ignore",
                           "status",
                           "edit",
                           "editrequest",
                           "deleterequest",
                           "preview",
                           "contact",
                           "contactinfo",
                           "profile",
                           "profilerequest",
                           "group",
                           "groupinfo",
                           "groupprofile",
                           "grouprequested",
                           "groupprofilerequest",
                           "groupleft",
                           "location",
                           "poll",
                           "pollvote",
                           "pollclose",
                           "message-pinned",
                           "call",
                           "call-accepted",
                           "call-ended",
                           "message-unpinned",
                           "sticker",
                           "protection-enabled",
                           "protection-disabled",
                           "ephemeral-timer-changed",
                           "group-avatar-changed",
                           "location-streaming-enabled"}) {
    EXPECT_NE(parse_content(word), Content::unknown) << word;
    EXPECT_NE(parse_content(word), Content::none) << word;
  }
}

TEST(Content, C17OwnTypesOfOthersAreUnknown) {
  EXPECT_EQ(parse_content("org.example.Thing"), Content::unknown);
  EXPECT_EQ(parse_content("org.example.Poll; a=b"), Content::unknown);
}

TEST(Content, C14CaseParametersAndTrailingSemicolonDoNotCount) {
  EXPECT_EQ(parse_content({}), Content::none);
  EXPECT_EQ(parse_content("Edit;"), Content::edit);
  EXPECT_EQ(parse_content(" editrequest ; a=b"), Content::edit);
  EXPECT_EQ(parse_content("org.example.Thing"), Content::unknown);
  EXPECT_EQ(parse_content(""), Content::unknown);
  EXPECT_EQ(parse_content("protection-enabled"), Content::protection_enabled);
}

TEST(Filter, S22WordsCompareWithCase) {
  EXPECT_EQ(parse_filter("active"), Filter::active);
  EXPECT_EQ(parse_filter("Active"), std::nullopt);
  EXPECT_EQ(parse_filter(""), std::nullopt);
}

}  // namespace
}  // namespace coi::wire
