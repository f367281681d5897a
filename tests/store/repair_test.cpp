// How a database was closed is known to the next start; a damaged one is replaced by what can be read of it.
#include "store/repair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sqlite3.h>

#include <fstream>
#include <set>

#include <fmt/format.h>

#include "chat/timer.h"
#include "small_disk.h"
#include "store/condition.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::Contains;
using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr int messages = 300;

fs::path database_in(const fs::path& directory) { return directory / database_file; }

void run(const fs::path& directory, const std::string& sql) {
  sqlite3* db = nullptr;
  ASSERT_EQ(sqlite3_open(database_in(directory).c_str(), &db), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr), SQLITE_OK) << sqlite3_errmsg(db);
  sqlite3_close(db);
}

// The description of the tables, and the page of each table from which all its others are found.
std::set<std::uintmax_t> pages_without_substitute(const fs::path& directory) {
  std::set<std::uintmax_t> pages;
  sqlite3* db = nullptr;
  EXPECT_EQ(sqlite3_open(database_in(directory).c_str(), &db), SQLITE_OK);
  const auto add = [](void* found, int, char** columns, char**) {
    static_cast<std::set<std::uintmax_t>*>(found)->insert(std::stoul(columns[0]));
    return 0;
  };
  EXPECT_EQ(
      sqlite3_exec(db, "SELECT pageno FROM dbstat WHERE name = 'sqlite_schema' OR path = '/'", add, &pages, nullptr),
      SQLITE_OK);
  sqlite3_close(db);
  return pages;
}

void overwrite(const fs::path& file, std::uintmax_t at, const std::string& octets) {
  std::fstream stream(file, std::ios::binary | std::ios::in | std::ios::out);
  stream.seekp(static_cast<std::streamoff>(at));
  stream << octets;
}

// 300 mails of Bob, of which each fourth lies on no server any more, a blocked stranger, and a mail that waits.
class Repair : public testing::Test {
 protected:
  Repair() {
    std::vector<Operation> all{PutFolders{{{"INBOX", FolderRole::inbox}}}};
    for (int i = 0; i < messages; ++i) {
      const auto message =
          bobs(fmt::format("{}@b", i), fmt::format("wort{} {}", i, std::string(300, 'x')), now + i * second);
      all.emplace_back(message);
      if (i % 4 != 0) all.emplace_back(at(inbox(static_cast<std::uint32_t>(i + 1)), message));
    }
    all.emplace_back(PatchPerson{.addr = "bob@example.net", .name = "Bobby"});
    all.emplace_back(PutFilter{wire::Filter::seen});
    const auto waits = own("waits@a", "waits", now, "carol@example.net");
    all.emplace_back(waits);
    all.emplace_back(PutOutgoing{
        .key = waits.key, .message = {}, .recipients = {"carol@example.net"}, .tree = {}, .bytes = "bytes"});
    put(std::move(all));
  }

  // In one transaction, as the program leaves them.
  void put(std::vector<Operation> operations) {
    auto database = good(Database::open(path(), {}));
    good(database.begin(Durability::full));
    good(database.apply({.operations = std::move(operations), .refusal = {}}, now));
    good(database.commit());
    good(database.close());
  }
  // All rows of chats are lost.
  void repair_without_chats() {
    run(path(), "PRAGMA foreign_keys = OFF; DELETE FROM chat");
    note_damaged(path(), "chats are gone");
    good(repair(path(), now, {}));
  }

  const fs::path& path() const { return directory_.path(); }
  std::vector<std::string> found(std::string_view word) const {
    auto reader = good(Reader::open(path()));
    std::vector<std::string> ids;
    for (const auto page = good(reader.search(word, {}, {.most = 1000})); const auto& row : page.value.rows)
      ids.push_back(row.rfc_id);
    return ids;
  }
  std::string name_of_bob() const {
    return good(good(Reader::open(path())).person_with("bob@example.net")).value.value().name;
  }
  std::size_t shown() const {
    auto reader = good(Reader::open(path()));
    const auto chat = good(reader.find_chats("bob@example.net")).at(0);
    return good(reader.messages(chat, {.most = 1000})).value.rows.size();
  }

  TemporaryDirectory directory_{TemporaryDirectory::Where::memory};
};

TEST_F(Repair, ACleanEndIsKnown) {
  EXPECT_EQ(condition_of(path()).condition, Condition::sound);
  auto database = good(Database::open(path(), {}));
  EXPECT_NE(condition_of(path()).condition, Condition::sound) << "it may be killed from here on";
  good(database.close());
  EXPECT_EQ(condition_of(path()).condition, Condition::sound);
  std::ofstream(path() / "account.db-wal") << "left by somebody";
  EXPECT_EQ(condition_of(path()).condition, Condition::unknown);
}

