#include "base/length_text.h"

#include <gtest/gtest.h>

namespace coi {
namespace {

TEST(LengthText, IsAWholeNumberOfTheLargestUnitThatFits) {
  EXPECT_EQ(length_text(1), "1 second");
  EXPECT_EQ(length_text(60), "1 minute");
  EXPECT_EQ(length_text(90), "90 seconds");
  EXPECT_EQ(length_text(7200), "2 hours");
  EXPECT_EQ(length_text(86'400), "1 day");
  EXPECT_EQ(length_text(14 * 86'400), "2 weeks");
}

}  // namespace
}  // namespace coi
