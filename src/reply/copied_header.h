// The header of the answered mail as programs copy it above its text, and the rules that they draw there. Private to
// this room.
#pragma once

#include <cstddef>
#include <optional>

#include "reply/seen.h"

namespace coi::reply {

// Where the copied header that begins in line `at` ends (behind its last line): "From" and two more fields of one
// language, a date among them, and something that a timetable ("From: Berlin, To: Rome, Date: …") has not: a subject,
// an address, or the time of sending. Values may be wrapped. Of a language that nobody knows: three fields with an
// address and a date, where a program drew a rule above or marks the answered mail. nullopt: none begins here.
std::optional<std::size_t> copied_header(Lines lines, std::size_t at);

enum class Rule { none, line, original, forward };
// Of one line: dashes or the like alone; "-----Original Message-----"; "---------- Forwarded message ---------" or
// "Begin forwarded message:".
Rule rule_of(const Seen& line);

}  // namespace coi::reply
