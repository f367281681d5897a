// Whatever is thrown inside of the room ends at its wall.
#include <gtest/gtest.h>

#include <filesystem>
#include <new>
#include <stdexcept>
#include <system_error>

#include "store/sql.h"

namespace coi::store {
namespace {

template <class Thrown>
ErrorKind caught(Thrown thrown) {
  const auto result = walled("cannot do it", [&] { throw thrown; });
  EXPECT_FALSE(result);
  EXPECT_TRUE(result.error().text().starts_with("cannot do it: ")) << result.error().text();
  return result.error().kind();
}

TEST(Wall, TurnsAllThatIsThrownIntoAnError) {
  EXPECT_EQ(caught(SQLite::Exception("x", 13)), ErrorKind::full);
  EXPECT_EQ(caught(std::bad_alloc()), ErrorKind::full);
  EXPECT_EQ(caught(std::system_error(std::make_error_code(std::errc::io_error))), ErrorKind::io);
  EXPECT_EQ(caught(std::filesystem::filesystem_error("x", std::make_error_code(std::errc::no_space_on_device))),
            ErrorKind::full);
  EXPECT_EQ(caught(std::runtime_error("x")), ErrorKind::internal);
  EXPECT_EQ(caught(1), ErrorKind::internal);
}

}  // namespace
}  // namespace coi::store
