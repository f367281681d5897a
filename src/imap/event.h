// What a Session tells, in the order of the server's responses.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/error.h"
#include "imap/command_id.h"
#include "imap/response.h"
#include "imap/status.h"

namespace coi::imap {

struct SelectedMailbox {
  std::string name;  // UTF-8
  bool read_only = false;
  std::optional<std::uint32_t> messages = {};  // EXISTS, kept up to date; nullopt: not told yet
  std::uint32_t uidvalidity = 0;               // 0: not told
  std::uint32_t uidnext = 0;                   // 0: not told; as of selecting
  std::uint64_t highestmodseq = 0;             // 0: the mailbox has none (NOMODSEQ, no CONDSTORE)
  bool uids_stick = true;                      // false: UIDNOTSTICKY, they are new in every session
  std::vector<std::string> flags = {};
  std::vector<std::string> permanent_flags = {};  // "\*": new keywords can be made

  void lose(std::uint64_t mails) {
    if (messages) *messages -= static_cast<std::uint32_t>(std::min<std::uint64_t>(mails, *messages));
  }
};

// The server is there: OK, PREAUTH or BYE. Always the first event, unless it is Failed.
struct Greeting {
  Status status;
};
// Every command has one, unless the connection ends before: Failed, or the transport's end.
struct Completed {
  CommandId id;
  Status status;
};
// IDLE is on; the server tells by itself from here.
struct Idling {
  CommandId id;
};
// A SELECT or EXAMINE succeeded, and what the server said meanwhile; its Completed follows.
struct Selected {
  SelectedMailbox mailbox;
};
// RFC 7162 CLOSED: events before it are about the mailbox that was selected, later ones about the one being selected.
struct Closed {};
// To be shown to the user as it is; the event it came with follows.
struct Alert {
  std::string text;
};
// The server is about to hang up, also after LOGOUT.
struct Bye {
  Status status;
};
// The session is over; nothing follows. `protocol`, `limit`, or `auth` when the server could not prove who it is.
struct Failed {
  Error error;
};

// Status: an untagged OK, NO or BAD, such as the COPYUID of a MOVE. Unreadable: what was to be told is not known.
using Event = std::variant<Greeting, Completed, Idling, Selected, Closed, Alert, Bye, Failed, Unreadable, Status,
                           Capabilities, Exists, Expunge, Vanished, Fetch, List, MailboxStatus, Search, Metadata, Quota,
                           QuotaRoot, Namespaces, ServerId, Enabled>;

}  // namespace coi::imap
