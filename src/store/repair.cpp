#include "store/repair.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <algorithm>
#include <set>

#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/descriptor.h"
#include "store/condition.h"
#include "store/database_impl.h"
#include "store/salvage.h"
#include "store/schema.h"

namespace coi::store {
namespace {

using namespace chat;
using Path = std::filesystem::path;

constexpr std::string_view kept_front = "account.db.damaged-";
constexpr auto new_file = "account.db.new";
constexpr auto ready_file = "account.db.repaired";  // whole, and to take the damaged one's place
constexpr int longest_value = 128 * 1024 * 1024;    // octets; a damaged row may claim to be longer

Path beside(const Path& file, std::string_view suffix) { return Path(file) += suffix; }

Error failure(std::string_view what, const Path& file, const std::error_code& error) {
  return {error == std::errc::no_space_on_device ? ErrorKind::full : ErrorKind::io,
          fmt::format("cannot {} {}: {}", what, file.string(), error.message())};
}

Result<> move_file(const Path& from, const Path& to) {
  std::error_code error;
  if (std::filesystem::symlink_status(from, error).type() == std::filesystem::file_type::not_found) return {};
  std::filesystem::rename(from, to, error);
  if (error) return std::unexpected(failure("rename", from, error));
  return {};
}

void remove_database(const Path& file) {
  std::error_code left;
  for (const auto* suffix : {"", "-wal", "-shm", "-journal"}) std::filesystem::remove(beside(file, suffix), left);
}

Result<> sync(const Path& path) {
  const Descriptor opened(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (opened && ::fsync(opened.number()) == 0) return {};
  return std::unexpected(failure("write", path, std::error_code(errno, std::generic_category())));
}

// Free in the folder: two repairs may happen within a second.
Path name_for(const Path& directory, std::chrono::sys_seconds time) {
  for (int count = 0;; ++count) {
    const auto name = fmt::format("{}{:%Y%m%dT%H%M%SZ}{}", kept_front, fmt::gmtime(time.time_since_epoch().count()),
                                  count == 0 ? "" : fmt::format("-{}", count));
    std::error_code unknown;
    if (std::filesystem::symlink_status(directory / name, unknown).type() == std::filesystem::file_type::not_found)
      return directory / name;
  }
}

// The new file is whole: from here on nothing can fail that a repetition does not mend. The log goes first, so that it
// is never taken for the new file's. Returns the damaged file's name, by the time of the new one, so that a repetition
// finds the same.
Result<Path> put_in_place(const Path& directory) {
  const auto database = directory / database_file;
  std::error_code error;
  const auto time = std::filesystem::last_write_time(directory / ready_file, error);
  if (error) return std::unexpected(failure("look at", directory / ready_file, error));
  const auto kept =
      name_for(directory, std::chrono::floor<std::chrono::seconds>(std::chrono::file_clock::to_sys(time)));
  for (const auto* suffix : {"-wal", "-shm", "-journal"})
    COI_TRY(move_file(beside(database, suffix), beside(kept, suffix)));
  COI_TRY(move_file(database, kept));
  COI_TRY(move_file(directory / ready_file, database));
  COI_TRY(sync(directory));
  note_closed(directory);
  return kept;
}

struct Source {
  std::unique_ptr<SQLite::Database> database;  // null: not even its first page can be read
  int version = 0;
  bool sound = false;
};

bool says_ok(SQLite::Database& database, const char* pragma) {
  SQLite::Statement row(database, pragma);
  return row.executeStep() && row.getColumn(0).getString() == "ok";
}

Source open_source(const Path& file) {
  Source source;
  try {
    source.database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READONLY);
    sqlite3_limit(source.database->getHandle(), SQLITE_LIMIT_LENGTH, longest_value);
    source.version = source.database->execAndGet("PRAGMA user_version").getInt();
  } catch (const SQLite::Exception& exception) {
    // Of a file that is there and cannot be looked at nothing is known, least of all that it is damaged.
    const int code = exception.getErrorCode() & 0xff;
    std::error_code unknown;
    if (code != SQLITE_CORRUPT && code != SQLITE_NOTADB && std::filesystem::exists(file, unknown)) throw;
    source.database.reset();
  }
  return source;
}

// The index for the search is asked too, which keeps no text of its own and is not looked into by SQLite's check. To
// ask it is to write, so this is for a database that seems sound.
bool is_sound(const Path& file, const Source& source) {
  if (!source.database || source.version <= 0) return false;
  try {
    if (!says_ok(*source.database, "PRAGMA integrity_check(1)")) return false;
    if (source.version < newest_version()) return true;
    SQLite::Database writer(file.string(), SQLite::OPEN_READWRITE);
    writer.exec("INSERT INTO search(search) VALUES ('integrity-check')");
    return true;
  } catch (const SQLite::Exception& exception) {
    const int code = exception.getErrorCode() & 0xff;
    // A damaged row may claim any length.
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB || code == SQLITE_ERROR || code == SQLITE_TOOBIG) return false;
    throw;
  }
}

// What refers to rows that are lost. Whatever lies on the server is fetched again; what a user made stays.
void mend_people(Connection& connection) {
  auto& database = connection.database();
  // A contact's own row held the name that the user gave it: who was written to is known all the same.
  database.exec(
      "INSERT INTO person(id, known) SELECT r.person, EXISTS "
      "(SELECT 1 FROM chat c JOIN message m ON m.chat = c.id WHERE c.person = r.person AND m.outgoing = 1) "
      "FROM (SELECT person FROM address UNION SELECT person FROM chat WHERE person IS NOT NULL) r "
      "WHERE r.person NOT IN (SELECT id FROM person);"
      "INSERT OR IGNORE INTO address(addr, person) SELECT m.peer, min(c.person) FROM message m JOIN chat c ON c.id = "
      "m.chat WHERE m.peer <> '' AND c.person IS NOT NULL GROUP BY m.peer;"
      "DELETE FROM person WHERE id NOT IN (SELECT person FROM address) AND id NOT IN (SELECT person FROM chat WHERE "
      "person IS NOT NULL)");
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
    const auto chat = peer.empty() ? ChatRef(WithSelf{}) : WithPerson{peer};
    impl.connection.run("UPDATE message SET chat = ? WHERE peer = ? AND chat = 0", impl.chat_of(chat), peer);
  }
  impl.connection.database().exec(
      "DELETE FROM attachment WHERE message NOT IN (SELECT id FROM message);"
      "DELETE FROM also WHERE message NOT IN (SELECT id FROM message)");
}

