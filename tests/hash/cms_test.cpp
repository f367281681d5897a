#include "hash/cms.h"

#include <gtest/gtest.h>

namespace coi::hash {
namespace {

using namespace std::string_literals;

const std::string signed_data = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"s;
const std::string enveloped_data = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03"s;
const std::string data = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x01"s;
const std::string no_set = "\x31\x00"s, version = "\x02\x01\x01"s;

// DER for short contents; BER of indefinite length.
std::string der(char tag, const std::string& content) {
  return std::string{tag, static_cast<char>(content.size())} + content;
}
std::string ber(char tag, const std::string& content) { return std::string{tag, '\x80'} + content + "\0\0"s; }

TEST(Cms, WhatWasSignedIsRead) {
  const auto inner = der(0x30, data + der('\xA0', der(0x04, "Hello")));
  const auto mail =
      read_cms(der(0x30, signed_data + der('\xA0', der(0x30, version + no_set + inner + no_set))) + "behind it");
  EXPECT_EQ(mail.kind, CmsKind::signed_data);
  EXPECT_EQ(mail.content, "Hello");
}

TEST(Cms, LengthsMayBeIndefiniteAndTheContentInPieces) {
  const auto pieces = ber(0x24, der(0x04, "Hel") + der(0x04, "lo"));
  const auto inner = ber(0x30, data + ber('\xA0', pieces));
  const auto mail = read_cms(ber(0x30, signed_data + ber('\xA0', ber(0x30, version + no_set + inner + no_set))));
  EXPECT_EQ(mail.kind, CmsKind::signed_data);
  EXPECT_EQ(mail.content, "Hello");
}

TEST(Cms, ASignatureApartHoldsNothing) {
  const auto mail =
      read_cms(der(0x30, signed_data + der('\xA0', der(0x30, version + no_set + der(0x30, data) + no_set))));
  EXPECT_EQ(mail.kind, CmsKind::other);
  EXPECT_EQ(mail.content, "");
}

TEST(Cms, WhatIsBrokenIsUnknown) {
  EXPECT_EQ(read_cms("").kind, CmsKind::unknown);
  EXPECT_EQ(read_cms("no CMS").kind, CmsKind::unknown);
  EXPECT_EQ(read_cms(signed_data).kind, CmsKind::unknown);
  EXPECT_EQ(read_cms(der(0x30, signed_data + "\xA0\x70")).kind, CmsKind::unknown);
  EXPECT_EQ(read_cms(der(0x30, enveloped_data + "\xA0\x00"s)).kind, CmsKind::unknown);
  std::string deep;
  for (int i = 0; i < 100'000; ++i) deep += "\x24\x80";
  const auto inner = ber(0x30, data + ber('\xA0', deep));
  EXPECT_EQ(read_cms(ber(0x30, signed_data + ber('\xA0', ber(0x30, version + no_set + inner)))).kind, CmsKind::unknown);
}

}  // namespace
}  // namespace coi::hash
