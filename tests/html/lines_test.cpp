#include "html/lines.h"

#include <array>

#include <fmt/format.h>
#include <gtest/gtest.h>

namespace coi::html {
namespace {

// With the marks of plain text.
std::string text(std::string_view html) {
  std::string all;
  for (const auto& line : lines_of(parse(html, Limits{}).value())) {
    if (!all.empty()) all += '\n';
    for (unsigned i = 0; i < line.depth; ++i) all += i + 1 < line.depth || !line.text.empty() ? "> " : ">";
    all += line.text;
  }
  return all;
}

TEST(Lines, Blocks) {
  EXPECT_EQ(text("<p>One\n two</p><p>three</p>"), "One two\n\nthree");
  EXPECT_EQ(text("<div>a</div><div>b<br></div><div>c</div>"), "a\nb\nc");
  EXPECT_EQ(text("<div>a</div><div><br></div><div>b</div>"), "a\n\nb");
  EXPECT_EQ(text("a<br>b<br><br>c<br><br><br><br><br><br>d"), "a\nb\n\nc\n\n\nd");
  EXPECT_EQ(text("<h1>Title</h1>text<hr>more"), "Title\n\ntext\n---\nmore");
  EXPECT_EQ(text("a <b>b</b><i> c</i>d"), "a b cd");
  EXPECT_EQ(text("  <p> &nbsp; </p>x&nbsp;&nbsp;y &lt;z&gt; "), "x  y <z>");
  EXPECT_EQ(text(""), "");
}

TEST(Lines, Lists) {
  EXPECT_EQ(text("x<ul><li>a<li>b<ul><li>c</ul><li>d<br>e</ul>y"), "x\n\n• a\n• b\n  • c\n• d\n  e\n\ny");
  EXPECT_EQ(text("<ol start=9><li>a<li>b<li value=20>c</ol>"), "9. a\n10. b\n20. c");
  EXPECT_EQ(text("<ul><li><p>a</p></li><li><ol><li>b</ol></ul>"), "• a\n\n• 1. b");
  EXPECT_EQ(text("<dl><dt>a<dd>b</dl>"), "a\n  b");
}

TEST(Lines, Quotes) {
  EXPECT_EQ(text("a<blockquote>b<p>c<blockquote>d</blockquote></blockquote>e"), "a\n\n> b\n>\n> c\n>\n> > d\n\ne");
  EXPECT_EQ(text("<ul><li><blockquote>a</blockquote></ul>"), "> • a");
  EXPECT_EQ(text("<q>a</q>"), "“a”");
}

TEST(Lines, LinksAndPictures) {
  EXPECT_EQ(text("<a href='https://example.org/'>Example.org</a>"), "Example.org");
  EXPECT_EQ(text("<a href='https://example.org/x'>here</a>!"), "here <https://example.org/x>!");
  EXPECT_EQ(text("<a href='mailto:a@b.c'>a@b.c</a>"), "a@b.c");
  EXPECT_EQ(text("<a href='javascript:x()'>a</a><a name=x>b</a><a href='#x'>c</a>"), "abc");
  EXPECT_EQ(text("<img alt='😀' src='https://x/y'><img alt='no' width=1 height=1><img src=cid:x alt=IMG_1.jpg>"), "😀");
}

TEST(Lines, TablesAndPreformatted) {
  EXPECT_EQ(text("<table><tr><th>a<th>b<tr><td>1<td>2</table>"), "a  b\n1  2");
  EXPECT_EQ(text("<pre>\n a\n   b\n\nc </pre>"), " a\n   b\n\nc ");
}

TEST(Lines, HiddenThingsGiveNothing) {
  EXPECT_EQ(text("<title>t</title><style>p{}</style><script>x</script><p>a"), "a");
  for (const auto* style : {"display:none", "DISPLAY : none !important", "color:red;visibility:hidden", "mso-hide:all",
                            "max-height:0px;overflow:hidden", "font-size:0", "opacity:0.0"})
    EXPECT_EQ(text("<div style='" + std::string(style) + "'>preheader</div>a"), "a") << style;
  EXPECT_EQ(text("<div style='font-size:10px;opacity:0.5'>seen</div>"), "seen");
  EXPECT_EQ(text("<p hidden>x</p>a\u200B\u00ADb"), "ab");
}

TEST(Lines, DeepListsDoNotGrowWithoutEnd) {
  std::string html;
  for (int i = 0; i < 200; ++i) html += "<ul><li>";
  const auto lines = lines_of(parse(html + "x", Limits{}).value());
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_LE(lines.front().text.size(), 300U);
}

TEST(Lines, P07NothingTurnsTheTextAround) {
  EXPECT_EQ(text("<p>a\u202Eb\u2066c&#x202D;d\u05D0\u200F</p>"), "abcd\u05D0\u200F");
}

struct Mark {
  const char* html;
  const char* seen;  // of each line its depth, whether cited, its container and mark, its text
};

std::string seen(std::string_view html) {
  std::string all;
  for (const auto& line : lines_of(parse(html, Limits{}).value()))
    all += fmt::format("{}{}{}{} {}|", line.depth, line.cited ? "" : "?",
                       line.container > 0 ? fmt::format("c{}", line.container) : "",
                       std::array{"", "a", "r", "b"}[static_cast<std::size_t>(line.mark)], line.text);
  return all;
}

TEST(Lines, SayWhatTheTagsSay) {
  for (const auto& [html, wanted] : {
           Mark{"a<blockquote type=cite>b<blockquote>c</blockquote></blockquote>d", "0 a|0 |1 b|1 |2 c|0 |0 d|"},
           Mark{"a<blockquote>b</blockquote>", "0 a|0 |1? b|"},
           Mark{"<blockquote style='margin:0 0 0 40px;border:none;padding:0px'>a</blockquote>", "0 a|"},
           Mark{"<div class=gmail_quote><div class=gmail_attr>On 4 March Al wrote:</div><blockquote class=gmail_quote>b"
                "</blockquote>c</div>d",
                "0c1a On 4 March Al wrote:|0c1 |1c1 b|0c1 |0c1 c|0 d|"},
           Mark{"<div id=ydp1a2byahoo_quoted_1 class=ydp1a2b3cyahoo_quoted>a</div>b", "0c1 a|0 b|"},
           Mark{"a<div id=x_appendonsend></div><hr><div id=x_divRplyFwdMsg>From: Al</div><p>b",
                "0 a|0c1r ---|0c1 From: Al|0c1 |0c1 b|"},
           Mark{"a<div style='border:none;border-top:solid #E1E1E1 1.0pt'><p>From: Al</p></div>b",
                "0 a|0 |0b From: Al|0 |0 b|"},
           Mark{"a<br>-- <br>b<br>--", "0 a|0 -- |0 b|0 --|"},
       })
    EXPECT_EQ(seen(html), wanted) << html;
}

TEST(Lines, AStyleKeepsWhiteSpace) {
  EXPECT_EQ(text("<div style='white-space: pre-wrap'>a\n  b\n\nc</div>"), "a\n  b\n\nc");
  EXPECT_EQ(text("<div style='white-space:nowrap'>a\n  b</div>"), "a b");
}

}  // namespace
}  // namespace coi::html
