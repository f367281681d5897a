// What to do to bring our knowledge of one mailbox up to date, and to keep it so while it is selected (RFC 4549 section
// 3, RFC 7162 section 6). Values only: it says which commands to send and is told every event.
//
//   MailboxSync sync(known, capabilities, enabled);
//   session.submit(select(sync.select(name)));
//   … take() every event of the session from here on, and after each of them
//     while (auto command = sync.next_command()) sync.submitted(session.submit(std::move(*command)));
//
// A round is over when looked_through(): then all changes of flags, all expunged mails and all mails that we lack are
// known, if it is complete(). highestmodseq() and done() belong into the transaction that stores the changes taken
// after that.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/limits.h"
#include "base/number_set.h"
#include "imap/capabilities.h"
#include "imap/command.h"
#include "imap/event.h"

namespace coi::imap {

inline constexpr std::uint32_t greatest_uid = std::numeric_limits<std::uint32_t>::max();

// What a server that keeps no list of changes told of a mailbox while it was open last, over the same connection. Then
// the numbers that SELECT gives show whether anything came or went, and not all has to be listed again.
struct RememberedMailbox {
  NumberSet existing = {};     // all its mails below `next_uid`
  std::uint32_t next_uid = 0;  // 0: nothing is remembered
  NumberSet flags_left = {};   // whose flags have not been looked at since the first round
};

// What is stored of a mailbox.
struct KnownMailbox {
  std::uint32_t uidvalidity = 0;    // 0: we never had it
  std::uint32_t uidnext = 0;        // UIDs from here on are news; 0: no round was ever over
  std::uint64_t highestmodseq = 0;  // of the last round that was applied wholly; 0: there was none
  NumberSet done = {};              // UIDs that need no more looking at: fetched, given up, or known not to exist
  NumberSet left = {};              // UIDs that somebody else fetches, as leave() has it
  RememberedMailbox remembered = {};
  bool listed_in_vain = false;  // lately, in every way that we know: one of them is enough for now
};

enum class SyncMethod : std::uint8_t {
  qresync,    // changes come with SELECT; only gaps are searched
  condstore,  // flags since HIGHESTMODSEQ; all UIDs, to see which are gone
  plain,      // all UIDs; flags of the newest mails, and of some older ones each time
  listing,    // all UIDs with all flags, for the server does not say how many mails there are
};

// Of how many mails a round looks at the flags where the server does not tell which have changed.
inline constexpr std::uint64_t newest_flags = 100;
inline constexpr std::uint64_t older_flags =
    400;  // of those that are left, newest first; also at a time between rounds

struct FlagChange {
  std::uint32_t uid;
  std::vector<std::string> flags;  // all that are set now
  std::uint64_t modseq;            // 0: not told
};

struct MailboxChanges {
  std::vector<FlagChange> flags;  // by UID; with `plain`, flags that did not change are among them
  NumberSet expunged;             // UIDs that may never have been stored are among them
  bool empty() const { return flags.empty() && expunged.empty(); }
};

class MailboxSync {
 public:
  // Limits.flags bounds what the server can say before the mailbox is open; beyond it all flags are asked for anew.
  MailboxSync(KnownMailbox known, const Capabilities& capabilities, const Capabilities& enabled,
              const Limits& limits = {});

  Select select(std::string mailbox) const;
  // The server refuses that for its parameters, as it seems: the same without them. The round does without what they
  // are for.
  Select select_plainly(const Select& refused);

  // The mailbox is selected. All below is valid from then on.
  bool opened() const { return opened_; }
  // The stored UIDs mean nothing any more; the round starts from nothing.
  bool uidvalidity_changed() const { return uidvalidity_changed_; }
  // The mailbox stands before what we know of it, as one restored from a backup does: no stored MODSEQ means anything,
  // and UIDs from next_uid() on, as it is now, are of mails to come.
  bool restored() const { return restored_; }
  SyncMethod method() const { return method_; }

