#include "tnef/text.h"

#include <algorithm>
#include <cstdint>

#include "base/utf8.h"

namespace coi::tnef {
namespace {

constexpr std::size_t most_pieces = 10'000;
constexpr std::string_view utf8 = "utf-8";

char32_t unit_at(std::string_view octets, std::size_t at) {
  return static_cast<std::uint8_t>(octets[at]) | static_cast<char32_t>(static_cast<std::uint8_t>(octets[at + 1])) << 8;
}

}  // namespace

std::string from_utf16(std::string_view octets) {
  std::string out;
  out.reserve(octets.size());
  std::size_t at = 0;
  for (; at + 1 < octets.size(); at += 2) {
    auto character = unit_at(octets, at);
    if (is_high_surrogate(character) && at + 3 < octets.size() && is_low_surrogate(unit_at(octets, at + 2))) {
      character = 0x10000 + ((character - 0xD800) << 10) + (unit_at(octets, at + 2) - 0xDC00);
      at += 2;
    } else if (character == 0 || is_high_surrogate(character) || is_low_surrogate(character)) {
      character = 0xFFFD;
    }
    utf8_append(out, character);
  }
  if (at < octets.size()) out += utf8_replacement;
  return out;
}

bool TextWriter::reserve(std::size_t octets) {
  if (full_ || octets > left_) {
    full_ = true;
    return false;
  }
  left_ -= octets;
  size_ += octets;
  return true;
}

void TextWriter::ascii(std::string_view octets) {
  const auto front = octets.substr(0, left_);
  if (!reserve(front.size())) return;
  full_ = front.size() < octets.size();
  if (text_.empty()) text_.push_back({.octets = {}, .charset = std::string(utf8)});
  text_.back().octets += front;
}

void TextWriter::octets(std::string_view octets, std::string_view charset) {
  const bool is_same = !text_.empty() && text_.back().charset == charset;
  if (!is_same && text_.size() == most_pieces) full_ = true;
  if (!reserve(octets.size())) return;
  if (!is_same) text_.push_back({.octets = {}, .charset = std::string(charset)});
  text_.back().octets += octets;
}

void TextWriter::character(char32_t character) {
  std::string encoded;
  utf8_append(encoded, character);
  if (character < 0x80)
    ascii(encoded);
  else
    octets(encoded, utf8);
}

std::string_view TextWriter::since(std::size_t size) const {
  if (text_.empty()) return {};
  const std::string_view last = text_.back().octets;
  return last.substr(last.size() - std::min(last.size(), size_ - size));
}

}  // namespace coi::tnef
