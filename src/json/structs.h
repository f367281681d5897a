// The codec's rules for described structs and for variants of them. Include json/codec.h.
#pragma once

#include <algorithm>
#include <array>
#include <string_view>
#include <typeinfo>
#include <variant>

#include <boost/core/demangle.hpp>
#include <boost/describe/members.hpp>

#include "json/containers.h"
#include "json/scalars.h"

namespace coi::json {

template <class T>
concept Described = boost::describe::has_describe_members<T>::value && !std::is_union_v<T>;

// The address tells a static member from an ordinary one that happens to be called `type`.
template <class T>
concept Tagged = Described<T> && requires {
  { &T::type } -> std::same_as<const std::string_view*>;
};

namespace detail {

// Inherited ones first.
template <Described T>
using Members = boost::describe::describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

template <Described T>
constexpr bool is_required(std::string_view member) {
  if constexpr (requires { T::required; })
    return std::ranges::find(T::required, member) != std::ranges::end(T::required);
  return false;
}

template <Described T>
constexpr bool required_are_members() {
  if constexpr (requires { T::required; }) {
    for (const std::string_view name : T::required) {
      bool known = false;
      boost::mp11::mp_for_each<Members<T>>([&](auto member) { known = known || name == member.name; });
      if (!known) return false;
    }
  }
  return true;
}

template <std::size_t count>
constexpr bool all_distinct(std::array<std::string_view, count> words) {
  std::ranges::sort(words);
  return std::ranges::adjacent_find(words) == words.end();
}

// "File" of coi::proto::File.
template <class T>
std::string type_name() {
  const auto full = boost::core::demangle(typeid(T).name());
  const auto scope = full.rfind("::");
  return scope == std::string::npos ? full : full.substr(scope + 2);
}

}  // namespace detail

// A template of its own, so that it can be declared `extern template`: g++ keeps the members of a constrained partial
// specialisation local to each file.
template <Described T>
struct StructCodec {
  static_assert(detail::required_are_members<T>(), "T::required names something that is no described member");

  static Result<T> read(const Value& value, const Path& path) {
    const auto* object = value.if_object();
    if (object == nullptr) return path.expected("an object");
    T result{};
    Result<> done;
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
      if (done) done = read_member(*object, member.name, result.*member.pointer, path);
    });
    if (!done) return std::unexpected(std::move(done).error());
    return result;
  }

  static void write(const T& value, std::string& out) {
    char before = '{';
    write_members(value, before, out);
    out += before == '{' ? "{}" : "}";
  }

  // `before`: what stands before the next member.
  static void write_members(const T& value, char& before, std::string& out) {
    boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
      const auto& field = value.*member.pointer;
      using Field = std::remove_cvref_t<decltype(field)>;
      if constexpr (is_optional<Field>)
        if (!field) return;
      out += std::exchange(before, ',');
      out.append("\"").append(member.name).append("\":");  // an identifier of C++: nothing to escape
      Codec<Field>::write(field, out);
    });
  }

  static std::string words() { return detail::type_name<T>(); }

 private:
  template <class Field>
  static Result<> read_member(const Object& object, std::string_view name, Field& field, const Path& path) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) {
      if (detail::is_required<T>(name)) return path.member(name).missing();
      return {};
    }
    field = COI_TRY(Codec<Field>::read(*value, path.member(name)));
    return {};
  }
};

template <Described T>
struct Codec<T> : StructCodec<T> {};

template <Tagged... Types>
struct Codec<std::variant<Types...>> {
  using Variant = std::variant<Types...>;
  static_assert(detail::all_distinct<sizeof...(Types)>({Types::type...}), "two alternatives have the same type");

  static Result<Variant> read(const Value& value, const Path& path) {
    const auto* object = value.if_object();
    if (object == nullptr) return path.expected("an object");
    const auto* member = object->if_contains("type");
    if (member == nullptr) return path.member("type").missing();
    const auto tag = COI_TRY(Codec<std::string>::read(*member, path.member("type")));
    std::optional<Result<Variant>> result;
    (read_if<Types>(tag, value, path, result) || ...);
    if (!result) return path.member("type").expected(tags());
    return *std::move(result);
  }

  static void write(const Variant& value, std::string& out) {
    std::visit(
        [&]<class T>(const T& alternative) {
          out += R"({"type":)";
          detail::write_string(T::type, out);
          char before = ',';
          Codec<T>::write_members(alternative, before, out);
          out += '}';
        },
        value);
  }

  static std::string words() { return "object with type " + tags(); }

 private:
  static std::string tags() { return detail::alternatives({Types::type...}); }

  template <class T>
  static bool read_if(std::string_view tag, const Value& value, const Path& path,
                      std::optional<Result<Variant>>& result) {
    if (tag != T::type) return false;
    auto alternative = Codec<T>::read(value, path);
    if (alternative)
      result.emplace(*std::move(alternative));
    else
      result.emplace(std::unexpected(std::move(alternative).error()));
    return true;
  }
};

}  // namespace coi::json
