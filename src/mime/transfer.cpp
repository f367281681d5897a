#include "mime/transfer.h"

#include <algorithm>
#include <array>

#include "base/ascii.h"
#include "hash/base64.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_encoded_line = 76;  // RFC 2045, 6.7 (5) and 6.8

// Decoded octets, of which only so many are kept.
class Output {
 public:
  Output(std::size_t keep, std::size_t expected) : keep_(keep) { decoded_.octets.reserve(std::min(keep, expected)); }

  void add(std::string_view octets) {
    decoded_.size += octets.size();
    decoded_.octets += octets.substr(0, keep_ - decoded_.octets.size());
  }
  void add(char octet) { add(std::string_view(&octet, 1)); }
  Decoded finish() && { return std::move(decoded_); }

 private:
  std::size_t keep_;
  Decoded decoded_;
};

using Digits = std::array<std::uint8_t, 256>;
constexpr std::uint8_t no_digit = 0xFF;

constexpr Digits base64_digits = [] {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Digits digits{};
  digits.fill(no_digit);
  for (std::size_t i = 0; i < alphabet.size(); ++i) digits[static_cast<unsigned char>(alphabet[i])] = std::uint8_t(i);
  return digits;
}();

std::uint8_t digit(char c) { return base64_digits[static_cast<unsigned char>(c)]; }

// Groups of four digits as three octets, and what is left of a group that is not complete.
class Groups {
 public:
  explicit Groups(Output& out) : out_(out) {}

  void add(std::uint8_t six_bits) {
    bits_ = bits_ << 6 | six_bits;
    if (++count_ == 4) end();
  }
  void add_four(std::uint8_t a, std::uint8_t b, std::uint8_t c, std::uint8_t d) {
    bits_ = std::uint32_t(a) << 18 | std::uint32_t(b) << 12 | std::uint32_t(c) << 6 | d;
    count_ = 4;
    end();
  }
  bool empty() const { return count_ == 0; }
  // Two digits are one octet, three are two.
  void end() {
    const std::uint32_t bits = bits_ << 6 * (4 - count_);
    const char octets[] = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
    if (count_ > 1) out_.add(std::string_view(octets, count_ - 1));
    count_ = 0;
    bits_ = 0;
  }

 private:
  Output& out_;
  std::uint32_t bits_ = 0;
  unsigned count_ = 0;
};

// What is no digit is passed over. Senders forget the padding, and some join several encoded pieces: a padding ends a
// group, and no more than that.
Decoded decode_base64(std::string_view encoded, std::size_t keep) {
  Output out(keep, encoded.size() / 4 * 3 + 3);
  Groups groups(out);
  for (std::size_t i = 0; i < encoded.size();) {
    if (groups.empty() && i + 4 <= encoded.size()) {
      const auto a = digit(encoded[i]), b = digit(encoded[i + 1]), c = digit(encoded[i + 2]), d = digit(encoded[i + 3]);
      if ((a | b | c | d) < 64) {
        groups.add_four(a, b, c, d);
        i += 4;
        continue;
      }
    }
    const char one = encoded[i++];
    if (one == '=')
      groups.end();
    else if (digit(one) != no_digit)
      groups.add(digit(one));
  }
  groups.end();
  return std::move(out).finish();
}

// RFC 2045, 6.7. An "=" that begins nothing stands for itself.
Decoded decode_quoted_printable(std::string_view encoded, std::size_t keep) {
  Output out(keep, encoded.size());
  while (!encoded.empty()) {
    const auto plain = std::min(encoded.find('='), encoded.size());
    out.add(encoded.substr(0, plain));
    encoded.remove_prefix(plain);
    if (encoded.empty()) break;
    if (const auto octet = ascii_hex_octet(encoded.substr(1))) {
      out.add(*octet);
      encoded.remove_prefix(3);
      continue;
    }
    // A soft line break; white space behind the "=" was added on the way.
    const auto behind = std::min(encoded.find_first_not_of(" \t\r", 1), encoded.size());
    const bool soft = behind == encoded.size() || encoded[behind] == '\n';
    if (!soft) out.add('=');
    encoded.remove_prefix(soft ? std::min(behind + 1, encoded.size()) : 1);
  }
  return std::move(out).finish();
}

// uuencoded text starts behind its "begin <mode> <name>" line.
std::string_view behind_begin_line(std::string_view text) {
  const auto begin = text.starts_with("begin ") ? 0 : text.find("\nbegin ");
  if (begin == std::string_view::npos) return text;
  const auto end = text.find('\n', begin + 1);
  return end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
}

