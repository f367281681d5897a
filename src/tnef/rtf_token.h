// RTF as a row of tokens (Rich Text Format 1.9.1, "RTF syntax"). For this room only.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace coi::tnef {

struct RtfToken {
  enum class Kind : std::uint8_t {
    open,    // {
    close,   // }
    word,    // \ and letters, `text`, with the number behind them, `number`
    symbol,  // \ and one octet, `text`, that is no letter; a line end there is the word "par"
    octet,   // \'hh: `octet`
    text,    // `text`, without line ends
  };
  Kind kind = Kind::text;
  std::string_view text = {};
  std::optional<int> number = {};
  char octet = 0;
};

// Takes one off the front of `rest`; nothing at the end. Line ends mean nothing and are passed over, as are the octets
// of \bin. Time is linear in the octets taken.
std::optional<RtfToken> next_rtf_token(std::string_view& rest);

}  // namespace coi::tnef