  // What the round has to ask next; nullopt: nothing at present.
  std::optional<Command> next_command();
  void submitted(CommandId id);  // of the command that next_command() gave last

  // Any event of the connection while this mailbox is selected, its own Selected and Closed among them; what is no
  // concern of the mailbox is passed over.
  void take(const Event& event);
  bool looked_through() const { return looked_through_; }
  // False: the server named fewer mails than it has, or refused to name them in every way that we know (refusal()). Of
  // those that it did not name nothing is concluded, and the next round asks for everything that this one did.
  bool complete() const { return complete_; }
  const std::string& refusal() const { return refusal_; }
  // What has changed since the last call.
  MailboxChanges take_changes();
  // The flags alone, which may be taken as soon as it is opened() and before the round is over; and how many wait.
  std::vector<FlagChange> take_flags();
  std::size_t waiting_flags() const { return flags_.size(); }

  // What exists, is not done, and is ours to fetch; known from looked_through() on. What the server names later is
  // added.
  const NumberSet& missing() const { return missing_; }
  // Came since the last round; everything else is history, such as all that a mailbox holds which we never had.
  bool is_news(std::uint32_t uid) const { return first_new_ > 0 && uid >= first_new_; }
  NumberSet news() const;  // those of missing()
  // ---- what the server counts, against what we hold ----
  // `held`: the UIDs of the mailbox of which something is stored. False: EXISTS says another number than we know of. A
  // mail came with a UID below others that were there before it, one of a mail that was gone is used again, or mails
  // were named as gone that are there.
  bool agrees(const NumberSet& held) const;
  // It agrees: what a round that lists gaps alone did not find is done from now on.
  void believe_absent();
  // All UIDs, if the round has found all of them; nullptr else.
  const NumberSet* all() const { return complete_ && knows_numbers_ && !assumes_ ? &existing_ : nullptr; }
  // The counts do not agree: from here on no message number is taken for a UID.
  void doubt_numbers() { knows_numbers_ = false; }
  // `there` has as many UIDs as the server has mails.
  bool names_all(const NumberSet& there) const { return there.size() == messages_; }
  // `there`: all UIDs, as the server names them now. What it has and we do not hold is missing again, but for
  // `not_again`; what we hold and it has not is gone. Of a list that is longer than EXISTS nothing is believed, and of
  // one that is shorter nothing is gone. It is believed more than UIDNEXT. Returns what is missing again.
  NumberSet compare(const NumberSet& held, const NumberSet& there, const NumberSet& not_again);

  // Other mails lie there than those that were stored of these UIDs, which is seen before the round is over: they are
  // to be fetched.
  void forget(const NumberSet& uids);
  // Somebody else fetches these: they are missing no more. What changes of them is told, for they may be stored.
  void leave(const NumberSet& uids);
  const NumberSet& left() const { return left_; }
  // The next mails whose flags are to be looked at (uid_fetch), at leisure; empty: all have been. They count as looked
  // at from then on.
  NumberSet take_flags_left();
  // To be given to the next MailboxSync of this mailbox, once it has been left.
  RememberedMailbox remembered() const;
  // Mails of these UIDs are stored, given up, or did not come although their fetch was answered OK (expunged
  // meanwhile).
  void mark_done(const NumberSet& uids);

  // To be stored.
  const NumberSet& done() const { return done_; }
  std::uint32_t uidvalidity() const { return uidvalidity_; }
  std::uint64_t highestmodseq() const { return looked_through_ && flags_told_ ? server_modseq_ : known_modseq_; }

  // So many mails have arrived whose UIDs were not told yet: MessageSet::from(next_uid()) has them.
  std::uint32_t arrivals() const { return messages_ - numbered_; }
  std::uint32_t next_uid() const { return next_uid_; }
  // The server told of them, and does not have them.
  void forget_arrivals() { numbered_ = messages_; }

