// How mail programs mark the answered mail in HTML: evidence for what its lines say, no more.
#pragma once

#include <cstdint>

#include "html/html.h"

namespace coi::html {

enum class ReplyMark : std::uint8_t {
  none,
  quote,            // this element is the answered mail, or holds it and answers to it
  quote_from_here,  // this element and everything behind it
  attribution,      // "On …, Bob wrote:"
  border,           // a line is drawn above it, as Outlook does above a copied header
};
ReplyMark reply_mark(const Node& element);

// Of a <blockquote>: whether it is a mail's quote (type="cite", a known class), and whether it only moves its text to
// the right, as Gmail and Outlook do with "indent".
bool is_cite(const Node& blockquote);
bool is_indentation(const Node& blockquote);

}  // namespace coi::html
