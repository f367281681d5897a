// How a chat::Poll stands in the column of chat::Details: lines "name=value", one of them for each option. Inside of
// the room.
#pragma once

#include <functional>
#include <string_view>

#include "chat/poll.h"

namespace coi::store {

// `add`: takes the lines, in their order.
void poll_lines(const chat::Poll& poll, const std::function<void(std::string_view name, std::string_view value)>& add);

// Takes one of these lines; what makes no sense is left out.
void take_poll_line(std::string_view name, std::string_view value, chat::Poll& poll);

}  // namespace coi::store
