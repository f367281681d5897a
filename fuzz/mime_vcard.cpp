// rooms: mime
// Any octets are read as vCards; what is written again reads back the same.
#include <algorithm>
#include <cstdint>

#include "check.h"
#include "mime/address.h"
#include "mime/vcard.h"

namespace {

using namespace coi::mime;

void check_line(std::string_view text) {
  check_text(text);
  check(std::ranges::none_of(text, [](unsigned char c) { return c < ' '; }));
}

// But for the other lines: to 3.0, which asks for it, N is added.
bool is_same(const Vcard& a, const Vcard& b) {
  return a.name == b.name && a.addresses == b.addresses && a.photo == b.photo && a.photo_type == b.photo_type &&
         a.key == b.key && a.rev == b.rev;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto cards = read_vcards({reinterpret_cast<const char*>(data), size});
  if (!cards) return 0;
  for (const auto& card : *cards) {
    check_line(card.name);
    for (const auto& address : card.addresses) check(is_address(address));
    for (const auto& other : card.others) check_line(other);
    if (card.name.empty()) continue;
    const auto again = read_vcards(write_vcards({card}, VcardVersion::v4)).value();
    check(again.size() == 1 && again.front() == card);
    const auto old = read_vcards(write_vcards({card}, VcardVersion::v3)).value();
    check(old.size() == 1 && is_same(old.front(), card));
  }
  return 0;
}
