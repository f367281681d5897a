// Which links a text has.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/links.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;

std::vector<std::string> urls(std::string_view text, bool formatted = false) {
  std::vector<std::string> all;
  for (const auto& link : links_in(text, formatted)) all.push_back(link.url);
  return all;
}

TEST(Links, EndWhereTheSentenceGoesOn) {
  EXPECT_THAT(urls("See https://example.org/a?b=c. Or (http://example.net/x), <HTTPS://EXAMPLE.COM>!"),
              ElementsAre("https://example.org/a?b=c", "http://example.net/x", "HTTPS://EXAMPLE.COM"));
  EXPECT_THAT(urls("https://example.org/Tree_(plant)"), ElementsAre("https://example.org/Tree_(plant)"));
}

TEST(Links, AreNotWithinAWordNorOfOtherSchemes) {
  EXPECT_THAT(urls("xhttps://example.org ftp://example.org javascript://x https:// http://"), ElementsAre());
}

TEST(Links, OneWithinAnotherIsPartOfIt) {
  EXPECT_THAT(urls("https://a.example/?u=https://b.example/x&v=http://c.example and https://d.example"),
              ElementsAre("https://a.example/?u=https://b.example/x&v=http://c.example", "https://d.example"));
}

TEST(Links, AreListedOnceEach) {
  EXPECT_THAT(urls("https://example.org https://example.org"), ElementsAre("https://example.org"));
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "https://example.org/" + std::to_string(i) + " ";
  EXPECT_EQ(links_in(many, false).size(), 100U);
}

TEST(Links, OfAFormattedTextSayWhereTheyLead) {
  const auto links =
      links_in("[bank.example](https://evil.example/) and https://example.org, `https://code.example`", true);
  ASSERT_GE(links.size(), 2U);
  EXPECT_EQ(links[0].url, "https://evil.example/");
  EXPECT_EQ(links[0].text, "bank.example");
  EXPECT_EQ(links[0].leads_to, "evil.example");
  EXPECT_EQ(links[1].url, "https://example.org");
}

}  // namespace
}  // namespace coi::chat
