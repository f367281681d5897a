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
    if (const auto brought = database_.bring_forward(clock_()); !brought)
      return log_.warning("account: {}", brought.error().text());
    hand_out_due();
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

void AccountThread::hand_out_due() {
  const auto due = database_.due_outgoing(clock_());
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
