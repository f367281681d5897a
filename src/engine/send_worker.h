// Hands mails to the submission server over one connection that is kept warm.
#pragma once

#include <optional>
#include <thread>

#include "base/queue.h"
#include "engine/worker_context.h"
#include "net/stream.h"
#include "smtp/session.h"
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
  struct Link {
    net::Stream stream;
    smtp::Session session;
  };

  void run(const std::stop_token& stop);
  Result<> deliver(const store::DueMail& mail, const std::stop_token& stop);
  Result<> connect();
  Result<smtp::Outcome> submit(const store::DueMail& mail);
  // Writes, reads and hands over events until `on_event` returns true.
  Result<> pump(const std::function<Result<bool>(smtp::Event&&)>& on_event);
  void close();

  const WorkerContext& context_;
  net::Waker waker_;
  Queue<store::DueMail> mails_;
  std::optional<Link> link_;
  Backoff backoff_;
  std::jthread thread_;
};

}  // namespace coi::engine
