#include "imap/mailbox_name.h"

#include <cstdint>
#include <optional>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::imap {
namespace {

constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

bool stands_for_itself(char c) { return c >= 0x20 && c <= 0x7e; }
bool is_surrogate(char32_t c) { return c >= 0xd800 && c <= 0xdfff; }

// Base64 of UTF-16BE, six bits at a time.
class RunEncoder {
 public:
  explicit RunEncoder(std::string& out) : out_(out) { out_ += '&'; }

  void put(char32_t c) {
    if (c < 0x10000) return put_unit(c);
    put_unit(0xd800 + ((c - 0x10000) >> 10));
    put_unit(0xdc00 + ((c - 0x10000) & 0x3ff));
  }

  void finish() {
    if (count_ > 0) out_ += base64_letters[bits_ << (6 - count_) & 0x3f];
    out_ += '-';
  }

 private:
  void put_unit(char32_t unit) {
    bits_ = bits_ << 16 | unit;
    for (count_ += 16; count_ >= 6; count_ -= 6) out_ += base64_letters[bits_ >> (count_ - 6) & 0x3f];
    bits_ &= 0x3f;
  }

  std::string& out_;
  std::uint32_t bits_ = 0;
  unsigned count_ = 0;  // of bits that are not written yet, below 6
};

// The characters of one run, or nullopt when it is no canonical encoding of some.
std::optional<std::u32string> decode_run(std::string_view base64) {
  std::u32string characters;
  std::uint32_t bits = 0;
  unsigned count = 0;
  char32_t high = 0;  // first half of a surrogate pair
  for (const char letter : base64) {
    const auto value = base64_letters.find(letter);
    if (value == base64_letters.npos) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0x3fffff;
    count += 6;
    if (count < 16) continue;
    count -= 16;
    const char32_t unit = bits >> count & 0xffff;
    if (high != 0) {
      if (unit < 0xdc00 || unit > 0xdfff) return std::nullopt;
      characters += static_cast<char32_t>(0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00));
      high = 0;
    } else if (is_surrogate(unit)) {
      if (unit >= 0xdc00) return std::nullopt;
      high = unit;
    } else {
      characters += unit;
    }
  }
  if (high != 0 || count >= 6 || (bits & ((1U << count) - 1)) != 0) return std::nullopt;
  return characters;
}

std::optional<std::string> decode(std::string_view wire) {
  std::string utf8;
  while (!wire.empty()) {
    const char c = wire.front();
    wire.remove_prefix(1);
    if (!stands_for_itself(c)) return std::nullopt;
    if (c != '&') {
      utf8 += c;
      continue;
    }
    const auto end = wire.find('-');
    if (end == wire.npos) return std::nullopt;
    if (end == 0) {
      utf8 += '&';
    } else {
      const auto run = decode_run(wire.substr(0, end));
      if (!run) return std::nullopt;
      for (const auto character : *run) utf8_append(utf8, character);
    }
    wire.remove_prefix(end + 1);
  }
  return utf8;
}

}  // namespace

std::string mailbox_to_wire(std::string_view utf8) {
  std::string wire;
  while (!utf8.empty()) {
    if (stands_for_itself(utf8.front())) {
      wire += utf8.front();
      if (utf8.front() == '&') wire += '-';
      utf8.remove_prefix(1);
      continue;
    }
    RunEncoder run(wire);
    while (!utf8.empty() && !stands_for_itself(utf8.front())) run.put(utf8_take(utf8));
    run.finish();
  }
  return wire;
}

std::string mailbox_from_wire(std::string_view wire) {
  if (ascii_iequal(wire, "INBOX")) return "INBOX";
  return decode(wire).value_or(printable(wire));
}

}  // namespace coi::imap
