#include "image/without_place.h"

#include <algorithm>
#include <initializer_list>
#include <optional>

#include <zlib.h>

#include "image/container.h"
#include "image/exif.h"
#include "image/number.h"

namespace coi::image {
namespace {

std::unexpected<Error> no_picture() {
  return fail(ErrorKind::corrupt, "the picture is damaged, so that nobody can tell where it keeps its place");
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::ranges::find(names, name) != names.end();
}

// -- JPEG
// --------------------------------------------------------------------------------------------------------------

// JFIF without its preview: version, unit and density, 14 octets after the marker's length and name.
void append_jfif(std::string& out, std::string_view contents) {
  constexpr std::size_t kept = 12, with_empty_preview = kept + 2;
  out += "\xFF\xE0";
  append_big_endian(out, with_empty_preview + 2, 2);
  out += contents.substr(0, kept);
  append_big_endian(out, 0, 2);
}

void append_exif_segment(std::string& out, Orientation orientation) {
  const auto block = orientation_block(orientation);
  out += "\xFF\xE1";
  append_big_endian(out, static_cast<std::uint32_t>(2 + exif_begin.size() + block.size()), 2);
  out += exif_begin;
  out += block;
}

bool is_jfif(const Segment& segment) {
  return segment.marker == marker::app0 && segment.contents.starts_with(std::string_view("JFIF\0", 5)) &&
         segment.contents.size() >= 14;
}

// What decodes the picture, its colour profile, and Adobe's word for how colours are stored.
bool stays(const Segment& segment) {
  if (segment.marker == marker::app2) return segment.contents.starts_with(std::string_view("ICC_PROFILE\0", 12));
  if (segment.marker == marker::app14) return segment.contents.starts_with("Adobe");
  return segment.marker != marker::comment && (segment.marker < marker::app0 || segment.marker > marker::app15) &&
         segment.marker < 0xF0;
}

// What is written anew, from before the first scan.
struct JpegHead {
  std::optional<Segment> jfif;
  std::optional<Orientation> orientation;
};

JpegHead read_head(std::string_view rest) {
  JpegHead head;
  while (const auto segment = next_segment(rest)) {
    if (segment->marker == marker::start_of_scan) break;
    if (is_jfif(*segment) && !head.jfif) head.jfif = segment;
    if (segment->marker == marker::app1 && segment->contents.starts_with(exif_begin) && !head.orientation)
      head.orientation = read_orientation(segment->contents);
  }
  return head;
}

Result<std::string> jpeg_without_place(std::string_view octets) {
  auto rest = octets.substr(jpeg_begin.size());
  const auto head = read_head(rest);
  const auto orientation = head.orientation.value_or(Orientation{1});
  std::string out(jpeg_begin);
  if (head.jfif) append_jfif(out, head.jfif->contents);
  if (orientation != 1) append_exif_segment(out, orientation);
  bool has_picture = false;
  while (const auto segment = next_segment(rest)) {
    if (stays(*segment)) out += segment->whole;
    has_picture |= segment->marker == marker::start_of_scan;
    if (segment->marker == marker::end_of_image) break;
  }
  if (!has_picture) return no_picture();
  return out;
}

// -- PNG
// ---------------------------------------------------------------------------------------------------------------

void append_png_chunk(std::string& out, std::string_view name, std::string_view contents) {
  append_big_endian(out, static_cast<std::uint32_t>(contents.size()), 4);
  const std::size_t summed = out.size();
  out += name;
  out += contents;
  const auto sum =
      crc32(0, reinterpret_cast<const Bytef*>(out.data() + summed), static_cast<uInt>(out.size() - summed));
  append_big_endian(out, static_cast<std::uint32_t>(sum), 4);
}

Result<std::string> png_without_place(std::string_view octets) {
  auto rest = octets.substr(png_begin.size());
  std::string out(png_begin);
  std::optional<Orientation> orientation;
  bool has_picture = false;
  while (const auto chunk = next_png_chunk(rest)) {
    has_picture |= chunk->name == "IDAT";
    if (chunk->name == "eXIf" && !orientation) {
      orientation = read_orientation(chunk->contents);
      if (orientation != 1) append_png_chunk(out, "eXIf", orientation_block(*orientation));
    } else if (is_one_of(chunk->name, {"IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "cICP",
                                       "mDCV", "cLLI", "sBIT", "bKGD", "pHYs", "hIST", "acTL", "fcTL", "fdAT"})) {
      out += chunk->whole;
    }
    if (chunk->name == "IEND") break;
  }
  if (!has_picture) return no_picture();
  return out;
}

// -- GIF
// ---------------------------------------------------------------------------------------------------------------

// Not comments, and of applications only what repeats an animation or describes its colours; XMP is one of them.
bool stays(const GifBlock& block) {
  constexpr std::uint8_t comment = 0xFE, application = 0xFF;
  if (block.kind != GifBlock::Kind::extension) return true;
  if (block.label == application) return is_one_of(block.contents, {"NETSCAPE2.0", "ANIMEXTS1.0", "ICCRGBG1012"});
  return block.label != comment;
}

Result<std::string> gif_without_place(std::string_view octets) {
  auto rest = octets;
  if (!take_gif_screen(rest)) return no_picture();
  std::string out(octets.substr(0, octets.size() - rest.size()));
  bool has_picture = false;
  while (const auto block = next_gif_block(rest)) {
    if (stays(*block)) out += block->whole;
    has_picture |= block->kind == GifBlock::Kind::image;
    if (block->kind == GifBlock::Kind::trailer) break;
  }
  if (!has_picture) return no_picture();
  return out;
}

// -- WebP
// --------------------------------------------------------------------------------------------------------------

void append_webp_chunk(std::string& out, std::string_view name, std::string_view contents) {
  out += name;
  append_little_endian(out, static_cast<std::uint32_t>(contents.size()), 4);
  out += contents;
  if (contents.size() % 2 != 0) out += '\0';
}

Result<std::string> webp_without_place(std::string_view octets) {
  auto rest = webp_chunks(octets);
  std::string chunks;
  std::optional<Orientation> orientation;
  std::optional<std::size_t> flags;  // where VP8X has them
  bool has_picture = false;
  while (const auto chunk = next_webp_chunk(rest)) {
    if (chunk->name == "EXIF" && !orientation) orientation = read_orientation(chunk->contents);
    if (chunk->name == "VP8X" && !chunk->contents.empty() && !flags) flags = chunks.size() + 8;
    if (is_one_of(chunk->name, {"VP8X", "VP8 ", "VP8L", "ALPH", "ICCP", "ANIM", "ANMF"}))
      append_webp_chunk(chunks, chunk->name, chunk->contents);
    has_picture |= is_one_of(chunk->name, {"VP8 ", "VP8L", "ANMF"});
  }
  if (!has_picture) return no_picture();
  if (flags) {
    constexpr std::uint8_t exif_flag = 0x08, xmp_flag = 0x04;
    auto value = static_cast<std::uint8_t>(chunks[*flags] & ~(exif_flag | xmp_flag));
    if (orientation.value_or(Orientation{1}) != 1) {
      value |= exif_flag;
      append_webp_chunk(chunks, "EXIF", orientation_block(*orientation));
    }
    chunks[*flags] = static_cast<char>(value);
  }
  std::string out = "RIFF";
  append_little_endian(out, static_cast<std::uint32_t>(chunks.size() + 4), 4);
  return out + "WEBP" + chunks;
}

}  // namespace

Result<std::string> without_place(std::string_view octets) {
  const auto format = format_of(octets);
  if (!format) return fail(ErrorKind::invalid, "no JPEG, PNG, GIF or WebP picture");
  switch (*format) {
    case Format::jpeg:
      return jpeg_without_place(octets);
    case Format::png:
      return png_without_place(octets);
    case Format::gif:
      return gif_without_place(octets);
    case Format::webp:
      return webp_without_place(octets);
  }
  return fail(ErrorKind::internal, "a picture of no format");
}

}  // namespace coi::image
