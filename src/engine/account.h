// One account: its owner thread and its workers. Sequences calls and decides nothing (docs/architecture.md, the two
// walks).
#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/log.h"
#include "base/time.h"
#include "chat/input.h"
#include "engine/config.h"
#include "engine/outgoing_files.h"
#include "engine/steps.h"
#include "engine/times.h"
#include "store/database.h"
#include "store/reader.h"

namespace coi::engine {

enum class ConnectionState : std::uint8_t { offline, connecting, syncing, online, rejected };

// What `status` shows of an account; a copy, complete in itself.
struct Status {
  ConnectionState state = ConnectionState::offline;
  std::string problem;          // why it is not online, in words; empty when it is
  std::string sending_problem;  // why mails wait in the queue, in words
  std::string hint;
  UnixMs since_ms = 0;
  bool connection_limit = false;  // the provider allows too few connections: one is used in turns
  bool coi = false, webpush = false;
  bool coi_enabled = false;
  std::string filter;               // none, active, seen
  std::string contacts;             // on, off: written into the mailbox; empty: the user was not asked
  std::vector<std::string> offers;  // of the capabilities we use: IDLE, NOTIFY, QRESYNC …
  std::string tls;                  // "TLSv1.3 …, deflate"
  std::optional<std::uint64_t> quota_used_kb, quota_limit_kb;
  std::string alert;    // the server's last ALERT, to be shown
  std::string secrets;  // keyring or file
};

// First sync and its backfill: mails that are here of those that lie on the server.
struct Progress {
  std::uint64_t done = 0;
  std::uint64_t total = 0;
  bool finished = false;
};

// What happened in an account. The objects are read by whoever delivers the event (Reader), so that an account never
// waits for a front end.
struct Event {
  std::string account;  // id
  std::optional<store::Changes> changes;
  std::optional<Status> connection;
  std::optional<Progress> progress;
};
using EventSink = std::function<void(const Event&)>;  // called on the account's thread; must not block

struct Environment {
  Clock clock = system_now;
  Log log;
  Limits limits;
  Times times;
  AtStep at_step;                       // for tests
  bool watches_network = false;         // accounts try at once when the network comes back (net/network_watch.h)
  std::filesystem::path oauth_clients;  // the user's list of OAuth2 clients (oauth/registration.h); may be missing

  void step(std::string_view name) const {
    if (at_step) at_step(name);
  }
};

// The outcome of a user action. `changes.added` holds the row of a message just sent.
using ActionDone = std::function<void(Result<store::Changes>)>;
using Done = std::function<void(Result<>)>;

using Damaged = std::function<void(const Error&)>;

// All members may be called from any thread. Callbacks come exactly once, on a thread of the account, and must not
// block.
class Account {
 public:
  // Opens the database and starts the threads; the network is not waited for.
  // `damaged` is called when the database turns out to be, on any thread and perhaps several times; it must not block.
  // The account is to be stopped then.
  static Result<std::unique_ptr<Account>> open(AccountConfig config, std::filesystem::path directory,
                                               Environment environment, EventSink sink, Damaged damaged = {});
  ~Account();  // stops the threads; what is queued stays in the tables

  // Ends the threads and closes the database, whoever still holds the account: from here on it answers
  // ErrorKind::cancelled. Not from a callback of the account.
  void stop();

  AccountConfig config() const;
  const std::filesystem::path& directory() const;

  // One of the user actions of chat/input.h (SendMessage … SetFilter). The ids of the mails that they send, and
  // RetryMessage's files, as they were sent, are filled in here.
  void act(chat::Input action, ActionDone done);
  // The Message-ID of what is sent with this token, in the group with this id if one is given.
  std::string id_of_token(std::string_view token, std::string_view group = {}) const;
  // Asks the server for what is new; `done` when all of it has been applied, or with the reason why it cannot be. Ends
  // every pause between attempts to connect and to send.
  void sync(Done done);
  // `done` when the server accepted the message, or with the reason for its failure. A message that waits for the
  // network keeps waiting.
  void when_sent(chat::MessageId message, Done done);
  // Fetches from the server: the whole mail as it lies there, or the file of an attachment (into blobs/; the result is
  // the path). Errors: not_found when it is no longer on the server, network when offline.
  void fetch_original(chat::MessageId message, std::function<void(Result<std::string>)> done);
  void fetch_attachment(chat::AttachmentId attachment, std::function<void(Result<std::filesystem::path>)> done);
  // What a small picture of it can be made of: its file if that is here, else the preview that the mail has of it
  // (C-25), else its file, fetched. The preview is kept until files are swept.
  void fetch_preview(chat::AttachmentId attachment, std::function<void(Result<std::filesystem::path>)> done);
  // The network came back: ends every pause between attempts to connect, but for a rejected login.
  void network_changed();

  Status status() const;
  Progress progress() const;
  // A new reading connection, for one thread.
  Result<store::Reader> reader() const;
  // Copies the files of one SendMessage into blobs/. Errors: not_found; limit, before any is read, where one is larger
  // than a mail may be (Limits::files, or less where the provider said so), or all together than Limits::album;
  // not_allowed, as outgoing_file(); io, full.
  Result<std::vector<chat::OutgoingFile>> add_files(const std::vector<std::filesystem::path>& files,
                                                    const FileOptions& options = {}) const;
  // The same for a contact (D-33), and for a file of another message, which has to be here: not_found; as
  // outgoing_file().
  Result<chat::OutgoingFile> add_card(const mime::Vcard& card, mime::VcardVersion version) const;
  // Of what will be sent again, as add_files() does.
  Result<> check_files(const std::vector<chat::Attachment>& files, const chat::SendMessage& send) const;
  Result<chat::OutgoingFile> add_again(const chat::Attachment& attachment, const FileOptions& options = {}) const;
  // Of any picture that the user gives, for ChangeGroup. Errors: not_found, io, limit, invalid, corrupt.
  Result<chat::Picture> small_picture(const std::filesystem::path& file) const;
  // A JPEG for front ends, by chat::Picture::id; it stays for a day at least. Errors: not_found, io, full.
  Result<std::filesystem::path> picture_file(const std::string& id) const;
  // Removes files from blobs/ that no message has any more, and nobody put there within the last `grace`; words of
  // deleted messages from the index; and pictures that no group has. Blocks.
  void sweep_files(std::chrono::milliseconds grace);
  // What the submission server said when the account logged in (AccountFacts::largest_mail).
  void note_largest_mail(std::uint64_t octets);

  struct Impl;

 private:
  explicit Account(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace coi::engine
