// Message-IDs as COI forms them. Ids are kept without <> everywhere in the house.
#pragma once

#include <string>
#include <string_view>

namespace coi::wire {

// C-07: "chat$UNIQUE@domain" with 144 random bits, no clock or host data. `domain`: the part of the own address behind
// @.
std::string make_message_id(std::string_view domain);

// Of the same form and always the same for one address and token, which nobody else can guess.
std::string message_id_for(std::string_view address, std::string_view token);

// The id of a mail that has none: "<sha256 of its octets>@local", the same on every device.
std::string local_message_id(std::string_view mail);

// The part behind the last @; empty when there is none.
std::string_view domain_of(std::string_view address);

}  // namespace coi::wire
