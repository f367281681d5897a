// Accounts whose files are not as a login left them are listed, hinder no other, and can be removed.
#include "engine/engine.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <functional>
#include <thread>

#include <fmt/format.h>

#include "device.h"
#include "engine/blobs.h"
#include "engine/credential.h"
#include "engine/own_files.h"
#include "temporary_directory.h"

namespace coi::engine {
namespace {

using testing::HasSubstr;
namespace fs = std::filesystem;

constexpr auto odd_id = "01ODD";

class OddAccounts : public testing::Test {
 protected:
  OddAccounts() {
    add("01SOUND", "me@example.org");
    add(odd_id, "other@example.org");
  }

  fs::path folder(const std::string& id) const { return data_ / "accounts" / id; }
  fs::path odd(const std::string& file) const { return folder(odd_id) / file; }

  void add(const std::string& id, const std::string& addr) {
    fs::create_directories(folder(id));
    const net::Endpoint nobody{"127.0.0.1", test::closed_port(), net::Security::plain};
    const AccountConfig config{.id = id, .addr = addr, .user = addr, .imap = nobody, .smtp = nobody};
    ASSERT_TRUE(save(config, folder(id)));
    ASSERT_TRUE(keep_secrets(config, Secret("secret"), folder(id)));
  }
  void open(Environment environment = {}) {
    engine_.reset();
    auto engine = Engine::open(data_, std::move(environment), [](const Event&) {});
    ASSERT_TRUE(engine) << engine.error().text();
    engine_ = *std::move(engine);
  }
  // What is wrong with the odd one; empty: it is not listed, or nothing is.
  std::string problem() {
    for (const auto& entry : engine_->accounts())
      if (entry.config.id == odd_id && entry.problem) return entry.problem->text();
    return "";
  }

