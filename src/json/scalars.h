// The codec's rules for everything that is one JSON string, number or truth value. Include json/codec.h.
#pragma once

#include <array>
#include <charconv>
#include <concepts>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <boost/describe/enum_to_string.hpp>
#include <boost/describe/enumerators.hpp>
#include <boost/mp11/algorithm.hpp>

#include "base/secret.h"
#include "base/strong_id.h"
#include "base/time.h"
#include "json/describe.h"
#include "json/json.h"
#include "json/path.h"

namespace coi::json {

// How one type is read and written; each kind of type has its specialisation.
//   static Result<T> read(const Value&, const Path&);
//   static void write(const T&, std::string& out);  // appends its JSON text
//   static std::string words();   // the JSON type as documentation says it, without article: "list of strings"
template <class T>
struct Codec;

// A point in time that is written for people and other programs.
struct Rfc3339 {
  UnixMs ms = 0;
  friend bool operator==(const Rfc3339&, const Rfc3339&) = default;
};

namespace detail {
void write_string(std::string_view text, std::string& out);  // quoted and escaped
void write_number(double number, std::string& out);
template <std::integral T>
void write_number(T number, std::string& out) {
  std::array<char, 24> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}
}  // namespace detail

template <>
struct Codec<Value> {
  static Result<Value> read(const Value& value, const Path&) { return value; }
  static void write(const Value& value, std::string& out) { out += print(value); }
  static std::string words() { return "anything"; }
};

template <>
struct Codec<bool> {
  static Result<bool> read(const Value& value, const Path& path);
  static void write(bool value, std::string& out) { out += value ? "true" : "false"; }
  static std::string words() { return "true or false"; }
};

template <>
struct Codec<std::string> {
  static Result<std::string> read(const Value& value, const Path& path);
  static void write(const std::string& value, std::string& out) { detail::write_string(value, out); }
  static std::string words() { return "string"; }
};

template <>
struct Codec<double> {
  static Result<double> read(const Value& value, const Path& path);
  static void write(double value, std::string& out) { detail::write_number(value, out); }
  static std::string words() { return "number"; }
};

template <>
struct Codec<Secret> {
  static Result<Secret> read(const Value& value, const Path& path);
  static void write(const Secret& value, std::string& out) { detail::write_string(value.reveal(), out); }
  static std::string words() { return "string"; }
};

template <>
struct Codec<Rfc3339> {
  static Result<Rfc3339> read(const Value& value, const Path& path);
  static void write(const Rfc3339& value, std::string& out) { detail::write_string(to_rfc3339(value.ms), out); }
  static std::string words() { return "date-time (RFC 3339)"; }
};

namespace detail {
// A number without fraction from `least` to `most`; 5.0 and 5e0 are 5 (RFC 8259 section 6 has one kind of number).
Result<std::int64_t> read_signed(const Value& value, const Path& path, std::int64_t least, std::int64_t most);
Result<std::uint64_t> read_unsigned(const Value& value, const Path& path, std::uint64_t most);
// `"a", "b" or "c"`
std::string alternatives(const std::vector<std::string_view>& words);
}  // namespace detail

template <std::integral T>
  requires(!std::same_as<T, bool>)
struct Codec<T> {
  static Result<T> read(const Value& value, const Path& path) {
    using Range = std::numeric_limits<T>;
    if constexpr (std::is_signed_v<T>)
      return static_cast<T>(COI_TRY(detail::read_signed(value, path, Range::min(), Range::max())));
    else
      return static_cast<T>(COI_TRY(detail::read_unsigned(value, path, Range::max())));
  }
  static void write(T value, std::string& out) { detail::write_number(value, out); }
  static std::string words() { return "whole number"; }
};

template <class Tag>
struct Codec<StrongId<Tag>> {
  static Result<StrongId<Tag>> read(const Value& value, const Path& path) {
    return StrongId<Tag>(COI_TRY(Codec<std::int64_t>::read(value, path)));
  }
  static void write(StrongId<Tag> id, std::string& out) { detail::write_number(id.value, out); }
  static std::string words() { return "id"; }
};

template <class T>
  requires std::is_enum_v<T>
struct Codec<T> {
  static_assert(boost::describe::has_describe_enumerators<T>::value, "needs BOOST_DESCRIBE_ENUM beside the enum");

  static Result<T> read(const Value& value, const Path& path) {
    const auto* word = value.if_string();
    std::optional<T> found;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto enumerator) {
      if (word != nullptr && *word == enumerator.name) found = enumerator.value;
    });
    if (!found) return path.expected(words());
    return *found;
  }
  // A value without enumerator is a bug of the caller; it is written as an empty string, which no reader takes.
  static void write(T value, std::string& out) {
    detail::write_string(boost::describe::enum_to_string(value, ""), out);
  }
  static std::string words() {
    std::vector<std::string_view> names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto enumerator) { names.push_back(enumerator.name); });
    return detail::alternatives(names);
  }
};

}  // namespace coi::json
