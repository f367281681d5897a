// The live connection of an account: keeps the folders up to date, waits for news, runs the jobs.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "engine/account.h"
#include "engine/backfill.h"
#include "engine/folders.h"
#include "engine/imap_link.h"
#include "engine/mailbox_visit.h"
#include "engine/pause.h"
#include "engine/sent_folder.h"
#include "engine/worker_context.h"

namespace coi::engine {

// The folders that are one store together (C-91), in the order in which they are looked at.
inline constexpr chat::FolderRole looked_at[] = {chat::FolderRole::inbox, chat::FolderRole::chats,
                                                 chat::FolderRole::sent, chat::FolderRole::contacts};

class MailboxWorker {
 public:
  // `works_again`: called when a connection works after one that did not.
  MailboxWorker(const WorkerContext& context, net::Waker waker, BackfillWorker& backfill,
                std::function<void()> works_again);
  ~MailboxWorker();

  void start();
  void stop();

  // Any thread.
  void jobs_due();
  void sync(Done done);
  void network_changed();
  // Something happened in a folder that another connection watches.
  void folder_changed(imap::MailboxStatus status);
  // What was left to the backfill of this folder is nobody's any more.
  void look_again(const std::string& folder);
  // Mail could not be stored, for a reason that is ours: everything is looked through again, after a pause.
  void mail_lost(const Error& error);

 private:
  struct SyncRequest {
    Done done;
  };
  struct FolderNews {
    imap::MailboxStatus status;
  };
  struct LookAgain {
    std::string folder;
  };
  struct JobsDue {};
  struct MailLost {
    Error error;
  };
  struct NetworkChanged {};
  using Request = std::variant<SyncRequest, FolderNews, LookAgain, JobsDue, MailLost, NetworkChanged>;

  void run(const std::stop_token& stop);
  // Connects, and works until the connection ends. Always returns the reason.
  Error work(const std::stop_token& stop);
  Result<> work_on_link(ImapLink& link, const std::stop_token& stop);
  Result<> prepare(ImapLink& link);
  Result<> choose_sent_folder(ImapLink& link);
  Result<> refresh_stored();
  Result<> visit_all(ImapLink& link);
  Result<> first_screen(ImapLink& link, std::vector<History>& history);
  // Opens a folder, and fetches what is missing there. False: the server does not open it; it is left out until it is
  // asked again.
  Result<bool> open(ImapLink& link, const store::Folder& folder);
  // The same, without fetching.
  Result<bool> look_into(ImapLink& link, const store::Folder& folder);
  Result<> leave_folder();
  // What is told of the folder from here on is heard by nobody.
  void close_visit();
  Result<> look_at_older_flags();
  Result<> take(imap::Event&& event);
  bool is_looked_at(const std::string& folder) const;
  bool tells_news(const imap::MailboxStatus& status) const;
  Result<> wait_for_news(ImapLink& link);
  // Until the pacer allows the next turn, or somebody asks for something.
  Result<> rest(ImapLink& link);
  Result<bool> heard_enough();
  Result<> poll_others(ImapLink& link);
  // Folders with mails whose rest is over (engine/hard_mails.h): those that need to be opened for it are news.
  void note_due();
  // When note_due() is to be called again.
  net::Deadline next_due() const;
  void note_refusal(const store::Folder& folder, const std::string& words);
  // The server did not list the folders, did not open one of them, or did not tell which is the one for sent mail.
  bool is_refused_something() const { return !refused_.empty() || sent_untold_ || (folders_ && folders_->refusal()); }
  // Such a folder may have been busy, or is gone: then the folders are listed anew. All are looked at.
  Result<> visit_all_again(ImapLink& link);
  Result<> ask_again(ImapLink& link);
  void watch_second_folder(ImapLink& link);
  Result<> start_notify(ImapLink& link);
  Result<> take_requests(ImapLink& link);
  Result<std::vector<chat::JobFacts>> due_jobs();
  Result<> look_for_copies(ImapLink& link);
  Result<> run_jobs(ImapLink& link);
  Result<> run_together(ImapLink& link, const std::vector<chat::JobFacts>& jobs);
  Result<std::vector<chat::JobDone>> carry_out(ImapLink& link, class MailboxJobs& runner,
                                               const std::vector<chat::JobFacts>& jobs);
  // A connection has ended, beside a watcher or not.
  void note_end(const Error& problem, bool watched);
  void note_copy(const chat::JobDone& filed, std::string_view missing);
  // Any thread.
  void set_connection_limit(bool limited);
  Result<> after_job(class MailboxJobs& runner);
  Result<wire::Filter> wanted_filter();
  Result<> read_quota(ImapLink& link);
  const store::Folder* watched() const;
  const store::Folder* stored(chat::FolderRole role) const;
  // The same, nullptr for one that the server did not open.
  const store::Folder* usable(chat::FolderRole role) const;
  // Online, but for the inbox when the server does not open that.
  void report_state(ImapLink& link);
  void report_silence(bool silent);
  void report_long_answer(const imap::AnswerSize* answer);
  void report_problem(const Error& error);
  void answer_waiting(const Error& error);

  const WorkerContext& context_;
  net::Waker waker_;
  BackfillWorker& backfill_;
  const std::function<void()> works_again_;
  Queue<Request> requests_;
  std::vector<SyncRequest> waiting_;  // for the next whole round
  std::optional<Folders> folders_;
  std::optional<SentFolder> sent_sought_;       // what lies in the folders, once it was looked at
  std::vector<std::string> sent_sought_among_;  // these
  bool sent_untold_ = false;                    // the server did not tell what lies in them
  std::string sent_question_;                   // for the user, about that folder; empty: none
  std::string copy_trouble_;                    // why the last own copy was not filed; empty: it was
  std::vector<store::Folder> stored_;           // those with a role that is looked at
  std::unique_ptr<MailboxVisit> visit_;
  struct Remembered {
    imap::RememberedMailbox mailbox;
    net::Deadline all_flags_at;  // when the look at all of them is to begin anew
  };
  std::map<chat::FolderId, Remembered> remembered_;    // that this connection had open
  net::Deadline older_flags_at_;                       // of the open folder
  std::set<std::string> news_;                         // folders that the server told of (NOTIFY)
  std::map<std::string, imap::MailboxStatus> polled_;  // what it said of them when it was last asked
  std::map<chat::FolderId, std::string> refused_;      // with the server's words; left out until the next LIST
  bool state_changed_ = false;                         // since the state was reported
  Backoff refusals_;
  net::Deadline ask_again_at_;  // those that were refused
  UnixMs due_noted_at_ = 0;
  std::string shown_trouble_;  // as HardMails has it
  Pacer pacer_;                // of the turns of a connection
  bool overflowed_ = false;    // the server could not tell us everything (RFC 5465 section 5.8)
  bool first_jobs_ = true;
  // A connection that ends is a failed attempt of a job only when it ends amid that job and the connection before did
  // so too: once may be the network's doing.
  std::set<chat::JobId> under_way_, ended_amid_;
  bool notify_ = false;
  net::Deadline all_seen_at_;                       // when all folders were last looked at
  net::Deadline look_soon_ = net::Deadline::max();  // a message was sent, whose copy the server may file as well
  std::atomic<bool> one_connection_only_ = false;   // as long as this connection lives
  // In a row. Where one connection too many ends the oldest, the watcher ends this one, and is ended with it.
  int short_lives_beside_watcher_ = 0;
  std::unique_ptr<class Watcher> watcher_;
  bool has_problem_ = false;
  Pause pause_;
  std::jthread thread_;
};

}  // namespace coi::engine
