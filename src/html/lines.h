// HTML -> lines of text that read well on their own, with what the tags say of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "html/html.h"

namespace coi::html {

enum class LineMark : std::uint8_t {
  none,
  attribution,  // what the program writes above an answered mail: "On …, Bob wrote:"
  rule,         // a rule that is drawn: "---"
  below_rule,   // the first line below one that is a border
};

struct Line {
  std::string text = {};   // "" for a blank one; marks of lists included
  unsigned depth = 0;      // of block quotes around it
  bool cited = true;       // one of them says that it is a mail's; of depth 0 true
  unsigned container = 0;  // the number of what the program marks as the answered mail, from 1; 0 for none
  LineMark mark = LineMark::none;
  friend bool operator==(const Line&, const Line&) = default;
};

// Blocks on lines of their own, lists with "• " or numbers, table rows on a line each, a link's target in <> behind a
// text that does not say it, a picture as its alternative text. What is hidden (display:none, preheaders) and tracking
// pixels give nothing; white space is collapsed unless a style keeps it. At most two blank lines together, none at the
// ends.
std::vector<Line> lines_of(const Node& document);

}  // namespace coi::html
