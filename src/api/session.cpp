#include "api/session.h"

#include <algorithm>

#include <fmt/ranges.h>

#include "api/rpc.h"
#include "api/table.h"

namespace coi::api {
namespace {

// Gathers the replies of a batch; the last one sends them all (JSON-RPC 2.0 section 6).
class BatchReply {
 public:
  BatchReply(std::shared_ptr<Outbox> outbox, std::size_t due)
      : outbox_(std::move(outbox)), state_({.replies = {}, .due = due}) {}

  void put(std::string reply) {
    const auto complete = state_.with([&](State& state) -> std::optional<std::vector<std::string>> {
      state.replies.push_back(std::move(reply));
      if (state.replies.size() < state.due) return std::nullopt;
      return std::move(state.replies);
    });
    if (complete) outbox_->put_reply(fmt::format("[{}]", fmt::join(*complete, ",")));
  }

 private:
  struct State {
    std::vector<std::string> replies;
    std::size_t due = 0;
  };

  std::shared_ptr<Outbox> outbox_;
  Guarded<State> state_;
};

Reply no_reply() {
  return Reply([](const Answer&) {});
}

void start(const Call& call, const Request& request, const Reply& reply) {
  const auto* method = find_method(request.method);
  if (method == nullptr)
    return reply(std::unexpected(
        proto::RpcError{.code = proto::method_not_found,
                        .message = fmt::format("there is no method {}", request.method),
                        .data = proto::ErrorData{.kind = "not_found", .hint = "docs/api.md lists them"}}));
  method->start(call, request.params, reply);
}

}  // namespace

Session::Session(Service& service, std::function<void()> wake)
    : service_(service),
      outbox_(std::make_shared<Outbox>(std::move(wake))),
      commands_(std::make_shared<Strand>(service.reads)),
      answers_(std::make_shared<Strand>(service.reads)) {}

Session::~Session() {
  service_.events.unsubscribe(outbox_);
  outbox_->close();
}

void Session::receive(std::string_view line) {
  auto incoming = parse_line(line, service_.environment.limits);
  if (!incoming) {
    outbox_->expect_reply();
    return outbox_->put_reply(reply_line(incoming.error().id, std::unexpected(incoming.error().error)));
  }
  const auto due = static_cast<std::size_t>(
      std::ranges::count_if(incoming->requests, [](const auto& request) { return !request || request->id; }));
  std::shared_ptr<BatchReply> batch;
  if (incoming->batch && due > 0) {
    outbox_->expect_reply();
    batch = std::make_shared<BatchReply>(outbox_, due);
  }
  const auto reply_to = [&](const json::Value& id) {
    if (batch) return Reply([batch, id](const Answer& answer) { batch->put(reply_line(id, answer)); });
    outbox_->expect_reply();
    return Reply([outbox = outbox_, id](const Answer& answer) { outbox->put_reply(reply_line(id, answer)); });
  };
  for (const auto& request : incoming->requests) {
    if (!request)
      reply_to(request.error().id)(std::unexpected(request.error().error));
    else
      start({.service = service_,
             .client = outbox_,
             .commands = commands_,
             .answers = answers_,
             .id = request->id.value_or(nullptr)},
            *request, request->id ? reply_to(*request->id) : no_reply());
  }
}

void Session::refuse(std::string text) {
  outbox_->expect_reply();
  outbox_->put_reply(
      reply_line(nullptr, std::unexpected(proto::RpcError{.code = proto::invalid_request,
                                                          .message = std::move(text),
                                                          .data = proto::ErrorData{.kind = "limit", .hint = {}}})));
}

std::string Session::take(std::size_t about) { return outbox_->take(about); }
std::size_t Session::waiting() const { return outbox_->size(); }
bool Session::settled() const { return outbox_->settled(); }

}  // namespace coi::api
