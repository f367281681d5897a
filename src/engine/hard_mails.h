// Mails that were asked for and did not come. A server that cannot read a mail refuses its FETCH, hangs up or breaks
// down, and does so at every connection; the mails beside it have to come all the same. A server may also refuse every
// FETCH for a while: then nothing is wrong with the mails.
//
// Whatever was refused rests, each time twice as long, and is asked for again when its rest is over, or when the user
// asks. Only what the server refuses for long, while it gives others, is given up.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

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
  // ---- single mails ----
  // A connection ended while these were awaited together. From now on they are asked for one by one, so that the one
  // that does it is found.
  void suspect(const store::Folder& folder, const NumberSet& uids);
  NumberSet suspects(const store::Folder& folder) const;

  // A mail was asked for alone, and refused. It rests for 1, 2, 4 … seconds, an hour at most. True: this was to be the
  // last time, for it has been refused for an hour in which the server gave others of the folder, or for three days.
  // Never so when Status::may_pass().
  bool refused(const store::Folder& folder, std::uint32_t uid, const imap::Status& status, UnixMs now);
  // The connection ended instead. Once may be chance; from the second time on it rests for 1, 8 and 60 minutes, and is
  // given up the fifth time.
  bool ended_connection(const store::Folder& folder, std::uint32_t uid, UnixMs now);
  bool was_refused(const store::Folder& folder, std::uint32_t uid) const;
  // It came, or is gone.
  void settled(const store::Folder& folder, std::uint32_t uid);
  // All others of the folder are gone from it, and all of its earlier UIDVALIDITY.
  void keep(const store::Folder& folder, const NumberSet& uids);
  // No other folder is looked at any more.
  void keep(const std::vector<store::Folder>& folders);
  // Not to be asked for at present.
  NumberSet resting(const store::Folder& folder, UnixMs now) const;
  // Those whose rest is over.
  NumberSet due(const store::Folder& folder, UnixMs now) const;

  // ---- a folder ----
  // The server refused one mail after the other: no mail of the folder is asked for for 1, 2, 4 … seconds, five minutes
  // at most. `words`: the server's.
  void rest(const store::Folder& folder, const std::string& words, UnixMs now);
  // It has given a mail.
  void gives(const store::Folder& folder, UnixMs now);
  // It was asked again, for such mails as do not rest themselves, and gave none: the rest goes on until the next of
  // them may be asked for, and is over when there is none.
  void gave_none(const store::Folder& folder, UnixMs now);
  bool rests(const store::Folder& folder, UnixMs now) const;
  // It rested, and is to be asked again.
  bool is_due(const store::Folder& folder, UnixMs now) const;

  // The server did not say which mails there are. It is asked again after such pauses; what is known of is fetched
  // meanwhile. `words`: when it refused to, its own.
  void not_listed(const store::Folder& folder, const std::string& words, UnixMs now);
  void listed(const store::Folder& folder);
  bool is_to_be_listed(const store::Folder& folder, UnixMs now) const;
  bool may_be_listed(const store::Folder& folder, UnixMs now) const;

  // Mails that are to be fetched although they were thought done, and those of them that were (settled()): once is
  // enough.
  void want_again(const store::Folder& folder, const NumberSet& uids);
  NumberSet fetched_again(const store::Folder& folder) const;

  // When the first rest is over that ends after `now`, of the folder or of one of its mails.
  std::optional<UnixMs> next_due(const store::Folder& folder, UnixMs now) const;
  // For the user: which folder does not give mails, and why; "" when all do.
  std::string trouble() const;
  // The user wants to know now, or the network changed: all rests are over but those of mails that end connections.
  void asked();

 private:
  struct Hard {
    int ended_connections = 0;
    int refusals = 0;
    UnixMs first_refused = 0;
    UnixMs rests_until = 0;
  };
  struct Rest {
    int times = 0;
    UnixMs until = 0;
    std::string trouble;
  };
  struct State {
    NumberSet suspects, wanted_again, fetched_again;
    std::map<std::uint32_t, Hard> hard;
    std::optional<Rest> rest, not_listed;
    UnixMs gave_last = 0;
  };
  using Mailbox = std::pair<chat::FolderId, std::uint32_t>;  // with its UIDVALIDITY
  using States = std::map<Mailbox, State>;

  static std::optional<UnixMs> next_of(const std::map<std::uint32_t, Hard>& mails, UnixMs after);
  static void lengthen(std::optional<Rest>& rest, std::string trouble, UnixMs now, UnixMs longest);
  template <class Result>
  Result of(const store::Folder& folder, Result (*look)(const State&, UnixMs), UnixMs now) const;
  static Mailbox mailbox(const store::Folder& folder) { return {folder.id, folder.uidvalidity}; }

  Guarded<States> states_;
};

}  // namespace coi::engine
