#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <iterator>
#include <thread>

#include "secrets/secrets.h"
#include "temporary_directory.h"

namespace coi::secrets {
namespace {

namespace fs = std::filesystem;

class File : public testing::Test {
 protected:
  Store store() { return open(Mode::file, directory.path()).value(); }
  Result<Store> try_open() { return open(Mode::file, directory.path()); }
  fs::path path() const { return directory.path() / "secrets"; }

  std::string content() const {
    std::ifstream file(path(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  void write(std::string_view text, fs::perms permissions = fs::perms::owner_read | fs::perms::owner_write) const {
    std::ofstream(path(), std::ios::binary) << text;
    fs::permissions(path(), permissions);
  }

  TemporaryDirectory directory;
};

TEST_F(File, KeepsReplacesAndForgets) {
  auto first = store();
  ASSERT_TRUE(first.put("a/imap", Secret("one")));
  ASSERT_TRUE(first.put("a/smtp", Secret("two")));
  ASSERT_TRUE(first.put("a/imap", Secret("three")));
  auto second = store();
  EXPECT_EQ(second.get("a/imap").value().reveal(), "three");
  EXPECT_EQ(second.get("a/smtp").value().reveal(), "two");
  ASSERT_TRUE(second.erase("a/imap"));
  EXPECT_EQ(first.get("a/imap").error().kind(), ErrorKind::not_found);
  EXPECT_EQ(first.get("a/smtp").value().reveal(), "two");
  EXPECT_TRUE(first.erase("a/imap")) << "erasing what is not there is no error";
}

TEST_F(File, AnyOctetsComeBack) {
  std::string octets;
  for (int octet = 0; octet < 256; ++octet) octets += static_cast<char>(octet);
  auto kept = store();
  for (const std::string& secret : {octets, std::string(), std::string("100% \n %41")}) {
    ASSERT_TRUE(kept.put("key", Secret(secret)));
    EXPECT_EQ(store().get("key").value().reveal(), secret);
  }
}

TEST_F(File, FormatStaysReadable) {
  ASSERT_TRUE(store().put("b", Secret("p%ss wörd")));
  ASSERT_TRUE(store().put("a", Secret("")));
  EXPECT_EQ(content(), "coi-secrets 1\na \nb p%25ss%20w%C3%B6rd\n");
}

TEST_F(File, OnlyTheOwnerCanReadItWhateverTheUmask) {
  const auto before = ::umask(0);
  const auto kept = store().put("key", Secret("pw"));
  ::umask(before);
  ASSERT_TRUE(kept);
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_FALSE(fs::exists(directory.path() / "secrets.new"));
}

TEST_F(File, AWiderFileLeftByACrashDoesNotWidenTheNewOne) {
  std::ofstream(directory.path() / "secrets.new") << "half";
  fs::permissions(directory.path() / "secrets.new", fs::perms::all);
  ASSERT_TRUE(store().put("key", Secret("pw")));
  EXPECT_EQ(fs::status(path()).permissions(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(store().get("key").value().reveal(), "pw");
}

TEST_F(File, RefusesAFileThatOthersCanRead) {
  auto kept = store();
  ASSERT_TRUE(kept.put("key", Secret("pw")));
  for (const auto open_to : {fs::perms::group_read, fs::perms::others_read, fs::perms::group_write}) {
    fs::permissions(path(), fs::perms::owner_read | fs::perms::owner_write | open_to);
    const auto error = kept.get("key").error();
    EXPECT_EQ(error.kind(), ErrorKind::not_allowed);
    EXPECT_NE(error.hint().find("chmod 600 '" + path().native() + "'"), std::string::npos) << error.hint();
    EXPECT_EQ(kept.put("key", Secret("new")).error().kind(), ErrorKind::not_allowed);
    EXPECT_EQ(kept.erase("key").error().kind(), ErrorKind::not_allowed);
    EXPECT_EQ(try_open().error().kind(), ErrorKind::not_allowed);
  }
  fs::permissions(path(), fs::perms::owner_read | fs::perms::owner_write);
  EXPECT_EQ(kept.get("key").value().reveal(), "pw");
}

TEST_F(File, RefusesWhatIsNoFile) {
  fs::create_symlink("/dev/null", path());
  EXPECT_EQ(try_open().error().kind(), ErrorKind::not_allowed);
  fs::remove(path());
  ASSERT_EQ(::mkfifo(path().c_str(), 0600), 0);
  EXPECT_EQ(try_open().error().kind(), ErrorKind::not_allowed);
}

TEST_F(File, ADamagedFileIsNeitherReadNorOverwritten) {
  for (const std::string_view damaged :
       {"", "coi-secrets 1", "coi-secrets 2\n", "coi-secrets 1\nkey\n", "coi-secrets 1\nkey %4\n",
        "coi-secrets 1\nkey %zz\n", "coi-secrets 1\n value\n", "coi-secrets 1\nkey cut off",
        "coi-secrets 1\nkey %+1\n"}) {
    write(damaged);
    EXPECT_EQ(try_open().error().kind(), ErrorKind::corrupt) << damaged;
  }
  write("coi-secrets 1\n");
  auto kept = store();
  write("coi-secrets 1\nkey");
  EXPECT_EQ(kept.put("other", Secret("pw")).error().kind(), ErrorKind::corrupt);
  EXPECT_EQ(content(), "coi-secrets 1\nkey");
  // Only who says so gives it up, and even then it can be looked at.
  ASSERT_TRUE(set_aside(directory.path()));
  EXPECT_TRUE(fs::exists(directory.path() / "secrets.damaged"));
  ASSERT_TRUE(store().put("other", Secret("pw")));
  EXPECT_EQ(store().get("other")->reveal(), "pw");
}

TEST_F(File, NeedsADirectory) { EXPECT_EQ(open(Mode::file, directory.path() / "none").error().kind(), ErrorKind::io); }

TEST_F(File, ChecksKeysAndSizes) {
  auto kept = store();
  for (const std::string& key : {std::string(), std::string("a b"), std::string("a\n"), std::string("ä"),
                                 std::string("\0", 1), std::string(201, 'k')}) {
    EXPECT_EQ(kept.put(key, Secret("pw")).error().kind(), ErrorKind::invalid) << key;
    EXPECT_EQ(kept.get(key).error().kind(), ErrorKind::invalid) << key;
    EXPECT_EQ(kept.erase(key).error().kind(), ErrorKind::invalid) << key;
  }
  const std::string longest(200, 'k');
  ASSERT_TRUE(kept.put(longest, Secret(std::string(65'536, '\0'))));
  EXPECT_EQ(kept.get(longest).value().reveal().size(), 65'536);
  EXPECT_EQ(kept.put("key", Secret(std::string(65'537, 'x'))).error().kind(), ErrorKind::limit);
}

TEST_F(File, WritersOfSeveralThreadsLoseNothing) {
  constexpr int threads = 4;
  constexpr int keys = 10;
  {
    std::vector<std::jthread> writers;
    for (int thread = 0; thread < threads; ++thread)
      writers.emplace_back([this, thread] {
        auto own = store();
        for (int key = 0; key < keys; ++key)
          EXPECT_TRUE(own.put(fmt::format("{}/{}", thread, key), Secret(std::to_string(key))));
      });
  }
  auto kept = store();
  for (int thread = 0; thread < threads; ++thread)
    for (int key = 0; key < keys; ++key)
      EXPECT_EQ(kept.get(fmt::format("{}/{}", thread, key)).value().reveal(), std::to_string(key));
}

}  // namespace
}  // namespace coi::secrets
