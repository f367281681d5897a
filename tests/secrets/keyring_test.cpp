// Against a real gnome-keyring-daemon on a private session bus. The programs are part of what the test needs: without
// them it fails and says which package is missing.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <future>
#include <thread>

#include "secrets/secrets.h"
#include "temporary_directory.h"

namespace coi::secrets {
namespace {

using namespace std::chrono_literals;

// A program that runs beside the test and ends with it.
class Child {
 public:
  // `input`: what it reads, at most a few hundred octets.
  explicit Child(std::vector<std::string> words, std::string_view input = {}) {
    int in[2];
    int out[2];
    if (::pipe2(in, O_CLOEXEC) != 0 || ::pipe2(out, O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
    EXPECT_EQ(::write(in[1], input.data(), input.size()), static_cast<ssize_t>(input.size()));
    ::close(in[1]);
    std::vector<char*> arguments;
    for (auto& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    process_ = ::fork();
    if (process_ == 0) {
      ::prctl(PR_SET_PDEATHSIG, SIGKILL);
      ::dup2(in[0], STDIN_FILENO);
      ::dup2(out[1], STDOUT_FILENO);
      ::execvp(arguments[0], arguments.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    output_ = out[0];
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    ::close(output_);
    if (process_ <= 0) return;
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }

  void signal(int number) const { ::kill(process_, number); }

  // Without its line end; what there is when the output ends.
  std::string read_line() const {
    std::string line;
    for (char c = 0; ::read(output_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }
  // Its exit status, once it has ended by itself; 127 if there is no such program.
  int wait() {
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t process_ = -1;
  int output_ = -1;
};

// Sets environment variables for one test.
class Environment {
 public:
  Environment() = default;
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;
  ~Environment() {
    for (const auto& [name, value] : before_) {
      if (value)
        ::setenv(name.c_str(), value->c_str(), 1);
      else
        ::unsetenv(name.c_str());
    }
  }

  void set(const std::string& name, const std::string& value) {
    const char* now = ::getenv(name.c_str());
    before_.try_emplace(name, now != nullptr ? std::optional<std::string>(now) : std::nullopt);
    ::setenv(name.c_str(), value.c_str(), 1);
  }

 private:
  std::map<std::string, std::optional<std::string>> before_;
};

// A home directory and a session bus with no service on it.
class Bus : public testing::Test {
 protected:
  void SetUp() override {
    const auto& home = directory.path();
    for (const auto* name : {"HOME", "XDG_DATA_HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"})
      environment.set(name, home);
    const auto config = home / "bus.conf";
    std::ofstream(config) << "<busconfig><type>session</type><listen>unix:dir=" << home.native()
                          << "</listen><policy context=\"default\"><allow own=\"*\"/><allow send_destination=\"*\"/>"
                             "<allow eavesdrop=\"true\"/></policy></busconfig>";
    bus.emplace(
        std::vector<std::string>{"dbus-daemon", "--nofork", "--print-address", "--config-file=" + config.native()});
    const auto address = bus->read_line();
    ASSERT_FALSE(address.empty()) << "dbus-daemon does not run: the test needs the package dbus";
    environment.set("DBUS_SESSION_BUS_ADDRESS", address);
  }

  TemporaryDirectory directory;
  Environment environment;
  std::optional<Child> bus;
};

// With a keyring on it, unlocked.
class Keyring : public Bus {
 protected:
  void SetUp() override {
    ASSERT_NO_FATAL_FAILURE(Bus::SetUp());
    daemon.emplace(std::vector<std::string>{"gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"},
                   "password of the keyring");
    ASSERT_EQ(gdbus({"wait", "--session", "--timeout", "20", "org.freedesktop.secrets"}), 0)
        << "gnome-keyring-daemon does not run: the test needs the packages gnome-keyring and libglib2.0-bin (gdbus)";
  }

  static int gdbus(std::vector<std::string> words) {
    words.insert(words.begin(), "gdbus");
    return Child(std::move(words)).wait();
  }
  static int lock() {
    return gdbus({"call", "--session", "--dest", "org.freedesktop.secrets", "--object-path", "/org/freedesktop/secrets",
                  "--method", "org.freedesktop.Secret.Service.Lock",
                  "[objectpath '/org/freedesktop/secrets/collection/login']"});
  }
  // How many clients the bus has, the one that asks included.
  static std::ptrdiff_t connections() {
    Child list({"gdbus", "call", "--session", "--dest", "org.freedesktop.DBus", "--object-path", "/", "--method",
                "org.freedesktop.DBus.ListNames"});
    return std::ranges::count(list.read_line(), ':');
  }
  static Store store() { return open(Mode::keyring, {}).value(); }

  std::optional<Child> daemon;
};

TEST_F(Keyring, KeepsReplacesAndForgets) {
  ASSERT_TRUE(keyring_available());
  auto first = store();
  EXPECT_EQ(first.get("a/imap").error().kind(), ErrorKind::not_found);
  ASSERT_TRUE(first.put("a/imap", Secret("one")));
  ASSERT_TRUE(first.put("a/smtp", Secret("zwei ö")));
  ASSERT_TRUE(first.put("a/imap", Secret("three")));
  auto second = store();
  EXPECT_EQ(second.get("a/imap").value().reveal(), "three");
  EXPECT_EQ(second.get("a/smtp").value().reveal(), "zwei ö");
  ASSERT_TRUE(second.erase("a/imap"));
  EXPECT_EQ(first.get("a/imap").error().kind(), ErrorKind::not_found);
  EXPECT_EQ(first.get("a/smtp").value().reveal(), "zwei ö");
  EXPECT_TRUE(first.erase("a/imap")) << "erasing what is not there is no error";
}

TEST_F(Keyring, LockedIsAnErrorOfItsOwn) {
  auto kept = store();
  ASSERT_TRUE(kept.put("key", Secret("pw")));
  ASSERT_EQ(lock(), 0);
  const auto error = kept.get("key").error();
  EXPECT_EQ(error.kind(), ErrorKind::locked);
  EXPECT_EQ(error.text(), "cannot read a secret: the keyring is locked");
  EXPECT_FALSE(error.hint().empty());
  EXPECT_EQ(kept.get("other").error().kind(), ErrorKind::locked) << "a locked keyring may hide what it has";
  EXPECT_EQ(kept.put("key", Secret("new")).error().kind(), ErrorKind::locked);
  EXPECT_EQ(kept.erase("key").error().kind(), ErrorKind::locked);
  EXPECT_TRUE(open(Mode::keyring, {})) << "locked, but there";
}

TEST_F(Keyring, AServiceThatHangsIsGivenUp) {
  auto kept = open(Mode::keyring, {}, 300ms).value();
  daemon->signal(SIGSTOP);
  const auto start = std::chrono::steady_clock::now();
  const auto error = kept.get("key").error();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 3s);
  EXPECT_EQ(error.kind(), ErrorKind::io);
  EXPECT_EQ(error.text(), "cannot read a secret: the keyring service does not answer");
  EXPECT_FALSE(keyring_available(300ms));
  daemon->signal(SIGCONT);
  EXPECT_TRUE(keyring_available());
}

TEST_F(Keyring, ABusThatGoesAwayEndsNeitherProgramNorStore) {
  auto kept = store();
  ASSERT_TRUE(kept.put("key", Secret("pw")));
  bus.reset();
  EXPECT_EQ(kept.get("key").error().text(), "cannot read a secret: no keyring service");
  ASSERT_NO_FATAL_FAILURE(Keyring::SetUp());
  EXPECT_EQ(kept.get("key").value().reveal(), "pw");
}

// GLib's shared connection would end the program with it.
TEST_F(Keyring, ABusThatGoesAwayDuringACallEndsTheCallOnly) {
  auto kept = store();
  daemon->signal(SIGSTOP);
  const auto before = connections();
  auto answer = std::async(std::launch::async, [&] { return kept.get("key"); });
  while (connections() == before) std::this_thread::yield();
  bus.reset();
  EXPECT_EQ(answer.get().error().kind(), ErrorKind::io);
}

TEST_F(Bus, WithoutAServiceIsRefusedAtOnce) {
  EXPECT_FALSE(keyring_available());
  const auto error = open(Mode::keyring, {}).error();
  EXPECT_EQ(error.kind(), ErrorKind::io);
  EXPECT_EQ(error.text(), "no keyring service");
}

TEST_F(Bus, NoBusIsRefusedAtOnce) {
  environment.set("DBUS_SESSION_BUS_ADDRESS", "");
  const auto start = std::chrono::steady_clock::now();
  const auto error = open(Mode::keyring, {}).error();
  EXPECT_LT(std::chrono::steady_clock::now() - start, 1s);
  EXPECT_EQ(error.kind(), ErrorKind::io);
  EXPECT_EQ(error.text(), "no keyring service");
  EXPECT_FALSE(error.hint().empty());
}

TEST_F(Bus, FileModeNeedsNoBus) {
  environment.set("DBUS_SESSION_BUS_ADDRESS", "");
  auto kept = open(Mode::file, directory.path()).value();
  ASSERT_TRUE(kept.put("key", Secret("pw")));
  EXPECT_EQ(kept.get("key").value().reveal(), "pw");
}

}  // namespace
}  // namespace coi::secrets
