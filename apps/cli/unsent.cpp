#include "unsent.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "output.h"

namespace coi::cli {

void tell_unsent(Output& out, const std::vector<std::string>& unsent_to, std::string_view why) {
  if (unsent_to.empty() || out.json()) return;
  out.line(fmt::format("Not sent to {}, {}.", fmt::join(unsent_to, ", "), why));
}

void tell_unsent(Output& out, const std::vector<std::string>& unsent_to) {
  tell_unsent(out, unsent_to, "not known to use a chat program; --mail sends it as an ordinary mail");
}

}  // namespace coi::cli
