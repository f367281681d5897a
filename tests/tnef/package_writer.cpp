#include "package_writer.h"

#include "tnef/attribute.h"

namespace coi::tnef {
namespace {

// Of MS-OXRTFCP, written apart from the reader's.
const std::string dictionary =
    R"({\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans Serif)"
    R"(SymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0)"
    "\r\n"
    R"(\par \pard\plain\f0\fs20\b\i\u\tab\tx)";

std::string padding(std::size_t size) { return std::string((4 - size % 4) % 4, '\0'); }

std::string rtf_header(std::size_t contents, std::size_t raw, std::string_view type) {
  return number(contents + 12, 4) + number(raw, 4) + std::string(type) + number(0, 4);
}

}  // namespace

std::string number(std::uint64_t value, std::size_t size) {
  std::string out;
  for (std::size_t i = 0; i < size; ++i) out += static_cast<char>(value >> (8 * i) & 0xFF);
  return out;
}

std::string utf16(std::u16string_view text) {
  std::string out;
  for (const auto unit : text) out += number(unit, 2);
  return out + number(0, 2);
}

std::string attribute(char level, std::uint32_t id, std::string_view data) {
  std::uint32_t sum = 0;
  for (const char c : data) sum += static_cast<std::uint8_t>(c);
  return level + number(id, 4) + number(data.size(), 4) + std::string(data) + number(sum, 2);
}
std::string message_attribute(std::uint32_t id, std::string_view data) { return attribute(1, id, data); }
std::string file_attribute(std::uint32_t id, std::string_view data) { return attribute(2, id, data); }
std::string file_begins() {
  return file_attribute(attribute_id::attach_begins, number(1, 2) + number(0xFFFFFFFF, 4) + number(0, 8));
}

std::string package_begin(std::uint32_t code_page) {
  return std::string(signature) + number(0x3A7, 2) + message_attribute(0x00089006, number(0x10000, 4)) +
         message_attribute(attribute_id::code_page, number(code_page, 4) + number(0, 4));
}

std::string property_list(std::initializer_list<std::string> properties) {
  auto out = number(properties.size(), 4);
  for (const auto& property : properties) out += property;
  return out;
}
std::string message_properties(std::initializer_list<std::string> properties) {
  return message_attribute(attribute_id::message_properties, property_list(properties));
}
std::string file_properties(std::initializer_list<std::string> properties) {
  return file_attribute(attribute_id::attach_properties, property_list(properties));
}

std::string tag(std::uint32_t id, std::uint32_t type) { return number(type, 2) + number(id, 2); }
std::string named(std::string_view set, std::uint32_t id) { return std::string(set) + number(0, 4) + number(id, 4); }

std::string sized(std::string_view value) {
  return number(1, 4) + number(value.size(), 4) + std::string(value) + padding(value.size());
}
std::string unicode(std::uint32_t id, std::u16string_view text) { return tag(id, 0x1F) + sized(utf16(text)); }
std::string string8(std::uint32_t id, std::string_view text) { return tag(id, 0x1E) + sized(std::string(text) + '\0'); }
std::string binary(std::uint32_t id, std::string_view octets) { return tag(id, 0x102) + sized(octets); }
std::string object(std::uint32_t id, std::string_view interface, std::string_view octets) {
  return tag(id, 0x0D) + sized(std::string(interface) + std::string(octets));
}
std::string int32(std::uint32_t id, std::uint32_t value) { return tag(id, 3) + number(value, 4); }
std::string boolean(std::uint32_t id, bool value) { return tag(id, 0x0B) + number(value ? 1 : 0, 4); }

// Takes the longest piece that has been there already, of up to 17 octets.
std::string compressed_rtf(std::string_view rtf) {
  std::string seen = dictionary, contents, pieces;
  unsigned control = 0, bits = 0;
  const auto add = [&](std::string_view piece, bool is_reference) {
    control |= (is_reference ? 1U : 0U) << bits;
    pieces += piece;
    if (++bits < 8) return;
    contents += static_cast<char>(control) + pieces;
    control = bits = 0;
    pieces.clear();
  };
  const auto reference = [](std::size_t place, std::size_t length) {
    const auto value = (place % 4096) << 4 | (length - 2);
    return std::string{static_cast<char>(value >> 8 & 0xFF), static_cast<char>(value & 0xFF)};
  };
  for (std::size_t at = 0; at < rtf.size();) {
    const auto from = seen.size() > 4000 ? seen.size() - 4000 : 0;
    std::size_t length = std::min<std::size_t>(17, rtf.size() - at), place = std::string::npos;
    for (; length >= 2; --length)
      if (place = seen.find(rtf.substr(at, length), from); place != std::string::npos) break;
    if (place == std::string::npos) length = 1;
    add(place == std::string::npos ? std::string(rtf.substr(at, 1)) : reference(place, length),
        place != std::string::npos);
    seen += rtf.substr(at, length);
    at += length;
  }
  add(reference(seen.size(), 2), true);
  if (bits > 0) contents += static_cast<char>(control) + pieces;
  return rtf_header(contents.size(), rtf.size(), "LZFu") + contents;
}

std::string raw_rtf(std::string_view rtf) { return rtf_header(rtf.size(), rtf.size(), "MELA") + std::string(rtf); }

}  // namespace coi::tnef
