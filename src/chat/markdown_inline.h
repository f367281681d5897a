// Marks within a paragraph (chat/markdown.h); inside of the room only.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "chat/markdown.h"

namespace coi::chat {

// The lines of one paragraph or list item, "\n" between them.
std::vector<TextRun> read_inline(std::string_view paragraph);

// No marks, only mentions.
std::vector<TextRun> read_verbatim(std::string_view text);

// Joined to the last run where nothing but the text differs.
void add_run(std::vector<TextRun>& runs, TextRun run);

// Of a link, or 0: http, https or mailto, and what follows up to white space, quotes, angles, square brackets, a
// backslash or an unbalanced round bracket; at most 2000 octets.
std::size_t link_length(std::string_view text);

}  // namespace coi::chat
