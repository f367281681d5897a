#include "mime/domain.h"

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
  return status == IDN2_OK ? ascii_lower(raw) : lower;
}

}  // namespace coi::mime