  const TemporaryDirectory directory_;
  const fs::path& data_ = directory_.path();
  std::unique_ptr<Engine> engine_;
};

void fill(const fs::path& file, std::string_view text) { std::ofstream(file, std::ios::binary) << text; }

struct Harm {
  const char* name;
  std::function<void(const fs::path& folder)> harm;
  const char* words;
};

const Harm harms[] = {
    {"empty", [](const fs::path& folder) { fill(folder / "account.json", ""); }, "is damaged"},
    {"garbage", [](const fs::path& folder) { fill(folder / "account.json", "\xff\xfe{]"); }, "is damaged"},
    {"NUL", [](const fs::path& folder) { fill(folder / "account.json", std::string_view("{\"id\":\"\0\"}", 11)); },
     "is damaged"},
    {"no servers",
     [](const fs::path& folder) {
       fill(folder / "account.json", R"({"id":"01ODD","addr":"a@b","user":"a","imap":"x","smtp":"y"})");
     },
     "is damaged"},
    {"huge",
     [](const fs::path& folder) {
       fill(folder / "account.json", "{");
       fs::resize_file(folder / "account.json", 1'000'000'000);  // takes no room
     },
     "far too long"},
    {"directory",
     [](const fs::path& folder) {
       fs::remove(folder / "account.json");
       fs::create_directory(folder / "account.json");
     },
     "no ordinary file"},
    {"pipe",
     [](const fs::path& folder) {
       fs::remove(folder / "account.json");
       ::mkfifo((folder / "account.json").c_str(), 0600);
     },
     "no ordinary file"},
    {"link",
     [](const fs::path& folder) {
       fs::remove(folder / "account.json");
       fs::create_symlink("/dev/zero", folder / "account.json");
     },
     "is a link"},
    {"link to itself",
     [](const fs::path& folder) {
       fs::remove(folder / "account.json");
       fs::create_symlink("account.json", folder / "account.json");
     },
     "is a link"},
    {"lost",
     [](const fs::path& folder) {
       fill(folder / "account.db", "");
       fs::remove(folder / "account.json");
     },
     "is missing"},
    {"database is a directory", [](const fs::path& folder) { fs::create_directory(folder / "account.db"); },
     "cannot open the account's database"},
    {"database is a link to nowhere",
     [](const fs::path& folder) { fs::create_symlink("/nowhere/at/all", folder / "account.db"); },
     "cannot open the account's database"},
};

TEST_F(OddAccounts, LoseFilesThatNoMessageHasAtTheStart) {
  open();
  engine_.reset();
  fs::create_directories(odd("blobs"));
  fill(odd("blobs") / "left-over", "x");
  open();
  EXPECT_FALSE(fs::exists(odd("blobs") / "left-over"));
}

TEST_F(OddAccounts, LoseFilesThatNoMessageHasWhileTheProgramRuns) {
  open({.times = {.sweep = std::chrono::milliseconds(20)}});
  const auto file = folder("01SOUND") / "blobs" / "left-over";
  fs::create_directories(file.parent_path());
  std::ofstream(file) << "x";
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (fs::exists(file) && std::chrono::steady_clock::now() < deadline)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  EXPECT_FALSE(fs::exists(file));
}

TEST_F(OddAccounts, AreListedWithTheirProblemHinderNobodyAndCanBeRemoved) {
  for (const auto& [name, harm, words] : harms) {
    SCOPED_TRACE(name);
    harm(folder(odd_id));
    open();
    EXPECT_THAT(problem(), HasSubstr(words));
    EXPECT_TRUE(engine_->account("me@example.org"));
    EXPECT_TRUE(engine_->account(odd_id).error().text().starts_with("cannot open "));
    const auto removed = engine_->logout(odd_id);
    EXPECT_TRUE(removed) << removed.error().text();
    EXPECT_FALSE(fs::exists(folder(odd_id)));
    EXPECT_EQ(engine_->accounts().size(), 1U);
    add(odd_id, "other@example.org");
  }
}

TEST_F(OddAccounts, TheOnlyOneThatCanBeReadNeedsNoChoice) {
  fill(odd("account.json"), "{");
  open();
  EXPECT_EQ(engine_->account("").value()->config().addr, "me@example.org");
}

TEST_F(OddAccounts, WhatIsNoAccountIsPassedOver) {
  fill(data_ / "accounts" / "file", "");
  fs::create_directory(data_ / "accounts" / "02BEGUN");  // a login that did not come to its end
  fs::create_symlink("/nowhere/at/all", data_ / "accounts" / "link");
  open();
  EXPECT_EQ(engine_->accounts().size(), 2U);
}

// Files of another user, as an administrator or a restored backup may leave them. Seen as a user who may not do all.
TEST_F(OddAccounts, OfAnotherUserAreListedToo) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give files away";
  constexpr uid_t user = 65534;
  for (const auto& path : {data_, data_ / "accounts"}) ASSERT_EQ(::chown(path.c_str(), user, user), 0);
  for (const auto& file : fs::recursive_directory_iterator(folder("01SOUND")))
    ASSERT_EQ(::chown(file.path().c_str(), user, user), 0);
  ASSERT_EQ(::chown(folder("01SOUND").c_str(), user, user), 0);
  fs::permissions(folder(odd_id), fs::perms::owner_all);
  ASSERT_EQ(::seteuid(user), 0);
  open();
  const auto seen = problem();
  const bool other = engine_->account("me@example.org").has_value();
  const auto removed = engine_->logout(odd_id);
  const auto left = engine_->accounts().size();
  engine_.reset();
  ASSERT_EQ(::seteuid(0), 0);
  EXPECT_THAT(seen, HasSubstr("Permission denied"));
  EXPECT_TRUE(other);
  ASSERT_FALSE(removed);
  EXPECT_THAT(removed.error().text(), HasSubstr("cannot remove"));
  EXPECT_EQ(left, 2U) << "what could not be removed is still listed";
}

unsigned mode_of(const fs::path& file) { return static_cast<unsigned>(fs::symlink_status(file).permissions()); }

TEST_F(OddAccounts, WhatOthersCouldReadIsClosedToThem) {
  open();
  engine_.reset();
  ASSERT_TRUE(Blobs(odd("blobs")).put("a file"));
  fill(odd("secrets"), "");
  fill(odd("secrets.lock"), "");
  fill(odd("account.db-wal"), "left by a kill");  // SQLite itself mends an empty one
  const auto outside = data_ / "outside", shared = data_ / "shared";
  fill(outside, "");
  fill(shared, "");
  fs::create_symlink(outside, odd("link"));
  fs::create_hard_link(shared, odd("hard-link"));
  std::vector<fs::path> files;
  for (const auto& file : fs::recursive_directory_iterator(data_))
    if (!file.is_symlink() && file.path().filename() != "secrets") files.push_back(file.path());
  for (const auto& file : files) ::chmod(file.c_str(), fs::is_directory(file) ? 0755 : 0644);
  ::chmod(odd("secrets").c_str(), 0644);
  ::chmod(data_.c_str(), 0755);
  open();
  EXPECT_EQ(mode_of(data_), 0700U);
  for (const auto& file : files) {
    if (file == outside || file == shared || file == odd("hard-link") || !fs::exists(file)) continue;
    EXPECT_EQ(mode_of(file), fs::is_directory(file) ? 0700U : 0600U) << file;
  }
  EXPECT_EQ(mode_of(odd("secrets")), 0644U) << "others may have read it: the user is told when it is used";
  EXPECT_EQ(mode_of(outside), 0644U) << "it is no file of ours, and a link leads to it";
  EXPECT_EQ(mode_of(shared), 0644U) << "nor is one that has another name elsewhere";
}

TEST_F(OddAccounts, WhatAKillLeftHalfWrittenIsRemoved) {
  fill(data_ / "lock", "");
  for (const auto& file : {data_ / ".abcdefghijkl.new", odd(".abcdefghijkl.new")}) fill(file, "half");
  fill(odd("new"), "");
  open();
  EXPECT_FALSE(fs::exists(data_ / ".abcdefghijkl.new"));
  EXPECT_FALSE(fs::exists(odd(".abcdefghijkl.new")));
  EXPECT_TRUE(fs::exists(odd("new")));
}

}  // namespace
}  // namespace coi::engine
