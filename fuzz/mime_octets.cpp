// rooms: mime
// Charsets and transfer encodings. The first line names a charset, the rest is text in it, or encoded. Any octets
// become valid text and never NUL; a decoder keeps what it is told and counts the rest; what is encoded reads back the
// same.
#include <algorithm>
#include <cstdint>

#include "check.h"
#include "mime/charset.h"
#include "mime/transfer.h"

namespace {

using namespace coi::mime;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto line = std::min(input.find('\n'), input.size());
  const auto name = input.substr(0, line);
  const auto octets = input.substr(std::min(line + 1, input.size()));

  check_text(to_utf8(octets, name));
  for (const auto* known :
       {"iso-2022-jp", "iso-2022-kr", "hz-gb-2312", "utf-16", "utf-32", "utf-7", "gb18030", "x-mac-greek"})
    check_text(to_utf8(octets, known));
  const auto text = valid_utf8(octets);
  check_text(text);
  check(valid_utf8(text) == text);

  static_cast<void>(transfer_of(name));
  for (const auto transfer : {Transfer::identity, Transfer::base64, Transfer::quoted_printable, Transfer::uuencode}) {
    const auto all = decode_transfer(transfer, octets);
    const auto some = decode_transfer(transfer, octets, 10);
    check(all.size == all.octets.size() && some.size == all.size && some.octets == all.octets.substr(0, 10));
  }
  check(decode_transfer(Transfer::base64, encode_base64(octets)).octets == octets);
  check(decode_transfer(Transfer::quoted_printable, encode_quoted_printable(text)).octets == with_crlf(text));
  return 0;
}
