#include "hash/base64.h"

#include <array>
#include <cstdint>

namespace coi::hash {
namespace {

constexpr std::string_view standard = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

constexpr std::uint8_t no_digit = 0xff;

using Digits = std::array<std::uint8_t, 256>;  // character -> 0 … 63, or no_digit

constexpr Digits digits_of(std::string_view alphabet) {
  Digits digits{};
  digits.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) digits[static_cast<unsigned char>(alphabet[i])] = std::uint8_t(i);
  return digits;
}

constexpr Digits standard_digits = digits_of(standard);
constexpr Digits url_digits = digits_of(url);

std::string encode(std::string_view octets, std::string_view alphabet) {
  std::string text;
  text.reserve((octets.size() + 2) / 3 * 4);
  std::uint32_t bits = 0;
  unsigned waiting = 0;  // bits at the low end not yet written
  for (const char octet : octets) {
    bits = bits << 8 | static_cast<unsigned char>(octet);
    for (waiting += 8; waiting >= 6; waiting -= 6) text += alphabet[bits >> (waiting - 6) & 63];
  }
  if (waiting > 0) text += alphabet[bits << (6 - waiting) & 63];
  return text;
}

}  // namespace

std::string base64_encode(std::string_view octets) {
  auto text = encode(octets, standard);
  text.append((4 - text.size() % 4) % 4, '=');
  return text;
}

std::string base64url_encode(std::string_view octets) { return encode(octets, url); }

std::optional<std::string> base64_decode(std::string_view text) {
  if (text.ends_with('=')) {
    if (text.size() % 4 != 0) return std::nullopt;
    text.remove_suffix(text.ends_with("==") ? 2 : 1);
  }
  const auto& digits = text.find_first_of("-_") == std::string_view::npos ? standard_digits : url_digits;
  std::string octets;
  octets.reserve(text.size() / 4 * 3 + 2);
  std::uint32_t bits = 0;
  unsigned waiting = 0;  // bits at the low end that are not yet an octet
  for (const char c : text) {
    const auto digit = digits[static_cast<unsigned char>(c)];
    if (digit == no_digit) return std::nullopt;
    bits = bits << 6 | digit;
    waiting += 6;
    if (waiting >= 8) {
      waiting -= 8;
      octets += static_cast<char>(bits >> waiting & 0xff);
    }
  }
  const bool stray_bits = (bits & ((1U << waiting) - 1)) != 0;
  if (waiting >= 6 || stray_bits) return std::nullopt;
  return octets;
}

std::string hex_encode(std::string_view octets) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(octets.size() * 2);
  for (const char octet : octets) {
    text += digits[static_cast<unsigned char>(octet) >> 4];
    text += digits[static_cast<unsigned char>(octet) & 15];
  }
  return text;
}

}  // namespace coi::hash
