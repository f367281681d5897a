// Threads for what takes long: logging in and out, settings, repairs. Those of one address have their turns, so
// that two logins to it never meet; others do not wait for them. While one waits for a person it gives way to the next.
#pragma once

#include <algorithm>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <set>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

#include "base/guarded.h"
#include "base/log.h"
#include "base/thrown.h"

namespace coi::api {

class Errands {
 public:
  using Errand = std::function<void()>;

  // `most`: that run at once.
  explicit Errands(std::size_t most, Log log = {}) : most_(most), log_(std::move(log)) {}
  ~Errands() { stop(); }
  Errands(const Errands&) = delete;
  Errands& operator=(const Errands&) = delete;

  // `about`: the address. Dropped without being called after stop(), or when `stop` is requested before its turn.
  void post(std::string about, Errand errand, std::stop_token stop = {}) {
    auto in_the_way = state_.with([&](State& state) {
      if (state.ended) return std::stop_source(std::nostopstate);
      state.waiting.push_back({about, std::move(errand), std::move(stop)});
      begin(state);
      return to_stop(state, about);
    });
    in_the_way.request_stop();
  }
  // Of the running errand about the address: from now on it waits for a person, and is stopped so when another one
  // about the same address is there or comes, until keep().
  void give_way(const std::string& about, std::stop_source stop) {
    auto in_the_way = state_.with([&](State& state) {
      state.giving_way.insert_or_assign(about, std::move(stop));
      return to_stop(state, about);
    });
    in_the_way.request_stop();
  }
  // Of the running errand: the person has done it, and what comes waits for its end again.
  void keep(const std::string& about) {
    state_.with([&](State& state) { state.giving_way.erase(about); });
  }
  // Waits for the errands at hand; drops those that wait.
  void stop() {
    auto [threads, dropped] = state_.with([](State& state) {
      state.ended = true;
      return std::pair(std::move(state.threads), std::move(state.waiting));
    });
    threads.clear();  // joins
  }

 private:
  struct Task {
    std::string about;
    Errand errand;
    std::stop_token stop;
  };
  struct State {
    std::list<Task> waiting;
    std::set<std::string> running;
    std::map<std::string, std::stop_source> giving_way;  // of those that run
    std::list<std::jthread> threads;
    std::vector<std::jthread::id> over;  // of threads that are to be joined
    bool ended = false;
  };

  // What holds up somebody who is still there, and may be stopped.
  static std::stop_source to_stop(const State& state, const std::string& about) {
    const auto found = state.giving_way.find(about);
    const bool is_waited_for = std::ranges::any_of(
        state.waiting, [&](const Task& task) { return task.about == about && !task.stop.stop_requested(); });
    return found != state.giving_way.end() && is_waited_for ? found->second : std::stop_source(std::nostopstate);
  }

  // Called with the lock held. Threads that are over are joined at once: they have nothing left to do but end.
  void begin(State& state) {
    std::erase_if(state.threads, [&](const std::jthread& thread) {
      return std::ranges::find(state.over, thread.get_id()) != state.over.end();
    });
    state.over.clear();
    while (state.running.size() < most_) {
      const auto next =
          std::ranges::find_if(state.waiting, [&](const Task& task) { return !state.running.contains(task.about); });
      if (next == state.waiting.end()) return;
      auto task = std::make_shared<Task>(std::move(*next));
      state.waiting.erase(next);
      state.running.insert(task->about);
      // Without a thread the errand is dropped, which answers it.
      if (const auto begun = caught("no thread for an errand",
                                    [&]() -> Result<> {
                                      state.threads.emplace_back([this, task] { run(*task); });
                                      return {};
                                    });
          !begun) {
        log_.error("api: {}", begun.error().text());
        state.running.erase(task->about);
      }
    }
  }

  void run(Task& task) {
    if (!task.stop.stop_requested())
      if (const auto done = caught("an errand failed", [&]() -> Result<> { return task.errand(), Result<>(); }); !done)
        log_.error("api: {}", done.error().text());
    task.errand = nullptr;  // what it held goes before the next one begins
    state_.with([&](State& state) {
      state.running.erase(task.about);
      state.giving_way.erase(task.about);
      if (state.ended) return;
      begin(state);
      state.over.push_back(std::this_thread::get_id());
    });
  }

  const std::size_t most_;
  const Log log_;
  Guarded<State> state_;
};

}  // namespace coi::api
