// The HTML of a mail, so that it is safe to show (P-07). Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "base/result.h"

namespace coi::engine {

struct OriginalView {
  std::string html;         // what stands in a body, as html::sanitize() gives it
  std::size_t blocked = 0;  // remote things that were left out
};

// Of the whole mail, as it lies on the server. Its own pictures (cid:) stand in it as data:, 4 MB of them at most; the
// others are left out. Errors: not_found, the mail has no HTML; those of mime::parse() and html::parse().
Result<OriginalView> original_view(std::string_view mail, const Limits& limits);

}  // namespace coi::engine
