#include "imap/mailbox_sync.h"

#include <algorithm>
#include <utility>

namespace coi::imap {
namespace {

constexpr std::size_t longest_set =
    1000;  // octets of a UID set in a command; servers take lines of 8000 (RFC 7162 section 4)

// All numbers from the least to the greatest.
NumberSet span(const NumberSet& set) {
  return set.empty() ? set : NumberSet(set.ranges().front().first, set.ranges().back().last);
}

// The set itself, or its span if it takes too many words.
NumberSet short_set(const NumberSet& set) { return set.text().size() <= longest_set ? set : span(set); }

}  // namespace

MailboxSync::MailboxSync(KnownMailbox known, const Capabilities& capabilities, const Capabilities& enabled,
                         const Limits& limits)
    : known_modseq_(known.uidvalidity > 0 ? known.highestmodseq : 0),
      done_(std::move(known.done)),
      left_(std::move(known.left)),
      uidvalidity_(known.uidvalidity),
      first_new_(known.uidvalidity > 0 ? known.uidnext : 0),
      has_condstore_(capabilities.has("CONDSTORE") || capabilities.has("QRESYNC")),
      has_qresync_(enabled.has("QRESYNC")),
      has_esearch_(capabilities.has("ESEARCH")),
      remembered_(std::move(known.remembered)),
      listed_in_vain_(known.listed_in_vain),
      most_flag_octets_(limits.flags) {}

Select MailboxSync::select(std::string mailbox) const {
  Select wanted;
  wanted.mailbox = std::move(mailbox);
  wanted.condstore = has_condstore_;
  if (has_qresync_ && knows_modseq()) wanted.qresync = Qresync{uidvalidity_, known_modseq_, short_set(done_)};
  return wanted;
}

Select MailboxSync::select_plainly(const Select& refused) {
  if (refused.qresync) {
    has_qresync_ = false;
  } else {
    has_condstore_ = has_qresync_ = false;
    known_modseq_ = 0;
  }
  return {.mailbox = refused.mailbox};
}

// ---- planning ----

void MailboxSync::open(const SelectedMailbox& mailbox) {
  uidvalidity_changed_ = uidvalidity_ != 0 && (uidvalidity_ != mailbox.uidvalidity || !mailbox.uids_stick);
  if (uidvalidity_changed_ || uidvalidity_ == 0) forget_everything();
  // So many mails have not so few UIDs (RFC 3501 section 2.3.1.1).
  const auto uidnext = mailbox.uidnext > mailbox.messages.value_or(0) ? mailbox.uidnext : 0;
  restored_ =
      (mailbox.highestmodseq > 0 && mailbox.highestmodseq < known_modseq_) || (uidnext > 0 && uidnext < first_new_);
  if (restored_) forget_after(uidnext > 0 ? uidnext : greatest_uid);
  uidvalidity_ = mailbox.uidvalidity;
  server_modseq_ = mailbox.highestmodseq;
  is_counted_ = mailbox.messages.has_value();
  messages_ = numbered_ = mailbox.messages.value_or(0);
  next_uid_ = uidnext;
  opened_ = true;
  plan(mailbox);
  if (commands_.empty()) finish_round();
}

void MailboxSync::forget_everything() {
  done_ = {};
  left_ = {};
  known_modseq_ = 0;
  first_new_ = 0;
  remembered_ = {};
  flags_.clear();
  expunged_ = {};
}

void MailboxSync::forget_after(std::uint32_t uidnext) {
  done_.remove(uidnext, greatest_uid);
  left_.remove(uidnext, greatest_uid);
  known_modseq_ = 0;
  remembered_ = {};
  first_new_ = std::min(first_new_, uidnext);
}

NumberSet MailboxSync::below_next_uid() const {
  return next_uid_ == 1 ? NumberSet() : NumberSet(1, next_uid_ > 0 ? next_uid_ - 1 : greatest_uid);
}

void MailboxSync::plan(const SelectedMailbox& mailbox) {
  const auto all = below_next_uid();
  // Without a HIGHESTMODSEQ of the server's (RFC 7162 section 3.1.2.2, NOMODSEQ) ours is worth nothing.
  const bool has_changes = knows_modseq() && server_modseq_ >= known_modseq_ && !flags_lost_;
  method_ = !is_counted_   ? SyncMethod::listing
            : !has_changes ? SyncMethod::plain
            : has_qresync_ ? SyncMethod::qresync
                           : SyncMethod::condstore;
  searched_ = method_ == SyncMethod::qresync ? all.without(done_) : all;
  knows_numbers_ = method_ != SyncMethod::qresync;
  if (mailbox.messages == 0 || searched_.empty()) return;
  // Without a count SEARCH cannot be checked; the lines of FETCH are numbered.
  if (method_ == SyncMethod::listing) return ask_for_listing();

  // All flags, once, where the server tells from then on what changes; this tells the UIDs as well.
  if (method_ == SyncMethod::plain && !done_.empty() && server_modseq_ > 0) return ask_for_listing();
  assumes_ = may_assume();
  if (!assumes_)
    ask_for_uids(searched_);
  else if (next_uid_ > remembered_.next_uid)
    ask_for_uids(NumberSet(remembered_.next_uid, next_uid_ - 1));
  if (method_ == SyncMethod::plain) ask_for_flags();
  if (method_ == SyncMethod::condstore && server_modseq_ > known_modseq_)
    commands_.emplace_back(Asked::changes, uid_fetch(MessageSet::from(1), {.flags = true}, changes()));
}

FetchModifiers MailboxSync::changes() const { return {.changed_since = known_modseq_, .vanished = false}; }

bool MailboxSync::may_assume() const {
  if (method_ == SyncMethod::qresync || remembered_.next_uid == 0 || next_uid_ < remembered_.next_uid) return false;
  return next_uid_ > remembered_.next_uid || numbered_ == remembered_.existing.size();
}

// As many mails as the server counts; else some went, or came late below what was their next UID.
bool MailboxSync::assumption_holds() const {
  return !doubts_ && remembered_.existing.size() + found_.size() + missing_.size() == numbered_;
}

void MailboxSync::ask_for_flags() {
  const bool remembers = remembered_.next_uid > 0;
  const auto stored = done_.common(remembers ? remembered_.existing : searched_);
  flags_left_ = remembers ? remembered_.flags_left : stored;
  const auto newest = stored.newest(newest_flags);
  flags_left_.remove(newest);
  for (const auto& uids : {take_flags_left(), newest})
    if (!uids.empty()) commands_.emplace_back(Asked::flags, uid_fetch(span(uids), {.flags = true}));
}

NumberSet MailboxSync::take_flags_left() {
  auto uids = flags_left_.newest(older_flags);
  flags_left_.remove(uids);
  return uids;
}

RememberedMailbox MailboxSync::remembered() const {
  if (!looked_through_ || !knows_numbers_ || next_uid_ == 0) return {};
  return {.existing = existing_, .next_uid = next_uid_, .flags_left = flags_left_.common(existing_)};
}

void MailboxSync::ask_for_uids(const NumberSet& among) {
  const bool everything = among.ranges().front().first == 1 && among.ranges().size() == 1;
  const auto key = everything ? SearchKey::all() : SearchKey::uid(short_set(among));
  lists_by_fetch_ = false;
  found_ = {};
  asked_uids_ = among;
  done_down_to_.erase(Asked::search);
  commands_.emplace_back(Asked::search, uid_search(key, has_esearch_ ? SearchReturn::all : SearchReturn::plain));
}

void MailboxSync::ask_for_listing() {
  lists_by_fetch_ = true;
  assumes_ = false;
  found_in_order_ = found_.empty();
  done_down_to_.erase(Asked::listing);
  commands_.emplace_back(Asked::listing, uid_fetch(MessageSet::from(1), {.flags = true}));
}

std::optional<Command> MailboxSync::next_command() {
  if (commands_.empty()) return std::nullopt;
  auto [asked, command] = std::move(commands_.back());
  commands_.pop_back();
  given_ = asked;
  tried_.insert(asked);
  return std::move(command);
}

void MailboxSync::submitted(CommandId id) {
  asked_.emplace(id, given_);
  if (given_ == Asked::search) search_ = id;
}

// ---- the round ----

void MailboxSync::take(const Event& event) {
  if (const auto* selected = std::get_if<Selected>(&event)) {
    open(selected->mailbox);
  } else if (std::holds_alternative<Closed>(event)) {
    flags_.clear();
    expunged_ = {};
  } else if (const auto* fetch = std::get_if<Fetch>(&event)) {
    take_fetch(*fetch);
  } else if (const auto* vanished = std::get_if<Vanished>(&event)) {
    take_vanished(*vanished);
  } else if (const auto* expunge = std::get_if<Expunge>(&event)) {
    take_expunge(expunge->message);
  } else if (const auto* exists = std::get_if<Exists>(&event)) {
    count_exists(exists->messages);
  } else if (const auto* search = std::get_if<Search>(&event)) {
    if (search->command == search_ && search_) found_.add(search->all);
  } else if (const auto* unreadable = std::get_if<Unreadable>(&event)) {
    // Nothing is concluded from what the round has not told.
    const bool is_count = unreadable->name == "EXISTS" && opened_;  // before that it is as if it was not said
    const bool is_listed = unreadable->name == "FETCH" && opened_ && !is_counted_;
    if (unreadable->name == "VANISHED" || is_count || is_listed || unreadable->name == "EXPUNGE") complete_ = false;
  } else if (const auto* answer = std::get_if<Completed>(&event)) {
    completed(*answer);
  }
}

void MailboxSync::completed(const Completed& completed) {
  const auto found = asked_.find(completed.id);
  if (found == asked_.end()) return;
  const auto asked = found->second;
  asked_.erase(found);
  const bool is_list = asked == Asked::search || asked == Asked::listing;
  if (is_list && completed.status.ok() && named() == 0) ++named_nothing_;
  // More mails than there are: whatever it is, it is no list of them.
  if (asked == Asked::search && is_counted_ && found_.common(searched_).size() > messages_) {
    found_ = {};
    refused(asked, "it names more mails than there are");
  } else if (completed.status.cut_short() && go_on_below(asked, completed.status)) {
    // the rest of it follows
  } else if (!completed.status.ok()) {
    refused(asked, completed.status.text);
  } else if (completed.status.cut_short()) {
    if (asked == Asked::changes) flags_told_ = false;
    if (is_list) complete_ = false;
  } else if (is_list && is_too_short()) {
    refused(asked, "it names fewer mails than there are");
  }
  if (!asked_.empty() || !commands_.empty()) return;
  if (assumes_ && !assumption_holds()) {
    assumes_ = false;
    return ask_for_uids(searched_);
  }
  finish_round();
}

bool MailboxSync::go_on_below(Asked asked, const Status& status) {
  const auto lowest = status.done_down_to();
  auto& before = done_down_to_[asked];
  if (lowest == 0 || (before > 0 && lowest >= before)) return false;
  before = lowest;
  if (asked == Asked::search || asked == Asked::listing) found_in_order_ = false;  // the newest came first
  if (lowest == 1 || asked == Asked::flags) return true;                           // other rounds look at other flags
  const NumberSet below(1, lowest - 1);
  if (asked == Asked::search) {
    if (const auto rest = asked_uids_.common(below); !rest.empty())
      commands_.emplace_back(
          asked, uid_search(SearchKey::uid(short_set(rest)), has_esearch_ ? SearchReturn::all : SearchReturn::plain));
  } else {
    commands_.emplace_back(asked,
                           uid_fetch(below, {.flags = true}, asked == Asked::changes ? changes() : FetchModifiers{}));
  }
  return true;
}

// Servers that say it late are believed as if they had said it in time.
void MailboxSync::count_exists(std::uint32_t messages) {
  const bool is_late = opened_ && !looked_through_ && !is_counted_ && found_.empty() && missing_.empty();
  is_counted_ = true;
  messages_ = messages;
  numbered_ = is_late ? messages : std::min(numbered_, messages);
}

std::uint64_t MailboxSync::named() const { return found_.common(searched_).size() + missing_.size(); }

// Of all mails, and all of it was told. An OK is no list, and a UIDNEXT that is too low hides mails from a search
// below.
bool MailboxSync::is_too_short() const {
  if (assumes_ || listed_in_vain_ || method_ == SyncMethod::qresync) return false;
  const auto still_asked = [](const auto& entry) {
    return entry.second == Asked::search || entry.second == Asked::listing;
  };
  if (std::ranges::any_of(asked_, still_asked)) return false;
  // That there is none has to be said in both ways.
  return named() < numbered_ || (!is_counted_ && named_nothing_ == 1);
}

// What SEARCH does not say FETCH may, and the other way round.
void MailboxSync::refused(Asked asked, std::string words) {
  refusal_ = std::move(words);
  if (asked != Asked::search) flags_told_ = false;
  if (asked == Asked::search && !tried_.contains(Asked::listing))
    ask_for_listing();
  else if (asked == Asked::listing && !tried_.contains(Asked::search))
    ask_for_uids(searched_);
  else if (asked != Asked::changes && asked != Asked::flags)
    complete_ = false;
}

void MailboxSync::believe_absent() {
  expunged_.add(absent_.common(done_));
  expunged_.add(absent_.common(left_));
  left_.remove(absent_);
  done_.add(std::exchange(absent_, {}));
}

// Now `found_` are all UIDs that exist among `searched_`, and `missing_` those that were named beyond them.
void MailboxSync::finish_round() {
  if (assumes_) found_.add(remembered_.existing);
  found_ = found_.common(searched_);
  if (!is_counted_) {
    numbered_ = std::max(numbered_, static_cast<std::uint32_t>(named()));
    messages_ = std::max(messages_, numbered_);
  }
  if (method_ != SyncMethod::qresync && named() < numbered_) complete_ = false;
  if (next_uid_ == 0) {
    const auto top = std::max(found_.max(), done_.max());
    next_uid_ = top == greatest_uid ? top : top + 1;
  }
  if (complete_) {
    absent_ = searched_.common(below_next_uid()).without(found_);
    // A search of gaps alone cannot be checked by the count of all.
    if (method_ != SyncMethod::qresync) believe_absent();
  } else {
    server_modseq_ = known_modseq_;
    knows_numbers_ = false;
  }
  if (knows_numbers_) {
    existing_ = found_.without(expunged_);
    existing_.add(missing_);
  }
  missing_.add(found_.without(done_).without(left_).without(expunged_));
  if (first_new_ == 0) first_new_ = next_uid_;
  std::erase_if(flags_, [&](const auto& change) { return missing_.contains(change.first); });
  looked_through_ = true;
}

}  // namespace coi::imap
