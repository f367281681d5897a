#include "html/sanitize.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "html/style.h"

namespace coi::html {
namespace {

using testing::HasSubstr;

SafeHtml safe(std::string_view html) { return sanitize(parse(html, Limits{}).value()); }

TEST(Sanitize, KeepsWhatFormats) {
  for (const std::string html :
       {"<p>a <b>b</b> <i>c</i></p>", "<ul><li>a</li></ul>", "<h2>a</h2><hr><pre>x\ny</pre>",
        "<table border=\"1\"><tbody><tr><td colspan=\"2\" align=\"right\">a</td></tr></tbody></table>",
        "<span style=\"color: red; font-weight: bold\">a</span>", "a &amp; b &lt;c&gt;"})
    EXPECT_EQ(safe(html).html, html);
}

TEST(Sanitize, DropsWhatRunsOrLoads) {
  for (const auto* html :
       {"<script>alert(1)</script>", "<SCRIPT src=//x></SCRIPT>", "<style>p{}</style>", "<iframe src=x>y</iframe>",
        "<object data=x>y</object>", "<embed src=x>", "<svg><script>x</script></svg>", "<math><mi>x</mi></math>",
        "<link rel=stylesheet href=x>", "<meta http-equiv=refresh content=0>", "<base href=x>", "<input value=x>",
        "<select><option>x</select>", "<textarea>x</textarea>", "<template><b>x</b></template>",
        "<video src=x></video>", "<!--<img src=x onerror=y>-->"})
    EXPECT_EQ(safe(html).html, "") << html;
  // Within the text too: there the parser moves none of them to the head.
  for (const auto* html : {"<script>alert(1)</script>",
                           "<style>p{}</style>",
                           "<title>x</title>",
                           "<iframe src=x>y</iframe>",
                           "<object data=x>y</object>",
                           "<applet code=x>y</applet>",
                           "<audio src=x>y</audio>",
                           "<video src=x>y</video>",
                           "<canvas>y</canvas>",
                           "<svg><text>y</text></svg>",
                           "<math><mi>y</mi></math>",
                           "<select>y</select>",
                           "<textarea>y</textarea>",
                           "<template><b>y</b></template>",
                           "<noembed>y</noembed>",
                           "<noframes>y</noframes>",
                           "<xmp>y</xmp>",
                           "<picture><source srcset=x><img src=cid:y></picture>",
                           "<map><area href=x>y</map>",
                           "<option>y</option>",
                           "<optgroup>y</optgroup>",
                           "<base href=x>",
                           "<link href=x>",
                           "<meta content=x>",
                           "<embed src=x>",
                           "<input value=x>",
                           "<bgsound src=x>",
                           "<param name=x>",
                           "<source src=x>",
                           "<track src=x>"})
    EXPECT_EQ(safe("<p>a</p>" + std::string(html)).html, "<p>a</p>") << html;
  EXPECT_EQ(safe("<p>a</p><plaintext>y").html, "<p>a</p>");
  EXPECT_EQ(safe("<form action=x><button onclick=y>Send</button></form>").html, "Send");
  EXPECT_EQ(safe("<b onclick=x onmouseover=y id=z class=w data-q=1>a</b>").html, "<b>a</b>");
  EXPECT_EQ(safe("<made-up>a</made-up><center>b</center>").html, "a<center>b</center>");
}

TEST(Sanitize, Links) {
  EXPECT_EQ(safe("<a href='https://x.org/?a&amp;b' target=_top>y</a>").html,
            "<a href=\"https://x.org/?a&amp;b\" rel=\"noopener noreferrer\">y</a>");
  for (const auto* url : {"javascript:x", " java\nscript:x", "&#1;javascript:x", "JaVaScRiPt:x", "data:text/html,x",
                          "vbscript:x", "//x.org", "/x", "#x", "file:///etc/passwd", "http:x", "cid:x"})
    EXPECT_EQ(safe("<a href='" + std::string(url) + "'>y</a>").html, "<a>y</a>") << url;
  for (const auto* url : {"mailto:a@b.c", "tel:+1", "xmpp:a@b", "HTTP://x.org"}) EXPECT_TRUE(is_safe_link(url)) << url;
}

TEST(Sanitize, Pictures) {
  EXPECT_EQ(safe("<img src='cid:a@b' alt='x\"y' width=10>").html,
            "<img src=\"cid:a@b\" alt=\"x&quot;y\" width=\"10\">");
  EXPECT_EQ(safe("<img src='data:image/png;base64,AA=='>").html, "<img src=\"data:image/png;base64,AA==\" alt=\"\">");
  EXPECT_EQ(safe("<img src='data:image/svg+xml;base64,AA=='>").html, "<img alt=\"\">");
  const auto remote =
      safe("<img src=https://x/a.png alt=A><img src=//x/b width=1 height=1><img srcset='https://x/c 2x'>");
  EXPECT_EQ(remote.html, "<img alt=\"A\"><img alt=\"\">");
  EXPECT_EQ(remote.blocked, 3U);
}

TEST(Sanitize, CountsWhatIsBlocked) {
  EXPECT_EQ(safe("<link href=https://x/a.css><p style='background:url(https://x/b)'>c").blocked, 2U);
  EXPECT_EQ(safe("<body background=http://x/a><table background=//x/b><tr><td>c").blocked, 2U);
  EXPECT_EQ(safe("<style>@import 'x';</style><video poster=https://x/a><source src=https://x/b></video>").blocked, 3U);
  EXPECT_EQ(safe("<p>a<script src=https://x/a.js></script><iframe src=//x/b></iframe>").blocked, 2U);
  for (const auto* loads :
       {"<embed src=https://x/a>", "<input type=image src=https://x/a>", "<bgsound src=https://x/a>",
        "<link href=https://x/a>", "<track src=https://x/a>", "<source src=https://x/a>",
        "<object data=https://x/a></object>", "<svg><image xlink:href=https://x/a></svg>"})
    EXPECT_EQ(safe("<p>a</p>" + std::string(loads)).blocked, 1U) << loads;
  EXPECT_EQ(safe("<frameset><frame src=https://x/a></frameset>").blocked, 1U);
  EXPECT_EQ(safe("<img src=cid:x><a href=https://x>y</a>").blocked, 0U);
}

std::string style(std::string_view css) { return safe("<p style='" + std::string(css) + "'>x").html; }

TEST(Sanitize, Styles) {
  EXPECT_EQ(style("COLOR:#FFF !important;margin:0 auto;position:fixed"),
            "<p style=\"color: #FFF; margin: 0 auto\">x</p>");
  EXPECT_EQ(style("color:rgba(1,2,3,.5);font-family:\"Segoe UI\",sans-serif"),
            "<p style=\"color: rgba(1,2,3,.5); font-family: &quot;Segoe UI&quot;,sans-serif\">x</p>");
  for (const auto* css :
       {"position:absolute", "margin-top:-900px", "margin:0 -9px", "width:expression(x)", "color:red\\9",
        "background:url(x)", "behavior:url(x)", "-moz-binding:url(x)", "color:/**/red", "color:var(--x)",
        "background:image-set(x)", "font-family:\"x", "color", ":red", "z-index:9", "content:x"})
    EXPECT_EQ(style(css), "<p>x</p>") << css;
}

TEST(Sanitize, P07NothingDrawsOverWhatStandsAroundTheMail) {
  for (const auto* css : {"position:fixed",
                          "position:absolute;top:0",
                          "position:sticky",
                          "float:left",
                          "z-index:99999",
                          "inset:0",
                          "margin:-1px",
                          "margin:0 0 0 -900px",
                          "margin-top:-900px",
                          "margin-left:-1e3px",
                          "text-indent:-9999px",
                          "word-spacing:-900px",
                          "letter-spacing:-900px",
                          "letter-spacing:-5em",
                          "transform:translate(-100px)",
                          "translate:-100px",
                          "clip-path:inset(0)",
                          "opacity:0",
                          "line-height:0",
                          "line-height:.01",
                          "line-height:1px",
                          "height:0",
                          "height:1px",
                          "max-height:0",
                          "margin-left:99999px",
                          "margin-left:1e9px",
                          "padding:99999px",
                          "padding:9999em",
                          "font-size:9999px",
                          "font-size:100em",
                          "font-size:99999%",
                          "text-indent:99999px",
                          "vertical-align:99999px",
                          "vertical-align:-900px",
                          "width:1e9px",
                          "width:99999999px",
                          "border-width:5000px",
                          "border:9999px solid red",
                          "margin:calc(0px - 900px)",
                          "margin:var(--x)",
                          "margin:0/**/-9px",
                          "margin:+-9px",
                          "margin:0 \t-9px",
                          "margin:0-900px",
                          "margin:0 0 0-.9e1px",
                          "margin:0e.9px",
                          "margin:1%-900px",
                          "margin-left:200%",
                          "text-indent:9999%",
                          "width:501%",
                          "font-size:151pt",
                          "width:42in",
                          "direction:rtl",
                          "unicode-bidi:bidi-override",
                          "unicode-bidi:isolate-override",
                          "display:flex",
                          "overflow:visible",
                          "content:\"x\"",
                          "animation:x",
                          "mask:url(x)",
                          "filter:blur(9px)",
                          "width:999999999999999999999999999999px",
                          "\\6dargin-top:-9px",
                          "margin\\-top:-9px",
                          "zoom:9",
                          "all:unset"})
    EXPECT_EQ(style(css), "<p>x</p>") << css;
  for (const auto* css : {"margin: 0 auto",
                          "padding: 4px 8px",
                          "font-size: 14px",
                          "font-size: 1.2em",
                          "font-size: 90%",
                          "line-height: 1.5",
                          "line-height: 20px",
                          "width: 600px",
                          "width: 100%",
                          "color: #1e9000",
                          "border: 1px solid #1e9a99",
                          "letter-spacing: -1px",
                          "letter-spacing: -0.02em",
                          "font-weight: 700",
                          "text-indent: 2em",
                          "line-height: normal",
                          "vertical-align: text-top",
                          "background: rgb(250, 250, 250)",
                          "font-size: 60pt",
                          "width: 1200pt",
                          "margin: 0 5%",
                          "padding: 56.25% 0 0",
                          "width: 80mm",
                          "width: 21cm",
                          "border-radius: 9999px",
                          "line-height: 150%",
                          "margin: 1em",
                          "font-size: 1rem"})
    EXPECT_EQ(style(css), "<p style=\"" + std::string(css) + "\">x</p>");
  EXPECT_EQ(safe("<table><tr><td style='height:40px'>x</table>").html,
            "<table><tbody><tr><td style=\"height: 40px\">x</td></tr></tbody></table>");
}

TEST(Sanitize, P07NoAttributeAsksForAnImmenseOne) {
  EXPECT_EQ(
      safe("<table border=99999 cellpadding=9999><tr><td colspan=1000000 rowspan=65534 width=999999>x</table>").html,
      "<table><tbody><tr><td>x</td></tr></tbody></table>");
  EXPECT_EQ(safe("<img src=cid:x width=99999999999999999999 height=100000>").html, "<img src=\"cid:x\" alt=\"\">");
  EXPECT_EQ(safe("<img src=cid:x width=' 99999999' height=' 4001 '>").html, "<img src=\"cid:x\" alt=\"\">");
  EXPECT_EQ(safe("<table><tr><td rowspan=' 65534' colspan=' 2'>x</table>").html,
            "<table><tbody><tr><td colspan=\" 2\">x</td></tr></tbody></table>");
  EXPECT_EQ(safe("<hr size=99999><hr size=3>").html, "<hr><hr size=\"3\">");
  EXPECT_EQ(safe("<ol start=99999999999><li>x</ol>").html, "<ol><li>x</li></ol>");
}

TEST(Sanitize, P07NothingTurnsTheTextAround) {
  EXPECT_EQ(safe("<p>a\u202Eb\u202Dc\u2066d\u2069e\u202A\u202B\u202C\u2067\u2068f</p>").html, "<p>abcdef</p>");
  EXPECT_EQ(safe("<p>a&#x202E;b</p>").html, "<p>ab</p>");
  EXPECT_EQ(safe("<p><bdo dir=rtl>moc.elpmaxe</bdo></p>").html, "<p>moc.elpmaxe</p>");
  EXPECT_EQ(safe("<b title='a&#x202E;b'>c</b>").html, "<b title=\"ab\">c</b>");
  // What languages need stays.
  EXPECT_EQ(safe("<p dir=\"rtl\">\u05D0\u200F\u200E!</p>").html, "<p dir=\"rtl\">\u05D0\u200F\u200E!</p>");
}

// What is shown for a link.
std::string shown(std::string_view link) {
  std::string out;
  bool tag = false;
  for (const char c : safe(link).html) {
    if (c == '<') tag = true;
    if (!tag) out += c;
    if (c == '>') tag = false;
  }
  return out;
}

TEST(Sanitize, P07ALinkThatNamesAnotherHostSaysWhereItLeads) {
  for (const auto* label : {"bank.example", "https://bank.example/login", "Go to WWW.Bank.Example now",
                            "<b>ba</b>nk.exam<i>ple</i>", "bank&shy;.example", "bank\u200B.exa\u202Emple",
                            "bank\u3002example", "bank\uFF0Eexample", "me@bank.example", "x.example.bank.example",
                            "bank.example (x.example)", "b\u00E4nk.example", "192.0.2.1", "http://192.0.2.1/x.example",
                            "<img src=cid:x alt='bank.example'>", "\uFF42ank.example", "notx.example", "x.example.org"})
    EXPECT_TRUE(
        shown("<a href='https://x.example/bank.example'>" + std::string(label) + "</a>").ends_with(" [x.example]"))
        << shown("<a href='https://x.example/bank.example'>" + std::string(label) + "</a>");
  for (const auto* url :
       {"https://bank.example@x.example/", "https://bank.example:443@x.example:8443/", "https:///x.example/",
        "HTTPS://X.EXAMPLE.?bank.example", "https://x.exa\nmple#@bank.example", "https://bank.example%40x@x.example"})
    EXPECT_EQ(shown("<a href='" + std::string(url) + "'>bank.example</a>"), "bank.example [x.example]") << url;
  // Not offered at all.
  EXPECT_FALSE(is_safe_link("https:\\\\x.example\\@bank.example"));
  EXPECT_EQ(safe("<a href='https:\\\\x.example\\@bank.example'>bank.example</a>").html, "<a>bank.example</a>");
  EXPECT_EQ(shown("<a href='mailto:b@x.example?subject=c'>a@bank.example</a>"), "a@bank.example [b@x.example]");
  // Even where all around it is made to be unseen.
  const auto html = safe("<a href='https://x.example' style='font:italic 0 wingdings'>bank.example</a>").html;
  for (const auto* reset :
       {"font-size: medium", "font-family: sans-serif", "font-variant: normal", "font-style: normal"})
    EXPECT_THAT(html, HasSubstr(reset));
}

TEST(Sanitize, ALinkThatNamesItsOwnHostIsLeftAlone) {
  for (const auto* label : {"here", "x.example", "https://x.example/a/b.c", "www.x.example", "report.pdf", "e.g. this",
                            "example", "3.14", "v1.2.3", "Hello...", "me@x.example", ""})
    EXPECT_EQ(shown("<a href='https://www.x.example/c'>" + std::string(label) + "</a>"), label);
  EXPECT_EQ(shown("<a href='javascript:x'>bank.example</a>"), "bank.example");
}

TEST(Sanitize, ALinkWithinALinkIsNone) {
  EXPECT_EQ(
      shown("<a href='https://x.example'><table><tr><td><a href='https://bank.example'>bank.example</a></table></a>"),
      "bank.example [x.example]");
  const std::string hidden(20'000, 'x');  // however much stands before the name
  EXPECT_TRUE(shown("<a href='https://x.example'><i style='font-size:0'>" + hidden + "</i> bank.example</a>")
                  .ends_with(" [x.example]"));
}

TEST(Sanitize, NothingElseIsShownOverALink) {
  EXPECT_EQ(safe("<a href='https://x.example' title='https://bank.example'><b title='bank.example'>a</b></a>").html,
            "<a href=\"https://x.example\" rel=\"noopener noreferrer\"><b>a</b></a>");
}

TEST(Sanitize, CleaningTwiceChangesNothing) {
  for (const auto* html :
       {"<p>a<div>b</p>c", "<a href=https://x>1<a href=https://y>2", "<table>x<tr>y<td>z", "<b><p>a</b>b",
        "<pre>\n\na</pre>", "<img src=cid:x><br></br>", "<svg><p>a</svg><style><img>",
        "<a href=https://x.example>bank.example</a>", "<p><a href=mailto:a@x.example><b>b@x.test</b></a>"}) {
    const auto once = safe(html).html;
    EXPECT_EQ(safe(once).html, once) << html;
  }
}

}  // namespace
}  // namespace coi::html
