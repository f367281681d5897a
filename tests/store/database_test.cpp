// Opening, the schema, and what a broken or busy file does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <iterator>
#include <set>

#include "small_disk.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::HasSubstr;

std::filesystem::path file_in(const std::filesystem::path& directory) { return directory / "account.db"; }

// Straight to SQLite: what another program, or another version of ours, may have done to the file.
std::string raw(const std::filesystem::path& directory, const std::string& sql) {
  sqlite3* db = nullptr;
  std::string out;
  EXPECT_EQ(sqlite3_open(file_in(directory).c_str(), &db), SQLITE_OK);
  const auto add = [](void* text, int, char** values, char**) {
    static_cast<std::string*>(text)->append(values[0] == nullptr ? "" : values[0]) += ";\n";
    return 0;
  };
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), add, &out, nullptr), SQLITE_OK);
  sqlite3_close(db);
  return out;
}

TEST(Database, IsMadeWhereThereIsNone) {
  const TemporaryDirectory parent{TemporaryDirectory::Where::memory};
  const auto directory = parent.path() / "accounts" / "one";
  ASSERT_TRUE(Database::open(directory, {}));
  EXPECT_TRUE(std::filesystem::exists(file_in(directory)));
  ASSERT_TRUE(Database::open(directory, {}));
}

TEST(Database, KeepsWhatWasCommitted) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  {
    auto database = good(Database::open(directory.path(), {}));
    good(database.begin(Durability::full));
    good(database.apply({.operations = {bobs("a@b", "Hello")}, .refusal = {}}, now));
    good(database.commit());
    good(database.begin(Durability::normal));
    good(database.apply({.operations = {bobs("c@d", "lost")}, .refusal = {}}, now));
  }
  const auto dump = good(good(Database::open(directory.path(), {})).dump());
  EXPECT_THAT(dump, HasSubstr("text Hello"));
  EXPECT_THAT(dump, testing::Not(HasSubstr("lost")));
}

std::string text_of(const std::filesystem::path& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

// Version 1 knew no peer of a message, for there was one address a person, and of what came before only what was
// answered.
TEST(Database, OfTheFirstVersionLearnsWhatIsNew) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  raw(directory.path(), text_of(std::filesystem::path(COI_MIGRATIONS) / "001_first.sql") +
                            "INSERT INTO person(id) VALUES (1); INSERT INTO address(addr, person) VALUES ('bob@x', 1);"
                            "INSERT INTO chat(id, kind, person) VALUES (1, 0, 1), (2, 1, NULL);"
                            "INSERT INTO message(chat, rfc_id, from_addr, outgoing, sort_ms, date_ms, received_ms, "
                            "in_reply_to) VALUES (1, '1@x', 'bob@x', 0, 0, 0, 0, ''), (1, '2@a', 'me@a', 1, 0, 0, 0, "
                            "'1@x'), (2, '3@a', 'me@a', 1, 0, 0, 0, ''); PRAGMA user_version = 1");
  good(Database::open(directory.path(), {}));
  EXPECT_EQ(raw(directory.path(), "SELECT peer || ' after ' || follows FROM message ORDER BY id"),
            "bob@x after ;\nbob@x after 1@x;\n after ;\n");
}

class DatabaseOfVersion4 : public testing::Test {
 protected:
  DatabaseOfVersion4() {
    std::string sql;
    for (const auto* file : {"001_first.sql", "002_peer.sql", "003_order_and_bounces.sql", "004_indexes.sql"})
      sql += text_of(std::filesystem::path(COI_MIGRATIONS) / file);
    raw(directory_.path(),
        sql +
            "INSERT INTO person(id) VALUES (1); INSERT INTO address(addr, person) VALUES ('bob@x', 1);"
            "INSERT INTO chat(id, kind, person) VALUES (1, 0, 1);"
            "INSERT INTO message(chat, rfc_id, from_addr, sort_ms, date_ms, received_ms) VALUES "
            "(1, 'b@x', 'bob@x', 1700000000000, 1700000000000, 1800000000000),"
            "(1, 'a@x', 'bob@x', 1700000000000, 1700000000000, 1800000000000); PRAGMA user_version = 4");
  }
  std::string order() const {
    return raw(directory_.path(), "SELECT rfc_id || ' ' || sort_ms || ' ' || arrived_ms FROM message ORDER BY sort_ms");
  }