TEST_F(Repair, WhatChangesTheFileMakesItLookedThrough) {
  overwrite(database_in(path()), 20 * 4096, std::string(4096, '\x55'));
  const auto opened = Database::open(path(), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().kind(), ErrorKind::corrupt);
  EXPECT_THAT(opened.error().text(), HasSubstr("the database of this account is damaged"));
  EXPECT_EQ(condition_of(path()).condition, Condition::damaged) << "it need not be looked through again";
  EXPECT_EQ(Database::open(path(), {}).error().kind(), ErrorKind::corrupt);
}

TEST_F(Repair, AnEmptiedOrLostFileIsNoNewAccount) {
  fs::resize_file(database_in(path()), 0);
  EXPECT_EQ(Database::open(path(), {}).error().kind(), ErrorKind::corrupt);
  fs::remove(database_in(path()));
  EXPECT_EQ(Database::open(path(), {}).error().kind(), ErrorKind::corrupt);
  const auto repaired = good(repair(path(), now, {}));
  EXPECT_THAT(repaired.incomplete, Contains("everything"));
  EXPECT_TRUE(Database::open(path(), {}));
}

// The same pages are lost to everybody; each other row is there.
TEST_F(Repair, TakesAllThatCanBeRead) {
  const auto needed = pages_without_substitute(path());
  const auto size = fs::file_size(database_in(path()));
  ASSERT_GT(size, 60U * 4096);
  int complete = 0;
  for (std::uintmax_t page = 1; page < size / 4096; page += 2) {
    SCOPED_TRACE(fmt::format("page {}", page + 1));
    const TemporaryDirectory copy{TemporaryDirectory::Where::memory};
    fs::copy(path(), copy.path(), fs::copy_options::recursive);
    overwrite(database_in(copy.path()), page * 4096, std::string(4096, '\x55'));
    const auto repaired = good(repair(copy.path(), now, {}));
    if (repaired.sound) continue;  // a page that is free
    EXPECT_TRUE(Database::open(copy.path(), {}));
    auto reader = good(Reader::open(copy.path()));
    const auto lacks = [&](std::string_view word) {
      return std::ranges::find(repaired.incomplete, word) != repaired.incomplete.end();
    };
    if (needed.contains(page + 1)) continue;
    EXPECT_GE(repaired.messages, messages - 40) << "one page holds some ten of them";
    if (!lacks("messages")) {
      EXPECT_EQ(repaired.messages, messages + 1);
      ++complete;
    }
    if (!lacks("what waits to be sent")) {
      EXPECT_EQ(repaired.waiting, 1);
    } else if (const auto carol = good(reader.find_chats("carol@example.net")); !carol.empty()) {
      for (const auto shown = good(reader.messages(carol.front(), {.most = 10}));
           const auto& message : shown.value.rows)
        EXPECT_NE(message.state, MessageRow::State::sent) << "nobody knows that it was";
    }
    if (!lacks("contacts")) {
      EXPECT_EQ(good(reader.person_with("bob@example.net")).value.value().name, "Bobby");
    }
  }
  EXPECT_GT(complete, 5);
}

TEST_F(Repair, TheSearchIndexAloneIsDamaged) {
  run(path(), "UPDATE search_data SET block = x'00' WHERE id > 10");
  EXPECT_FALSE(good(repair(path(), now, {})).sound) << "SQLite's own check does not look into it";
  EXPECT_EQ(found("wort299"), std::vector<std::string>{"299@b"});
  EXPECT_EQ(shown(), static_cast<std::size_t>(messages));
  EXPECT_EQ(name_of_bob(), "Bobby");
}

TEST_F(Repair, OfASoundOneChangesNothing) {
  const auto repaired = good(repair(path(), now, {}));
  EXPECT_TRUE(repaired.sound);
  EXPECT_TRUE(repaired.kept.empty());
  EXPECT_EQ(shown(), static_cast<std::size_t>(messages));
}

TEST_F(Repair, OnAFullDiskLeavesAllAsItWas) {
  overwrite(database_in(path()), 20 * 4096, std::string(4096, '\x55'));
  const auto size = fs::file_size(database_in(path()));
  SmallDisk disk;
  disk.fill_up();
  const auto failed = repair(path(), now, {});
  disk.make_room();
  ASSERT_FALSE(failed);
  // Where SQLite's shared memory finds no room it speaks of input and output, and this disk is not full to others.
  EXPECT_TRUE(failed.error().kind() == ErrorKind::full || failed.error().kind() == ErrorKind::io)
      << failed.error().text();
  EXPECT_EQ(fs::file_size(database_in(path())), size);
  EXPECT_FALSE(fs::exists(path() / "account.db.new"));
  EXPECT_FALSE(good(repair(path(), now, {})).sound);
}

