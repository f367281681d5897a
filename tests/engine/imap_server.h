// An IMAP server of a few commands (IMAP4rev1, IDLE, NOTIFY, UIDPLUS, QRESYNC, COI with filter "active") with mailboxes
// in memory, whose answers a test may replace: for what Dovecot cannot be made to show.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "scripted_server.h"

namespace coi::engine::test {

class ImapServer {
 public:
  // What is said instead of the server's own answer to `command` (without its tag): whole lines; nullopt: the own
  // answer. Called without any lock held, on the connection's thread.
  using Answer = std::function<std::optional<std::string>(const std::string& tag, const std::string& command)>;

  explicit ImapServer(std::string capabilities = "IDLE UIDPLUS");

  std::uint16_t port() const { return server_.port(); }
  int connections() const { return server_.connections(); }

  void answer_with(Answer answer);
  // What is said behind the server's own answer.
  void add(Answer addition);
  // A BYE instead of a greeting, until it is taken back.
  void refuse(bool refused) { refused_ = refused; }
  // When it says how many mails the folder has that is opened.
  enum class Counts : std::uint8_t { in_time, behind_the_ok, never };
  void count_mails(Counts when) { counts_ = when; }
  // Whole lines that it says has changed (RFC 7162 section 3.2.5) to whoever opens a folder with QRESYNC.
  void resync_with(std::string lines);
  // How long it leaves an announced literal unread.
  void read_literals_after(std::chrono::milliseconds pause) { literal_pause_ = pause; }
  // A mail arrives; its UID. Told to clients that have the folder open, unless `silently`.
  // `uid`: 0 the next one; another may be below those that are there.
  std::uint32_t put(const std::string& folder, std::string octets, bool silently = false, std::uint32_t uid = 0);
  std::vector<std::string> mails(const std::string& folder) const;
  // Another program deletes it, and nobody is told.
  void remove(const std::string& folder);
  // As a backup has it: its first mails alone, whose clients are not told.
  void restore(const std::string& folder, std::size_t mails);
  // What else a SELECT of this folder says, behind its own UIDNEXT.
  void say_in_select(std::function<std::string(const std::string& folder)> words);
  // Every mailbox has another UIDVALIDITY from now on, and its clients are gone.
  void make_anew();
  // All that was said by clients, without tags, one connection after the other.
  std::vector<std::string> heard() const;
  int count(std::string_view beginning) const;
  // How often exactly these mails were asked for, not their flags alone.
  int count_of_fetches(std::string_view uids) const;
  // Ends every connection without a word.
  void cut() { server_.cut(); }
  // A line to every client that idles.
  void say_to_idle(const std::string& line);
  // The connection that idles on this folder. False: there is none.
  bool cut_idle(const std::string& folder);

 private:
  struct Mail {
    std::uint32_t uid;
    std::string octets;
  };
  struct Client {
    Peer& peer;
    std::optional<std::string> selected;
    std::size_t shown = 0;  // messages it knows of
    std::string idle{};     // the tag of the IDLE that runs
  };

  std::atomic<std::chrono::milliseconds> literal_pause_{};

  void serve(Peer& peer);
  std::optional<std::string> command(Peer& peer) const;
  bool respond(Client& client, const std::string& line);
  std::string own_answer(Client& client, const std::string& tag, const std::string& command);
  std::string select(Client& client, const std::string& folder, const std::string& command);
  std::string status(const std::string& folder) const;
  std::string fetch(const Client& client, const std::string& command) const;
  std::string search(const Client& client, const std::string& command) const;
  std::string copy(const Client& client, const std::string& command);
  std::string expunge(Client& client, const std::string& command);
  std::string append(const std::string& tag, const std::string& command);
  std::string news(Client& client) const;

  const std::string capabilities_;
  std::atomic<bool> refused_ = false;
  std::atomic<Counts> counts_ = Counts::in_time;
  std::atomic<std::uint32_t> uidvalidity_ = 1;
  std::uint64_t modseq_ = 1;  // one for all folders
  std::string resync_;
  mutable std::mutex mutex_;
  Answer answer_, addition_;
  std::function<std::string(const std::string& folder)> in_select_;
  std::map<std::string, std::vector<Mail>> folders_;
  std::vector<std::string> heard_;
  std::vector<Client*> clients_;
  ScriptedServer server_;
};

}  // namespace coi::engine::test
