// What of a plain text is new, and what is quoted or signature. UTF-8 with "\n" line ends, format=flowed undone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coi::mime {

// Where a text comes from decides what is looked for: chat programs write a reply's quote before the text and never an
// attribution line (D-15); in other mail it stands behind, under "On …, Bob wrote:" or a copied header.
enum class Origin : std::uint8_t { chat, mail };

struct SplitText {
  std::string shown = {};      // without blank lines at both ends; a footer's escapes (D-16) undone
  std::string quote = {};      // the quoted text without "> " marks, or the copied mail
  std::string signature = {};  // behind "-- ", without it
  friend bool operator==(const SplitText&, const SplitText&) = default;
};

// `text` itself is the full text and stays with the caller. If nothing would be left to show, everything is shown: a
// forwarded mail, or a quote alone, is the message.
SplitText split_text(std::string_view text, Origin origin);

// D-16, for text that is sent: a line that begins with "-- " gets U+200B behind the first dash.
std::string escape_footer(std::string_view text);

}  // namespace coi::mime
