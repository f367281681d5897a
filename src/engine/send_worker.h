// Hands mails to the submission server over one connection that is kept warm.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <optional>
#include <semaphore>
#include <thread>

#include "base/queue.h"
#include "engine/account_thread.h"
#include "engine/pause.h"
#include "engine/smtp_link.h"
#include "engine/worker_context.h"
#include "store/database.h"

namespace coi::engine {

class SendWorker {
 public:
  // `works_again`: called when a mail got through after one that did not.
  SendWorker(const WorkerContext& context, net::Waker waker, std::function<void()> works_again);
  ~SendWorker();

  void start();
  // Waits a moment for the answer to a mail that has been handed over whole: without it nobody would know whether the
  // server has it, and it would have to wait for its copy.
  void stop();

  // Any thread. A mail of which something is due when its turn comes is answered by one chat::SendResult to the
  // account, sooner or later; one that waits for the network keeps waiting in the tables, and here by its id.
  // `beginning`: where the account has begun it already. False: this ends, and has not taken it.
  bool send(chat::OutgoingId mail, Beginning beginning = {}) { return mails_.push({mail, std::move(beginning)}); }
  // Any thread: a mail would leave at once, over a connection that was fine when it was last used.
  bool waits() const { return waits_; }
  void network_changed() { pause_.network_changed(); }
  // The user wants to know now.
  void asked() { pause_.asked(); }

 private:
  // A mail whose turn has come, or comes.
  struct Turn {
    chat::OutgoingId id;
    Beginning beginning;
  };
  struct Unsettled {
    chat::SendResult result;
    std::future<Result<>> stored;
  };

  void run(const std::stop_token& stop);
  std::optional<Turn> next_turn(const std::stop_token& stop);
  void begin(Turn& turn, std::optional<chat::OutgoingId> behind = {});
  void begin_next(chat::OutgoingId behind);
  Result<> send_now(Turn turn);
  Result<bool> connect();
  Result<smtp::Outcome> submit(BegunMail& begun);
  void put_back(const store::DueMail& mail);
  void put_back(Turn& turn);
  void put_back_next();
  void put_back_waiting();
  Result<> keep_outcome(const store::DueMail& mail, const smtp::Outcome& outcome);
  Result<> settle();
  Result<> wait(const Error& problem, Hindrance hindrance);
  void tell_of_silence(std::chrono::milliseconds silent);
  void works();
  void close();

  const WorkerContext& context_;
  net::Waker waker_;
  Queue<Turn> mails_;
  std::optional<Turn> next_;            // made ready while the mail before it is on its way
  std::optional<Unsettled> unsettled_;  // the answer to the mail before, on its way into the database
  std::optional<SmtpLink> link_;
  const std::function<void()> works_again_;
  std::atomic<bool> waits_ = false;
  std::atomic<bool> ending_ = false;         // no further mail is handed over
  std::atomic<bool> awaits_answer_ = false;  // to the end of a mail, whose answer would be worth waiting for
  std::counting_semaphore<> answered_{0};    // one for each time that it was true
  bool has_problem_ = false;
  Pause pause_;
  std::jthread thread_;
};

}  // namespace coi::engine
