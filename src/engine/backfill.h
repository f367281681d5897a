// A second connection for what may take long: the history of a new device, original mails and files of large ones. Made
// when there is something to do, closed a little after.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "base/guarded.h"
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

// A whole mail, or a part of one.
struct FetchedSection {
  std::string header;  // of a part: its MIME header
  std::string octets;  // as they are encoded
};
using Fetched = std::function<void(Result<FetchedSection>)>;

class BackfillWorker {
 public:
  // `given_back`: called with the name of a folder whose history is not fetched after all; on this worker's thread.
  BackfillWorker(const WorkerContext& context, net::Waker waker, std::function<void(const std::string&)> given_back);
  ~BackfillWorker();

  void start();
  void stop();

  // Any thread. These are to be fetched too. A folder that was made anew has nothing else left.
  void fill(std::vector<History> history);
  // Any thread. Those of fill() that are still to be fetched. What is no more among them was delivered before that, or
  // is not there, or rests (engine/hard_mails.h), or was given back.
  NumberSet left(const store::Folder& folder) const;
  // From the first copy that can be read: the whole mail (section ""), or one part of it with what is known of it.
  // `done` is called on this worker's thread.
  void fetch(std::vector<store::Reader::Copy> copies, std::string section, Fetched done);
  void network_changed() { pause_.network_changed(); }
  // The user wants to know now.
  void asked() { pause_.asked(); }

 private:
  struct Fill {};
  struct FetchSection {
    std::vector<store::Reader::Copy> copies;
    std::string section;
    Fetched done;
  };
  using Request = std::variant<Fill, FetchSection>;
  struct Left {
    std::map<chat::FolderId, History> history;  // none of them empty
    std::uint64_t total = 0, filled = 0;
  };

  void run(const std::stop_token& stop);
  Result<> serve(const std::stop_token& stop);
  void take(Request request);
  static void count(Left& left);
  bool has_history() const;
  Result<> fill_chunk(ImapLink& link);
  // The chunk that is next.
  History next_chunk() const;
  // These are left no more, because they came or because they are given back.
  void strike_out(const History& chunk, bool filled);
  Result<> fetch_section(ImapLink& link, const FetchSection& request);
  Result<std::optional<FetchedSection>> read_copy(ImapLink& link, const store::Reader::Copy& copy,
                                                  const std::string& section);
  void fail_fetches(const Error& error);

  const WorkerContext& context_;
  net::Waker waker_;
  const std::function<void(const std::string&)> given_back_;
  Queue<Request> requests_;
  Guarded<Left> left_;
  std::vector<FetchSection> fetches_;
  std::unique_ptr<class MailboxVisit> visit_;
  Pause pause_;
  Pacer pacer_{std::chrono::seconds(1), std::chrono::minutes(2)};  // of chunks
  std::jthread thread_;
};

}  // namespace coi::engine
