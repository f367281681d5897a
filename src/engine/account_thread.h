// The owner of an account's database: everything that changes the account passes through here, one input after the
// other. Takes user actions before mail; a transaction holds what is waiting, at most 64 mails or 20 ms.
#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <future>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <variant>

#include "base/guarded.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/time.h"
#include "chat/facts.h"
#include "chat/input.h"
#include "engine/steps.h"
#include "store/database.h"

namespace coi::engine {

using ActionDone = std::function<void(Result<store::Changes>)>;

// A mail whose turn has come, and that the server may have it from then on: its end must not leave before that is
// noted durably, or after a power cut it would look as if the server could not have it. An error: it is not noted.
struct BegunMail {
  store::DueMail mail;
  std::future<Result<>> noted;
};
// Absent: nothing of the mail is due any more. Invalid: nobody has asked yet.
using Beginning = std::future<Result<std::optional<BegunMail>>>;

// What the thread tells the rest of the account; all called on it, none may block.
struct AccountHooks {
  std::function<void(const store::Changes&)> committed;  // after every commit that changed anything
  // To the send worker, which begins what is not begun. False: it ends, and has not taken it.
  std::function<bool(chat::OutgoingId, Beginning)> mail_due;
  std::function<void()> jobs_due;                  // to the mailbox worker
  std::function<void(const Error&)> mail_lost;     // to the mailbox worker, which has to begin again
  std::function<void(const Error&)> damaged = {};  // the database is; once, and nothing more is taken
  // The files of a message with their bytes; none where one of them is not here.
  std::function<Result<std::vector<chat::OutgoingFile>>(const std::vector<chat::Attachment>&)> read_files = {};
  // The send worker waits with an open connection for a mail.
  std::function<bool()> sender_waits = [] { return false; };
};

// What fails is the fault of the mail or job that it was about, unless the database or the disk says otherwise: then
// nothing may be given up.
bool is_own_trouble(ErrorKind kind);

class AccountThread {
 public:
  // `look_again`: the clock may be set, and stands still for us while the machine sleeps; so often it is looked at.
  AccountThread(store::Database database, chat::AccountFacts facts, Clock clock, Log log, AtStep at_step,
                AccountHooks hooks, std::chrono::milliseconds look_again = std::chrono::minutes(1));
  ~AccountThread();  // stop()

  void start();
  // Closes the database too. What is queued and not begun is dropped: mail comes again, actions are answered with
  // ErrorKind::cancelled.
  void stop();

  // From workers. Waits while too much is queued. Errors: cancelled once the thread stops; and from the moment on at
  // which the disk or the database failed, that failure: what came after a lost mail must not be stored as if the mail
  // were there. begin_mail() ends that.
  Result<> deliver(chat::Input input);
  // Before the mailbox worker reads what is stored, to fetch what is not: mail is taken again. Errors: cancelled.
  Result<> begin_mail();
  // Like deliver(), but before all mail that waits, and back after the commit, with its outcome.
  Result<> record(chat::Input input);
  // The same, without waiting for the outcome.
  std::future<Result<>> record_later(chat::Input input);
  // From the send worker, shortly before it hands a mail over: what is due of it, while that is noted. `behind`: the
  // mail that is on its way now, which does not hold this one back although it goes to the same person. Where nothing
  // of it is due any more, the worker is told of the mail again when that changes. Errors: cancelled, those of the
  // database.
  Beginning begin_sending(chat::OutgoingId id, std::optional<chat::OutgoingId> behind = {});
  // All that waits for its next try is handed to the send worker now.
  void send_waiting();
  // A user action; `done` after the commit, with `added` as far as it was this action that added it. A refusal of
  // decide() is its error.
  void act(chat::Input input, ActionDone done);
  // Runs on the thread, in order with deliver(): when it runs, all that was delivered before has been applied.
  bool after_mail(std::function<void()> call);
  // Waits until that is so: ask() overtakes what was delivered, and after this it does not. Error: cancelled.
  Result<> settle_mail();
  // Runs `read` on the thread and hands its result back; the thread's own error when it stops.
  template <class T>
  Result<T> ask(std::function<Result<T>(store::Database&)> read) {
    return ask_later(std::move(read)).get();
  }
  // The same, without waiting.
  template <class T>
  std::future<Result<T>> ask_later(std::function<Result<T>(store::Database&)> read) {
    auto promise = std::make_shared<std::promise<Result<T>>>();
    auto answer = promise->get_future();
    const bool queued = queue_.push_urgent(
        Call{[promise, read = std::move(read)](store::Database& database) { promise->set_value(read(database)); },
             [promise] { promise->set_value(fail(ErrorKind::cancelled, "the account is stopping")); }});
    if (!queued) promise->set_value(fail(ErrorKind::cancelled, "the account is stopping"));
    return answer;
  }
  // Any thread. What the submission server says to each EHLO (AccountFacts::largest_mail); kept for the time until the
  // next one.
  void note_largest_mail(std::uint64_t octets);
  // The same of AccountFacts::longest_hold_ms, in seconds. `wanted`: by the user.
  void note_longest_hold(std::uint64_t seconds, bool wanted);
  // Runs on the thread, soon. What lives there (status, facts) is read and changed in this way only.
  void post(std::function<void()> call);
  // From whoever reads the database: it is damaged. Any thread.
  void note_damage(const Error& error);
  // What decide() is told about the account: the server's abilities, the user's settings. On the thread only.
  chat::AccountFacts& facts() { return facts_; }
  store::Database& database() { return database_; }

