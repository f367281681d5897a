// The codec's rules for optional values, lists and maps. Include json/codec.h.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "json/scalars.h"

namespace coi::json {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;

template <class T>
struct Codec<std::optional<T>> {
  static Result<std::optional<T>> read(const Value& value, const Path& path) {
    if (value.is_null()) return std::optional<T>();
    return std::optional<T>(COI_TRY(Codec<T>::read(value, path)));
  }
  static void write(const std::optional<T>& value, std::string& out) {
    if (value)
      Codec<T>::write(*value, out);
    else
      out += "null";
  }
  static std::string words() { return Codec<T>::words(); }
};

template <class T>
struct Codec<std::vector<T>> {
  static Result<std::vector<T>> read(const Value& value, const Path& path) {
    const auto* array = value.if_array();
    if (array == nullptr) return path.expected("an array");
    std::vector<T> list;
    list.reserve(array->size());
    for (const auto& element : *array) list.push_back(COI_TRY(Codec<T>::read(element, path.element(list.size()))));
    return list;
  }
  static void write(const std::vector<T>& list, std::string& out) {
    char before = '[';
    for (const T& element : list) {
      out += std::exchange(before, ',');
      Codec<T>::write(element, out);
    }
    out += list.empty() ? "[]" : "]";
  }
  static std::string words() { return "array of " + Codec<T>::words(); }
};

template <class T, class Less>
struct Codec<std::map<std::string, T, Less>> {
  using Map = std::map<std::string, T, Less>;

  static Result<Map> read(const Value& value, const Path& path) {
    const auto* object = value.if_object();
    if (object == nullptr) return path.expected("an object");
    Map map;
    for (const auto& [name, element] : *object)
      map.insert_or_assign(std::string(name), COI_TRY(Codec<T>::read(element, path.member(name))));
    return map;
  }
  static void write(const Map& map, std::string& out) {
    char before = '{';
    for (const auto& [name, element] : map) {
      out += std::exchange(before, ',');
      detail::write_string(name, out);
      out += ':';
      Codec<T>::write(element, out);
    }
    out += map.empty() ? "{}" : "}";
  }
  static std::string words() { return "object of " + Codec<T>::words() + " by name"; }
};

}  // namespace coi::json
