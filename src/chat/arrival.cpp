#include "chat/arrival.h"

#include <algorithm>

namespace coi::chat {
namespace {

constexpr UnixMs first_sane =
    631'152'000'000;  // 1990-01-01: there was hardly any mail, and clocks start at 1970 or 1980
constexpr UnixMs day = 24LL * 3600 * 1000;
constexpr UnixMs month = 30 * day;

bool is_sane(UnixMs time) { return time >= first_sane; }

UnixMs choose(const MailTimes& times, UnixMs now) {
  const auto stored = is_sane(times.internaldate) ? std::optional(times.internaldate) : std::nullopt;
  const auto sane = [](std::optional<UnixMs> time) { return time && is_sane(*time) ? time : std::nullopt; };
  const auto received = sane(times.received), date = sane(times.date);
  if (received && *received <= stored.value_or(now) + month) return *received;
  if (!stored) return std::min(date.value_or(now), now);
  if (!date || *date > *stored) return *stored;
  return times.own || *stored - *date > month ? *date : *stored;
}

}  // namespace

UnixMs arrival(const MailTimes& times, UnixMs now) { return whole_seconds(choose(times, now)); }

UnixMs shown_time(UnixMs date_ms, UnixMs arrived_ms) {
  return is_sane(date_ms) && arrived_ms - date_ms <= day ? std::min(date_ms, arrived_ms) : arrived_ms;
}

std::optional<UnixMs> odd_date(UnixMs date_ms, UnixMs arrived_ms) {
  const bool is_odd = !is_sane(date_ms) || date_ms > arrived_ms + day || date_ms < arrived_ms - day;
  return date_ms != 0 && is_odd ? std::optional(date_ms) : std::nullopt;
}

}  // namespace coi::chat
