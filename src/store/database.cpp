#include "store/database.h"

#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>
#include <sqlite3.h>

#include "chat/arrival.h"
#include "chat/same_mail.h"
#include "store/condition.h"
#include "store/database_impl.h"
#include "store/repair.h"
#include "store/schema.h"

namespace coi::store {
namespace {

constexpr int busy_ms = 2000;

Error damaged_error(std::string text) { return {ErrorKind::corrupt, std::move(text), repair_hint}; }

// Without what was being done when it was found.
std::string cause_of(const Error& error) {
  const auto text = error.text();
  return text.substr(std::min(text.size(), text.rfind("the database of this account")));
}

// Looks through the whole file, which takes a while: after an end that may have left it damaged.
std::optional<Error> find_damage(Connection& connection) {
  SQLite::Statement row(connection.database(), "PRAGMA quick_check(1)");
  if (!row.executeStep()) return std::nullopt;
  auto words = row.getColumn(0).getString();
  if (words == "ok") return std::nullopt;
  std::ranges::replace(words, '\n', ' ');
  return damaged_error(fmt::format("the database of this account is damaged ({})", words));
}

}  // namespace

bool Changes::empty() const { return events() == 0 && outgoing.empty() && !jobs; }

std::int64_t Changes::events() const {
  return static_cast<std::int64_t>(added.size() + changed.size() + chats.size() + people.size()) + (account ? 1 : 0) +
         (everything ? 1 : 0);
}

Database::Impl::Impl(const std::string& file, Log sink)
    : connection(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE | SQLite::OPEN_NOMUTEX), log(std::move(sink)) {
  auto& database = connection.database();
  database.setBusyTimeout(busy_ms);
  database.exec(
      "PRAGMA journal_mode = WAL;"
      "PRAGMA foreign_keys = ON;"
      "PRAGMA secure_delete = FAST;"  // what was deleted does not stand in a page any more that is written anyway
      "PRAGMA cache_size = -2000;"    // 2 MB: an idle account stays small
      "PRAGMA wal_autocheckpoint = 1000;"
      "PRAGMA journal_size_limit = 4194304;"
      "PRAGMA temp_store = MEMORY");
}

void Database::Impl::keep_log(bool kept) {
  sqlite3_db_config(connection.database().getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, kept ? 1 : 0, nullptr);
}

Result<std::unique_ptr<Database::Impl>> Database::Impl::open(const std::filesystem::path& directory,
                                                             const KnownCondition& known, Log log) {
  return walled("cannot open the account's database", [&]() -> Result<std::unique_ptr<Impl>> {
    if (known.condition == Condition::gone)
      return std::unexpected(damaged_error("the database of this account is gone"));
    if (known.condition == Condition::damaged) return std::unexpected(damaged_error(known.words));
    auto impl = std::make_unique<Impl>((directory / database_file).string(), std::move(log));
    impl->directory = directory;
    impl->keep_log(true);  // what is damaged is left as it is
    const int version = impl->connection.database().execAndGet("PRAGMA user_version").getInt();
    // A database of a newer program is left alone; an older one is brought forward.
    if (version > newest_version())
      return fail(ErrorKind::not_allowed, "the database was made by a newer version of this program",
                  "install the newer version");
    if (version > 0 && known.condition != Condition::sound)
      if (auto damage = find_damage(impl->connection)) return std::unexpected(*std::move(damage));
    make_schema(*impl, version, newest_version());
    if (auto row = impl->connection.query("SELECT value FROM setting WHERE name = 'seq'"); row.next())
      impl->seq = std::strtoll(row.text(0).c_str(), nullptr, 10);  // one that is damaged counts anew
    impl->keep_log(false);
    return impl;
  });
}

Result<Database> Database::open(const std::filesystem::path& directory, Log log) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (error) return fail(ErrorKind::io, fmt::format("cannot create {}: {}", directory.string(), error.message()));
  COI_TRY(finish_repair(directory));
  const auto known = condition_of(directory);
  auto impl = Impl::open(directory, known, std::move(log));
  if (!impl) {
    if (impl.error().kind() == ErrorKind::corrupt && known.condition == Condition::unknown)
      note_damaged(directory, cause_of(impl.error()));
    if (impl.error().kind() == ErrorKind::io && is_full(directory))
      return fail(ErrorKind::full, "cannot open the account's database: the disk is full",
                  "free some space; nothing was lost");
    return std::unexpected(std::move(impl).error());
  }
  note_open(directory);
  return Database(*std::move(impl));
}

