#include "mime/written_address.h"

#include "base/ascii.h"
#include "mime/address.h"

namespace coi::mime {

std::string written_address(std::string_view text) {
  const auto bare = ascii_trim(text);
  const auto open = bare.rfind('<');
  if (!bare.ends_with('>') || open == std::string_view::npos) return canonical(bare);
  return canonical(bare.substr(open + 1, bare.size() - open - 2));
}

}  // namespace coi::mime
