// Formatted text on a terminal: styles where it has colour, else the marks that people know.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "output.h"
#include "proto/view.h"

namespace coi::cli {

// Lines of at most `width` columns (0: only where the text has line ends), safe to print. Lists and quotes are
// indented; behind a link stands where it leads, unless its text says so.
std::vector<std::string> formatted_lines(const Output& out, const std::vector<proto::TextBlock>& blocks,
                                         std::size_t width);

}  // namespace coi::cli
