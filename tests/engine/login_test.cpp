// A login that cannot be stored, and an account whose files are not all there.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <future>

#include <fmt/format.h>

#include "engine/engine.h"
#include "mailhost.h"
#include "submission_server.h"
#include "temporary_directory.h"

namespace coi::engine {
namespace {

namespace fs = std::filesystem;

const std::string alice = "alice@example.org";

class LoginTest : public testing::Test {
 protected:
  LoginTest() {
    engine_ = Engine::open(directory_, {}, [](const Event&) {}).value();
  }

  Result<std::shared_ptr<Account>> login(const std::string& password = "secret",
                                         const std::optional<std::string>& smtp_url = {}) {
    return engine_->login({.addr = alice,
                           .imap_url = host_.imap_url(),
                           .smtp_url = smtp_url.value_or(host_.smtp_url()),
                           .tls_ca = host_.ca(),
                           .password = Secret(password),
                           .secrets = secrets::Mode::file},
                          [](std::string_view) {});
  }
  static Result<> sync(Account& account) {
    std::promise<Result<>> synced;
    account.sync([&](Result<> outcome) { synced.set_value(std::move(outcome)); });
    return synced.get_future().get();
  }
  Result<> sync() {
    const auto account = engine_->account(alice);
    return account ? sync(**account) : std::unexpected(account.error());
  }
  void restart() {
    engine_.reset();
    engine_ = Engine::open(directory_, {}, [](const Event&) {}).value();
  }
  fs::path account_folder() const { return fs::directory_iterator(directory_ / "accounts")->path(); }

  live::Mailhost host_;
  const TemporaryDirectory temporary_;
  const fs::path& directory_ = temporary_.path();
  std::unique_ptr<Engine> engine_;
};

// RFC 1870: known before the first mail.
TEST_F(LoginTest, TellsHowLargeAMailMayBe) {
  test::SubmissionServer server([](const std::string& said) -> std::string {
    return said.starts_with("EHLO") ? "250-here\r\n250-SIZE 100000\r\n250 AUTH PLAIN" : "";
  });
  const auto account = login("secret", fmt::format("smtp+plain://127.0.0.1:{}", server.port()));
  ASSERT_TRUE(account) << account.error().text();
  const auto file = directory_ / "picture.jpg";
  std::ofstream(file) << std::string(70'054, 'x');
  const auto refused = (*account)->add_files({file});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().kind(), ErrorKind::limit);
  fs::resize_file(file, 70'053);
  EXPECT_TRUE((*account)->add_files({file}));
}

TEST_F(LoginTest, AgainKeepsNameAndSettings) {
  ASSERT_TRUE(login());
  ASSERT_TRUE(engine_->change(alice, {.name = "Alice", .receipts = false, .sent_folder = "Gesendet"}));
  ASSERT_TRUE(login());
  for (const auto* when : {"at once", "after a restart"}) {
    const auto config = engine_->accounts().front().config;
    EXPECT_EQ(config.name, "Alice") << when;
    EXPECT_FALSE(config.receipts) << when;
    EXPECT_EQ(config.sent_folder, "Gesendet") << when;
    restart();
  }
}

TEST_F(LoginTest, ThatCannotKeepThePasswordLeavesTheOneBefore) {
  ASSERT_TRUE(login());
  const auto in_the_way = account_folder() / "secrets.new";
  fs::create_directory(in_the_way);
  const auto failed = login();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().kind(), ErrorKind::io);
  EXPECT_NE(failed.error().text().find("cannot keep the password"), std::string::npos) << failed.error().text();
  EXPECT_EQ(engine_->accounts().size(), 1U);
  EXPECT_TRUE(sync());
  fs::remove(in_the_way);
  EXPECT_TRUE(login());
  EXPECT_EQ(engine_->accounts().size(), 1U);
  EXPECT_TRUE(sync());
}

TEST_F(LoginTest, ThatCannotStoreTheAccountKeepsThePasswordBefore) {
  ASSERT_TRUE(login());
  const auto file = account_folder() / "account.json", aside = directory_ / "aside";
  fs::rename(file, aside);
  fs::create_directory(file);  // where no file can be put
  const auto password = [&](const std::string& word) {
    host_.command({{"cmd", "add-user"}, {"user", alice}, {"password", word}});
  };
  password("new");
  EXPECT_FALSE(login("new"));
  password("secret");
  fs::remove(file);
  fs::rename(aside, file);
  restart();
  EXPECT_TRUE(sync()) << "with the password of the login that worked";
}

TEST_F(LoginTest, OfANewAccountThatCannotBeStoredLeavesNothing) {
  fs::remove(directory_ / "accounts");
  std::ofstream(directory_ / "accounts") << "in the way";
  EXPECT_FALSE(login());
  EXPECT_TRUE(engine_->accounts().empty());
  fs::remove(directory_ / "accounts");
  EXPECT_TRUE(login());
  EXPECT_TRUE(sync());
}

TEST_F(LoginTest, WithoutItsAuthoritiesFileTheAccountCanBeRead) {
  ASSERT_TRUE(login());
  ASSERT_TRUE(sync());
  fs::rename(host_.ca(), host_.ca() + ".away");
  restart();
  const auto account = engine_->account(alice);
  ASSERT_TRUE(account) << account.error().text();
  EXPECT_TRUE((*account)->reader()->chats({}));
  const auto asked = sync();
  ASSERT_FALSE(asked);
  EXPECT_NE(asked.error().text().find(host_.ca()), std::string::npos) << asked.error().text();
  EXPECT_EQ((*account)->status().problem, asked.error().text());
  fs::rename(host_.ca() + ".away", host_.ca());
  EXPECT_TRUE(sync());
}

}  // namespace
}  // namespace coi::engine
