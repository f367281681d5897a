#include "engine/blobs.h"
#include "temporary_directory.h"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <fstream>

namespace coi::engine {
namespace {

TEST(Blobs, WhatNothingRefersToIsSwept) {
  const TemporaryDirectory directory;
  const Blobs blobs(directory.path() / "blobs");
  EXPECT_EQ(blobs.sweep({}, {}).value(), 0U);
  const auto kept = blobs.put("kept").value(), gone = blobs.put("gone").value();
  std::ofstream(blobs.path(".abc.new")) << "half";
  EXPECT_EQ(blobs.sweep({kept}, {}).value(), 2U);
  EXPECT_TRUE(std::filesystem::exists(blobs.path(kept)));
  EXPECT_FALSE(std::filesystem::exists(blobs.path(gone)));
}

TEST(Blobs, ASmallPictureGoesWithItsFile) {
  const TemporaryDirectory directory;
  const Blobs blobs(directory.path() / "blobs");
  const auto kept = blobs.put("kept").value(), gone = blobs.put("gone").value();
  for (const auto& blob : {kept, gone}) std::ofstream(blobs.path(blob + ".64x64.jpg")) << "small";
  EXPECT_EQ(blobs.sweep({kept}, {}).value(), 2U);
  EXPECT_TRUE(std::filesystem::exists(blobs.path(kept + ".64x64.jpg")));
  EXPECT_FALSE(std::filesystem::exists(blobs.path(gone + ".64x64.jpg")));
}

// A message that is being written names it soon.
TEST(Blobs, WhatWasPutThereALittleWhileAgoStays) {
  const TemporaryDirectory directory;
  const Blobs blobs(directory.path() / "blobs");
  const auto old = blobs.put("old").value(), again = blobs.put("old, and put again").value();
  const auto long_ago = std::filesystem::file_time_type::clock::now() - std::chrono::hours(2);
  for (const auto& blob : {old, again}) std::filesystem::last_write_time(blobs.path(blob), long_ago);
  const auto fresh = blobs.put("fresh").value();
  EXPECT_EQ(blobs.put("old, and put again").value(), again);
  EXPECT_EQ(blobs.sweep({}, std::chrono::hours(1)).value(), 1U);
  EXPECT_FALSE(std::filesystem::exists(blobs.path(old)));
  EXPECT_TRUE(std::filesystem::exists(blobs.path(again)));
  EXPECT_TRUE(std::filesystem::exists(blobs.path(fresh)));
}

}  // namespace
}  // namespace coi::engine
