// Writes TNEF packages in the shapes that Outlook and Exchange give them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace coi::tnef {

std::string number(std::uint64_t value, std::size_t size);  // little-endian
std::string utf16(std::u16string_view text);                // with the NUL at the end

// With its checksum.
std::string attribute(char level, std::uint32_t id, std::string_view data);
std::string message_attribute(std::uint32_t id, std::string_view data);
std::string file_attribute(std::uint32_t id, std::string_view data);
std::string file_begins();

// Signature, key, version and code page.
std::string package_begin(std::uint32_t code_page = 1252);

std::string property_list(std::initializer_list<std::string> properties);
std::string message_properties(std::initializer_list<std::string> properties);
std::string file_properties(std::initializer_list<std::string> properties);

std::string tag(std::uint32_t id, std::uint32_t type);
// A name in a set, which stands behind a tag.
std::string named(std::string_view set, std::uint32_t id);

// Values behind a tag.
std::string sized(std::string_view value);  // one value with count, size and padding
std::string unicode(std::uint32_t id, std::u16string_view text);
std::string string8(std::uint32_t id, std::string_view text);
std::string binary(std::uint32_t id, std::string_view octets);
std::string object(std::uint32_t id, std::string_view interface, std::string_view octets);
std::string int32(std::uint32_t id, std::uint32_t value);
std::string boolean(std::uint32_t id, bool value);

// What PidTagRtfCompressed holds.
std::string compressed_rtf(std::string_view rtf);
std::string raw_rtf(std::string_view rtf);

}  // namespace coi::tnef
