// What became of a job, as its runner says it (chat/input.h: JobDone).
#pragma once

#include <string>
#include <utility>

#include "base/number_set.h"
#include "chat/facts.h"
#include "chat/input.h"
#include "imap/status.h"

namespace coi::engine {

inline NumberSet uids_of(const chat::JobFacts& job) {
  NumberSet uids;
  for (const auto& place : job.places) uids.add(place.uid);
  return uids;
}

inline chat::JobDone done(const chat::JobFacts& job) { return {.job = job.id, .done = true}; }
inline chat::JobDone later(const chat::JobFacts& job, std::string reason) {
  return {.job = job.id, .reason = std::move(reason)};
}
inline chat::JobDone hopeless(const chat::JobFacts& job, std::string reason) {
  return {.job = job.id, .hopeless = true, .reason = std::move(reason)};
}
inline chat::JobDone refused(const chat::JobFacts& job, const imap::Status& status) { return later(job, status.text); }

}  // namespace coi::engine
