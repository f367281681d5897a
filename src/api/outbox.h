// What waits to be written to one connection: replies, which are never lost, and events, which give way when the
// client does not read them.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>

#include "base/guarded.h"
#include "base/limits.h"

namespace coi::api {

class Unread;

inline constexpr std::size_t most_events = 1000;  // that wait in one connection

// Every member may be called from any thread.
class Outbox {
 public:
  // `wake` is called whenever there is something to take again, on any thread; it must not block. `all`: where what
  // waits here is counted together with what waits for the other clients; null in tests.
  explicit Outbox(std::function<void()> wake, std::size_t events = most_events, const Limits& limits = {},
                  std::shared_ptr<Unread> all = nullptr);
  ~Outbox();
  Outbox(const Outbox&) = delete;
  Outbox& operator=(const Outbox&) = delete;

  // Called, on the thread that takes, when something was taken.
  void on_taken(std::function<void()> call) { taken_ = std::move(call); }

  // A request of so many octets was read that a reply will follow.
  void expect_reply(std::size_t request = 0);
  void put_reply(std::string line, std::size_t request = 0);
  // It was a notification, which gets no reply, and is done.
  void end_request(std::size_t request);
  // The client has as many requests open, or of as many octets, as it may: no more is to be read.
  bool busy() const;
  // Not so many answers wait, those that were taken last included, that no further one is to be made.
  bool takes_answers() const;
  // A batch keeps so many octets until its last answer. False: the batches of this client, or of all, keep too many.
  bool gather(std::size_t octets);
  void hand_over(std::size_t octets);
  // A notification that belongs to no event stream (login_step).
  void put_notice(std::string line);
  // When too many events wait, or too many octets of them, all of them go, and for each account one resync with its
  // newest number takes their place.
  void put_event(const std::string& account, std::int64_t seq, std::shared_ptr<const std::string> line);

  // The oldest lines, each with its LF, `about` octets or a little more; empty when nothing waits. What was taken
  // before has reached the client, or the transport would not ask.
  std::string take(std::size_t about);
  // Octets that wait: a transport reads no more requests from a client that does not take its replies.
  std::size_t size() const;
  // Every reply that is due has been taken.
  bool settled() const;

  // The client is gone: what waits and what comes is dropped, and work for it may stop.
  void close();
  std::stop_token closed() const { return closed_.get_token(); }

 private:
  struct Line {
    std::shared_ptr<const std::string> text;
    std::string account;  // of an event; empty for all else
    std::int64_t seq = 0;
  };
  struct State {
    std::deque<Line> lines;
    std::size_t octets = 0;
    std::size_t events = 0;
    std::size_t event_octets = 0;
    std::size_t taken = 0;          // octets of what the transport has
    std::size_t taken_answers = 0;  // … of answers among it
    std::size_t answers = 0;        // octets of the answers that wait
    std::size_t gathered = 0;       // octets that batches keep
    std::size_t replies_due = 0;
    std::size_t requests = 0;  // octets of those that are not answered
  };

  void put(Line line);
  static void overflow(State& state);

  const std::function<void()> wake_;
  const std::size_t most_events_;
  const Limits limits_;
  const std::shared_ptr<Unread> all_;
  std::function<void()> taken_ = [] {};
  std::stop_source closed_;
  Guarded<State> state_;
};

}  // namespace coi::api