 private:
  static constexpr std::size_t most_in_batch = 64;  // of mails, and of actions
  static constexpr std::chrono::milliseconds longest_batch{20};

  struct Mail {
    chat::Input input;
  };
  struct Action {
    chat::Input input;
    ActionDone done;
  };
  struct Call {
    std::function<void(store::Database&)> run;
    std::function<void()> dropped;
  };
  using Task = std::variant<Mail, Action, Call>;

  void run(const std::stop_token& stop);
  static void drop(const Task& task);
  Result<std::optional<Task>> carry_out(Task task);
  std::optional<Task> next_task(const std::stop_token& stop);
  void jobs_wait();
  void tell_of_jobs(std::chrono::steady_clock::time_point now);
  std::optional<Task> apply_batch(Mail first);
  void apply_one_by_one(const std::deque<chat::Input>& inputs);
  void lose_mail(const Error& error);
  void look_for_damage();
  std::optional<Task> apply_actions(Action first);
  void apply_together(std::vector<Action>& actions);
  void answer(const Action& action, const Result<store::Changes>& changes,
              Result<std::vector<chat::MessageId>> outcome);
  Result<store::Changes> in_transaction(store::Durability durability, const chat::Input& input);
  void step_reached(std::string_view name) const {
    if (at_step_) at_step_(name);
  }
  using Begun = std::promise<Result<std::optional<BegunMail>>>;
  void begin(chat::OutgoingId id, std::optional<chat::OutgoingId> behind, Begun& begun);
  Result<std::optional<store::DueMail>> due_now(chat::OutgoingId id, std::optional<chat::OutgoingId> behind);
  struct Noting {
    chat::OutgoingId id;
    std::promise<Result<>> noted;
  };
  Result<std::optional<Noting>> begin_at_once();
  Result<> fail_lost(const store::DueMail& mail);
  void publish(const store::Changes& changes);
  void remove_expired();
  void hand_out_due(UnixMs now);
  void release_held();
  void hand_out(chat::OutgoingId id);

  store::Database database_;
  chat::AccountFacts facts_;
  Clock clock_;
  Log log_;
  AtStep at_step_;
  AccountHooks hooks_;
  const std::chrono::milliseconds look_again_;
  Queue<Task> queue_;
  Guarded<std::optional<Error>> trouble_;  // why mail is not taken
  bool damage_told_ = false;
  Guarded<std::optional<Error>> damage_read_;  // by others
  std::set<chat::OutgoingId> in_flight_;       // handed to the send worker and not answered
  std::optional<UnixMs> expired_rests_;        // messages whose time is over could not be removed: not before
  UnixMs looked_ms_ = 0;                       // whatever was due by then was handed out
  UnixMs due_ms_ = 0;                          // when something becomes due after that; in the past: look now
  std::optional<std::chrono::steady_clock::time_point> jobs_since_;  // due, and the mailbox worker does not know yet
  std::jthread thread_;
};

}  // namespace coi::engine
