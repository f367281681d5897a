#include "engine/hard_mails.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

namespace coi::engine {
namespace {

constexpr UnixMs second = 1000, minute = 60 * second, hour = 60 * minute;
constexpr UnixMs longest_rest = hour, longest_folder_rest = 5 * minute, longest_unlisted = 30 * minute;
constexpr UnixMs long_enough = hour, long_enough_alone = 3 * 24 * hour;
constexpr int fewest_refusals = 6;
constexpr auto rests_after_connections = std::to_array<UnixMs>({0, minute, 8 * minute, hour});
// Of a folder. A server that refuses more is one that refuses everything.
constexpr std::size_t most_remembered = 10'000;

// 1, 2, 4 … seconds.
UnixMs growing(int times, UnixMs longest) {
  constexpr int most_doublings = 20;
  return std::min(longest, second << std::min(times - 1, most_doublings));
}

}  // namespace

void HardMails::suspect(const store::Folder& folder, const NumberSet& uids) {
  states_.with([&](States& states) { states[mailbox(folder)].suspects.add(uids); });
}

template <class Result>
Result HardMails::of(const store::Folder& folder, Result (*look)(const State&, UnixMs), UnixMs now) const {
  return states_.with([&](const States& states) {
    const auto found = states.find(mailbox(folder));
    return found == states.end() ? Result() : look(found->second, now);
  });
}

// When the first of these mails may be asked for again.
std::optional<UnixMs> HardMails::next_of(const std::map<std::uint32_t, Hard>& mails, UnixMs after) {
  std::optional<UnixMs> next;
  for (const auto& [uid, hard] : mails)
    if (hard.rests_until > after) next = std::min(next.value_or(hard.rests_until), hard.rests_until);
  return next;
}

NumberSet HardMails::suspects(const store::Folder& folder) const {
  return of<NumberSet>(folder, [](const State& state, UnixMs) { return state.suspects; }, 0);
}

bool HardMails::refused(const store::Folder& folder, std::uint32_t uid, const imap::Status& status, UnixMs now) {
  return states_.with([&](States& states) {
    auto& state = states[mailbox(folder)];
    if (state.hard.size() >= most_remembered && !state.hard.contains(uid)) return false;
    auto& hard = state.hard[uid];
    if (hard.refusals++ == 0) hard.first_refused = now;
    hard.rests_until = now + growing(hard.refusals, longest_rest);
    if (status.may_pass() || hard.refusals < fewest_refusals) return false;
    const bool gives_others = state.gave_last > hard.first_refused;
    return now - hard.first_refused >= (gives_others ? long_enough : long_enough_alone);
  });
}

bool HardMails::ended_connection(const store::Folder& folder, std::uint32_t uid, UnixMs now) {
  return states_.with([&](States& states) {
    auto& hard = states[mailbox(folder)].hard[uid];
    const auto times = static_cast<std::size_t>(hard.ended_connections++);
    if (times >= rests_after_connections.size()) return true;
    hard.rests_until = now + rests_after_connections.at(times);
    return false;
  });
}

bool HardMails::was_refused(const store::Folder& folder, std::uint32_t uid) const {
  return states_.with([&](const States& states) {
    const auto found = states.find(mailbox(folder));
    return found != states.end() && found->second.hard.contains(uid);
  });
}

void HardMails::settled(const store::Folder& folder, std::uint32_t uid) {
  states_.with([&](States& states) {
    const auto found = states.find(mailbox(folder));
    if (found == states.end()) return;
    found->second.hard.erase(uid);
    found->second.suspects.remove(uid, uid);
    if (!found->second.wanted_again.contains(uid)) return;
    found->second.wanted_again.remove(uid, uid);
    found->second.fetched_again.add(uid);
  });
}

void HardMails::keep(const store::Folder& folder, const NumberSet& uids) {
  states_.with([&](States& states) {
    std::erase_if(states, [&](const auto& state) {
      return state.first.first == folder.id && state.first.second != folder.uidvalidity;
    });
    const auto found = states.find(mailbox(folder));
    if (found == states.end()) return;
    std::erase_if(found->second.hard, [&](const auto& mail) { return !uids.contains(mail.first); });
    found->second.suspects = found->second.suspects.common(uids);
  });
}

void HardMails::keep(const std::vector<store::Folder>& folders) {
  states_.with([&](States& states) {
    std::erase_if(states, [&](const auto& state) {
      return std::ranges::find(folders, state.first.first, &store::Folder::id) == folders.end();
    });
  });
}

NumberSet HardMails::resting(const store::Folder& folder, UnixMs now) const {
  return of<NumberSet>(
      folder,
      [](const State& state, UnixMs at) {
        NumberSet uids;
        for (const auto& [uid, hard] : state.hard)
          if (at < hard.rests_until) uids.add(uid);
        return uids;
      },
      now);
}

NumberSet HardMails::due(const store::Folder& folder, UnixMs now) const {
  return of<NumberSet>(
      folder,
      [](const State& state, UnixMs at) {
        NumberSet uids;
        for (const auto& [uid, hard] : state.hard)
          if (at >= hard.rests_until) uids.add(uid);
        return uids;
      },
      now);
}

void HardMails::lengthen(std::optional<Rest>& rest, std::string trouble, UnixMs now, UnixMs longest) {
  if (!rest) rest = Rest();
  rest->until = now + growing(++rest->times, longest);
  rest->trouble = std::move(trouble);
}

void HardMails::rest(const store::Folder& folder, const std::string& words, UnixMs now) {
  states_.with([&](States& states) {
    lengthen(states[mailbox(folder)].rest,
             fmt::format("the server does not give mails of {} at present: {}", folder.name, words), now,
             longest_folder_rest);
  });
}

void HardMails::not_listed(const store::Folder& folder, const std::string& words, UnixMs now) {
  auto trouble =
      words.empty() ? "" : fmt::format("the server does not say which mails are in {}: {}", folder.name, words);
  states_.with(
      [&](States& states) { lengthen(states[mailbox(folder)].not_listed, std::move(trouble), now, longest_unlisted); });
}

void HardMails::listed(const store::Folder& folder) {
  states_.with([&](States& states) {
    if (const auto found = states.find(mailbox(folder)); found != states.end()) found->second.not_listed.reset();
  });
}

bool HardMails::is_to_be_listed(const store::Folder& folder, UnixMs now) const {
  return of<bool>(
      folder, [](const State& state, UnixMs at) { return state.not_listed && at >= state.not_listed->until; }, now);
}

void HardMails::gives(const store::Folder& folder, UnixMs now) {
  states_.with([&](States& states) {
    auto& state = states[mailbox(folder)];
    state.rest.reset();
    state.gave_last = now;
  });
}

void HardMails::gave_none(const store::Folder& folder, UnixMs now) {
  states_.with([&](States& states) {
    auto& state = states[mailbox(folder)];
    const auto next = next_of(state.hard, now);
    if (state.rest && next)
      state.rest->until = std::min(*next, now + longest_folder_rest);
    else
      state.rest.reset();
  });
}

bool HardMails::rests(const store::Folder& folder, UnixMs now) const {
  return of<bool>(folder, [](const State& state, UnixMs at) { return state.rest && at < state.rest->until; }, now);
}

bool HardMails::is_due(const store::Folder& folder, UnixMs now) const {
  return of<bool>(folder, [](const State& state, UnixMs at) { return state.rest && at >= state.rest->until; }, now);
}

bool HardMails::may_be_listed(const store::Folder& folder, UnixMs now) const {
  return !of<bool>(
      folder, [](const State& state, UnixMs at) { return state.not_listed && at < state.not_listed->until; }, now);
}

NumberSet HardMails::fetched_again(const store::Folder& folder) const {
  return of<NumberSet>(folder, [](const State& state, UnixMs) { return state.fetched_again; }, 0);
}

void HardMails::want_again(const store::Folder& folder, const NumberSet& uids) {
  if (uids.empty()) return;
  states_.with([&](States& states) { states[mailbox(folder)].wanted_again.add(uids); });
}

std::optional<UnixMs> HardMails::next_due(const store::Folder& folder, UnixMs now) const {
  return of<std::optional<UnixMs>>(
      folder,
      [](const State& state, UnixMs after) {
        auto next = next_of(state.hard, after);
        for (const auto* rest : {&state.rest, &state.not_listed})
          if (*rest && (*rest)->until > after) next = std::min(next.value_or((*rest)->until), (*rest)->until);
        return next;
      },
      now);
}

std::string HardMails::trouble() const {
  return states_.with([](const States& states) -> std::string {
    for (const auto& [mailbox, state] : states)
      for (const auto* rest : {&state.rest, &state.not_listed})
        if (*rest && !(*rest)->trouble.empty()) return (*rest)->trouble;
    return {};
  });
}

void HardMails::asked() {
  states_.with([](States& states) {
    for (auto& [mailbox, state] : states) {
      for (auto* rest : {&state.rest, &state.not_listed})
        if (*rest) (*rest)->until = 0;
      for (auto& [uid, hard] : state.hard)
        if (hard.ended_connections == 0) hard.rests_until = 0;
    }
  });
}

}  // namespace coi::engine
