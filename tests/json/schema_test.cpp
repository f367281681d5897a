#include "json/schema.h"

#include <gtest/gtest.h>

namespace coi::json {
namespace {

enum class Order { newest, oldest };
BOOST_DESCRIBE_ENUM(Order, newest, oldest)

struct Tag {
  std::string word;
};
BOOST_DESCRIBE_STRUCT(Tag, (), (word))

struct Text {
  static constexpr std::string_view type = "text";
  std::string body;
  std::vector<Tag> tags;
};
BOOST_DESCRIBE_STRUCT(Text, (), (body, tags))

struct Picture {
  static constexpr std::string_view type = "picture";
  std::int64_t octets = 0;
};
BOOST_DESCRIBE_STRUCT(Picture, (), (octets))

struct Search {
  std::string words;
  std::uint32_t count = 50;
  std::optional<Order> order;
  std::map<std::string, Tag> tags;
  std::optional<std::vector<std::variant<Text, Picture>>> parts;
  static constexpr std::string_view required[] = {"words"};
};
BOOST_DESCRIBE_STRUCT(Search, (), (words, count, order, tags, parts))

TEST(Schema, EachMemberHasTypePresenceAndFallback) {
  const auto doc = describe<Search>();
  EXPECT_EQ(doc.name, "Search");
  EXPECT_EQ(doc.tag, "");
  const std::vector<MemberDoc> members = {
      {"words", "string", true, ""},
      {"count", "whole number", false, "50"},
      {"order", R"("newest" or "oldest")", false, ""},
      {"tags", "object of Tag by name", false, "{}"},
      {"parts", R"(array of object with type "text" or "picture")", false, ""},
  };
  EXPECT_EQ(doc.members, members);
}

TEST(Schema, EveryMentionedStructComesOnce) {
  std::vector<std::string> names;
  for (const auto& doc : describe_all<std::vector<Search>>()) names.push_back(doc.name + '/' + doc.tag);
  EXPECT_EQ(names, (std::vector<std::string>{"Search/", "Tag/", "Text/text", "Picture/picture"}));
  EXPECT_TRUE(describe_all<int>().empty());
}

}  // namespace
}  // namespace coi::json