  static constexpr auto in_order = "a@x 1700000000000 1700000000000;\nb@x 1700000000001 1700000000000;\n";
  const TemporaryDirectory directory_{TemporaryDirectory::Where::memory};
};

// What stood in order stands as before, and a second gets its order.
TEST_F(DatabaseOfVersion4, KeepsItsOrder) {
  good(Database::open(directory_.path(), {}));
  EXPECT_EQ(order(), in_order);
}

TEST_F(DatabaseOfVersion4, IsBroughtForwardAgainWhenTheProgramEndedAmidIt) {
  const Log ends_the_program([](LogLevel, std::string_view line) {
    if (line.contains("migrated to version 6")) throw std::runtime_error("ended");
  });
  EXPECT_FALSE(Database::open(directory_.path(), ends_the_program));
  good(Database::open(directory_.path(), {}));
  EXPECT_EQ(order(), in_order);
}

// Version 8 kept of receipts and bounces what counted.
TEST(Database, OfVersion8KeepsItsReports) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  std::string sql;
  for (const auto* file :
       {"001_first.sql", "002_peer.sql", "003_order_and_bounces.sql", "004_indexes.sql", "005_identity_and_arrival.sql",
        "006_unanswered.sql", "007_own_copies.sql", "008_queue_by_person.sql"})
    sql += text_of(std::filesystem::path(COI_MIGRATIONS) / file);
  raw(directory.path(), sql +
                            "INSERT INTO report VALUES ('a@b', 'bob@x', 0, '', 100, 0), ('a@b', 'carol@x', 1, "
                            "'full', 200, 0), ('c@d', 'me@a', 0, '', 300, 1); PRAGMA user_version = 8");
  auto database = good(Database::open(directory.path(), {}));
  std::vector<Remark> remarks;
  good(database.look_up([&](Lookups& stored) { remarks = stored.find(FindRemarks{{"a@b", "c@d"}}); }));
  EXPECT_THAT(
      remarks,
      testing::ElementsAre(
          Remark{.subject = "a@b", .author = "bob@x", .about = "bob@x", .at_ms = 100},
          Remark{.kind = RemarkKind::failed, .subject = "a@b", .about = "carol@x", .value = "full", .at_ms = 200},
          Remark{.subject = "c@d", .author = "me@a", .about = "me@a", .at_ms = 300, .by_us = true}));
}

// What waited waits on; what the user had decided is known to be older than anything heard of from another device;
// lists show what is there.
TEST(Database, OfVersion17KeepsWhatWaitsWhatWasDecidedAndWhatIsUnread) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  std::set<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(COI_MIGRATIONS)) files.insert(file.path());
  std::string sql;
  int version = 0;
  for (const auto& file : files)
    if (++version <= 17) sql += text_of(file);
  raw(directory.path(),
      sql +
          "INSERT INTO person(id, name, blocked) VALUES (1, 'Bobby', 1); INSERT INTO address(addr, person) VALUES "
          "('bob@x', 1); INSERT INTO chat(id, kind, person, muted_until, pinned) VALUES (1, 0, 1, 5000, 1);"
          "INSERT INTO message(id, chat, rfc_id, from_addr, outgoing, seen, sort_ms, date_ms, received_ms, peer) "
          "VALUES "
          "(1, 1, '1@x', 'bob@x', 0, 0, 1000, 0, 0, 'bob@x'), (2, 1, '2@x', 'bob@x', 0, 0, 2000, 0, 0, 'bob@x'), "
          "(3, 1, '3@a', 'me@a', 1, 1, 3000, 0, 0, 'bob@x');"
          "INSERT INTO outgoing(id, message, rfc_id, mail_from, bytes, not_before_ms) VALUES (1, 3, '3@a', 'me@a', "
          "x'61', 9000); INSERT INTO recipient(outgoing, addr, state, since_ms) VALUES (1, 'bob@x', 4, 0);"
          "PRAGMA user_version = 17");
  auto database = good(Database::open(directory.path(), {}));
  EXPECT_EQ(good(database.due_held(9000)).size(), 1U);
  EXPECT_EQ(raw(directory.path(), "SELECT kind || ' ' || value || ' ' || at_ms FROM choice ORDER BY kind"),
            "0 Bobby 1;\n1 1 1;\n2 1 1;\n3 5000 1;\n4 1 1;\n");
  EXPECT_EQ(raw(directory.path(), "SELECT last_message || ' ' || unread FROM chat"), "3 2;\n");
}

