// A mail server's mailbox by hand: folders, UIDs, flags, and what a COI server does by itself.
#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/time.h"
#include "chat/model.h"
#include "wire/filter.h"

namespace coi::scenario {

struct StoredMail {
  std::uint32_t uid = 0;
  std::uint32_t flags = 0;  // chat::Flags
  std::uint64_t modseq = 0;
  UnixMs internaldate = 0;
  std::string bytes;
};

struct MailFolder {
  std::string name;
  chat::FolderRole role = chat::FolderRole::other;
  std::uint32_t uidvalidity = 1;
  std::uint32_t uidnext = 1;
  std::vector<StoredMail> mails;  // by UID

  StoredMail* find(std::uint32_t uid);
};

class Mailbox {
 public:
  Mailbox();

  // A COI server sorts by itself; nullopt: a server that knows nothing of it.
  std::optional<wire::Filter> coi;

  MailFolder& folder(chat::FolderRole role);
  const std::vector<MailFolder>& folders() const { return folders_; }
  void make_folder(chat::FolderRole role);
  bool has(chat::FolderRole role) const;

  // A mail comes in by SMTP; a COI server decides before storing (S-25).
  void deliver(std::string bytes, UnixMs at);
  std::uint32_t append(chat::FolderRole role, std::string bytes, UnixMs at, std::uint32_t flags);
  void add_flags(chat::FolderRole role, std::uint32_t uid, std::uint32_t flags);
  void remove_flags(chat::FolderRole role, std::uint32_t uid, std::uint32_t flags);
  // The new UID; 0 when the mail is gone.
  std::uint32_t move(chat::FolderRole from, std::uint32_t uid, chat::FolderRole to);
  void expunge(chat::FolderRole role, std::uint32_t uid);
  // The folder is restored from a backup: other UIDs under a new UIDVALIDITY.
  void make_anew(chat::FolderRole role);

  std::size_t count(chat::FolderRole role) { return folder(role).mails.size(); }

 private:
  void set_flags(chat::FolderRole role, std::uint32_t uid, std::uint32_t flags);

  std::vector<MailFolder> folders_;
  std::uint64_t modseq_ = 1;
};

}  // namespace coi::scenario
