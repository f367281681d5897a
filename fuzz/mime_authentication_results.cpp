// rooms: mime base
// Any octets as the value of an Authentication-Results field: folding changes nothing, and no word of a sender's that
// stands behind the server's own takes it back.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "base/ascii.h"
#include "mime/authentication_results.h"

namespace {

using namespace coi;

void check(bool holds) {
  if (!holds) std::abort();
}

std::string folded(std::string_view value) {
  std::string out;
  for (const char c : value) out += c == ' ' ? "\r\n\t" : std::string(1, c);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string value(reinterpret_cast<const char*>(data), size);
  const bool disowned = mime::disowns_author(value);
  if (disowned) {
    const auto lower = ascii_lower(value);
    check(lower.contains("dmarc") && lower.contains("fail") && lower.contains(';'));
  }
  check(mime::disowns_author(folded(value)) == disowned);
  check(mime::disowns_author("mx.example.org; dmarc=fail; " + value));
  check(!mime::disowns_author("mx.example.org (" + value) || value.contains(')'));
  return 0;
}