// The end may come between any two of its renamings.
TEST_F(Repair, ThatWasInterruptedIsBroughtToItsEnd) {
  for (const int moved : {0, 1, 2}) {
    SCOPED_TRACE(moved);
    const TemporaryDirectory copy{TemporaryDirectory::Where::memory};
    const auto& folder = copy.path();
    fs::copy(path(), folder, fs::copy_options::recursive);
    fs::copy(database_in(folder), folder / "account.db.repaired");
    fs::last_write_time(folder / "account.db.repaired",
                        std::chrono::file_clock::from_sys(std::chrono::sys_time(std::chrono::milliseconds(now))));
    const auto kept = folder / "account.db.damaged-20261124T040642Z";
    std::ofstream(database_in(folder)) << "the damaged one";
    std::ofstream(folder / (moved > 0 ? kept.filename().string() + "-wal" : "account.db-wal")) << "its log";
    if (moved > 1) fs::rename(database_in(folder), kept);
    EXPECT_TRUE(Database::open(folder, {}));
    auto reader = good(Reader::open(folder));
    EXPECT_FALSE(good(reader.find_chats("bob@example.net")).empty());
    EXPECT_FALSE(fs::exists(folder / "account.db.repaired"));
    EXPECT_EQ(fs::file_size(kept), 15U);
    EXPECT_EQ(fs::file_size(kept.string() + "-wal"), 7U) << "its log stays beside it";
  }
}

// What waits for its time has not been sent, and does not look so, whichever of its rows are lost.
TEST_F(Repair, WhatWaitsForItsTimeWaitsOnOrSaysThatItWasNotSent) {
  constexpr UnixMs then = now + 7 * 24 * 60 * minute;
  auto later = own("later@a", "later", now - 30 * 24 * 60 * minute, "carol@example.net");
  later.unsaid = true;
  put({later, PutOutgoing{.key = later.key, .recipients = {"carol@example.net"}, .not_before_ms = then}});
  const auto repaired_without = [&](const std::string& lost) {
    const TemporaryDirectory copy{TemporaryDirectory::Where::memory};
    fs::copy(path(), copy.path(), fs::copy_options::recursive);
    run(copy.path(), "PRAGMA foreign_keys = OFF;" + lost);
    note_damaged(copy.path(), "rows are gone");
    EXPECT_EQ(good(repair(copy.path(), now, {})).waiting, lost.find("outgoing;") != std::string::npos ? 0 : 2) << lost;
    EXPECT_TRUE(Database::open(copy.path(), {}));
    auto reader = good(Reader::open(copy.path()));
    return good(reader.message(good(reader.sent("later@a")).value())).value.value();
  };
  for (const auto* lost : {"", "DELETE FROM recipient WHERE state = 4"}) {
    const auto message = repaired_without(lost);
    EXPECT_EQ(message.state, MessageRow::State::scheduled) << lost;
    EXPECT_EQ(message.not_before_ms, then);
    EXPECT_EQ(message.recipients.at(0).addr, "carol@example.net");
  }
  const auto message = repaired_without("DELETE FROM recipient; DELETE FROM outgoing;");
  EXPECT_EQ(message.state, MessageRow::State::failed);
  EXPECT_THAT(message.recipients.at(0).error, HasSubstr("nobody has it"));
}

// Numbers of lost chats are given out again.
TEST_F(Repair, PutsMessagesIntoNobodyElsesChat) {
  put({bobs("z@z", "of zoe", now, "zoe@example.net"), bobs("a@a", "of anna", now, "anna@example.net"),
       bobs("m@m", "of mia", now, "mia@example.net")});
  repair_without_chats();
  auto reader = good(Reader::open(path()));
  for (const std::string name : {"zoe", "anna", "mia"}) {
    const auto chats = good(reader.find_chats(name + "@example.net"));
    ASSERT_EQ(chats.size(), 1U) << name;
    const auto shown = good(reader.messages(chats.front(), {.most = 10})).value.rows;
    ASSERT_EQ(shown.size(), 1U) << name;
    EXPECT_EQ(shown.front().text, "of " + name);
  }
}

