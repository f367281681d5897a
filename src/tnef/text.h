// Text as TNEF and RTF hold it: in one or more charsets, which the caller turns into UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace coi::tnef {

// Octets in one charset.
struct Piece {
  std::string octets;
  std::string charset;  // a name as mail uses it: "utf-8", "windows-1251", "cp932"; "": the package does not say it
  friend bool operator==(const Piece&, const Piece&) = default;
};

// One text: its pieces, decoded, one behind the other. RTF changes the charset with the font.
using Text = std::vector<Piece>;

// Halves of a character in UTF-16. For this room only.
constexpr bool is_high_surrogate(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
constexpr bool is_low_surrogate(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// UTF-16LE -> UTF-8. NUL, half a surrogate pair and an odd octet at the end become U+FFFD.
std::string from_utf16(std::string_view octets);

// A text that is written piece by piece, of at most `most_octets` and 10 000 pieces. What comes when it is full is left
// out. For this room only.
class TextWriter {
 public:
  explicit TextWriter(std::size_t most_octets) : left_(most_octets) {}

  // Octets below 0x80 mean the same everywhere and go on with the piece that is there; in a charset of two octets for a
  // character they may also be the second one.
  void ascii(std::string_view octets);
  void octets(std::string_view octets, std::string_view charset);
  // A Unicode scalar value.
  void character(char32_t character);

  bool full() const { return full_; }
  std::size_t size() const { return size_; }
  // What was written since size() was this, as far as it lies in the last piece.
  std::string_view since(std::size_t size) const;
  Text take() && { return std::move(text_); }

 private:
  bool reserve(std::size_t octets);

  Text text_;
  std::size_t left_;
  std::size_t size_ = 0;
  bool full_ = false;
};

}  // namespace coi::tnef
