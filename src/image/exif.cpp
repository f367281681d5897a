#include "image/exif.h"

#include <algorithm>

#include "image/number.h"

namespace coi::image {
namespace {

constexpr std::uint32_t orientation_tag = 0x0112;
constexpr std::uint32_t short_type = 3;
constexpr std::size_t entry_size = 12;  // tag, type, count, value

}  // namespace

Orientation read_orientation(std::string_view tiff) {
  if (tiff.starts_with(exif_begin)) tiff.remove_prefix(exif_begin.size());
  if (tiff.size() < 8) return 1;
  const bool little = tiff.starts_with("II");
  if (!little && !tiff.starts_with("MM")) return 1;
  const auto two = [&](std::size_t at) { return little ? little_endian(tiff, at, 2) : big_endian(tiff, at, 2); };
  const auto four = [&](std::size_t at) { return little ? little_endian(tiff, at, 4) : big_endian(tiff, at, 4); };

  const std::size_t directory = four(4);
  if (two(2) != 42 || directory > tiff.size() || tiff.size() - directory < 2) return 1;
  const std::size_t fitting = (tiff.size() - directory - 2) / entry_size;
  const std::size_t entries = std::min<std::size_t>(two(directory), fitting);
  for (std::size_t i = 0; i < entries; ++i) {
    const std::size_t entry = directory + 2 + i * entry_size;
    if (two(entry) != orientation_tag) continue;
    const auto value = two(entry + 8);
    const bool sound = two(entry + 2) == short_type && four(entry + 4) == 1 && value >= 1 && value <= 8;
    return sound ? static_cast<Orientation>(value) : Orientation{1};
  }
  return 1;
}

std::string orientation_block(Orientation orientation) {
  std::string tiff("MM\0\x2A", 4);
  append_big_endian(tiff, 8, 4);  // where the directory is
  append_big_endian(tiff, 1, 2);  // its entries
  append_big_endian(tiff, orientation_tag, 2);
  append_big_endian(tiff, short_type, 2);
  append_big_endian(tiff, 1, 4);
  append_big_endian(tiff, orientation, 2);
  append_big_endian(tiff, 0, 2);  // the rest of the value's four octets
  append_big_endian(tiff, 0, 4);  // no further directory
  return tiff;
}

}  // namespace coi::image
