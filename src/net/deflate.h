// DEFLATE both ways as RFC 4978 wants it: one raw stream (RFC 1951) per direction, flushed after every write. For this
// room only; zlib stays inside.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace coi::net {

// About 70 kB of memory: our commands are short, so the outgoing window is small; the incoming one is the peer's
// choice.
class Deflate {
 public:
  static Result<Deflate> create();
  Deflate(Deflate&&) noexcept;
  Deflate& operator=(Deflate&&) noexcept;
  ~Deflate();

  // The octets to send so that the peer can read all of `plain` now.
  std::string compress(std::string_view plain);

  // What came from the peer; kept until taken.
  void feed(std::string_view compressed);
  // Appends at most `limit` octets of it to `into`; false when there are none. Error protocol: no DEFLATE stream.
  Result<bool> take(std::string& into, std::size_t limit);
  // The peer has ended its stream, as some servers do after their last words; what follows is ignored.
  bool ended() const;

 private:
  struct State;
  explicit Deflate(std::unique_ptr<State> state);

  std::unique_ptr<State> state_;
};

}  // namespace coi::net
