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
  EXPECT_EQ(blobs.sweep({}).value(), 0U);
  const auto kept = blobs.put("kept").value(), gone = blobs.put("gone").value();
  std::ofstream(blobs.path(".abc.new")) << "half";
  EXPECT_EQ(blobs.sweep({kept}).value(), 2U);
  EXPECT_TRUE(std::filesystem::exists(blobs.path(kept)));
  EXPECT_FALSE(std::filesystem::exists(blobs.path(gone)));
}

}  // namespace
}  // namespace coi::engine
