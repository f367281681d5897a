// Polls as people read them.
#pragma once

#include <string>
#include <vector>

#include "output.h"
#include "proto/chat.h"
#include "proto/message.h"

namespace coi::cli {

// What it offers, on one line; a date or time as people write it, in the zone of this machine.
std::string option_text(const proto::PollOption& option, UnixMs now);

// Of a message that is a poll, lines of at most `width` columns (0: not wrapped): the question, its options with a bar,
// the votes and whose they are, our own choice marked, and what can be done.
//
//     Which film?
//     1 ● Alien         ████████  3  You, Bob, Carol
//     2   Blade Runner  ███       1  Dora
//     4 people have voted · ends tomorrow, 18:00 · coi vote 12 NUMBER…
std::vector<std::string> poll_lines(const Output& out, const proto::Message& message, const proto::Chat& chat,
                                    std::size_t width, UnixMs now);

}  // namespace coi::cli
