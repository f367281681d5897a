// Microsoft's numbers of charsets. For this room only.
#pragma once

#include <cstdint>
#include <string>

namespace coi::tnef {

using CodePage = std::uint32_t;  // 0: not said

// A name for it as mail uses it; "" for 0.
std::string charset_of(CodePage page);

// One that strings of the MAPI may have: each character is one octet or two, or it is UTF-8. Others (UTF-16, UTF-7,
// what switches by escapes) hide '/' and controls in other octets.
bool is_for_strings(CodePage page);

// The first of two octets of a character.
bool is_lead_octet(CodePage page, char octet);

// Of \fcharsetN in RTF's font table; 0 for what has none of its own.
CodePage code_page_of_font(int fcharset);

}  // namespace coi::tnef
