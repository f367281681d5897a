#include "html/sanitize.h"

#include <gtest/gtest.h>

#include "html/style.h"

namespace coi::html {
namespace {

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

TEST(Sanitize, CleaningTwiceChangesNothing) {
  for (const auto* html :
       {"<p>a<div>b</p>c", "<a href=https://x>1<a href=https://y>2", "<table>x<tr>y<td>z", "<b><p>a</b>b",
        "<pre>\n\na</pre>", "<img src=cid:x><br></br>", "<svg><p>a</svg><style><img>"}) {
    const auto once = safe(html).html;
    EXPECT_EQ(safe(once).html, once) << html;
  }
}

}  // namespace
}  // namespace coi::html
