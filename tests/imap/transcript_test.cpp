// What real servers say, cut in every way: the events must not depend on it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "conversation.h"

namespace coi::imap {
namespace {

using testing::Contains;
using testing::HasSubstr;

std::vector<std::string> play(const std::string& octets, std::size_t piece) {
  Conversation talk;
  for (int i = 0; i < 40; ++i) talk.session.submit(noop());
  for (std::size_t at = 0; at < octets.size(); at += piece) talk.session.feed(octets.substr(at, piece));
  std::vector<std::string> lines;
  for (const auto& event : talk.events()) lines.push_back(describe(event));
  return lines;
}

class Transcript : public testing::TestWithParam<const char*> {};

TEST_P(Transcript, DoesNotDependOnHowItIsCut) {
  const auto octets = transcript(GetParam());
  ASSERT_FALSE(octets.empty());
  const auto whole = play(octets, octets.size());
  ASSERT_GT(whole.size(), 10U);
  EXPECT_THAT(whole, testing::Not(Contains(testing::StartsWith("failed"))));
  for (const std::size_t piece : {1, 2, 3, 7, 64}) EXPECT_EQ(play(octets, piece), whole) << piece;
}

INSTANTIATE_TEST_SUITE_P(Servers, Transcript,
                         testing::Values("dovecot-2.3.txt", "gmail.txt", "exchange.txt", "cyrus.txt"),
                         [](const auto& test) { return std::string(test.param).substr(0, 5); });

TEST(TranscriptOfDovecot, IsUnderstood) {
  const auto events = play(transcript("dovecot-2.3.txt"), 1000);
  for (const auto* line :
       {"4 completed C4 ok [APPENDUID 1795500826 1] Append completed.", R"(LIST [] '/' with "quotes" and \ 0)",
        "LIST [] '/' Entwürfe/😀 0", R"(LIST ["\\Sent"] '/' Sent 1)",
        "STATUS INBOX messages 5 uidnext 6 uidvalidity 1795500826 unseen 4 highestmodseq 7 size 1226",
        "VANISHED false 3", "VANISHED true 3,5", "status  ok [COPYUID 1795500830 [(5, 1)]] Moved UIDs.",
        "18 completed C18 ok [COPYUID 1795500829 [(1, 1), (2, 2)]] Copy completed.",
        "15 completed C15 ok [MODIFIED 4] Conditional store failed.",
        "SEARCH of 20 C20 all 1:2,4 min 0 max 0 count 0 modseq 0", "SEARCH of 21 C21 all  min 1 max 4 count 3 modseq 6",
        "METADATA  changed [] /private/comment=hello /private/missing=NIL", "QUOTA User quota STORAGE 2 10240",
        R"(QUOTAROOT INBOX ["User quota"])", "NAMESPACE / '' / / /", R"(ID {"name": "Dovecot"})", "closed"})
    EXPECT_THAT(events, Contains(line));
}

TEST(TranscriptOfDovecot, HasTheTreeOfAMail) {
  const auto events = play(transcript("dovecot-2.3.txt"), 1000);
  const auto* const tree = R"(( multipart/mixed  0   {"boundary": "b"})"
                           R"((1 multipart/alternative  0   {"boundary": "c"})"
                           R"((1.1 text/plain 7bit 5   {"charset": "us-ascii"}))"
                           R"((1.2 text/html 7bit 7   {"charset": "utf-8"})))"
                           R"((2 image/png base64 4 <cid@x> attachment {"name": "a \"b\".png"}))"
                           R"((3 message/rfc822 7bit 92   {})"
                           R"((3 multipart/mixed  0   {"boundary": "d"})"
                           R"((3.1 text/plain 7bit 3   {"charset": "us-ascii"}))"
                           R"((3.2 text/plain 7bit 3   {"charset": "us-ascii"})))))";
  EXPECT_THAT(events, Contains(HasSubstr(tree)));
  EXPECT_THAT(events, Contains(HasSubstr("body[1.2]<0>=<p>h binary[2]<0>=")));
}

TEST(TranscriptOfOthers, IsUnderstood) {
  const auto gmail = play(transcript("gmail.txt"), 1000);
  EXPECT_THAT(gmail, Contains("LIST [\"\\\\HasNoChildren\", \"\\\\Trash\"] '/' [Gmail]/Papierkorb 1"));
  EXPECT_THAT(gmail, Contains("FETCH 1 uid 29 modseq 4320 flags [\"\\\\Seen\"] size 12 body[]<0>=Subject: a\r\n\r\n"));
  EXPECT_THAT(gmail, Contains("SEARCH of 0  all  min 0 max 0 count 0 modseq 0"));
  const auto exchange = play(transcript("exchange.txt"), 1000);
  EXPECT_THAT(exchange,
              Contains("FETCH 1 uid 8 modseq 0 date 2026-06-05T16:00:00.000Z (1 text/plain quoted-printable 0  "
                       " {\"charset\": \"iso-8859-1\"})"));
  EXPECT_THAT(exchange, Contains("FETCH 1 uid 8 modseq 0 flags [\"\\\\Seen\"] body[1]<0>=NIL"));
  EXPECT_THAT(exchange, Contains(HasSubstr("The specified folder does not exist {3}")));
  const auto cyrus = play(transcript("cyrus.txt"), 1000);
  EXPECT_THAT(cyrus, Contains("LIST [\"\\\\HasNoChildren\"] '.' INBOX.a\"b\\c 0"));
  EXPECT_THAT(cyrus, Contains("METADATA  changed [\"/shared/comment\", \"/private/comment\"]"));
  EXPECT_THAT(cyrus, Contains(HasSubstr("/private/vendor/x=a \"quoted\" value /shared/y=")));
  EXPECT_THAT(cyrus, Contains(HasSubstr("LONGENTRIES 2199")));
  EXPECT_THAT(cyrus, Contains("5 completed C5 ok [-] Completed"));
}

}  // namespace
}  // namespace coi::imap
