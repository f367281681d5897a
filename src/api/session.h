// One client of the interface: lines in, lines out. The transport that carries them is the program's.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::api {

struct Service;
class Outbox;
class Strand;

// receive() and refuse() are for the thread that reads; the rest may be called from any thread. Its end drops what
// waits and ends reads that are under way; commands that were received are carried out.
class Session {
 public:
  Session(Service& service, std::function<void()> wake);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  // One line without its LF: a request, a notification or a batch. Never blocks. Commands are
  // carried out in their order; replies come in any.
  void receive(std::string_view line);
  // What the transport has to say about input that never becomes a line.
  void refuse(std::string text);

  // Lines to write, `about` octets or a little more; empty when nothing waits. `wake` tells when there is more.
  std::string take(std::size_t about);
  // The client has as many requests open, or as many octets to take, as it may: nothing more is to be received now.
  // `wake` tells when that is over.
  bool busy() const;
  // Octets that wait to be taken.
  std::size_t unread() const;
  // Every request was answered and every answer taken: a client that sends no more is done.
  bool settled() const;

 private:
  Service& service_;
  std::shared_ptr<Outbox> outbox_;
  std::shared_ptr<Strand> reads_, commands_, answers_;
};

}  // namespace coi::api
