// The jobs that wait for the mailbox: flags, moves, own copies, receipts, folders (chat/plan.h: JobKind).
#pragma once

#include <expected>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "chat/facts.h"
#include "chat/input.h"
#include "engine/folders.h"
#include "engine/imap_link.h"
#include "store/database.h"

namespace coi::engine {

// What is stored of a job's mail.
struct JobMail {
  std::optional<store::Database::OwnCopy> copy;  // file_copy
  std::map<std::uint32_t, std::string> ids;      // a move that may have run before: Message-IDs, by UID
  std::vector<chat::Place> places;               // remove_copy, remove_mail, remove_storage: where that mail still lies
};

// The jobs in the order in which they are to run: what only sets \Seen first, what moves a mail away from its place
// last. Those that one command can do stand together, never more than a command may name; a job that failed before
// stands alone, so that it cannot take others with it.
std::vector<std::vector<chat::JobFacts>> joined(std::vector<chat::JobFacts> jobs);

class MailboxJobs {
 public:
  // `stored`: for names and ids. What the server says of the open mailbox meanwhile goes to the link's watch.
  MailboxJobs(ImapLink& link, Folders& folders, const std::vector<store::Folder>& stored)
      : link_(link), folders_(folders), stored_(stored) {}

  // The folder that has to be selected before run(), if any.
  std::optional<std::string> folder_of(const chat::JobFacts& job) const;
  // Errors: only those that end the connection. What the server refuses is in the result.
  Result<chat::JobDone> run(const chat::JobFacts& job, const JobMail& mail);
  // Jobs that joined() put together: one command does them all, each has its result.
  Result<std::vector<chat::JobDone>> run_together(const std::vector<chat::JobFacts>& jobs);
  Result<chat::JobDone> set_filter(const chat::JobFacts& job, wire::Filter filter);
  // A job made or found a folder that is not among `stored`.
  bool folders_changed() const { return folders_changed_; }
  // A job found this folder gone, and made it again.
  const std::optional<std::string>& made_again() const { return made_again_; }
  // A job had this folder open meanwhile, for reading only: what the server told of it then was heard by nobody.
  const std::optional<std::string>& looked_into() const { return looked_into_; }

 private:
  // Unexpected: the server does not say, in these words. That is no "none".
  template <class T>
  using Found = std::expected<T, imap::Status>;

  Result<chat::JobDone> store_seen(const chat::JobFacts& job);
  Result<chat::JobDone> move(const chat::JobFacts& job, const JobMail& mail);
  // A command for these mails, as many at a time as the server takes (RFC 9738); the first refusal, or OK.
  Result<imap::Status> in_portions(const NumberSet& uids, const std::function<imap::Command(const NumberSet&)>& command,
                                   const ImapLink::OnEvent& listen = {});
  Result<Found<NumberSet>> copied_before(const chat::JobFacts& job, const JobMail& mail, const std::string& folder);
  Result<Found<bool>> expunge(const NumberSet& uids);
  Result<chat::JobDone> file_copy(const chat::JobFacts& job, const JobMail& mail);
  Result<chat::JobDone> remove_mail(const chat::JobFacts& job, const JobMail& mail);
  Result<chat::JobDone> remove_copy(const chat::JobFacts& job, const JobMail& mail);
  Result<bool> another_stays(const chat::JobFacts& job, const JobMail& mail);
  Result<bool> open_again(const chat::JobFacts& job);
  Result<imap::Status> look_into(const std::string& folder);
  Result<Found<std::set<std::string>>> held(const std::string& folder, const std::set<std::string>& ids);
  Result<> pass_on_others(imap::Event&& event);
  bool is_open(const chat::JobFacts& job) const;
  Result<chat::JobDone> claim_receipt(const chat::JobFacts& job);
  Result<std::optional<chat::JobDone>> try_to_claim(const chat::JobFacts& job);
  // target() gave none: it may be there, where the server does not list the folders for now.
  chat::JobDone no_folder(const chat::JobFacts& job) const;
  Result<std::optional<std::string>> target(chat::FolderRole role);
  Result<imap::Status> append(imap::Append& mail, chat::FolderRole role);
  Result<bool> is_gone(const std::string& folder, const imap::Status& refusal);
  Result<bool> make_again(chat::FolderRole role, std::string& folder, const imap::Status& refusal);
  std::optional<chat::FolderId> id_of(std::string_view folder) const;

  ImapLink& link_;
  Folders& folders_;
  const std::vector<store::Folder>& stored_;
  bool folders_changed_ = false;
  std::optional<std::string> made_again_;
  std::optional<std::string> looked_into_;
};

}  // namespace coi::engine
