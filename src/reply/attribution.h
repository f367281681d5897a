// "On …, Bob wrote:". Private to this room.
#pragma once

#include <cstddef>
#include <optional>

#include "reply/seen.h"

namespace coi::reply {

// Whether an attribution ends in line `last`, and where it begins: it may be wrapped, and is of one depth. What follows
// says how much it has to say itself. Marked lines below: a day and a time, or an address or "wrote", or "Bob wrote:"
// alone. No marks: a day, and "wrote" or an address with the time of day. In what a program marks as the answered mail,
// a day or an address will do. Never by the colon alone: a person may end a line with one.
std::optional<std::size_t> attribution_ending(Lines lines, std::size_t last);

}  // namespace coi::reply
