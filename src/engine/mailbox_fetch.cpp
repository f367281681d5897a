// How a visit fetches mails, and what it makes of those that do not come.
#include <utility>

#include <fmt/format.h>

#include "engine/mailbox_visit.h"

namespace coi::engine {
namespace {

// Mails refused one after the other: it is not the mails.
constexpr int most_refused_in_a_row = 5;

}  // namespace

NumberSet MailboxVisit::resting() const { return context_.hard_mails.resting(folder_, context_.environment.clock()); }

bool MailboxVisit::rests() const { return context_.hard_mails.rests(folder_, context_.environment.clock()); }

void MailboxVisit::end_rest() {
  const auto now = context_.environment.clock();
  if (context_.hard_mails.is_due(folder_, now)) context_.hard_mails.gave_none(folder_, now);
}

Result<> MailboxVisit::fetch(const NumberSet& uids) {
  if (rests()) return {};
  refused_in_a_row_ = 0;
  const auto wanted = uids.without(resting());
  const auto suspects = wanted.common(context_.hard_mails.suspects(folder_));
  COI_TRY(fetch_together(wanted.without(suspects)));
  COI_TRY(fetch_one_by_one(suspects));
  end_rest();
  return {};
}

NumberSet MailboxVisit::unasked(const NumberSet& uids) const {
  return rests() ? uids.without(sync_.done()).without(resting()) : NumberSet();
}

// Of those that did not come, most may have been expunged meanwhile; or one of them cannot be read, and the others can.
Result<> MailboxVisit::fetch_together(const NumberSet& uids) {
  if (const auto most = portion(uids.size()); most < uids.size()) {
    const auto newest = uids.newest(most);
    COI_TRY(fetch_together(newest));
    return rests() ? Result<>{} : fetch_together(uids.without(newest));
  }
  if (uids.size() < 2) return fetch_one_by_one(uids);
  const auto answer = link_.run(imap::uid_fetch(uids, context_.reader.items()),
                                [this](imap::Event&& event) { return take(std::move(event)); });
  const auto large = std::exchange(large_, {}), odd = std::exchange(odd_, {}).common(uids);
  auto left = uids.without(sync_.done()).without(large).without(odd);
  if (!answer) return std::unexpected(ended_among(left, left.size() < uids.size(), answer.error()));
  if (answer->cut_short() && left.size() < uids.size()) {
    COI_TRY(fetch_otherwise(large, odd));
    return fetch_together(left);
  }
  if (answer->ok()) left = COI_TRY(drop_expunged(left));
  COI_TRY(fetch_otherwise(large, odd));
  return fetch_one_by_one(left);
}

// Newest first.
Result<> MailboxVisit::fetch_one_by_one(const NumberSet& uids) {
  const auto numbers = uids.numbers();
  for (auto uid = numbers.rbegin(); uid != numbers.rend() && !rests(); ++uid) COI_TRY(fetch_one(*uid));
  return {};
}

// What came since the mailbox was opened; its UIDs are not known yet.
Result<bool> MailboxVisit::fetch_arrivals() {
  const auto first = sync_.next_uid();
  const auto arrivals_told = sync_.arrivals();
  NumberSet seen;
  const auto listen = [&](imap::Event&& event) -> Result<> {
    if (const auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && fetch->uid >= first)
      seen.add(fetch->uid);
    return take(std::move(event));
  };
  const auto arrivals = imap::MessageSet::from(first);
  const auto answer = link_.run(imap::uid_fetch(arrivals, context_.reader.items()), listen);
  const auto large = std::exchange(large_, {}), odd = std::exchange(odd_, {}).common(seen);
  if (!answer) return std::unexpected(ended_among({}, false, answer.error()));
  COI_TRY(fetch_otherwise(large, odd));
  if (answer->ok()) return sync_.arrivals() == 0 && seen.size() < arrivals_told;
  // Flags can be had of a mail that cannot be read.
  const auto flags = COI_TRY(link_.run(imap::uid_fetch(arrivals, {.flags = true}), listen));
  if (!flags.ok()) {
    context_.environment.log.warning("mailbox: {} does not give what arrived: {}", folder_.name, flags.text);
    context_.hard_mails.rest(folder_, flags.text, context_.environment.clock());
    return false;
  }
  COI_TRY(fetch_one_by_one(seen.without(sync_.done()).without(large).without(odd)));
  return false;
}

Result<NumberSet> MailboxVisit::drop_expunged(const NumberSet& uids) {
  NumberSet exist;
  if (uids.empty()) return exist;
  const auto answer =
      COI_TRY(link_.run(imap::uid_search(imap::SearchKey::uid(uids)), [&](imap::Event&& event) -> Result<> {
        if (const auto* search = std::get_if<imap::Search>(&event)) exist.add(search->all);
        return take(std::move(event));
      }));
  // Nothing is concluded from what the server does not tell.
  if (!answer.ok() || answer.cut_short()) return uids;
  exist = exist.common(uids);
  const auto gone = uids.without(exist);
  sync_.mark_done(gone);
  for (const auto uid : gone.numbers()) {
    told_.erase(uid);
    context_.hard_mails.settled(folder_, uid);
  }
  return exist;
}

// Whether the connection came to its end, and not our own store.
bool MailboxVisit::is_end(const Error& error) const {
  return error.kind() == ErrorKind::network || (error.kind() == ErrorKind::limit && link_.session().failed());
}

// Which of the awaited mails did it shows when they are asked for one by one. A connection that was lost after some of
// them had come is left to chance: then the next answer begins with the one that does it.
Error MailboxVisit::ended_among(const NumberSet& uids, bool some_came, const Error& error) {
  if (!is_end(error)) return error;
  if (error.kind() == ErrorKind::limit || link_.said_bye() || !some_came) context_.hard_mails.suspect(folder_, uids);
  return {ErrorKind::network, error.text(), error.hint()};
}

// A response beyond our limits is the mail's own, and always will be; an answer without end need not be.
Error MailboxVisit::ended_at(std::uint32_t uid, const Error& error) {
  if (!is_end(error)) return error;
  const bool too_large = error.kind() == ErrorKind::limit && !link_.session().answer_was_endless();
  const bool hopeless = too_large || context_.hard_mails.ended_connection(folder_, uid, context_.environment.clock());
  if (hopeless)
    if (const auto given_up = give_up(uid, error.text()); !given_up) return given_up.error();
  return {ErrorKind::network, error.text(), error.hint()};
}

Result<> MailboxVisit::note_refusal(std::uint32_t uid) {
  told_.erase(uid);
  if (last_answer_.ok() && COI_TRY(drop_expunged(NumberSet(uid, uid))).empty()) return {};
  const auto words = last_answer_.ok() ? "it sends nothing" : last_answer_.text;
  const auto now = context_.environment.clock();
  context_.environment.log.warning("mailbox: {} does not give mail {}: {}", folder_.name, uid, words);
  if (context_.hard_mails.refused(folder_, uid, last_answer_, now))
    COI_TRY(give_up(uid, last_answer_.ok() ? "the server sends nothing of it"
                                           : fmt::format("the server cannot read it: {}", words)));
  if (++refused_in_a_row_ == most_refused_in_a_row) context_.hard_mails.rest(folder_, words, now);
  return {};
}

Result<> MailboxVisit::give_up(std::uint32_t uid, const std::string& reason) {
  COI_TRY(deliver(chat::MailUnreadable{{folder_.id, folder_.uidvalidity, uid}, reason}));
  sync_.mark_done(NumberSet(uid, uid));
  context_.hard_mails.settled(folder_, uid);
  return {};
}

}  // namespace coi::engine
