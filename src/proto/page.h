// How a list is read a page at a time, all lists alike. The request has `most` and at most one of `before`, `after` and
// `around`, each naming an entry; the reply has `more_before` and `more_after`. Both go by the list's order, which the
// method says. Without any of the three the page is the list's beginning; of messages it is the end.
#pragma once

#include <cstdint>
#include <string>

#include "json/codec.h"

namespace coi::proto {

// An entry of a list: its id. In a list of several accounts the account's id belongs to it.
struct Anchor {
  std::string account = {};  // empty: the only one that the list is of
  std::int64_t id = 0;

  friend bool operator==(const Anchor&, const Anchor&) = default;
};

inline constexpr std::uint32_t usual_page = 50;
inline constexpr std::uint32_t longest_page = 1000;

}  // namespace coi::proto

// A number, or {"account", "id"}.
template <>
struct coi::json::Codec<coi::proto::Anchor> {
  static Result<proto::Anchor> read(const Value& value, const Path& path);
  static void write(const proto::Anchor& anchor, std::string& out);
  static std::string words() { return "id, or an object of account and id"; }
};
