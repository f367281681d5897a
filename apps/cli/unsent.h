// Who hears nothing of what was done.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace coi::cli {

class Output;

// "Not sent to ADDR, ADDR, WHY", for people alone; nothing where there is nobody. `why`: what is not known of them, and
// what can be done.
void tell_unsent(Output& out, const std::vector<std::string>& unsent_to, std::string_view why);
// The same of an action that --mail sends as a mail.
void tell_unsent(Output& out, const std::vector<std::string>& unsent_to);

}  // namespace coi::cli
