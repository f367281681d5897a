#include "imap/mailbox_name.h"

#include <cstdint>
#include <optional>

#include "base/ascii.h"

namespace coi::imap {
namespace {

constexpr std::string_view base64_letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";
constexpr char32_t replacement = 0xfffd;

bool stands_for_itself(char c) { return c >= 0x20 && c <= 0x7e; }
bool is_surrogate(char32_t c) { return c >= 0xd800 && c <= 0xdfff; }

// Takes one character off the front of `utf8` (RFC 3629); U+FFFD and one octet for what is none.
char32_t take_character(std::string_view& utf8) {
  const auto lead = static_cast<unsigned char>(utf8.front());
  const std::size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  char32_t c = length < 2 ? lead : lead & (0x7f >> length);
  bool good = length != 0 && utf8.size() >= length;
  for (std::size_t i = 1; good && i < length; ++i) {
    const auto next = static_cast<unsigned char>(utf8[i]);
    good = next >> 6 == 2;
    c = c << 6 | (next & 0x3f);
  }
  good = good && c >= least[length] && c <= 0x10ffff && !is_surrogate(c);
  utf8.remove_prefix(good ? length : 1);
  return good ? c : replacement;
}

void put_character(std::string& utf8, char32_t c) {
  const auto continuation = [&](int shift) { utf8 += static_cast<char>(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80) {
    utf8 += static_cast<char>(c);
  } else if (c < 0x800) {
    utf8 += static_cast<char>(0xc0 | c >> 6);
    continuation(0);
  } else if (c < 0x10000) {
    utf8 += static_cast<char>(0xe0 | c >> 12);
    continuation(6);
    continuation(0);
  } else {
    utf8 += static_cast<char>(0xf0 | c >> 18);
    continuation(12);
    continuation(6);
    continuation(0);
  }
}

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
      characters += 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00);
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
      for (const auto character : *run) put_character(utf8, character);
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
    while (!utf8.empty() && !stands_for_itself(utf8.front())) run.put(take_character(utf8));
    run.finish();
  }
  return wire;
}

std::string mailbox_from_wire(std::string_view wire) {
  if (ascii_iequal(wire, "INBOX")) return "INBOX";
  return decode(wire).value_or(std::string(wire));
}

}  // namespace coi::imap
