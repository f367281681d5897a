// Disappearing messages (D-27): what mails say about how long they stay. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "chat/model.h"
#include "mime/mail.h"

namespace coi::chat {

// The code of the notice that tells of another timer; its parameter is `seconds`.
inline constexpr auto timer_changed = "timer_changed";

// Seconds after which the mail is to disappear; 0: it stays. nullopt: it says nothing about that, as only mails of chat
// programs do, and of Delta Chat all of them: without the field the timer is off. A field that is no number is none.
// `evidence`: which program wrote the mail.
std::optional<std::uint32_t> read_timer(const mime::Part& root, PeerClass evidence);
// D-05: the mail is there to tell of another timer.
bool changes_timer(const mime::Part& root);

Notice timer_notice(std::uint32_t seconds);

// P-14: "Messages disappear after 1 day in programs that support it."
std::string timer_words(std::uint32_t seconds);

// The field on every mail of a chat that has a timer; 0: none.
void add_timer(std::uint32_t seconds, std::vector<mime::Header>& fields);

// What is known of when a message was sent and seen; 0: not known.
struct Viewed {
  bool outgoing = false;
  UnixMs sent_ms = 0;  // Date, but never later than the arrival
  UnixMs arrived_ms = 0;
  UnixMs here_ms = 0;     // seen on this device
  UnixMs receipt_ms = 0;  // an own device said that it was seen
  UnixMs noticed_ms = 0;  // this device learnt that it had been seen
};
// When a message with that timer is over: for its author it runs from the sending, for others from the first view,
// which cannot have been before it came. 0: it was not seen yet, or has no timer.
UnixMs expiry(std::uint32_t seconds, const Viewed& viewed);

}  // namespace coi::chat
