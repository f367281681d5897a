#include "json/json.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>
#include <boost/json/parser.hpp>
#include <boost/json/serialize.hpp>

namespace coi::json {
namespace {

// Boost reads 1e999 as infinity and prints that as a number it would not read again.
bool is_finite(const Value& value) {
  if (const auto* number = value.if_double()) return std::isfinite(*number);
  if (const auto* array = value.if_array()) return std::ranges::all_of(*array, is_finite);
  if (const auto* object = value.if_object())
    return std::ranges::all_of(*object, [](const auto& member) { return is_finite(member.value()); });
  return true;
}

}  // namespace

Result<Value> parse(std::string_view text, const Limits& limits) try {
  boost::json::parse_options options;
  options.max_depth = limits.nesting;
  boost::json::parser parser({}, options);
  boost::json::error_code error;
  const auto offset = parser.write_some(text.data(), text.size(), error);
  if (!error && offset < text.size()) error = boost::json::error::extra_data;
  if (error == boost::json::error::too_deep)
    return fail(ErrorKind::limit, fmt::format("JSON nests deeper than {} levels at offset {}", limits.nesting, offset));
  if (error) return fail(ErrorKind::invalid, fmt::format("not JSON at offset {}: {}", offset, error.message()));
  auto value = parser.release();
  if (!is_finite(value)) return fail(ErrorKind::invalid, "a JSON number is too large");
  return value;
} catch (const std::length_error&) {
  return fail(ErrorKind::limit, "a JSON string, array or object is too long");
}

std::string print(const Value& value) { return boost::json::serialize(value); }

}  // namespace coi::json
