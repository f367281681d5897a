// format=flowed, and what of a text is new.

#include <gtest/gtest.h>

#include <random>

#include "base/ascii.h"
#include "mime/flowed.h"

namespace coi::mime {
namespace {

TEST(Flowed, Decodes) {
  EXPECT_EQ(decode_flowed("one \ntwo\nthree", false), "one two\nthree");
  EXPECT_EQ(decode_flowed("one \ntwo \n", true), "onetwo\n");
  EXPECT_EQ(decode_flowed("  stuffed\n From me\n >not a quote", false), " stuffed\nFrom me\n>not a quote");
  EXPECT_EQ(decode_flowed(">> deep \n>> er\n> up \ntop", false), ">> deep er\n> up \ntop");
  EXPECT_EQ(decode_flowed("text \n-- \nsig \nnature", false), "text \n-- \nsig nature");
  EXPECT_EQ(decode_flowed("> -- \n> x", false), "> -- \n> x");
  EXPECT_EQ(decode_flowed("", false), "");
  EXPECT_EQ(decode_flowed("a\n\nb", false), "a\n\nb");
}

TEST(Flowed, EncodesWithinTheWidth) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "wörd" + std::to_string(i) + " ";
  text.pop_back();
  text = "> " + text + "\n" + text + "\n\n From here\n> > two\n-- \nme";
  const auto encoded = encode_flowed(text);
  for (const auto line : ascii_split(encoded, '\n'))
    EXPECT_LE(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }), 78) << line;
  EXPECT_EQ(decode_flowed(encoded, false), text);
}

// Where mails stand one behind the other in a file, it would begin the next (RFC 3676, 4.4).
TEST(Flowed, C18WhatBeginsLikeAnEnvelopeIsStuffed) {
  EXPECT_EQ(encode_flowed("From me\nFromage"), " From me\nFromage");
  EXPECT_EQ(decode_flowed(" From me\nFromage", false), "From me\nFromage");
}

TEST(Flowed, NeverMakesASignatureSeparatorOrStrayQuote) {
  const std::string text = std::string(70, 'x') + " " + std::string(20, 'y') + " > -- " + std::string(77, 'z') +
                           "\n-- " + std::string(90, 'z');
  const auto encoded = encode_flowed(text);
  for (const auto line : ascii_split(encoded, '\n')) EXPECT_NE(line, "-- ");
  EXPECT_EQ(decode_flowed(encoded, false), text);
}

TEST(Flowed, ReadsBackAnyText) {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"a",     "word ", " ",   "\n",          "> ",   ">", "-- ",
                                     "From ", "ä",     "👋 ", "longerword ", "\n> ", "--"};
  for (int round = 0; round < 3000; ++round) {
    std::string raw;
    for (auto n = random() % 60; n > 0; --n) raw += pieces[random() % std::size(pieces)];
    // The form that is promised to survive: no white space at line ends, quotes written with "> ".
    const auto canonical = decode_flowed(encode_flowed(raw), false);
    EXPECT_EQ(decode_flowed(encode_flowed(canonical), false), canonical) << raw;
    for (const bool delsp : {false, true}) static_cast<void>(decode_flowed(raw, delsp));
  }
}

}  // namespace
}  // namespace coi::mime
