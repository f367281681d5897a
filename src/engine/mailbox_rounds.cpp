// What the live connection does with the folders: finds them and goes through them. The worker's life and its waiting
// stand in mailbox_worker.cpp, the jobs in mailbox_job_rounds.cpp.
#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "engine/mailbox_worker.h"
#include "engine/sent_folder.h"

namespace coi::engine {
namespace {

using chat::FolderRole;

// What a new device shows first, over all folders.
constexpr std::size_t first_screen_mails = 500;

}  // namespace

Result<> MailboxWorker::refresh_stored() {
  auto all = COI_TRY(
      context_.account.ask<std::vector<store::Folder>>([](store::Database& database) { return database.folders(); }));
  stored_.clear();
  for (auto& folder : all)
    if (folder.role != FolderRole::other) stored_.push_back(std::move(folder));
  return {};
}

const store::Folder* MailboxWorker::stored(FolderRole role) const {
  const auto found = std::ranges::find(stored_, role, &store::Folder::role);
  return found == stored_.end() ? nullptr : &*found;
}

const store::Folder* MailboxWorker::usable(FolderRole role) const {
  const auto* folder = stored(role);
  return folder == nullptr || refused_.contains(folder->id) ? nullptr : folder;
}

Result<> MailboxWorker::prepare(ImapLink& link) {
  state_changed_ = state_changed_ || is_refused_something();
  refused_.clear();
  COI_TRY(refresh_stored());
  std::vector<chat::FoundFolder> known;
  for (const auto& folder : stored_) known.push_back({folder.name, folder.role});
  folders_ = COI_TRY(Folders::find(link, known));
  if (folders_->refusal()) {
    context_.environment.log.warning("mailbox: the folders are as before: {}", *folders_->refusal());
  }
  COI_TRY(choose_sent_folder(link));
  if (is_refused_something()) ask_again_at_ = net::after(refusals_.after_failure());
  // C-90: on a server without COI the client makes the folders; a COI server has made them when it was turned on.
  if (!folders_->coi().announced)
    for (const auto role : {FolderRole::chats, FolderRole::contacts}) COI_TRY(folders_->ensure(link, role));
  COI_TRY(context_.account.deliver(chat::FoldersFound{folders_->found()}));
  const auto coi = folders_->coi();
  const bool is_told = !folders_->refusal();
  context_.account.post([this, coi, is_told] {
    auto& facts = context_.account.facts();
    facts.coi_server = coi.announced;
    // What is done there counts, whatever was wished for here (S-15).
    if (coi.announced && is_told) facts.filter = coi.enabled ? coi.filter : wire::Filter::none;
  });
  COI_TRY(context_.account.settle_mail());
  COI_TRY(refresh_stored());
  if (is_told) context_.hard_mails.keep(stored_);
  return {};
}

// The user's word goes first, then that of the server, then what lies in the folders: looked at once in a run of the
// program, and remembered. Where the server names several, these are looked into; if own mail lies in more than one of
// them, the fullest has the role until the user says which.
Result<> MailboxWorker::choose_sent_folder(ImapLink& link) {
  constexpr auto role = FolderRole::sent;
  sent_question_.clear();
  sent_untold_ = false;
  if (folders_->refusal()) return {};  // nothing can be told of folders that are not listed
  if (const auto& named = context_.config.sent_folder; !named.empty()) {
    if (folders_->assign(role, named)) return {};
    sent_question_ = fmt::format("the server has no folder {}, which is to hold sent mail", named);
  }
  const auto& rivals = folders_->rivals();
  if (folders_->name(role) && rivals.empty()) return {};
  const auto kept = COI_TRY(context_.account.ask<std::optional<std::string>>(
      [](store::Database& database) { return database.setting("sent_folder"); }));
  if (kept && folders_->assign(role, *kept)) return {};
  if (const auto& among = rivals.empty() ? folders_->unknown() : rivals; !sent_sought_ || sent_sought_among_ != among) {
    COI_TRY(leave_folder());  // other mailboxes are opened
    auto sought = COI_TRY(seek_sent_folder(link, among, context_.config.addr));
    sent_untold_ = !sought;
    if (!sought) return {};
    sent_sought_ = std::move(sought);
    sent_sought_among_ = among;
  }
  if (const auto& candidates = sent_sought_->candidates; sent_question_.empty() && !candidates.empty())
    sent_question_ = fmt::format("one of these folders is the one for sent mail: {}", fmt::join(candidates, ", "));
  if (!rivals.empty() && !sent_sought_->candidates.empty()) folders_->assign(role, sent_sought_->candidates.front());
  if (!sent_sought_->found || !folders_->assign(role, *sent_sought_->found)) return {};
  COI_TRY(context_.account.ask<std::monostate>(
      [found = *sent_sought_->found](store::Database& database) -> Result<std::monostate> {
        COI_TRY(database.set_setting("sent_folder", found));
        return std::monostate();
      }));
  return {};
}

// What the server told of the open folder it will not tell again.
Result<> MailboxWorker::leave_folder() {
  if (visit_) COI_TRY(visit_->catch_up());
  close_visit();
  return {};
}

void MailboxWorker::close_visit() {
  if (!visit_) return;
  const auto again = context_.environment.times.flags_again;
  auto& [mailbox, all_flags_at] =
      remembered_.try_emplace(visit_->folder().id, Remembered{{}, net::after(again)}).first->second;
  mailbox = visit_->remembered();
  // The next round lists all, and looks at all flags anew.
  if (mailbox.flags_left.empty() && std::chrono::steady_clock::now() >= all_flags_at) {
    mailbox = {};
    all_flags_at = net::after(again);
  }
  visit_.reset();
}

Result<bool> MailboxWorker::look_into(ImapLink& link, const store::Folder& folder) {
  COI_TRY(leave_folder());
  const auto id = folder.id;  // of a list that is read anew
  // Asked first: what is left no more has been delivered by now, and is stored below.
  auto left = backfill_.left(folder);
  // What is stored may be newer than our copy: the last visit of this folder has moved it on.
  COI_TRY(context_.account.settle_mail());
  COI_TRY(refresh_stored());
  const auto found = std::ranges::find(stored_, id, &store::Folder::id);
  if (found == stored_.end()) return false;
  const auto remembered = remembered_.find(id);
  auto visit = std::make_unique<MailboxVisit>(
      context_, link, pacer_, *found, std::move(left),
      remembered == remembered_.end() ? imap::RememberedMailbox() : remembered->second.mailbox);
  older_flags_at_ = net::after(context_.environment.times.older_flags);
  if (!COI_TRY(visit->open())) {
    note_refusal(*found, visit->refusal());
    return false;
  }
  visit_ = std::move(visit);
  return true;
}

void MailboxWorker::note_refusal(const store::Folder& folder, const std::string& words) {
  // The first of several that are asked again together.
  if (!is_refused_something()) ask_again_at_ = net::after(refusals_.after_failure());
  refused_.insert_or_assign(folder.id, words);
  state_changed_ = true;
}

void MailboxWorker::note_due() {
  const auto now = due_noted_at_ = context_.environment.clock();
  const auto& hard = context_.hard_mails;
  for (const auto role : looked_at) {
    const auto* folder = usable(role);
    if (folder == nullptr) continue;
    // The open folder asks again for what it knows of by itself.
    const bool is_open = visit_ && visit_->folder().id == folder->id;
    auto due = hard.due(*folder, now).without(backfill_.left(*folder));
    if (is_open) due.remove(visit_->absent());
    const bool asks = !due.empty() || (!is_open && hard.is_due(*folder, now));
    if ((asks && !hard.rests(*folder, now)) || hard.is_to_be_listed(*folder, now)) news_.insert(folder->name);
  }
}

net::Deadline MailboxWorker::next_due() const {
  std::optional<UnixMs> next;
  for (const auto role : looked_at)
    if (const auto* folder = usable(role))
      if (const auto due = context_.hard_mails.next_due(*folder, due_noted_at_))
        next = std::min(next.value_or(*due), *due);
  if (!next) return net::Deadline::max();
  return net::after(std::chrono::milliseconds(std::max<UnixMs>(*next - context_.environment.clock(), 0)));
}

Result<> MailboxWorker::ask_again(ImapLink& link) {
  if (!is_refused_something() || std::chrono::steady_clock::now() < ask_again_at_) return {};
  return visit_all_again(link);
}

Result<> MailboxWorker::visit_all_again(ImapLink& link) {
  if (is_refused_something()) {
    COI_TRY(prepare(link));
    COI_TRY(start_notify(link));
  }
  return visit_all(link);
}

Result<bool> MailboxWorker::open(ImapLink& link, const store::Folder& folder) {
  if (!COI_TRY(look_into(link, folder))) return false;
  const auto newest = visit_->missing().newest(first_screen_mails);
  COI_TRY(visit_->fetch(newest));
  // What could not be asked for now is asked for here again.
  if (auto rest = visit_->missing().without(newest); !rest.empty()) {
    visit_->leave(rest);
    backfill_.fill({{visit_->folder(), std::move(rest)}});
  }
  return true;
}

// Every folder's round. What is missing is fetched at once if it is news; a long history goes the other way.
Result<> MailboxWorker::visit_all(ImapLink& link) {
  all_seen_at_ = std::chrono::steady_clock::now();
  std::vector<History> history;
  std::uint64_t found = 0;
  for (const auto role : looked_at) {
    const auto* folder = stored(role);
    if (folder == nullptr || !COI_TRY(look_into(link, *folder))) continue;
    auto missing = visit_->missing();
    found += missing.size();
    if (found <= first_screen_mails) {
      COI_TRY(visit_->fetch(missing));
    } else if (!missing.empty()) {
      visit_->leave(missing);
      history.push_back({visit_->folder(), std::move(missing)});
    }
  }
  if (!is_refused_something()) refusals_.reset();
  if (history.empty()) return {};
  COI_TRY(first_screen(link, history));
  backfill_.fill(std::move(history));
  return {};
}

// The newest mails over all folders, before anything older.
Result<> MailboxWorker::first_screen(ImapLink& link, std::vector<History>& history) {
  struct Candidate {
    UnixMs date;
    std::size_t folder;
    std::uint32_t uid;
  };
  std::vector<Candidate> candidates;
  COI_TRY(leave_folder());
  for (std::size_t i = 0; i < history.size(); ++i) {
    MailboxVisit visit(context_, link, pacer_, history[i].folder);
    if (!COI_TRY(visit.open_for_reading())) continue;
    news_.insert(history[i].folder.name);  // what comes meanwhile is told to a visit that only reads
    for (const auto& [date, uid] : COI_TRY(visit.dates(history[i].missing.newest(first_screen_mails))))
      candidates.push_back({date, i, uid});
  }
  std::ranges::sort(candidates, std::greater{}, [](const auto& c) { return std::pair(c.date, c.uid); });
  if (candidates.size() > first_screen_mails) candidates.resize(first_screen_mails);
  for (std::size_t i = 0; i < history.size(); ++i) {
    NumberSet chosen;
    for (const auto& candidate : candidates)
      if (candidate.folder == i) chosen.add(candidate.uid);
    if (chosen.empty()) continue;
    MailboxVisit visit(context_, link, pacer_, history[i].folder);
    if (!COI_TRY(visit.open_for_reading())) continue;
    COI_TRY(visit.fetch(chosen));
    history[i].missing.remove(chosen);
  }
  return {};
}

Result<> MailboxWorker::read_quota(ImapLink& link) {
  if (!link.has("QUOTA")) return {};
  // Those of other roots, such as a shared folder's, may be told as well (RFC 9208 section 4.2.2).
  std::vector<std::string> roots;
  std::map<std::string, imap::Quota::Resource> storage;
  COI_TRY(link.run(imap::getquotaroot("INBOX"), [&](imap::Event&& event) -> Result<> {
    if (const auto* told = std::get_if<imap::QuotaRoot>(&event);
        told != nullptr && ascii_iequal(told->mailbox, "INBOX"))
      roots = told->roots;
    if (const auto* quota = std::get_if<imap::Quota>(&event))
      for (const auto& resource : quota->resources)
        if (resource.name == "STORAGE") storage.insert_or_assign(quota->root, resource);
    return take(std::move(event));
  }));
  const auto root = std::ranges::find_if(roots, [&](const auto& name) { return storage.contains(name); });
  const auto found = root != roots.end() ? storage.find(*root) : storage.size() == 1 ? storage.begin() : storage.end();
  if (found != storage.end())
    context_.change_status([used = found->second.usage, limit = found->second.limit](Status& status) {
      status.quota_used_kb = used;
      status.quota_limit_kb = limit;
    });
  return {};
}

}  // namespace coi::engine
