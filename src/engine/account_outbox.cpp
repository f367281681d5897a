// The account's thread and the send worker: which mails are due, and when one may leave.
#include "engine/account_thread.h"
#include "engine/step.h"

namespace coi::engine {

Beginning AccountThread::begin_sending(chat::OutgoingId id, std::optional<chat::OutgoingId> behind) {
  auto begun = std::make_shared<Begun>();
  auto beginning = begun->get_future();
  const auto drop = [begun] { begun->set_value(fail(ErrorKind::cancelled, "the account is stopping")); };
  if (!queue_.push_urgent(Call{[this, id, behind, begun](store::Database&) { begin(id, behind, *begun); }, drop}))
    drop();
  return beginning;
}

// The worker says for whom the mail is while the disk takes the note.
void AccountThread::begin(chat::OutgoingId id, std::optional<chat::OutgoingId> behind, Begun& begun) {
  auto due = due_now(id, behind);
  if (!due) return begun.set_value(std::unexpected(std::move(due).error()));
  if (!*due) {
    in_flight_.erase(id);
    return begun.set_value(std::nullopt);
  }
  const chat::DataStarted started{id, (*due)->recipients};
  std::promise<Result<>> noted;
  begun.set_value(BegunMail{**std::move(due), noted.get_future()});
  const auto changes = in_transaction(store::Durability::full, started);
  noted.set_value(changes ? Result<>() : std::unexpected(changes.error()));
  if (changes) publish(*changes);
}

Result<std::optional<store::DueMail>> AccountThread::due_now(chat::OutgoingId id,
                                                             std::optional<chat::OutgoingId> behind) {
  auto mail = COI_TRY(database_.due_mail(id, clock_(), behind));
  if (!mail || !mail->bytes.empty()) return mail;
  COI_TRY(fail_lost(*mail));
  return std::nullopt;
}

// In the transaction that puts a mail, and so with one sync of the disk for both: where nothing is on its way and the
// worker waits, it gets the mail before the commit. Absent: there is none, or it has to wait.
Result<std::optional<AccountThread::Noting>> AccountThread::begin_at_once() {
  const auto& put = database_.pending().outgoing;
  if (put.empty() || !in_flight_.empty() || !hooks_.sender_waits()) return std::nullopt;
  const auto id = put.front();
  auto due = COI_TRY(database_.due_mail(id, clock_(), std::nullopt));
  if (!due || due->bytes.empty()) return std::nullopt;
  const chat::DataStarted started{id, due->recipients};
  Noting noting{.id = id, .noted = {}};
  Begun begun;
  begun.set_value(BegunMail{*std::move(due), noting.noted.get_future()});
  if (!hooks_.mail_due(id, begun.get_future())) return std::nullopt;
  in_flight_.insert(id);
  auto noted = step(database_, facts_, started, clock_());
  if (noted && *noted) return noting;
  auto error = noted ? noted->error() : noted.error();
  noting.noted.set_value(std::unexpected(error));
  return std::unexpected(std::move(error));
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
  hooks_.mail_due(id, {});
}

}  // namespace coi::engine
