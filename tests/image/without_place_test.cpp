#include "image/without_place.h"

#include <gtest/gtest.h>

#include "pictures.h"

namespace coi::image {
namespace {

using namespace std::string_literals;

const std::string xmp = "http://ns.adobe.com/xap/1.0/\0<exif:GPSLatitude>PLACE48N"s;
const std::string profile = "ICC_PROFILE\0\x01\x01 colours"s;

bool tells(std::string_view octets) {
  return octets.find("PLACE48N") != std::string_view::npos || octets.find("Ada Owner") != std::string_view::npos;
}

std::string photo(Orientation orientation) {
  return with_segments(jpeg({64, 48}), segment(0xE1, "Exif\0\0"s + exif_with_place(orientation)) + segment(0xE1, xmp) +
                                           segment(0xED, "Photoshop 3.0\0PLACE48N"s) + segment(0xE2, profile) +
                                           segment(0xE2, "MPF\0PLACE48N"s) + segment(0xFE, "Ada Owner"));
}

TEST(WithoutPlace, APhotoLosesItsPlaceAndKeepsItsOrientationAndColours) {
  for (Orientation orientation = 1; orientation <= 8; ++orientation) {
    const auto before = photo(orientation);
    EXPECT_TRUE(tells(before));
    const auto after = without_place(before).value();
    EXPECT_FALSE(tells(after));
    EXPECT_NE(after.find(profile), std::string::npos);
    const auto found = describe(after, Limits{}).value();
    EXPECT_EQ(found.orientation, orientation);
    EXPECT_EQ(found.stored, (Size{64, 48}));
    EXPECT_EQ(without_place(after).value(), after);
  }
}

TEST(WithoutPlace, ThePictureItselfIsNotRecoded) {
  for (const auto& octets :
       {jpeg({64, 48}), progressive_jpeg({64, 48}), png({64, 48}), gif({64, 48}, 2), webp({64, 48})})
    EXPECT_EQ(without_place(octets).value(), octets);
  EXPECT_EQ(without_place(with_segments(jpeg({64, 48}), segment(0xE1, xmp))).value(), jpeg({64, 48}));
}

TEST(WithoutPlace, WhatStandsBehindThePictureGoes) {
  EXPECT_EQ(without_place(jpeg({8, 8}) + photo(1)).value(), jpeg({8, 8}));
  EXPECT_EQ(without_place(png({8, 8}) + "PLACE48N").value(), png({8, 8}));
  EXPECT_EQ(without_place(gif({8, 8}) + "PLACE48N").value(), gif({8, 8}));
  EXPECT_EQ(without_place(webp({8, 8}) + "PLACE48N").value(), webp({8, 8}));
}

TEST(WithoutPlace, APreviewWithinJfifGoes) {
  const auto sound = jpeg({8, 8});
  const auto jfif = segment(0xE0, "JFIF\0\x01\x01\0\0\x01\0\x01\x01\x01"s + "abc");
  const auto with_preview = "\xFF\xD8" + jfif + sound.substr(20);
  EXPECT_EQ(without_place(with_preview).value(), sound);
}

TEST(WithoutPlace, PngAndWebpAndGifLoseTheirsToo) {
  const auto drawn =
      with_chunks(png({8, 8}), chunk("eXIf", exif_with_place(6)) + chunk("tEXt", "Author\0Ada Owner"s) +
                                   chunk("iTXt", "XML:com.adobe.xmp\0PLACE48N"s) + chunk("gAMA", "\0\0\xB1\x8F"s));
  const auto png_after = without_place(drawn).value();
  EXPECT_FALSE(tells(png_after));
  EXPECT_NE(png_after.find("gAMA"), std::string::npos);
  EXPECT_EQ(describe(png_after, Limits{}).value().orientation, 6);
  EXPECT_TRUE(alike(colour_in(png_after, 0), red));

  const auto webp_after = without_place(extended_webp({8, 8}, exif_with_place(8), xmp)).value();
  EXPECT_FALSE(tells(webp_after));
  EXPECT_EQ(describe(webp_after, Limits{}).value().orientation, 8);
  EXPECT_TRUE(alike(colour_in(webp_after, 0), red));
  EXPECT_EQ(webp_after.at(20), '\x08');  // EXIF, no XMP

  auto commented = gif({8, 8});
  commented.pop_back();
  commented += "\x21\xFE\x08PLACE48N\0\x21\xFF\x0BXMP DataXMP\x08PLACE48N\0;"s;
  EXPECT_EQ(without_place(commented).value(), gif({8, 8}));
}

TEST(WithoutPlace, AJpegKeepsNoSegmentThatNobodyKnows) {
  for (const unsigned marker : {0x02U, 0x4FU, 0xBFU, 0xE0U, 0xE2U, 0xEEU, 0xF0U, 0xF7U, 0xFDU})
    EXPECT_TRUE(without_place(with_segments(jpeg({8, 8}), segment(marker, "PLACE48N"))).value() == jpeg({8, 8}))
        << marker;
}

TEST(WithoutPlace, WhatStaysGrowsNoTail) {
  const auto adobe = "Adobe\0\x64\0\0\0\0\x01"s;
  EXPECT_TRUE(without_place(
                  with_segments(jpeg({8, 8}).substr(0, 2) + jpeg({8, 8}).substr(20), segment(0xEE, adobe + "PLACE48N")))
                  .value() == with_segments(jpeg({8, 8}).substr(0, 2) + jpeg({8, 8}).substr(20), segment(0xEE, adobe)));
  auto drawn = png({8, 8});
  drawn.replace(drawn.size() - 12, 12, chunk("IEND", "PLACE48N"));
  EXPECT_EQ(without_place(drawn).value(), png({8, 8}));
  EXPECT_EQ(without_place(animated_webp({8, 8}, {webp({8, 8}).substr(12)}, "PLACE48N")).value(),
            animated_webp({8, 8}, {webp({8, 8}).substr(12)}));
}

TEST(WithoutPlace, AGifKeepsOfItsExtensionsWhatPlaysIt) {
  const auto sound = gif({8, 8}, 2);
  const auto with = [&](std::string_view extension) { return std::string(sound).insert(sound.size() - 1, extension); };
  EXPECT_EQ(without_place(with("\x21\xFF\x0BNETSCAPE2.0\x08PLACE48N\x03\x01\x05\0\x08PLACE48N\0"s)).value(),
            with("\x21\xFF\x0BNETSCAPE2.0\x03\x01\x05\0\0"s));
  EXPECT_EQ(without_place(with("\x21\xF9\x04\x04\x05\0\0\x08PLACE48N\0"s)).value(),
            with("\x21\xF9\x04\x04\x05\0\0\0"s));
  const auto repeated = with(
                 "\x21\xFF\x0B"
                 "ANIMEXTS1.0\x03\x01\0\0\0"s),
             text = with("\x21\x01\x01z\x01z\0"s);
  EXPECT_EQ(without_place(repeated).value(), repeated);
  EXPECT_EQ(without_place(text).value(), text);
  for (const auto& extension : {"\x21\x02\x08PLACE48N\0"s, "\x21\xCE\x08PLACE48N\0"s, "\x21\xF9\x08PLACE48N\0"s,
                                "\x21\xFF\x0BNETSCAPE2.0\x08PLACE48N\0"s, "\x21\xFF\x0BICCRGBG1012\x08PLACE48N\0"s})
    EXPECT_EQ(without_place(with(extension)).value(), sound);
}

TEST(WithoutPlace, AnAnimatedWebpKeepsOfItsFramesWhatShowsThem) {
  const auto image = webp({8, 8}).substr(12);
  const auto place = webp_chunk("ZZZZ", "PLACE48N");
  EXPECT_EQ(without_place(animated_webp({8, 8}, {image + place, place + image})).value(),
            animated_webp({8, 8}, {image, image}));
}

TEST(WithoutPlace, WhatIsNoneOfTheFourIsRefused) {
  for (const auto& octets :
       {""s, "hello"s, "%PDF-1.7 PLACE48N"s, "\0\0\0\x18"s + "ftypheic PLACE48N"s, "\0\0\0\x18"s + "ftypavif PLACE48N"s,
        "II\x2A\0\x08\0\0\0PLACE48N"s, "RIFF\x0C\0\0\0AVI PLACE48N"s})
    EXPECT_EQ(without_place(octets).error().kind(), ErrorKind::invalid);
}

TEST(WithoutPlace, OctetsThatDecodersPassOverHideNoJpeg) {
  const auto before = "\xFF\xD8\0"s + photo(6).substr(2);
  const auto after = without_place(before).value();
  EXPECT_FALSE(tells(after));
  EXPECT_EQ(after, without_place(photo(6)).value());
}

// Metadata wherever it may stand: before, between and behind the scans or chunks of pixels.
std::vector<std::string> told_everywhere() {
  const auto segments =
      segment(0xE1, "Exif\0\0"s + exif_with_place(6)) + segment(0xE1, xmp) + segment(0xFE, "Ada Owner");
  auto scans = progressive_jpeg({64, 48});
  for (auto at = scans.rfind("\xFF\xC4"); at != std::string::npos && at > 2; at = scans.rfind("\xFF\xC4", at - 1))
    scans.insert(at, segments);
  scans.insert(scans.size() - 2, segments);

  const auto chunks = chunk("eXIf", exif_with_place(6)) + chunk("tEXt", "Author\0Ada Owner"s);
  auto drawn = with_chunks(png({64, 48}), chunks);
  drawn.insert(drawn.size() - 12, chunks);

  auto frames = gif({64, 48}, 2);
  frames.insert(frames.find(','), "\x21\xFE\x08PLACE48N\0"s);
  frames.insert(frames.size() - 1, "\x21\xFE\x08PLACE48N\0"s);

  const auto image = webp({64, 48}).substr(12) + webp_chunk("EXIF", exif_with_place(6));
  return {photo(6),
          scans,
          drawn,
          frames,
          extended_webp({64, 48}, exif_with_place(8), xmp),
          animated_webp({64, 48}, {image, image})};
}

TEST(WithoutPlace, WhatIsToldAnywhereGoes) {
  for (const auto& octets : told_everywhere()) {
    EXPECT_TRUE(tells(octets));
    const auto after = without_place(octets).value();
    EXPECT_FALSE(tells(after)) << octets.substr(0, 4);
    EXPECT_TRUE(alike(colour_in(after, 2), colour_in(octets, 2))) << octets.substr(0, 4);
  }
}

TEST(WithoutPlace, WhatIsCutOffTellsNothingEither) {
  for (const auto& octets : told_everywhere()) {
    std::size_t told = 0;  // cuts that leave a picture and what it tells
    for (std::size_t size = 12; size < octets.size(); ++size) {
      const auto before = std::string_view(octets).substr(0, size);
      const auto after = without_place(before);
      if (after) {
        told += tells(before) ? 1 : 0;
        EXPECT_FALSE(tells(*after)) << size;
      } else {
        EXPECT_EQ(after.error().kind(), ErrorKind::corrupt);
      }
    }
    EXPECT_GT(told, 20U) << octets.substr(0, 4);
  }
}

}  // namespace
}  // namespace coi::image
