#include "engine/mailbox_jobs.h"

#include <algorithm>
#include <limits>
#include <ranges>
#include <utility>

#include "base/ascii.h"
#include "engine/job_results.h"
#include "engine/mail_reader.h"
#include "wire/words.h"

namespace coi::engine {
namespace {

using chat::JobDone;
using chat::JobFacts;
using chat::JobKind;

// Where COPYUID stands: in the tagged OK of COPY, in an untagged OK before that of MOVE (RFC 6851).
void keep_copyuid(const imap::Status& status, std::optional<imap::CopyUid>& copied) {
  const auto* code = std::get_if<imap::CopyUid>(&status.code);
  if (code == nullptr) return;
  if (!copied || copied->uidvalidity != code->uidvalidity)
    copied = *code;
  else
    copied->uids.insert(copied->uids.end(), code->uids.begin(), code->uids.end());
}

constexpr std::size_t most_together = 500;  // UIDs; far below the 8000 octets of a line (RFC 7162 section 4)

int rank(JobKind kind) { return kind == JobKind::store_seen ? 0 : kind == JobKind::move ? 2 : 1; }

bool can_join(const JobFacts& job) {
  return (job.kind == JobKind::store_seen || job.kind == JobKind::move) && job.attempts == 0 && !job.places.empty();
}

bool belong_together(const JobFacts& a, const JobFacts& b) {
  const auto& from = a.places.front();
  const auto& to = b.places.front();
  return a.kind == b.kind && a.role == b.role && from.folder == to.folder && from.uidvalidity == to.uidvalidity;
}

}  // namespace

std::vector<std::vector<JobFacts>> joined(std::vector<JobFacts> jobs) {
  std::ranges::sort(jobs, {}, [](const JobFacts& job) { return std::pair(rank(job.kind), job.id); });
  std::vector<std::vector<JobFacts>> groups;
  for (auto& job : jobs) {
    const auto fits = [&](const std::vector<JobFacts>& group) {
      std::size_t uids = job.places.size();
      for (const auto& other : group) uids += other.places.size();
      return can_join(group.front()) && belong_together(group.front(), job) && uids <= most_together;
    };
    const auto group = can_join(job) ? std::ranges::find_if(groups, fits) : groups.end();
    if (group != groups.end())
      group->push_back(std::move(job));
    else
      groups.push_back({std::move(job)});
  }
  return groups;
}

Result<std::vector<JobDone>> MailboxJobs::run_together(const std::vector<JobFacts>& jobs) {
  auto all = jobs.front();
  for (const auto& job : jobs | std::views::drop(1))
    all.places.insert(all.places.end(), job.places.begin(), job.places.end());
  const auto outcome = COI_TRY(run(all, JobMail()));
  std::vector<JobDone> results;
  for (const auto& job : jobs) {
    auto& result = results.emplace_back(outcome);
    result.job = job.id;
    result.from.clear();
    result.to.clear();
    for (std::size_t i = 0; i < outcome.from.size(); ++i) {
      if (std::ranges::find(job.places, outcome.from[i]) == job.places.end()) continue;
      result.from.push_back(outcome.from[i]);
      result.to.push_back(outcome.to[i]);
    }
  }
  return results;
}

std::optional<std::string> MailboxJobs::folder_of(const JobFacts& job) const {
  if (job.places.empty()) return std::nullopt;
  const auto found = std::ranges::find(stored_, job.places.front().folder, &store::Folder::id);
  return found == stored_.end() ? std::nullopt : std::optional(found->name);
}

std::optional<chat::FolderId> MailboxJobs::id_of(std::string_view folder) const {
  const auto found = std::ranges::find(stored_, folder, &store::Folder::name);
  return found == stored_.end() ? std::nullopt : std::optional(found->id);
}

Result<std::optional<std::string>> MailboxJobs::target(chat::FolderRole role) {
  // S-19: on a COI server making Chats turns COI on, and that is the user's to decide (C-01).
  if (role == chat::FolderRole::chats && !folders_.name(role) && folders_.coi().announced && !folders_.coi().enabled)
    role = chat::FolderRole::sent;
  const bool known = folders_.name(role).has_value();
  if (!COI_TRY(folders_.ensure(link_, role))) return std::optional<std::string>{};
  folders_changed_ |= !known;
  return folders_.name(role);
}

JobDone MailboxJobs::no_folder(const JobFacts& job) const {
  return folders_.refusal() ? later(job, *folders_.refusal()) : hopeless(job, "the server does not create the folder");
}

// Another program may delete a folder at any time. TRYCREATE (RFC 3501 section 7.1) and NONEXISTENT (RFC 5530) say so;
// a server without them is asked.
Result<bool> MailboxJobs::is_gone(const std::string& folder, const imap::Status& refusal) {
  if (refusal.is(imap::CodeWord::trycreate) || refusal.is(imap::CodeWord::nonexistent)) return true;
  if (!std::holds_alternative<std::monostate>(refusal.code) && !refusal.is(imap::CodeWord::alert)) return false;
  bool listed = false;
  const auto answer = COI_TRY(link_.run(imap::list(folder), [&](imap::Event&& event) -> Result<> {
    const auto* list = std::get_if<imap::List>(&event);
    if (list == nullptr) return link_.pass_on(std::move(event));
    listed = listed || !(list->has("\\NonExistent") || list->has("\\Noselect"));
    return {};
  }));
  return answer.ok() && !listed;
}

// Of a command that needed the folder and was refused: true when it can be given again, with `folder`.
Result<bool> MailboxJobs::make_again(chat::FolderRole role, std::string& folder, const imap::Status& refusal) {
  if (made_again_ || !COI_TRY(is_gone(folder, refusal))) return false;
  folders_.forget(folder);
  const auto made = COI_TRY(target(role));
  if (!made) return false;
  made_again_ = folder = *made;
  return true;
}

// Not so in a mailbox made anew: there the UIDs of the job mean other mails.
bool MailboxJobs::is_open(const JobFacts& job) const {
  const auto& mailbox = link_.session().mailbox();
  return mailbox && mailbox->uidvalidity == job.places.front().uidvalidity;
}

Result<JobDone> MailboxJobs::run(const JobFacts& job, const JobMail& mail) {
  if (!job.places.empty() && !is_open(job)) return hopeless(job, "the folder was made anew on the server");
  switch (job.kind) {
    case JobKind::store_seen:
      return store_seen(job);
    case JobKind::move:
      return move(job, mail);
    case JobKind::file_copy:
      return file_copy(job, mail);
    case JobKind::claim_receipt:
      return claim_receipt(job);
    case JobKind::make_folder:
      return COI_TRY(target(job.role)) ? done(job) : no_folder(job);
    case JobKind::set_filter:
      return hopeless(job, "no filter given");
    case JobKind::remove_copy:
      return remove_copy(job, mail);
    case JobKind::remove_storage:
    case JobKind::remove_mail:
      return remove_mail(job, mail);
  }
  return hopeless(job, "unknown job");
}

Result<JobDone> MailboxJobs::set_filter(const JobFacts& job, wire::Filter filter) {
  auto set = folders_.set_filter(link_, filter);
  if (set) return done(job);
  if (set.error().kind() == ErrorKind::network || set.error().kind() == ErrorKind::cancelled)
    return std::unexpected(set.error());
  return hopeless(job, set.error().text());
}

Result<JobDone> MailboxJobs::store_seen(const JobFacts& job) {
  const auto status = COI_TRY(
      in_portions(uids_of(job), [](const NumberSet& uids) { return imap::uid_store(uids, {.flags = {"\\Seen"}}); }));
  return status.ok() ? done(job) : refused(job, status);
}

// Without MOVE in two steps, of which an earlier attempt may have done the first.
Result<JobDone> MailboxJobs::move(const JobFacts& job, const JobMail& mail) {
  auto folder = COI_TRY(target(job.role));
  if (!folder) return no_folder(job);
  const bool can_move = link_.has("MOVE");
  auto uids = uids_of(job);
  if (!mail.ids.empty() && !can_move) {
    const auto copied = COI_TRY(copied_before(job, mail, *folder));
    if (!COI_TRY(open_again(job))) return later(job, "the server does not open the folder again");
    if (!copied) return refused(job, copied.error());
    uids.remove(*copied);
  }
  std::optional<imap::CopyUid> copied;
  const auto listen = [&](imap::Event&& event) -> Result<> {
    if (const auto* status = std::get_if<imap::Status>(&event)) keep_copyuid(*status, copied);
    return link_.pass_on(std::move(event));
  };
  if (!uids.empty()) {
    const auto carry = [&] {
      return in_portions(
          uids,
          [&](const NumberSet& some) {
            return can_move ? imap::uid_move(some, *folder) : imap::uid_copy(some, *folder);
          },
          listen);
    };
    auto status = COI_TRY(carry());
    if (!status.ok() && COI_TRY(make_again(job.role, *folder, status))) status = COI_TRY(carry());
    if (!status.ok()) return refused(job, status);
  }
  if (!can_move)
    if (const auto removed = COI_TRY(expunge(uids_of(job))); !removed) return refused(job, removed.error());
  auto result = done(job);
  if (const auto id = id_of(*folder); id && copied && !made_again_)
    for (const auto& [from, to] : copied->uids) {
      result.from.push_back({job.places.front().folder, job.places.front().uidvalidity, from});
      result.to.push_back({*id, copied->uidvalidity, to});
    }
  return result;
}

Result<imap::Status> MailboxJobs::in_portions(const NumberSet& uids,
                                              const std::function<imap::Command(const NumberSet&)>& command,
                                              const ImapLink::OnEvent& listen) {
  const auto limit = link_.session().capabilities().message_limit();
  auto left = uids;
  while (true) {
    auto portion = left.newest(limit ? *limit : left.size());
    auto answer = COI_TRY(link_.run(command(portion), listen));
    if (listen) COI_TRY(listen(imap::Event(answer)));
    if (answer.cut_short()) {
      constexpr auto greatest = std::numeric_limits<std::uint32_t>::max();
      const auto lowest = answer.done_down_to();
      portion = lowest == 0 ? NumberSet() : portion.common(NumberSet(lowest, greatest));
      if (portion.empty()) answer.kind = imap::Status::Kind::no;
      if (portion.empty()) return answer;
    } else if (!answer.ok()) {
      return answer;
    }
    left.remove(portion);
    answer.kind = imap::Status::Kind::ok;
    if (left.empty()) return answer;
  }
}

// Closes the job's folder.
Result<MailboxJobs::Found<NumberSet>> MailboxJobs::copied_before(const JobFacts& job, const JobMail& mail,
                                                                 const std::string& folder) {
  std::set<std::string> ids;
  for (const auto& place : job.places)
    if (const auto id = mail.ids.find(place.uid); id != mail.ids.end()) ids.insert(id->second);
  const auto there = COI_TRY(held(folder, ids));
  if (!there) return Found<NumberSet>(std::unexpected(there.error()));
  NumberSet copied;
  for (const auto& [uid, rfc_id] : mail.ids)
    if (there->contains(rfc_id)) copied.add(uid);
  return Found<NumberSet>(std::move(copied));
}

Result<bool> MailboxJobs::open_again(const JobFacts& job) {
  if (const auto from = folder_of(job))
    COI_TRY(link_.run(imap::select({.mailbox = *from}),
                      [this](imap::Event&& event) { return pass_on_others(std::move(event)); }));
  return is_open(job);
}

// Deletes these mails and no others. False: they are marked and stay, for without UIDPLUS an EXPUNGE would take
// whatever else the user has marked as deleted.
Result<MailboxJobs::Found<bool>> MailboxJobs::expunge(const NumberSet& uids) {
  auto marked =
      COI_TRY(in_portions(uids, [](const NumberSet& some) { return imap::uid_store(some, {.flags = {"\\Deleted"}}); }));
  if (!marked.ok()) return Found<bool>(std::unexpected(marked));
  const auto answered = [](const imap::Status& status) {
    return status.ok() ? Found<bool>(true) : Found<bool>(std::unexpected(status));
  };
  if (link_.has("UIDPLUS"))
    return answered(COI_TRY(in_portions(uids, [](const NumberSet& some) { return imap::uid_expunge(some); })));
  NumberSet deleted;
  const auto told =
      COI_TRY(link_.run(imap::uid_search(imap::SearchKey::flag("\\Deleted")), [&](imap::Event&& event) -> Result<> {
        if (const auto* search = std::get_if<imap::Search>(&event)) deleted.add(search->all);
        return link_.pass_on(std::move(event));
      }));
  const bool all_are_ours = told.ok() && !told.cut_short() && deleted.without(uids).empty();
  return all_are_ours ? answered(COI_TRY(link_.run(imap::expunge()))) : Found<bool>(false);
}

// C-37: $MDNSent first, atomically where the server can (UNCHANGEDSINCE), then the receipt. A mail that changes between
// the look and the claim is looked at again (RFC 7162 3.1.3).
Result<JobDone> MailboxJobs::claim_receipt(const JobFacts& job) {
  constexpr int most_looks = 3;
  for (int look = 0; look < most_looks; ++look)
    if (auto outcome = COI_TRY(try_to_claim(job))) return *std::move(outcome);
  return later(job, "the mail changes all the time");
}

// nullopt: it changed meanwhile.
Result<std::optional<JobDone>> MailboxJobs::try_to_claim(const JobFacts& job) {
  const auto uids = uids_of(job);
  const auto& mailbox = link_.session().mailbox();
  const bool has_modseq = mailbox->highestmodseq > 0;
  std::optional<chat::Flags> flags;
  std::uint64_t modseq = 0;
  const auto look = [&](imap::Event&& event) -> Result<> {
    if (const auto* fetch = std::get_if<imap::Fetch>(&event); fetch != nullptr && uids.contains(fetch->uid)) {
      if (fetch->flags) flags = flags_of(*fetch->flags);
      modseq = fetch->modseq;
    }
    return link_.pass_on(std::move(event));
  };
  const auto fetched = COI_TRY(link_.run(imap::uid_fetch(uids, {.flags = true, .modseq = has_modseq}), look));
  if (!fetched.ok()) return refused(job, fetched);
  if (!flags) return hopeless(job, "the mail is no longer there");
  auto result = done(job);
  if (flags->has(chat::Flags::mdn_sent)) return result;  // another device was first
  const auto& permanent = mailbox->permanent_flags;
  const bool keywords = std::ranges::any_of(
      permanent, [](const auto& flag) { return flag == "\\*" || ascii_iequal(flag, wire::mdn_sent_keyword); });
  result.claimed = true;
  if (!keywords) return result;  // nothing to win: the receipt goes once per device
  imap::Store store{.flags = {std::string(wire::mdn_sent_keyword)}};
  if (modseq > 0) store.unchanged_since = modseq;
  const auto status = COI_TRY(link_.run(imap::uid_store(uids, store)));
  if (std::holds_alternative<imap::Modified>(status.code)) return std::nullopt;
  if (!status.ok()) return refused(job, status);
  return result;
}

}  // namespace coi::engine
