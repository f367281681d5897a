#include <gtest/gtest.h>

#include "image/rows.h"
#include "image/thumbnail.h"
#include "pictures.h"

namespace coi::image {
namespace {

using namespace std::string_literals;

TEST(Jpeg, ArithmeticCodingIsARareKind) {
  const auto octets = jpeg({64, 48}, JpegKind::arithmetic);
  ASSERT_NE(octets.find("\xFF\xC9"), std::string::npos);
  EXPECT_EQ(describe(octets, Limits{}).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(thumbnail(octets, 40, 40, Limits{}).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(jpeg_rows(octets, {40, 30}).error().kind(), ErrorKind::invalid);
}

TEST(Jpeg, EveryFrameButThreeIsARareKind) {
  for (unsigned marker = 0xC0; marker <= 0xCF; ++marker) {
    if (marker == 0xC4 || marker == 0xC8 || marker == 0xCC) continue;  // no frames
    const auto octets =
        "\xFF\xD8" + segment(marker, "\x08\0\x10\0\x10\x01\x01\x11\0"s) + segment(0xDA, "\x01\x01\0\0\x3F\0"s);
    const auto found = describe(octets, Limits{});
    EXPECT_EQ(found.has_value(), marker <= 0xC2) << marker;
    if (!found) {
      EXPECT_EQ(found.error().kind(), ErrorKind::invalid) << marker;
    }
  }
}

TEST(Jpeg, ScansOfALargePictureAreFewer) {
  const auto whole = flat_progressive_jpeg({4000, 3000});
  const auto begin = whole.find("\xFF\xDA");
  const auto scan = whole.substr(begin, whole.find('\xFF', begin + 4) - begin);
  const auto with_more = [&](int times) {
    auto octets = whole;
    while (times-- > 0) octets.insert(begin, scan);
    return thumbnail(octets, 40, 40, Limits{});
  };
  EXPECT_TRUE(with_more(10));
  EXPECT_EQ(with_more(55).error().kind(), ErrorKind::limit);
}

}  // namespace
}  // namespace coi::image