constexpr auto fate_is_lost = "how far it got was lost with a damaged database: it may have arrived";

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
      "INSERT INTO recipient(outgoing, addr, state, since_ms, reply) SELECT o.id, m.peer, 3, ?, ? "
      "FROM outgoing o JOIN message m ON m.id = o.message WHERE length(o.bytes) > 0 AND m.peer <> '' "
      "AND NOT EXISTS (SELECT 1 FROM recipient r WHERE r.outgoing = o.id)",
      now, fate_is_lost);
  if (!lost) return;
  const auto last = connection.database().execAndGet("SELECT coalesce(max(id), 0) FROM outgoing").getInt64();
  connection.run(
      "INSERT INTO outgoing(message, rfc_id, mail_from, bytes) SELECT m.id, m.rfc_id, '', x'' FROM message m "
      "WHERE m.outgoing = 1 AND m.peer <> '' AND m.sort_ms > ? "
      "AND NOT EXISTS (SELECT 1 FROM outgoing o WHERE o.message = m.id) "
      "AND NOT EXISTS (SELECT 1 FROM place p WHERE p.message = m.id)",
      now - longest_wait);
  connection.run(
      "INSERT INTO recipient(outgoing, addr, state, since_ms, reply) SELECT o.id, m.peer, 3, ?, ? "
      "FROM outgoing o JOIN message m ON m.id = o.message WHERE o.id > ?",
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
    auto row = impl.connection.query("SELECT id, chat, sort_ms FROM message ORDER BY sort_ms / 1000, id");
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

// Front ends that come back must not find numbers that they know already.
void renumber_events(Connection& connection, UnixMs now) {
  std::int64_t seq = 0;
  if (auto row = connection.query("SELECT value FROM setting WHERE name = 'seq'"); row.next())
    seq = std::strtoll(row.text(0).c_str(), nullptr, 10);
  constexpr std::int64_t gap = 100'000;
  connection.run("INSERT INTO setting(name, value) VALUES ('seq', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                 std::to_string(seq > 0 ? seq + gap : now));
}

std::int64_t count(Connection& connection, const std::string& what) {
  return connection.database().execAndGet("SELECT count(*) FROM " + what).getInt64();
}

// What the user calls that which the table holds.
std::string_view word_of(std::string_view table) {
  if (table == "message" || table == "also") return "messages";
  if (table == "person" || table == "address") return "contacts";
  if (table == "chat") return "chats";
  if (table == "attachment") return "files";
  if (table == "outgoing" || table == "recipient") return "what waits to be sent";
  if (table == "report" || table == "remark") return "receipts and reactions";
  if (table == "setting") return "settings";
  return "the state of the mailbox";
}

Repaired make_new(const Path& directory, const Source& source, UnixMs now, const Log& log) {
  Repaired repaired;
  Database::Impl impl((directory / new_file).string(), log);
  auto& database = impl.connection.database();
  // Until it is whole nobody needs it.
  database.exec("PRAGMA synchronous = OFF; PRAGMA foreign_keys = OFF");
  const int version = source.version > 0 ? source.version : newest_version();
  make_schema(impl, 0, version);
  std::set<std::string> incomplete;
  if (source.database) {
    for (const auto& [table, rows] : salvage(*source.database, database))
      if (!rows.complete) incomplete.emplace(word_of(table));
  } else {
    incomplete.insert("everything");
  }
  make_schema(impl, version, newest_version());
  database.exec("PRAGMA foreign_keys = OFF; BEGIN");
  // A page that says that it is empty is read without an error: what is missing shows by what refers to it.
  const auto mend = [&](std::string_view word, const auto& work) {
    const auto before = database.getTotalChanges();
    work();
    if (database.getTotalChanges() != before) incomplete.emplace(word);
  };
  mend("contacts", [&] { mend_people(impl.connection); });
  mend("chats", [&] { mend_messages(impl); });
  mend("what waits to be sent",
       [&] { mend_queue(impl.connection, now, incomplete.contains("what waits to be sent")); });
  mend("messages", [&] { forget_lost_places(impl.connection); });
  mend_progress(impl.connection);
  renumber_events(impl.connection, now);
  index_anew(impl);
  database.exec("COMMIT; PRAGMA synchronous = FULL; PRAGMA wal_checkpoint(TRUNCATE)");
  repaired.messages = count(impl.connection, "message");
  repaired.chats = count(impl.connection, "chat");
  repaired.contacts = count(impl.connection, "person WHERE known = 1");
  repaired.waiting = count(impl.connection,
                           "outgoing o WHERE EXISTS (SELECT 1 FROM recipient r WHERE r.outgoing = o.id "
                           "AND r.state IN (0, 1))");
  repaired.incomplete.assign(incomplete.begin(), incomplete.end());
  return repaired;
}

}  // namespace

Result<Repaired> repair(const Path& directory, UnixMs now, const Log& log) {
  COI_TRY(finish_repair(directory));
  const auto database = directory / database_file;
  remove_database(directory / new_file);
  auto repaired = walled("cannot repair the database", [&]() -> Result<Repaired> {
    const auto source = open_source(database);
    if (source.version > newest_version())
      return fail(ErrorKind::not_allowed, "the database was made by a newer version of this program",
                  "install the newer version");
    if (condition_of(directory).condition != Condition::damaged && is_sound(database, source))
      return Repaired{.sound = true};
    return make_new(directory, source, now, log);
  });
  if (!repaired || repaired->sound) {
    const bool full = !repaired && repaired.error().kind() == ErrorKind::io && is_full(directory);
    remove_database(directory / new_file);
    if (full) return fail(ErrorKind::full, "the disk is full", "free some space; nothing was lost");
    return repaired;
  }
  COI_TRY(sync(directory / new_file));
  COI_TRY(move_file(directory / new_file, directory / ready_file));
  COI_TRY(sync(directory));
  repaired->kept = COI_TRY(put_in_place(directory));
  std::error_code none;
  if (!std::filesystem::exists(repaired->kept, none)) repaired->kept.clear();  // there was no file
  return repaired;
}

Result<> finish_repair(const Path& directory) {
  std::error_code unknown;
  if (!std::filesystem::is_regular_file(directory / ready_file, unknown)) return {};
  COI_TRY(put_in_place(directory));
  return {};
}

bool keeps_damaged(const Path& directory) {
  std::error_code error;
  for (std::filesystem::directory_iterator file(directory, error), end; !error && file != end; file.increment(error))
    if (file->path().filename().string().starts_with(kept_front)) return true;
  return false;
}

}  // namespace coi::store
