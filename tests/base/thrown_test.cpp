#include "base/thrown.h"

#include <gtest/gtest.h>

#include <new>
#include <stdexcept>
#include <system_error>

namespace coi {
namespace {

template <class Thrown>
Error of(Thrown thrown) {
  const auto result = caught("cannot do it", [&]() -> Result<> { throw thrown; });
  EXPECT_FALSE(result);
  EXPECT_TRUE(result.error().text().starts_with("cannot do it: ")) << result.error().text();
  return result.error();
}

TEST(Thrown, BecomesAnErrorWhateverItIs) {
  EXPECT_EQ(of(std::bad_alloc()).kind(), ErrorKind::full);
  // std::thread where no more threads can be made.
  EXPECT_EQ(of(std::system_error(std::make_error_code(std::errc::resource_unavailable_try_again))).kind(),
            ErrorKind::full);
  EXPECT_EQ(of(std::system_error(std::make_error_code(std::errc::io_error))).kind(), ErrorKind::io);
  EXPECT_EQ(of(std::runtime_error("x")).kind(), ErrorKind::internal);
  EXPECT_EQ(of(5).kind(), ErrorKind::internal);
}

TEST(Thrown, WhatIsReturnedStays) {
  EXPECT_EQ(caught("x", []() -> Result<int> { return 5; }).value(), 5);
  EXPECT_EQ(caught("x", []() -> Result<int> { return fail(ErrorKind::auth, "no"); }).error().text(), "no");
}

}  // namespace
}  // namespace coi
