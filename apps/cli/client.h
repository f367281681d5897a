// The daemon's other side: typed requests over its socket.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "json/codec.h"
#include "proto/rpc.h"

namespace coi::cli {

// Used by one thread. Errors of all calls: what the daemon refuses, and io when it is gone.
class Client {
 public:
  explicit Client(int socket) : socket_(socket) {}
  Client(Client&& other) noexcept;
  Client& operator=(Client&&) = delete;
  ~Client();

  // Sends the request and waits for its result. Meanwhile `idle` is called several times a second; notifications go to
  // `notice` or, without one, wait for next().
  template <class P>
  Result<typename P::Result> call(const P& params) {
    const auto id = COI_TRY(send(params));
    return json::decode<typename P::Result>(COI_TRY(result_of(id)), "result");
  }
  // Sends it and returns its id; the reply comes out of next().
  template <class P>
  Result<std::int64_t> send(const P& params) {
    return request(P::method, json::encode(params));
  }

  // The next message that is no awaited reply. Waits for it.
  Result<proto::RpcMessage> next();
  // The same without waiting: what has arrived, or nothing. For use after poll() on descriptor().
  Result<std::optional<proto::RpcMessage>> next_ready();

  int descriptor() const { return socket_; }
  // The daemon hung up: every call fails from now on.
  bool gone() const { return gone_; }

  std::function<void()> idle;
  std::function<void(const proto::RpcMessage&)> notice;

 private:
  Result<std::int64_t> request(std::string_view method, std::string_view params);  // JSON text
  Result<json::Value> result_of(std::int64_t id);
  Result<proto::RpcMessage> read_message();
  Result<std::optional<proto::RpcMessage>> take_line();
  // Reads once; false when nothing came within the time.
  Result<bool> fill(int timeout_ms);

  std::unexpected<Error> hung_up();
  // It takes no request: why, if it said so before it hung up.
  std::unexpected<Error> turned_away();

  int socket_;
  bool gone_ = false;
  std::int64_t last_id_ = 0;
  std::string unread_;
  std::size_t looked_at_ = 0;  // octets of unread_ without LF
  std::deque<proto::RpcMessage> notices_;
};

// The error of a reply, as an Error of the house.
Error to_error(const proto::RpcError& error);

}  // namespace coi::cli
