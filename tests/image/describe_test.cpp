#include "image/describe.h"

#include <gtest/gtest.h>

#include "image/exif.h"
#include "pictures.h"

namespace coi::image {
namespace {

using namespace std::string_literals;

ErrorKind refusal(std::string_view octets) { return describe(octets, Limits{}).error().kind(); }

// A JPEG's frame header and a scan: no more than its size.
std::string jpeg_of(std::string_view size) {
  return "\xFF\xD8" + segment(0xC0, "\x08"s + std::string(size) + "\x01\x01\x11\0"s) +
         segment(0xDA, "\x01\x01\0\0\x3F\0"s);
}

std::string png_of(std::string_view size) {
  return "\x89PNG\r\n\x1A\n" + chunk("IHDR", std::string(size) + "\x08\x06\0\0\0"s) + chunk("IDAT", "x");
}

TEST(Describe, TellsFormatAndSizeFromTheFirstOctets) {
  const Size size{30, 20};
  for (const auto& [octets, format] :
       {std::pair{jpeg(size), Format::jpeg}, std::pair{progressive_jpeg(size), Format::jpeg},
        std::pair{png(size), Format::png}, std::pair{gif(size), Format::gif}, std::pair{webp(size), Format::webp},
        std::pair{extended_webp(size, "", ""), Format::webp}}) {
    const auto found = describe(octets, Limits{}).value();
    EXPECT_EQ(found.format, format);
    EXPECT_EQ(found.stored, size) << int(format);
    EXPECT_EQ(found.shown, size);
    EXPECT_FALSE(found.animated);
  }
}

TEST(Describe, ShowsWhatTheOrientationMakesOfTheSize) {
  for (Orientation orientation = 1; orientation <= 8; ++orientation) {
    const auto exif = exif_with_place(orientation);
    for (const auto& octets : {with_segments(jpeg({30, 20}), segment(0xE1, "Exif\0\0"s + exif)),
                               with_chunks(png({30, 20}), chunk("eXIf", exif)), extended_webp({30, 20}, exif, "")}) {
      const auto found = describe(octets, Limits{}).value();
      EXPECT_EQ(found.orientation, orientation);
      EXPECT_EQ(found.stored, (Size{30, 20}));
      EXPECT_EQ(found.shown, orientation >= 5 ? (Size{20, 30}) : (Size{30, 20}));
    }
  }
}

TEST(Describe, SeesThatAPictureMoves) {
  EXPECT_TRUE(describe(gif({8, 8}, 3), Limits{}).value().animated);
  EXPECT_TRUE(describe(with_chunks(png({8, 8}), chunk("acTL", "\0\0\0\x02\0\0\0\0"s)), Limits{}).value().animated);
}

TEST(Describe, SaysWhatIsNoPicture) {
  for (const auto& octets : {""s, "hello"s, "\xFF"s, "RIFF\x04\0\0\0WAVE"s, "RIFF\x01\0\0WEBP"s, "<svg/>"s, "BM\0\0"s})
    EXPECT_EQ(refusal(octets), ErrorKind::invalid);
}

TEST(Describe, RefusesMorePixelsThanTheLimit) {
  EXPECT_EQ(refusal(png_of("\0\0\xEA\x60\0\0\xEA\x60"s)), ErrorKind::corrupt);  // 60 000 x 60 000 in no octets
  EXPECT_EQ(refusal(png_of("\0\0\xEA\x60\0\0\xEA\x60"s) + std::string(15'000'000, 'x')), ErrorKind::limit);
  EXPECT_EQ(refusal(jpeg_of("\x1F\x40\x1F\x40"s) + std::string(200'000, 'x')), ErrorKind::limit);  // 64 megapixels
  EXPECT_EQ(refusal(png_of("\0\x01\0\0\0\0\0\x01"s)), ErrorKind::limit);
  Limits small;
  small.pixels = 599;
  EXPECT_EQ(describe(jpeg({30, 20}), small).error().kind(), ErrorKind::limit);
}

TEST(Describe, RefusesASizeThatThePictureCannotHave) {
  EXPECT_EQ(refusal("\xFF\xD8"), ErrorKind::corrupt);
  EXPECT_EQ(refusal(jpeg_of("\xEA\x60\xEA\x60"s)), ErrorKind::corrupt);
  EXPECT_EQ(refusal(jpeg_of("\x17\x70\x17\x70"s)), ErrorKind::corrupt);  // 36 megapixels, but not in 40 octets
  EXPECT_EQ(refusal(png_of("\0\0\x17\x70\0\0\x17\x70"s)), ErrorKind::corrupt);
  EXPECT_EQ(refusal(jpeg_of("\0\0\0\x10"s)), ErrorKind::corrupt);
  EXPECT_EQ(refusal(png_of("\0\0\0\0\0\0\0\x10"s)), ErrorKind::corrupt);
  auto frame_beyond_the_screen = gif({8, 8});
  frame_beyond_the_screen[6] = '\x07';
  EXPECT_EQ(refusal(frame_beyond_the_screen), ErrorKind::corrupt);
  auto other_canvas = extended_webp({8, 8}, "", "");
  other_canvas[24] = '\x63';
  EXPECT_EQ(refusal(other_canvas), ErrorKind::corrupt);
}

TEST(Describe, ADamagedExifBlockIsNoOrientation) {
  const auto sound = exif_with_place(6);
  EXPECT_EQ(read_orientation(sound), 6);
  EXPECT_EQ(read_orientation("Exif\0\0"s + sound), 6);
  EXPECT_EQ(read_orientation(orientation_block(7)), 7);
  EXPECT_EQ(read_orientation(exif_with_place(9)), 1);
  for (std::size_t size = 0; size < 22; ++size) EXPECT_EQ(read_orientation(sound.substr(0, size)), 1) << size;
  auto loop = sound;
  loop[46] = '\x08';  // the next directory is this one
  EXPECT_EQ(read_orientation(loop), 6);
  auto far = sound;
  far.replace(4, 4, "\xFF\xFF\xFF\xFF");
  EXPECT_EQ(read_orientation(far), 1);
  auto many = sound;
  many.replace(8, 2, "\xFF\xFF");
  EXPECT_EQ(read_orientation(many), 6);
  auto absurd = sound;
  absurd.replace(14, 4, "\xFF\xFF\xFF\xFF");  // values of the orientation
  EXPECT_EQ(read_orientation(absurd), 1);
}

TEST(Describe, OfWhatIsCutOffTheHeaderIsEnough) {
  const auto photo = jpeg({40, 30});
  const std::size_t jpeg_head = photo.find("\xFF\xDA") + 2 + 12;  // the scan's header
  const std::size_t png_head = 8 + 25, gif_head = 6 + 7 + 4 * 3, webp_head = 12 + 8 + 10;
  for (const auto& [octets, head] :
       {std::pair{photo, jpeg_head}, std::pair{png({40, 30}), png_head}, std::pair{gif({40, 30}), gif_head},
        std::pair{extended_webp({40, 30}, exif_with_place(3), "x"), webp_head}})
    for (std::size_t size = 0; size < octets.size(); ++size) {
      const auto found = describe(std::string_view(octets).substr(0, size), Limits{});
      EXPECT_EQ(found.has_value(), size >= head) << octets.substr(0, 4) << size;
      if (found) {
        EXPECT_EQ(found->stored, (Size{40, 30})) << size;
      }
    }
}

}  // namespace
}  // namespace coi::image
