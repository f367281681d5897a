// The jobs that are due, by the live connection: in which order and folder, and what becomes of them. What one does on
// the server stands in mailbox_jobs.cpp.
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "engine/mailbox_jobs.h"
#include "engine/mailbox_worker.h"
#include "engine/watcher.h"
#include "wire/message_id.h"

namespace coi::engine {
namespace {

// Jobs that would come twice: what they make on the server is looked for before they are repeated.
bool is_looked_for(const ImapLink& link, const chat::JobFacts& job) {
  return job.kind == chat::JobKind::file_copy || (job.kind == chat::JobKind::move && !link.has("MOVE"));
}

}  // namespace

Result<std::vector<chat::JobFacts>> MailboxWorker::due_jobs() {
  return context_.account.ask<std::vector<chat::JobFacts>>(
      [now = context_.environment.clock()](store::Database& database) { return database.due_jobs(now); });
}

// Own copies that the server was to file: perhaps it has by now, which ends their jobs.
Result<> MailboxWorker::look_for_copies(ImapLink& link) {
  const auto word = COI_TRY(context_.account.ask<std::optional<std::string>>(
      [](store::Database& database) { return database.setting("copies_filed"); }));
  const auto* sent = usable(chat::FolderRole::sent);
  if (word != "server" || sent == nullptr) return {};
  COI_TRY(open(link, *sent));
  return context_.account.settle_mail();
}

Result<> MailboxWorker::run_jobs(ImapLink& link) {
  auto jobs = COI_TRY(due_jobs());
  const auto files_sent_mail = [](const chat::JobFacts& job) {
    return job.kind == chat::JobKind::file_copy && job.role != chat::FolderRole::contacts;
  };
  if (std::ranges::any_of(jobs, files_sent_mail)) {
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
  if (first.kind == chat::JobKind::file_copy && first.role == chat::FolderRole::contacts) {
    // What it takes the place of goes when it has been read there.
    if (const auto* contacts = usable(first.role)) news_.insert(contacts->name);
    note_copy(results.front(), "what you decide about people and chats is not in the mailbox");
  } else if (first.kind == chat::JobKind::file_copy) {
    look_soon_ = net::after(context_.environment.times.own_copy);
    note_copy(results.front(), "a sent mail has no copy in the mailbox");
  }
  // Not stored, it will run again, over a new connection: then it is looked for before it is repeated.
  for (auto& result : results)
    COI_TRY(within(context_.account.record(std::move(result)), "cannot note what was done on the server"));
  if (first.kind == chat::JobKind::set_filter) {
    // S-16: the server has made folders, and sorts from now on.
    COI_TRY(prepare(link));
    COI_TRY(start_notify(link));
    // What was refused or not known before counts as looked at from here on, so it has to be.
    for (const auto role : looked_at)
      if (const auto* one = usable(role)) news_.insert(one->name);
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
  const bool of_storage = job.kind == chat::JobKind::remove_storage;
  const bool removes = of_storage || job.kind == chat::JobKind::remove_copy || job.kind == chat::JobKind::remove_mail;
  if (removes) COI_TRY(context_.account.settle_mail());  // a folder that was restored is known to be
  if (removes || job.kind == chat::JobKind::file_copy || (job.attempts > 0 && is_looked_for(link, job)))
    mail = COI_TRY(
        context_.account.ask<JobMail>([&job, removes, of_storage](store::Database& database) -> Result<JobMail> {
          JobMail stored;
          if (removes)
            stored.places = COI_TRY(of_storage ? database.storage_places(job.places) : database.places(job.message));
          if (job.kind == chat::JobKind::file_copy) stored.copy = COI_TRY(database.own_copy(job.outgoing));
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

void MailboxWorker::note_copy(const chat::JobDone& filed, std::string_view missing) {
  auto trouble = filed.done ? std::string() : fmt::format("{}: {}", missing, filed.reason);
  if (trouble == copy_trouble_) return;
  copy_trouble_ = std::move(trouble);
  state_changed_ = true;
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
