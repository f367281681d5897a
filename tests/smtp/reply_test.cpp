#include "smtp/reply.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "smtp/capabilities.h"

namespace coi::smtp {
namespace {

std::vector<Reply> parse(std::string_view bytes, std::size_t step, const Limits& limits = {}) {
  ReplyParser parser(limits);
  std::vector<Reply> replies;
  for (std::size_t i = 0; i < bytes.size(); i += step) {
    parser.feed(bytes.substr(i, step));
    for (;;) {
      auto reply = parser.next();
      if (!reply) return {Reply{-1, std::string(name(reply.error().kind())), {}}};
      if (!*reply) break;
      replies.push_back(std::move(**reply));
    }
  }
  if (parser.has_rest()) replies.push_back(Reply{0, "rest", {}});
  return replies;
}

TEST(Reply, SingleAndMultipleLines) {
  const std::string_view bytes =
      "220 mail.example.org ESMTP\r\n250-mail.example.org\r\n250-SIZE 1000\r\n250 HELP\r\n250\r\n354 go on\n";
  const std::vector<Reply> expected{{220, "", {"mail.example.org ESMTP"}},
                                    {250, "", {"mail.example.org", "SIZE 1000", "HELP"}},
                                    {250, "", {""}},
                                    {354, "", {"go on"}}};
  for (std::size_t step = 1; step <= bytes.size(); ++step) EXPECT_EQ(parse(bytes, step), expected) << "step " << step;
}

TEST(Reply, EnhancedCodeIsCutOffWhereItFitsTheReply) {
  const auto one = [](std::string_view bytes) { return parse(bytes, bytes.size()).at(0); };
  EXPECT_EQ(one("550-5.1.1 no such\r\n550 5.1.1 user\r\n"), (Reply{550, "5.1.1", {"no such", "user"}}));
  EXPECT_EQ(one("550-5.7.139 a\r\n550 5.1.1 user\r\n").describe(), "550 5.7.139 a user");
  EXPECT_EQ(one("250 2.0.0\r\n"), (Reply{250, "2.0.0", {""}}));
  EXPECT_EQ(one("550 4.1.1 odd\r\n"), (Reply{550, "", {"4.1.1 odd"}}));
  EXPECT_EQ(one("250 2.0 GB free\r\n"), (Reply{250, "", {"2.0 GB free"}}));
  EXPECT_EQ(one("250 2.1.1234 x\r\n"), (Reply{250, "", {"2.1.1234 x"}}));
  EXPECT_EQ(one("250 2.1.0.1 x\r\n"), (Reply{250, "", {"2.1.0.1 x"}}));
}

TEST(Reply, OfSeveralCodesTheLastCountsAndNoneOverrulesARefusal) {
  const auto one = [](std::string_view bytes) { return parse(bytes, 1).at(0); };
  EXPECT_EQ(one("550-5.1.1 no\r\n450 4.2.0 later\r\n"), (Reply{450, "4.2.0", {"no", "later"}}));
  EXPECT_EQ(one("450-4.2.0 later\r\n550 no\r\n"), (Reply{550, "", {"later", "no"}}));
  EXPECT_EQ(one("250-hi\r\n550 5.7.1 go away\r\n"), (Reply{550, "5.7.1", {"hi", "go away"}}));
  EXPECT_EQ(one("550-5.7.1 go away\r\n250 2.0.0 hi\r\n"), (Reply{550, "5.7.1", {"go away", "hi"}}));
  EXPECT_EQ(one("354-go on\r\n554 no\r\n").code, 554);
  EXPECT_EQ(one("250-a\r\n251 b\r\n"), (Reply{251, "", {"a", "b"}}));
}

TEST(Reply, TextIsCleanUtf8) {
  const auto text = [](std::string_view bytes) { return parse(bytes, 1).at(0).text(); };
  EXPECT_EQ(text("550 unbekannt: m\xc3\xbcller \xf0\x9f\x98\x80\r\n"), "unbekannt: m\xc3\xbcller \xf0\x9f\x98\x80");
  EXPECT_EQ(text("550 m\xfcller\x1b[31m\x7f\r\n"), "m?ller [31m ");
  EXPECT_EQ(text("550 \xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82\r\n"), "?? ??? ???? ??");
}

TEST(Reply, NonsenseAndEndlessReplies) {
  for (const auto* const bytes : {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "25\r\n", "250_x\r\n", "150 x\r\n",
                                  "650 x\r\n", "250-a\r\n354 b\r\n", "* OK IMAP4rev1 ready\r\n"})
    EXPECT_EQ(parse(bytes, 1).at(0).enhanced, "protocol") << bytes;
  const Limits small{.line = 100};
  EXPECT_EQ(parse("250 " + std::string(200, 'x'), 1, small).at(0).enhanced, "limit");
  EXPECT_EQ(parse("250 " + std::string(200, 'x') + "\r\n", 999, small).at(0).enhanced, "limit");
  std::string endless;
  for (int i = 0; i < 1000; ++i) endless += "250-x\r\n";
  EXPECT_EQ(parse(endless, 7).at(0).enhanced, "limit");
}

TEST(Reply, IsBoundedAsAWhole) {
  const Limits small{.line = 1000};
  std::string lines;
  for (int i = 0; i < 20; ++i) lines += "250-" + std::string(80, 'x') + "\r\n";
  EXPECT_EQ(parse(lines, 7, small).at(0).enhanced, "limit");
  const auto long_one = parse("550 " + std::string(20'000, 'x') + "\r\n550 y\r\n", 999);
  EXPECT_EQ(long_one.at(0).words().size(), 1000U);
  EXPECT_EQ(long_one.at(1).words(), "y");
  std::string mechanisms = "250-hi\r\n250 AUTH";
  for (int i = 0; i < 5000; ++i) mechanisms += fmt::format(" X-{}", i);
  EXPECT_LE(Capabilities::parse(parse(mechanisms + "\r\n", 999).at(0)).auth.size(), 50U);
}

TEST(Reply, KnowsWhenSomethingIsLeft) {
  EXPECT_EQ(parse("220 go\r\n250", 99).back().enhanced, "rest");
  EXPECT_EQ(parse("220-go\r\n", 99).back().enhanced, "rest");
  EXPECT_EQ(parse("220 go\r\n", 99).back().enhanced, "");
}

TEST(Capabilities, OfWhatRealServersSay) {
  const std::string_view postfix =
      "250-mail.example.org\r\n250-PIPELINING\r\n250-SIZE 10240000\r\n250-VRFY\r\n250-ETRN\r\n250-STARTTLS\r\n"
      "250-AUTH PLAIN LOGIN\r\n250-AUTH=PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n"
      "250-SMTPUTF8\r\n250-LIMITS MAILMAX=10 RCPTMAX=50\r\n250 CHUNKING\r\n";
  const auto offered = Capabilities::parse(parse(postfix, 1).at(0));
  EXPECT_EQ(offered, (Capabilities{.pipelining = true,
                                   .chunking = true,
                                   .eight_bit_mime = true,
                                   .smtp_utf8 = true,
                                   .starttls = true,
                                   .enhanced_codes = true,
                                   .dsn = true,
                                   .size = true,
                                   .largest_mail = 10240000,
                                   .most_mails = 10,
                                   .auth = {"PLAIN", "LOGIN"}}));
  // The first line is the greeting, whatever it says; words come in any case.
  const auto odd =
      Capabilities::parse(parse("250-PIPELINING\r\n250-size\r\n250 auth xoauth2  scram-sha-256\r\n", 99).at(0));
  EXPECT_EQ(odd, (Capabilities{.size = true, .auth = {"XOAUTH2", "SCRAM-SHA-256"}}));
}

}  // namespace
}  // namespace coi::smtp
