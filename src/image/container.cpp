#include "image/container.h"

#include <algorithm>

#include "image/number.h"

namespace coi::image {
namespace {

constexpr std::uint8_t octet(std::string_view octets, std::size_t at) { return static_cast<std::uint8_t>(octets[at]); }

// RST0 to RST7 and TEM have no length, and stand within coded data or mean nothing.
constexpr bool stands_alone(std::uint8_t marker) { return marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7); }

// The length of a scan's coded data: up to the next marker that is neither a restart nor a stuffed FF.
std::size_t coded_size(std::string_view data) {
  std::size_t at = 0;
  while ((at = data.find('\xFF', at)) != std::string_view::npos) {
    if (at + 1 == data.size()) break;
    const auto next = octet(data, at + 1);
    if (next == 0xFF) {
      ++at;
    } else if (next == 0 || stands_alone(next)) {
      at += 2;
    } else {
      return at;
    }
  }
  return data.size();
}

std::string_view take(std::string_view& rest, std::size_t size) {
  const auto taken = rest.substr(0, size);
  rest.remove_prefix(taken.size());
  return taken;
}

// The octets of sub-blocks with the empty one that ends them; nothing when they are cut off.
std::optional<std::size_t> sub_blocks_size(std::string_view data) {
  std::size_t at = 0;
  while (at < data.size()) {
    const std::size_t size = octet(data, at);
    at += size + 1;
    if (size == 0) return at;
  }
  return std::nullopt;
}

// The octets of a colour table, by the packed field that announces it.
constexpr std::size_t colours_size(std::uint8_t packed) {
  return (packed & 0x80) != 0 ? std::size_t{3} << ((packed & 7) + 1) : 0;
}

}  // namespace

std::optional<Format> format_of(std::string_view octets) {
  if (octets.starts_with(jpeg_begin)) return Format::jpeg;
  if (octets.starts_with(png_begin)) return Format::png;
  if (octets.starts_with("GIF87a") || octets.starts_with("GIF89a")) return Format::gif;
  if (octets.starts_with("RIFF") && octets.substr(std::min<std::size_t>(8, octets.size())).starts_with("WEBP"))
    return Format::webp;
  return std::nullopt;
}

bool begins_frame(std::uint8_t marker) {
  return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

std::optional<Segment> next_segment(std::string_view& rest) {
  std::uint8_t marker = 0;
  do {
    const auto begin = rest.find('\xFF');
    const auto end = begin == std::string_view::npos ? begin : rest.find_first_not_of('\xFF', begin);
    if (end == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(end - 1);
    marker = octet(rest, 1);
    if (marker == marker::end_of_image) return Segment{marker, take(rest, 2), {}};
    if (marker == 0 || marker == 0xD8 || stands_alone(marker)) {
      rest.remove_prefix(2);
      marker = 0;
    }
  } while (marker == 0);

  const std::size_t length = big_endian(rest, 2, 2);  // counts itself
  if (length < 2 || rest.size() < 2 + length) return std::nullopt;
  std::size_t size = 2 + length;
  const auto contents = rest.substr(4, length - 2);
  if (marker == marker::start_of_scan) size += coded_size(rest.substr(size));
  return Segment{marker, take(rest, size), contents};
}

std::optional<Chunk> next_png_chunk(std::string_view& rest) {
  const std::size_t length = big_endian(rest, 0, 4);
  if (rest.size() < 12 || rest.size() - 12 < length) return std::nullopt;
  const auto whole = take(rest, length + 12);
  return Chunk{whole.substr(4, 4), whole, whole.substr(8, length)};
}

std::string_view webp_chunks(std::string_view octets) {
  constexpr std::size_t signature = 12, name = 4;  // "RIFF", the length of what follows it, "WEBP"
  const std::size_t length = little_endian(octets, 4, 4);
  return octets.substr(signature, std::max(length, name) - name);
}

std::optional<Chunk> next_webp_chunk(std::string_view& rest) {
  const std::size_t length = little_endian(rest, 4, 4);
  if (rest.size() < 8 || rest.size() - 8 < length) return std::nullopt;
  const auto whole = take(rest, 8 + length + length % 2);
  return Chunk{whole.substr(0, 4), whole, whole.substr(8, length)};
}

std::optional<std::string_view> take_gif_screen(std::string_view& rest) {
  constexpr std::size_t signature = 6, screen = 7;
  if (rest.size() < signature + screen) return std::nullopt;
  const std::size_t size = signature + screen + colours_size(octet(rest, signature + 4));
  if (rest.size() < size) return std::nullopt;
  return take(rest, size).substr(signature);
}

std::optional<GifBlock> next_gif_block(std::string_view& rest) {
  if (rest.empty()) return std::nullopt;
  GifBlock block;
  std::size_t head = 0;
  switch (octet(rest, 0)) {
    case 0x3B:
      block.whole = take(rest, 1);
      return block;
    case 0x21:
      if (rest.size() < 3) return std::nullopt;
      block.kind = GifBlock::Kind::extension;
      block.label = octet(rest, 1);
      block.contents = rest.substr(3, octet(rest, 2));
      head = 2;
      break;
    case 0x2C:
      if (rest.size() < 11) return std::nullopt;
      block.kind = GifBlock::Kind::image;
      block.contents = rest.substr(1, 9);
      head = 10 + colours_size(octet(rest, 9)) + 1;  // and the octet with the size of the first codes
      break;
    default:
      return std::nullopt;
  }
  if (head > rest.size()) return std::nullopt;
  const auto size = sub_blocks_size(rest.substr(head));
  if (!size) return std::nullopt;
  block.whole = take(rest, head + *size);
  return block;
}

std::optional<std::string_view> next_gif_sub_block(std::string_view& rest) {
  const std::size_t size = rest.empty() ? 0 : octet(rest, 0);
  if (size == 0 || rest.size() < 1 + size) return std::nullopt;
  return take(rest, 1 + size);
}

}  // namespace coi::image
