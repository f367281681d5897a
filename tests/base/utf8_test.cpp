#include "base/utf8.h"

#include <vector>

#include <gtest/gtest.h>

namespace coi {
namespace {

std::u32string characters(std::string_view text) {
  std::u32string all;
  while (!text.empty()) all += utf8_take(text);
  return all;
}

TEST(Utf8, EndsOfEveryLengthThereAndBack) {
  for (const char32_t c :
       {U'\0', U'\x7F', U'\x80', U'\u07FF', U'\u0800', U'\uD7FF', U'\uE000', U'\uFFFF', U'\U00010000', U'\U0010FFFF'}) {
    std::string text;
    utf8_append(text, c);
    EXPECT_EQ(utf8_sequence(text), text.size()) << static_cast<unsigned>(c);
    EXPECT_EQ(characters(text), std::u32string(1, c));
  }
  std::string text = "a";
  utf8_append(text, U'€');
  EXPECT_EQ(text, "a€");
}

TEST(Utf8, WhatTurnsTextIsABidiControlAndNotTheOtherWayRound) {
  for (char32_t c = 0; c < 0x3000; ++c) EXPECT_TRUE(!turns_text(c) || is_bidi_control(c)) << static_cast<unsigned>(c);
  for (const char32_t c : {U'\u202A', U'\u202E', U'\u2066', U'\u2069'}) EXPECT_TRUE(turns_text(c));
  for (const char32_t c : {U'\u061C', U'\u200E', U'\u200F', U'\u202F', U'\u2065'}) EXPECT_FALSE(turns_text(c));
}

TEST(Utf8, WhatIsNone) {
  EXPECT_EQ(utf8_sequence(""), 0U);
  for (const auto* bad :
       {"\x80", "\xBF", "\xC0\xAF", "\xC1\x81", "\xC3", "\xC3x", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xE2\x82",
        "\xE2\x82x", "\xF0\x8F\xBF\xBF", "\xF0\x9F\x91", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"})
    EXPECT_EQ(utf8_sequence(bad), 0U) << bad;
  EXPECT_EQ(characters("\xC0\xAF"
                       "ä\xE2\x82"),
            U"\uFFFD\uFFFDä\uFFFD\uFFFD")
      << "an octet is lost at a time, no more";
}

TEST(Utf8, FrontEndsBetweenCharacters) {
  EXPECT_EQ(utf8_front("aäb", 2), "a");
  EXPECT_EQ(utf8_front("aäb", 3), "aä");
  EXPECT_EQ(utf8_front("aäb", 9), "aäb");
  EXPECT_EQ(utf8_front("👋", 3), "");
}

TEST(Utf8, PrintableIsValidAndOnOneLine) {
  EXPECT_EQ(printable("für 👋"), "für 👋");
  EXPECT_EQ(printable(std::string_view("a\r\nb\tc\0d\x7F\x1B[", 11)), "a  b c d  [");
  EXPECT_EQ(printable("Gr\xFC\xDF"
                      "e"),
            "Gr??e");
  EXPECT_EQ(printable("a\u009B31mb\u0085c\u00A0"), "a 31mb c\u00A0") << "C1 controls are commands to a terminal";
  EXPECT_EQ(printable("ab\ncd", 4), "ab c");
  EXPECT_EQ(printable("aä\xFF", 2), "a") << "no half characters";
  EXPECT_EQ(printable("aä\xFF", 3), "aä");
}

}  // namespace
}  // namespace coi
