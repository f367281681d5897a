// Hands mails to the submission server over one connection that is kept warm.
#pragma once

#include <functional>
#include <optional>
#include <thread>

#include "base/queue.h"
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
  void stop();

  // Any thread. A mail of which something is due when its turn comes is answered by one chat::SendResult to the
  // account, sooner or later; one that waits for the network keeps waiting in the tables, and here by its id.
  void send(chat::OutgoingId mail) { mails_.push(mail); }
  void network_changed() { pause_.network_changed(); }
  // The user wants to know now.
  void asked() { pause_.asked(); }

 private:
  void run(const std::stop_token& stop);
  Result<> send_now(chat::OutgoingId id);
  Result<> hand_over(const store::DueMail& mail);
  Result<smtp::Outcome> submit(const store::DueMail& mail);
  Result<> keep_outcome(const store::DueMail& mail, const smtp::Outcome& outcome);
  Result<> wait(const Error& problem, Hindrance hindrance);
  void tell_of_silence(std::chrono::seconds silent);
  void works();
  void close();

  const WorkerContext& context_;
  net::Waker waker_;
  Queue<chat::OutgoingId> mails_;
  std::optional<SmtpLink> link_;
  const std::function<void()> works_again_;
  bool has_problem_ = false;
  Pause pause_;
  std::jthread thread_;
};

}  // namespace coi::engine