 private:
  bool knows_modseq() const { return known_modseq_ > 0 && !done_.empty(); }
  void open(const SelectedMailbox& mailbox);
  void forget_everything();
  void forget_after(std::uint32_t uidnext);
  void plan(const SelectedMailbox& mailbox);
  // What a command of the round asks for.
  enum class Asked : std::uint8_t {
    search,   // which UIDs there are
    listing,  // the same, with all flags, by FETCH
    changes,  // flags since known_modseq_
    flags,    // of some
  };
  void ask_for_uids(const NumberSet& among);
  void ask_for_listing();
  void ask_for_flags();
  bool may_assume() const;
  bool assumption_holds() const;
  bool is_too_short() const;
  std::uint64_t named() const;  // mails, in the round
  void count_exists(std::uint32_t messages);
  void refused(Asked asked, std::string words);
  // What the server left out of its answer is asked for next. False: it does not say what that is.
  bool go_on_below(Asked asked, const Status& status);
  FetchModifiers changes() const;
  void finish_round();
  void completed(const Completed& completed);
  void take_fetch(const Fetch& fetch);
  void take_flags_of(std::uint32_t uid, const std::vector<std::string>& flags, std::uint64_t modseq);
  void take_number(std::uint32_t message, std::uint32_t uid);
  void take_gone(const NumberSet& uids);
  void take_expunge(std::uint32_t message);
  void take_vanished(const Vanished& vanished);
  NumberSet below_next_uid() const;

  // known before the round
  std::uint64_t known_modseq_;
  NumberSet done_;
  NumberSet left_;
  std::uint32_t uidvalidity_;
  std::uint32_t first_new_;  // UIDs from here on are news; 0: not known before the round is over
  bool has_condstore_, has_qresync_, has_esearch_;
  RememberedMailbox remembered_;
  bool listed_in_vain_;

  // the round
  SyncMethod method_ = SyncMethod::plain;
  bool uidvalidity_changed_ = false;
  bool restored_ = false;
  bool opened_ = false;
  bool looked_through_ = false;
  bool complete_ = true;
  bool assumes_ = false;  // that what is remembered still exists: only what came is searched
  bool doubts_ = false;   // an EXPUNGE came meanwhile, whose number tells no UID then
  std::uint64_t server_modseq_ = 0;
  bool flags_told_ = true;
  std::string refusal_;                              // the server's words
  std::vector<std::pair<Asked, Command>> commands_;  // still to be given out, last first
  std::map<CommandId, Asked> asked_;
  std::set<Asked> tried_;
  std::map<Asked, std::uint32_t> done_down_to_;  // RFC 9738
  Asked given_ = Asked::search;                  // the command given out last
  CommandId search_;
  NumberSet searched_;           // the UIDs the round has to know about
  NumberSet asked_uids_;         // those that the last SEARCH was about
  NumberSet found_;              // those of them that exist
  bool lists_by_fetch_ = false;  // all UIDs come as FETCH, not as SEARCH
  bool found_in_order_ = true;   // found_ has the messages from number 1 on without a gap

  // the mailbox now
  bool is_counted_ = false;  // EXISTS was told
  int named_nothing_ = 0;    // lists of all mails, while they were not counted
  std::uint32_t messages_ = 0;
  std::uint32_t numbered_ = 0;  // messages, from number 1 on, whose UIDs are below next_uid_; not more than messages_
  std::uint32_t next_uid_ = 0;  // 0: not known
  bool knows_numbers_ = false;  // existing_ holds the UIDs of the messages 1 to existing_.size()
  NumberSet existing_;
  NumberSet missing_;
  NumberSet absent_;  // was not found in a gap; done once the counts agree
  NumberSet flags_left_;

  std::map<std::uint32_t, FlagChange> flags_;
  std::size_t flag_octets_ = 0;  // of those told before it was opened
  std::size_t most_flag_octets_;
  bool flags_lost_ = false;  // there were too many
  NumberSet expunged_;
};

}  // namespace coi::imap
