// "Sent from my iPhone". Private to this room.
#pragma once

#include <cstddef>
#include <string_view>

#include "reply/seen.h"

namespace coi::reply {

// Whether the whole line is what a phone, a tablet or a mail program puts under a text, in the languages in which they
// are sold: one of a few phrases around a product's name ("Von meinem iPhone gesendet", "Get Outlook for iOS
// <https://…>"), or around a device of any name that is "mine" ("Sent from my Wiko RIDGE FAB 4G"). No sentence is one
// ("Sent from my desk, as always before the meeting.").
bool is_device_footer(std::string_view line);

// Where such lines at the end begin; lines.size(): there are none.
std::size_t device_footer_begin(Lines lines);

}  // namespace coi::reply
