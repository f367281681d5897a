#include "image/thumbnail.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "pictures.h"

namespace coi::image {
namespace {

using namespace std::string_literals;

Encoded small(std::string_view octets, std::uint32_t width = 40, std::uint32_t height = 40) {
  return thumbnail(octets, width, height, Limits{}).value();
}

// Noise, which no JPEG makes small.
Picture noise(Size size) {
  Picture picture{size, {}};
  std::uint32_t state = 1;
  for (std::uint64_t i = 0; i < size.pixels() * 4; ++i) {
    state = state * 1664525 + 1013904223;
    picture.rgba.push_back(i % 4 == 3 ? 255 : static_cast<std::uint8_t>(state >> 24));
  }
  return picture;
}

TEST(Thumbnail, FitsWithinAndLooksAlike) {
  const Size size{320, 200};
  for (const auto& octets : {jpeg(size), progressive_jpeg(size), png(size), gif(size), gif(size, 2), webp(size),
                             extended_webp(size, "", "")}) {
    const auto found = small(octets);
    EXPECT_EQ(found.format, Format::jpeg);
    EXPECT_EQ(found.size, (Size{40, 25}));
    EXPECT_EQ(describe(found.octets, Limits{}).value().shown, found.size);
    EXPECT_TRUE(alike(colour_in(found.octets, 0), red));
    EXPECT_TRUE(alike(colour_in(found.octets, 1), green));
    EXPECT_TRUE(alike(colour_in(found.octets, 2), blue));
    EXPECT_TRUE(alike(colour_in(found.octets, 3), white));
  }
}

TEST(Thumbnail, IsNeverLargerThanThePicture) {
  EXPECT_EQ(small(png({10, 7})).size, (Size{10, 7}));
  EXPECT_EQ(small(png({1, 1})).size, (Size{1, 1}));
  EXPECT_EQ(small(png({1000, 1})).size, (Size{40, 1}));
  EXPECT_EQ(small(jpeg({1, 1000}), 0, 0).size, (Size{1, 1}));
}

TEST(Thumbnail, IsUprightWhateverTheOrientation) {
  // Where red, green and blue of the stored picture are seen.
  const int seen[8][3] = {{0, 1, 2}, {1, 0, 3}, {3, 2, 1}, {2, 3, 0}, {0, 2, 1}, {1, 3, 0}, {3, 1, 2}, {2, 0, 3}};
  for (Orientation orientation = 1; orientation <= 8; ++orientation) {
    const auto octets = with_segments(jpeg({160, 80}), segment(0xE1, "Exif\0\0"s + exif_with_place(orientation)));
    const auto found = small(octets);
    EXPECT_EQ(found.size, orientation >= 5 ? (Size{20, 40}) : (Size{40, 20}));
    const auto& at = seen[orientation - 1];
    EXPECT_TRUE(alike(colour_in(found.octets, at[0]), red)) << int{orientation};
    EXPECT_TRUE(alike(colour_in(found.octets, at[1]), green)) << int{orientation};
    EXPECT_TRUE(alike(colour_in(found.octets, at[2]), blue)) << int{orientation};
    EXPECT_EQ(describe(found.octets, Limits{}).value().orientation, 1);
    EXPECT_EQ(found.octets.find("PLACE48N"), std::string::npos);
  }
}

TEST(Thumbnail, KeepsWhatShinesThrough) {
  const auto found = small(png({80, 80}, clear));
  EXPECT_EQ(found.format, Format::png);
  EXPECT_EQ(colour_in(found.octets, 0), red);
  EXPECT_EQ(colour_in(found.octets, 3), clear);
}

TEST(Thumbnail, SixtyFourMegapixelsAreRefused) {
  const auto header =
      "\xFF\xD8" + segment(0xC0, "\x08\x1F\x40\x1F\x40\x01\x01\x11\0"s) + segment(0xDA, "\x01\x01\0\0\x3F\0"s);
  EXPECT_EQ(thumbnail(header + std::string(200'000, 'x'), 40, 40, Limits{}).error().kind(), ErrorKind::limit);
}

TEST(Thumbnail, WhatIsCutOffIsAnError) {
  for (const auto& octets : {jpeg({64, 48}), progressive_jpeg({64, 48}), png({64, 48}), gif({64, 48}), webp({64, 48})})
    for (std::size_t size = 0; size < octets.size() - 20; size += 10) {
      const auto found = thumbnail(std::string_view(octets).substr(0, size), 40, 40, Limits{});
      // Of a progressive JPEG that ends between two scans all pixels are there, less sharp.
      if (found) {
        EXPECT_EQ(octets, progressive_jpeg({64, 48})) << size;
      }
      if (!found && size > 12) {
        EXPECT_EQ(found.error().kind(), ErrorKind::corrupt) << size << found.error().text();
      }
    }
}

TEST(Thumbnail, DamageAnywhereGivesAPictureOrAnErrorOfIt) {
  for (const auto& octets :
       {jpeg({64, 48}), progressive_jpeg({64, 48}), png({64, 48}), gif({64, 48}), webp({64, 48})}) {
    std::size_t pictures = 0;
    for (std::size_t at = 0; at < octets.size(); ++at) {
      auto damaged = octets;
      damaged[at] = static_cast<char>(damaged[at] ^ 0x55);
      const auto found = thumbnail(damaged, 40, 40, Limits{});
      if (!found) {
        const auto kind = found.error().kind();
        EXPECT_TRUE(kind == ErrorKind::corrupt || kind == ErrorKind::invalid || kind == ErrorKind::limit)
            << at << found.error().text();
        continue;
      }
      ++pictures;
      EXPECT_LE(std::max(found->size.width, found->size.height), 40U) << at;
      EXPECT_EQ(describe(found->octets, Limits{}).value().shown, found->size) << at;
      EXPECT_EQ(found->octets, small(damaged).octets) << at;  // nothing of it comes from memory that was not written
    }
    EXPECT_LT(pictures, octets.size()) << octets.substr(0, 4);
    if (octets != png({64, 48})) {  // whose checksums see all
      EXPECT_GT(pictures, 0U) << octets.substr(0, 4);
    }
  }
}

TEST(Thumbnail, MoreThan64ScansOfAJpegAreRefused) {
  const auto whole = progressive_jpeg({64, 48});
  const auto begin = whole.find("\xFF\xDA");
  const auto scan = whole.substr(begin, whole.find("\xFF\xC4", begin) - begin);
  const auto with_more = [&](int times) {
    auto octets = whole;
    while (times-- > 0) octets.insert(begin, scan);
    return thumbnail(octets, 40, 40, Limits{});
  };
  EXPECT_TRUE(with_more(20));
  EXPECT_EQ(with_more(70).error().kind(), ErrorKind::limit);
}

TEST(Avatar, D30IsASquareOf20KilobytesAtMost) {
  const auto plain = avatar(jpeg({1600, 900}), Limits{}).value();
  EXPECT_EQ(plain.size, (Size{512, 512}));
  EXPECT_TRUE(alike(colour_in(plain.octets, 2), blue));
  const auto noisy = avatar(to_png(noise({800, 600})).value(), Limits{}).value();
  EXPECT_LE(noisy.octets.size(), 20'000U);
  EXPECT_GE(noisy.size.width, 128U);
  EXPECT_EQ(noisy.size.width, noisy.size.height);
  EXPECT_EQ(noisy.format, Format::jpeg);
}

TEST(Avatar, ASmallPictureStaysSmallAndLiesOnWhite) {
  const auto found = avatar(png({60, 50}, clear), Limits{}).value();
  EXPECT_EQ(found.size, (Size{50, 50}));
  EXPECT_TRUE(alike(colour_in(found.octets, 3), white));
  EXPECT_EQ(avatar(webp({700, 3}), Limits{}).value().size, (Size{3, 3}));
}

TEST(Avatar, WhatDoesNotFitIsRefused) {
  EXPECT_EQ(avatar(jpeg({100, 100}), Limits{}, 100).error().kind(), ErrorKind::limit);
  EXPECT_EQ(avatar("hello", Limits{}).error().kind(), ErrorKind::invalid);
}

}  // namespace
}  // namespace coi::image
