// How a visit fetches mails, and what it makes of those that do not come.
#include <utility>

#include <fmt/format.h>

#include "engine/mailbox_visit.h"

namespace coi::engine {
NumberSet MailboxVisit::resting() const { return context_.hard_mails.resting(folder_, context_.environment.clock()); }

Result<> MailboxVisit::fetch(const NumberSet& uids) {
  const auto wanted = uids.without(resting());
  const auto suspects = wanted.common(context_.hard_mails.suspects(folder_));
  COI_TRY(fetch_together(wanted.without(suspects)));
  return fetch_one_by_one(suspects);
}

// Of those that did not come, most may have been expunged meanwhile; or one of them cannot be read, and the others can.
Result<> MailboxVisit::fetch_together(const NumberSet& uids) {
  if (uids.size() < 2) return fetch_one_by_one(uids);
  const auto answer = link_.run(imap::uid_fetch(uids, context_.reader.items()),
                                [this](imap::Event&& event) { return take(std::move(event)); });
  const auto large = std::exchange(large_, {});
  auto left = uids.without(sync_.done()).without(large);
  if (!answer) return std::unexpected(ended_among(left, left.size() < uids.size(), answer.error()));
  if (answer->ok()) left = COI_TRY(drop_expunged(left));
  COI_TRY(fetch_large(large));
  return fetch_one_by_one(left);
}

// Newest first.
Result<> MailboxVisit::fetch_one_by_one(const NumberSet& uids) {
  const auto numbers = uids.numbers();
  for (auto uid = numbers.rbegin(); uid != numbers.rend(); ++uid) {
    const auto listen = [this](imap::Event&& event) { return take(std::move(event)); };
    const auto came = [&] { return sync_.done().contains(*uid) || large_.contains(*uid); };
    if (COI_TRY(ask_for(*uid, context_.reader.items(), listen, came))) COI_TRY(fetch_large(std::exchange(large_, {})));
  }
  return {};
}

// What came since the mailbox was opened; its UIDs are not known yet.
Result<> MailboxVisit::fetch_arrivals() {
  const auto first = sync_.next_uid();
  NumberSet seen;
  const auto listen = [&](imap::Event&& event) -> Result<> {
    if (const auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && fetch->uid >= first)
      seen.add(fetch->uid);
    return take(std::move(event));
  };
  const auto arrivals = imap::MessageSet::from(first);
  const auto answer = link_.run(imap::uid_fetch(arrivals, context_.reader.items()), listen);
  const auto large = std::exchange(large_, {});
  if (!answer) return std::unexpected(ended_among({}, false, answer.error()));
  COI_TRY(fetch_large(large));
  if (answer->ok()) return {};
  // Flags can be had of a mail that cannot be read.
  COI_TRY(link_.demand(imap::uid_fetch(arrivals, {.flags = true}),
                       fmt::format("cannot look at mails of {}", folder_.name), listen));
  return fetch_one_by_one(seen.without(sync_.done()).without(large));
}

Result<bool> MailboxVisit::ask_for(std::uint32_t uid, const imap::FetchItems& items, const ImapLink::OnEvent& listen,
                                   const std::function<bool()>& came) {
  const NumberSet one(uid, uid);
  const auto answer = link_.run(imap::uid_fetch(one, items), listen);
  if (!answer) return std::unexpected(ended_at(uid, answer.error()));
  if (came()) return true;
  if (answer->ok() && COI_TRY(drop_expunged(one)).empty()) return false;
  context_.environment.log.warning("mailbox: {} does not give mail {}: {}", folder_.name, uid, answer->text);
  if (context_.hard_mails.refused(folder_, uid, *answer, context_.environment.clock()))
    COI_TRY(give_up(uid, fmt::format("the server cannot read it: {}", answer->text)));
  return false;
}

Result<NumberSet> MailboxVisit::drop_expunged(const NumberSet& uids) {
  NumberSet exist;
  if (uids.empty()) return exist;
  COI_TRY(link_.demand(imap::uid_search(imap::SearchKey::uid(uids)),
                       fmt::format("cannot look for mails of {}", folder_.name), [&](imap::Event&& event) -> Result<> {
                         if (const auto* search = std::get_if<imap::Search>(&event)) exist.add(search->all);
                         return take(std::move(event));
                       }));
  exist = exist.common(uids);
  sync_.mark_done(uids.without(exist));
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

// An answer beyond our limits is the mail's own, and always will be.
Error MailboxVisit::ended_at(std::uint32_t uid, const Error& error) {
  if (!is_end(error)) return error;
  const bool hopeless = error.kind() == ErrorKind::limit ||
                        context_.hard_mails.ended_connection(folder_, uid, context_.environment.clock());
  if (hopeless)
    if (const auto given_up = give_up(uid, error.text()); !given_up) return given_up.error();
  return {ErrorKind::network, error.text(), error.hint()};
}

Result<> MailboxVisit::give_up(std::uint32_t uid, const std::string& reason) {
  COI_TRY(deliver(chat::MailUnreadable{{folder_.id, folder_.uidvalidity, uid}, reason}));
  sync_.mark_done(NumberSet(uid, uid));
  return {};
}

// One by one: a large mail is rare, and its texts may be large too.
Result<> MailboxVisit::fetch_large(const NumberSet& uids) {
  for (const auto number : uids.numbers()) {
    imap::Fetch structure, parts;
    const auto into = [&](imap::Fetch& kept) {
      return [this, &kept, number](imap::Event&& event) -> Result<> {
        auto* fetch = std::get_if<imap::Fetch>(&event);
        const bool answers = fetch != nullptr && fetch->uid == number &&
                             (fetch->structure || fetch->cut || !fetch->sections.empty() || !fetch->unreadable.empty());
        if (!answers) return take(std::move(event));
        if (!reading_only_) COI_TRY(sync_.take(event));
        kept = std::move(*fetch);
        return {};
      };
    };
    const auto has = [](const imap::Fetch& fetch) { return [&fetch] { return fetch.uid != 0; }; };
    if (!COI_TRY(ask_for(number, context_.reader.structure_items(), into(structure), has(structure)))) continue;
    if (!context_.reader.describes(structure)) {
      // What its parts are cannot be told from the answer; the mail itself tells.
      if (!COI_TRY(ask_for(number, context_.reader.whole_items(), into(parts), has(parts)))) continue;
      COI_TRY(deliver(context_.reader.read(std::move(parts), folder_, is_news(number))));
      sync_.mark_done(NumberSet(number, number));
      continue;
    }
    const auto items = context_.reader.part_items(structure);
    if (!items.sections.empty() && !COI_TRY(ask_for(number, items, into(parts), has(parts)))) continue;
    COI_TRY(deliver(context_.reader.read_large(structure, parts, folder_, is_news(number))));
    sync_.mark_done(NumberSet(number, number));
  }
  return {};
}

}  // namespace coi::engine
