#include "engine/mailbox_visit.h"

#include <utility>

#include <fmt/format.h>

namespace coi::engine {
namespace {

imap::KnownMailbox known_of(const store::Folder& folder) {
  return {.uidvalidity = folder.uidvalidity, .highestmodseq = folder.highestmodseq, .done = folder.done};
}

}  // namespace

MailboxVisit::MailboxVisit(const WorkerContext& context, ImapLink& link, store::Folder folder)
    : context_(context),
      link_(link),
      folder_(std::move(folder)),
      sync_(known_of(folder_), link.session().capabilities(), link.session().enabled()) {}

Result<> MailboxVisit::deliver(chat::Input input) { return context_.account.deliver(std::move(input)); }

Result<> MailboxVisit::open() {
  const auto listen = [this](imap::Event&& event) { return take(std::move(event)); };
  COI_TRY(link_.demand(imap::select(sync_.select(folder_.name)), fmt::format("cannot open {}", folder_.name), listen));
  folder_.uidvalidity = sync_.uidvalidity();
  if (sync_.uidvalidity_changed()) COI_TRY(deliver(chat::FolderReset{folder_.id, folder_.uidvalidity}));
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
  return deliver_changes();
}

Result<> MailboxVisit::open_for_reading() {
  reading_only_ = true;
  COI_TRY(link_.demand(imap::select({.mailbox = folder_.name, .read_only = true}),
                       fmt::format("cannot open {}", folder_.name)));
  const auto& mailbox = link_.session().mailbox();
  if (!mailbox || mailbox->uidvalidity != folder_.uidvalidity)
    return fail(ErrorKind::not_found, fmt::format("{} was made anew", folder_.name));
  return {};
}

Result<> MailboxVisit::deliver_changes() {
  const auto changes = sync_.take_changes();
  for (const auto& change : changes.flags)
    COI_TRY(deliver(chat::FlagsChanged{.place = {folder_.id, folder_.uidvalidity, change.uid},
                                       .role = folder_.role,
                                       .flags = flags_of(change.flags),
                                       .modseq = change.modseq}));
  if (!changes.expunged.empty()) COI_TRY(deliver(chat::Expunged{folder_.id, folder_.uidvalidity, changes.expunged}));
  const auto modseq = sync_.highestmodseq();
  if (!changes.empty() || modseq != folder_.highestmodseq || sync_.next_uid() != folder_.uidnext) {
    folder_.highestmodseq = modseq;
    folder_.uidnext = sync_.next_uid();
    COI_TRY(deliver(chat::RoundDone{.folder = folder_.id,
                                    .uidvalidity = folder_.uidvalidity,
                                    .uidnext = folder_.uidnext,
                                    .highestmodseq = modseq,
                                    .done = sync_.done()}));
  }
  return {};
}

Result<> MailboxVisit::take(imap::Event&& event) {
  if (!reading_only_) COI_TRY(sync_.take(event));
  auto* fetch = std::get_if<imap::Fetch>(&event);
  if (fetch == nullptr || !context_.reader.has_mail(*fetch) || fetch->uid == 0) return {};
  if (!context_.reader.is_whole(*fetch)) {
    large_.add(fetch->uid);
    return {};
  }
  NumberSet one(fetch->uid, fetch->uid);
  context_.environment.step(in_fetched);
  auto input = context_.reader.read(std::move(*fetch), folder_, fetching_live_);
  context_.environment.step(in_read);
  COI_TRY(deliver(std::move(input)));
  sync_.mark_done(one);
  return {};
}

Result<> MailboxVisit::fetch_set(const imap::MessageSet& uids, bool live) {
  fetching_live_ = live;
  const auto listen = [this](imap::Event&& event) { return take(std::move(event)); };
  const auto fetched = link_.demand(imap::uid_fetch(uids, context_.reader.items()),
                                    fmt::format("cannot read mails of {}", folder_.name), listen);
  fetching_live_ = true;
  if (!fetched) return std::unexpected(fetched.error());
  return fetch_large(std::exchange(large_, {}), live);
}

Result<> MailboxVisit::fetch(const NumberSet& uids, bool live) {
  if (uids.empty()) return {};
  COI_TRY(fetch_set(uids, live));
  sync_.mark_done(uids);
  return {};
}

// One by one: a large mail is rare, and its texts may be large too.
Result<> MailboxVisit::fetch_large(const NumberSet& uids, bool live) {
  const auto one = [this](const NumberSet& uid, const imap::FetchItems& items, imap::Fetch& into) -> Result<> {
    COI_TRY(link_.demand(imap::uid_fetch(uid, items), "cannot read a large mail", [&](imap::Event&& event) -> Result<> {
      if (auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && uid.contains(fetch->uid)) {
        if (!reading_only_) COI_TRY(sync_.take(event));
        into = std::move(*fetch);
        return {};
      }
      return take(std::move(event));
    }));
    return {};
  };
  for (const auto number : uids.numbers()) {
    const NumberSet uid(number, number);
    imap::Fetch structure, texts;
    COI_TRY(one(uid, context_.reader.structure_items(), structure));
    if (structure.uid == 0) continue;  // expunged meanwhile
    if (const auto items = context_.reader.text_items(structure); !items.sections.empty())
      COI_TRY(one(uid, items, texts));
    COI_TRY(deliver(context_.reader.read_large(structure, std::move(texts), folder_, live)));
    sync_.mark_done(uid);
  }
  return {};
}

Result<std::vector<std::pair<UnixMs, std::uint32_t>>> MailboxVisit::dates(const NumberSet& uids) {
  std::vector<std::pair<UnixMs, std::uint32_t>> dates;
  COI_TRY(link_.demand(
      imap::uid_fetch(uids, {.internaldate = true}), "cannot read the dates", [&](imap::Event&& event) -> Result<> {
        if (const auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && uids.contains(fetch->uid))
          dates.emplace_back(fetch->internaldate.value_or(0), fetch->uid);
        return take(std::move(event));
      }));
  return dates;
}

Result<> MailboxVisit::catch_up() {
  while (sync_.has_arrivals()) COI_TRY(fetch_set(imap::MessageSet::from(sync_.next_uid()), true));
  return deliver_changes();
}

}  // namespace coi::engine
