// Which octets of a paragraph may be marks; inside of the room only.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "chat/mention.h"

namespace coi::chat {

// A link that a "[" at `open`, a "]" at `close` and a ")" at `end` make.
struct LinkMarks {
  std::size_t open, close, end;
};

enum class Spoiler : std::uint8_t { outside, inside, mark };

// The paragraph on one line of ASCII, octet for octet, in which Markdown (CommonMark and ~~) sees the marks of our
// subset and no others: letters beyond ASCII are "x", white space is " ", and what is no mark here, but might be one to
// Markdown, is ".". So the library that reads it sees neither broken UTF-8 nor anything else of a stranger's choice.
struct InlineMarks {
  std::string masked;
  std::vector<LinkMarks> links;   // none within another, by `close`
  std::vector<Mention> mentions;  // those outside of code, in order
  std::vector<Spoiler> spoilers;  // of each octet
};

InlineMarks find_marks(std::string_view paragraph);

}  // namespace coi::chat
