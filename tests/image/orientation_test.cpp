// Which orientation counts where a picture has several, or keeps one where it must not be looked for.
#include <gtest/gtest.h>

#include "image/exif.h"
#include "image/without_place.h"
#include "pictures.h"

namespace coi::image {
namespace {

using namespace std::string_literals;

// Of the picture as it is, and without its place.
std::pair<int, int> orientations(std::string_view octets) {
  const auto without = without_place(octets).value();
  return {describe(octets, Limits{}).value().orientation, describe(without, Limits{}).value().orientation};
}

std::string exif_segment(Orientation orientation) {
  return segment(0xE1, "Exif\0\0"s + orientation_block(orientation));
}
std::string exif_chunk(Orientation orientation) { return chunk("eXIf", orientation_block(orientation)); }

TEST(Orientation, TheFirstBlockCountsEverywhere) {
  for (const auto& [first, second] :
       {std::pair<Orientation, Orientation>{6, 3}, std::pair<Orientation, Orientation>{6, 1},
        std::pair<Orientation, Orientation>{1, 6}}) {
    const std::pair<int, int> expected{first, first};
    EXPECT_EQ(orientations(with_segments(jpeg({8, 8}), exif_segment(first) + exif_segment(second))), expected);
    EXPECT_EQ(orientations(with_chunks(png({8, 8}), exif_chunk(first) + exif_chunk(second))), expected);
    auto drawn = extended_webp({8, 8}, orientation_block(first), "");
    drawn += webp_chunk("EXIF", orientation_block(second));
    drawn.replace(4, 4, webp_chunk("RIFF", std::string(drawn.size() - 8, ' ')).substr(4, 4));
    EXPECT_EQ(orientations(drawn), expected);
  }
  const std::pair<int, int> damaged_first{1, 1};
  EXPECT_EQ(orientations(with_chunks(png({8, 8}), chunk("eXIf", "damaged") + exif_chunk(6))), damaged_first);
}

TEST(Orientation, OneBlockIsWritten) {
  const auto without = without_place(with_chunks(png({8, 8}), exif_chunk(6) + exif_chunk(3))).value();
  EXPECT_EQ(without, with_chunks(png({8, 8}), exif_chunk(6)));
}

TEST(Orientation, WhatStandsBehindAWebpSaysNothing) {
  auto drawn = extended_webp({8, 8}, "", "");
  drawn.replace(drawn.find("EXIF"), 4, "UNKN");
  EXPECT_EQ(orientations(drawn + webp_chunk("EXIF", orientation_block(6))), (std::pair<int, int>{1, 1}));
}

}  // namespace
}  // namespace coi::image