// Who is in a group is what its mails say, whatever became of the row of its chat.
TEST_F(Repair, AGroupWhoseChatIsLostKeepsItsMembersAndItsFounder) {
  PutGroup said{.id = "Group-of-the-test",
                .author = "bob@example.net",
                .rfc_id = "g@b",
                .arrived_ms = now,
                .said_ms = now,
                .self = "alice@example.org"};
  for (const auto* addr : {"alice@example.org", "carol@example.net"}) said.joined.push_back({addr, now});
  auto message = bobs("g@b", "Welcome");
  message.chat = InGroup{said.id};
  put({said, message});
  repair_without_chats();
  auto reader = good(Reader::open(path()));
  const auto chats = good(reader.chats({})).value.rows;
  const auto group = std::ranges::find(chats, ChatKind::group, &ChatRow::kind);
  ASSERT_NE(group, chats.end());
  EXPECT_EQ(group->group_id, "Group-of-the-test");
  EXPECT_TRUE(group->is_member);
  ASSERT_EQ(group->members.size(), 2U);
  EXPECT_EQ(group->members.front().addr, "bob@example.net");
  EXPECT_EQ(good(reader.messages(group->id, {.most = 10})).value.rows.size(), 1U);
}

TEST_F(Repair, AChatThatIsLostHasTheTimerThatItsMailsTellOf) {
  auto message = bobs("t@b", "a minute", now + minute * messages);
  message.kind = MessageKind::notice;
  message.notice = timer_notice(60);
  message.timer = 60;
  put({message});
  repair_without_chats();
  auto reader = good(Reader::open(path()));
  const auto chat = good(reader.find_chats("bob@example.net")).at(0);
  EXPECT_EQ(good(reader.chat(chat)).value.value().timer, 60U);
}

// Its number is given out again, and that mail would be filed before it is sent.
TEST_F(Repair, ForgetsTheCopyOfALostMailAndTheMailOfALostCopy) {
  run(path(),
      "INSERT INTO job(kind, role, message, outgoing) SELECT 2, 2, id, 77 FROM message LIMIT 1;"
      "INSERT INTO outgoing(id, rfc_id, mail_from, bytes, filed) VALUES (50, 'c@b', 'a@b', x'5555', 1);"
      "INSERT INTO outgoing(id, rfc_id, mail_from, bytes, filed) VALUES (51, 'd@b', 'a@b', x'5555', 1);"
      "INSERT INTO job(kind, role, outgoing) VALUES (2, 2, 51)");
  note_damaged(path(), "rows are gone");
  good(repair(path(), now, {}));
  auto database = good(Database::open(path(), {}));
  std::vector<OutgoingId> filed;
  for (const auto& job : good(database.due_jobs(now)))
    if (job.kind == JobKind::file_copy) filed.push_back(job.outgoing);
  EXPECT_THAT(filed, testing::ElementsAre(OutgoingId{51}));
  EXPECT_FALSE(good(database.own_copy(OutgoingId{50})));
  EXPECT_TRUE(good(database.own_copy(OutgoingId{51})));
}

TEST_F(Repair, OfAFileThatCannotBeLookedAtChangesNothing) {
  fs::remove(database_in(path()));
  fs::create_directory(database_in(path()));
  const auto repaired = repair(path(), now, {});
  ASSERT_FALSE(repaired);
  EXPECT_EQ(repaired.error().kind(), ErrorKind::io) << repaired.error().text();
  EXPECT_TRUE(fs::is_directory(database_in(path())));
  EXPECT_FALSE(keeps_damaged(path()));
}

TEST_F(Repair, DamageFoundAmidTheWorkIsRemembered) {
  auto database = good(Database::open(path(), {}));
  EXPECT_FALSE(database.damage());
  const auto size = fs::file_size(database_in(path()));
  overwrite(database_in(path()), 8 * 4096, std::string(size - 8 * 4096, '\x55'));
  good(database.begin(Durability::normal));
  auto again = bobs("7@b", "other words");
  again.into = MessageId{8};
  again.arrived_ms = 1;
  const auto applied = database.apply({.operations = {again}, .refusal = {}}, now);
  const auto committed = applied ? database.commit() : Result<Changes>(std::unexpected(applied.error()));
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().kind(), ErrorKind::corrupt) << committed.error().text();
  database.rollback();
  ASSERT_TRUE(database.damage());
  good(database.close());
  EXPECT_EQ(condition_of(path()).condition, Condition::damaged);
  EXPECT_EQ(Database::open(path(), {}).error().kind(), ErrorKind::corrupt);
}

}  // namespace
}  // namespace coi::store
