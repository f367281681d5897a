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

ChatId Database::Impl::chat_of_person(PersonId person) {
  auto row = connection.query("SELECT id FROM chat WHERE person = ?", person);
  return row.next() ? row.id<ChatId>(0) : ChatId{};
}

ChatId Database::Impl::chat_of(const ChatRef& ref) {
  if (const auto chat = stored_chat(ref)) return chat;
  if (const auto* with = std::get_if<WithPerson>(&ref))
    connection.run("INSERT INTO chat(kind, person) VALUES (?, ?)", ChatKind::single, person_of(with->addr));
  else
    connection.run("INSERT INTO chat(kind) VALUES (?)", ChatKind::self);
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
  if (learned.known && connection.run("UPDATE person SET known = 1 WHERE id = ? AND known = 0", person) > 0) {
    ++changed;
    if (const auto chat = chat_of_person(person)) changes.chats.insert(chat);  // is no request any more
  }
  if (changed > 0) changes.people.insert(person);
}

void Database::Impl::apply(const PatchChat& change) {
  auto patch = change;
  if (!patch.chat) patch.chat = chat_of(WithSelf{});
  if (patch.accepted || patch.blocked) {
    auto row = connection.query("SELECT person FROM chat WHERE id = ? AND person IS NOT NULL", patch.chat);
    if (row.next()) {
      const auto person = row.id<PersonId>(0);
      if (patch.accepted) connection.run("UPDATE person SET known = ? WHERE id = ?", *patch.accepted, person);
      if (patch.blocked) connection.run("UPDATE person SET blocked = ? WHERE id = ?", *patch.blocked, person);
      changes.people.insert(person);
    }
  }
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
  if (const auto chat = chat_of_person(person)) changes.chats.insert(chat);
}

void Database::Impl::apply(const PutAlias& alias) {
  const auto from = person_of(alias.alias);
  if (alias.addr.empty()) {
    part(alias.alias, from);
  } else if (const auto to = person_of(alias.addr); to != from) {
    join(from, to);
  }
  changes.everything = true;
}

void Database::Impl::join(PersonId from, PersonId to) {
  connection.run("UPDATE address SET person = ?2 WHERE person = ?1", from, to);
  // Whoever was blocked stays it: the user takes that back in words.
  connection.run(
      "UPDATE person SET known = 1, blocked = max(person.blocked, f.blocked), "
      "name = CASE person.name WHEN '' THEN f.name ELSE person.name END "
      "FROM (SELECT name, blocked FROM person WHERE id = ?1) f WHERE person.id = ?2",
      from, to);
  const auto chat = chat_of_person(from);
  if (const auto into = chat_of_person(to); chat && into) {
    move_messages(messages_of(chat, {}), chat, into);
    connection.run(
        "UPDATE chat SET archived = min(chat.archived, f.archived), pinned = max(chat.pinned, f.pinned) "
        "FROM (SELECT archived, pinned FROM chat WHERE id = ?1) f WHERE chat.id = ?2",
        chat, into);
    connection.run("DELETE FROM chat WHERE id = ?", chat);
  } else if (chat) {
    connection.run("UPDATE chat SET person = ? WHERE id = ?", to, chat);
  }
  connection.run("DELETE FROM person WHERE id = ?", from);
}

void Database::Impl::part(const std::string& addr, PersonId from) {
  connection.run("INSERT INTO person(known, blocked) SELECT known, blocked FROM person WHERE id = ?", from);
  connection.run("UPDATE address SET person = ? WHERE addr = ?", PersonId{connection.last_id()}, addr);
  const auto chat = chat_of_person(from);
  if (!chat) return;
  const auto messages = messages_of(chat, addr);
  if (!messages.empty()) move_messages(messages, chat, chat_of(WithPerson{addr}));
}

std::vector<MessageId> Database::Impl::messages_of(ChatId chat, const std::string& peer) {
  std::vector<MessageId> messages;
  auto row = connection.query("SELECT id FROM message WHERE chat = ?1 AND ?2 IN ('', peer)", chat, peer);
  while (row.next()) messages.push_back(row.id<MessageId>(0));
  return messages;
}

void Database::Impl::move_messages(const std::vector<MessageId>& messages, ChatId from, ChatId to) {
  for (const auto id : messages) {
    IndexedMessage before{.chat = from, .sort_ms = 0, .body = indexed_body(id)};
    auto row = connection.query("SELECT sort_ms FROM message WHERE id = ?", id);
    row.next();
    before.sort_ms = whole_seconds(row.number(0));
    connection.run("UPDATE message SET chat = ? WHERE id = ?", to, id);
    unordered.insert({from, before.sort_ms});
    unordered.insert({to, before.sort_ms});
    auto after = before;
    after.chat = to;
    index.replace(id, before, after);
  }
}

void Database::Impl::apply(const PutFilter& filter) {
  connection.run(
      "INSERT INTO setting(name, value) VALUES ('filter', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      wire::name(filter.filter));
  changes.account = true;
}

void Database::Impl::apply(const PutCopiesFiled& filed) {
  connection.run(
      "INSERT INTO setting(name, value) VALUES ('copies_filed', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
      filed.by_server ? "server" : "here");
  changes.account = true;
}

}  // namespace coi::store
