#include "store/database.h"

#include <array>

#include <fmt/format.h>

#include "chat/arrival.h"
#include "chat/same_mail.h"
#include "store/database_impl.h"

namespace coi::store {
namespace {

constexpr std::array migrations = {
#include "migrations.inc"
};

constexpr int busy_ms = 2000;
constexpr int ordered_anew = 5;  // the version since which messages of one second have an order of their own

// A database of a newer program is left alone; an older one is brought forward one file at a time. The version that it
// had; a new one has 0.
Result<int> migrate(Connection& connection, const Log& log) {
  const int version = connection.database().execAndGet("PRAGMA user_version").getInt();
  if (version > static_cast<int>(migrations.size()))
    return fail(ErrorKind::not_allowed, "the database was made by a newer version of this program",
                "install the newer version");
  for (int next = version; next < static_cast<int>(migrations.size()); ++next) {
    SQLite::Transaction transaction(connection.database());
    connection.database().exec(migrations.at(static_cast<std::size_t>(next)));
    connection.database().exec(fmt::format("PRAGMA user_version = {}", next + 1));
    transaction.commit();
    log.info("database: migrated to version {}", next + 1);
  }
  return version;
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
      "PRAGMA cache_size = -2000;"  // 2 MB: an idle account stays small
      "PRAGMA wal_autocheckpoint = 1000;"
      "PRAGMA journal_size_limit = 4194304;"
      "PRAGMA temp_store = MEMORY");
}

Result<Database> Database::open(const std::filesystem::path& directory, Log log) {
  return walled("cannot open the account's database", [&]() -> Result<Database> {
    std::error_code error;
    std::filesystem::create_directories(directory, error);
    if (error) return fail(ErrorKind::io, fmt::format("cannot create {}: {}", directory.string(), error.message()));
    auto impl = std::make_unique<Impl>((directory / "account.db").string(), std::move(log));
    const auto version = COI_TRY(migrate(impl->connection, impl->log));
    if (version > 0 && version < ordered_anew) impl->order_all();
    if (auto row = impl->connection.query("SELECT value FROM setting WHERE name = 'seq'"); row.next())
      impl->seq = std::stoll(row.text(0));
    return Database(std::move(impl));
  });
}

Database::Database(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Database::Database(Database&&) noexcept = default;
Database& Database::operator=(Database&&) noexcept = default;
Database::~Database() = default;

Result<> Database::begin(Durability durability) {
  return walled("cannot begin", [&] {
    // The level may only change between transactions.
    impl_->connection.run(durability == Durability::full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
    impl_->connection.run("BEGIN IMMEDIATE");
    impl_->changes = {};
  });
}

Result<> Database::gather(const std::vector<chat::Lookup>& lookups, chat::Facts& facts) {
  return walled("cannot look up", [&] {
    for (const auto& lookup : lookups) impl_->gather(lookup, facts);
  });
}

Result<> Database::apply(const chat::Plan& plan, UnixMs now) {
  return walled("cannot store", [&] {
    impl_->now = now;
    impl_->put_now.reset();
    for (const auto& operation : plan.operations) std::visit([&](const auto& one) { impl_->apply(one); }, operation);
  });
}

Result<Changes> Database::commit() {
  return walled("cannot commit", [&] {
    impl_->save_progress();
    impl_->index.save();
    impl_->order_seconds();
    for (const auto id : std::exchange(impl_->settling, {})) impl_->drop_settled(id);
    auto& changes = impl_->changes;
    for (const auto id : changes.added) changes.changed.erase(id);
    std::erase_if(changes.notify, [&](chat::MessageId id) { return !impl_->deserves_sound(id); });
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
  impl_->put_now.reset();
  impl_->index.forget();
  impl_->changes = {};
  try {
    impl_->connection.run("ROLLBACK");
    if (auto row = impl_->connection.query("SELECT value FROM setting WHERE name = 'seq'"); row.next())
      impl_->seq = std::stoll(row.text(0));
  } catch (const std::exception& exception) {
    // SQLite rolls back by itself on the errors that leave no transaction behind.
    impl_->log.debug("database: rollback: {}", exception.what());
  }
}

Result<bool> Database::knows(const chat::MailSeenAgain& copy, bool ours, UnixMs now) {
  return walled("cannot look for a mail", [&] {
    chat::Facts facts;
    impl_->gather(chat::FindMessages{copy.key}, facts);
    const auto* known = chat::known_by_header(copy, facts.namesakes);
    if (known == nullptr || known->forged || (ours && !known->outgoing)) return false;
    return known->arrived_ms <=
           chat::arrival({.received = copy.received, .internaldate = copy.internaldate, .date = copy.date, .own = ours},
                         now);
  });
}

Result<std::vector<Folder>> Database::folders() {
  return walled("cannot read the folders", [&] {
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
  return walled("cannot list the files", [&] {
    std::set<std::string> blobs;
    auto row = impl_->connection.query("SELECT DISTINCT blob FROM attachment WHERE blob <> ''");
    while (row.next()) blobs.insert(row.text(0));
    return blobs;
  });
}

Result<std::optional<std::string>> Database::setting(std::string_view name) {
  return walled("cannot read a setting", [&]() -> std::optional<std::string> {
    auto row = impl_->connection.query("SELECT value FROM setting WHERE name = ?", name);
    if (!row.next()) return std::nullopt;
    return row.text(0);
  });
}

Result<> Database::set_setting(std::string_view name, std::string_view value) {
  return walled("cannot write a setting", [&] {
    impl_->connection.run(
        "INSERT INTO setting(name, value) VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", name, value);
  });
}

}  // namespace coi::store
