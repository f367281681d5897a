// What is meant by the name of a charset. The inside of to_utf8().
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace coi::mime {

// How octets become characters.
enum class CharsetKind : std::uint8_t {
  utf8,          // by name, or without one: as far as it is that
  windows_1252,  // what iso-8859-1 means everywhere
  one_octet,     // iconv, one octet for each character
  octets,        // iconv; several octets for a character (UTF-7 too, RFC 2152)
  thai,          // iconv, one octet for each character; words of it are UTF-8 by chance
  table,         // `name` holds what 0x80 … 0xFF mean, in UTF-16
  utf16,
  utf32,
  iso_2022_jp,  // RFC 1468 and what Microsoft makes of it
  iso_2022_kr,  // RFC 1557
  hz,           // RFC 1843
};

enum class OctetOrder : std::uint8_t { unknown, big, little };

struct CharsetName {
  CharsetKind kind = CharsetKind::utf8;
  std::string iconv;                       // for iconv_open()
  std::u16string_view table = {};          // 128 characters
  OctetOrder order = OctetOrder::unknown;  // of utf16 and utf32
};

// `label` as in a mail, in any case and with any marks. Labels are used for their supersets everywhere (WHATWG
// Encoding, 4.2): gb2312 for gb18030, ks_c_5601-1987 for cp949 and so on.
CharsetName meant_charset(std::string_view label);

}  // namespace coi::mime
