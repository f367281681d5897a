// Two or more devices of two or more people in one process, their mail carried by hand. No network, no threads, no
// clock but the one that the test moves.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/mail_reader.h"
#include "mailbox.h"
#include "store/database.h"
#include "store/reader.h"
#include "temporary_directory.h"

namespace coi::scenario {

using State = store::MessageRow::State;

inline constexpr UnixMs second = 1000;
inline constexpr UnixMs minute = 60 * second;
inline constexpr UnixMs hour = 60 * minute;
inline constexpr UnixMs day = 24 * 60 * minute;

struct Letter {
  std::string from;  // SMTP envelope
  std::string to;
  std::string bytes;
};

class Device;

class PostOffice {
 public:
  UnixMs now = 1'795'493'200'000;  // Tue, 24 Nov 2026 04:06:40 UTC

  Mailbox& mailbox(const std::string& addr) { return mailboxes_[addr]; }
  // Everything that a submission server has taken, in order.
  const std::vector<Letter>& taken() const { return taken_; }
  // What the submission server says to a mail; nullopt: 250, and the mail is delivered.
  std::function<std::optional<chat::RecipientResult>(const Letter&)> answer;

  // Sends, delivers, fetches and files until nothing moves any more. Each round takes a second.
  void carry();

  chat::RecipientResult submit(const Letter& letter);
  void join(Device& device) { devices_.push_back(&device); }
  void leave(Device& device) { std::erase(devices_, &device); }

 private:
  std::map<std::string, Mailbox> mailboxes_;
  std::vector<Letter> taken_;
  std::vector<Device*> devices_;
};

// One program of one person: a database, and the person's mailbox at the post office.
class Device {
 public:
  Device(PostOffice& office, std::string addr, std::string name);
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;
  ~Device();

  chat::AccountFacts account;
  bool online = true;
  int bodies = 0;  // mails fetched whole
  Mailbox& mailbox() { return mailbox_; }

  // What the user does. A refusal is an Error. `addr` of any of these: an address, or the name of a group.
  Result<chat::MessageId> write(const std::string& addr, const std::string& text);
  chat::MessageId say(const std::string& addr, const std::string& text);
  chat::MessageId say_at(UnixMs not_before, const std::string& addr, const std::string& text,
                         std::optional<chat::MessageId> reply_to = {});
  Result<store::Changes> act(const chat::Input& action);
  chat::MessageId answer(const std::string& addr, const std::string& text, chat::MessageId reply_to);
  void create_group(const std::string& name, const std::vector<std::string>& members);
  Result<store::Changes> change_group(const std::string& name, chat::ChangeGroup change);
  void look_at(const std::string& addr);  // the chat is on screen
  void react(chat::MessageId message, const std::string& emoji, bool to_plain = false);
  void edit(chat::MessageId message, const std::string& text, bool to_plain = false);
  void remove(chat::MessageId message, bool here = false, bool to_plain = false);
  void pin(chat::MessageId message, bool pinned = true, UnixMs until = 0);
  Result<store::Changes> set_timer(const std::string& addr, std::optional<std::uint32_t> seconds,
                                   std::optional<bool> removes_copies = {});
  void filter(wire::Filter filter);
  void keep_contacts(bool kept = true);

  // One round each; true if something moved.
  bool tick();
  bool release();
  bool send();
  bool fetch();
  bool run_jobs();

  // What the user sees.
  store::Reader reader() const;
  std::optional<store::ChatRow> chat(const std::string& addr) const;
  std::optional<store::ChatRow> group(const std::string& name) const;
  std::vector<store::MessageRow> messages(const std::string& addr) const;
  std::vector<std::string> texts(const std::string& addr) const;
  store::MessageRow last(const std::string& addr) const;
  State state(chat::MessageId id) const;
  std::vector<std::string> search(const std::string& words) const;
  std::vector<chat::MessageId> notified() const { return notified_; }
  std::string dump();

 private:
  struct Known {  // of one folder, as the engine's session keeps it
    std::uint64_t modseq = 0;
    std::vector<std::uint32_t> uids;
  };

  store::Changes put(const chat::Input& input);
  void visit(MailFolder& folder, const store::Folder& stored);
  void fetch_mail(const StoredMail& mail, const store::Folder& stored, bool live);
  bool attach(const StoredMail& mail, const store::Folder& stored);
  void run(const chat::JobFacts& job);
  chat::ChatId chat_id(const std::string& addr) const;
  std::string new_id();
  store::Folder stored(chat::FolderRole role);

  PostOffice& office_;
  Mailbox& mailbox_;
  const TemporaryDirectory directory_{TemporaryDirectory::Where::memory};
  store::Database database_;
  engine::MailReader reader_;
  std::map<chat::FolderRole, Known> known_;
  std::vector<chat::MessageId> notified_;
  std::string name_;
  int ids_ = 0;
  bool moved_ = false;
  bool first_ = true;
};

}  // namespace coi::scenario
