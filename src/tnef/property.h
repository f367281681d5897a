// The MAPI properties within attMsgProps and attAttachment (MS-OXTNEF 2.1.3.4; numbers: MS-OXPROPS). For this room
// only.
//
//   list     = count *property                                     ; numbers of four octets where nothing else is said
//   property = type id [name] value                                ; type and id: two octets each
//   name     = set %x00.00.00.00 number / set %x01.00.00.00 size *OCTET padding   ; of an id from 0x8000 on
//   value    = *OCTET / count *(*OCTET) / count *(size *OCTET padding)
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include "tnef/code_page.h"
#include "tnef/text.h"

namespace coi::tnef {

// Property types (MS-OXCDATA 2.11.1).
enum class PropertyType : std::uint16_t {
  int16 = 0x0002,
  int32 = 0x0003,
  float32 = 0x0004,
  float64 = 0x0005,
  currency = 0x0006,
  app_time = 0x0007,
  error = 0x000A,
  boolean = 0x000B,
  object = 0x000D,
  int64 = 0x0014,
  string8 = 0x001E,
  unicode = 0x001F,
  time = 0x0040,
  guid = 0x0048,
  binary = 0x0102,
};

struct Property {
  PropertyType type = PropertyType::binary;
  bool is_multiple = false;     // then `value` is empty
  std::uint32_t id = 0;         // of one with a name: its number in its set
  std::string_view set = {};    // the 16 octets of a GUID, of one with a name
  bool is_worded = false;       // named by a word, which is passed over
  std::string_view value = {};  // the first one, without padding
};

// Takes one off the front of `rest`; nothing where it is cut off or of a type that is not known, and whose length is
// so not known either.
std::optional<Property> next_property(std::string_view& rest);

// Those of one list that this room has a use for; the first of several that are the same.
class Properties {
 public:
  // False if a part of the list could not be read.
  bool read(std::string_view list);

  // nullptr if there is none that holds one value.
  const Property* find(std::uint32_t id, std::string_view set = {}) const;

  // Strings: without NULs at the end; nothing where it is absent or empty. `page`: of those that are not Unicode.
  std::optional<Piece> string(std::uint32_t id, CodePage page, std::string_view set = {}) const;
  std::optional<std::uint64_t> number(std::uint32_t id, std::string_view set = {}) const;  // of the types with digits
  std::optional<std::string_view> binary(std::uint32_t id, std::string_view set = {}) const;
  bool is_set(std::uint32_t id, std::string_view set = {}) const { return number(id, set).value_or(0) != 0; }

 private:
  std::map<std::pair<std::string_view, std::uint32_t>, Property> found_;  // set and id
};

// A string of octets as a piece: without NULs at the end.
Piece string_piece(std::string_view octets, CodePage page);

namespace property_id {
inline constexpr std::uint32_t message_class = 0x001A, subject = 0x0037, submit_time = 0x0039,
                               represented_name = 0x0042, represented_type = 0x0064, represented_address = 0x0065,
                               sender_name = 0x0C1A, sender_type = 0x0C1E, sender_address = 0x0C1F, body = 0x1000,
                               rtf_compressed = 0x1009, html = 0x1013, display_name = 0x3001, attach_data = 0x3701,
                               attach_name = 0x3704, attach_long_name = 0x3707, attach_type = 0x370E,
                               attach_content_id = 0x3712, internet_code_page = 0x3FDE, sender_smtp = 0x5D01,
                               represented_smtp = 0x5D02, attach_hidden = 0x7FFE;

// In set_appointment and set_meeting.
inline constexpr std::uint32_t sequence = 0x8201, location = 0x8208, start = 0x820D, end = 0x820E, all_day = 0x8215,
                               recurring = 0x8223, object_id = 0x0003, clean_object_id = 0x0023;
}  // namespace property_id

// PSETID_Appointment and PSETID_Meeting (MS-OXPROPS 1.3.2).
inline constexpr std::string_view set_appointment{"\x02\x20\x06\x00\x00\x00\x00\x00\xC0\x00\x00\x00\x00\x00\x00\x46",
                                                  16};
inline constexpr std::string_view set_meeting{"\x90\xDA\xD8\x6E\x0B\x45\x1B\x10\x98\xDA\x00\xAA\x00\x3F\x13\x05", 16};

}  // namespace coi::tnef
