// Files on their way out: what pictures tell of places stays here.
#include <gtest/gtest.h>

#include "engine/outgoing_files.h"

namespace coi::engine {
namespace {

using namespace std::string_literals;

std::string refused(std::string name, std::string bytes) {
  const auto file = outgoing_file(std::move(name), std::move(bytes), {}, Limits{});
  return file ? "taken" : file.error().kind() == ErrorKind::not_allowed ? "refused" : file.error().text();
}

// Whatever their names say.
TEST(OutgoingFiles, PicturesWhosePlaceCannotBeTakenOutAreRefused) {
  EXPECT_EQ(refused("x.dat", "\xFF\xD8\xFF\xE1\0\x40 Exif, and no picture"s), "refused");
  for (const auto& begin : {"\0\0\0\x18"s + "ftypcrx "s, "\0\0\0\x18"s + "ftypheis"s, "FUJIFILMCCD-RAW "s, "IIU\0\x18"s,
                            "II+\0\x08"s, "\0\0\0\x0CJXL \r\n"s})
    EXPECT_EQ(refused("IMG_1", begin + std::string(40, 'x')), "refused") << begin;
  EXPECT_EQ(refused("notes.txt", "Milk"), "taken");
}

TEST(OutgoingFiles, TheUserMayKeepThem) {
  const auto kept = outgoing_file("a.heic", "\0\0\0\x18"s + "ftypheic"s, {.keep_place = true}, Limits{});
  ASSERT_TRUE(kept);
  EXPECT_EQ(kept->bytes.size(), 12U);
}

// Whoever gets a file of that name takes it for a live track, which shows nothing.
TEST(OutgoingFiles, D32AMapIsNoLiveTrack) {
  EXPECT_EQ(outgoing_file("location.kml", "<kml/>", {}, Limits{}).value().name, "places.kml");
}

}  // namespace
}  // namespace coi::engine
