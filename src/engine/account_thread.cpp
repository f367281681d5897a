#include "engine/account_thread.h"

#include <algorithm>
#include <future>
#include <limits>
#include <memory>

#include "base/thrown.h"
#include "engine/step.h"

namespace coi::engine {
namespace {

constexpr std::size_t most_waiting = 256;  // mails parsed ahead of the transactions
constexpr std::chrono::seconds longest_job_delay{5};

// Where the input says where it came from, for the tombstone of a mail that cannot be stored.
const chat::Place* place_of(const chat::Input& input) {
  const auto* mail = std::get_if<chat::MailArrived>(&input);
  return mail != nullptr ? &mail->place : nullptr;
}

Error stopping() { return {ErrorKind::cancelled, "the account is stopping"}; }

}  // namespace

bool is_own_trouble(ErrorKind kind) {
  return kind == ErrorKind::full || kind == ErrorKind::locked || kind == ErrorKind::corrupt || kind == ErrorKind::io ||
         kind == ErrorKind::cancelled;
}

AccountThread::AccountThread(store::Database database, chat::AccountFacts facts, Clock clock, Log log, AtStep at_step,
                             AccountHooks hooks, std::chrono::milliseconds look_again)
    : database_(std::move(database)),
      facts_(std::move(facts)),
      clock_(std::move(clock)),
      log_(std::move(log)),
      at_step_(std::move(at_step)),
      hooks_(std::move(hooks)),
      look_again_(look_again),
      queue_(most_waiting) {}

AccountThread::~AccountThread() { stop(); }

void AccountThread::start() {
  thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

void AccountThread::stop() {
  thread_.request_stop();
  queue_.close();
  if (thread_.joinable()) thread_.join();
  while (const auto task = queue_.try_pop()) drop(*task);
  if (const auto damage = damage_read_.with([](const auto& error) { return error; })) database_.note_damage(*damage);
  if (const auto closed = database_.close(); !closed) log_.warning("account: {}", closed.error().text());
}

void AccountThread::drop(const Task& task) {
  if (const auto* action = std::get_if<Action>(&task); action != nullptr && action->done)
    action->done(std::unexpected(stopping()));
  if (const auto* call = std::get_if<Call>(&task); call != nullptr && call->dropped) call->dropped();
}

Result<> AccountThread::deliver(chat::Input input) {
  if (auto trouble = trouble_.with([](const auto& error) { return error; }))
    return std::unexpected(*std::move(trouble));
  if (!queue_.push(Mail{std::move(input)}, thread_.get_stop_token())) return std::unexpected(stopping());
  return {};
}

// In order behind all mail of before, which is lost.
Result<> AccountThread::begin_mail() {
  auto begun = std::make_shared<std::promise<void>>();
  const bool queued = after_mail([this, begun] {
    trouble_.with([](auto& error) { error.reset(); });
    begun->set_value();
  });
  if (!queued) return std::unexpected(stopping());
  begun->get_future().wait();
  return {};
}

Result<> AccountThread::record(chat::Input input) { return record_later(std::move(input)).get(); }

std::future<Result<>> AccountThread::record_later(chat::Input input) {
  auto promise = std::make_shared<std::promise<Result<>>>();
  auto stored = promise->get_future();
  act(std::move(input), [promise](Result<store::Changes> result) {
    promise->set_value(result ? Result<>{} : std::unexpected(std::move(result).error()));
  });
  return stored;
}

void AccountThread::act(chat::Input input, ActionDone done) {
  if (!queue_.push_urgent(Action{std::move(input), done})) done(std::unexpected(stopping()));
}

bool AccountThread::after_mail(std::function<void()> call) {
  return queue_.push(Call{[call](store::Database&) { call(); }, call}, thread_.get_stop_token());
}

Result<> AccountThread::settle_mail() {
  auto applied = std::make_shared<std::promise<void>>();
  if (!after_mail([applied] { applied->set_value(); })) return fail(ErrorKind::cancelled, "the account is stopping");
  applied->get_future().wait();
  return {};
}

void AccountThread::post(std::function<void()> call) {
  queue_.push_urgent(Call{[call = std::move(call)](store::Database&) { call(); }, {}});
}

void AccountThread::note_largest_mail(std::uint64_t octets) {
  post([this, octets] {
    if (octets == std::exchange(facts_.largest_mail, octets)) return;
    if (const auto kept = database_.set_setting("largest_mail", std::to_string(octets)); !kept)
      log_.warning("account: {}", kept.error().text());
  });
}

void AccountThread::note_longest_hold(std::uint64_t seconds, bool wanted) {
  post([this, seconds, wanted] {
    facts_.longest_hold_ms = wanted ? static_cast<UnixMs>(seconds) * 1000 : 0;
    const auto word = std::to_string(seconds);
    if (const auto known = database_.setting("longest_hold"); known && known->value_or("0") == word) return;
    if (const auto kept = database_.set_setting("longest_hold", word); !kept)
      log_.warning("account: {}", kept.error().text());
  });
}

void AccountThread::run(const std::stop_token& stop) {
  hand_out_due(clock_());
  std::optional<Task> carried;
  while (!stop.stop_requested()) {
    auto task = std::exchange(carried, std::nullopt);
    if (!task) task = next_task(stop);
    if (!task) continue;
    if (damage_told_) {
      drop(*task);
      continue;
    }
    // Whoever waits for it learns that there is no answer.
    if (auto next = caught("cannot go on", [&] { return carry_out(*std::move(task)); })) {
      carried = *std::move(next);
    } else {
      log_.error("account: {}", next.error().text());
      database_.rollback();
    }
    look_for_damage();
  }
  if (carried) drop(*carried);
}

// Returns the task that comes next, if one was taken.
Result<std::optional<AccountThread::Task>> AccountThread::carry_out(Task task) {
  if (auto* mail = std::get_if<Mail>(&task)) {
    if (trouble_.with([](const auto& error) { return error.has_value(); })) return std::nullopt;
    return apply_batch(std::move(*mail));
  }
  if (auto* action = std::get_if<Action>(&task)) return apply_actions(std::move(*action));
  std::get<Call>(task).run(database_);
  return std::nullopt;
}

// Waits for a task until something becomes due.
std::optional<AccountThread::Task> AccountThread::next_task(const std::stop_token& stop) {
  using std::chrono::milliseconds;
  constexpr auto never = std::numeric_limits<UnixMs>::max();
  const auto wall = clock_();
  looked_ms_ = std::min(looked_ms_, wall);  // the clock was set back
  // It may have become due while another task ran.
  if (wall >= due_ms_) hand_out_due(wall);
  remove_expired();
  const auto now = std::chrono::steady_clock::now();
  tell_of_jobs(now);
  // From the time of the last look on, not from now: the clock may have passed something since. A database that cannot
  // tell is asked again later.
  const auto next = database_.next_due(looked_ms_);
  due_ms_ = next ? next->value_or(never) : wall + 60'000;
  if (expired_rests_) due_ms_ = std::min(due_ms_, *expired_rests_);
  auto deadline =
      now + (due_ms_ != never ? std::min(milliseconds(due_ms_ - wall), look_again_) : std::chrono::hours(24));
  if (jobs_since_) deadline = std::min(deadline, *jobs_since_ + longest_job_delay);
  return queue_.pop_until(deadline, stop);
}

// A batch at a time: what waits in the queue need not wait for all. What cannot be removed is tried again in a minute.
void AccountThread::remove_expired() {
  constexpr UnixMs rest = 60'000;
  const auto wall = clock_();
  if (damage_told_ || (expired_rests_ && wall < *expired_rests_ && *expired_rests_ - wall <= rest)) return;
  expired_rests_.reset();
  const auto next = database_.next_expiry();
  if (next && (!*next || **next > wall)) return;
  const auto changes = next ? in_transaction(store::Durability::normal, chat::Tick{})
                            : Result<store::Changes>(std::unexpected(next.error()));
  expired_rests_ = changes && !changes->empty() ? wall : wall + rest;  // more may be due
  if (changes) return publish(*changes);
  log_.error("account: messages whose time is over cannot be removed: {}", changes.error().text());
}

// Mail goes first: while messages are being handed over, the filing of their copies waits, but not for long.
void AccountThread::tell_of_jobs(std::chrono::steady_clock::time_point now) {
  if (!jobs_since_ || (!in_flight_.empty() && now - *jobs_since_ < longest_job_delay)) return;
  jobs_since_.reset();
  hooks_.jobs_due();
}

Result<store::Changes> AccountThread::in_transaction(store::Durability durability, const chat::Input& input) {
  COI_TRY(database_.begin(durability));
  const auto stepped = step(database_, facts_, input, clock_());
  if (stepped && *stepped) {
    auto changes = database_.commit();
    if (!changes) database_.rollback();
    return changes;
  }
  database_.rollback();
  return std::unexpected(stepped ? stepped->error() : stepped.error());
}

// Mail that waits shares a transaction; a lone mail commits at once. Returns the task that ended the batch.
std::optional<AccountThread::Task> AccountThread::apply_batch(Mail first) {
  const auto begun = std::chrono::steady_clock::now();
  std::deque<chat::Input> inputs;  // large ones, which growth does not move
  std::optional<Task> next;
  Result<> applied = database_.begin(store::Durability::normal);
  std::optional<Mail> mail = std::move(first);
  while (mail) {
    inputs.push_back(std::move(mail->input));
    mail.reset();
    if (applied) {
      const auto stepped = step(database_, facts_, inputs.back(), clock_());
      // Nothing that comes from a mailbox is refused; a refusal would be a bug, and fails like one.
      applied = stepped ? *stepped : Result<>(std::unexpected(stepped.error()));
    }
    if (!applied || inputs.size() >= most_in_batch || std::chrono::steady_clock::now() - begun > longest_batch) break;
    next = queue_.try_pop();
    if (next && std::holds_alternative<Mail>(*next)) {
      mail = std::get<Mail>(std::move(*next));
      next.reset();
    }
  }
  if (applied) {
    step_reached(in_applied);
    if (auto changes = database_.commit()) {
      step_reached(in_committed);
      publish(*changes);
      return next;
    }
  }
  database_.rollback();
  apply_one_by_one(inputs);
  return next;
}

// No savepoints: what failed together is tried alone, and a mail that fails alone leaves a tombstone.
void AccountThread::apply_one_by_one(const std::deque<chat::Input>& inputs) {
  for (const auto& input : inputs) {
    auto changes = in_transaction(store::Durability::normal, input);
    if (!changes && !is_own_trouble(changes.error().kind())) {
      log_.error("account: an input could not be stored: {}", changes.error().text());
      const auto* place = place_of(input);
      if (place == nullptr) continue;
      changes = in_transaction(store::Durability::normal, chat::MailUnreadable{*place, changes.error().text()});
    }
    if (!changes) return lose_mail(changes.error());
    publish(*changes);
  }
}

// The disk's or database's own trouble: this mail and all behind it stay undone, so that a later round finds them.
void AccountThread::lose_mail(const Error& error) {
  log_.error("account: mail cannot be stored: {}", error.text());
  trouble_.with([&](auto& trouble) { trouble = error; });
  hooks_.mail_lost(error);
}

void AccountThread::note_damage(const Error& error) {
  damage_read_.with([&](auto& noted) {
    if (!noted) noted = error;
  });
}

// To go on would be to write more into what is damaged.
void AccountThread::look_for_damage() {
  const auto damage = database_.damage();
  if (!damage || std::exchange(damage_told_, true)) return;
  if (hooks_.damaged) hooks_.damaged(*damage);
}

void AccountThread::publish(const store::Changes& changes) {
  const auto now = clock_();
  for (const auto id : changes.outgoing)
    if (!in_flight_.contains(id) && database_.is_due(id, now).value_or(false)) hand_out(id);
  if (now < due_ms_) looked_ms_ = now;  // nothing else became due until now
  if (changes.jobs) jobs_wait();
  if (!changes.empty()) hooks_.committed(changes);
  if (changes.held) release_held();
}

void AccountThread::jobs_wait() {
  if (!jobs_since_) jobs_since_ = std::chrono::steady_clock::now();
}

}  // namespace coi::engine
