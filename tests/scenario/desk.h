// A device for properties that are tried by the thousand: it decides and stores as the product does (engine::step), but
// its database is opened once and emptied between two histories, and each mail is read once for all who get it.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chat/input.h"
#include "store/database.h"
#include "store/reader.h"
#include "temporary_directory.h"

struct sqlite3;

namespace coi::scenario {

// A mail that a submission server has taken, as it is read: reading is the same for whoever gets it.
struct Mail {
  std::string from;
  std::vector<std::string> to;
  chat::MailArrived read;  // without a place; it came in as it was sent, whenever somebody looks
};

class Desk {
 public:
  explicit Desk(const std::string& addr);
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;
  ~Desk();

  const chat::AccountFacts account;

  // As after the first login, when the folders are known and nothing lies in them.
  void empty();

  // What came in by now, in one transaction. Own mails lie in Sent.
  void take(const std::vector<const Mail*>& mails, UnixMs now);
  // What the user does, in one transaction; the mails that go out with it. None: it was refused.
  std::vector<Mail> act(const chat::Input& action, UnixMs now);

  std::optional<store::ChatRow> group();
  std::vector<store::MessageRow> messages(std::size_t last);
  std::string new_id();

 private:
  void run(const char* sql);
  void begin(UnixMs now);
  std::vector<Mail> mails_of(const store::Changes& changes, UnixMs now);

  const TemporaryDirectory directory_{TemporaryDirectory::Where::memory};
  store::Database database_;
  store::Reader reader_;
  sqlite3* other_ = nullptr;  // a connection that empties
  std::string emptying_;
  chat::Place inbox_, sent_;
  std::uint32_t uid_ = 0;  // never again, as in a mailbox
  int ids_ = 0;
  std::vector<chat::SendResult> results_;  // of mails that were taken, for the next transaction
};

}  // namespace coi::scenario
