// The kinds of the four formats that decoders treat each in its own way.
#include <gif_lib.h>
#include <gtest/gtest.h>
#include <png.h>
#include <webp/encode.h>

#include "image/number.h"
#include "image/thumbnail.h"
#include "image/without_place.h"
#include "pictures.h"

namespace coi::image {
namespace {

using namespace std::string_literals;

enum class Kind : std::uint8_t { palette, sixteen_bits, grey };

std::string png_of(Size size, Kind kind, bool interlaced) {
  std::string out;
  auto* png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  auto* info = png_create_info_struct(png);
  png_set_write_fn(
      png, &out,
      [](png_structp writer, png_bytep data, std::size_t count) {
        static_cast<std::string*>(png_get_io_ptr(writer))->append(reinterpret_cast<const char*>(data), count);
      },
      nullptr);
  const int colour = kind == Kind::palette ? PNG_COLOR_TYPE_PALETTE
                     : kind == Kind::grey  ? PNG_COLOR_TYPE_GRAY
                                           : PNG_COLOR_TYPE_RGBA;
  const int depth = kind == Kind::palette ? 2 : kind == Kind::grey ? 8 : 16;
  png_set_IHDR(png, info, size.width, size.height, depth, colour, interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  const png_color table[] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}};
  const png_byte alphas[] = {255, 255, 255, 0};
  if (kind == Kind::palette) {
    png_set_PLTE(png, info, table, 4);
    png_set_tRNS(png, info, alphas, 4, nullptr);
  }
  png_write_info(png, info);
  png_set_packing(png);  // an octet a pixel of the palette
  const auto picture = quarters(size, clear);
  for (int pass = png_set_interlace_handling(png); pass > 0; --pass)
    for (std::uint32_t y = 0; y < size.height; ++y) {
      std::vector<std::uint8_t> row;
      for (std::uint32_t x = 0; x < size.width; ++x) {
        const auto* pixel = picture.rgba.data() + (std::size_t{y} * size.width + x) * 4;
        const int quarter = (y * 2 >= size.height ? 2 : 0) + (x * 2 >= size.width ? 1 : 0);
        if (kind == Kind::palette) row.push_back(static_cast<std::uint8_t>(quarter));
        if (kind == Kind::grey) row.push_back(static_cast<std::uint8_t>(quarter * 80));
        if (kind == Kind::sixteen_bits)
          for (int i = 0; i < 8; ++i) row.push_back(pixel[i / 2]);
      }
      png_write_row(png, row.data());
    }
  png_write_end(png, nullptr);
  png_destroy_write_struct(&png, &info);
  return out;
}

// The fourth quarter is transparent.
std::string interlaced_gif(Size size) {
  std::string out;
  int error = 0;
  const auto append = [](GifFileType* file, const GifByteType* data, int count) {
    static_cast<std::string*>(file->UserData)
        ->append(reinterpret_cast<const char*>(data), static_cast<std::size_t>(count));
    return count;
  };
  auto* file = EGifOpen(&out, append, &error);
  EGifSetGifVersion(file, true);
  const GifColorType table[] = {{255, 0, 0}, {0, 255, 0}, {0, 0, 255}, {255, 255, 255}};
  auto* colours = GifMakeMapObject(4, table);
  const auto width = static_cast<int>(size.width), height = static_cast<int>(size.height);
  EGifPutScreenDesc(file, width, height, 2, 0, colours);
  const GifByteType control[] = {1, 0, 0, 3};  // the fourth colour is transparent
  EGifPutExtension(file, GRAPHICS_EXT_FUNC_CODE, 4, control);
  EGifPutImageDesc(file, 0, 0, width, height, true, nullptr);
  for (const auto& [first, step] : {std::pair{0, 8}, std::pair{4, 8}, std::pair{2, 4}, std::pair{1, 2}})
    for (int y = first; y < height; y += step)
      for (int x = 0; x < width; ++x)
        EGifPutPixel(file, static_cast<GifPixelType>((y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0)));
  EGifCloseFile(file, &error);
  GifFreeMapObject(colours);
  return out;
}

std::string lossless_webp(Size size) {
  const auto picture = quarters(size, clear);
  std::uint8_t* out = nullptr;
  const auto width = static_cast<int>(size.width);
  const std::size_t length =
      WebPEncodeLosslessRGBA(picture.rgba.data(), width, static_cast<int>(size.height), width * 4, &out);
  std::string octets(reinterpret_cast<char*>(out), length);
  WebPFree(out);
  return octets;
}

void expect_quarters(std::string_view octets, const std::array<Colour, 4>& expected, const std::string& what) {
  const auto found = thumbnail(octets, 40, 40, Limits{}).value();
  EXPECT_EQ(found.size, (Size{40, 40})) << what;
  for (int quarter = 0; quarter < 4; ++quarter)
    EXPECT_TRUE(alike(colour_in(found.octets, quarter), expected.at(static_cast<std::size_t>(quarter))))
        << what << quarter;
  EXPECT_EQ(thumbnail(without_place(octets).value(), 40, 40, Limits{}).value().octets, found.octets) << what;
}

TEST(Kinds, JpegInGreyAndForPrint) {
  const auto grey = [](int light) { return Colour{light, light, light, 255}; };
  expect_quarters(jpeg({80, 80}, JpegKind::grey), {grey(76), grey(150), grey(29), white}, "grey");
  expect_quarters(jpeg({80, 80}, JpegKind::cmyk), {red, green, blue, white}, "CMYK");
  expect_quarters(jpeg({80, 80}, JpegKind::cmyk_of_adobe), {red, green, blue, white}, "CMYK of Adobe");
}

TEST(Kinds, PngOfPalettesDepthsAndPasses) {
  const auto grey = [](int light) { return Colour{light, light, light, 255}; };
  for (const bool interlaced : {false, true}) {
    expect_quarters(png_of({80, 80}, Kind::palette, interlaced), {red, green, blue, clear}, "palette");
    expect_quarters(png_of({80, 80}, Kind::sixteen_bits, interlaced), {red, green, blue, clear}, "16 bits");
    expect_quarters(png_of({80, 80}, Kind::grey, interlaced), {grey(0), grey(80), grey(160), grey(240)}, "grey");
  }
}

TEST(Kinds, GifInPassesThatLetsSomethingThrough) {
  expect_quarters(interlaced_gif({80, 80}), {red, green, blue, clear}, "interlaced");
}

TEST(Kinds, LosslessWebpLetsSomethingThrough) {
  expect_quarters(lossless_webp({80, 80}), {red, green, blue, clear}, "lossless");
}

TEST(Kinds, AFrameOfAnAnimatedWebpLiesWhereItBelongs) {
  auto octets = animated_webp({80, 80}, {webp({50, 50}).substr(12)});
  std::string place;
  append_little_endian(place, 30 / 2, 3);
  append_little_endian(place, 30 / 2, 3);
  append_little_endian(place, 50 - 1, 3);
  append_little_endian(place, 50 - 1, 3);
  octets.replace(octets.find("ANMF") + 8, place.size(), place);
  expect_quarters(octets, {clear, clear, clear, white}, "animated");
}

}  // namespace
}  // namespace coi::image
