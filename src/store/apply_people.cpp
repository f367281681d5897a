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
  if (const auto* group = std::get_if<InGroup>(&ref)) return make_group(group->id);
  if (const auto* with = std::get_if<WithPerson>(&ref)) return make_chat(person_of(with->addr));
  connection.run("INSERT INTO chat(kind) VALUES (?)", ChatKind::self);
  return ChatId{connection.last_id()};
}

// What was decided about it may have been heard of before its first message.
ChatId Database::Impl::make_chat(PersonId person) {
  connection.run("INSERT INTO chat(kind, person) VALUES (?, ?)", ChatKind::single, person);
  const ChatId chat{connection.last_id()};
  for (const auto& choice : choices_of({.person = person}))
    if (choice.kind >= ChoiceKind::muted) take_effect(About{.person = person}, choice);
  return chat;
}

void Database::Impl::apply(const LearnAddress& learned) {
  const auto person = person_of(learned.addr);
  // A history tells mostly of what is known better: what is older is not compared in full.
  UnixMs name_ms = 0, class_ms = 0, chat_ms = 0, proof_ms = 0;
  {
    auto row =
        connection.query("SELECT name_ms, class_ms, chat_ms, proof_ms FROM address WHERE addr = ?", learned.addr);
    row.next();  // person_of() has made it
    name_ms = row.number(0);
    class_ms = row.number(1);
    chat_ms = row.number(2);
    proof_ms = row.number(3);
  }
  int changed = 0;
  if (!learned.name.empty() && learned.at_ms >= name_ms)
    changed += connection.run(
        "UPDATE address SET name = ?2, name_ms = ?3, name_rfc_id = ?4 "
        "WHERE addr = ?1 AND (name_ms, name_rfc_id, name) < (?3, ?4, ?2)",
        learned.addr, learned.name, learned.at_ms, learned.rfc_id);
  if (learned.peer_class != PeerClass::unknown && learned.at_ms >= class_ms)
    changed += connection.run(
        "UPDATE address SET peer_class = ?2, class_ms = ?3, class_rfc_id = ?4 "
        "WHERE addr = ?1 AND (class_ms, class_rfc_id, peer_class) < (?3, ?4, ?2)",
        learned.addr, learned.peer_class, learned.at_ms, learned.rfc_id);
  const bool by_chat_program = learned.peer_class == PeerClass::coi || learned.peer_class == PeerClass::delta;
  if (by_chat_program && learned.at_ms > chat_ms)
    connection.run("UPDATE address SET chat_ms = ?2 WHERE addr = ?1", learned.addr, learned.at_ms);
  if (learned.status)
    changed += connection.run(
        "UPDATE address SET status = ?2, status_ms = ?3, status_rfc_id = ?4 "
        "WHERE addr = ?1 AND (status_ms, status_rfc_id, status) < (?3, ?4, ?2)",
        learned.addr, *learned.status, learned.at_ms, learned.rfc_id);
  if (learned.profile &&
      connection.run("UPDATE address SET picture = ?2, birthday = ?3, profile_status = ?4, profile_ms = ?5, "
                     "profile_rfc_id = ?6 WHERE addr = ?1 AND (profile_ms, profile_rfc_id, picture, birthday, "
                     "profile_status) < (?5, ?6, ?2, ?3, ?4)",
                     learned.addr, learned.profile->picture.id, learned.profile->birthday, learned.profile->status,
                     learned.at_ms, learned.rfc_id) > 0) {
    ++changed;
    if (const auto chat = chat_of_person(person)) changes.chats.insert(chat);  // shows the picture
  }
  if (learned.unproven && learned.at_ms >= proof_ms &&
      connection.run(
          "UPDATE address SET unproven = ?2, proof_ms = ?3, proof_rfc_id = ?4 WHERE addr = ?1 AND (proof_ms, "
          "proof_rfc_id, unproven) < (?3, ?4, ?2)",
          learned.addr, *learned.unproven, learned.at_ms, learned.rfc_id) > 0)
    if (const auto chat = chat_of_person(person)) changes.chats.insert(chat);
  // That it did not get there comes in the same second.
  if (learned.told)
    connection.run(
        "UPDATE address SET told = ?2, told_ms = ?3 WHERE addr = ?1 AND (told_ms < ?3 OR (told_ms = ?3 AND (?2 "
        "= '' OR told < ?2)))",
        learned.addr, *learned.told, learned.told_ms);
  if (learned.requested_ms > 0)
    connection.run("UPDATE address SET requested_ms = ?2 WHERE addr = ?1 AND requested_ms < ?2", learned.addr,
                   learned.requested_ms);
  if (learned.known && connection.run("UPDATE person SET known = 1 WHERE id = ? AND known = 0", person) > 0) {
    ++changed;
    if (const auto chat = chat_of_person(person)) changes.chats.insert(chat);  // is no request any more
  }
  if (changed > 0) changes.people.insert(person);
}

