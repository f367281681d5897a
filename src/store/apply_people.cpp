// People, their addresses, and chats.
#include "store/database_impl.h"

namespace coi::store {

using namespace chat;

PersonId Database::Impl::person_of(const std::string& addr) {
  auto row = connection.query("SELECT person FROM address WHERE addr = ?", addr);
  if (row.next()) return row.id<PersonId>(0);
  connection.run("INSERT INTO person DEFAULT VALUES");
  const PersonId person{connection.last_id()};
  connection.run("INSERT INTO address(addr, person) VALUES (?, ?)", addr, person);
  return person;
}

ChatId Database::Impl::chat_of(const ChatRef& ref) {
  if (ref.kind == ChatKind::self) {
    auto row = connection.query("SELECT id FROM chat WHERE kind = ? AND person IS NULL", ChatKind::self);
    if (row.next()) return row.id<ChatId>(0);
    connection.run("INSERT INTO chat(kind) VALUES (?)", ChatKind::self);
    return ChatId{connection.last_id()};
  }
  const auto person = person_of(ref.addr);
  auto row = connection.query("SELECT id FROM chat WHERE person = ?", person);
  if (row.next()) return row.id<ChatId>(0);
  connection.run("INSERT INTO chat(kind, person) VALUES (?, ?)", ref.kind, person);
  return ChatId{connection.last_id()};
}

void Database::Impl::apply(const LearnAddress& learned) {
  const auto person = person_of(learned.addr);
  int changed = 0;
  if (!learned.name.empty())
    changed += connection.run(
        "UPDATE address SET name = ?2, name_ms = ?3, name_rfc_id = ?4 "
        "WHERE addr = ?1 AND (name_ms, name_rfc_id, name) < (?3, ?4, ?2)",
        learned.addr, learned.name, learned.at_ms, learned.rfc_id);
  if (learned.peer_class != PeerClass::unknown)
    changed += connection.run(
        "UPDATE address SET peer_class = ?2, class_ms = ?3, class_rfc_id = ?4 "
        "WHERE addr = ?1 AND (class_ms, class_rfc_id, peer_class) < (?3, ?4, ?2)",
        learned.addr, learned.peer_class, learned.at_ms, learned.rfc_id);
  if (learned.peer_class == PeerClass::coi || learned.peer_class == PeerClass::delta)
    connection.run("UPDATE address SET chat_ms = ?2 WHERE addr = ?1 AND chat_ms < ?2", learned.addr, learned.at_ms);
  if (learned.known) changed += connection.run("UPDATE person SET known = 1 WHERE id = ? AND known = 0", person);
  if (changed > 0) changes.people.insert(person);
}

void Database::Impl::apply(const PatchChat& patch) {
  if (patch.accepted)
    connection.run("UPDATE person SET known = ? WHERE id = (SELECT person FROM chat WHERE id = ?)", *patch.accepted,
                   patch.chat);
  if (patch.blocked)
    connection.run("UPDATE person SET blocked = ? WHERE id = (SELECT person FROM chat WHERE id = ?)", *patch.blocked,
                   patch.chat);
  if (patch.archived) connection.run("UPDATE chat SET archived = ? WHERE id = ?", *patch.archived, patch.chat);
  if (patch.pinned) connection.run("UPDATE chat SET pinned = ? WHERE id = ?", *patch.pinned, patch.chat);
  if (patch.muted_until) connection.run("UPDATE chat SET muted_until = ? WHERE id = ?", *patch.muted_until, patch.chat);
  changes.chats.insert(patch.chat);
}

void Database::Impl::apply(const PatchPerson& patch) {
  const auto person = person_of(patch.addr);
  // A name given by the user makes a contact of a stranger.
  connection.run("UPDATE person SET name = ?, known = 1 WHERE id = ?", patch.name, person);
  changes.people.insert(person);
  auto row = connection.query("SELECT id FROM chat WHERE person = ?", person);
  if (row.next()) changes.chats.insert(row.id<ChatId>(0));
}

void Database::Impl::apply(const PutFilter& filter) {
  connection.run(
      "INSERT INTO setting(name, value) VALUES ('filter', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      wire::name(filter.filter));
  changes.account = true;
}

}  // namespace coi::store
