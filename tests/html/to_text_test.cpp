#include "html/to_text.h"

#include <gtest/gtest.h>

namespace coi::html {
namespace {

std::string text(std::string_view html) { return to_text(parse(html, Limits{}).value()); }
ReplyText reply(std::string_view html) { return split_reply(parse(html, Limits{}).value()); }

TEST(ToText, Blocks) {
  EXPECT_EQ(text("<p>One\n two</p><p>three</p>"), "One two\n\nthree");
  EXPECT_EQ(text("<div>a</div><div>b<br></div><div>c</div>"), "a\nb\nc");
  EXPECT_EQ(text("<div>a</div><div><br></div><div>b</div>"), "a\n\nb");
  EXPECT_EQ(text("a<br>b<br><br>c<br><br><br><br><br><br>d"), "a\nb\n\nc\n\n\nd");
  EXPECT_EQ(text("<h1>Title</h1>text<hr>more"), "Title\n\ntext\n---\nmore");
  EXPECT_EQ(text("a <b>b</b><i> c</i>d"), "a b cd");
  EXPECT_EQ(text("  <p> &nbsp; </p>x&nbsp;&nbsp;y &lt;z&gt; "), "x  y <z>");
  EXPECT_EQ(text(""), "");
}

TEST(ToText, Lists) {
  EXPECT_EQ(text("x<ul><li>a<li>b<ul><li>c</ul><li>d<br>e</ul>y"), "x\n\n• a\n• b\n  • c\n• d\n  e\n\ny");
  EXPECT_EQ(text("<ol start=9><li>a<li>b<li value=20>c</ol>"), "9. a\n10. b\n20. c");
  EXPECT_EQ(text("<ul><li><p>a</p></li><li><ol><li>b</ol></ul>"), "• a\n\n• 1. b");
  EXPECT_EQ(text("<dl><dt>a<dd>b</dl>"), "a\n  b");
}

TEST(ToText, Quotes) {
  EXPECT_EQ(text("a<blockquote>b<p>c<blockquote>d</blockquote></blockquote>e"), "a\n\n> b\n>\n> c\n>\n> > d\n\ne");
  EXPECT_EQ(text("<ul><li><blockquote>a</blockquote></ul>"), "• > a");
  EXPECT_EQ(text("<q>a</q>"), "“a”");
}

TEST(ToText, LinksAndPictures) {
  EXPECT_EQ(text("<a href='https://example.org/'>Example.org</a>"), "Example.org");
  EXPECT_EQ(text("<a href='https://example.org/x'>here</a>!"), "here <https://example.org/x>!");
  EXPECT_EQ(text("<a href='mailto:a@b.c'>a@b.c</a>"), "a@b.c");
  EXPECT_EQ(text("<a href='javascript:x()'>a</a><a name=x>b</a><a href='#x'>c</a>"), "abc");
  EXPECT_EQ(text("<img alt='😀' src='https://x/y'><img alt='no' width=1 height=1><img src=cid:x alt=IMG_1.jpg>"), "😀");
}

TEST(ToText, TablesAndPreformatted) {
  EXPECT_EQ(text("<table><tr><th>a<th>b<tr><td>1<td>2</table>"), "a  b\n1  2");
  EXPECT_EQ(text("<pre>\n a\n   b\n\nc </pre>"), " a\n   b\n\nc ");
}

TEST(ToText, HiddenThingsGiveNothing) {
  EXPECT_EQ(text("<title>t</title><style>p{}</style><script>x</script><p>a"), "a");
  for (const auto* style : {"display:none", "DISPLAY : none !important", "color:red;visibility:hidden", "mso-hide:all",
                            "max-height:0px;overflow:hidden", "font-size:0", "opacity:0.0"})
    EXPECT_EQ(text("<div style='" + std::string(style) + "'>preheader</div>a"), "a") << style;
  EXPECT_EQ(text("<div style='font-size:10px;opacity:0.5'>seen</div>"), "seen");
  EXPECT_EQ(text("<p hidden>x</p>a\u200B\u00ADb"), "ab");
}

TEST(ToText, DeepQuotesDoNotGrowWithoutEnd) {
  std::string html;
  for (int i = 0; i < 300; ++i) html += "<blockquote>";
  EXPECT_LE(text(html + "x").size(), 80U);
}

TEST(ToText, P07NothingTurnsTheTextAround) {
  EXPECT_EQ(to_text(parse("<p>a\u202Eb\u2066c&#x202D;d\u05D0\u200F</p>", Limits{}).value()), "abcd\u05D0\u200F");
}

TEST(SplitReply, Gmail) {
  EXPECT_EQ(
      reply("<div dir=ltr>Sure</div><br><div class='gmail_quote gmail_quote_container'><div class=gmail_attr>On Tue Al "
            "wrote:<br></div><blockquote class=gmail_quote>Come?<div class=gmail_quote><div class=gmail_attr>On Mon I "
            "wrote:</div><blockquote>Hi</blockquote></div></blockquote></div><div><span class=gmail_signature_prefix>--"
            " </span><br><div class=gmail_signature>Bo</div></div>"),
      (ReplyText{"Sure", "Come?\nOn Mon I wrote:\n\n> Hi", "Bo"}));
}

TEST(SplitReply, Outlook) {
  EXPECT_EQ(
      reply(
          "<div>Sure</div><div id=Signature>Bo</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>From:</b> "
          "Al<br><b>Sent:</b> Tuesday</div><div>Come?</div>"),
      (ReplyText{"Sure", "From: Al\nSent: Tuesday\nCome?", "Bo"}));
  EXPECT_EQ(
      reply("<p>Sure</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt'><p><b>From:</b> "
            "Al</p></div></div><p>Come?</p>"),
      (ReplyText{"Sure", "From: Al\n\nCome?", ""}));
  EXPECT_EQ(reply("Sure<hr><div id='x_divRplyFwdMsg'>From: Al</div>Come?").text, "Sure");
}

TEST(SplitReply, AppleThunderbirdYahoo) {
  EXPECT_EQ(reply("Sure<br><div><blockquote type=cite><div>On 23 Nov 2026, Al wrote:</div>Come?</blockquote></div>"),
            (ReplyText{"Sure", "On 23 Nov 2026, Al wrote:\nCome?", ""}));
  EXPECT_EQ(reply("<div class=moz-cite-prefix>Al wrote:</div><blockquote type=cite>Come?</blockquote><p>Sure</p><pre "
                  "class=moz-signature>-- \nBo</pre>"),
            (ReplyText{"Sure", "Come?", "Bo"}));
  EXPECT_EQ(reply("Sure<br><div>On 24 Nov 2026 Al wrote:</div><div class=yahoo_quoted>Come?</div>"),
            (ReplyText{"Sure", "Come?", ""}));
}

TEST(SplitReply, WhatIsNoQuoteStays) {
  EXPECT_EQ(reply("<p>Look:</p><blockquote>a poem</blockquote>"), (ReplyText{"Look:\n\n> a poem", "", ""}));
  EXPECT_EQ(reply("<blockquote type=cite>a</blockquote>yes<blockquote type=cite>b</blockquote>no"),
            (ReplyText{"> a\n\nyes\n\n> b\n\nno", "", ""}));
  EXPECT_EQ(reply("<div class=gmail_quote><div class=gmail_attr>---------- Forwarded message ---------<br>From: "
                  "Al</div>Come?</div>"),
            (ReplyText{"---------- Forwarded message ---------\nFrom: Al\nCome?", "", ""}));
  EXPECT_EQ(reply("<blockquote type=cite>only</blockquote>"), (ReplyText{"> only", "", ""}));
}

}  // namespace
}  // namespace coi::html
