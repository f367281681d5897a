// When a mail became news to its reader: what the order of a chat goes by. Not the author's clock alone, which may be
// days off, nor this device's; the same on every device, and kept when a mailbox moves to another server.
#pragma once

#include <optional>

#include "base/time.h"

namespace coi::chat {

// What is known of a mail. A time before 1990 is none.
struct MailTimes {
  std::optional<UnixMs> received;  // the topmost Received (mime::received_at)
  UnixMs internaldate = 0;         // 0: the server tells none
  std::optional<UnixMs> date;      // the author's
  bool own = false;                // the user's own mail, which no server may have carried
};

// A whole second. Of INTERNALDATE and Received what lies more than a day after `now` is none, unless both say the same
// to an hour: then it is `now` that is slow. This is all that the time of reading decides. In this order:
// - Received: the clock of the user's own provider. It is a part of the mail, so that all devices see it, and an import
//   keeps it. More than an hour after INTERNALDATE it is no word of that provider, but of the sender's side; where an
//   import took INTERNALDATE from Date, more than a month.
// - Own mail that was never received (copies in Sent): Date, but not after INTERNALDATE. An import keeps it, where
//   INTERNALDATE may be the day of the import.
// - Other mail that was never received (put into the mailbox by a program): INTERNALDATE. If Date is more than a month
//   before that it is an import, and Date counts.
// - Without a time by a server: Date, but not after `now`; else `now`.
UnixMs arrival(const MailTimes& times, UnixMs now);

// The time to show beside a message: the author's Date if that can be, else when it arrived.
UnixMs shown_time(UnixMs date_ms, UnixMs arrived_ms);
// Date, where it says so much else that a user may want to know: before 1990, or more than a day from the arrival.
std::optional<UnixMs> odd_date(UnixMs date_ms, UnixMs arrived_ms);

}  // namespace coi::chat
