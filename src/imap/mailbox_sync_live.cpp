// The mailbox as it changes while it is selected, and what the server counts against what we hold. The round that comes
// first stands in mailbox_sync.cpp.
#include <algorithm>
#include <limits>
#include <utility>

#include "imap/mailbox_sync.h"

namespace coi::imap {
namespace {

// The `place`th number of the set, from 1; 0 if there are not so many.
std::uint32_t nth(const NumberSet& set, std::uint64_t place) {
  for (const auto& [first, last] : set.ranges()) {
    const auto length = std::uint64_t{last} - first + 1;
    if (place <= length) return place == 0 ? 0 : static_cast<std::uint32_t>(first + place - 1);
    place -= length;
  }
  return 0;
}

}  // namespace

void MailboxSync::take_fetch(const Fetch& fetch) {
  const auto uid = fetch.uid != 0 ? fetch.uid : knows_numbers_ ? nth(existing_, fetch.message) : 0;
  if (uid == 0) return;
  if (opened_ && !looked_through_ && lists_by_fetch_) {
    found_in_order_ = found_in_order_ && (found_.contains(uid) || fetch.message == found_.size() + 1);
    found_.add(uid);
  }
  if (looked_through_ && knows_numbers_ && fetch.message == existing_.size() + 1) existing_.add(uid);
  if (opened_ && next_uid_ > 0) take_number(fetch.message, uid);
  if (fetch.flags) take_flags_of(uid, *fetch.flags, fetch.modseq);
}

// Not of a mail that is going to be fetched with the flags it has then.
void MailboxSync::take_flags_of(std::uint32_t uid, const std::vector<std::string>& flags, std::uint64_t modseq) {
  const bool is_ours = done_.contains(uid) || left_.contains(uid);
  if (missing_.contains(uid) || (opened_ && !looked_through_ && !is_ours)) return;
  if (!opened_) {
    flag_octets_ += sizeof(FlagChange);
    for (const auto& flag : flags) flag_octets_ += sizeof(std::string) + flag.size();
    flags_lost_ = flags_lost_ || flag_octets_ > most_flag_octets_;
    if (flags_lost_) return flags_.clear();
  }
  flags_.insert_or_assign(uid, FlagChange{uid, flags, modseq});
}

void MailboxSync::take_number(std::uint32_t message, std::uint32_t uid) {
  // A mail that the round does not look for. Behind a gap its UID says nothing of those in the gap.
  if (uid >= next_uid_ && message <= numbered_ + 1) {
    next_uid_ = uid == greatest_uid ? uid : uid + 1;
    if (!done_.contains(uid)) missing_.add(uid);
  }
  if (uid < next_uid_) numbered_ = std::max(numbered_, message);
  messages_ = std::max(messages_, numbered_);
}

void MailboxSync::take_gone(const NumberSet& uids) {
  expunged_.add(uids);
  existing_.remove(uids);
  missing_.remove(uids);
  found_.remove(uids);
  left_.remove(uids);
  remembered_.existing.remove(uids);
  for (const auto& range : uids.ranges()) flags_.erase(flags_.lower_bound(range.first), flags_.upper_bound(range.last));
}

// RFC 7162 section 3.2.10: those that are EARLIER were never counted in EXISTS.
void MailboxSync::take_vanished(const Vanished& vanished) {
  if (!vanished.earlier) {
    const auto of_numbered = vanished.uids.common(below_next_uid()).size();
    messages_ -= static_cast<std::uint32_t>(std::min<std::uint64_t>(messages_, vanished.uids.size()));
    numbered_ -= static_cast<std::uint32_t>(std::min<std::uint64_t>(numbered_, of_numbered));
    numbered_ = std::min(numbered_, messages_);
  }
  take_gone(vanished.uids);
}

void MailboxSync::take_expunge(std::uint32_t message) {
  if (messages_ > 0) --messages_;
  if (message <= numbered_) --numbered_;
  numbered_ = std::min(numbered_, messages_);
  doubts_ = doubts_ || (assumes_ && !looked_through_);
  if (!knows_numbers_ || !(looked_through_ || found_in_order_) || (assumes_ && !looked_through_)) return;
  // While the round goes on: what was not told yet will not be.
  if (const auto uid = nth(looked_through_ ? existing_ : found_, message); uid != 0) take_gone(NumberSet(uid, uid));
}

MailboxChanges MailboxSync::take_changes() {
  MailboxChanges changes;
  changes.expunged = std::exchange(expunged_, {});
  changes.flags = take_flags();
  return changes;
}

std::vector<FlagChange> MailboxSync::take_flags() {
  std::vector<FlagChange> changes;
  changes.reserve(flags_.size());
  for (auto& [uid, change] : flags_) changes.push_back(std::move(change));
  flags_.clear();
  return changes;
}

NumberSet MailboxSync::news() const {
  return first_new_ > 0 ? missing_.common(NumberSet(first_new_, greatest_uid)) : NumberSet();
}

bool MailboxSync::agrees(const NumberSet& held) const {
  auto known = held.without(expunged_);
  known.add(left_);
  known.remove(absent_);
  known.add(missing_);
  return known.size() == numbered_;
}

NumberSet MailboxSync::compare(const NumberSet& held, const NumberSet& there, const NumberSet& not_again) {
  if (there.size() > messages_) return {};
  // Else what is above may be what has just arrived.
  if ((names_all(there) || arrivals() == 0) && there.max() >= next_uid_) {
    next_uid_ = there.max() == greatest_uid ? greatest_uid : there.max() + 1;
    numbered_ = messages_;
  }
  const auto known = there.common(below_next_uid());
  const auto again = known.without(held).without(left_).without(missing_).without(not_again);
  done_.remove(again);
  absent_.remove(there);
  missing_.add(again);
  expunged_.remove(there);
  if (there.size() == messages_) {
    expunged_.add(held.without(there));
    existing_ = known;
    knows_numbers_ = true;
  }
  return again;
}

void MailboxSync::forget(const NumberSet& uids) {
  done_.remove(uids);
  left_.remove(uids);
  for (const auto uid : uids.numbers()) flags_.erase(uid);
}

void MailboxSync::leave(const NumberSet& uids) {
  left_.add(uids);
  missing_.remove(uids);
}

void MailboxSync::mark_done(const NumberSet& uids) {
  done_.add(uids);
  missing_.remove(uids);
}

}  // namespace coi::imap
