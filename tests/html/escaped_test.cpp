#include "html/escaped.h"

#include <gtest/gtest.h>

#include "html/microformats.h"

namespace coi::html {
namespace {

TEST(Escaped, IsReadAsTheTextThatItWas) {
  for (const std::string text : {"a & <b> \"c\" 'd' &amp;", "\u202E\u00A0\n\t\U0001F449", ""}) {
    const auto document =
        parse("<pre>x" + escaped(text) + "</pre><b title=\"" + escaped(text) + "\">", Limits{}).value();
    const auto& body = document.children.at(1);
    EXPECT_EQ(body.children.at(0).children.at(0).text, "x" + text);
    EXPECT_EQ(body.children.at(1).attribute("title"), text);
  }
}

TEST(Escaped, WhatMayNotStandInHtmlIsReplaced) {
  EXPECT_EQ(escaped(std::string_view("a\0b\r\x1F\x7F\u0085", 8)), "a b    ");
  EXPECT_EQ(escaped("a\xC0\xAF"), "a\uFFFD\uFFFD");
  EXPECT_EQ(write_card({.name = "A\x01l\xFF"}).find('\x01'), std::string::npos);
}

}  // namespace
}  // namespace coi::html
