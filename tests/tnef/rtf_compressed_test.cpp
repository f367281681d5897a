#include "tnef/rtf_compressed.h"

#include <gtest/gtest.h>

#include "package_writer.h"

namespace coi::tnef {
namespace {

constexpr std::size_t plenty = 1'000'000;

std::string octets_of(std::string_view compressed) { return decompress_rtf(compressed, plenty).value().octets; }
std::string header(std::size_t contents, std::size_t raw) {
  return number(contents + 12, 4) + number(raw, 4) + "LZFu" + number(0, 4);
}

TEST(RtfCompressed, IsWhatItWas) {
  std::string rtf = R"({\rtf1\ansi\ansicpg1252\deff0 {\fonttbl {\f0\fnil Times New Roman;}}\pard A boat, the boat\par)";
  for (int i = 0; i < 500; ++i) rtf += " and boat " + std::to_string(i * i);
  rtf += "}";
  const auto compressed = compressed_rtf(rtf);
  EXPECT_LT(compressed.size(), rtf.size());
  EXPECT_EQ(octets_of(compressed), rtf);
  EXPECT_FALSE(decompress_rtf(compressed, plenty)->is_cut);
}

TEST(RtfCompressed, IsTakenFromTheWordsThatEveryRtfHas) {
  // Place 0, 7 octets; place 0x0CF, which is where the next octet goes but for those 7, is the end.
  EXPECT_EQ(octets_of(header(5, 7) + std::string("\x03\x00\x05\x0D\x60", 5)), "{\\rtf1\\");
}

TEST(RtfCompressed, AReferenceReachesIntoWhatItWrites) {
  // "ab", then from place 207 on 8 octets, of which 2 are there.
  EXPECT_EQ(octets_of(header(5, 10) + std::string("\x04"
                                                  "ab"
                                                  "\x0C\xF6",
                                                  5)),
            "ababababab");
}

TEST(RtfCompressed, TheLastControlAloneIsNotReadBeyond) {
  for (const std::string_view contents : {"", "\x01", "\x01\x0C",
                                          "\x02"
                                          "a"}) {
    const auto rtf = decompress_rtf(header(contents.size(), 100) + std::string(contents), plenty).value();
    EXPECT_TRUE(rtf.is_cut);
    EXPECT_LE(rtf.octets.size(), 1U);
  }
}

TEST(RtfCompressed, RawIsTakenAsItIsAndNoFurtherThanItGoes) {
  EXPECT_EQ(octets_of(raw_rtf("{\\rtf1 a}")), "{\\rtf1 a}");
  const auto cut = decompress_rtf(number(12 + 4, 4) + number(100'000, 4) + "MELA" + number(0, 4) + "abcd", plenty);
  EXPECT_EQ(cut->octets, "abcd");
  EXPECT_TRUE(cut->is_cut);
}

TEST(RtfCompressed, NoMoreIsUnpackedThanAskedFor) {
  const auto bomb = compressed_rtf(std::string(100'000, 'x'));
  const auto rtf = decompress_rtf(bomb, 1000).value();
  EXPECT_EQ(rtf.octets, std::string(1000, 'x'));
  EXPECT_TRUE(rtf.is_cut);
}

TEST(RtfCompressed, WhatIsOfNoKnownKindIsNothing) {
  EXPECT_FALSE(decompress_rtf("", plenty));
  EXPECT_FALSE(decompress_rtf(header(0, 0).substr(0, 15), plenty));
  EXPECT_FALSE(decompress_rtf(number(12, 4) + number(1, 4) + "LZFx" + number(0, 4), plenty));
}

}  // namespace
}  // namespace coi::tnef
