#include "wire/contact_hash.h"

#include <locale.h>
#include <wctype.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "hash/base64.h"
#include "hash/digest.h"

namespace coi::wire {
namespace {

// The C library's table of letters, whatever the program's own locale is. C.UTF-8 is built into glibc.
class Letters {
 public:
  Letters() : locale_(newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {}
  Letters(const Letters&) = delete;
  Letters& operator=(const Letters&) = delete;
  ~Letters() {
    if (locale_ != nullptr) freelocale(locale_);
  }

  char32_t lower(char32_t letter) const {
    if (locale_ == nullptr) return letter;
    return static_cast<char32_t>(towlower_l(static_cast<wint_t>(letter), locale_));
  }

 private:
  locale_t locale_;
};

std::string lower(std::string_view utf8) {
  if (is_ascii(utf8)) return ascii_lower(utf8);
  const Letters letters;
  std::string out;
  while (!utf8.empty()) utf8_append(out, letters.lower(utf8_take(utf8)));
  return out;
}

}  // namespace

std::string contact_hash(std::string_view address) {
  std::string normal = lower(ascii_trim(address));
  std::erase(normal, '"');
  return hash::hex_encode(hash::sha3_256(normal));
}

bool is_contact_hash_of(std::string_view hash, std::string_view address) {
  return ascii_iequal(ascii_trim(hash), contact_hash(address));
}

}  // namespace coi::wire
