#include "chat/mention.h"

#include <gtest/gtest.h>

namespace coi::chat {
namespace {

TEST(Mentions, C79ANameAndItsAddressAreFound) {
  EXPECT_EQ(find_mentions("Hi @Bob:bob@x.example, you"),
            (std::vector<Mention>{{.start = 3, .length = 18, .name = "Bob", .addr = "bob@x.example"}}));
  EXPECT_EQ(find_mentions("(@\"Bob Mill\":bob.m+x@x.example.)"),
            (std::vector<Mention>{{.start = 1, .length = 29, .name = "Bob Mill", .addr = "bob.m+x@x.example"}}));
  EXPECT_EQ(find_mentions("@Jürgen:j@bücher.example。").at(0).addr, "j@bücher.example");
  EXPECT_EQ(find_mentions("@A:a@x.example@B:b@x.example").size(), 1U);
  EXPECT_EQ(find_mentions("@A:a@x.example @B:b@x.example").size(), 2U);
}

TEST(Mentions, C80AllMeansEverybody) {
  EXPECT_EQ(find_mentions("@all: come."), (std::vector<Mention>{{.start = 0, .length = 4, .name = "all"}}));
  EXPECT_EQ(find_mentions("so, @All.").size(), 1U);
  for (const auto* text : {"@allan", "@all_", "@all-in", "@all.example", "x@all", "@all@x.example", "@@all"})
    EXPECT_TRUE(find_mentions(text).empty()) << text;
}

TEST(Mentions, C79OrdinaryTextIsNoMention) {
  for (const auto* text : {"mail me @home:now",
                           "a@b.c",
                           "@",
                           "@:",
                           "@Bob",
                           "@Bob:",
                           "@Bob:bob",
                           "@Bob:bob@",
                           "@Bob:bob@x",
                           "@\"Bob:bob@x.example",
                           "@\"\":bob@x.example",
                           "@ Bob:bob@x.example",
                           "see user@host:a@b.c",
                           "@Bob :bob@x.example",
                           "@Bob: bob@x.example",
                           "@Bob\xE2\x80\xAE:bob@x.example",
                           "@\"a\nb\":bob@x.example",
                           "ssh git@host:me@x.example/y",
                           "@Bob:b@.x",
                           "@Bob:b@x..y"})
    EXPECT_TRUE(find_mentions(text).empty()) << text;
}

TEST(Mentions, C79IsShownAsTheName) {
  EXPECT_EQ(with_mentions_shown("Hi @Bob:bob@x.example and @\"A B\":a@x.example, @All!"), "Hi @Bob and @A B, @All!");
}

TEST(Mentions, C79WhatIsWrittenIsFoundAgain) {
  for (const auto* name : {"Bob", "Bob Mill", "Jürgen", "Anna-Lena", "a:b", "中文 名", "@x", "O'Neil", "Dr. Who"}) {
    const auto written = write_mention(name, "bob@x.example");
    const auto found = find_mentions(written);
    ASSERT_EQ(found.size(), 1U) << written;
    EXPECT_EQ(found[0], (Mention{.start = 0, .length = written.size(), .name = name, .addr = "bob@x.example"}));
  }
  EXPECT_EQ(write_mention("Bob", "bob@x.example"), "@Bob:bob@x.example");
  EXPECT_EQ(write_mention("The \"Bob\"\n", "bob@x.example"), "@\"The 'Bob' \":bob@x.example");
  EXPECT_EQ(write_mention("", "bob@x.example"), "@bob:bob@x.example");
  EXPECT_EQ(write_mention("whoever", ""), "@all");
}

TEST(Mentions, C80InHtmlItIsALinkOfTheClassMention) {
  EXPECT_EQ(mention_html({.name = "B<b>", .addr = "b&c@x.example"}),
            "<a class=\"mention\" href=\"mailto:b%26c@x.example\">@B&lt;b&gt;</a>");
  const auto tree = html::parse(
      "<p>Hi <a class='x mention' href='mailto:b%26c@x.example?subject=y'><b>@Bob M</b></a> <a "
      "href='mailto:n@x.example'>"
      "@No</a> <a class=mention href='https://x.example'>@No</a> <a class=mention href='mailto:a@x,b@y'>@No</a> "
      "@all</p>",
      Limits{});
  EXPECT_EQ(mentions_in(*tree), (std::vector<Mention>{{.name = "Bob M", .addr = "b&c@x.example"}, {.name = "all"}}));
}

}  // namespace
}  // namespace coi::chat
