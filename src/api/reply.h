// The handle with which a request is answered. It may travel through callbacks and threads; exactly one answer goes
// out, whatever happens to it on the way.
#pragma once

#include <expected>
#include <functional>
#include <memory>
#include <utility>

#include "base/result.h"
#include "json/codec.h"
#include "proto/rpc.h"

namespace coi::api {

// The result as JSON text.
using Answer = std::expected<std::string, proto::RpcError>;

// An Error of the house as JSON-RPC carries it.
proto::RpcError to_rpc(const Error& error);

// Copies share the one answer. When the last of them goes unanswered, the answer is ErrorKind::internal.
class Reply {
 public:
  // `send` is called once, on the thread that answers; it must not block.
  explicit Reply(std::function<void(Answer)> send);

  // The first call counts.
  void operator()(Answer answer) const;

 private:
  struct State;
  std::shared_ptr<State> state_;
};

// The same for a method whose result is a T.
template <class T>
class Responder {
 public:
  explicit Responder(Reply reply) : reply_(std::move(reply)) {}

  void operator()(const Result<T>& result) const {
    reply_(result ? Answer(json::encode(*result)) : Answer(std::unexpected(to_rpc(result.error()))));
  }

 private:
  Reply reply_;
};

}  // namespace coi::api
