// UTF-8 (RFC 3629): what peers send is checked before anything relies on it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace coi::inline base {

inline constexpr std::string_view utf8_replacement = "\xEF\xBF\xBD";  // U+FFFD

// The length of the well-formed sequence at the front of `text`; 0 if there is none.
std::size_t utf8_sequence(std::string_view text);

// Takes the character off the front of `text`, which is not empty; U+FFFD and one octet where none is well-formed.
char32_t utf8_take(std::string_view& text);
// `character`: a Unicode scalar value.
void utf8_append(std::string& text, char32_t character);

// C0, DEL and C1.
constexpr bool is_control(char32_t character) { return character < 0x20 || (character >= 0x7F && character < 0xA0); }
// Turns the text that follows, or shows it in another order (Unicode, UAX #9, explicit formatting).
constexpr bool turns_text(char32_t character) {
  return (character >= 0x202A && character <= 0x202E) || (character >= 0x2066 && character <= 0x2069);
}
// Unicode's Bidi_Control: shows what stands around it in another order.
constexpr bool is_bidi_control(char32_t character) {
  return character == 0x061C || character == 0x200E || character == 0x200F || turns_text(character);
}

// The longest front of `text` (valid UTF-8) of at most `max` octets that ends between two characters.
std::string_view utf8_front(std::string_view text, std::size_t max);

// A peer's words for people, logs and JSON: control characters become spaces, octets that are no UTF-8 become "?". What
// makes them longer than `max` octets is left out.
std::string printable(std::string_view text, std::size_t max = std::string::npos);

}  // namespace coi::inline base
