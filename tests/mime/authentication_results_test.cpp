#include "mime/authentication_results.h"

#include <gtest/gtest.h>

#include <string>

namespace coi::mime {
namespace {

bool disowns_author(const std::string& value) {
  return mime::disowns_author(std::vector<Header>{{"Authentication-Results", value}}, "example.org");
}

TEST(AuthenticationResults, DmarcFailDisowns) {
  EXPECT_TRUE(disowns_author("mx.example.org; dmarc=fail"));
  EXPECT_TRUE(
      disowns_author("mx.example.org 1; spf=pass smtp.mailfrom=evil.example;\r\n"
                     "\tDMARC / 1 = Fail (p=none; dis=none) header.from=example.org"));
  EXPECT_TRUE(disowns_author("mx.example.org; (a)dmarc(b)=(c)fail(d)header.from=example.org"));
  EXPECT_TRUE(disowns_author("mx.example.org; dkim=none reason=\"no; signature\"; dmarc=fail reason=\"policy\""));
}

TEST(AuthenticationResults, NothingElseDoes) {
  EXPECT_FALSE(disowns_author(""));
  EXPECT_FALSE(disowns_author("mx.example.org; none"));
  EXPECT_FALSE(disowns_author("dmarc=fail"));  // the server's name stands there
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=pass header.from=example.org"));
  EXPECT_FALSE(disowns_author("mx.example.org; spf=fail; dkim=fail"));
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=none (but (once) dmarc=fail); spf=pass"));
  EXPECT_FALSE(disowns_author("mx.example.org; dkim=pass reason=\"; dmarc=fail\""));
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=failing"));
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=fa(a comment parts words)il"));
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=fa\"so does a string\"il"));
}

TEST(AuthenticationResults, AVerdictInQuotesIsNone) {
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=\"fail\""));
  EXPECT_FALSE(disowns_author("mx.example.org; \"dmarc\"=fail"));
}

TEST(AuthenticationResults, AVerdictCountsForTheDomainThatItNames) {
  EXPECT_TRUE(disowns_author("mx.example.net; dmarc=pass (p=none) header.from=evil.example"));
  EXPECT_TRUE(disowns_author("mx.example.net; dmarc=pass header.from=bob@evil.example"));
  EXPECT_TRUE(disowns_author("mx.example.net; dmarc=pass header.from=notexample.org"));
  EXPECT_TRUE(disowns_author("mx.example.net; dmarc=pass header.from=mail.example.org"));  // may be anybody's
  EXPECT_FALSE(disowns_author("mx.example.net; dmarc=pass header.from=EXAMPLE.org."));
  EXPECT_FALSE(disowns_author("mx.example.net; dmarc=pass header.from = bob@example.org"));
  EXPECT_FALSE(disowns_author("mx.example.net; dmarc=pass header.from=\"example.org\""));
  EXPECT_FALSE(disowns_author("mx.example.net; dmarc=none header.from=evil.example"));
  const std::vector<Header> pass = {{"Authentication-Results", "mx; dmarc=pass header.from=example.org"}};
  EXPECT_FALSE(mime::disowns_author(pass, "lists.example.org"));
  EXPECT_TRUE(mime::disowns_author(pass, ""));
  EXPECT_FALSE(mime::disowns_author({{"Authentication-Results", "mx; dmarc=pass header.from=xn--bcher-kva.example"}},
                                    "b\u00fccher.example"));
}

TEST(AuthenticationResults, C48APassForTheAuthorsDomainVouches) {
  const auto vouches = [](const std::string& value) {
    return vouches_for_author({{"Authentication-Results", value}}, "example.org");
  };
  EXPECT_TRUE(vouches("mx.example.net; spf=none; dmarc=pass (p=none) header.from=example.org"));
  EXPECT_FALSE(vouches("mx.example.net; dmarc=pass")) << "for whom it does not say";
  EXPECT_FALSE(vouches("mx.example.net; dmarc=pass header.from=evil.example"));
  EXPECT_FALSE(vouches("mx.example.net; dmarc=none header.from=example.org"));
  EXPECT_FALSE(vouches("mx.example.net; dkim=pass header.d=example.org"));
  EXPECT_FALSE(vouches(""));
  EXPECT_FALSE(vouches_for_author(
      {{"Authentication-Results", "mx; none"}, {"Authentication-Results", "other; dmarc=pass header.from=example.org"}},
      "example.org"))
      << "of another server";
}

