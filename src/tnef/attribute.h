// How a TNEF stream is cut into attributes (MS-OXTNEF 2.1.3). For this room only. All integers are little-endian.
//
//   stream    = %x78.9F.3E.22 key *attribute              ; key: two octets, of no use here
//   attribute = level id length *OCTET checksum           ; 1, 4, 4 and 2 octets
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace coi::tnef {

inline constexpr std::string_view signature = "\x78\x9F\x3E\x22";
inline constexpr std::size_t stream_header = 6;  // octets: signature and key

// What an attribute is (2.1.3.3), type and id in one.
namespace attribute_id {
inline constexpr std::uint32_t subject = 0x00018004, message_class = 0x00078008, body = 0x0002800C,
                               message_properties = 0x00069003, code_page = 0x00069007, attach_title = 0x00018010,
                               attach_data = 0x0006800F, attach_begins = 0x00069002, attach_properties = 0x00069005;
}  // namespace attribute_id

struct Attribute {
  std::uint32_t id = 0;
  std::string_view data;
};

// Takes one off the front of `rest`. Nothing at the end, where the data would reach beyond it, or where none begins;
// `rest` is then what is left. The checksum is not compared: mail is not damaged so, and what can be read is shown.
std::optional<Attribute> next_attribute(std::string_view& rest);

// Takes that many octets, or a number of so many, 8 at most, off the front; nothing, and `rest` as it was, when they
// are not there.
std::optional<std::string_view> take_octets(std::string_view& rest, std::size_t size);
std::optional<std::uint64_t> take_number(std::string_view& rest, std::size_t size);
std::optional<std::uint32_t> take_number32(std::string_view& rest);

}  // namespace coi::tnef
