// What a described type looks like as JSON, for documentation and help: the API table prints its reference from it.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "json/codec.h"

namespace coi::json {

struct MemberDoc {
  std::string name;
  std::string type;       // "string", "array of File", `"online" or "away"`
  bool required = false;  // an error when absent
  std::string fallback;   // JSON: what an absent member counts as; empty for required and for optional ones
  friend bool operator==(const MemberDoc&, const MemberDoc&) = default;
};

struct TypeDoc {
  std::string name;  // the struct's, without namespace
  std::string tag;   // what its member "type" says in a variant, or empty
  std::vector<MemberDoc> members;
  friend bool operator==(const TypeDoc&, const TypeDoc&) = default;
};

// The members of T itself.
template <Described T>
TypeDoc describe() {
  TypeDoc doc{.name = detail::type_name<T>(), .tag = {}, .members = {}};
  if constexpr (Tagged<T>) doc.tag = T::type;
  boost::mp11::mp_for_each<detail::Members<T>>([&](auto member) {
    const T empty{};
    const auto& field = empty.*member.pointer;
    using Field = std::remove_cvref_t<decltype(field)>;
    MemberDoc entry{.name = member.name,
                    .type = Codec<Field>::words(),
                    .required = detail::is_required<T>(member.name),
                    .fallback = {}};
    if (!entry.required && !is_optional<Field>) entry.fallback = encode(field);
    doc.members.push_back(std::move(entry));
  });
  return doc;
}

namespace detail {

// Walks into T and adds each struct once, the mentioning one before the mentioned.
template <class T>
struct Collect {
  static void into(std::vector<TypeDoc>& docs) {
    if constexpr (Described<T>) {
      auto doc = describe<T>();
      if (std::ranges::find(docs, doc) != docs.end()) return;
      docs.push_back(std::move(doc));
      boost::mp11::mp_for_each<Members<T>>(
          [&](auto member) { Collect<std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>>::into(docs); });
    }
  }
};
template <class T>
struct Collect<std::optional<T>> : Collect<T> {};
template <class T>
struct Collect<std::vector<T>> : Collect<T> {};
template <class T, class Less>
struct Collect<std::map<std::string, T, Less>> : Collect<T> {};
template <class... Types>
struct Collect<std::variant<Types...>> {
  static void into(std::vector<TypeDoc>& docs) { (Collect<Types>::into(docs), ...); }
};

}  // namespace detail

// T and every struct that it mentions, however deep, each once. T may be any type the codec takes.
template <class T>
std::vector<TypeDoc> describe_all() {
  std::vector<TypeDoc> docs;
  detail::Collect<T>::into(docs);
  return docs;
}

// The JSON type of T in words, as in MemberDoc::type.
template <class T>
std::string type_words() {
  return Codec<T>::words();
}

}  // namespace coi::json
