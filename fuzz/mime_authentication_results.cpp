// rooms: mime base
// Any octets as the value of an Authentication-Results field: folding changes nothing, and no word of a sender's that
// stands behind the server's own takes it back.
#include <cstdint>
#include <string>

#include "base/ascii.h"
#include "check.h"
#include "mime/authentication_results.h"

namespace {

using namespace coi;

bool disowns_author(const std::string& value) {
  return mime::disowns_author(std::vector<mime::Header>{{"Authentication-Results", value}}, "example.org");
}

std::string folded(std::string_view value) {
  std::string out;
  for (const char c : value) out += c == ' ' ? "\r\n\t" : std::string(1, c);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string value(reinterpret_cast<const char*>(data), size);
  const bool disowned = disowns_author(value);
  if (disowned) {
    const auto lower = ascii_lower(value);
    check(lower.contains("dmarc") && (lower.contains("fail") || lower.contains("pass")) && lower.contains(';'));
  }
  check(disowns_author(folded(value)) == disowned);
  check(disowns_author("mx.example.org; dmarc=fail; " + value));
  // What a comment without an end holds is not hidden by it.
  check(disowns_author("mx.example.org; spf=pass (" + value + "; dmarc=fail") || value.contains(')'));
  // What came with the mail does not change what the own server says.
  check(!mime::disowns_author({{"Authentication-Results", "mx.example.org; dmarc=pass header.from=example.org"},
                               {"Authentication-Results", "other.example; " + value}},
                              "example.org"));
  return 0;
}
