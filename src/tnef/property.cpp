#include "tnef/property.h"

#include <algorithm>

#include "tnef/attribute.h"

namespace coi::tnef {
namespace {

constexpr std::uint16_t multiple = 0x1000;  // flag of a type
constexpr std::uint32_t first_named = 0x8000;
constexpr std::size_t guid_size = 16;

constexpr std::uint32_t plain_ids[] = {property_id::message_class,      property_id::subject,
                                       property_id::submit_time,        property_id::represented_name,
                                       property_id::represented_type,   property_id::represented_address,
                                       property_id::sender_name,        property_id::sender_type,
                                       property_id::sender_address,     property_id::body,
                                       property_id::rtf_compressed,     property_id::html,
                                       property_id::display_name,       property_id::attach_data,
                                       property_id::attach_name,        property_id::attach_long_name,
                                       property_id::attach_type,        property_id::attach_content_id,
                                       property_id::internet_code_page, property_id::sender_smtp,
                                       property_id::represented_smtp,   property_id::attach_hidden};
constexpr std::uint32_t appointment_ids[] = {property_id::sequence, property_id::location, property_id::start,
                                             property_id::end,      property_id::all_day,  property_id::recurring};
constexpr std::uint32_t meeting_ids[] = {property_id::object_id, property_id::clean_object_id};

bool is_wanted(const Property& property) {
  if (property.is_multiple || property.is_worded) return false;
  const auto is_in = [&](const auto& ids) { return std::ranges::find(ids, property.id) != std::end(ids); };
  if (property.set.empty()) return is_in(plain_ids);
  return (property.set == set_appointment && is_in(appointment_ids)) ||
         (property.set == set_meeting && is_in(meeting_ids));
}

// Octets of one value, with its padding; 0: each says its own size. Nothing: not known.
std::optional<std::size_t> fixed_size(PropertyType type) {
  switch (type) {
    case PropertyType::int16:
    case PropertyType::int32:
    case PropertyType::float32:
    case PropertyType::error:
    case PropertyType::boolean:
      return 4;
    case PropertyType::float64:
    case PropertyType::currency:
    case PropertyType::app_time:
    case PropertyType::int64:
    case PropertyType::time:
      return 8;
    case PropertyType::guid:
      return guid_size;
    case PropertyType::object:
    case PropertyType::string8:
    case PropertyType::unicode:
    case PropertyType::binary:
      return 0;
  }
  return std::nullopt;
}

// What has a size of its own, and the padding to four octets, which may lack at the end of the list.
std::optional<std::string_view> take_sized(std::string_view& rest) {
  const auto size = take_number32(rest);
  const auto value = size ? take_octets(rest, *size) : std::nullopt;
  if (value) rest.remove_prefix(std::min<std::size_t>(rest.size(), (4 - *size % 4) % 4));
  return value;
}

bool take_name(std::string_view& rest, Property& property) {
  const auto set = take_octets(rest, guid_size);
  const auto kind = take_number32(rest);
  if (!set || !kind) return false;
  property.set = *set;
  property.is_worded = *kind != 0;
  if (property.is_worded) return take_sized(rest).has_value();
  const auto number = take_number32(rest);
  property.id = number.value_or(0);
  return number.has_value();
}

bool take_values(std::string_view& rest, Property& property, std::size_t size) {
  if (size != 0 && !property.is_multiple) {
    const auto value = take_octets(rest, size);
    property.value = value.value_or("");
    return value.has_value();
  }
  const auto count = take_number32(rest);
  if (!count) return false;
  if (size != 0) return take_octets(rest, std::size_t{*count} * size).has_value();
  for (std::uint32_t i = 0; i < *count; ++i) {
    const auto value = take_sized(rest);
    if (!value) return false;
    if (i == 0 && !property.is_multiple) property.value = *value;
  }
  return true;
}

std::string_view without_nuls(std::string_view octets, std::size_t width) {
  while (octets.size() >= width && octets.substr(octets.size() - width).find_first_not_of('\0') == octets.npos)
    octets.remove_suffix(width);
  return octets;
}

}  // namespace

std::optional<Property> next_property(std::string_view& rest) {
  auto ahead = rest;
  Property property;
  const auto type = take_number(ahead, 2);
  const auto id = take_number(ahead, 2);
  if (!type || !id) return std::nullopt;
  property.id = static_cast<std::uint32_t>(*id);
  property.is_multiple = (*type & multiple) != 0;
  property.type = static_cast<PropertyType>(*type & ~std::uint64_t{multiple});
  if (property.id >= first_named && !take_name(ahead, property)) return std::nullopt;
  const auto size = fixed_size(property.type);
  if (!size || !take_values(ahead, property, *size)) return std::nullopt;
  rest = ahead;
  return property;
}

bool Properties::read(std::string_view list) {
  const auto count = take_number32(list);
  if (!count) return false;
  for (std::uint32_t i = 0; i < *count; ++i) {
    const auto property = next_property(list);
    if (!property) return false;
    if (is_wanted(*property)) found_.try_emplace({property->set, property->id}, *property);
  }
  return true;
}

const Property* Properties::find(std::uint32_t id, std::string_view set) const {
  const auto found = found_.find({set, id});
  return found == found_.end() ? nullptr : &found->second;
}

std::optional<Piece> Properties::string(std::uint32_t id, CodePage page, std::string_view set) const {
  const auto* property = find(id, set);
  if (property == nullptr) return std::nullopt;
  Piece piece;
  if (property->type == PropertyType::unicode)
    piece = {.octets = from_utf16(without_nuls(property->value, 2)), .charset = "utf-8"};
  else if (property->type == PropertyType::string8)
    piece = string_piece(property->value, page);
  if (piece.octets.empty()) return std::nullopt;
  return piece;
}

std::optional<std::uint64_t> Properties::number(std::uint32_t id, std::string_view set) const {
  const auto* property = find(id, set);
  if (property == nullptr) return std::nullopt;
  auto value = property->value;
  switch (property->type) {
    case PropertyType::int16:
    case PropertyType::boolean:
      return take_number(value, 2);
    case PropertyType::int32:
      return take_number(value, 4);
    case PropertyType::int64:
    case PropertyType::time:
      return take_number(value, 8);
    default:
      return std::nullopt;
  }
}

std::optional<std::string_view> Properties::binary(std::uint32_t id, std::string_view set) const {
  const auto* property = find(id, set);
  if (property == nullptr || property->type != PropertyType::binary) return std::nullopt;
  return property->value;
}

Piece string_piece(std::string_view octets, CodePage page) {
  return {.octets = std::string(without_nuls(octets, 1)), .charset = charset_of(page)};
}

}  // namespace coi::tnef
