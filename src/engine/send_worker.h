// Hands mails to the submission server over one connection that is kept warm.
#pragma once

#include <optional>
#include <thread>

#include "base/queue.h"
#include "engine/smtp_link.h"
#include "engine/worker_context.h"
#include "store/database.h"

namespace coi::engine {

class SendWorker {
 public:
  SendWorker(const WorkerContext& context, net::Waker waker);
  ~SendWorker();

  void start();
  void stop();

  // Any thread. Every mail is answered by one chat::SendResult to the account, sooner or later; a mail that waits for
  // the network keeps waiting here and in the tables.
  void send(store::DueMail mail);
  void network_changed();

 private:
  void run(const std::stop_token& stop);
  Result<> deliver(const store::DueMail& mail);
  Result<> keep_outcome(const chat::SendResult& result);
  void show_problem(const Error& error);
  void close();

  const WorkerContext& context_;
  net::Waker waker_;
  Queue<store::DueMail> mails_;
  std::optional<SmtpLink> link_;
  Backoff backoff_;
  std::jthread thread_;
};

}  // namespace coi::engine
