#include "engine/mailbox_worker.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/thrown.h"
#include "base/utf8.h"
#include "engine/watcher.h"
#include "wire/words.h"

namespace coi::engine {
namespace {

using chat::FolderRole;

}  // namespace

MailboxWorker::MailboxWorker(const WorkerContext& context, net::Waker waker, BackfillWorker& backfill,
                             std::function<void()> works_again)
    : context_(context),
      waker_(std::move(waker)),
      backfill_(backfill),
      works_again_(std::move(works_again)),
      pause_(waker_, context.environment.times.long_life) {}

MailboxWorker::~MailboxWorker() { stop(); }

void MailboxWorker::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void MailboxWorker::stop() {
  waker_.cancel();
  requests_.close();
  thread_.request_stop();
  if (thread_.joinable()) thread_.join();
  watcher_.reset();
  while (auto request = requests_.try_pop())
    if (auto* sync = std::get_if<SyncRequest>(&*request)) waiting_.push_back(std::move(*sync));
  answer_waiting({ErrorKind::cancelled, "the account is stopping"});
}

void MailboxWorker::jobs_due() {
  requests_.push(JobsDue{});
  waker_.wake();
}

void MailboxWorker::sync(Done done) {
  context_.hard_mails.asked();
  if (!requests_.push(SyncRequest{done})) return done(fail(ErrorKind::cancelled, "the account is stopping"));
  pause_.asked();
}

void MailboxWorker::network_changed() {
  context_.hard_mails.asked();
  requests_.push(NetworkChanged{});
  pause_.network_changed();
}

void MailboxWorker::folder_changed(imap::MailboxStatus status) {
  requests_.push(FolderNews{std::move(status)});
  waker_.wake();
}

void MailboxWorker::look_again(const std::string& folder) {
  requests_.push(LookAgain{folder});
  waker_.wake();
}

void MailboxWorker::mail_lost(const Error& error) {
  requests_.push(MailLost{error});
  waker_.wake();
}

void MailboxWorker::answer_waiting(const Error& error) {
  for (auto& request : std::exchange(waiting_, {})) request.done(std::unexpected(error));
}

void MailboxWorker::run(const std::stop_token& stop) {
  const auto again = context_.environment.times.dispensable_again;
  auto again_at = net::after(again);
  while (!stop.stop_requested()) {
    if (std::chrono::steady_clock::now() >= again_at) {
      context_.dispensable->try_again();
      again_at = net::after(again);
    }
    context_.change_status([](Status& status) {
      if (status.state != ConnectionState::rejected) status.state = ConnectionState::connecting;
    });
    pause_.begin_attempt();
    const auto problem = caught("cannot work", [&]() -> Result<> { return std::unexpected(work(stop)); }).error();
    const bool watched = watcher_ != nullptr;
    visit_.reset();
    watcher_.reset();
    if (problem.kind() == ErrorKind::cancelled) return;
    report_problem(problem);
    // Whoever waits for a sync learns now that there is none. A connection that was there and got lost is made again
    // first: that is no answer yet.
    while (auto request = requests_.try_pop())
      if (auto* sync = std::get_if<SyncRequest>(&*request)) waiting_.push_back(std::move(*sync));
    if (pause_.was_connected()) note_end(problem, watched);
    if (!pause_.was_connected() || problem.kind() != ErrorKind::network) answer_waiting(problem);
    if (!(pause_.was_connected() ? pause_.wait(problem)
                                 : pause_.wait(hindrance_of(context_, net::Service::imap, problem))))
      return;
  }
}

Error MailboxWorker::work(const std::stop_token& stop) {
  auto link = open_imap(context_, waker_,
                        {.doubted = [this] { return pause_.take_doubt(); },
                         .silent = [this](bool silent) { report_silence(silent); },
                         .long_answer = [this](const imap::AnswerSize* answer) { report_long_answer(answer); }});
  if (!link) return link.error();
  if (const auto begun = context_.account.begin_mail(); !begun) return begun.error();
  pause_.connected();
  first_jobs_ = true;
  set_connection_limit(short_lives_beside_watcher_ >= too_many_short_lives);
  auto worked = work_on_link(*link, stop);
  if (worked || worked.error().kind() == ErrorKind::cancelled) {
    link->logout();
    return {ErrorKind::cancelled, "the account is stopping"};
  }
  return worked.error();
}

const store::Folder* MailboxWorker::watched() const {
  const auto* chats = usable(FolderRole::chats);
  const auto* inbox = usable(FolderRole::inbox);
  // Where new chat mail shows up first: in Chats if the server sorts it, else in the inbox.
  if (chats != nullptr && folders_->coi().enabled && folders_->coi().filter == wire::Filter::active) return chats;
  return inbox != nullptr ? inbox : chats;
}

Result<> MailboxWorker::start_notify(ImapLink& link) {
  notify_ = false;
  if (!link.has("NOTIFY")) return {};
  imap::Notify wanted{.status_first = false};
  for (const auto role : looked_at)
    if (const auto* folder = usable(role)) wanted.mailboxes.push_back(folder->name);
  const auto status =
      COI_TRY(link.run(imap::notify(wanted), [this](imap::Event&& event) { return take(std::move(event)); }));
  notify_ = status.ok();
  return {};
}

// A server may tell of any number of others.
bool MailboxWorker::is_looked_at(const std::string& folder) const {
  return std::ranges::find(stored_, folder, &store::Folder::name) != stored_.end();
}

// Dovecot also tells of a folder that we have just looked at, and of what we did there ourselves.
bool MailboxWorker::tells_news(const imap::MailboxStatus& status) const {
  if (visit_ && status.mailbox == visit_->folder().name) return false;
  const auto found = std::ranges::find(stored_, status.mailbox, &store::Folder::name);
  return found == stored_.end() || status.highestmodseq.value_or(0) == 0 ||
         status.highestmodseq != found->highestmodseq || status.uidnext != found->uidnext ||
         status.uidvalidity != found->uidvalidity;
}

// What the server says while we wait: about the open mailbox, or that another one changed.
Result<> MailboxWorker::take(imap::Event&& event) {
  if (const auto* status = std::get_if<imap::MailboxStatus>(&event)) {
    if (is_looked_at(status->mailbox) && tells_news(*status)) news_.insert(status->mailbox);
    return {};
  }
  if (const auto* status = std::get_if<imap::Status>(&event);
      status != nullptr && status->is(imap::CodeWord::notificationoverflow)) {
    // RFC 5465 section 5.8: something was not told, and nothing more will be. A server that gave up once would do so
    // again: from here on this connection gets along without NOTIFY.
    notify_ = false;
    overflowed_ = true;
    return {};
  }
  return visit_ ? visit_->take(std::move(event)) : Result<>{};
}

Result<> MailboxWorker::work_on_link(ImapLink& link, const std::stop_token& stop) {
  link.set_watch([this](imap::Event&& event) { return take(std::move(event)); });
  overflowed_ = false;
  news_.clear();
  polled_.clear();
  remembered_.clear();
  COI_TRY(prepare(link));
  context_.change_status([](Status& status) { status.state = ConnectionState::syncing; });
  // Before the folders are looked at: what comes into one that has been left again is told, and looked at once more.
  COI_TRY(start_notify(link));
  COI_TRY(visit_all(link));
  COI_TRY(read_quota(link));
  report_state(link);
  COI_TRY(run_jobs(link));
  pacer_ = Pacer();
  while (!stop.stop_requested()) {
    pacer_.begin();
    COI_TRY(take_requests(link));
    if (std::exchange(overflowed_, false)) COI_TRY(visit_all_again(link));
    COI_TRY(ask_again(link));
    if (state_changed_ || context_.hard_mails.trouble() != shown_trouble_) report_state(link);
    COI_TRY(wait_for_news(link));
    COI_TRY(rest(link));
  }
  return {};
}

Result<> MailboxWorker::rest(ImapLink& link) {
  if (std::chrono::steady_clock::now() >= pacer_.next() || requests_.size() > 0) return {};
  const auto listen = [this](imap::Event&& event) { return take(std::move(event)); };
  COI_TRY(link.wait(pacer_.next(), listen, []() -> Result<bool> { return false; }));
  return {};
}

// Flags and expunged mails need no command, so they end no waiting.
Result<bool> MailboxWorker::heard_enough() {
  if (visit_) COI_TRY(visit_->deliver_changes());
  return overflowed_ || !news_.empty() || (visit_ && visit_->wants_fetch());
}

Result<> MailboxWorker::take_requests(ImapLink& link) {
  bool jobs = false;
  while (auto request = requests_.try_pop()) {
    if (auto* sync = std::get_if<SyncRequest>(&*request))
      waiting_.push_back(std::move(*sync));
    else if (const auto* news = std::get_if<FolderNews>(&*request)) {
      if (is_looked_at(news->status.mailbox) && tells_news(news->status)) news_.insert(news->status.mailbox);
    } else if (auto* again = std::get_if<LookAgain>(&*request)) {
      news_.insert(std::move(again->folder));
    } else if (auto* lost = std::get_if<MailLost>(&*request)) {
      return std::unexpected(std::move(lost->error));
    } else if (std::holds_alternative<NetworkChanged>(*request)) {
      if (watcher_) watcher_->network_changed();
    } else
      jobs = true;
  }
  // Most often the end of the IDLE has shown it.
  if (link.in_doubt()) COI_TRY(link.noop());
  if (jobs) COI_TRY(run_jobs(link));
  if (waiting_.empty()) return {};
  COI_TRY(visit_all_again(link));
  // Behind the mails: when it runs, they have been applied.
  for (auto& sync : std::exchange(waiting_, {}))
    if (!context_.account.after_mail([done = sync.done] { done({}); }))
      sync.done(fail(ErrorKind::cancelled, "the account is stopping"));
  return {};
}

Result<> MailboxWorker::wait_for_news(ImapLink& link) {
  note_due();
  for (const auto& name : std::exchange(news_, {})) {
    const auto found = std::ranges::find(stored_, name, &store::Folder::name);
    if (found != stored_.end() && !refused_.contains(found->id)) COI_TRY(open(link, *found));
  }
  const auto* home = watched();
  if (home == nullptr)
    return fail(ErrorKind::not_allowed, fmt::format("the server opens none of the mailbox's folders: {}",
                                                    refused_.empty() ? "there is none" : refused_.begin()->second));
  if (!visit_ || visit_->folder().id != home->id) {
    if (!COI_TRY(open(link, *home))) return {};
  }
  // The server may have told amid the last commands what it will not tell again while we wait.
  COI_TRY(visit_->catch_up());
  const bool has_more_to_say = context_.hard_mails.trouble() != shown_trouble_;
  if (overflowed_ || !news_.empty() || requests_.size() > 0 || has_more_to_say) return {};
  watch_second_folder(link);
  const auto enough = [this] { return heard_enough(); };
  const auto listen = [this](imap::Event&& event) { return take(std::move(event)); };
  const auto& times = context_.environment.times;
  const auto next_look =
      notify_ ? net::Deadline::max() : std::min(look_soon_, all_seen_at_ + (link.can_idle() ? times.poll : times.noop));
  const auto next_turn =
      std::min({next_look, next_due(), older_flags_at_, is_refused_something() ? ask_again_at_ : net::Deadline::max()});
  // IDLE even with NOTIFY: Dovecot 2.3 tells nothing of the selected mailbox that changes within a second after a
  // command unless IDLE runs; what NOTIFY says of the others comes during IDLE too.
  if (link.can_idle()) {
    const auto waited = COI_TRY(link.idle(std::min(net::after(times.idle_renewal), next_turn), listen, enough));
    // Other threads keep to the rule themselves; that IDLE is refused is learned once.
    if (waited == ImapLink::Wait::woken || !link.can_idle()) pacer_.changed();
  } else {
    COI_TRY(link.wait(std::min(net::after(times.noop), next_turn), listen, enough));
    COI_TRY(link.noop(listen));
  }
  COI_TRY(visit_->catch_up());
  COI_TRY(look_at_older_flags());
  // Folders that nothing tells of are looked at now and then, whatever the server tells of others.
  return std::chrono::steady_clock::now() >= next_look ? poll_others(link) : Result<>{};
}

Result<> MailboxWorker::look_at_older_flags() {
  if (std::chrono::steady_clock::now() < older_flags_at_) return {};
  const bool more = COI_TRY(visit_->look_at_older_flags());
  older_flags_at_ = more ? net::after(context_.environment.times.older_flags) : net::Deadline::max();
  return {};
}

// STATUS of the folders that are not open (RFC 3501 6.3.10); only those that say something new are opened. With
// CONDSTORE that is every change, else what came, went, or was read.
Result<> MailboxWorker::poll_others(ImapLink& link) {
  all_seen_at_ = std::chrono::steady_clock::now();
  look_soon_ = net::Deadline::max();
  const bool condstore = link.has("CONDSTORE") || link.has("QRESYNC");
  const std::string_view items = condstore ? "UIDNEXT MESSAGES HIGHESTMODSEQ" : "UIDNEXT MESSAGES UNSEEN";
  for (const auto role : looked_at) {
    const auto* folder = usable(role);
    if (folder == nullptr || (visit_ && visit_->folder().id == folder->id)) continue;
    const auto name = folder->name;
    const auto listen = [&](imap::Event&& event) -> Result<> {
      if (const auto* status = std::get_if<imap::MailboxStatus>(&event); status != nullptr && status->mailbox == name) {
        if (std::exchange(polled_[name], *status) != *status) news_.insert(name);
        return {};
      }
      return take(std::move(event));
    };
    const auto answer = COI_TRY(link.run(imap::status(name, items), listen));
    // Gone, most likely, for it has been opened before.
    if (answer.kind == imap::Status::Kind::no) note_refusal(*folder, answer.text);
  }
  return {};
}

void MailboxWorker::watch_second_folder(ImapLink& link) {
  const auto* chats = usable(FolderRole::chats);
  const auto* inbox = usable(FolderRole::inbox);
  const auto* other = watched() == chats ? inbox : chats;
  if (notify_ || !link.can_idle() || other == nullptr || one_connection_only_) {
    watcher_.reset();
    return;
  }
  if (watcher_ && watcher_->folder() == other->name) return;
  // Without a bell it could not be stopped; then the next turn tries again.
  auto waker = net::Waker::create();
  if (!waker) return;
  watcher_ = std::make_unique<Watcher>(
      context_, *std::move(waker), other->name,
      [this](imap::MailboxStatus status) { folder_changed(std::move(status)); },
      [this] { set_connection_limit(true); });
}

void MailboxWorker::set_connection_limit(bool limited) {
  one_connection_only_ = limited;
  context_.change_status([limited](Status& status) { status.connection_limit = limited; });
}

}  // namespace coi::engine