std::optional<Error> Database::damage() const { return impl_ ? impl_->damage : std::nullopt; }

void Database::note_damage(const Error& error) {
  if (impl_ && !impl_->damage) impl_->damage = error;
}

Result<> Database::close() {
  auto impl = std::exchange(impl_, nullptr);
  if (!impl) return {};
  const auto directory = impl->directory;
  const auto damage = impl->damage;
  Result<> closed;
  if (damage)
    impl->keep_log(true);
  else
    closed = walled("cannot close the account's database",
                    [&] { impl->connection.database().exec("PRAGMA wal_checkpoint(TRUNCATE)"); });
  impl.reset();
  if (damage)
    note_damaged(directory, cause_of(*damage));
  else if (closed)
    note_closed(directory);
  return closed;
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<> Database::begin(Durability durability) {
  return impl_->guarded("cannot begin", [&] {
    // The level may only change between transactions.
    impl_->connection.run(durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    impl_->connection.run("BEGIN IMMEDIATE");
    impl_->changes = {};
  });
}

Result<> Database::look_up(const std::function<void(chat::Lookups&)>& use) {
  return impl_->guarded("cannot look up", [&] { use(*impl_); });
}

Result<> Database::apply(const chat::Plan& plan, UnixMs now) {
  return impl_->guarded("cannot store", [&] {
    impl_->now = now;
    impl_->put_now.reset();
    for (const auto& operation : plan.operations) std::visit([&](const auto& one) { impl_->apply(one); }, operation);
    impl_->settle_amendments();
    impl_->settle_timers();
  });
}

Result<Changes> Database::commit() {
  return impl_->guarded("cannot commit", [&] {
    impl_->save_progress();
    impl_->settle_groups();
    impl_->settle_timers();
    impl_->index.save();
    impl_->order_seconds();
    for (const auto id : std::exchange(impl_->settling, {})) impl_->drop_settled(id);
    auto& changes = impl_->changes;
    for (const auto id : changes.added) changes.changed.erase(id);
    std::erase_if(changes.sounds, [&](const auto& one) { return !impl_->deserves_sound(one.first, one.second); });
    std::erase_if(changes.reactions, [&](const auto& one) { return !impl_->is_loud(one.first); });
    if (const auto events = changes.events(); events > 0) {
      impl_->seq += events;
      impl_->connection.run(
          "INSERT INTO setting(name, value) VALUES ('seq', ?) ON CONFLICT DO UPDATE SET value = excluded.value",
          std::to_string(impl_->seq));
    }
    impl_->connection.run("COMMIT");
    changes.seq = impl_->seq;
    return std::move(changes);
  });
}

const Changes& Database::pending() const { return impl_->changes; }

void Database::rollback() noexcept {
  impl_->progress.clear();
  impl_->settling.clear();
  impl_->unordered.clear();
  impl_->unsettled.clear();
  impl_->amended.clear();
  impl_->families.clear();
  impl_->timed.clear();
  impl_->untimed.clear();
  impl_->aging.clear();
  impl_->put_now.reset();
  impl_->index.forget();
  impl_->changes = {};
  try {
    impl_->connection.run("ROLLBACK");
    if (auto row = impl_->connection.query("SELECT value FROM setting WHERE name = 'seq'"); row.next())
      impl_->seq = std::strtoll(row.text(0).c_str(), nullptr, 10);
  } catch (const std::exception& exception) {
    // SQLite rolls back by itself on the errors that leave no transaction behind.
    impl_->log.debug("database: rollback: {}", exception.what());
  }
}

Result<std::optional<chat::MessageId>> Database::knows(const chat::MailSeenAgain& copy, Copied copied, bool ours,
                                                       UnixMs now) {
  return impl_->guarded("cannot look for a mail", [&]() -> std::optional<chat::MessageId> {
    const auto namesakes = impl_->find(chat::FindMessages{copy.key});
    const auto* known = chat::known_by_header(copy, namesakes);
    if (known == nullptr || known->forged || (ours && !known->outgoing)) return std::nullopt;
    const auto lies_there = [&](const chat::PlaceFacts& one) {
      const auto& place = one.place;
      return copied == Copied::moved || (place.folder == copy.place.folder &&
                                         place.uidvalidity == copy.place.uidvalidity && place.uid != copy.place.uid);
    };
    if (std::ranges::any_of(known->places, lies_there)) return std::nullopt;
    const auto arrived = chat::arrival(
        {.received = copy.received, .internaldate = copy.internaldate, .date = copy.date, .own = ours}, now);
    return known->arrived_ms <= arrived ? std::optional(known->id) : std::nullopt;
  });
}

Result<NumberSet> Database::other_mails(chat::FolderId folder, std::uint32_t uidvalidity,
                                        const std::vector<PlacedMail>& mails) {
  return impl_->guarded("cannot compare mails", [&] {
    NumberSet others;
    for (const auto& mail : mails) {
      std::uint64_t size = 0;
      chat::MessageId message;
      {
        auto row = impl_->connection.query(
            "SELECT size, coalesce(message, 0) FROM place WHERE folder = ? AND uidvalidity = ? AND uid = ?", folder,
            uidvalidity, mail.uid);
        if (!row.next()) continue;
        size = row.count(0);
        message = row.id<chat::MessageId>(1);
      }
      const bool has_sizes = size > 0 && mail.size > 0;
      const bool fits = !has_sizes || size == mail.size;
      const auto stored = message ? impl_->message_facts(message) : std::nullopt;
      // Without an id the size alone tells. Of what is no message, such as a receipt, nothing is known: it is read
      // anew.
      const bool is_same = fits && (stored && mail.id ? chat::may_be(*mail.id, *stored) : has_sizes);
      if (!is_same) others.add(mail.uid);
    }
    return others;
  });
}

Result<std::vector<Folder>> Database::folders() {
  return impl_->guarded("cannot read the folders", [&] {
    std::vector<Folder> folders;
    auto row = impl_->connection.query(
        "SELECT id, name, role, uidvalidity, uidnext, highestmodseq, done FROM folder ORDER BY id");
    while (row.next())
      folders.push_back({.id = row.id<chat::FolderId>(0),
                         .name = row.text(1),
                         .role = row.word<chat::FolderRole>(2),
                         .uidvalidity = row.u32(3),
                         .uidnext = row.u32(4),
                         .highestmodseq = row.count(5),
                         .done = NumberSet::parse(row.text(6)).value_or(NumberSet{})});
    return folders;
  });
}

Result<std::set<std::string>> Database::blobs() {
  return impl_->guarded("cannot list the files", [&] {
    std::set<std::string> blobs;
    auto row = impl_->connection.query("SELECT DISTINCT blob FROM attachment WHERE blob <> ''");
    while (row.next()) blobs.insert(row.text(0));
    return blobs;
  });
}

Result<> Database::forget_pictures() {
  static_assert(static_cast<int>(chat::RemarkKind::group_picture) == 12);
  return impl_->guarded("cannot remove pictures", [&] {
    impl_->connection.run(
        "DELETE FROM picture WHERE id NOT IN (SELECT value FROM remark WHERE kind = 12 UNION ALL SELECT picture FROM "
        "address WHERE picture <> '')");
  });
}

Result<std::optional<std::string>> Database::setting(std::string_view name) {
  return impl_->guarded("cannot read a setting", [&]() -> std::optional<std::string> {
    auto row = impl_->connection.query("SELECT value FROM setting WHERE name = ?", name);
    if (!row.next()) return std::nullopt;
    return row.text(0);
  });
}

Result<> Database::set_setting(std::string_view name, std::string_view value) {
  return impl_->guarded("cannot write a setting", [&] {
    impl_->connection.run(
        "INSERT INTO setting(name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", name, value);
  });
}

}  // namespace coi::store
