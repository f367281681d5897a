// OpenPGP in the text itself instead of in parts (RFC 9580, 6.2 and 7). Nothing is verified or decrypted.
#pragma once

#include <string>
#include <string_view>

namespace coi::mime {

// The text without the armour of clear signatures, what they escape undone; `sealed` stands for each encrypted message.
// Public keys are left as they are, and so is a line that says BEGIN and has no armour behind it. Only armour at the
// start of a line counts, so that a quoted one stays.
std::string without_armour(std::string_view text, std::string_view sealed);

}  // namespace coi::mime
