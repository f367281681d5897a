// Content-Transfer-Encoding, and what is met under its name.
#include "mime/transfer.h"

#include <gtest/gtest.h>

#include <random>

namespace coi::mime {
namespace {

using namespace std::string_literals;

std::string base64(std::string_view text) { return decode_transfer(Transfer::base64, text).octets; }
std::string quoted_printable(std::string_view text) { return decode_transfer(Transfer::quoted_printable, text).octets; }
std::string uuencode(std::string_view text) { return decode_transfer(Transfer::uuencode, text).octets; }

TEST(Transfer, NamesAsTheyAreWritten) {
  for (const auto* name : {"base64", "BASE64", " base64 ", "base 64", "base-64", "base_64", "\"base64\"", "base64;",
                           "base64,", "base64 (really)", "x-base64"})
    EXPECT_EQ(transfer_of(name), Transfer::base64) << name;
  for (const auto* name :
       {"quoted-printable", "Quoted_Printable", "quoted printable", "quotedprintable", "'quoted-printable'"})
    EXPECT_EQ(transfer_of(name), Transfer::quoted_printable) << name;
  for (const auto* name : {"x-uuencode", "x-uue", "uuencode", "X-UU-Encode", "uue"})
    EXPECT_EQ(transfer_of(name), Transfer::uuencode) << name;
  for (const auto* name : {"7bit", "8bit", "8-bit", "binary", "", "x-unknown", "utf-8", "(base64)"})
    EXPECT_EQ(transfer_of(name), Transfer::identity) << name;
  EXPECT_EQ(decode_transfer(Transfer::identity, "a=3D").octets, "a=3D");
}

TEST(Transfer, Base64) {
  EXPECT_EQ(base64("aGVsbG8="), "hello");
  EXPECT_EQ(base64("aGVs\r\nbG8=\r\n\r\n"), "hello");
  EXPECT_EQ(base64("aGVsbG8"), "hello");               // no padding
  EXPECT_EQ(base64("aGVsbG8=IHlvdQ=="), "hello you");  // two pieces joined
  EXPECT_EQ(base64("aG-Vs!b*G\0"
                   "8"s),
            "hello");  // junk
  EXPECT_EQ(base64("===="), "");
  EXPECT_EQ(base64("a"), "");
  EXPECT_EQ(base64(""), "");
}

TEST(Transfer, QuotedPrintable) {
  EXPECT_EQ(quoted_printable("a=E4=e4=3d"), "a\xE4\xE4=");
  EXPECT_EQ(quoted_printable("a=\r\nb=\nc= \t\r\nd= \ne"), "abcde");
  EXPECT_EQ(quoted_printable("a="), "a");
  EXPECT_EQ(quoted_printable("a= "), "a");
  EXPECT_EQ(quoted_printable("a=\r\n"), "a");
  for (const auto* text : {"50%=off", "a=4", "a=E", "a=XYb", "=\xC3\xA4", "a=  b"})
    EXPECT_EQ(quoted_printable(text), text);
  EXPECT_EQ(quoted_printable("a==3D"), "a==");
}

TEST(Transfer, Uuencode) {
  EXPECT_EQ(uuencode("begin 644 a.txt\n%:&5L;&\\ \n`\nend\n"), "hello");
  EXPECT_EQ(uuencode("see below\r\nbegin 644 a.txt\r\n%:&5L;&\\\r\n \r\nend\r\nmore\r\n"), "hello");  // a space lost
  EXPECT_EQ(uuencode("%:&5L;&\\"), "hello");
  EXPECT_EQ(uuencode("begin 644"), "");
}

TEST(Transfer, KeepsOnlySoMuchAndCountsAll) {
  for (const auto& [transfer, text] :
       std::initializer_list<std::pair<Transfer, std::string_view>>{{Transfer::base64, "aGVsbG8="},
                                                                    {Transfer::quoted_printable, "hel=6Co"},
                                                                    {Transfer::uuencode, "%:&5L;&\\"},
                                                                    {Transfer::identity, "hello"}})
    for (std::size_t keep = 0; keep < 7; ++keep) {
      const auto decoded = decode_transfer(transfer, text, keep);
      EXPECT_EQ(decoded.octets, std::string_view("hello").substr(0, keep));
      EXPECT_EQ(decoded.size, 5U);
    }
}

TEST(Transfer, ReadsBackWhatItWrites) {
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::string octets;
    for (auto n = random() % 300; n > 0; --n)
      octets += random() % 3 == 0 ? " \n=.F\t"[random() % 6] : static_cast<char>(random());
    const auto encoded = encode_base64(octets);
    ASSERT_EQ(base64(encoded), octets);
    const auto printable = encode_quoted_printable(octets);
    ASSERT_EQ(quoted_printable(printable), with_crlf(octets));
    for (const auto* text : {&encoded, &printable})
      for (std::size_t at = 0; at < text->size();) {
        const auto end = text->find("\r\n", at);
        const auto line = text->substr(at, end == std::string::npos ? end : end - at);
        ASSERT_LE(line.size(), 76U);
        ASSERT_FALSE(line.ends_with(' ') || line.ends_with('\t'));
        at = end == std::string::npos ? text->size() : end + 2;
      }
  }
}

TEST(Transfer, WritesWhatStoresLeaveAlone) {
  EXPECT_EQ(encode_quoted_printable("From me\n a \nb"), "=46rom me\r\n a=20\r\nb");
  EXPECT_EQ(encode_quoted_printable("a \r\nb\rc"), "a=20\r\nb=0Dc");
  EXPECT_EQ(encode_base64(""), "");
  EXPECT_EQ(encode_base64(std::string(57, '\0')), std::string(76, 'A') + "\r\n");
}

}  // namespace
}  // namespace coi::mime
