// rooms: mime
// The parsers of header values and of plain text, and that what they give can be written and read back.
#include <algorithm>
#include <cstdint>

#include "check.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "mime/flowed.h"
#include "mime/header_field.h"
#include "mime/message_id.h"
#include "mime/params.h"

namespace {

using namespace coi::mime;

void check_line(std::string_view text) {
  check_text(text);
  check(std::ranges::none_of(text, [](unsigned char c) { return c < ' '; }));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);

  const auto words = decode_words(input);
  check_line(words);
  check(decode_words(encode_words(words)) == words);

  const auto addresses = parse_addresses(input);
  for (const auto& [name, addr] : addresses) {
    check_line(name);
    check_line(addr);
    check(is_address(addr));
  }
  check(parse_addresses(format_addresses(addresses)) == addresses);

  const auto ids = parse_message_ids(input);
  for (const auto& id : ids) check(!id.empty() && id.find_first_of("<> \n") == std::string::npos);
  check(parse_message_ids(format_message_ids(ids)) == ids);

  if (const auto date = parse_date(input)) {
    const auto shown = format_date(*date, std::chrono::minutes(-90));
    check(parse_date(shown) == *date / 1000 * 1000 || *date % 1000 != 0);
  }

  static_cast<void>(parse_params(input));
  static_cast<void>(parse_field_blocks(input));
  check(safe_filename(safe_filename(words)) == safe_filename(words));

  const auto text = valid_utf8(input);
  static_cast<void>(decode_flowed(text, true));
  const auto canonical = decode_flowed(encode_flowed(text), false);
  check(decode_flowed(encode_flowed(canonical), false) == canonical);
  return 0;
}
