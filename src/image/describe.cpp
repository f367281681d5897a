#include "image/describe.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "image/container.h"
#include "image/exif.h"
#include "image/number.h"

namespace coi::image {
namespace {

constexpr std::uint32_t most_side = 65'535;

std::unexpected<Error> cut_off() { return fail(ErrorKind::corrupt, "the picture's header is damaged or cut off"); }
std::unexpected<Error> impossible_size() {
  return fail(ErrorKind::corrupt, "the picture does not have the size that it claims");
}

// JPEG (ITU-T T.81)

// Baseline, extended and progressive with Huffman codes, whose least size can be told. Damage of arithmetic codes,
// moreover, is not reported, and the pixels that a cut-off leaves out cost time all the same; hardly a picture has
// them.
constexpr bool is_decoded(std::uint8_t frame) { return frame >= 0xC0 && frame <= 0xC2; }

// Each unit of Huffman-coded data takes a bit at least.
bool fits_jpeg(const Segment& frame, Size size, std::size_t octets) {
  std::uint32_t horizontal = 1, vertical = 1;
  for (std::size_t at = 6; at + 3 <= frame.contents.size(); at += 3) {
    const auto factors = big_endian(frame.contents, at + 1, 1);
    horizontal = std::max(horizontal, factors >> 4);
    vertical = std::max(vertical, factors & 15);
  }
  const std::uint64_t across = (size.width + 8 * horizontal - 1) / (8 * horizontal);
  const std::uint64_t down = (size.height + 8 * vertical - 1) / (8 * vertical);
  return across * down / 8 <= octets;
}

Result<Description> describe_jpeg(std::string_view octets) {
  Description found{.format = Format::jpeg};
  std::optional<Orientation> orientation;
  bool sized = false;
  auto rest = octets.substr(jpeg_begin.size());
  while (const auto segment = next_segment(rest)) {
    if (segment->marker == marker::app1 && segment->contents.starts_with(exif_begin) && !orientation) {
      orientation = read_orientation(segment->contents);
    } else if (begins_frame(segment->marker)) {
      if (!is_decoded(segment->marker)) return fail(ErrorKind::invalid, "the picture is a rare kind of JPEG");
      if (sized || segment->contents.size() < 6) return cut_off();
      sized = true;
      found.stored = {big_endian(segment->contents, 3, 2), big_endian(segment->contents, 1, 2)};
      if (!fits_jpeg(*segment, found.stored, octets.size())) return impossible_size();
    } else if (segment->marker == marker::start_of_scan && sized) {
      found.orientation = orientation.value_or(Orientation{1});
      return found;
    } else if (segment->marker == marker::end_of_image || segment->marker == marker::start_of_scan) {
      break;
    }
  }
  return cut_off();
}

// PNG

// Deflate makes at most 1032 octets out of one.
bool fits_png(std::string_view header, Size size, std::size_t octets) {
  const auto depth = big_endian(header, 8, 1);
  const auto colour = big_endian(header, 9, 1);
  const std::uint64_t channels = colour == 2 ? 3 : colour == 4 ? 2 : colour == 6 ? 4 : 1;
  return size.height * (size.width * channels * depth / 8) / 1032 <= octets;
}

Result<Description> describe_png(std::string_view octets) {
  Description found{.format = Format::png};
  auto rest = octets.substr(png_begin.size());
  const auto header = next_png_chunk(rest);
  if (!header || header->name != "IHDR" || header->contents.size() != 13) return cut_off();
  found.stored = {big_endian(header->contents, 0, 4), big_endian(header->contents, 4, 4)};
  if (std::max(found.stored.width, found.stored.height) <= most_side &&
      !fits_png(header->contents, found.stored, octets.size()))
    return impossible_size();
  std::optional<Orientation> orientation;
  while (const auto chunk = next_png_chunk(rest)) {
    if (chunk->name == "IDAT") break;
    if (chunk->name == "acTL") found.animated = big_endian(chunk->contents, 0, 4) > 1;
    if (chunk->name == "eXIf" && !orientation) orientation = read_orientation(chunk->contents);
  }
  found.orientation = orientation.value_or(Orientation{1});
  return found;
}

// GIF

Result<Description> describe_gif(std::string_view octets) {
  auto rest = octets;
  const auto screen = take_gif_screen(rest);
  if (!screen) return cut_off();
  Description found{.format = Format::gif, .stored = {little_endian(*screen, 0, 2), little_endian(*screen, 2, 2)}};
  std::size_t frames = 0;
  std::uint64_t first = 0;  // pixels of the first frame
  while (const auto block = next_gif_block(rest)) {
    if (block->kind == GifBlock::Kind::trailer) break;
    if (block->kind != GifBlock::Kind::image) continue;
    const auto field = [&](std::size_t at) { return little_endian(block->contents, at, 2); };
    if (field(0) + field(4) > found.stored.width || field(2) + field(6) > found.stored.height) return impossible_size();
    if (frames++ == 0) first = std::uint64_t{field(4)} * field(6);
  }
  if (first / 4096 > octets.size()) return impossible_size();  // a code means 4096 pixels at most
  found.animated = frames > 1;
  return found;
}

// WebP (RFC 9649)

// Of the key frame of VP8 (RFC 6386, section 9.1) or of lossless data; nothing if the chunk is neither.
std::optional<Size> bitstream_size(const Chunk& chunk) {
  const auto data = chunk.contents;
  if (chunk.name == "VP8 " && data.size() >= 10 && data.substr(3, 3) == "\x9D\x01\x2A")
    return Size{little_endian(data, 6, 2) & 0x3FFF, little_endian(data, 8, 2) & 0x3FFF};
  if (chunk.name == "VP8L" && data.size() >= 5 && data.front() == '\x2F') {
    const auto bits = little_endian(data, 1, 4);
    return Size{(bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1};
  }
  return std::nullopt;
}

Result<Description> describe_webp(std::string_view octets) {
  Description found{.format = Format::webp};
  auto rest = webp_chunks(octets);
  const auto head = next_webp_chunk(rest);
  if (!head) return cut_off();
  if (head->name != "VP8X") {
    const auto size = bitstream_size(*head);
    if (!size) return cut_off();
    found.stored = *size;
    return found;
  }
  if (head->contents.size() < 10) return cut_off();
  constexpr std::uint32_t animation_flag = 0x02;
  const bool announced = (little_endian(head->contents, 0, 1) & animation_flag) != 0;
  found.stored = {little_endian(head->contents, 4, 3) + 1, little_endian(head->contents, 7, 3) + 1};
  std::size_t frames = 0;
  std::optional<Orientation> orientation;
  while (const auto chunk = next_webp_chunk(rest)) {
    if (chunk->name == "EXIF" && !orientation) orientation = read_orientation(chunk->contents);
    if (chunk->name == "ANMF") ++frames;
    if (const auto size = bitstream_size(*chunk); size && !announced && *size != found.stored) return impossible_size();
  }
  found.orientation = orientation.value_or(Orientation{1});
  found.animated = announced && frames > 1;
  return found;
}

Result<Description> describe_as(Format format, std::string_view octets) {
  switch (format) {
    case Format::jpeg:
      return describe_jpeg(octets);
    case Format::png:
      return describe_png(octets);
    case Format::gif:
      return describe_gif(octets);
    case Format::webp:
      return describe_webp(octets);
  }
  return fail(ErrorKind::internal, "a picture of no format");
}

}  // namespace

Result<Description> describe(std::string_view octets, const Limits& limits) {
  const auto format = format_of(octets);
  if (!format) return fail(ErrorKind::invalid, "no JPEG, PNG, GIF or WebP picture");
  auto found = describe_as(*format, octets);
  if (!found) return found;
  const Size stored = found->stored;
  if (stored.pixels() == 0) return impossible_size();
  if (stored.pixels() > limits.pixels || std::max(stored.width, stored.height) > most_side)
    return fail(ErrorKind::limit, fmt::format("the picture has {} x {} pixels; at most {} are shown", stored.width,
                                              stored.height, limits.pixels));
  found->shown = upright(stored, found->orientation);
  return found;
}

}  // namespace coi::image
