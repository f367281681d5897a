// Mails on their way out.
#include "store/database_impl.h"

#include <fmt/format.h>

namespace coi::store {

using namespace chat;

void Database::Impl::apply(const PutOutgoing& outgoing) {
  using Kind = PutOutgoing::Kind;
  const auto message = outgoing.kind == Kind::message ? message_id(outgoing.key, outgoing.message) : MessageId{};
  if (message && connection.run("UPDATE outgoing SET bytes = ? WHERE message = ?", Blob{outgoing.bytes}, message) > 0)
    return;
  if (outgoing.kind == Kind::storage && !replaces_waiting(outgoing)) return;
  const bool is_report = outgoing.kind == Kind::report,
             is_held = outgoing.not_before_ms != 0 && outgoing.hold_until_ms == 0;
  connection.run(
      "INSERT INTO outgoing(message, rfc_id, mail_from, bytes, filed, made_ms, not_before_ms, hold_until_ms, about) "
      "VALUES "
      "(nullif(?, 0), ?, ?, ?, ?, ?, ?, ?, ?)",
      message, outgoing.key.rfc_id, is_report ? "" : outgoing.key.from_addr,
      Blob{is_held ? std::string_view("") : outgoing.bytes}, is_report, now, outgoing.not_before_ms,
      outgoing.hold_until_ms, outgoing.about);
  const OutgoingId id{connection.last_id()};
  if (is_held) {
    for (const auto& addr : outgoing.recipients)
      connection.run("INSERT INTO recipient(outgoing, addr, since_ms) VALUES (?, ?, ?)", id, addr, now);
    return apply(HoldOutgoing{id, outgoing.not_before_ms});
  }
  // What waits for the same people goes first, and now: it would hold up the new one.
  for (const auto& addr : outgoing.recipients) {
    auto waiting = connection.query(
        "SELECT outgoing FROM recipient INDEXED BY recipient_due WHERE state IN (0, 1) AND state = 0 AND addr = ? "
        "AND next_ms > ? ORDER BY outgoing",
        addr, now);
    while (waiting.next()) changes.outgoing.push_back(waiting.id<OutgoingId>(0));
  }
  for (const auto& addr : outgoing.recipients)
    connection.run(
        "UPDATE recipient INDEXED BY recipient_due SET next_ms = ?2 WHERE state IN (0, 1) AND state = 0 AND addr = ?1 "
        "AND next_ms > ?2",
        addr, now);
  for (const auto& addr : outgoing.recipients)
    connection.run("INSERT INTO recipient(outgoing, addr, since_ms, next_ms) VALUES (?, ?, ?, ?)", id, addr, now, now);
  if (!outgoing.recipients.empty()) changes.outgoing.push_back(id);
  if (message) aging.insert(message);
  if (outgoing.file_in)
    apply(PutJob{.kind = JobKind::file_copy, .message = message, .outgoing = id, .role = *outgoing.file_in});
}

void Database::Impl::apply(const SetRecipient& recipient) {
  connection.run(
      "UPDATE recipient SET state = ?3, reply = ?4, attempts = ?5, next_ms = ?6, "
      "since_ms = iif(?7, ?8, since_ms), bounced_ms = max(bounced_ms, ?9), unanswered = iif(?7, 0, unanswered + ?10) "
      "WHERE outgoing = ?1 AND addr = ?2",
      recipient.outgoing, recipient.addr, recipient.state, recipient.reply, recipient.attempts, recipient.next_ms,
      recipient.again, now, recipient.bounced_ms, recipient.unanswered);
  MessageId message;
  if (auto row = connection.query("SELECT coalesce(message, 0) FROM outgoing WHERE id = ?", recipient.outgoing);
      row.next())
    message = row.id<MessageId>(0);
  // Only what the user can see is a change: that DATA began is none.
  if (message && recipient.state != RecipientState::sending) touch(message);
  if (recipient.state == RecipientState::queued && recipient.next_ms <= now)
    changes.outgoing.push_back(recipient.outgoing);
  settling.insert(recipient.outgoing);
  if (message) aging.insert(message);
  if (recipient.state == RecipientState::queued || recipient.state == RecipientState::sending) return;
  // The next one to the same person may have waited for this one.
  auto next = connection.query(
      "SELECT outgoing FROM recipient INDEXED BY recipient_open WHERE state IN (0, 1) AND state = 0 AND addr = ? "
      "AND outgoing > ? AND next_ms <= ? ORDER BY outgoing LIMIT 1",
      recipient.addr, recipient.outgoing, now);
  if (next.next()) changes.outgoing.push_back(next.id<OutgoingId>(0));
}

// The rendered mail is needed until every recipient is settled and the own copy is filed. A failed recipient keeps it,
// for sending again. The recipients of a message stay, they are its history; a control mail goes wholly.
void Database::Impl::drop_settled(OutgoingId id) {
  auto row = connection.query(
      "SELECT o.message IS NULL FROM outgoing o WHERE o.id = ?1 "
      "AND NOT EXISTS (SELECT 1 FROM recipient r WHERE r.outgoing = ?1 AND (r.state IN (0, 1, 4) OR (r.state = 3 AND "
      "o.message IS NOT NULL))) "
      "AND NOT EXISTS (SELECT 1 FROM job j WHERE j.outgoing = o.id)",
      id);
  static_assert(static_cast<int>(RecipientState::failed) == 3 && static_cast<int>(RecipientState::held) == 4);
  if (!row.next()) return;
  if (row.flag(0)) {
    connection.run("DELETE FROM recipient WHERE outgoing = ?", id);
    connection.run("DELETE FROM outgoing WHERE id = ?", id);
  } else {
    connection.run("UPDATE outgoing SET bytes = x'' WHERE id = ?", id);
  }
}

Result<std::vector<OutgoingId>> Database::due_outgoing(UnixMs now) {
  return impl_->guarded("cannot read the queue", [&] {
    std::vector<OutgoingId> ids;
    auto row = impl_->connection.query(
        "SELECT DISTINCT outgoing FROM recipient INDEXED BY recipient_due WHERE state IN (0, 1) AND next_ms <= ? "
        "ORDER BY outgoing",
        now);
    while (row.next()) ids.push_back(row.id<OutgoingId>(0));
    return ids;
  });
}

Result<bool> Database::is_due(OutgoingId id, UnixMs now) {
  return impl_->guarded("cannot read the queue", [&] {
    auto row = impl_->connection.query(
        "SELECT 1 FROM recipient WHERE outgoing = ? AND state IN (0, 1) AND next_ms <= ? LIMIT 1", id, now);
    return row.next();
  });
}

Result<std::optional<DueMail>> Database::due_mail(OutgoingId id, UnixMs now, std::optional<OutgoingId> behind) {
  return impl_->guarded("cannot read the queue", [&]() -> std::optional<DueMail> {
    DueMail mail{.id = id};
    auto due = impl_->connection.query(
        "SELECT addr, state FROM recipient r WHERE outgoing = ?1 AND state IN (0, 1) AND next_ms <= ?2 "
        "AND NOT EXISTS (SELECT 1 FROM recipient e INDEXED BY recipient_open "
        "WHERE e.state IN (0, 1) AND e.addr = r.addr AND e.outgoing < ?1 AND e.outgoing <> ?3) ORDER BY addr",
        id, now, behind.value_or(chat::OutgoingId()));
    while (due.next()) {
      mail.recipients.push_back(due.text(0));
      if (due.number(1) == static_cast<std::int64_t>(chat::RecipientState::queued)) mail.queued.push_back(due.text(0));
    }
    if (mail.recipients.empty()) return std::nullopt;
    auto row = impl_->connection.query("SELECT bytes, mail_from, rfc_id, hold_until_ms FROM outgoing WHERE id = ?", id);
    if (!row.next()) return std::nullopt;
    mail.bytes = row.text(0);
    mail.mail_from = row.text(1);
    mail.rfc_id = row.text(2);
    mail.hold_until_ms = row.number(3);
    return mail;
  });
}

Result<> Database::bring_forward(UnixMs now) {
  return impl_->guarded("cannot write the queue", [&] {
    impl_->connection.run("UPDATE recipient SET next_ms = ?1 WHERE state IN (0, 1) AND state = 0 AND next_ms > ?1",
                          now);
  });
}

Result<std::optional<UnixMs>> Database::next_due(UnixMs now) {
  constexpr UnixMs look_again = 60'000;
  return impl_->guarded("cannot read the queue", [&]() -> std::optional<UnixMs> {
    auto row = impl_->connection.query(
        "SELECT min(next) FROM (SELECT min(next_ms) AS next FROM recipient WHERE state IN (0, 1) AND next_ms > ?1 "
        "UNION ALL SELECT min(next_ms) FROM job WHERE next_ms > ?1 "
        "UNION ALL SELECT min(expires_ms) FROM message WHERE expires_ms <> 0 AND hidden = 0 AND deleted = 0 AND "
        "expires_ms > ?1 "
        "UNION ALL SELECT min(not_before_ms) FROM outgoing WHERE not_before_ms <> 0 AND not_before_ms > ?1 "
        "UNION ALL SELECT ?2 WHERE EXISTS (SELECT 1 FROM recipient WHERE state IN (0, 1) AND next_ms <= ?1) "
        "OR EXISTS (SELECT 1 FROM job WHERE next_ms <= ?1) "
        "OR EXISTS (SELECT 1 FROM outgoing WHERE not_before_ms <> 0 AND not_before_ms <= ?1))",
        now, now + look_again);
    if (!row.next() || row.is_null(0)) return std::nullopt;
    return row.number(0);
  });
}

Result<std::optional<Result<>>> Database::sent(MessageId message) {
  return impl_->guarded("cannot read the queue", [&]() -> std::optional<Result<>> {
    if (auto gone =
            impl_->connection.query("SELECT 1 FROM message WHERE id = ? AND deleted <> 0 AND NOT EXISTS (SELECT "
                                    "1 FROM recipient r JOIN outgoing o ON o.id = r.outgoing WHERE o.message = "
                                    "message.id)",
                                    message);
        gone.next())
      return Result<>(fail(ErrorKind::not_found, "the message was taken back before it was sent"));
    auto row = impl_->connection.query(
        "SELECT r.state, r.addr, r.reply FROM recipient r JOIN outgoing o ON o.id = r.outgoing WHERE o.message = ?",
        message);
    Result<> fate;
    while (row.next()) {
      const auto state = row.word<RecipientState>(0);
      if (state == RecipientState::queued || state == RecipientState::sending || state == RecipientState::held)
        return std::nullopt;
      if (state == RecipientState::failed)
        fate = fail(ErrorKind::not_allowed, fmt::format("{} was refused: {}", row.text(1), row.text(2)),
                    fmt::format("message {} is kept: coi retry {}, or coi delete {} --here", message.value,
                                message.value, message.value));
    }
    return fate;
  });
}

Result<std::optional<Database::OwnCopy>> Database::own_copy(OutgoingId id) {
  return impl_->guarded("cannot read the sent mail", [&]() -> std::optional<OwnCopy> {
    auto row = impl_->connection.query(
        "SELECT o.rfc_id, o.bytes, coalesce(m.is_chat, o.about = ''), coalesce(m.date_ms, o.made_ms) FROM outgoing o "
        "LEFT JOIN "
        "message m ON m.id = o.message WHERE o.id = ?",
        id);
    if (!row.next()) return std::nullopt;
    OwnCopy copy{.rfc_id = row.text(0), .bytes = row.text(1), .chat = row.flag(2), .date_ms = row.number(3)};
    return copy.bytes.empty() ? std::nullopt : std::optional(std::move(copy));
  });
}

Result<std::vector<chat::Place>> Database::places(MessageId message) {
  return walled("cannot read where a mail lies", [&] {
    std::vector<chat::Place> places;
    auto row = impl_->connection.query(
        "SELECT folder, uidvalidity, uid FROM place WHERE message = ? ORDER BY folder, uid", message);
    while (row.next()) places.push_back({row.id<FolderId>(0), row.u32(1), row.u32(2)});
    return places;
  });
}

Result<std::optional<std::string>> Database::rfc_id_at(const chat::Place& place) {
  return impl_->guarded("cannot read a mail's id", [&]() -> std::optional<std::string> {
    auto row = impl_->connection.query(
        "SELECT m.rfc_id FROM place p JOIN message m ON m.id = p.message "
        "WHERE p.folder = ? AND p.uidvalidity = ? AND p.uid = ?",
        place.folder, place.uidvalidity, place.uid);
    if (!row.next()) return std::nullopt;
    return row.text(0);
  });
}

}  // namespace coi::store
