// What the live connection does with the folders: finds them, goes through them, runs the jobs on them. The worker's
// life and its waiting stand in mailbox_worker.cpp.
#include <algorithm>
#include <memory>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/ascii.h"
#include "engine/mailbox_jobs.h"
#include "engine/mailbox_worker.h"
#include "engine/sent_folder.h"
#include "engine/watcher.h"
#include "wire/message_id.h"

namespace coi::engine {
namespace {

using chat::FolderRole;

// What a new device shows first, over all folders.
constexpr std::size_t first_screen_mails = 500;

// Jobs that would come twice: what they make on the server is looked for before they are repeated.
bool is_looked_for(const ImapLink& link, const chat::JobFacts& job) {
  return job.kind == chat::JobKind::file_copy || (job.kind == chat::JobKind::move && !link.has("MOVE"));
}

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
  refusals_changed_ = refusals_changed_ || !refused_.empty();
  refused_.clear();
  folders_ = COI_TRY(Folders::find(link));
  COI_TRY(choose_sent_folder(link));
  // C-90: on a server without COI the client makes the folders; a COI server has made them when it was turned on.
  if (!folders_->coi().announced)
    for (const auto role : {FolderRole::chats, FolderRole::contacts}) COI_TRY(folders_->ensure(link, role));
  COI_TRY(context_.account.deliver(chat::FoldersFound{folders_->found()}));
  const auto coi = folders_->coi();
  context_.account.post([this, coi] {
    auto& facts = context_.account.facts();
    facts.coi_server = coi.announced;
    // What is done there counts, whatever was wished for here (S-15).
    if (coi.announced) facts.filter = coi.enabled ? coi.filter : wire::Filter::none;
  });
  COI_TRY(context_.account.settle_mail());
  return refresh_stored();
}

// The user's word goes first, then that of the server, then what lies in the folders: looked at once in a run of the
// program, and remembered.
Result<> MailboxWorker::choose_sent_folder(ImapLink& link) {
  constexpr auto role = FolderRole::sent;
  sent_question_.clear();
  if (const auto& named = context_.config.sent_folder; !named.empty()) {
    if (folders_->assign(role, named)) return {};
    sent_question_ = fmt::format("the server has no folder {}, which is to hold sent mail", named);
  }
  if (folders_->name(role)) return {};
  const auto kept = COI_TRY(context_.account.ask<std::optional<std::string>>(
      [](store::Database& database) { return database.setting("sent_folder"); }));
  if (kept && folders_->assign(role, *kept)) return {};
  if (!sent_sought_) sent_sought_ = COI_TRY(seek_sent_folder(link, folders_->unknown(), context_.config.addr));
  if (const auto& candidates = sent_sought_->candidates; sent_question_.empty() && !candidates.empty())
    sent_question_ = fmt::format("one of these folders is the one for sent mail: {}", fmt::join(candidates, ", "));
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
  if (refused_.empty()) ask_again_at_ = net::after(refusals_.after_failure());
  refused_.insert_or_assign(folder.id, words);
  refusals_changed_ = true;
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
  if (refused_.empty() || std::chrono::steady_clock::now() < ask_again_at_) return {};
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
  // A folder that could not be opened may be gone, or made again by now.
  if (!refused_.empty()) {
    COI_TRY(prepare(link));
    COI_TRY(start_notify(link));
  }
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
  if (refused_.empty()) refusals_.reset();
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

Result<std::vector<chat::JobFacts>> MailboxWorker::due_jobs() {
  return context_.account.ask<std::vector<chat::JobFacts>>(
      [now = context_.environment.clock()](store::Database& database) { return database.due_jobs(now); });
}

// Own copies that the server was to file: perhaps it has by now, which ends their jobs.
Result<> MailboxWorker::look_for_copies(ImapLink& link) {
  const auto word = COI_TRY(context_.account.ask<std::optional<std::string>>(
      [](store::Database& database) { return database.setting("copies_filed"); }));
  const auto* sent = usable(FolderRole::sent);
  if (word != "server" || sent == nullptr) return {};
  COI_TRY(open(link, *sent));
  return context_.account.settle_mail();
}

Result<> MailboxWorker::run_jobs(ImapLink& link) {
  auto jobs = COI_TRY(due_jobs());
  if (std::ranges::find(jobs, chat::JobKind::file_copy, &chat::JobFacts::kind) != jobs.end()) {
    COI_TRY(look_for_copies(link));
    jobs = COI_TRY(due_jobs());
  }
  // What waited when this connection was made may have been done by an earlier one that never heard the answer.
  if (std::exchange(first_jobs_, false))
    for (auto& job : jobs)
      if (is_looked_for(link, job)) job.attempts = std::max(job.attempts, 1);
  for (const auto& together : joined(std::move(jobs))) COI_TRY(run_together(link, together));
  return {};
}

// Jobs that one command does, most often a single one.
Result<> MailboxWorker::run_together(ImapLink& link, const std::vector<chat::JobFacts>& jobs) {
  const auto& first = jobs.front();
  MailboxJobs runner(link, *folders_, stored_);
  const auto folder = runner.folder_of(first);
  if (!folder && !first.places.empty()) {
    for (const auto& job : jobs)
      COI_TRY(context_.account.record(chat::JobDone{.job = job.id, .hopeless = true, .reason = "the folder is gone"}));
    return {};
  }
  if (folder && (!visit_ || visit_->folder().name != *folder) &&
      !COI_TRY(open(link, *std::ranges::find(stored_, *folder, &store::Folder::name)))) {
    for (const auto& job : jobs)
      COI_TRY(context_.account.record(chat::JobDone{.job = job.id, .reason = "the server does not open the folder"}));
    return {};
  }
  for (const auto& job : jobs) under_way_.insert(job.id);
  auto results = COI_TRY(carry_out(link, runner, jobs));
  under_way_.clear();
  context_.environment.step(first.kind == chat::JobKind::file_copy ? out_filed : job_run);
  if (first.kind == chat::JobKind::file_copy) look_soon_ = net::after(context_.environment.times.own_copy);
  // Not stored, it will run again, over a new connection: then it is looked for before it is repeated.
  for (auto& result : results)
    COI_TRY(within(context_.account.record(std::move(result)), "cannot note what was done on the server"));
  if (first.kind == chat::JobKind::set_filter) {
    // S-16: the server has made folders, and sorts from now on.
    COI_TRY(prepare(link));
    COI_TRY(start_notify(link));
    report_state(link);
  }
  return after_job(runner);
}

// What became of each. Error: the connection ended, or our own store cannot tell what is needed.
Result<std::vector<chat::JobDone>> MailboxWorker::carry_out(ImapLink& link, MailboxJobs& runner,
                                                            const std::vector<chat::JobFacts>& jobs) {
  if (jobs.size() > 1) return runner.run_together(jobs);
  const auto& job = jobs.front();
  if (job.kind == chat::JobKind::set_filter)
    return std::vector{COI_TRY(runner.set_filter(job, COI_TRY(wanted_filter())))};
  JobMail mail;
  const bool removes = job.kind == chat::JobKind::remove_copy;
  if (removes) COI_TRY(context_.account.settle_mail());  // a folder that was restored is known to be
  if (removes || job.kind == chat::JobKind::file_copy || (job.attempts > 0 && is_looked_for(link, job)))
    mail = COI_TRY(context_.account.ask<JobMail>([&job, removes](store::Database& database) -> Result<JobMail> {
      JobMail stored;
      if (removes) stored.places = COI_TRY(database.places(job.message));
      if (job.kind == chat::JobKind::file_copy) stored.copy = COI_TRY(database.own_copy(job.message));
      if (job.kind != chat::JobKind::move) return stored;
      for (const auto& place : job.places)
        if (auto rfc_id = COI_TRY(database.rfc_id_at(place))) stored.ids.emplace(place.uid, *std::move(rfc_id));
      return stored;
    }));
  auto result = COI_TRY(runner.run(job, mail));
  if (job.kind == chat::JobKind::claim_receipt)
    result.rfc_id = wire::make_message_id(wire::domain_of(context_.config.addr));
  return std::vector{std::move(result)};
}

// Our own trouble ends connections too, and says nothing of the jobs.
void MailboxWorker::note_end(const Error& problem, bool watched) {
  if (pause_.lived_long())
    short_lives_beside_watcher_ = 0;
  else if (watched)
    ++short_lives_beside_watcher_;
  const auto under_way = std::exchange(under_way_, {});
  for (const auto job : under_way)
    if (ended_amid_.contains(job) && !is_own_trouble(problem.kind()))
      if (const auto noted = context_.account.record(chat::JobDone{.job = job, .reason = problem.text()}); !noted)
        context_.environment.log.warning("mailbox: {}", noted.error().text());
  ended_amid_ = under_way;
}

Result<> MailboxWorker::after_job(MailboxJobs& runner) {
  // A job that looked into a mailbox has closed ours; if it was the same, it is open for reading only.
  if (const auto& folder = runner.looked_into()) {
    news_.insert(*folder);
    // What it may have heard since is not of its mailbox, and what the job did there it has not heard.
    if (visit_) {
      news_.insert(visit_->folder().name);
      remembered_.erase(visit_->folder().id);
      visit_.reset();
    }
  }
  if (const auto& folder = runner.made_again()) {
    news_.insert(*folder);  // whatever was there is not; and no watch of the old one tells of the new one
    watcher_.reset();
  }
  if (runner.folders_changed()) {
    COI_TRY(context_.account.deliver(chat::FoldersFound{folders_->found()}));
    COI_TRY(context_.account.settle_mail());
    COI_TRY(refresh_stored());
  }
  if (visit_) COI_TRY(visit_->catch_up());
  return {};
}

Result<wire::Filter> MailboxWorker::wanted_filter() {
  const auto word = COI_TRY(context_.account.ask<std::optional<std::string>>(
      [](store::Database& database) { return database.setting("filter"); }));
  return wire::parse_filter(word.value_or("none")).value_or(wire::Filter::none);
}

}  // namespace coi::engine
