// The jobs that file the own copy of a sent mail, or take away the one too many.
#include <algorithm>
#include <utility>

#include "engine/job_results.h"
#include "engine/mail_reader.h"
#include "engine/mailbox_jobs.h"
#include "wire/words.h"

namespace coi::engine {
namespace {

using chat::JobDone;
using chat::JobFacts;

// A mailbox that takes no keywords refuses them in words of its own; of any other reason they are not the cause.
bool may_mean_keywords(const imap::Status& status) {
  return std::holds_alternative<std::monostate>(status.code) || status.is(imap::CodeWord::cannot) ||
         status.is(imap::CodeWord::parse) || status.is(imap::CodeWord::clientbug);
}

}  // namespace

// Closes the mailbox that was open; its watch must not take this one's events for its own.
Result<imap::Status> MailboxJobs::look_into(const std::string& folder) {
  looked_into_ = folder;
  return link_.run(imap::select({.mailbox = folder, .read_only = true}),
                   [this](imap::Event&& event) { return pass_on_others(std::move(event)); });
}

// Those of `ids` of which a mail lies in the folder.
Result<MailboxJobs::Found<std::set<std::string>>> MailboxJobs::held(const std::string& folder,
                                                                    const std::set<std::string>& ids) {
  std::set<std::string> there;
  const auto opened = COI_TRY(look_into(folder));
  if (!opened.ok() && COI_TRY(is_gone(folder, opened))) return there;
  if (!opened.ok()) return Found<std::set<std::string>>(std::unexpected(opened));
  for (const auto& id : ids) {
    NumberSet found;
    const auto status = COI_TRY(
        link_.run(imap::uid_search(imap::SearchKey::header("Message-ID", id)), [&](imap::Event&& event) -> Result<> {
          if (const auto* search = std::get_if<imap::Search>(&event)) found.add(search->all);
          return pass_on_others(std::move(event));
        }));
    if (!status.ok() || status.cut_short()) return Found<std::set<std::string>>(std::unexpected(status));
    if (!found.empty()) there.insert(id);
  }
  return there;
}

Result<> MailboxJobs::pass_on_others(imap::Event&& event) {
  return tells_of_others(event) ? link_.pass_on(std::move(event)) : Result<>{};
}

Result<JobDone> MailboxJobs::file_copy(const JobFacts& job, const JobMail& mail) {
  const auto& copy = mail.copy;
  if (!copy) return done(job);  // the message was deleted
  const auto folder = COI_TRY(target(job.role));
  if (!folder) return no_folder(job);
  const auto most = link_.session().capabilities().append_limit();
  if (most && copy->bytes.size() > *most) return hopeless(job, "the server takes no mail of this size");
  // An APPEND whose answer was lost may have worked: then the copy is there already.
  if (job.attempts > 0) {
    const auto there = COI_TRY(held(*folder, {copy->rfc_id}));
    if (!there) return refused(job, there.error());
    if (there->contains(copy->rfc_id)) return done(job);
  }
  std::vector<std::string> flags = {"\\Seen"};
  if (copy->chat) flags.emplace_back(wire::chat_keyword);
  imap::Append filed{.mailbox = *folder, .flags = flags, .internaldate = copy->date_ms, .octets = copy->bytes};
  const auto status = COI_TRY(append(filed, job.role));
  if (!status.ok()) return refused(job, status);
  auto result = done(job);
  result.appended = true;
  // One made again has another UIDVALIDITY than what is stored of it.
  if (const auto* code = std::get_if<imap::AppendUid>(&status.code); code != nullptr && !made_again_)
    if (const auto id = id_of(filed.mailbox)) result.to = {{*id, code->uidvalidity, code->uid}};
  return result;
}

Result<imap::Status> MailboxJobs::append(imap::Append& mail, chat::FolderRole role) {
  const auto run = [&]() -> Result<imap::Status> {
    return link_.run(imap::append(mail), [this](imap::Event&& event) {
      return looked_into_ ? pass_on_others(std::move(event)) : link_.pass_on(std::move(event));
    });
  };
  auto status = COI_TRY(run());
  if (!status.ok() && COI_TRY(make_again(role, mail.mailbox, status))) status = COI_TRY(run());
  if (status.ok() || mail.flags.size() < 2 || !may_mean_keywords(status)) return status;
  mail.flags.pop_back();
  return run();
}

// Of a message that was deleted: the copies, and no other mail. What lies elsewhere by now, as it was moved or the
// mailbox restored, is not touched.
Result<JobDone> MailboxJobs::remove_mail(const JobFacts& job, const JobMail& mail) {
  NumberSet uids;
  for (const auto& place : job.places)
    if (std::ranges::find(mail.places, place) != mail.places.end()) uids.add(place.uid);
  if (uids.empty()) return hopeless(job, "the mail is no longer there");
  const auto removed = COI_TRY(expunge(uids));
  if (!removed) return refused(job, removed.error());
  return *removed ? done(job)
                  : later(job, "the server does not remove it without other mails that are marked as deleted");
}

// The copy is marked before the other one is looked at: where the folder for sent mail only shows what lies elsewhere,
// the mark shows there too, and there is but one mail.
Result<JobDone> MailboxJobs::remove_copy(const JobFacts& job, const JobMail& mail) {
  if (!link_.has("UIDPLUS")) return hopeless(job, "the server does not remove single mails");
  const auto uids = uids_of(job);
  const auto others = [this](imap::Event&& event) { return pass_on_others(std::move(event)); };
  // The mailbox may have been restored meanwhile, and another mail lie there.
  for (const auto& place : job.places)
    if (std::ranges::find(mail.places, place) == mail.places.end()) return hopeless(job, "the copy is no longer there");
  const auto marked = COI_TRY(link_.run(imap::uid_store(uids, {.flags = {"\\Deleted"}})));
  if (!marked.ok()) return refused(job, marked);
  const bool stays = COI_TRY(another_stays(job, mail));
  if (!COI_TRY(open_again(job))) return later(job, "the server does not open the folder again");
  if (!stays) {
    const auto unmarked =
        COI_TRY(link_.run(imap::uid_store(uids, {.mode = imap::StoreMode::remove, .flags = {"\\Deleted"}}), others));
    return unmarked.ok() ? hopeless(job, "there is no other copy") : refused(job, unmarked);
  }
  const auto removed = COI_TRY(link_.run(imap::uid_expunge(uids), others));
  return removed.ok() ? done(job) : refused(job, removed);
}

// A copy of the message in the folder of the job's role that is not marked as deleted.
Result<bool> MailboxJobs::another_stays(const JobFacts& job, const JobMail& mail) {
  const auto folder = folders_.name(job.role);
  const auto id = folder ? id_of(*folder) : std::nullopt;
  if (!id || !COI_TRY(look_into(*folder)).ok()) return false;
  const auto& opened = link_.session().mailbox();
  NumberSet uids;
  for (const auto& place : mail.places)
    if (place.folder == *id && opened && place.uidvalidity == opened->uidvalidity &&
        std::ranges::find(job.places, place) == job.places.end())
      uids.add(place.uid);
  bool stays = false;
  if (uids.empty()) return stays;
  COI_TRY(link_.run(imap::uid_fetch(uids, {.flags = true}), [&](imap::Event&& event) -> Result<> {
    if (const auto* fetch = std::get_if<imap::Fetch>(&event);
        fetch != nullptr && uids.contains(fetch->uid) && fetch->flags)
      stays = stays || !flags_of(*fetch->flags).has(chat::Flags::deleted);
    return pass_on_others(std::move(event));
  }));
  return stays;
}

}  // namespace coi::engine
