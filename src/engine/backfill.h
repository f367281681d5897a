// A second connection for what may take long: the history of a new device, original mails and files of large ones. Made
// when there is something to do, closed a little after.
#pragma once

#include <functional>
#include <map>
#include <thread>
#include <variant>
#include <vector>

#include "base/queue.h"
#include "engine/account.h"
#include "engine/imap_link.h"
#include "engine/pause.h"
#include "engine/worker_context.h"
#include "store/reader.h"

namespace coi::engine {

// Mails that are on the server and not here.
struct History {
  store::Folder folder;
  NumberSet missing;
};

using Fetched = std::function<void(Result<std::string>)>;

class BackfillWorker {
 public:
  BackfillWorker(const WorkerContext& context, net::Waker waker);
  ~BackfillWorker();

  void start();
  void stop();

  // Any thread. Replaces what was known to be missing of these folders.
  void fill(std::vector<History> history);
  // From the first copy that can be read: the whole mail (section ""), or one part of it with its MIME header, which is
  // a MIME entity to parse. `done` is called on this worker's thread.
  void fetch(std::vector<store::Reader::Copy> copies, std::string section, Fetched done);
  void network_changed() { pause_.network_changed(); }
  // The user wants to know now.
  void asked() { pause_.asked(); }

 private:
  struct Fill {
    std::vector<History> history;
  };
  struct FetchSection {
    std::vector<store::Reader::Copy> copies;
    std::string section;
    Fetched done;
  };
  using Request = std::variant<Fill, FetchSection>;

  void run(const std::stop_token& stop);
  Result<> serve(const std::stop_token& stop);
  void take(Request request);
  Result<> fill_chunk(ImapLink& link);
  Result<> fetch_section(ImapLink& link, const FetchSection& request);
  Result<> read_copy(ImapLink& link, const store::Reader::Copy& copy, const std::string& section, std::string& octets);
  void fail_fetches(const Error& error);
  void show_progress(bool finished);

  const WorkerContext& context_;
  net::Waker waker_;
  Queue<Request> requests_;
  std::map<chat::FolderId, History> history_;
  std::vector<FetchSection> fetches_;
  std::uint64_t total_ = 0, filled_ = 0;
  std::unique_ptr<class MailboxVisit> visit_;
  Pause pause_;
  std::jthread thread_;
};

}  // namespace coi::engine
