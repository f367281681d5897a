// Mails that were asked for and did not come. A server that cannot read a mail refuses its FETCH, hangs up or breaks
// down, and does so at every connection; the mails beside it have to come all the same.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "base/guarded.h"
#include "base/number_set.h"
#include "base/time.h"
#include "chat/model.h"
#include "imap/status.h"
#include "store/database.h"

namespace coi::engine {

// Shared by the connections of an account; any thread. Lives as long as the program: the next one asks once more.
class HardMails {
 public:
  // A connection ended while these were awaited together. From now on they are asked for one by one, so that the one
  // that does it is found.
  void suspect(const store::Folder& folder, const NumberSet& uids);
  NumberSet suspects(const store::Folder& folder) const;

  // A mail was asked for alone, and refused. It rests for an hour; true when that has been so three times, which is to
  // be the last, unless the server said that it is a matter of time (RFC 5530 UNAVAILABLE, INUSE).
  bool refused(const store::Folder& folder, std::uint32_t uid, const imap::Status& status, UnixMs now);
  // The connection ended instead. Once may be chance; from the second time on it counts as refused.
  bool ended_connection(const store::Folder& folder, std::uint32_t uid, UnixMs now);
  // Not to be asked for at present.
  NumberSet resting(const store::Folder& folder, UnixMs now) const;

 private:
  struct Hard {
    int ended_connections = 0;
    int refusals = 0;
    UnixMs rests_until = 0;
  };
  using Mailbox = std::pair<chat::FolderId, std::uint32_t>;  // with its UIDVALIDITY
  struct State {
    std::map<Mailbox, NumberSet> suspects;
    std::map<Mailbox, std::map<std::uint32_t, Hard>> hard;
  };

  static Mailbox mailbox(const store::Folder& folder) { return {folder.id, folder.uidvalidity}; }
  static bool count_refusal(Hard& hard, UnixMs now);

  Guarded<State> state_;
};

}  // namespace coi::engine
