// The times of an event. The inside of invitation.h; under Library::with() alone.
#pragma once

#include <chrono>
#include <optional>

#include "calendar/invitation.h"

struct icalcomponent_impl;
struct icalproperty_impl;
struct icaltimetype;

namespace coi::calendar {

class Zones;

// The property's DATE or DATE-TIME as written; nullopt if it is none, or no day has that date.
std::optional<std::chrono::local_seconds> local_time(const icalproperty_impl* property);
icaltimetype ical_time(std::chrono::local_seconds local);

// `property` may be nullptr.
std::optional<Moment> read_moment(icalproperty_impl* property, Zones& zones);
// Invitation::end and recurrence say what they give.
std::optional<Moment> read_end(icalcomponent_impl* event, const Moment& start, Zones& zones);
std::optional<Recurrence> read_recurrence(icalcomponent_impl* event, const std::optional<Moment>& start, Zones& zones);

}  // namespace coi::calendar
