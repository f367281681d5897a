// How a notice stands in its two columns. Inside of the room.
#pragma once

#include <string>
#include <string_view>

#include "base/ascii.h"
#include "chat/model.h"

namespace coi::store {

inline std::string params_text(const chat::Notice& notice) {
  std::string text;
  for (const auto& [name, value] : notice.params) text.append(text.empty() ? "" : "\n").append(name + "=" + value);
  return text;
}

inline chat::Notice notice_of(std::string code, std::string_view params) {
  chat::Notice notice{.code = std::move(code), .params = {}};
  if (notice.code.empty()) return notice;
  for (const auto line : ascii_split(params, '\n'))
    if (const auto equals = line.find('='); equals != std::string_view::npos)
      notice.params.emplace(line.substr(0, equals), line.substr(equals + 1));
  return notice;
}

}  // namespace coi::store
