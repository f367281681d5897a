#include "engine/mailbox_visit.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "chat/ask.h"

namespace coi::engine {
namespace {

// So many mails at once may have been moved here; to look at their ids first costs one more answer.
constexpr std::uint64_t worth_a_look = 8;
constexpr std::uint64_t most_looked_at = 500;  // at a time
constexpr std::size_t most_flags_waiting = 1000;
// Beyond that a first look at the folder was cut short, and this is its history.
constexpr std::uint64_t most_moved = 10'000;

imap::KnownMailbox known_of(const store::Folder& folder, NumberSet left, imap::RememberedMailbox remembered,
                            bool may_be_listed) {
  return {.uidvalidity = folder.uidvalidity,
          .uidnext = folder.uidnext,
          .highestmodseq = folder.highestmodseq,
          .done = folder.done,
          .left = std::move(left),
          .remembered = std::move(remembered),
          .listed_in_vain = !may_be_listed};
}

}  // namespace

MailboxVisit::MailboxVisit(const WorkerContext& context, ImapLink& link, Pacer& pacer, store::Folder folder,
                           NumberSet left, imap::RememberedMailbox remembered)
    : context_(context),
      link_(link),
      pacer_(pacer),
      folder_(std::move(folder)),
      sync_(known_of(folder_, std::move(left), std::move(remembered),
                     context.hard_mails.may_be_listed(folder_, context.environment.clock())),
            link.session().capabilities(), link.session().enabled(), context.environment.limits) {}

// Mails come once; flags may be told for ever.
Result<> MailboxVisit::deliver(chat::Input input) {
  if (std::holds_alternative<chat::MailArrived>(input) || std::holds_alternative<chat::MailSeenAgain>(input))
    pacer_.changed();
  return context_.account.deliver(std::move(input));
}

// NO or BAD: servers say either of a folder that they cannot open, and the others open all the same.
bool MailboxVisit::refused(const imap::Status& status) {
  if (status.ok()) return false;
  refusal_ = status.text;
  context_.environment.log.warning("mailbox: {} is left out: {}", folder_.name, status.text);
  return true;
}

// What refuses the parameters may open the folder without them; what is refused for a while may not.
Result<imap::Status> MailboxVisit::select(const ImapLink::OnEvent& listen) {
  const auto wanted = sync_.select(folder_.name);
  auto answer = COI_TRY(link_.run(imap::select(wanted), listen));
  const bool is_of_folder = answer.is(imap::CodeWord::nonexistent) || answer.may_pass();
  if (answer.ok() || is_of_folder || !(wanted.condstore || wanted.qresync)) return answer;
  auto plainly = COI_TRY(link_.run(imap::select(sync_.select_plainly(wanted)), listen));
  if (plainly.ok()) link_.leave_out(wanted.qresync ? "QRESYNC" : "CONDSTORE", answer);
  return plainly;
}

Result<bool> MailboxVisit::open() {
  const auto listen = [this](imap::Event&& event) { return take(std::move(event)); };
  if (refused(COI_TRY(select(listen)))) return false;
  // The connection that found the mailbox made anew ended before it had looked through it.
  const bool was_made_anew = folder_.uidvalidity != 0 && folder_.uidnext == 0;
  folder_.uidvalidity = sync_.uidvalidity();
  if (sync_.uidvalidity_changed()) COI_TRY(deliver(chat::FolderReset{folder_.id, folder_.uidvalidity}));
  if (sync_.restored()) {
    if (!COI_TRY(forget_others())) return false;
    COI_TRY(deliver(chat::FolderRestored{folder_.id, folder_.uidvalidity, sync_.next_uid()}));
  }
  while (!sync_.looked_through()) {
    // The commands of a round do not wait for each other.
    std::vector<imap::CommandId> ids;
    while (auto command = sync_.next_command()) {
      ids.push_back(link_.submit(std::move(*command)));
      sync_.submitted(ids.back());
    }
    if (ids.empty())
      return fail(ErrorKind::protocol, fmt::format("the server opened {} without saying what is in it", folder_.name));
    for (const auto id : ids) COI_TRY(link_.finish(id, listen));
  }
  if (sync_.complete()) {
    COI_TRY(compare(Listed::just_now));
    auto there = sync_.missing();
    there.add(sync_.left());
    context_.hard_mails.keep(folder_, there);
  } else {
    context_.environment.log.warning("mailbox: {} has more mails than the server names; {}", folder_.name,
                                     sync_.refusal());
    context_.hard_mails.not_listed(folder_, sync_.refusal(), context_.environment.clock());
  }
  if (sync_.uidvalidity_changed() || was_made_anew) {
    COI_TRY(attach_known(missing(), store::Copied::made_anew));
  } else if (const auto moved = sync_.news().newest(most_moved); moved.size() >= worth_a_look) {
    COI_TRY(attach_known(moved, store::Copied::moved));
  }
  COI_TRY(deliver_changes());
  return true;
}

// Of a mailbox that was restored from a backup the UIDs below its UIDNEXT may have been given anew as well. False: the
// server does not tell for now, so the mailbox is not taken for known; the next visit sees the same.
Result<bool> MailboxVisit::forget_others() {
  COI_TRY(context_.account.settle_mail());
  auto held = COI_TRY(context_.account.ask<NumberSet>(
      [this](store::Database& database) { return database.held_uids(folder_.id, folder_.uidvalidity); }));
  if (const auto next = sync_.next_uid(); next > 0) held = held.common(NumberSet(1, std::max(next, 2U) - 1));
  NumberSet others;
  while (!held.empty()) {
    const auto some = held.newest(portion(most_looked_at));
    held.remove(some);
    auto mails = std::make_shared<std::vector<store::PlacedMail>>();
    auto untold = some;
    const auto listen = [&](imap::Event&& event) -> Result<> {
      if (const auto* fetch = std::get_if<imap::Fetch>(&event);
          fetch != nullptr && some.contains(fetch->uid) && context_.reader.has_id(*fetch)) {
        mails->push_back({fetch->uid, fetch->size.value_or(0), context_.reader.read_id(*fetch, folder_)});
        untold.remove(fetch->uid, fetch->uid);
      }
      return take(std::move(event));
    };
    const auto answer = COI_TRY(link_.run(imap::uid_fetch(some, context_.reader.id_items()), listen));
    if (answer.may_pass() && refused(answer)) return false;
    if (!answer.ok() || answer.cut_short()) others.add(untold);  // what cannot be compared is read anew
    others.add(COI_TRY(context_.account.ask<NumberSet>([this, mails](store::Database& database) {
      return database.other_mails(folder_.id, folder_.uidvalidity, *mails);
    })));
  }
  if (others.empty()) return true;
  context_.environment.log.warning("mailbox: {} was restored; {} of its mails are others than before", folder_.name,
                                   others.size());
  sync_.forget(others);
  COI_TRY(deliver(chat::Expunged{folder_.id, folder_.uidvalidity, others}));
  return true;
}

// A folder made anew, or mails that another program moved or copied here: what is stored needs a place, not a body.
// The oldest first: of two that look alike the newer one is read.
Result<> MailboxVisit::attach_known(NumberSet uids, store::Copied how) {
  while (!uids.empty()) {
    const auto some = uids.without(uids.newest(uids.size() - std::min(uids.size(), portion(most_looked_at))));
    COI_TRY(attach_some(some, how));
    uids.remove(some);
  }
  return {};
}

Result<> MailboxVisit::attach_some(const NumberSet& uids, store::Copied how) {
  auto candidates = std::make_shared<std::vector<chat::MailSeenAgain>>();
  // A refusal is of single mails; those come to light when they are fetched.
  COI_TRY(link_.run(imap::uid_fetch(uids, context_.reader.id_items()), [&](imap::Event&& event) -> Result<> {
    if (const auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && uids.contains(fetch->uid))
      if (auto mail = context_.reader.read_id(*fetch, folder_)) candidates->push_back(std::move(*mail));
    return take(std::move(event));
  }));
  COI_TRY(context_.account.settle_mail());  // one of these may have been attached in the portion before
  using Known = std::vector<std::optional<chat::MessageId>>;
  const auto known = COI_TRY(
      context_.account.ask<Known>([candidates, how, &account = context_.account,
                                   now = context_.environment.clock()](store::Database& database) -> Result<Known> {
        Known found;
        for (const auto& mail : *candidates)
          found.push_back(COI_TRY(database.knows(mail, how, chat::is_own(account.facts(), mail.key.from_addr), now)));
        return found;
      }));
  NumberSet attached;
  for (std::size_t i = 0; i < known.size(); ++i) {
    // Two of one message may be two mails, of which one is new.
    if (!known[i] || std::ranges::count(known, known[i]) > 1) continue;
    attached.add((*candidates)[i].place.uid);
    COI_TRY(deliver(std::move((*candidates)[i])));
  }
  sync_.mark_done(attached);
  return {};
}

Result<bool> MailboxVisit::open_for_reading() {
  reading_only_ = true;
  auto opened = COI_TRY(link_.run(imap::select({.mailbox = folder_.name, .read_only = true})));
  // Not every server has EXAMINE; nothing that is asked for here changes a mail.
  if (opened.kind == imap::Status::Kind::bad) opened = COI_TRY(link_.run(imap::select({.mailbox = folder_.name})));
  if (refused(opened)) return false;
  const auto& mailbox = link_.session().mailbox();
  return mailbox && mailbox->uidvalidity == folder_.uidvalidity;
}

Result<std::optional<NumberSet>> MailboxVisit::list_all() {
  if (const auto* all = sync_.all()) return *all;
  const auto wanted = link_.has("ESEARCH") ? imap::SearchReturn::all : imap::SearchReturn::plain;
  return list_by([wanted](const NumberSet& uids) {
    return imap::uid_search(uids.empty() ? imap::SearchKey::all() : imap::SearchKey::uid(uids), wanted);
  });
}

// `command`: for these UIDs; empty: for all. nullopt: the server does not name them all.
Result<std::optional<NumberSet>> MailboxVisit::list_by(
    const std::function<imap::Command(const NumberSet& uids)>& command) {
  NumberSet there, uids;
  for (std::uint32_t done_down_to = 0;;) {
    const auto answer = COI_TRY(link_.run(command(uids), [&](imap::Event&& event) -> Result<> {
      if (const auto* search = std::get_if<imap::Search>(&event)) there.add(search->all);
      if (const auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && fetch->uid > 0)
        there.add(fetch->uid);
      return take(std::move(event));
    }));
    const auto lowest = answer.done_down_to();
    if ((answer.ok() && !answer.cut_short()) || lowest == 1) return there;
    if (lowest == 0 || (done_down_to > 0 && lowest >= done_down_to)) return std::nullopt;
    done_down_to = lowest;
    uids = NumberSet(1, lowest - 1);
  }
}

// Numbers are compared, not believed: UIDs that come late or are used again, and mails that were named as gone, show in
// nothing else.
Result<NumberSet> MailboxVisit::compare(Listed listed) {
  const auto now = context_.environment.clock();
  COI_TRY(context_.account.settle_mail());
  const auto held = COI_TRY(context_.account.ask<NumberSet>(
      [this](store::Database& database) { return database.held_uids(folder_.id, folder_.uidvalidity); }));
  if (sync_.agrees(held)) {
    sync_.believe_absent();
    context_.hard_mails.listed(folder_);
    return NumberSet();
  }
  if (!context_.hard_mails.may_be_listed(folder_, now)) {
    sync_.doubt_numbers();
    return NumberSet();
  }
  if (listed == Listed::before) sync_.doubt_numbers();  // what is remembered of the list is what does not agree
  auto there = COI_TRY(list_all());
  // What SEARCH does not name FETCH may; once in a visit, for it takes longer.
  if (listed == Listed::just_now && !(there && sync_.names_all(*there))) {
    auto fetched = COI_TRY(list_by([](const NumberSet& uids) {
      return imap::uid_fetch(uids.empty() ? imap::MessageSet::from(1) : imap::MessageSet(uids), {.flags = true});
    }));
    if (fetched) there = std::move(fetched);
  }
  auto again = there ? sync_.compare(held, *there, context_.hard_mails.fetched_again(folder_)) : NumberSet();
  context_.hard_mails.want_again(folder_, again);
  if (!again.empty())
    context_.environment.log.info("mailbox: {} has {} mails that were not known to be there", folder_.name,
                                  again.size());
  if (sync_.agrees(held)) {
    sync_.believe_absent();
    context_.hard_mails.listed(folder_);
  } else {
    sync_.doubt_numbers();
    context_.hard_mails.not_listed(folder_, {}, now);
  }
  return again;
}

Result<bool> MailboxVisit::look_at_older_flags() {
  const auto uids = sync_.take_flags_left();
  if (uids.empty()) return false;
  COI_TRY(link_.run(imap::uid_fetch(uids, {.flags = true}),
                    [this](imap::Event&& event) { return take(std::move(event)); }));
  COI_TRY(deliver_changes());
  return true;
}

Result<> MailboxVisit::deliver_changes() {
  auto changes = sync_.take_changes();
  const bool none = changes.empty();
  COI_TRY(deliver_flags(std::move(changes.flags)));
  if (!changes.expunged.empty()) COI_TRY(deliver(chat::Expunged{folder_.id, folder_.uidvalidity, changes.expunged}));
  const auto modseq = sync_.highestmodseq();
  // News that is not here yet has to be news to the next connection, if this one is lost before it comes.
  const auto awaited = sync_.news().without(resting());
  const auto uidnext = awaited.empty() ? sync_.next_uid() : awaited.ranges().front().first;
  if (!none || modseq != folder_.highestmodseq || uidnext != folder_.uidnext) {
    folder_.highestmodseq = modseq;
    folder_.uidnext = uidnext;
    COI_TRY(deliver(chat::RoundDone{.folder = folder_.id,
                                    .uidvalidity = folder_.uidvalidity,
                                    .uidnext = folder_.uidnext,
                                    .highestmodseq = modseq,
                                    .done = sync_.done()}));
  }
  return {};
}

Result<> MailboxVisit::deliver_flags(std::vector<imap::FlagChange> changes) {
  for (const auto& change : changes)
    COI_TRY(deliver(chat::FlagsChanged{.place = {folder_.id, folder_.uidvalidity, change.uid},
                                       .role = folder_.role,
                                       .flags = flags_of(change.flags),
                                       .modseq = change.modseq}));
  return {};
}

Result<> MailboxVisit::keep_up(const imap::Event& event) {
  // What changes of a mail while its pieces are asked for.
  if (const auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && fetch->flags && !fetch->cut)
    if (const auto told = told_.find(fetch->uid); told != told_.end()) {
      told->second.items.flags = fetch->flags;
      told->second.items.modseq = std::max(told->second.items.modseq, fetch->modseq);
    }
  if (reading_only_) return {};
  sync_.take(event);
  if (!sync_.opened() || sync_.waiting_flags() < most_flags_waiting) return {};
  return deliver_flags(sync_.take_flags());
}

std::uint64_t MailboxVisit::portion(std::uint64_t most) const {
  return std::min<std::uint64_t>(most, link_.session().capabilities().message_limit().value_or(most));
}

Result<> MailboxVisit::take(imap::Event&& event) {
  // NOTIFY tells of other mailboxes amid any command.
  if (tells_of_others(event)) return link_.pass_on(std::move(event));
  COI_TRY(keep_up(event));
  auto* fetch = std::get_if<imap::Fetch>(&event);
  if (fetch == nullptr || fetch->uid == 0) return {};
  const auto uid = fetch->uid;
  const auto& reader = context_.reader;
  const bool odd = reader.is_odd(*fetch);
  if (odd ? sync_.done().contains(uid) : !reader.has_mail(*fetch)) return {};
  if (odd || !reader.is_whole(*fetch)) {
    (odd ? odd_ : large_).add(uid);
    note_told(std::move(*fetch));
    return {};
  }
  context_.environment.step(in_fetched);
  auto input = context_.reader.read(std::move(*fetch), folder_, is_news(uid));
  context_.environment.step(in_read);
  COI_TRY(came(uid, std::move(input)));
  return {};
}

Result<std::vector<std::pair<UnixMs, std::uint32_t>>> MailboxVisit::dates(NumberSet uids) {
  std::vector<std::pair<UnixMs, std::uint32_t>> dates;
  while (!uids.empty()) {
    const auto some = uids.newest(portion(most_looked_at));
    uids.remove(some);
    COI_TRY(link_.run(imap::uid_fetch(some, {.internaldate = true}), [&](imap::Event&& event) -> Result<> {
      if (const auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && some.contains(fetch->uid))
        dates.emplace_back(fetch->internaldate.value_or(0), fetch->uid);
      return take(std::move(event));
    }));
  }
  return dates;
}

Result<> MailboxVisit::catch_up() {
  const auto state = [this] { return std::pair(sync_.arrivals(), sync_.next_uid()); };
  while (sync_.arrivals() > 0 && !rests()) {
    const auto before = state();
    refused_in_a_row_ = 0;
    const auto late = COI_TRY(fetch_arrivals());
    if (rests()) break;
    if (late) {
      COI_TRY(deliver_changes());
      late_.add(COI_TRY(compare(Listed::before)));
    }
    // Gone before we asked; not every server says so amid a FETCH.
    if (state() == before)
      COI_TRY(link_.run(imap::noop(), [this](imap::Event&& event) { return take(std::move(event)); }));
    if (state() == before) {
      sync_.forget_arrivals();
      late_.add(COI_TRY(compare(Listed::before)));
    }
  }
  COI_TRY(fetch(missing()));
  return deliver_changes();
}

}  // namespace coi::engine