void Database::Impl::apply(const PatchChat& change) {
  auto patch = change;
  if (!patch.chat) patch.chat = chat_of(WithSelf{});
  if (patch.accepted)
    connection.run("UPDATE chat SET accepted = ? WHERE id = ? AND kind = 2", *patch.accepted, patch.chat);
  if (patch.blocked)
    connection.run("UPDATE chat SET blocked = ? WHERE id = ? AND kind = 2", *patch.blocked, patch.chat);
  static_assert(static_cast<int>(ChatKind::group) == 2);
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
  if (patch.removes_expired)
    connection.run("UPDATE chat SET removes_expired = ? WHERE id = ?", *patch.removes_expired, patch.chat);
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
  // Whose changes count in a group goes by all addresses of a person.
  auto row = connection.query("SELECT DISTINCT chat FROM message WHERE timed >= 2");
  while (row.next()) untimed.insert(row.id<ChatId>(0));
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
        "UPDATE chat SET archived = min(chat.archived, f.archived), pinned = max(chat.pinned, f.pinned), "
        "removes_expired = min(chat.removes_expired, f.removes_expired) FROM (SELECT archived, pinned, removes_expired "
        "FROM chat WHERE id = ?1) f WHERE chat.id = ?2",
        chat, into);
    connection.run("DELETE FROM chat WHERE id = ?", chat);
  } else if (chat) {
    connection.run("UPDATE chat SET person = ? WHERE id = ?", to, chat);
  }
  connection.run("DELETE FROM person WHERE id = ?", from);
  join_choices(About{.person = from}, About{.person = to});
  relate_anew(to);
}

void Database::Impl::part(const std::string& addr, PersonId from) {
  connection.run("INSERT INTO person(known, blocked) SELECT known, blocked FROM person WHERE id = ?", from);
  const PersonId alone{connection.last_id()};
  connection.run(
      "INSERT INTO choice(person, chat, kind, value, at_ms) SELECT ?, 0, kind, value, at_ms FROM choice WHERE person = "
      "? AND kind IN (1, 2)",
      alone, from);
  static_assert(static_cast<int>(ChoiceKind::accepted) == 1 && static_cast<int>(ChoiceKind::blocked) == 2);
  relate_anew(from);
  connection.run("UPDATE address SET person = ? WHERE addr = ?", alone, addr);
  const auto chat = chat_of_person(from);
  if (!chat) return;
  const auto messages = messages_of(chat, addr);
  if (messages.empty()) return;
  const auto own_chat = chat_of(WithPerson{addr});
  move_messages(messages, chat, own_chat);
}

std::vector<MessageId> Database::Impl::messages_of(ChatId chat, const std::string& peer) {
  std::vector<MessageId> messages;
  auto row = connection.query("SELECT id FROM message WHERE chat = ?1 AND ?2 IN ('', peer)", chat, peer);
  while (row.next()) messages.push_back(row.id<MessageId>(0));
  return messages;
}

void Database::Impl::move_messages(const std::vector<MessageId>& messages, ChatId from, ChatId to) {
  for (const auto id : messages) {
    const auto before = entry_of(id);
    UnixMs second = 0;
    if (auto row = connection.query("SELECT sort_ms FROM message WHERE id = ?", id); row.next())
      second = whole_seconds(row.number(0));
    connection.run("UPDATE message SET chat = ? WHERE id = ?", to, id);
    timed.insert(id);  // the mail before it may be in that chat, or be left behind
    untimed.insert(from);
    untimed.insert(to);
    unordered.insert({from, second});
    unordered.insert({to, second});
    reindex(id, before);
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
