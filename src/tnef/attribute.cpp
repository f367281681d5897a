#include "tnef/attribute.h"

#include <algorithm>

namespace coi::tnef {
namespace {

constexpr char level_message = 1, level_attachment = 2;
constexpr std::size_t checksum_size = 2;

}  // namespace

std::optional<std::string_view> take_octets(std::string_view& rest, std::size_t size) {
  if (size > rest.size()) return std::nullopt;
  const auto taken = rest.substr(0, size);
  rest.remove_prefix(size);
  return taken;
}

std::optional<std::uint64_t> take_number(std::string_view& rest, std::size_t size) {
  const auto octets = take_octets(rest, size);
  if (!octets) return std::nullopt;
  std::uint64_t value = 0;
  for (std::size_t i = size; i-- > 0;) value = value << 8 | static_cast<std::uint8_t>((*octets)[i]);
  return value;
}

std::optional<std::uint32_t> take_number32(std::string_view& rest) {
  const auto value = take_number(rest, 4);
  if (!value) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::optional<Attribute> next_attribute(std::string_view& rest) {
  auto ahead = rest;
  const auto level = take_octets(ahead, 1);
  if (!level || (level->front() != level_message && level->front() != level_attachment)) return std::nullopt;
  const auto id = take_number32(ahead);
  const auto length = take_number32(ahead);
  if (!id || !length) return std::nullopt;
  const auto data = take_octets(ahead, *length);
  if (!data) return std::nullopt;
  ahead.remove_prefix(std::min(ahead.size(), checksum_size));
  rest = ahead;
  return Attribute{.id = *id, .data = *data};
}

}  // namespace coi::tnef
