// Microsoft's names of time zones, which Outlook and Exchange write as TZID. The inside of invitation.h.
#pragma once

#include <string_view>

namespace coi::calendar {

// "W. Europe Standard Time", in any case: "Europe/Berlin". "" for what is no such name.
std::string_view iana_zone(std::string_view windows_name);

}  // namespace coi::calendar
