#include "api/read_pool.h"

#include <algorithm>

#include "base/thrown.h"

namespace coi::api {

Result<store::Reader*> Readers::of(const std::shared_ptr<engine::Account>& account) {
  const auto id = account->config().id;
  auto found = entries_.find(id);
  if (found == entries_.end() || found->second.account.lock() != account) {
    if (found != entries_.end()) entries_.erase(found);
    found = entries_.emplace(id, Entry{account, COI_TRY(account->reader())}).first;
  }
  auto* reader = &found->second.reader;
  interrupt_.emplace(stop_, [reader] { reader->interrupt(); });
  return reader;
}

void Readers::begin(std::stop_token stop) {
  stop_ = std::move(stop);
  std::erase_if(entries_, [](const auto& entry) { return entry.second.account.expired(); });
}

void Readers::end() {
  interrupt_.reset();
  stop_ = {};
}

ReadPool::ReadPool(Log log, std::size_t threads) : log_(std::move(log)) {
  for (std::size_t each = 0; each < threads; ++each)
    threads_.emplace_back([this](const std::stop_token& stop) { run(stop); });
}

void ReadPool::post(Work work, std::stop_token stop) { queue_.push(Task{std::move(work), std::move(stop)}); }

void ReadPool::stop() {
  queue_.close();
  for (auto& thread : threads_) thread.request_stop();
  for (auto& thread : threads_)
    if (thread.joinable()) thread.join();
  while (queue_.try_pop()) continue;
}

void ReadPool::run(const std::stop_token& stop) {
  Readers readers;
  while (!stop.stop_requested()) {
    auto task = queue_.pop(stop);
    if (!task || stop.stop_requested() || task->stop.stop_requested()) continue;
    readers.begin(std::move(task->stop));
    // The request is answered by itself: what failed in it is its own.
    if (const auto done = caught("a request failed", [&]() -> Result<> { return task->work(readers), Result<>(); });
        !done)
      log_.error("api: {}", done.error().text());
    readers.end();
  }
}

}  // namespace coi::api
