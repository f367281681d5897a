#include "chat/markdown.h"

#include <gtest/gtest.h>

#include <random>

#include "base/ascii.h"
#include "chat/mention.h"
#include "html/sanitize.h"

namespace coi::chat {
namespace {

TEST(Markdown, P08WhatPeopleTypeWithoutMarkupIsLeftAlone) {
  for (const std::string_view text : std::initializer_list<std::string_view>{"",
                                                                             " ",
                                                                             "\n",
                                                                             "Hello",
                                                                             "2 * 3 * 4",
                                                                             "2*3*4",
                                                                             "2**3**4",
                                                                             "snake_case_name",
                                                                             "__init__.py",
                                                                             "C:\\dir\\*",
                                                                             "\\\\host\\share",
                                                                             "#1",
                                                                             "# not a heading",
                                                                             "1. first",
                                                                             "1986. What a year.",
                                                                             "- one dash",
                                                                             "-- ",
                                                                             "-- \nBob",
                                                                             "---",
                                                                             "***",
                                                                             "****",
                                                                             "> ",
                                                                             ">",
                                                                             ">_<",
                                                                             "a > b",
                                                                             "* note",
                                                                             "*.cpp,*.h and *.md",
                                                                             "/* a comment */",
                                                                             "a||b||c",
                                                                             "if (a || b || c)",
                                                                             "|a|b|",
                                                                             "~5 to ~10",
                                                                             "a ~ b ~ c",
                                                                             "~5~",
                                                                             "don`t and can`t",
                                                                             "[1] and [2]",
                                                                             "[x](y)",
                                                                             "[x](javascript:alert)",
                                                                             "[a]: https://b.example",
                                                                             "<b>x</b>",
                                                                             "&amp; &lt;",
                                                                             "<https://x.example>",
                                                                             "![x](cid:y)",
                                                                             "https://x.example/a_b_c/*d*/~~e~~",
                                                                             "www.x.example/_a_",
                                                                             "f(*args, **kwargs)",
                                                                             "5* and 6*",
                                                                             ":* kiss :*",
                                                                             "a\n\n\nb  \n  c\t\n",
                                                                             "line\\\nline",
                                                                             "\\*no\\*",
                                                                             "```",
                                                                             "``` a b",
                                                                             "```cpp\nunclosed",
                                                                             "@Bob:bob@x.example",
                                                                             "a\r\nb",
                                                                             std::string_view("a\0b", 3),
                                                                             "\xFF\xFE",
                                                                             "Смотри_это_слово",
                                                                             "2·3*4*5"}) {
    EXPECT_FALSE(has_markup(text)) << text;
    EXPECT_EQ(plain_text(text), text);
  }
}

TEST(Markdown, P08TheSubsetIsRead) {
  const auto runs = [](std::string_view text) { return blocks(text).at(0).runs; };
  EXPECT_EQ(runs("a **b** c"),
            (std::vector<TextRun>{{.text = "a "}, {.text = "b", .style = {.bold = true}}, {.text = " c"}}));
  EXPECT_EQ(runs("*b*"), (std::vector<TextRun>{{.text = "b", .style = {.italic = true}}}));
  EXPECT_EQ(runs("_b_"), (std::vector<TextRun>{{.text = "b", .style = {.italic = true}}}));
  EXPECT_EQ(runs("***b***"), (std::vector<TextRun>{{.text = "b", .style = {.bold = true, .italic = true}}}));
  EXPECT_EQ(runs("~~b~~"), (std::vector<TextRun>{{.text = "b", .style = {.strike = true}}}));
  EXPECT_EQ(runs("`*b*\\`"), (std::vector<TextRun>{{.text = "*b*\\", .style = {.code = true}}}));
  EXPECT_EQ(runs("`` a`b ``"), (std::vector<TextRun>{{.text = "a`b", .style = {.code = true}}}));
  EXPECT_EQ(runs("||b||!"), (std::vector<TextRun>{{.text = "b", .style = {.spoiler = true}}, {.text = "!"}}));
  EXPECT_EQ(runs("||**b**||"), (std::vector<TextRun>{{.text = "b", .style = {.bold = true, .spoiler = true}}}));
  EXPECT_EQ(runs("[b](https://x.example/(c)?d=1&e=_f_)"),
            (std::vector<TextRun>{{.text = "b", .link = "https://x.example/(c)?d=1&e=_f_"}}));
  EXPECT_EQ(runs("[b [c] d](mailto:e@f.example)"),
            (std::vector<TextRun>{{.text = "b [c] d", .link = "mailto:e@f.example"}}));
  EXPECT_EQ(runs("**a\nb**"), (std::vector<TextRun>{{.text = "a\nb", .style = {.bold = true}}}));
  EXPECT_EQ(runs("这是**重点。**内容").at(1), (TextRun{.text = "重点。", .style = {.bold = true}}));
  EXPECT_EQ(runs("**жирный**"), (std::vector<TextRun>{{.text = "жирный", .style = {.bold = true}}}));
  EXPECT_EQ(runs("**https://x.example/a_b_**"),
            (std::vector<TextRun>{{.text = "https://x.example/a_b_", .style = {.bold = true}}}));
}

TEST(Markdown, P08BlocksAreFlat) {
  const auto all =
      blocks("Buy:\n- milk\n  fat\n  1. cold\n* eggs\n\n> said **he**\n> > once\n\n```cpp\nint *a;\n\n```\nend");
  ASSERT_EQ(all.size(), 8U);
  EXPECT_EQ(all[0], (Block{.runs = {{.text = "Buy:"}}}));
  EXPECT_EQ(all[1], (Block{.kind = BlockKind::bullet, .level = 1, .first = true, .runs = {{.text = "milk\nfat"}}}));
  EXPECT_EQ(all[2], (Block{.kind = BlockKind::numbered, .level = 2, .number = 1, .runs = {{.text = "cold"}}}));
  EXPECT_EQ(all[3].level, 1U);
  EXPECT_EQ(all[4].quote, 1U);
  EXPECT_EQ(all[5].quote, 2U);
  EXPECT_EQ(all[6], (Block{.kind = BlockKind::code, .language = "cpp", .runs = {{.text = "int *a;\n"}}}));
  EXPECT_EQ(all[7].runs.at(0).text, "end");
}

TEST(Markdown, P09PlainTextIsCleanAndSpellsLinksOut) {
  EXPECT_EQ(plain_text("a **b** *c* ~~d~~ `e` ||f||"), "a b c d e f");
  EXPECT_EQ(plain_text("see [the page](https://x.example/a), [x.example](https://x.example/)"),
            "see the page (https://x.example/a), x.example");
  EXPECT_EQ(plain_text("* a\n* **b**\n  1) c"), "- a\n- b\n  1) c");
  EXPECT_EQ(plain_text("7. a\n9. b"), "7. a\n9. b");
  EXPECT_EQ(plain_text("> **a**\n> b\n\n\nc"), "> a\n> b\n\n\nc");
  EXPECT_EQ(plain_text("x\n```py\na  *b*\n\n```\ny"), "x\na  *b*\n\ny");
  EXPECT_EQ(plain_text("**C:\\dir** and \\\\host\\x and \\*y\\*"), "C:\\dir and \\\\host\\x and *y*");
  EXPECT_EQ(plain_text("**hi** @Bob:bob@x.example and @\"A B\":a@x.example, @all"),
            "hi @Bob:bob@x.example and @\"A B\":a@x.example, @all");
}

TEST(Markdown, C20HtmlIsSmallAndSaysTheSame) {
  EXPECT_EQ(to_html("a **b *c*** <d> & \"e\"\nf\n\ng"),
            "<p>a <strong>b <em>c</em></strong> &lt;d&gt; &amp; &quot;e&quot;<br>f</p><p>g</p>");
  EXPECT_EQ(to_html("~~a~~ `b` ||c||"), "<p><s>a</s> <code>b</code> <span class=\"spoiler\">c</span></p>");
  EXPECT_EQ(to_html("[**a** b](https://x.example/?c&d)"),
            "<p><a href=\"https://x.example/?c&amp;d\"><strong>a</strong> b</a></p>");
  EXPECT_EQ(to_html("- a\n  - b\n- c\n1. d"), "<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul><ol><li>d</li></ol>");
  EXPECT_EQ(to_html("3. a\n4. b\n9. c"), "<ol start=\"3\"><li>a</li><li>b</li><li value=\"9\">c</li></ol>");
  EXPECT_EQ(to_html("> a\n> > b\n\nc"), "<blockquote><p>a</p><blockquote><p>b</p></blockquote></blockquote><p>c</p>");
  EXPECT_EQ(to_html("```cpp\na<b\n```"), "<pre><code class=\"language-cpp\">a&lt;b</code></pre>");
}

TEST(Markdown, C80AMentionInHtmlIsALinkToItsAddress) {
  EXPECT_EQ(to_html("**hi** @Bob:bob@x.example!"),
            "<p><strong>hi</strong> <a class=\"mention\" href=\"mailto:bob@x.example\">@Bob</a>!</p>");
}

TEST(Markdown, P07HtmlOfOursHoldsNothingThatRunsOrLoads) {
  for (const std::string text :
       {"**a** <script>x</script> <img src=https://x.example/a>", "[a](https://x.example/\"onclick=x)",
        "**a** ![b](https://x.example/c.png)", "[a](javascript:x) **b**", "[a](data:text/html,x) **b**",
        "`</code><script>`", "```\n</code></pre><script>\n```", "[a](https://x.example/'><script>) **b**"}) {
    const auto html = to_html(text);
    for (const auto* bad : {"<script", "<img", "<a href=\"javascript", "<a href=\"data", "\"onclick"})
      EXPECT_EQ(html.find(bad), std::string::npos) << html;
    EXPECT_EQ(html::sanitize(html::parse(html, Limits{}).value()).blocked, 0U);
  }
}

std::string letters(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (ascii_alnum(c) || static_cast<unsigned char>(c) >= 0x80) out += c;
  return out;
}

std::string text_of(const html::Node& node) {
  std::string out = node.text;
  for (const auto& child : node.children) out += text_of(child);
  return out;
}

TEST(Markdown, P09HtmlComesBackAsTheSameMarkdown) {
  for (const std::string text :
       {"a **b** *c* ~~d~~ `e` ||f||", "[a **b**](https://x.example)", "- a\n- b\n  - c\n  - d\n- e", "1. a\n2. b",
        "> a **b**\n> c\n\nd", "```cpp\nint *a;\n\n  b\n```", "**hi** @Bob:bob@x.example, @\"A B\":a@x.example @all",
        "a\nb *c*\n\n\\*d\\* 2\\*3", "`` a`b ``", "**a *b* c**", "这是**重点。**内容"}) {
    const auto tree = html::parse(to_html(text), Limits{}).value();
    const auto back = markdown_from_html(tree);
    ASSERT_TRUE(back) << text;
    EXPECT_EQ(to_html(*back), to_html(text)) << *back;
    EXPECT_EQ(blocks(*back), blocks(text)) << *back;
  }
}

TEST(Markdown, P07HtmlOfOthersIsNotTakenForOurs) {
  for (const auto* html :
       {"", "<div>a</div>", "<p style='color:red'>a</p>", "<p onclick=x>a</p>", "<p>a<img src=cid:x></p>", "a",
        "<table><tr><td>a</table>", "<p><a href='javascript:x'>a</a></p>", "<p><span class=x>a</span></p>",
        "<p><a href='https://x.example' title=y>a</a></p>", "<p>a</p><script>x</script>", "<form><p>a</p></form>",
        "<p><font>a</font></p>", "<h1>a</h1>"})
    EXPECT_FALSE(markdown_from_html(html::parse(html, Limits{}).value())) << html;
  EXPECT_EQ(
      markdown_from_html(html::parse("<html><body>\n<p>a <b>b</b></p>\n<p>c</p>\n</body></html>", Limits{}).value()),
      "a **b**\n\nc");
}

// Texts that are nothing but marks and their surroundings.
std::string random_text(std::mt19937& random) {
  constexpr const char* words[] = {"a",
                                   "b1",
                                   " ",
                                   "  ",
                                   "\n",
                                   "\n\n",
                                   "*",
                                   "**",
                                   "***",
                                   "_",
                                   "__",
                                   "~~",
                                   "~",
                                   "`",
                                   "``",
                                   "```",
                                   "|",
                                   "||",
                                   "[",
                                   "]",
                                   "](",
                                   ")",
                                   "(",
                                   "\\",
                                   "> ",
                                   ">",
                                   "- ",
                                   "* ",
                                   "1. ",
                                   "é",
                                   "中",
                                   "。",
                                   "<",
                                   "&amp;",
                                   "![",
                                   "https://x.example/",
                                   "mailto:a@b.example",
                                   "@Bob:bob@x.example",
                                   "@\"A B\":a@x.example",
                                   "@all",
                                   "](https://x.example)",
                                   "#",
                                   "\t",
                                   "\r",
                                   "\n```\n",
                                   "\n- ",
                                   "\n> ",
                                   "\n  - ",
                                   ".",
                                   ",",
                                   "-- \n"};
  std::uniform_int_distribution<std::size_t> pick(0, std::size(words) - 1), length(0, 24);
  std::string text;
  for (auto left = length(random); left > 0; --left) text += words[pick(random)];
  return text;
}

bool is_subsequence(std::string_view part, std::string_view whole) {
  for (const char c : part) {
    const auto at = whole.find(c);
    if (at == std::string_view::npos) return false;
    whole.remove_prefix(at + 1);
  }
  return true;
}

TEST(Markdown, P09NoLetterIsLostInAnyForm) {
  std::mt19937 random(7);
  std::size_t formatted = 0, came_back = 0;
  for (int i = 0; i < 5000; ++i) {
    const auto text = random_text(random);
    const auto plain = plain_text(text);
    if (!has_markup(text)) {
      ASSERT_EQ(plain, text);
      continue;
    }
    ++formatted;
    // Links to one target that touch name it once. The name of a language is part of its mark; the words above make
    // none but "a" and "b1" behind a fence.
    ASSERT_TRUE(text.contains("```") || text.contains(")[") || is_subsequence(letters(text), letters(plain)))
        << text << "\n->\n"
        << plain;
    const auto tree = html::parse(to_html(text), Limits{}).value();
    std::string shown;
    for (const auto& block : blocks(text))
      for (const auto& run : block.runs) shown += run.text;
    ASSERT_EQ(letters(text_of(tree)), letters(shown)) << text;
    if (const auto back = markdown_from_html(tree)) {
      ++came_back;
      ASSERT_EQ(to_html(*back), to_html(text)) << text << "\n->\n" << *back;
    }
  }
  EXPECT_GT(formatted, 1000U);
  EXPECT_GT(came_back, formatted / 2) << formatted;
}

// Of the time that each takes only the test's own limit is a bound.
TEST(Markdown, LongTextsOfNothingButMarksAreRead) {
  for (const std::string_view part :
       {"*a ",  "_a ", "**a** ", "[",      "[a](",    "[a](https://x",       "`",  "a`b``c```", "||",
        "\\",   "> ",  "```\n",  "```a\n", "- a\n",   "- a\n  b\n",          "@",  "@\"a\":",   "https://",
        "www.", "~~a", "*_",     "**a*",   "> ```\n", "@Bob:bob@x.example ", "1\\"}) {
    std::string text = "**b**\n";
    while (text.size() < 40'000) {
      if (text.size() / 15'000 != (text.size() + part.size()) / 15'000) text += "\n\n";  // paragraphs with marks
      text += part;
    }
    EXPECT_TRUE(to_html(text).contains("<strong>b</strong>") || to_html(text).contains("<b>b</b>")) << part;
  }
}

TEST(Markdown, ALongLinkOfManyRunsTakesLittleMemory) {
  std::string text = "[";
  for (int i = 0; i < 3000; ++i) text += "*a* ";
  text += "b](https://x.example/" + std::string(1900, 'c') + ")";
  std::size_t octets = 0;
  for (const auto& block : blocks(text))
    for (const auto& run : block.runs) octets += run.link.size();
  EXPECT_LT(octets, 200'000U);
}

}  // namespace
}  // namespace coi::chat
