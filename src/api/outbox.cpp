#include "api/outbox.h"

#include <algorithm>
#include <map>
#include <utility>

#include "api/rpc.h"
#include "api/unread.h"
#include "proto/event.h"

namespace coi::api {

Outbox::Outbox(std::function<void()> wake, std::size_t events, const Limits& limits, std::shared_ptr<Unread> all)
    : wake_(std::move(wake)),
      most_events_(events),
      limits_(limits),
      all_(all ? std::move(all) : std::make_shared<Unread>(limits)) {}

Outbox::~Outbox() { close(); }

void Outbox::expect_reply(std::size_t request) {
  state_.with([&](State& state) { ++state.replies_due, state.requests += request; });
}

void Outbox::put_reply(std::string line, std::size_t request) {
  const bool was_busy = busy();
  state_.with([&](State& state) { --state.replies_due, state.requests -= request; });
  put({.text = std::make_shared<const std::string>(std::move(line)), .account = {}});
  if (was_busy && !busy()) wake_();  // there may be more to read
}

void Outbox::end_request(std::size_t request) {
  state_.with([&](State& state) { --state.replies_due, state.requests -= request; });
  wake_();  // the end of all may have waited for it
}

bool Outbox::busy() const {
  return state_.with([&](const State& state) {
    return state.replies_due >= limits_.requests || state.requests >= limits_.request_octets ||
           state.octets >= limits_.answer_octets;
  });
}

bool Outbox::takes_answers() const {
  return state_.with([&](const State& state) { return state.octets + state.taken < limits_.answer_octets; });
}

bool Outbox::gather(std::size_t octets) {
  return state_.with([&](State& state) {
    if (state.gathered + octets > limits_.answer_octets || !all_->gather(octets)) return false;
    state.gathered += octets;
    return true;
  });
}

void Outbox::hand_over(std::size_t octets) {
  state_.with([&](State& state) { state.gathered -= octets; });
  all_->hand_over(octets);
}

void Outbox::put_notice(std::string line) {
  put({.text = std::make_shared<const std::string>(std::move(line)), .account = {}});
}

void Outbox::put_event(const std::string& account, std::int64_t seq, std::shared_ptr<const std::string> line) {
  put({.text = std::move(line), .account = account, .seq = seq});
}

void Outbox::put(Line line) {
  const bool was_empty = state_.with([&](State& state) {
    if (closed_.stop_requested()) return false;
    const bool empty = state.lines.empty();
    const auto octets = line.text->size() + 1;
    state.octets += octets;
    if (line.account.empty()) state.answers += octets, all_->add(octets);
    if (!line.account.empty()) ++state.events, state.event_octets += octets;
    state.lines.push_back(std::move(line));
    if (state.events > most_events_ || state.event_octets > limits_.event_octets) overflow(state);
    return empty;
  });
  if (was_empty) wake_();
}

void Outbox::overflow(State& state) {
  std::map<std::string, std::int64_t> newest;
  for (const auto& line : state.lines)
    if (!line.account.empty()) newest[line.account] = std::max(newest[line.account], line.seq);
  std::erase_if(state.lines, [](const Line& line) { return !line.account.empty(); });
  for (const auto& [account, seq] : newest)
    state.lines.push_back({std::make_shared<const std::string>(event_line(proto::Resync{account, seq})), account, seq});
  state.events = newest.size();
  state.octets = state.event_octets = 0;
  for (const auto& line : state.lines) {
    state.octets += line.text->size() + 1;
    if (!line.account.empty()) state.event_octets += line.text->size() + 1;
  }
}

std::string Outbox::take(std::size_t about) {
  std::size_t gone = 0, gone_answers = 0;
  auto all = state_.with([&](State& state) {
    std::string taken;
    gone = std::exchange(state.taken, 0);
    gone_answers = std::exchange(state.taken_answers, 0);
    if (!state.lines.empty()) taken.reserve(state.lines.front().text->size() + 1);  // one line may be large
    while (!state.lines.empty() && taken.size() < about) {
      const auto& line = state.lines.front();
      taken += *line.text;
      taken += '\n';
      const auto octets = line.text->size() + 1;
      if (line.account.empty())
        state.answers -= octets, state.taken_answers += octets;
      else
        --state.events, state.event_octets -= octets;
      state.octets -= octets;
      state.lines.pop_front();
    }
    state.taken = taken.size();
    return taken;
  });
  all_->remove(gone_answers);
  if (gone > 0 || !all.empty()) taken_();
  return all;
}

std::size_t Outbox::size() const {
  return state_.with([](const State& state) { return state.octets; });
}

bool Outbox::settled() const {
  return state_.with([](const State& state) { return state.replies_due == 0 && state.lines.size() == state.events; });
}

void Outbox::close() {
  closed_.request_stop();
  const auto answers = state_.with([](State& state) {
    const auto all = state.answers + state.taken_answers;
    state.lines.clear();
    state.octets = state.events = state.event_octets = state.taken = state.answers = state.taken_answers = 0;
    return all;
  });
  all_->remove(answers);
}

}  // namespace coi::api
