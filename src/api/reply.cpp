#include "api/reply.h"

#include <atomic>

namespace coi::api {

proto::RpcError to_rpc(const Error& error) {
  return {.code = proto::refused,
          .message = error.text(),
          .data = proto::ErrorData{.kind = std::string(name(error.kind())), .hint = error.hint()}};
}

struct Reply::State {
  explicit State(std::function<void(Answer)> sink) : send(std::move(sink)) {}
  ~State() {
    if (!answered.test()) send(std::unexpected(to_rpc(Error(ErrorKind::internal, "the request was dropped"))));
  }

  std::function<void(Answer)> send;
  std::atomic_flag answered;
};

Reply::Reply(std::function<void(Answer)> send) : state_(std::make_shared<State>(std::move(send))) {}

void Reply::operator()(Answer answer) const {
  if (!state_->answered.test_and_set()) state_->send(std::move(answer));
}

}  // namespace coi::api
