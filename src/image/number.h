// Numbers in octets, of either order. For this room only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coi::image {

// `size` octets from `at` on, 4 at most; what lies beyond the end counts as 0.
constexpr std::uint32_t big_endian(std::string_view octets, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + size; ++i)
    value = value << 8 | (i < octets.size() ? static_cast<std::uint8_t>(octets[i]) : 0U);
  return value;
}

constexpr std::uint32_t little_endian(std::string_view octets, std::size_t at, std::size_t size) {
  std::uint32_t value = 0;
  for (std::size_t i = at + size; i-- > at;)
    value = value << 8 | (i < octets.size() ? static_cast<std::uint8_t>(octets[i]) : 0U);
  return value;
}

inline void append_big_endian(std::string& octets, std::uint32_t value, std::size_t size) {
  while (size-- > 0) octets += static_cast<char>(value >> (8 * size) & 0xFF);
}

inline void append_little_endian(std::string& octets, std::uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) octets += static_cast<char>(value >> (8 * i) & 0xFF);
}

}  // namespace coi::image
