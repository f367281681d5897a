#include "store/mend.h"

#include <map>
#include <utility>
#include <vector>

#include "store/peer_column.h"

namespace coi::store {
namespace {

using namespace chat;

void mend_people(Connection& connection) {
  auto& database = connection.database();
  // A contact's own row held the name that the user gave it: who was written to is known all the same.
  database.exec(
      "INSERT INTO person(id, known) SELECT r.person, EXISTS "
      "(SELECT 1 FROM chat c JOIN message m ON m.chat = c.id WHERE c.person = r.person AND m.outgoing = 1) "
      "FROM (SELECT person FROM address UNION SELECT person FROM chat WHERE person IS NOT NULL) r "
      "WHERE r.person NOT IN (SELECT id FROM person);"
      "INSERT OR IGNORE INTO address(addr, person) SELECT m.peer, min(c.person) FROM message m JOIN chat c ON c.id = "
      "m.chat WHERE m.peer NOT IN ('') AND m.peer NOT LIKE 'group %' AND c.person IS NOT NULL GROUP BY m.peer;"
      "DELETE FROM person WHERE id NOT IN (SELECT person FROM address) AND id NOT IN (SELECT person FROM chat WHERE "
      "person IS NOT NULL)");
}

// A group whose chat is lost has it again under the same number, with its messages and members. Ids that are lost find
// a new chat when a message with them is put where it belongs.
void mend_groups(Database::Impl& impl) {
  impl.connection.database().exec(
      "INSERT INTO chat(id, kind, group_id, accepted, self) SELECT g.chat, 2, min(g.id), EXISTS (SELECT 1 FROM message "
      "m "
      "WHERE m.chat = g.chat AND m.outgoing = 1), coalesce((SELECT from_addr FROM message WHERE outgoing = 1 ORDER BY "
      "id "
      "DESC LIMIT 1), '') FROM group_id g WHERE g.chat NOT IN (SELECT id FROM chat) GROUP BY g.chat;"
      "DELETE FROM group_claim WHERE group_id NOT IN (SELECT id FROM group_id);"
      "DELETE FROM member WHERE chat NOT IN (SELECT id FROM chat);"
      "DELETE FROM chat WHERE kind = 2 AND id NOT IN (SELECT chat FROM group_id)");
  {
    auto row = impl.connection.query("SELECT chat FROM group_id");
    while (row.next()) impl.unsettled.insert(row.id<ChatId>(0));
  }
  for (const auto chat : impl.unsettled) impl.name_group(chat);
}

void mend_messages(Database::Impl& impl) {
  // New chats may get the numbers of lost ones, so that no message may go on naming those.
  impl.connection.database().exec("UPDATE message SET chat = 0 WHERE chat NOT IN (SELECT id FROM chat)");
  std::set<std::string> peers;
  {
    auto row = impl.connection.query("SELECT DISTINCT peer FROM message WHERE chat = 0");
    while (row.next()) peers.insert(row.text(0));
  }
  for (const auto& peer : peers) {
    const auto chat = chat_named(peer, true);
    impl.connection.run("UPDATE message SET chat = ? WHERE peer = ? AND chat = 0", impl.chat_of(chat), peer);
  }
  impl.connection.database().exec(
      "DELETE FROM attachment WHERE message NOT IN (SELECT id FROM message);"
      "DELETE FROM also WHERE message NOT IN (SELECT id FROM message)");
}

constexpr auto fate_is_lost = "how far it got was lost with a damaged database: it may have arrived";
constexpr auto time_is_lost = "when it was to be sent was lost with a damaged database: nobody has it";

// What has not been sent waits on, or is there to be sent by the user.
void mend_unsaid(Connection& connection, UnixMs now) {
  connection.database().exec(
      "INSERT INTO outgoing(message, rfc_id, mail_from, bytes) SELECT m.id, m.rfc_id, m.from_addr, x'' FROM message m "
      "WHERE m.unsaid <> 0 AND m.deleted = 0 AND NOT EXISTS (SELECT 1 FROM outgoing o WHERE o.message = m.id)");
  static_assert(static_cast<int>(RecipientState::failed) == 3 && static_cast<int>(RecipientState::held) == 4);
  // To whom it goes is found anew when it does.
  connection.run(
      "INSERT INTO recipient(outgoing, addr, state, since_ms, next_ms, reply) SELECT o.id, coalesce(g.addr, "
      "nullif(m.peer, "
      "''), m.from_addr), iif(o.not_before_ms <> 0, 4, 3), ?, o.not_before_ms, iif(o.not_before_ms <> 0, '', ?) FROM "
      "outgoing o JOIN message m ON m.id = o.message LEFT JOIN member g ON g.chat = m.chat AND g.joined_ms >= "
      "g.parted_ms AND g.addr <> m.from_addr WHERE m.unsaid <> 0 AND m.deleted = 0 AND o.hold_until_ms = 0 AND NOT "
      "EXISTS (SELECT 1 FROM recipient r WHERE r.outgoing = o.id)",
      now, time_is_lost);
}

// `lost`: rows of the queue. A message that was written here then looks like one of another device, which was sent. One
// that is older than any mail waits has its answer, whatever that was.
void mend_queue(Connection& connection, UnixMs now, bool lost) {
  constexpr UnixMs longest_wait = 4 * 24 * 3'600'000LL;  // chat/ tries for three days
  connection.database().exec(
      "UPDATE outgoing SET message = NULL WHERE message NOT IN (SELECT id FROM message);"
      "DELETE FROM job WHERE message NOT IN (SELECT id FROM message) OR (folder <> 0 AND folder NOT IN (SELECT id FROM "
      "folder)) OR (outgoing <> 0 AND outgoing NOT IN (SELECT id FROM outgoing));"
      // Mails without a message of which nothing is left to be done.
      "DELETE FROM outgoing WHERE message IS NULL AND id NOT IN (SELECT outgoing FROM job) "
      "AND id NOT IN (SELECT outgoing FROM recipient WHERE state IN (0, 1));"
      "DELETE FROM recipient WHERE outgoing NOT IN (SELECT id FROM outgoing)");
  static_assert(static_cast<int>(RecipientState::sending) == 1);
  // To whom it was to go is lost, and whether it did: the user says whether it goes again.
  static_assert(static_cast<int>(RecipientState::failed) == 3);
  connection.run(
      "INSERT INTO recipient(outgoing, addr, state, since_ms, reply) SELECT o.id, coalesce(g.addr, m.peer), 3, ?, ? "
      "FROM outgoing o JOIN message m ON m.id = o.message LEFT JOIN member g ON g.chat = m.chat AND g.joined_ms >= "
      "g.parted_ms AND g.addr <> m.from_addr WHERE length(o.bytes) > 0 AND coalesce(g.addr, m.peer) LIKE '%@%' "
      "AND NOT EXISTS (SELECT 1 FROM recipient r WHERE r.outgoing = o.id)",
      now, fate_is_lost);
  mend_unsaid(connection, now);
  if (!lost) return;
  const auto last = connection.database().execAndGet("SELECT coalesce(max(id), 0) FROM outgoing").getInt64();
  connection.run(
      "INSERT INTO outgoing(message, rfc_id, mail_from, bytes) SELECT m.id, m.rfc_id, '', x'' FROM message m "
      "WHERE m.outgoing = 1 AND m.unsaid = 0 AND m.peer <> '' AND m.sort_ms > ? "
      "AND NOT EXISTS (SELECT 1 FROM outgoing o WHERE o.message = m.id) "
      "AND NOT EXISTS (SELECT 1 FROM place p WHERE p.message = m.id)",
      now - longest_wait);
  connection.run(
      "INSERT INTO recipient(outgoing, addr, state, since_ms, reply) SELECT o.id, coalesce(g.addr, m.peer), 3, ?, ? "
      "FROM outgoing o JOIN message m ON m.id = o.message LEFT JOIN member g ON g.chat = m.chat AND g.joined_ms >= "
      "g.parted_ms AND g.addr <> m.from_addr WHERE o.id > ? AND coalesce(g.addr, m.peer) LIKE '%@%'",
      now, fate_is_lost, last);
}

void forget_lost_places(Connection& connection) {
  connection.database().exec("DELETE FROM place WHERE message IS NOT NULL AND message NOT IN (SELECT id FROM message)");
}

// Only what is surely here needs no fetching; receipts and bounces are mails too, and told of no message.
void mend_progress(Connection& connection) {
  connection.database().exec(
      "DELETE FROM place WHERE message IS NULL OR message NOT IN (SELECT id FROM message) OR folder NOT IN (SELECT id "
      "FROM folder);"
      "UPDATE place SET modseq = 0;"
      "UPDATE folder SET highestmodseq = 0, done = ''");
  std::map<FolderId, NumberSet> done;
  {
    auto row = connection.query(
        "SELECT p.folder, p.uid FROM place p JOIN folder f ON f.id = p.folder AND f.uidvalidity = p.uidvalidity "
        "ORDER BY p.folder, p.uid");
    while (row.next()) done[row.id<FolderId>(0)].add(row.u32(1));
  }
  for (const auto& [folder, uids] : done)
    connection.run("UPDATE folder SET done = ? WHERE id = ?", uids.text(), folder);
}

void index_anew(Database::Impl& impl) {
  constexpr int in_transaction = 1000;
  std::vector<std::pair<MessageId, IndexedMessage>> messages;
  {
    auto row =
        impl.connection.query("SELECT id, chat, sort_ms FROM message WHERE hidden = 0 ORDER BY sort_ms / 1000, id");
    while (row.next()) messages.push_back({row.id<MessageId>(0), {row.id<ChatId>(1), row.number(2), {}}});
  }
  impl.connection.run("INSERT INTO search(search) VALUES ('delete-all')");
  int count = 0;
  for (auto& [id, message] : messages) {
    message.body = impl.indexed_body(id);
    impl.index.add(id, message);
    if (++count % in_transaction == 0) {
      impl.index.save();
      impl.connection.database().exec("COMMIT; BEGIN");
    }
  }
  impl.index.save();
}

void mend_lists(Connection& connection) {
  connection.database().exec(
      "UPDATE chat SET (last_message, last_ms, unread) = (SELECT s.last_message, s.last_ms, s.unread FROM chat_state s "
      "WHERE s.chat = chat.id)");
}

// Front ends that come back must not find numbers that they know already.
void renumber_events(Connection& connection, UnixMs now) {
  std::int64_t seq = 0;
  if (auto row = connection.query("SELECT value FROM setting WHERE name = 'seq'"); row.next())
    seq = std::strtoll(row.text(0).c_str(), nullptr, 10);
  constexpr std::int64_t gap = 100'000;
  connection.run("INSERT INTO setting(name, value) VALUES ('seq', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                 std::to_string(seq > 0 ? seq + gap : now));
}

}  // namespace

void mend(Database::Impl& impl, UnixMs now, std::set<std::string>& incomplete) {
  // A page that says that it is empty is read without an error: what is missing shows by what refers to it.
  const auto mending = [&](std::string_view word, const auto& work) {
    const auto before = impl.connection.database().getTotalChanges();
    work();
    if (impl.connection.database().getTotalChanges() != before) incomplete.emplace(word);
  };
  mending("contacts", [&] { mend_people(impl.connection); });
  mending("chats", [&] {
    mend_groups(impl);
    mend_messages(impl);
    impl.settle_groups();
    {
      auto row = impl.connection.query("SELECT DISTINCT chat FROM message WHERE timed >= 2");
      while (row.next()) impl.untimed.insert(row.id<ChatId>(0));
    }
    impl.settle_timers();
  });
  mending("what waits to be sent",
          [&] { mend_queue(impl.connection, now, incomplete.contains("what waits to be sent")); });
  mending("messages", [&] { forget_lost_places(impl.connection); });
  mend_lists(impl.connection);
  mend_progress(impl.connection);
  renumber_events(impl.connection, now);
  index_anew(impl);
}

}  // namespace coi::store
