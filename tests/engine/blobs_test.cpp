#include "engine/blobs.h"

#include <gtest/gtest.h>

#include <stdlib.h>

#include <fstream>

namespace coi::engine {
namespace {

TEST(Blobs, WhatNothingRefersToIsSwept) {
  std::string name = (std::filesystem::temp_directory_path() / "coi-blobs-XXXXXX").string();
  ASSERT_NE(::mkdtemp(name.data()), nullptr);
  const Blobs blobs(std::filesystem::path(name) / "blobs");
  EXPECT_EQ(blobs.sweep({}).value(), 0U);
  const auto kept = blobs.put("kept").value(), gone = blobs.put("gone").value();
  std::ofstream(blobs.path(".abc.new")) << "half";
  EXPECT_EQ(blobs.sweep({kept}).value(), 2U);
  EXPECT_TRUE(std::filesystem::exists(blobs.path(kept)));
  EXPECT_FALSE(std::filesystem::exists(blobs.path(gone)));
  std::filesystem::remove_all(name);
}

}  // namespace
}  // namespace coi::engine
