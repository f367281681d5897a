// Mails on their way out.
#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

void Database::Impl::apply(const PutOutgoing& outgoing) {
  const auto message = outgoing.control ? MessageId{} : message_id(outgoing.key);
  auto& insert = connection.query("INSERT INTO outgoing(message, rfc_id, mail_from, bytes, since_ms) VALUES (nullif(?, 0), ?, ?, ?, ?)",
                                  message, outgoing.key.rfc_id, outgoing.control ? "" : outgoing.key.from_addr, "", now);
  insert.bind(4, outgoing.bytes.data(), static_cast<int>(outgoing.bytes.size()));
  insert.exec();
  const OutgoingId id{connection.last_id()};
  for (const auto& addr : outgoing.recipients)
    connection.run("INSERT INTO recipient(outgoing, addr, next_ms) VALUES (?, ?, ?)", id, addr, now);
  changes.outgoing.push_back(id);
}

void Database::Impl::apply(const SetRecipient& recipient) {
  connection.run("UPDATE recipient SET state = ?, reply = ?, attempts = ?, next_ms = ? WHERE outgoing = ? AND addr = ?",
                 recipient.state, recipient.reply, recipient.attempts, recipient.next_ms, recipient.outgoing,
                 recipient.addr);
  MessageId message;
  if (auto& row = connection.query("SELECT coalesce(message, 0) FROM outgoing WHERE id = ?", recipient.outgoing);
      row.executeStep())
    message = id_at<MessageId>(row, 0);
  // Only what the user can see is a change: that DATA began is none.
  if (message && recipient.state != RecipientState::sending) touch(message);
  if (recipient.state == RecipientState::queued && recipient.next_ms <= now) changes.outgoing.push_back(recipient.outgoing);
  if (!message) drop_settled(recipient.outgoing);
}

// The rendered mail is needed until every recipient is settled and the own copy is filed. A failed recipient keeps it,
// for sending again. The recipients of a message stay, they are its history; a control mail goes wholly.
void Database::Impl::drop_settled(OutgoingId id) {
  auto& row = connection.query(
      "SELECT o.message IS NULL FROM outgoing o WHERE o.id = ?1 "
      "AND NOT EXISTS (SELECT 1 FROM recipient r WHERE r.outgoing = ?1 AND (r.state IN (0, 1) OR (r.state = 3 AND o.message IS NOT NULL))) "
      "AND NOT EXISTS (SELECT 1 FROM job j WHERE j.message = o.message)",
      id);
  if (!row.executeStep()) return;
  if (row.getColumn(0).getInt() != 0) {
    connection.run("DELETE FROM recipient WHERE outgoing = ?", id);
    connection.run("DELETE FROM outgoing WHERE id = ?", id);
  } else {
    connection.run("UPDATE outgoing SET bytes = x'' WHERE id = ?", id);
  }
}

std::optional<DueMail> Database::Impl::due_mail(OutgoingId id, UnixMs at) {
  DueMail mail;
  {
    auto& row = connection.query("SELECT coalesce(message, 0), rfc_id, bytes, mail_from FROM outgoing WHERE id = ?", id);
    if (!row.executeStep()) return std::nullopt;
    mail = {.id = id, .message = id_at<MessageId>(row, 0), .rfc_id = text_at(row, 1), .mail_from = text_at(row, 3), .bytes = {}, .recipients = {}};
    const auto bytes = row.getColumn(2);
    mail.bytes.assign(static_cast<const char*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes()));
  }
  auto& row = connection.query(
      "SELECT addr FROM recipient WHERE outgoing = ? AND state IN (0, 1) AND next_ms <= ? ORDER BY addr", id, at);
  while (row.executeStep()) mail.recipients.push_back(text_at(row, 0));
  if (mail.recipients.empty() || mail.bytes.empty()) return std::nullopt;
  return mail;
}

Result<std::optional<DueMail>> Database::due_mail(OutgoingId id, UnixMs now) {
  return walled("cannot read the queue", [&] { return impl_->due_mail(id, now); });
}

Result<std::vector<DueMail>> Database::due_mails(UnixMs now, std::size_t most) {
  return walled("cannot read the queue", [&] {
    std::vector<OutgoingId> ids;
    auto& row = impl_->connection.query(
        "SELECT DISTINCT outgoing FROM recipient WHERE state IN (0, 1) AND next_ms <= ? ORDER BY outgoing LIMIT ?", now, most);
    while (row.executeStep()) ids.push_back(id_at<OutgoingId>(row, 0));
    std::vector<DueMail> mails;
    for (const auto id : ids)
      if (auto mail = impl_->due_mail(id, now)) mails.push_back(std::move(*mail));
    return mails;
  });
}

Result<std::optional<UnixMs>> Database::next_due() {
  return walled("cannot read the queue", [&]() -> std::optional<UnixMs> {
    auto& row = impl_->connection.query(
        "SELECT min(at) FROM (SELECT min(next_ms) AS at FROM recipient WHERE state IN (0, 1) "
        "UNION ALL SELECT min(next_ms) FROM job)");
    if (!row.executeStep() || row.getColumn(0).isNull()) return std::nullopt;
    return row.getColumn(0).getInt64();
  });
}

Result<std::optional<Result<>>> Database::sent(MessageId message) {
  return walled("cannot read the queue", [&]() -> std::optional<Result<>> {
    auto& row = impl_->connection.query(
        "SELECT r.state, r.addr, r.reply FROM recipient r JOIN outgoing o ON o.id = r.outgoing WHERE o.message = ?", message);
    Result<> fate;
    while (row.executeStep()) {
      const auto state = static_cast<RecipientState>(row.getColumn(0).getInt());
      if (state == RecipientState::queued || state == RecipientState::sending) return std::nullopt;
      if (state == RecipientState::failed)
        fate = fail(ErrorKind::not_allowed, fmt::format("{} was refused: {}", text_at(row, 1), text_at(row, 2)));
    }
    return fate;
  });
}

Result<std::optional<Database::OwnCopy>> Database::own_copy(MessageId message) {
  return walled("cannot read the sent mail", [&]() -> std::optional<OwnCopy> {
    auto& row = impl_->connection.query(
        "SELECT o.rfc_id, o.bytes, m.is_chat, m.date_ms FROM outgoing o JOIN message m ON m.id = o.message WHERE m.id = ?",
        message);
    if (!row.executeStep()) return std::nullopt;
    const auto bytes = row.getColumn(1);
    if (bytes.getBytes() == 0) return std::nullopt;
    return OwnCopy{.rfc_id = text_at(row, 0),
                   .bytes = std::string(static_cast<const char*>(bytes.getBlob()), static_cast<std::size_t>(bytes.getBytes())),
                   .chat = row.getColumn(2).getInt() != 0,
                   .date_ms = row.getColumn(3).getInt64()};
  });
}

}  // namespace coi::store