std::uint8_t uu_digit(char c) { return static_cast<std::uint8_t>((static_cast<unsigned char>(c) - ' ') & 63); }

// POSIX uuencode: each line begins with the count of its octets; four characters for three of them. Spaces at a line's
// end, which are zeros, are lost on the way; so are whole lines.
Decoded decode_uuencode(std::string_view encoded, std::size_t keep) {
  encoded = behind_begin_line(encoded);
  Output out(keep, encoded.size() / 4 * 3 + 3);
  while (!encoded.empty()) {
    const auto end = std::min(encoded.find('\n'), encoded.size());
    auto line = encoded.substr(0, end);
    encoded.remove_prefix(std::min(end + 1, encoded.size()));
    while (line.ends_with('\r')) line.remove_suffix(1);
    if (line == "end") break;
    if (line.empty()) continue;
    std::size_t count = uu_digit(line.front());
    line.remove_prefix(1);
    for (std::size_t at = 0; count > 0; at += 4) {
      const auto one = [&](std::size_t i) { return at + i < line.size() ? uu_digit(line[at + i]) : std::uint8_t(0); };
      const auto bits = std::uint32_t(one(0)) << 18 | std::uint32_t(one(1)) << 12 | std::uint32_t(one(2)) << 6 | one(3);
      const char octets[] = {static_cast<char>(bits >> 16), static_cast<char>(bits >> 8), static_cast<char>(bits)};
      const auto take = std::min<std::size_t>(count, 3);
      out.add(std::string_view(octets, take));
      count -= take;
    }
  }
  return std::move(out).finish();
}

}  // namespace

Transfer transfer_of(std::string_view value) {
  const auto word = ascii_letters_and_digits(value.substr(0, value.find_first_of("(;,")));
  if (word == "base64" || word == "xbase64") return Transfer::base64;
  if (word == "quotedprintable" || word == "xquotedprintable") return Transfer::quoted_printable;
  if (word == "xuuencode" || word == "xuue" || word == "uuencode" || word == "uue") return Transfer::uuencode;
  return Transfer::identity;
}

Decoded decode_transfer(Transfer transfer, std::string_view encoded, std::size_t keep) {
  switch (transfer) {
    case Transfer::base64:
      return decode_base64(encoded, keep);
    case Transfer::quoted_printable:
      return decode_quoted_printable(encoded, keep);
    case Transfer::uuencode:
      return decode_uuencode(encoded, keep);
    case Transfer::identity:
      break;
  }
  return {std::string(encoded.substr(0, keep)), encoded.size()};
}

std::string with_crlf(std::string_view text) {
  std::string out;
  out.reserve(text.size() + text.size() / 32);
  for (const char c : text) {
    if (c == '\n' && !out.ends_with('\r')) out += '\r';
    out += c;
  }
  return out;
}

std::string encode_base64(std::string_view octets) {
  const auto digits = hash::base64_encode(octets);
  std::string out;
  out.reserve(digits.size() + digits.size() / longest_encoded_line * 2 + 2);
  for (std::size_t at = 0; at < digits.size(); at += longest_encoded_line)
    out.append(digits, at, longest_encoded_line).append("\r\n");
  return out;
}

std::string encode_quoted_printable(std::string_view text) {
  constexpr std::string_view hex = "0123456789ABCDEF";
  std::string out;
  out.reserve(text.size() + text.size() / 8);
  std::size_t column = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto behind = text.substr(i + 1);
    if (c == '\r' && behind.starts_with('\n')) continue;
    if (c == '\n') {
      out += "\r\n";
      column = 0;
      continue;
    }
    const bool line_ends = behind.empty() || behind.starts_with('\n') || behind.starts_with("\r\n");
    const bool mbox_from = column == 0 && text.substr(i).starts_with("From ");  // some stores write ">From "
    const bool blank = c == ' ' || c == '\t';
    const bool plain = blank ? !line_ends : c > ' ' && c < 0x7F && c != '=' && !mbox_from;
    const std::size_t width = plain ? 1 : 3;
    if (column + width > longest_encoded_line - (line_ends ? 0 : 1)) {
      out += "=\r\n";
      column = 0;
    }
    if (plain)
      out += c;
    else
      out.append({'=', hex[static_cast<unsigned char>(c) >> 4], hex[static_cast<unsigned char>(c) & 15]});
    column += width;
  }
  return out;
}

}  // namespace coi::mime
