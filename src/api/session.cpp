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
  // `request`: its octets. Answers that find no room until the last one is there are errors instead.
  BatchReply(std::shared_ptr<Outbox> outbox, std::shared_ptr<Batch> batch, std::size_t due, std::size_t request)
      : outbox_(std::move(outbox)), batch_(std::move(batch)), request_(request), state_({.replies = {}, .due = due}) {}

  void put(const json::Value& id, const Answer& answer) {
    const auto complete = state_.with([&](State& state) -> std::optional<State> {
      const bool fits = !answer || outbox_->gather(answer->size());
      if (!fits) batch_->full = true;
      state.replies.push_back(reply_line(id, fits ? answer : Answer(std::unexpected(to_rpc(batch_is_full())))));
      if (answer && fits) state.octets += answer->size();
      if (state.replies.size() < state.due) return std::nullopt;
      return std::move(state);
    });
    if (!complete) return;
    outbox_->put_reply(fmt::format("[{}]", fmt::join(complete->replies, ",")), request_);
    outbox_->hand_over(complete->octets);
  }

 private:
  struct State {
    std::vector<std::string> replies;
    std::size_t due = 0;
    std::size_t octets = 0;  // of the results among them
  };

  std::shared_ptr<Outbox> outbox_;
  std::shared_ptr<Batch> batch_;
  const std::size_t request_;
  Guarded<State> state_;
};

void start(const Call& call, const Request& request, const Reply& reply) {
  const auto* method = find_method(request.method);
  if (method == nullptr)
    return reply(std::unexpected(
        proto::RpcError{.code = proto::method_not_found,
                        .message = fmt::format("there is no method {}", request.method),
                        .data = proto::ErrorData{.kind = "not_found", .hint = "docs/api.md lists them"}}));
  method->start(call, request.params, reply);
}

// Of work that ends in an answer, which has to find room. `wake`: the transport is to see that others may have to go.
std::shared_ptr<Strand> strand_of_answers(Service& service, const std::shared_ptr<Outbox>& outbox,
                                          std::function<void()> wake) {
  const auto self = std::make_shared<std::weak_ptr<Strand>>();
  auto may_go = [outbox, unread = service.unread, self, wake = std::move(wake)] {
    if (!outbox->takes_answers()) return false;
    if (unread->has_room()) return true;
    unread->wait_for_room(*self);
    wake();
    return unread->has_room();
  };
  auto strand = std::make_shared<Strand>(service.reads, std::move(may_go), outbox->closed());
  *self = strand;
  return strand;
}

}  // namespace

Session::Session(Service& service, std::function<void()> wake)
    : service_(service),
      outbox_(std::make_shared<Outbox>(wake, most_events, service.environment.limits, service.unread)),
      reads_(strand_of_answers(service, outbox_, wake)),
      commands_(std::make_shared<Strand>(service.reads)),
      answers_(strand_of_answers(service, outbox_, std::move(wake))) {
  outbox_->on_taken([reads = std::weak_ptr(reads_), answers = std::weak_ptr(answers_)] {
    for (const auto& one : {reads, answers})
      if (const auto strand = one.lock()) strand->go_on();
  });
}

Session::~Session() {
  service_.events.unsubscribe(outbox_);
  outbox_->close();
}

void Session::receive(std::string_view line) {
  const auto& limits = service_.environment.limits;
  auto incoming = parse_line(line, limits);
  if (!incoming) {
    outbox_->expect_reply();
    return outbox_->put_reply(reply_line(incoming.error().id, std::unexpected(incoming.error().error)));
  }
  if (incoming->requests.size() > limits.requests)
    return refuse(fmt::format("a batch has at most {} requests", limits.requests));
  const auto due = static_cast<std::size_t>(
      std::ranges::count_if(incoming->requests, [](const auto& request) { return !request || request->id; }));
  std::shared_ptr<Batch> batch;
  std::shared_ptr<BatchReply> replies;
  if (incoming->batch && due > 0) {
    outbox_->expect_reply(line.size());
    batch = std::make_shared<Batch>();
    replies = std::make_shared<BatchReply>(outbox_, batch, due, line.size());
  }
  const auto reply_to = [&](const json::Value& id) {
    if (replies) return Reply([replies, id](const Answer& answer) { replies->put(id, answer); });
    outbox_->expect_reply(line.size());
    return Reply([outbox = outbox_, id, octets = line.size()](const Answer& answer) {
      outbox->put_reply(reply_line(id, answer), octets);
    });
  };
  const auto no_reply = [&] {
    outbox_->expect_reply(line.size());
    return Reply([outbox = outbox_, octets = line.size()](const Answer&) { outbox->end_request(octets); });
  };
  for (const auto& request : incoming->requests) {
    if (!request)
      reply_to(request.error().id)(std::unexpected(request.error().error));
    else
      start({.service = service_,
             .client = outbox_,
             .reads = reads_,
             .commands = commands_,
             .answers = answers_,
             .batch = batch,
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
std::size_t Session::unread() const { return outbox_->size(); }
bool Session::busy() const { return outbox_->busy(); }
bool Session::settled() const { return outbox_->settled(); }

}  // namespace coi::api
