// Lines -> blocks (chat/markdown.h), with what plain text keeps of the lines; inside of the room only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/markdown.h"

namespace coi::chat {

struct Piece {
  Block block;
  std::vector<std::string> leads;        // what stands before each line: quote marks, indent, item mark
  std::vector<std::string_view> before;  // blank lines, as typed
};

struct Document {
  std::vector<Piece> pieces;
  std::vector<std::string_view> after;  // blank lines, as typed
  bool formatted = false;               // something counts as markup
};

// Views into `markdown`.
Document read_document(std::string_view markdown);

}  // namespace coi::chat
