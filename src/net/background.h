// System calls that know neither deadlines nor cancelling (look-ups) get a thread of their own. For this room only.
#pragma once

#include <sys/eventfd.h>
#include <unistd.h>

#include <memory>
#include <system_error>
#include <thread>

#include <fmt/format.h>

#include "base/queue.h"
#include "net/wait.h"

namespace coi::net {

// What `work` returns, or an error: network at the deadline, cancelled. A call that is given up runs on by itself until
// the system ends it, so `work` owns all it uses.
template <class T, class Work>
Result<T> in_background(Work work, std::string_view what, Deadline deadline, const Waker& waker) {
  struct Answer {
    Queue<Result<T>> value;
    Descriptor ready;
  };
  const auto too_late = [&] { return fail(ErrorKind::network, fmt::format("cannot {}: no answer in time", what)); };
  if (waker.cancelled()) return fail(ErrorKind::cancelled, "stopped");
  if (std::chrono::steady_clock::now() >= deadline) return too_late();
  auto answer = std::make_shared<Answer>();
  answer->ready = Descriptor(::eventfd(0, EFD_CLOEXEC));
  try {
    std::thread([answer, work = std::move(work)] {
      answer->value.push(work());
      const std::uint64_t one = 1;
      [[maybe_unused]] const auto written = ::write(answer->ready.number(), &one, sizeof one);
    }).detach();
  } catch (const std::system_error& e) {
    return fail(ErrorKind::io, fmt::format("cannot {}: no thread: {}", what, e.what()));
  }
  if (COI_TRY(wait(answer->ready.number(), POLLIN, deadline, waker, Attention::busy)) == Waited::timed_out)
    return too_late();
  return std::move(*answer->value.try_pop());
}

}  // namespace coi::net
