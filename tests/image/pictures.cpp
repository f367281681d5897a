#include "pictures.h"

#include <cstdio>
#include <cstdlib>

#include <gif_lib.h>
#include <jpeglib.h>
#include <webp/encode.h>
#include <zlib.h>

#include "image/describe.h"
#include "image/exif.h"
#include "image/number.h"
#include "image/rows.h"

namespace coi::image {
namespace {

using namespace std::string_literals;

// `rows` are repeated from the first on.
std::string encode_jpeg(const Picture& rows, Size size, JpegKind kind) {
  const bool cmyk = kind == JpegKind::cmyk || kind == JpegKind::cmyk_of_adobe;
  jpeg_compress_struct encoder{};
  jpeg_error_mgr errors{};
  encoder.err = jpeg_std_error(&errors);
  jpeg_create_compress(&encoder);
  unsigned char* out = nullptr;
  unsigned long out_size = 0;
  jpeg_mem_dest(&encoder, &out, &out_size);
  encoder.image_width = size.width;
  encoder.image_height = size.height;
  encoder.input_components = 4;
  encoder.in_color_space = cmyk ? JCS_CMYK : JCS_EXT_RGBA;
  jpeg_set_defaults(&encoder);
  if (kind == JpegKind::grey || kind == JpegKind::progressive_grey) jpeg_set_colorspace(&encoder, JCS_GRAYSCALE);
  if (kind == JpegKind::cmyk) encoder.write_Adobe_marker = FALSE;
  jpeg_set_quality(&encoder, 90, TRUE);
  if (kind == JpegKind::progressive || kind == JpegKind::progressive_grey) jpeg_simple_progression(&encoder);
  encoder.arith_code = static_cast<boolean>(kind == JpegKind::arithmetic);
  jpeg_start_compress(&encoder, TRUE);
  while (encoder.next_scanline < size.height) {
    auto* row =
        const_cast<JSAMPROW>(rows.rgba.data() + std::size_t{encoder.next_scanline % rows.size.height} * size.width * 4);
    jpeg_write_scanlines(&encoder, &row, 1);
  }
  jpeg_finish_compress(&encoder);
  jpeg_destroy_compress(&encoder);
  std::string octets(reinterpret_cast<char*>(out), out_size);
  std::free(out);
  return octets;
}

void append_entry(std::string& tiff, std::uint32_t tag, std::uint32_t type, std::uint32_t count, std::uint32_t value) {
  append_little_endian(tiff, tag, 2);
  append_little_endian(tiff, type, 2);
  append_little_endian(tiff, count, 4);
  append_little_endian(tiff, value, 4);
}

}  // namespace

Picture quarters(Size size, Colour fourth) {
  const Colour colours[] = {red, green, blue, fourth};
  Picture picture{size, {}};
  for (std::uint32_t y = 0; y < size.height; ++y)
    for (std::uint32_t x = 0; x < size.width; ++x)
      for (const int value : colours[(y * 2 >= size.height ? 2 : 0) + (x * 2 >= size.width ? 1 : 0)])
        picture.rgba.push_back(static_cast<std::uint8_t>(value));
  return picture;
}

Colour colour_in(const Picture& picture, int quarter) {
  const auto x = picture.size.width * (quarter % 2 == 0 ? 1U : 3U) / 4;
  const auto y = picture.size.height * (quarter < 2 ? 1U : 3U) / 4;
  const auto* pixel = picture.rgba.data() + (std::size_t{y} * picture.size.width + x) * 4;
  return {pixel[0], pixel[1], pixel[2], pixel[3]};
}

Colour colour_in(std::string_view octets, int quarter) {
  const auto found = describe(octets, Limits{}).value();
  auto rows = found.format == Format::jpeg  ? jpeg_rows(octets, found.stored).value()
              : found.format == Format::png ? png_rows(octets).value()
              : found.format == Format::gif ? gif_rows(octets, found.stored).value()
                                            : webp_rows(octets, found.stored, found.stored).value();
  return colour_in(reduce(*rows, {0, 0, rows->size()}, rows->size()).value(), quarter);
}

bool alike(const Colour& a, const Colour& b) {
  for (std::size_t i = 0; i < 4; ++i)
    if (std::abs(a.at(i) - b.at(i)) >= 40) return false;
  return true;
}

std::string jpeg(Size size, JpegKind kind) {
  auto picture = quarters(size);
  if (kind == JpegKind::cmyk)
    for (auto& value : picture.rgba) value = static_cast<std::uint8_t>(255 - value);  // ink instead of light
  return encode_jpeg(picture, size, kind);
}
std::string progressive_jpeg(Size size) { return jpeg(size, JpegKind::progressive); }
std::string flat_progressive_jpeg(Size size) {
  return encode_jpeg(quarters({size.width, 1}, white), size, JpegKind::progressive_grey);
}
std::string png(Size size, Colour fourth) { return to_png(quarters(size, fourth)).value(); }

std::string gif(Size size, int frames) {
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
  while (frames-- > 0) {
    EGifPutImageDesc(file, 0, 0, width, height, false, nullptr);
    for (int y = 0; y < height; ++y)
      for (int x = 0; x < width; ++x)
        EGifPutPixel(file, static_cast<GifPixelType>((y * 2 >= height ? 2 : 0) + (x * 2 >= width ? 1 : 0)));
  }
  EGifCloseFile(file, &error);
  GifFreeMapObject(colours);
  return out;
}

std::string webp(Size size) {
  const auto picture = quarters(size);
  std::uint8_t* out = nullptr;
  const auto width = static_cast<int>(size.width);
  const std::size_t length =
      WebPEncodeRGBA(picture.rgba.data(), width, static_cast<int>(size.height), width * 4, 90, &out);
  std::string octets(reinterpret_cast<char*>(out), length);
  WebPFree(out);
  return octets;
}

std::string webp_chunk(std::string_view name, std::string_view contents) {
  std::string out(name);
  append_little_endian(out, static_cast<std::uint32_t>(contents.size()), 4);
  out += contents;
  if (contents.size() % 2 != 0) out += '\0';
  return out;
}

std::string extended_webp(Size size, std::string_view exif, std::string_view xmp) {
  std::string head("\x0C\0\0\0", 4);  // EXIF and XMP follow
  append_little_endian(head, size.width - 1, 3);
  append_little_endian(head, size.height - 1, 3);
  const auto chunks = "WEBP" + webp_chunk("VP8X", head) + webp(size).substr(12) + webp_chunk("EXIF", exif) +
                      webp_chunk("XMP ", xmp) + webp_chunk("ZZZZ", "PLACE48N");
  return webp_chunk("RIFF", chunks);
}

std::string animated_webp(Size size, const std::vector<std::string>& frames, std::string_view tail) {
  const auto measures = [&](std::string& out) {
    append_little_endian(out, size.width - 1, 3);
    append_little_endian(out, size.height - 1, 3);
  };
  std::string head("\x02\0\0\0", 4);
  measures(head);
  head += tail;
  auto chunks = "WEBP" + webp_chunk("VP8X", head) + webp_chunk("ANIM", std::string(6, '\0').append(tail));
  for (const auto& image : frames) {
    std::string frame(6, '\0');  // where it lies
    measures(frame);
    append_little_endian(frame, 100, 3);  // milliseconds
    frame += '\0';
    chunks += webp_chunk("ANMF", frame + image);
  }
  return webp_chunk("RIFF", chunks);
}

std::string segment(unsigned marker, std::string_view contents) {
  std::string out{'\xFF', static_cast<char>(marker)};
  append_big_endian(out, static_cast<std::uint32_t>(contents.size() + 2), 2);
  return out += contents;
}

std::string chunk(std::string_view name, std::string_view contents) {
  const auto summed = std::string(name) + std::string(contents);
  std::string out;
  append_big_endian(out, static_cast<std::uint32_t>(contents.size()), 4);
  out += summed;
  const auto sum = crc32(0, reinterpret_cast<const Bytef*>(summed.data()), static_cast<uInt>(summed.size()));
  append_big_endian(out, static_cast<std::uint32_t>(sum), 4);
  return out;
}

std::string with_segments(std::string_view jpeg, std::string_view segments) {
  return std::string(jpeg.substr(0, 2)).append(segments).append(jpeg.substr(2));
}

std::string with_chunks(std::string_view png, std::string_view chunks) {
  constexpr std::size_t head = 8 + 25;
  return std::string(png.substr(0, head)).append(chunks).append(png.substr(head));
}

std::string exif_with_place(Orientation orientation) {
  std::string tiff = "II\x2A\0\x08\0\0\0\x03\0"s;
  append_entry(tiff, 0x0112, 3, 1, orientation);
  append_entry(tiff, 0x8825, 4, 1, 50);   // GPS
  append_entry(tiff, 0xA430, 2, 10, 68);  // the owner
  tiff += "\0\0\0\0"s;                    // 50 octets so far
  tiff += "\x01\0"s;
  append_entry(tiff, 0x0002, 5, 3, 78);
  tiff += "\0\0\0\0"s;  // 68
  return tiff + "Ada Owner\0PLACE48N"s;
}

}  // namespace coi::image
