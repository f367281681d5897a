// rooms: image
// Any octets are described, lose their place and are reduced; what lost its place is the same picture, looks the same
// and has no more to lose.
#include <cstdint>

#include "check.h"
#include "image/describe.h"
#include "image/thumbnail.h"
#include "image/without_place.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace coi::image;
  coi::Limits limits;
  limits.pixels = 64 * 1024;
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto description = describe(octets, limits);
  const auto without = without_place(octets);
  if (without) {
    check(without_place(*without).value() == *without);
    const auto again = describe(*without, limits);
    // A picture whose size only its metadata made credible may be refused now.
    if (description && again)
      check(again->stored == description->stored && again->orientation == description->orientation &&
            again->animated == description->animated);
    const auto before = thumbnail(octets, 40, 30, limits), after = thumbnail(*without, 40, 30, limits);
    if (before && after) check(before->octets == after->octets);
  } else {
    check(without.error().kind() == coi::ErrorKind::invalid || without.error().kind() == coi::ErrorKind::corrupt);
  }
  if (const auto small = thumbnail(octets, 40, 30, limits)) {
    check(description.has_value() && small->size.width <= 40 && small->size.height <= 30);
    check(describe(small->octets, limits).value().shown == small->size);
  } else {
    check(small.error().kind() != coi::ErrorKind::internal);
  }
  return 0;
}
