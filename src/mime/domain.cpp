#include "mime/domain.h"

#include <algorithm>
#include <memory>

#include <idn2.h>

#include "base/ascii.h"

namespace coi::mime {

std::string canonical_domain(std::string_view domain) {
  auto lower = ascii_lower(domain);
  if (is_ascii(lower) || lower.contains('\0')) return lower;
  char* raw = nullptr;
  const int status = idn2_to_ascii_8z(lower.c_str(), &raw, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> owned(raw, &idn2_free);
  if (status != IDN2_OK) return lower;
  auto labels = ascii_lower(std::string_view(raw));
  // A label of other letters that becomes ASCII (full-width ones) was written to look like another; a server asks for
  // the domain as it stands.
  const auto is_same = [](std::string_view was, std::string_view is) {
    return is_ascii(was) ? was == is : is.starts_with("xn--");
  };
  return std::ranges::equal(ascii_split(lower, '.'), ascii_split(labels, '.'), is_same) ? labels : lower;
}

}  // namespace coi::mime
