#include "imap/lexer.h"

#include <gtest/gtest.h>

#include "base/time.h"
#include "imap/response.h"

namespace coi::imap {
namespace {

// The tokens of the first response, each in its own brackets; a literal as {}.
std::string lex(std::string_view bytes, const Limits& limits = {}) {
  Lexer lexer(limits);
  const auto line = lexer.next(bytes);
  if (!line) return std::string(name(line.error().kind()));
  if (!*line) return "needs more";
  std::string text = (*line)->garbled ? "garbled" : "";
  for (const auto& token : (*line)->tokens) {
    if (token.kind == Token::Kind::open) {
      text += '(';
    } else if (token.kind == Token::Kind::close) {
      text += ')';
    } else if (token.kind == Token::Kind::literal) {
      text += fmt::format("{{{}}}", (*line)->view(token));
    } else if (token.kind == Token::Kind::text) {
      text += fmt::format("<{}>", (*line)->view(token));
    } else {
      text += fmt::format("[{}]", (*line)->view(token));
    }
  }
  return text;
}

TEST(Lexer, TakesTokensApart) {
  EXPECT_EQ(lex("* LIST (\\A \\B) NIL a%b\r\n"), "[*][LIST]([\\A][\\B])[NIL][a%b]");
  EXPECT_EQ(lex("* X \"a \\\"b\\\\ c\" \"\"\r\n"), "[*][X][a \"b\\ c][]");
  EXPECT_EQ(lex("* X {3}\r\n)\r\n {0}\r\n ~{2+}\r\n\"(\r\n"), "[*][X]{)\r\n}{}{\"(}");
  EXPECT_EQ(lex("* OK [ALERT] say \"it (\r\n"), "[*][OK]< [ALERT] say \"it (>");
  EXPECT_EQ(lex("C1 bad {5}\r\n"), "[C1][bad]< {5}>");
  EXPECT_EQ(lex("+ (\"\r\n"), "[+]< (\">");
  EXPECT_EQ(lex("+\r\n"), "[+]<>");
  EXPECT_EQ(lex("* X a\n"), "[*][X][a]");
  EXPECT_EQ(lex("\r\n"), "");
}

TEST(Lexer, KeepsASectionInOnePieceInListsOnly) {
  EXPECT_EQ(lex("* 1 FETCH (BODY[HEADER.FIELDS (A \"B\")]<0> x)\r\n"),
            "[*][1][FETCH]([BODY[HEADER.FIELDS (A \"B\")]<0>][x])");
  EXPECT_EQ(lex("* LIST () NIL BODY[x y\r\n"), "[*][LIST]()[NIL][BODY[x][y]");
  EXPECT_EQ(lex("* STATUS [Gmail]/x (A 1)\r\n"), "[*][STATUS][[Gmail]/x]([A][1])");
}

TEST(Lexer, EndsWhatIsGarbledWhereItsLineEnds) {
  for (const std::string line : {"* X (a", "* X a)", "* X \"a", "* X (BODY[a", "* X \"a\\", "* X a\rb",
                                 "* X \"a {3}\r\nabc", "* X ) {3}\r\n\"(\n"}) {
    const auto bytes = line + "\r\n* Y\r\n";
    EXPECT_TRUE(lex(bytes).starts_with("garbled[*][X]")) << line << ": " << lex(bytes);
    std::string_view rest = bytes;
    Lexer lexer;
    ASSERT_TRUE(lexer.next(rest).value()) << line;
    EXPECT_EQ(rest, "* Y\r\n") << line;
  }
}

TEST(Lexer, TakesForALiteralOnlyWhatEndsALine) {
  EXPECT_EQ(lex("* X {1x} {1} {\r\n"), "[*][X][{1x}][{1}][{]");
  EXPECT_EQ(lex("* X BODY[]{3}\r\nabc\r\n"), "[*][X][BODY[]]{abc}");
  EXPECT_EQ(lex("* X \"C:\\dir\\a\"\r\n"), "[*][X][C:\\dir\\a]");
}

TEST(Lexer, HoldsItsLimits) {
  Limits limits;
  limits.nesting = 3;
  limits.literal = 10;
  limits.line = 2;  // 64 times as much for a response
  EXPECT_EQ(lex("* X (((a)))\r\n", limits), "[*][X]((([a])))");
  EXPECT_EQ(lex("* X ((((a \"b\" {1}\r\nc (d)) e)) f)\r\n", limits), "[*][X](((()[e]))[f])") << "emptied, not refused";
  EXPECT_EQ(lex("* {6}\r\n123456 {4}\r\n1234\r\n", limits), "[*]{123456}{1234}");
  EXPECT_EQ(lex("* {6}\r\n123456 {5}\r\n1234\r\n", limits), "limit");
  EXPECT_EQ(lex("* {99999999999999999999999999}\r\n", limits), "limit");
  EXPECT_EQ(lex("* " + std::string(120, 'a') + "\r\n", limits).size(), 125U);
  EXPECT_EQ(lex("* " + std::string(130, 'a') + "\r\n", limits), "limit");
  EXPECT_EQ(lex("* (" + std::string(200, ' '), limits), "limit");
}

TEST(Lexer, WaitsForTheRest) {
  for (const auto* start : {"", "* OK", "* X {3}\r\nab", "* X {3}\r\nabc", "* X \"", "* X\r"})
    EXPECT_EQ(lex(start), "needs more") << start;
}

// 10 000 mails have to be read in a moment; and octet by octet must cost a constant factor, not a square.
TEST(Lexer, IsFastOnManyMails) {
  std::string octets;
  for (int i = 1; i <= 10'000; ++i)
    octets += fmt::format(
        "* {0} FETCH (UID {0} FLAGS (\\Seen $Chat) MODSEQ ({0}) INTERNALDATE \"05-Jun-2026 16:00:00 +0000\" "
        "RFC822.SIZE 2000 BODY[] {{2000}}\r\n{1})\r\n",
        i, std::string(2000, 'x'));
  const auto began = std::chrono::steady_clock::now();
  Lexer lexer;
  std::string_view rest = octets;
  int mails = 0;
  while (auto line = lexer.next(rest).value())
    mails += std::holds_alternative<Fetch>(parse_response(std::move(*line)).response);
  EXPECT_EQ(mails, 10'000);
  const auto whole = std::chrono::steady_clock::now() - began;
  Lexer slow;
  for (int i = 0; i < 1'000'000; ++i) {
    auto one = std::string_view(octets).substr(static_cast<std::size_t>(i), 1);
    ASSERT_TRUE(slow.next(one));
  }
  const auto bytewise = std::chrono::steady_clock::now() - began - whole;
  RecordProperty("whole_us", std::to_string(std::chrono::duration_cast<std::chrono::microseconds>(whole).count()));
  EXPECT_LT(whole, std::chrono::seconds(5));  // generous: sanitizers, busy machines
  EXPECT_LT(bytewise, std::chrono::seconds(10));
}

}  // namespace
}  // namespace coi::imap