TEST(Database, OnAFullDiskIsBroughtForwardLater) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  raw(directory.path(), "PRAGMA journal_mode = WAL;" +
                            text_of(std::filesystem::path(COI_MIGRATIONS) / "001_first.sql") +
                            "INSERT INTO setting VALUES ('filter', 'seen'); PRAGMA user_version = 1");
  SmallDisk disk;
  disk.fill_up();
  const auto opened = Database::open(directory.path(), {});
  disk.make_room();
  ASSERT_FALSE(opened);
  // Where SQLite's shared memory finds no room it speaks of input and output.
  EXPECT_TRUE(opened.error().kind() == ErrorKind::full || opened.error().kind() == ErrorKind::io);
  EXPECT_EQ(good(good(Database::open(directory.path(), {})).setting("filter")), "seen");
}

TEST(Database, OfANewerProgramIsLeftAlone) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  good(Database::open(directory.path(), {}));
  raw(directory.path(), "PRAGMA user_version = 1000");
  const auto opened = Database::open(directory.path(), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind(), ErrorKind::not_allowed);
  EXPECT_THAT(opened.error().text(), HasSubstr("newer version"));
  EXPECT_EQ(raw(directory.path(), "PRAGMA user_version"), "1000;\n");
}

TEST(Database, ASecondWriterIsTold) {
  Stored first;
  auto second = good(Database::open(first.directory(), {}));
  good(first.database().begin(Durability::normal));
  const auto begun = second.begin(Durability::normal);
  ASSERT_FALSE(begun);
  EXPECT_EQ(begun.error().kind(), ErrorKind::locked);
  good(first.database().commit());
  EXPECT_TRUE(second.begin(Durability::normal));
}

TEST(Database, ADamagedFileIsCalledDamaged) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  std::ofstream(file_in(directory.path()))
      << "This is no database, but it is long enough to be taken for one. " << std::string(5000, 'x');
  const auto opened = Database::open(directory.path(), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind(), ErrorKind::corrupt);
  EXPECT_THAT(opened.error().hint(), HasSubstr("coi repair"));
}

TEST(Database, ADamagedPageIsAnErrorNotAnEmptyChat) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  {
    auto database = good(Database::open(directory.path(), {}));
    good(database.begin(Durability::normal));
    Plan plan;
    for (int i = 0; i < 500; ++i) plan.operations.emplace_back(bobs(fmt::format("{}@x", i), std::string(300, 'a')));
    good(database.apply(plan, now));
    good(database.commit());
  }
  // Everything behind the schema's first pages.
  const auto size = std::filesystem::file_size(file_in(directory.path()));
  std::fstream file(file_in(directory.path()), std::ios::in | std::ios::out | std::ios::binary);
  file.seekp(static_cast<std::streamoff>(size / 4));
  file << std::string(size - size / 4, '\x55');
  file.close();
  auto reader = Reader::open(directory.path());
  const auto found = reader ? reader->messages(ChatId{1}, {.most = 50}) : std::unexpected(reader.error());
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().kind(), ErrorKind::corrupt);
}

