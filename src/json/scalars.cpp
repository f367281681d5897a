#include "json/scalars.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>
#include <boost/json/serializer.hpp>

namespace coi::json {
namespace {

// Beyond it a double no longer tells neighbouring whole numbers apart (RFC 8259 section 6).
constexpr double exact_whole = 9007199254740991.0;  // 2^53 - 1

std::optional<std::int64_t> whole_double(const Value& value) {
  const auto* number = value.if_double();
  if (number == nullptr || std::abs(*number) > exact_whole || std::trunc(*number) != *number) return std::nullopt;
  return static_cast<std::int64_t>(*number);
}

}  // namespace

namespace detail {

Result<std::int64_t> read_signed(const Value& value, const Path& path, std::int64_t least, std::int64_t most) {
  std::optional<std::int64_t> number = whole_double(value);
  if (const auto* whole = value.if_int64()) number = *whole;
  if (const auto* whole = value.if_uint64(); whole != nullptr && std::in_range<std::int64_t>(*whole))
    number = static_cast<std::int64_t>(*whole);
  if (!number || *number < least || *number > most)
    return path.expected(fmt::format("a whole number from {} to {}", least, most));
  return *number;
}

Result<std::uint64_t> read_unsigned(const Value& value, const Path& path, std::uint64_t most) {
  std::optional<std::uint64_t> number;
  if (const auto* whole = value.if_uint64()) number = *whole;
  const auto small = value.is_int64() ? std::optional(value.get_int64()) : whole_double(value);
  if (small && *small >= 0) number = static_cast<std::uint64_t>(*small);
  if (!number || *number > most) return path.expected(fmt::format("a whole number from 0 to {}", most));
  return *number;
}

void write_string(std::string_view text, std::string& out) {
  // Of a short text, of which there are thousands in a list, most of the time would be the serializer's own making.
  constexpr std::size_t is_short = 128;
  const auto needs_escape = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '"' || c == '\\'; };
  if (text.size() <= is_short && std::ranges::none_of(text, needs_escape)) {
    out += '"';
    out += text;
    out += '"';
    return;
  }
  boost::json::serializer serializer;
  serializer.reset(text);
  std::array<char, 1024> piece;
  while (!serializer.done()) out.append(serializer.read(piece.data(), piece.size()));
}

void write_number(double number, std::string& out) { out += std::isfinite(number) ? print(Value(number)) : "null"; }

std::string alternatives(const std::vector<std::string_view>& words) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " or " : ", ";
    text += fmt::format("\"{}\"", words[i]);
  }
  return text;
}

}  // namespace detail

Result<bool> Codec<bool>::read(const Value& value, const Path& path) {
  const auto* truth = value.if_bool();
  if (truth == nullptr) return path.expected("true or false");
  return *truth;
}

Result<std::string> Codec<std::string>::read(const Value& value, const Path& path) {
  const auto* text = value.if_string();
  if (text == nullptr) return path.expected("a string");
  return std::string(std::string_view(*text));
}

Result<double> Codec<double>::read(const Value& value, const Path& path) {
  if (const auto* whole = value.if_int64()) return static_cast<double>(*whole);
  if (const auto* whole = value.if_uint64()) return static_cast<double>(*whole);
  const auto* number = value.if_double();
  if (number == nullptr || !std::isfinite(*number)) return path.expected("a number");
  return *number;
}

Result<Secret> Codec<Secret>::read(const Value& value, const Path& path) {
  return Secret(COI_TRY(Codec<std::string>::read(value, path)));
}

Result<Rfc3339> Codec<Rfc3339>::read(const Value& value, const Path& path) {
  const auto* text = value.if_string();
  const auto time = text != nullptr ? from_rfc3339(*text) : std::nullopt;
  if (!time) return path.expected("a date-time of RFC 3339");
  return Rfc3339{*time};
}

}  // namespace coi::json
