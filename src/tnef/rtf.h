// RTF -> the HTML or the text that it was made of, else its own text.
#pragma once

#include <cstddef>
#include <string_view>

#include "base/limits.h"
#include "tnef/text.h"

namespace coi::tnef {

struct RtfContent {
  bool is_html = false;
  Text text;            // "\n" line ends
  bool is_cut = false;  // something was left out for a limit
};

// HTML that Exchange encapsulated (\fromhtml1; MS-OXRTFEX 2.2.3) comes out as it was, but for white space: it is
// whatever a stranger wrote. All other RTF gives its text: paragraphs, lines and rows of tables end lines, cells are
// parted by tabs, the target of a link stands in <> behind a text that does not say it; what is hidden, deleted, a
// picture, a header or a footer gives nothing. At most Limits::text octets; groups nested deeper than Limits::nesting
// x 8 are left out. What does not begin as RTF gives nothing; all else is read somehow, in time and memory linear in
// it.
RtfContent read_rtf(std::string_view rtf, const Limits& limits);

}  // namespace coi::tnef
