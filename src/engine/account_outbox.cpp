// The account's thread and the send worker: which mails are due, and when one may leave.
#include "engine/account_thread.h"

namespace coi::engine {

std::future<Result<std::optional<store::DueMail>>> AccountThread::begin_sending(
    chat::OutgoingId id, std::optional<chat::OutgoingId> behind) {
  using Due = std::optional<store::DueMail>;
  return ask_later<Due>([this, id, behind](store::Database& database) -> Result<Due> {
    auto mail = COI_TRY(database.due_mail(id, clock_(), behind));
    if (mail && mail->bytes.empty()) {
      COI_TRY(fail_lost(*mail));
      mail.reset();
    }
    if (!mail) {
      in_flight_.erase(id);
      return mail;
    }
    // After a power cut the mail must not look as if the server could not have it.
    const auto changes = COI_TRY(in_transaction(store::Durability::full, chat::DataStarted{id}));
    publish(changes);
    return mail;
  });
}

void AccountThread::send_waiting() {
  post([this] {
    const auto now = clock_();
    if (const auto brought = database_.bring_forward(now); !brought)
      return log_.warning("account: {}", brought.error().text());
    hand_out_due(now);
  });
}

// A row without its mail must not come round for ever, nor hold up the others.
Result<> AccountThread::fail_lost(const store::DueMail& mail) {
  chat::SendResult result{.outgoing = mail.id};
  for (const auto& addr : mail.recipients)
    result.recipients.push_back({.addr = addr, .reply = "the mail that was to be sent is lost; write it again"});
  publish(COI_TRY(in_transaction(store::Durability::full, result)));
  return {};
}

// Messages whose time has come are written and join the queue. What cannot be sent says why, and waits no more.
void AccountThread::release_held() {
  const auto stuck = [this](const Error& error) {
    // Looked at again in a minute (Database::next_due).
    log_.error("account: what is to be sent now waits: {}", error.text());
  };
  while (true) {
    const auto due = database_.due_held(clock_());
    if (!due) return stuck(due.error());
    if (due->empty()) return;
    for (const auto& one : *due) {
      auto files = hooks_.read_files ? hooks_.read_files(one.files) : Result<std::vector<chat::OutgoingFile>>();
      // One that is gone is refused; what cannot be read now may be in a minute.
      if (!files && files.error().kind() != ErrorKind::not_found) return stuck(files.error());
      auto changes =
          in_transaction(store::Durability::full,
                         chat::SendHeld{.message = one.message,
                                        .files = files ? *std::move(files) : std::vector<chat::OutgoingFile>()});
      if (!changes && !is_own_trouble(changes.error().kind()))
        changes = in_transaction(store::Durability::full, chat::HeldFailed{one.message, changes.error().text()});
      if (!changes) return stuck(changes.error());
      publish(*changes);
    }
  }
}

void AccountThread::hand_out_due(UnixMs now) {
  looked_ms_ = now;
  due_ms_ = now;  // until the next look: what is published meanwhile must not move looked_ms_
  release_held();
  const auto due = database_.due_outgoing(now);
  if (!due) {
    log_.error("account: {}", due.error().text());
    return;
  }
  for (const auto id : *due)
    if (!in_flight_.contains(id)) hand_out(id);
  jobs_wait();
}

void AccountThread::hand_out(chat::OutgoingId id) {
  in_flight_.insert(id);
  hooks_.mail_due(id);
}

}  // namespace coi::engine
