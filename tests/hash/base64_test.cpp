#include "hash/base64.h"

#include <gtest/gtest.h>

namespace coi::hash {
namespace {

using namespace std::literals;

struct Vector {
  std::string_view octets;
  std::string_view text;
};

// RFC 4648 section 10
constexpr Vector rfc4648[] = {{"", ""},
                              {"f", "Zg=="},
                              {"fo", "Zm8="},
                              {"foo", "Zm9v"},
                              {"foob", "Zm9vYg=="},
                              {"fooba", "Zm9vYmE="},
                              {"foobar", "Zm9vYmFy"}};

TEST(Base64, VectorsOfTheRfc) {
  for (const auto& [octets, text] : rfc4648) {
    EXPECT_EQ(base64_encode(octets), text);
    EXPECT_EQ(base64_decode(text), octets) << text;
    const auto bare = text.substr(0, text.find('='));
    EXPECT_EQ(base64url_encode(octets), bare);
    EXPECT_EQ(base64_decode(bare), octets) << bare;
  }
}

TEST(Base64, TwoAlphabets) {
  constexpr auto octets = "\xfb\xff\xbf\x00"sv;
  EXPECT_EQ(base64_encode(octets), "+/+/AA==");
  EXPECT_EQ(base64url_encode(octets), "-_-_AA");
  EXPECT_EQ(base64_decode("+/+/AA=="), octets);
  EXPECT_EQ(base64_decode("-_-_AA=="), octets);
  EXPECT_EQ(base64_decode("+/-_AA=="), std::nullopt) << "both alphabets in one text";
}

TEST(Base64, EveryOctetAtEveryPlaceComesBack) {
  std::string all;
  for (int round = 0; round < 3; ++round) {
    for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
    EXPECT_EQ(base64_decode(base64_encode(all)), all);
    EXPECT_EQ(base64_decode(base64url_encode(all)), all);
    all += 'x';  // shifts the next round by one octet
  }
}

TEST(Base64, RefusesWhatNoEncoderWrites) {
  for (const auto bad : {"Z"sv, "Zg="sv, "Zg==="sv, "Z==="sv, "="sv, "===="sv, "Zg==Zg=="sv, "Zm9v "sv, "Zm 9"sv,
                         "Zm9v\r\n"sv, "Zh=="sv, "Zm9="sv, "Zh"sv, "Zm9v\0"sv, "\xc3\xa4=="sv, "Zm9v===="sv})
    EXPECT_EQ(base64_decode(bad), std::nullopt) << bad;
}

TEST(Hex, LowerCaseTwoDigitsAnOctet) {
  EXPECT_EQ(hex_encode("\x00\x0f\xa0\xff"sv), "000fa0ff");
  EXPECT_EQ(hex_encode(""), "");
}

}  // namespace
}  // namespace coi::hash
