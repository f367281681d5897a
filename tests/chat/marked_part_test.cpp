#include "chat/marked_part.h"

#include <gtest/gtest.h>

namespace coi::chat {
namespace {

TEST(Mark, C52AParameterIsReadAsItIsWritten) {
  for (const auto* value : {"family", "family,work", "a b, c", "Семья,café", "a%20b", "it's", "a;b"})
    EXPECT_EQ(mark_parameter(mark_with("profile", "categories", value), "categories"), value) << value;
  EXPECT_TRUE(
      is_marked({.headers = {{"Chat-Content", mark_with("profile", "categories", "Семья")}}}, wire::Content::profile));
}

TEST(Mark, C52AParameterIsReadAsOthersWriteIt) {
  EXPECT_EQ(mark_parameter("profile; categories=friend, family", "categories"), "friend, family");
  EXPECT_EQ(mark_parameter("profile; CATEGORIES=\"a;b\"; x=y", "categories"), "a;b");
  EXPECT_EQ(mark_parameter("profile; categories=\"a;b\"; x=y", "x"), "y");
  EXPECT_EQ(mark_parameter("profile; categories*=UTF-8'en'caf%C3%A9", "categories"), "café");
  EXPECT_EQ(mark_parameter("profile; categories=\"\"", "categories"), "");
  EXPECT_EQ(mark_parameter("profile; categories", "categories"), std::nullopt);
  EXPECT_EQ(mark_parameter("profile", "categories"), std::nullopt);
}

}  // namespace
}  // namespace coi::chat
