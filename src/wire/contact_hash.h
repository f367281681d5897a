// COI-From-Hash: what a contact mail is found by without naming the contact (C-42).
#pragma once

#include <string>
#include <string_view>

namespace coi::wire {

// 64 lower-case hex digits: SHA3-256 of the address in UTF-8 without quotes and white space at its ends, in lower case,
// letters outside ASCII too. A domain is hashed as it is written, so give A-labels or U-labels alike everywhere.
std::string contact_hash(std::string_view address);

// Whether `hash`, a field's value, is that of the address. False for any other length: the draft may get another
// digest.
bool is_contact_hash_of(std::string_view hash, std::string_view address);

}  // namespace coi::wire
