#include "proto/chat_name.h"

namespace coi::json {

Result<proto::ChatName> Codec<proto::ChatName>::read(const Value& value, const Path& path) {
  if (const auto* text = value.if_string()) return proto::ChatName{std::string(*text)};
  if (const auto* number = value.if_int64(); number != nullptr && *number > 0)
    return proto::ChatName{std::to_string(*number)};
  return path.expected("a chat's id, address or name");
}

}  // namespace coi::json
