// The ways to a single mail: as it is, or, where the server does not give that, in the pieces that it does give.
#include <algorithm>
#include <utility>

#include "engine/mailbox_visit.h"

namespace coi::engine {
namespace {

bool has_octets(const imap::BodySection* section) {
  return section != nullptr && section->octets && !section->octets->empty();
}

// Octets that come without a UID, or with one that cannot be read, while a single mail is asked for, are of that one.
void name_it(imap::Event& event, std::uint32_t uid) {
  auto* fetch = std::get_if<imap::Fetch>(&event);
  if (fetch != nullptr && fetch->uid == 0 && (fetch->structure || !fetch->sections.empty())) fetch->uid = uid;
}

}  // namespace

Result<> MailboxVisit::fetch_one(std::uint32_t uid) {
  if (COI_TRY(fetch_plainly(uid))) return {};
  const NumberSet one(uid, uid);
  const auto large = std::exchange(large_, {}).common(one);
  auto odd = std::exchange(odd_, {}).common(one);
  if (last_answer_.ok() && large.empty() && odd.empty()) {
    // It was expunged, or the answer could not be read.
    if (COI_TRY(drop_expunged(one)).empty()) return {};
    odd = one;
  }
  // The first refusal may be one of everything.
  if (!last_answer_.ok() && context_.hard_mails.was_refused(folder_, uid)) odd = one;
  if (large.empty() && odd.empty()) return note_refusal(uid);
  return fetch_otherwise(large, odd.without(large));
}

// One by one: such mails are rare, and their texts may be large.
Result<> MailboxVisit::fetch_otherwise(const NumberSet& large, const NumberSet& odd) {
  for (const auto uid : large.numbers())
    if (!rests()) COI_TRY(fetch_by(uid, {&MailboxVisit::fetch_in_parts, &MailboxVisit::fetch_all_of_it}));
  for (const auto uid : odd.numbers())
    if (!rests())
      COI_TRY(fetch_by(
          uid, {&MailboxVisit::fetch_header_and_text, &MailboxVisit::fetch_in_parts, &MailboxVisit::fetch_all_of_it}));
  return {};
}

Result<> MailboxVisit::fetch_by(std::uint32_t uid, std::initializer_list<Way> ways) {
  for (const auto way : ways)
    if (COI_TRY((this->*way)(uid))) return {};
  return note_refusal(uid);
}

Result<std::optional<imap::Fetch>> MailboxVisit::ask_for(std::uint32_t uid, const imap::FetchItems& items) {
  std::optional<imap::Fetch> found;
  const auto answer = link_.run(imap::uid_fetch(NumberSet(uid, uid), items), [&](imap::Event&& event) -> Result<> {
    name_it(event, uid);
    auto* fetch = std::get_if<imap::Fetch>(&event);
    const bool answers = fetch != nullptr && fetch->uid == uid &&
                         (fetch->structure || fetch->cut || !fetch->sections.empty() || !fetch->unreadable.empty());
    if (!answers) return take(std::move(event));
    COI_TRY(keep_up(event));
    found = std::move(*fetch);
    return {};
  });
  if (!answer) return std::unexpected(ended_at(uid, answer.error()));
  last_answer_ = *answer;
  return found;
}

void MailboxVisit::note_told(imap::Fetch fetch) {
  const auto* body = fetch.find("");
  const auto octets = has_octets(body) ? body->octets->size() : 0;
  fetch.sections.clear();
  if (fetch.cut) fetch.flags.reset();  // what stood behind them may be among them
  const auto uid = fetch.uid;
  told_.insert_or_assign(uid, Told{std::move(fetch), octets});
}

Result<> MailboxVisit::complete(imap::Fetch& fetch) {
  const auto add = [&](const imap::Fetch& told) {
    if (!fetch.flags) fetch.flags = told.flags;
    if (!fetch.internaldate) fetch.internaldate = told.internaldate;
    fetch.modseq = std::max(fetch.modseq, told.modseq);
  };
  if (const auto told = told_.find(fetch.uid); told != told_.end()) add(told->second.items);
  const auto ask = [&](const imap::FetchItems& items) -> Result<> {
    const auto answer = link_.run(imap::uid_fetch(NumberSet(fetch.uid, fetch.uid), items), [&](imap::Event&& event) {
      if (const auto* other = std::get_if<imap::Fetch>(&event); other != nullptr && other->uid == fetch.uid)
        add(*other);
      return take(std::move(event));
    });
    if (!answer) return std::unexpected(ended_at(fetch.uid, answer.error()));
    return {};
  };
  if (!fetch.flags) COI_TRY(ask({.flags = true}));
  if (!fetch.internaldate) COI_TRY(ask({.internaldate = true}));
  return {};
}

Result<bool> MailboxVisit::came(std::uint32_t uid, chat::Input input) {
  told_.erase(uid);
  COI_TRY(deliver(std::move(input)));
  sync_.mark_done(NumberSet(uid, uid));
  refused_in_a_row_ = 0;
  context_.hard_mails.settled(folder_, uid);
  context_.hard_mails.gives(folder_, context_.environment.clock());
  return true;
}

Result<bool> MailboxVisit::fetch_plainly(std::uint32_t uid) {
  const auto answer =
      link_.run(imap::uid_fetch(NumberSet(uid, uid), context_.reader.items()), [&](imap::Event&& event) {
        name_it(event, uid);
        return take(std::move(event));
      });
  if (!answer) return std::unexpected(ended_at(uid, answer.error()));
  last_answer_ = *answer;
  return sync_.done().contains(uid);
}

// Where BODY[] is NIL, empty, cut or refused, or seems to be. It may be all there is: then the halves are no more.
Result<bool> MailboxVisit::fetch_header_and_text(std::uint32_t uid) {
  auto fetch = COI_TRY(ask_for(uid, context_.reader.halves()));
  if (!fetch || !context_.reader.join_halves(*fetch)) return false;
  const auto told = told_.find(uid);
  if (told != told_.end() && fetch->find("")->octets->size() < told->second.octets) return false;
  COI_TRY(complete(*fetch));
  return came(uid, context_.reader.read(*std::move(fetch), folder_, is_news(uid)));
}

// A large mail, without its files; or one that comes no other way.
Result<bool> MailboxVisit::fetch_in_parts(std::uint32_t uid) {
  auto structure = COI_TRY(ask_for(uid, context_.reader.structure_items()));
  if (!structure || !context_.reader.describes(*structure) || !has_octets(structure->find("HEADER"))) return false;
  std::optional<imap::Fetch> parts(std::in_place);
  if (const auto items = context_.reader.part_items(*structure); !items.sections.empty()) {
    parts = COI_TRY(ask_for(uid, items));
    if (!parts || !std::ranges::any_of(parts->sections, [](const auto& part) { return has_octets(&part); }))
      return false;
  }
  COI_TRY(complete(*structure));
  return came(uid, context_.reader.read_large(*structure, *parts, folder_, is_news(uid)));
}

// What its parts are cannot be told; the mail itself tells.
Result<bool> MailboxVisit::fetch_all_of_it(std::uint32_t uid) {
  auto fetch = COI_TRY(ask_for(uid, context_.reader.whole_items()));
  if (!fetch) return false;
  const bool is_empty = fetch->size == 0 && !has_octets(fetch->find("")) && last_answer_.ok();
  if (is_empty) return came(uid, chat::MailUnreadable{{folder_.id, folder_.uidvalidity, uid}, "the mail is empty"});
  if (!has_octets(fetch->find(""))) return false;
  COI_TRY(complete(*fetch));
  return came(uid, context_.reader.read(*std::move(fetch), folder_, is_news(uid)));
}

}  // namespace coi::engine
