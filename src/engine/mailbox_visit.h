// One mailbox brought up to date over a link: the round of imap/mailbox_sync.h, and its results handed to the account.
#pragma once

#include <functional>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>

#include "base/number_set.h"
#include "engine/imap_link.h"
#include "engine/pause.h"
#include "engine/worker_context.h"
#include "imap/mailbox_sync.h"
#include "store/database.h"

namespace coi::engine {

class MailboxVisit {
 public:
  // `pacer`: told of each mail that is delivered. `left`: as leave() has it. `remembered`: of the last visit over this
  // link.
  MailboxVisit(const WorkerContext& context, ImapLink& link, Pacer& pacer, store::Folder folder, NumberSet left = {},
               imap::RememberedMailbox remembered = {});

  // SELECT, then the whole round. Changes of what we have are delivered, and so are mails that are known already from
  // elsewhere; missing mails are only known afterwards. False: the server does not open the folder (it is gone, or not
  // for us), which is logged and nobody else's trouble. Errors: network.
  Result<bool> open();
  // The server's words when it did not.
  const std::string& refusal() const { return refusal_; }
  // Opens it for fetch() alone: nothing is looked for and nothing said of what changed. False as open(), and when the
  // mailbox was made anew meanwhile.
  Result<bool> open_for_reading();
  const store::Folder& folder() const { return folder_; }
  // Neither stored, nor left to somebody else, nor resting (engine/hard_mails.h).
  NumberSet missing() const { return sync_.missing().without(resting()); }
  // The same, with those that rest.
  const NumberSet& absent() const { return sync_.missing(); }
  // Somebody else fetches these.
  void leave(const NumberSet& uids) { sync_.leave(uids); }

  imap::RememberedMailbox remembered() const { return sync_.remembered(); }
  // Where the server does not tell which flags have changed: looks at those of some older mails, and delivers what
  // differs. False: there is none left.
  Result<bool> look_at_older_flags();

  // INTERNALDATE of these mails, for choosing the newest over all folders; not of those that the server cannot read.
  Result<std::vector<std::pair<UnixMs, std::uint32_t>>> dates(NumberSet uids);
  // Fetches and delivers these mails, as news if they came since the folder was last looked at. One that the server
  // cannot read is left out; one that ends the connection is found by the next connections. While the folder rests
  // nothing is asked for.
  Result<> fetch(const NumberSet& uids);

  // Of these, given to fetch(), what it did not ask for because the folder rests.
  NumberSet unasked(const NumberSet& uids) const;

  // Everything the server says while the mailbox is open has to come here.
  Result<> take(imap::Event&& event);
  // What was taken needs commands: mails are to be fetched. All else deliver_changes() does without.
  bool wants_fetch() const { return !rests() && (sync_.arrivals() > 0 || !missing().empty()); }
  Result<> deliver_changes();
  // After something was taken: fetches what is missing and delivers what changed.
  Result<> catch_up();

 private:
  bool refused(const imap::Status& status);
  Result<imap::Status> select(const ImapLink::OnEvent& listen);
  Result<> attach_known(NumberSet uids, store::Copied how);
  Result<> attach_some(const NumberSet& uids, store::Copied how);
  NumberSet resting() const;
  // Compares what the server counts with what is stored, and lists all mails where that differs. Returns those that
  // are missing and were thought done.
  enum class Listed : std::uint8_t { just_now, before };  // all mails, by the server
  Result<NumberSet> compare(Listed listed);
  // An event that is the mailbox's own. Flags are delivered before too many wait.
  Result<> keep_up(const imap::Event& event);
  Result<> deliver_flags(std::vector<imap::FlagChange> changes);
  // How many mails one command may name here, of `most`.
  std::uint64_t portion(std::uint64_t most) const;
  Result<std::optional<NumberSet>> list_all();
  Result<std::optional<NumberSet>> list_by(const std::function<imap::Command(const NumberSet& uids)>& command);
  Result<bool> forget_others();
  Result<> fetch_together(const NumberSet& uids);
  Result<> fetch_one_by_one(const NumberSet& uids);
  // True: fewer came than the server counts.
  Result<bool> fetch_arrivals();
  bool rests() const;
  // Of fetch() and catch_up(): the folder rested, and now nothing was refused.
  void end_rest();

  Result<> fetch_one(std::uint32_t uid);
  Result<> fetch_otherwise(const NumberSet& large, const NumberSet& odd);
  // Ways to one mail. True: it was delivered.
  using Way = Result<bool> (MailboxVisit::*)(std::uint32_t uid);
  Result<bool> fetch_plainly(std::uint32_t uid);
  Result<bool> fetch_header_and_text(std::uint32_t uid);
  Result<bool> fetch_in_parts(std::uint32_t uid);
  Result<bool> fetch_all_of_it(std::uint32_t uid);
  // One way after the other. What comes by none of them rests, unless it is gone.
  Result<> fetch_by(std::uint32_t uid, std::initializer_list<Way> ways);
  // One FETCH of one mail: what the server said of it, if it has anything of its octets or structure.
  Result<std::optional<imap::Fetch>> ask_for(std::uint32_t uid, const imap::FetchItems& items);
  // What the server said of a mail that is asked for in another way, but for its octets.
  struct Told {
    imap::Fetch items;
    std::size_t octets = 0;  // that came of it
  };
  void note_told(imap::Fetch fetch);
  // Adds flags and INTERNALDATE: as they were told, else each asked for alone, so that one that cannot be read takes
  // neither the other nor the mail with it.
  Result<> complete(imap::Fetch& fetch);
  Result<> note_refusal(std::uint32_t uid);
  Result<bool> came(std::uint32_t uid, chat::Input input);
  // An OK that leaves mails out does not say that they are gone: the server is asked which it has, and those are left.
  Result<NumberSet> drop_expunged(const NumberSet& uids);
  bool is_end(const Error& error) const;
  Error ended_among(const NumberSet& uids, bool some_came, const Error& error);
  Error ended_at(std::uint32_t uid, const Error& error);
  Result<> give_up(std::uint32_t uid, const std::string& reason);
  bool is_news(std::uint32_t uid) const { return !reading_only_ && (sync_.is_news(uid) || late_.contains(uid)); }
  Result<> deliver(chat::Input input);

  const WorkerContext& context_;
  ImapLink& link_;
  Pacer& pacer_;
  store::Folder folder_;
  imap::MailboxSync sync_;
  bool reading_only_ = false;
  std::string refusal_;
  NumberSet large_;                     // seen to be larger than one answer holds
  NumberSet late_;                      // came while the mailbox was open, below others
  NumberSet odd_;                       // came without octets, or with fewer than it has
  std::map<std::uint32_t, Told> told_;  // of large and odd ones that did not come yet
  imap::Status last_answer_;            // to the FETCH of a single mail
  int refused_in_a_row_ = 0;            // single mails
};

}  // namespace coi::engine
