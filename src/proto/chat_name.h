// How a request names a chat: by its id, as a number or as digits; by an address of the other; or by a part of the
// chat's name that no other chat has.
#pragma once

#include <string>

#include "json/codec.h"

namespace coi::proto {

struct ChatName {
  std::string text;

  bool empty() const { return text.empty(); }
  friend bool operator==(const ChatName&, const ChatName&) = default;
};

}  // namespace coi::proto

template <>
struct coi::json::Codec<coi::proto::ChatName> {
  static Result<proto::ChatName> read(const Value& value, const Path& path);
  static void write(const proto::ChatName& name, std::string& out) { detail::write_string(name.text, out); }
  static std::string words() { return "chat (id, address or part of the name)"; }
};
