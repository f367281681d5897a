// Where a web browser brings the answer of an OAuth2 login (RFC 8252 7.3): a web server on 127.0.0.1 for one request.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/descriptor.h"
#include "base/result.h"
#include "net/waker.h"

namespace coi::net {

class LoopbackListener {
 public:
  // Listens on a free port of 127.0.0.1, and nowhere else. Error io.
  static Result<LoopbackListener> open();
  LoopbackListener(LoopbackListener&&) noexcept;
  LoopbackListener& operator=(LoopbackListener&&) noexcept;
  ~LoopbackListener();

  std::uint16_t port() const { return port_; }
  // The redirect URI: "http://127.0.0.1:49152/".
  std::string url() const;

  // The query of the first GET of "/" that has one, as sent ("code=…&state=…", see decode_form()); whoever sent it sees
  // `page`, an HTML text in UTF-8. Other requests are answered 404, and silent connections, which browsers keep in
  // stock, stop nobody. Anyone on this machine can connect: compare `state` before the rest is believed, and call
  // again. What is under way at the deadline is not lost: the next call goes on with it. Errors: network at the
  // deadline, cancelled.
  Result<std::string> wait_for_query(std::string_view page, Deadline deadline, const Waker& waker = {});

 private:
  struct Client;
  LoopbackListener(Descriptor listener, std::uint16_t port);

  Descriptor listener_;
  std::uint16_t port_;
  std::vector<Client> clients_;
};

}  // namespace coi::net