TEST(AuthenticationResults, ADomainCountsHoweverItIsWritten) {
  for (const auto* const info :
       {"dmarc=pass header.from=\"evil.example\"", "dmarc=pass header.from=\"x\" header.from=evil.example",
        "dmarc=pass header.from=example.org header.from=evil.example",
        "dmarc=pass header.from=evil.example header.from=example.org", "DMARC=Pass HEADER.FROM=evil.example",
        "dmarc=pass header . from=evil.example", "dmarc=pass header(a)\r\n .\r\n (b)from (c) = (d) evil.example",
        "dmarc=pass reason=header.from=example.org header.from=evil.example",
        "dmarc=pass reason=\"header.from=example.org\" header.from=evil.example",
        "dmarc=pass reason=\"x\"header.from=evil.example", "dmarc=pass header.from=\"b@example.org\"@evil.example",
        "dmarc=pass header.from=\"evil.e\\xample\"", "dmarc=pass (header.from=example.org) header.from=evil.example",
        "dmarc=pass policy header.from=evil.example", "dmarc=pass header.from=", "dmarc=pass header.from=\"\"",
        "dmarc=pass header.from=exam(ple.org)", "dmarc/1=pass action=none header.from=<bob@evil.example>"})
    EXPECT_TRUE(disowns_author(std::string("mx.example.net; ") + info)) << info;
  for (const auto* const info :
       {"dmarc=pass", "dmarc=pass (p=none) policy.from=evil.example", "dmarc=pass header.from=\"ex\\ample.org\"",
        "dmarc=pass HEADER . FROM (x) = \"bob@example.org\"", "dmarc=pass header.from=\"b b\"@example.org",
        "dmarc=pass reason=\"header.from=evil.example\" header.from=example.org",
        "dmarc=pass reason=header.from=evil.example", "dmarc=pass header.from=example.org header.d=evil.example",
        "dmarc=pass header.from=example.org policy.x=a=b", "dkim=pass header.from=evil.example",
        "dmarc=pass xheader.from=evil.example", "dmarc=pass header.from.x=evil.example"})
    EXPECT_FALSE(disowns_author(std::string("mx.example.net; ") + info)) << info;
}

// Whose beginning a sender may have got into the field.
TEST(AuthenticationResults, WhatHasNoEndHidesNothing) {
  EXPECT_TRUE(disowns_author("mx; spf=pass (helo ( x) smtp.mailfrom=a; dmarc=fail (p=none) header.from=example.org"));
  EXPECT_TRUE(disowns_author("mx; spf=pass smtp.mailfrom=\"a; dmarc=fail header.from=example.org"));
  EXPECT_TRUE(disowns_author("mx; dmarc=pass (header.from=example.org header.from=evil.example"));
  EXPECT_TRUE(disowns_author("mx; dmarc=pass reason=\"x header.from=evil.example"));
  EXPECT_FALSE(disowns_author("mx; spf=pass (helo ( x) smtp.mailfrom=a; dmarc=pass header.from=example.org"));
  EXPECT_FALSE(disowns_author("mx dmarc=fail header.from=example.org"));
  EXPECT_TRUE(disowns_author("\"mx\" 1; dmarc=fail"));
}

// What looks through the rest again at each of so many pieces takes hours.
TEST(AuthenticationResults, TimeGrowsWithTheLengthOnly) {
  for (const auto* const piece : {"(", "\"", "(\"", "\"(", ";", "=", ". ", "a ", "header.from=", "\\"}) {
    std::string value = "mx; dmarc=pass ";
    for (int i = 0; i < 200'000; ++i) value += piece;
    (void)disowns_author(value);
  }
}

TEST(AuthenticationResults, OnlyTheOwnServersCount) {
  const Header own{"Authentication-Results", "mx.example.net; spf=pass; dmarc=pass header.from=example.org"};
  const Header own_fail{"authentication-results", "MX.example.net; dmarc=fail header.from=example.org"};
  const Header foreign{"Authentication-Results", "relay.example; dmarc=fail header.from=example.org"};
  const Header foreign_pass{"Authentication-Results", "relay.example; dmarc=pass header.from=example.org"};
  const auto disowned = [](const std::vector<Header>& headers) { return mime::disowns_author(headers, "example.org"); };
  EXPECT_FALSE(disowned({own, {"Received", "x"}, foreign}));
  EXPECT_TRUE(disowned({own, own_fail}));
  EXPECT_TRUE(disowned({own_fail, foreign_pass}));
  EXPECT_FALSE(disowned({}));
}

}  // namespace
}  // namespace coi::mime
