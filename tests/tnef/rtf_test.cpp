#include "tnef/rtf.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coi::tnef {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

RtfContent content_of(const std::string& rtf, const Limits& limits = {}) { return read_rtf(rtf, limits); }

// As one text; the charset is looked at where it matters.
std::string joined(const Text& text) {
  std::string out;
  for (const auto& piece : text) out += piece.octets;
  return out;
}
std::string text_of(const std::string& within) { return joined(content_of(R"({\rtf1\ansi )" + within + "}").text); }
std::string html_of(const std::string& within) {
  const auto content = content_of(R"({\rtf1\ansi\ansicpg1252\fromhtml1 \deff0{\fonttbl{\f0\fswiss Arial;})"
                                  R"({\f1\fcharset204 Arial;}}{\colortbl\red0;}\uc1 )" +
                                  within + "}");
  EXPECT_TRUE(content.is_html);
  return joined(content.text);
}

TEST(Rtf, HtmlThatWasPackedComesOutAgain) {
  EXPECT_EQ(
      html_of(R"({\*\htmltag18 <html>}{\*\htmltag34 <head>}{\*\htmltag241 <style>\{color:red\}}{\*\htmltag249 </style>}
{\*\htmltag41 </head>}{\*\htmltag50 <body>}{\*\htmltag64 <p>}\htmlrtf {\f0 \htmlrtf0 Hello \htmlrtf\b\htmlrtf0 world
{\*\htmltag116 <br>}\htmlrtf \line\htmlrtf0 \line {\*\htmltag84 &nbsp;}\htmlrtf \'a0\htmlrtf0 end\htmlrtf }\htmlrtf0
{\*\htmltag72 </p>}{\*\htmltag58 </body>}{\*\htmltag27 </html>})"),
      "<html><head><style>{color:red}</style></head><body><p>Hello world<br>\n&nbsp;end</p></body></html>");
}

TEST(Rtf, WordsOfHtmlThatStandForCharacters) {
  EXPECT_EQ(html_of(R"(\ldblquote a\rdblquote\~\endash\tab b{\*\htmltag84 <a\tab href="x\\y">\par})"),
            "&ldquo;a&rdquo;&nbsp;&ndash;\tb<a\thref=\"x\\y\">\n");
}

TEST(Rtf, LinksThatWereRewrittenAreNotTheHtml) {
  EXPECT_EQ(html_of(R"({\*\mhtmltag84 <img src="mhtml:x">}{\*\htmltag84 <img src="cid:x">})"), "<img src=\"cid:x\">");
}

TEST(Rtf, TextIsInTheCharsetOfItsFontAndTagsInThatOfTheDocument) {
  const auto content = content_of(
      R"({\rtf1\ansi\ansicpg1250\fromhtml1\deff0{\fonttbl{\f0\fcharset238 A;}{\f4\fcharset204 B;}{\f5\cpg932 C;}})"
      R"({\*\htmltag64 <p title="\'e8">}\htmlrtf{\f4\htmlrtf0 \'e4\'e0 {\*\htmltag84 <b \'f8>}\htmlrtf}\htmlrtf0 \'f9)"
      R"({\f5 \'83A!}})");
  EXPECT_THAT(content.text, ElementsAre(Piece{"<p title=\"", "utf-8"}, Piece{"\xE8\">", "windows-1250"},
                                        Piece{"\xE4\xE0 <b ", "windows-1251"}, Piece{"\xF8>\xF9", "windows-1250"},
                                        Piece{"\x83"
                                              "A!",
                                              "cp932"}));
}

TEST(Rtf, CharactersInUnicodeTakeThePlaceOfWhatStandsBehindThem) {
  EXPECT_EQ(text_of(R"(\u8364?5 \u-10179\'5f\u-8704\'5f!)"), "€5 😀!");
  EXPECT_EQ(text_of(R"(\uc2\u26085\'93\'fa\u26412\'96\'7b.{\uc0\u65 B}\u67 xxD)"), "日本.ABCD");
  EXPECT_EQ(text_of(R"(\u-10179?a\u-8704?b)"), "\uFFFDa\uFFFDb");
  EXPECT_EQ(text_of(R"(\u65\par B)"), "A\nB");
}

TEST(Rtf, TextOfAPlainMail) {
  const auto content = content_of(
      "{\\rtf1\\ansi\\fromtext \\deff0{\\fonttbl\r\n{\\f0\\fswiss Arial;}}\r\n"
      "\\pard\\plain\\f0 One\\par\r\n\\tab Two \\{3\\}\\par\r\n}\r\n\0");
  EXPECT_FALSE(content.is_html);
  EXPECT_EQ(joined(content.text), "One\n\tTwo {3}\n");
}

TEST(Rtf, WhatIsNotToBeReadIsLeftOut) {
  EXPECT_EQ(text_of(R"({\info{\title T}}{\*\generator X;}{\stylesheet{\s0 Normal;}}{\header H}{\pict\bin4 }}}}00}a)"
                    R"({\v hidden}{\v\v0 b}{\deleted gone}{\footerr F}c{\*\unknown {deep}}d)"),
            "abcd");
}

TEST(Rtf, TablesAreLinesWithTabs) {
  EXPECT_EQ(text_of(R"(\trowd a\cell b\cell\row c\cell d\cell\row)"), "a\tb\t\nc\td\t\n");
}

TEST(Rtf, ALinkStandsBehindATextThatDoesNotSayIt) {
  const auto link = [](const std::string& target, const std::string& text) {
    return text_of(R"({\field{\*\fldinst {HYPERLINK ")" + target + R"("}}{\fldrslt {\ul )" + text + "}}}.");
  };
  EXPECT_EQ(link("https://shop.example/x", "our shop"), "our shop <https://shop.example/x>.");
  EXPECT_EQ(link("https://shop.example/", "shop.example"), "shop.example.");
  EXPECT_EQ(link("mailto:ann@shop.example", "ann@shop.example"), "ann@shop.example.");
  EXPECT_EQ(link("https://evil.example/", "https://bank.example/"), "https://bank.example/ <https://evil.example/>.");
  EXPECT_EQ(text_of(R"({\field{\*\fldinst PAGE}{\fldrslt 3}})"), "3");
  EXPECT_EQ(text_of(R"({\field{\*\fldinst HYPERLINK \\l "mark"}{\fldrslt below}})"), "below");
}

TEST(Rtf, WhatIsNoRtfIsNothing) {
  for (const auto* no_rtf : {"", "<html>", "hello", "{\\pard a}"}) EXPECT_THAT(content_of(no_rtf).text, IsEmpty());
}

TEST(Rtf, NothingIsReadBehindItsEnd) { EXPECT_EQ(joined(content_of(std::string("{\\rtf1 a}\r\n\0b", 13)).text), "a"); }

TEST(Rtf, DepthAndLengthHaveLimits) {
  Limits limits;
  limits.nesting = 1;
  const auto deep = content_of(R"({\rtf1 a{b{c{d{e{f{g{h{i}}}}}}}}j})", limits);
  EXPECT_EQ(joined(deep.text), "abcdefgj");
  EXPECT_TRUE(deep.is_cut);
  limits = {};
  limits.text = 5;
  const auto longer = content_of(R"({\rtf1 12345678})", limits);
  EXPECT_EQ(joined(longer.text), "12345");
  EXPECT_TRUE(longer.is_cut);
  EXPECT_FALSE(content_of(R"({\rtf1 1234})", limits).is_cut);
}

TEST(Rtf, IsReadAsFarAsItGoes) {
  const std::string whole =
      R"({\rtf1\ansi{\fonttbl{\f0\fcharset204 A;}}\f0 \'e4\u8364?{\field{\*\fldinst HYPERLINK "x:y"})"
      R"({\fldrslt z}}\bin3 abc\par\*\'\u-99999999999})";
  for (std::size_t size = 0; size <= whole.size(); ++size) static_cast<void>(content_of(whole.substr(0, size)));
  EXPECT_EQ(joined(content_of(R"({\rtf1 a}}}b)").text), "a");
  EXPECT_EQ(joined(content_of(R"({\rtf1 a{{b)").text), "ab");
}

}  // namespace
}  // namespace coi::tnef
