#include "html/html.h"

#include <gtest/gtest.h>

#include "html/lines.h"

namespace coi::html {
namespace {

std::string shape(const Node& node) {
  if (node.is_text()) return "'" + node.text + "'";
  std::string out = node.tag;
  if (node.children.empty()) return out;
  for (std::size_t i = 0; i < node.children.size(); ++i) out += (i == 0 ? "(" : ",") + shape(node.children[i]);
  return out + ")";
}

std::string shape(std::string_view html) { return shape(parse(html, Limits{}).value()); }

std::size_t depth(const Node& node) {
  std::size_t deepest = 0;
  for (const auto& child : node.children) deepest = std::max(deepest, depth(child));
  return deepest + 1;
}

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

std::string numbered(int count) {
  std::string out;
  for (int i = 0; i < count; ++i) out += "/a" + std::to_string(i);
  return out;
}

TEST(Html, ReadsAsBrowsersDo) {
  EXPECT_EQ(shape("<p>a<p>b &amp; c"), "html(head,body(p('a'),p('b & c')))");
  EXPECT_EQ(shape("<table><tr><td>x"), "html(head,body(table(tbody(tr(td('x'))))))");
  EXPECT_EQ(shape("<B>a<!-- no -->b</B>"), "html(head,body(b('a','b')))");
  EXPECT_EQ(shape("<o:p>x</o:p>"), "html(head,body(o:p('x')))");
  EXPECT_EQ(shape(""), "html(head,body)");
}

TEST(Html, Attributes) {
  const auto root = parse("<a HREF='x&amp;y' href=z class=\"a b\" checked>", Limits{}).value();
  const auto& link = root.children.at(1).children.at(0);
  EXPECT_EQ(link.attribute("href"), "x&y");
  EXPECT_EQ(link.attribute("class"), "a b");
  EXPECT_TRUE(link.has_attribute("checked"));
  EXPECT_FALSE(link.has_attribute("id"));
  EXPECT_EQ(link.attribute("id"), "");
}

TEST(Html, Limits) {
  Limits small;
  small.text = 100;
  small.nesting = 1;  // x 8
  EXPECT_EQ(parse(std::string(101, 'x'), small).error().kind(), ErrorKind::limit);
  EXPECT_EQ(depth(parse(repeated("<div>", 20), small).value()), 9U);
  EXPECT_EQ(parse(repeated("<br>", 30'000), Limits{}).error().kind(), ErrorKind::limit);
}

TEST(Html, OfWhatIsTooMuchTheFrontIsRead) {
  const auto seen = [](std::string_view html) {
    const auto front = parse_front(html, Limits{});
    return std::pair(lines_of(front.document).front().text, front.cut);
  };
  EXPECT_EQ(seen("<p>a"), std::pair(std::string("a"), false));
  EXPECT_EQ(seen("<p>a" + repeated("<br>", 30'000)), std::pair(std::string("a"), true));
  EXPECT_EQ(seen("<p>a</p><p>" + std::string(2'000'000, 'x')), std::pair(std::string("a"), true));
  EXPECT_EQ(seen("<p>a</p><b " + repeated("x=1 ", 300) + "y>"), std::pair(std::string("a"), true));
}

// What costs browsers seconds or gigabytes must not cost us so: each is cut off by a limit or done in little time.
TEST(Html, HostileNestingIsBounded) {
  std::string formats;
  for (int i = 0; i < 600; ++i) formats += "<b a=" + std::to_string(i) + ">";
  const std::string samples[] = {repeated("<div>", 19'000),
                                 repeated("<b><div>", 9'000) + repeated("</b>", 1'000),
                                 formats + repeated("<p>", 18'000),
                                 formats + repeated("<p>x", 18'000),
                                 repeated("<div><table><td></div></table>", 4'900),
                                 repeated("<a><p>", 9'000),
                                 repeated("<table>", 19'000) + "x",
                                 repeated("<x><div></x>", 6'000),
                                 repeated("<i><p></i>", 6'000),
                                 "<p" + repeated(" a", 400'000),
                                 "<p" + numbered(90'000) + ">",
                                 "<p/x='" + repeated("<p \"", 15'000) + numbered(30'000) + ">'",
                                 repeated("<p" + numbered(200) + ">", 600)};
  for (const auto& html : samples) {
    const auto result = parse(html, Limits{});
    if (!result) {
      EXPECT_EQ(result.error().kind(), ErrorKind::limit);
    }
  }
}

}  // namespace
}  // namespace coi::html