TEST(Database, AFullDiskIsToldAndNothingIsHalfWritten) {
  SmallDisk disk;
  Stored stored;
  stored.apply({bobs("before@x", "before")});
  Plan plan;
  for (int i = 0; i < 300; ++i) plan.operations.emplace_back(bobs(fmt::format("{}@x", i), std::string(10'000, 'a')));
  disk.fill_up();
  auto& database = stored.database();
  Result<> stored_all = database.begin(Durability::normal);
  if (stored_all) stored_all = database.apply(plan, now);
  if (stored_all)
    if (const auto committed = database.commit(); !committed) stored_all = std::unexpected(committed.error());
  ASSERT_FALSE(stored_all);
  EXPECT_EQ(stored_all.error().kind(), ErrorKind::full);
  EXPECT_THAT(stored_all.error().hint(), HasSubstr("nothing was lost"));
  database.rollback();
  EXPECT_EQ(good(stored.reader().queue(now)).messages, 1);
  disk.make_room();
  stored.apply({bobs("after@x", "after")});
  EXPECT_EQ(good(stored.reader().queue(now)).messages, 2);
  EXPECT_EQ(stored.search("after"), (std::vector<std::string>{"after@x"}));
}

TEST(Database, RollingBackLeavesNoTrace) {
  Stored stored;
  const auto seq = stored.apply({PatchPerson{"bob@example.net", "Bob"}}).seq;
  good(stored.database().begin(Durability::normal));
  const auto lost = bobs("lost@x", "lost words");
  good(stored.database().apply({.operations = {lost, at(inbox(9), lost)}, .refusal = {}}, now));
  stored.database().rollback();
  EXPECT_TRUE(stored.search("lost").empty());
  EXPECT_FALSE(good(stored.database().folders()).front().done.contains(9));
  EXPECT_EQ(stored.apply({bobs("kept@x", "kept")}).seq, seq + 2);
  EXPECT_THAT(stored.dump(), testing::Not(HasSubstr("lost")));
}

TEST(Database, SettingsAreWords) {
  Stored stored;
  EXPECT_EQ(good(stored.database().setting("language")), std::nullopt);
  good(stored.database().set_setting("language", "de"));
  good(stored.database().set_setting("language", "fr"));
  EXPECT_EQ(good(stored.database().setting("language")), "fr");
}

TEST(Schema, IsTheOneInTheDocs) {
  const TemporaryDirectory directory{TemporaryDirectory::Where::memory};
  good(Database::open(directory.path(), {}));
  const auto schema =
      raw(directory.path(),
          "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND tbl_name NOT LIKE 'search\\_%' ESCAPE '\\' "
          "ORDER BY type = 'index', rowid");
  std::ifstream file(COI_SCHEMA);
  const std::string documented(std::istreambuf_iterator<char>(file), {});
  const auto fresh =
      "-- The schema as SQLite prints it; a test compares the two. Renew it with COI_RENEW=1 test_store "
      "--gtest_filter='Schema.*'\n\n" +
      schema;
  if (std::getenv("COI_RENEW") != nullptr) std::ofstream(COI_SCHEMA) << fresh;
  EXPECT_TRUE(documented == fresh || std::getenv("COI_RENEW") != nullptr)
      << "docs/schema.sql is not the schema of a fresh database. Renew it: COI_RENEW=1 test_store "
         "--gtest_filter='Schema.*'";
}

TEST(Wal, DoesNotGrowWhileAReaderIdles) {
  Stored stored;
  for (int i = 0; i < 3000; ++i) {
    const auto message = bobs(fmt::format("{}@x", i), std::string(1000, 'a'), now + i * second);
    stored.apply({message, at(inbox(static_cast<std::uint32_t>(i + 1)), message)});
    if (i % 100 == 0) {
      EXPECT_FALSE(good(stored.reader().messages(ChatId{1}, {.most = 10})).value.rows.empty());
    }
  }
  EXPECT_LT(std::filesystem::file_size(stored.directory() / "account.db-wal"), 8U << 20);
}

}  // namespace
}  // namespace coi::store
