// How mail programs mark the answered mail and the signature in HTML.
#pragma once

#include <cstdint>

#include "html/html.h"

namespace coi::html {

enum class ReplyMark : std::uint8_t {
  none,
  quote,            // this element is the answered mail
  quote_from_here,  // this element and everything behind it
  attribution,      // "On …, Bob wrote:"
  signature,
};
ReplyMark reply_mark(const Node& element);

// "---------- Forwarded message ---------" as the first text: what follows is no quote, it is meant to be read.
bool starts_with_forward_rule(const Node& element);

}  // namespace coi::html
