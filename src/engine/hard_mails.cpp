#include "engine/hard_mails.h"

namespace coi::engine {
namespace {

constexpr UnixMs rest = 60 * 60'000;
constexpr int most_refusals = 3;

bool may_pass(const imap::Status& status) {
  return status.is(imap::CodeWord::unavailable) || status.is(imap::CodeWord::inuse);
}

}  // namespace

void HardMails::suspect(const store::Folder& folder, const NumberSet& uids) {
  state_.with([&](State& state) { state.suspects[mailbox(folder)].add(uids); });
}

NumberSet HardMails::suspects(const store::Folder& folder) const {
  return state_.with([&](const State& state) {
    const auto found = state.suspects.find(mailbox(folder));
    return found == state.suspects.end() ? NumberSet() : found->second;
  });
}

bool HardMails::count_refusal(Hard& hard, UnixMs now) {
  hard.rests_until = now + rest;
  return ++hard.refusals >= most_refusals;
}

bool HardMails::refused(const store::Folder& folder, std::uint32_t uid, const imap::Status& status, UnixMs now) {
  return state_.with([&](State& state) {
    auto& hard = state.hard[mailbox(folder)][uid];
    if (!may_pass(status)) return count_refusal(hard, now);
    hard.rests_until = now + rest;
    return false;
  });
}

bool HardMails::ended_connection(const store::Folder& folder, std::uint32_t uid, UnixMs now) {
  return state_.with([&](State& state) {
    auto& hard = state.hard[mailbox(folder)][uid];
    return ++hard.ended_connections > 1 && count_refusal(hard, now);
  });
}

NumberSet HardMails::resting(const store::Folder& folder, UnixMs now) const {
  return state_.with([&](const State& state) {
    NumberSet uids;
    const auto found = state.hard.find(mailbox(folder));
    if (found == state.hard.end()) return uids;
    for (const auto& [uid, hard] : found->second)
      if (now < hard.rests_until) uids.add(uid);
    return uids;
  });
}

}  // namespace coi::engine
