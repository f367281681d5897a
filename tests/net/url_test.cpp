#include "net/url.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coi::net {
namespace {

template <class T>
bool is_invalid(const Result<T>& result) {
  return !result && result.error().kind() == ErrorKind::invalid;
}

TEST(Url, IsTakenApart) {
  const auto url = split_url("HTTPS://me:p%40ss@[::1]:8443/a%20b/c?d=e#f").value();
  EXPECT_EQ(url.scheme, "https");
  EXPECT_EQ(url.host, "::1");
  EXPECT_EQ(url.port, 8443);
  EXPECT_EQ(url.user, "me");
  EXPECT_EQ(url.password, "p@ss");
  EXPECT_EQ(url.target, "/a%20b/c?d=e");
  EXPECT_FALSE(url.bare);
  EXPECT_TRUE(split_url("imaps://mail.example.org").value().bare);
  EXPECT_EQ(split_url("https://müller.example/ä").value().host, "müller.example");
}

TEST(Url, OfNoHostIsRefused) {
  for (const auto* text :
       {"", "p+:", "p:?q", "p:#f", "p:/a", "p: ", "p:\n", "mailto:a@b.c", "https://a:..b", "https://", "https:///a",
        "https://a:0/", "https://a:99999/", "example.org", "//example.org", "https://a b/", "https://a\n/"})
    EXPECT_TRUE(is_invalid(split_url(text))) << text;
  EXPECT_EQ(split_url("\x1B[31m\xFF").error().text(), "' [31m?' is no URL");
}

TEST(Url, IsSeenFromAnother) {
  const std::string base = "https://example.org/a/b?c";
  EXPECT_EQ(resolve_url(base, "d").value(), "https://example.org/a/d");
  EXPECT_EQ(resolve_url(base, "/d?e").value(), "https://example.org/d?e");
  EXPECT_EQ(resolve_url(base, "//example.net/d").value(), "https://example.net/d");
  EXPECT_EQ(resolve_url(base, "http://example.net").value(), "http://example.net");
  // What a server may say in a redirect, to a library that fails an assertion.
  for (const auto* reference : {"p+:", "p:?q", "p:#f", "p: ", "p:<", "mailto:a@b.c", "https://a b/"})
    EXPECT_TRUE(is_invalid(resolve_url(base, reference))) << reference;
  EXPECT_TRUE(is_invalid(resolve_url("p:", "d")));
}

}  // namespace
}  // namespace coi::net
