// rooms: mime
// Any octets are read as a mail; what was read can be written, and then reads the same for ever.
#include <algorithm>
#include <cstdint>

#include "check.h"
#include "mime/build.h"
#include "mime/charset.h"
#include "mime/mail.h"
#include "mime/report.h"

namespace {

using namespace coi::mime;

void check_part(const Part& part, const coi::Limits& limits) {
  for (const auto& [name, value] : part.headers) check_text(value);
  for (const auto& [name, value] : part.params) check_text(value);
  check_text(part.filename);
  check(part.filename.find_first_of("/\\\n") == std::string::npos);
  check(part.type.find('/') != std::string::npos);
  if (part.is_text()) {
    check_text(part.body);
    check(part.body.size() <= limits.text && part.body.find('\r') == std::string::npos);
  }
  for (const auto& child : part.children) check_part(child, limits);
}

bool same_content(const Part& a, const Part& b) {
  return a.type == b.type && a.body == b.body && a.filename == b.filename && a.disposition == b.disposition &&
         std::ranges::equal(a.children, b.children, same_content);
}

// Of a text: files that stood in it in uuencode, which are not written as such.
bool has_uuencoded(const Part& part) {
  return (part.is_text() && !part.children.empty()) || std::ranges::any_of(part.children, has_uuencoded);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  coi::Limits limits;
  limits.header = 4096;
  limits.mime_parts = 50;
  limits.mime_depth = 6;
  limits.text = 2000;
  const auto mail = parse({reinterpret_cast<const char*>(data), size}, limits);
  static_cast<void>(
      decode_file("Content-Transfer-Encoding: base64", {reinterpret_cast<const char*>(data), size}, limits));
  if (!mail) return 0;
  check_part(mail->root, limits);
  static_cast<void>(read_disposition_report(mail->root));
  static_cast<void>(read_delivery_report(mail->root));

  const coi::Limits wide;
  const auto written = build(mail->root, "fuzz");
  if (!written) return 0;  // a field that no line can hold
  const auto once = parse(*written, wide);
  check(once.has_value());
  if (has_uuencoded(once->root)) return 0;
  const auto again = build(once->root, "fuzz");
  if (!again) return 0;
  check(same_content(once->root, parse(*again, wide)->root));
  return 0;
}
