#include "chat/arrival.h"

#include <algorithm>
#include <cstdlib>

namespace coi::chat {
namespace {

constexpr UnixMs first_sane =
    631'152'000'000;  // 1990-01-01: there was hardly any mail, and clocks start at 1970 or 1980
constexpr UnixMs second = 1000;
constexpr UnixMs hour = 3600 * second;
constexpr UnixMs day = 24 * hour;
constexpr UnixMs month = 30 * day;

bool is_sane(UnixMs time) { return time >= first_sane; }

// Up to when Received can be the word of the user's own provider.
UnixMs latest_received(std::optional<UnixMs> stored, std::optional<UnixMs> date, UnixMs now) {
  if (!stored) return now + day;
  // An import may have taken INTERNALDATE from Date, which is the author's clock.
  const bool is_date = date && std::abs(*stored - *date) <= second;
  return is_date ? std::min(*stored + month, now + day) : *stored + hour;
}

UnixMs chosen(const MailTimes& times, UnixMs now) {
  const auto sane = [](std::optional<UnixMs> time) { return time && is_sane(*time) ? time : std::nullopt; };
  const auto received = sane(times.received), date = sane(times.date);
  auto stored = sane(times.internaldate);
  // It is this device's clock then that is slow.
  const bool both_say_so = received && stored && std::abs(*received - *stored) <= hour && *received <= now + month;
  if (both_say_so) return *received;
  if (stored && *stored > now + day) stored.reset();
  if (received && *received <= latest_received(stored, date, now)) return *received;
  if (!stored) return std::min(date.value_or(now), now);
  if (!date || *date > *stored) return *stored;
  return times.own || *stored - *date > month ? *date : *stored;
}

}  // namespace

UnixMs arrival(const MailTimes& times, UnixMs now) { return whole_seconds(chosen(times, now)); }

UnixMs shown_time(UnixMs date_ms, UnixMs arrived_ms) {
  return is_sane(date_ms) && arrived_ms - date_ms <= day ? std::min(date_ms, arrived_ms) : arrived_ms;
}

std::optional<UnixMs> odd_date(UnixMs date_ms, UnixMs arrived_ms) {
  const bool is_odd = !is_sane(date_ms) || date_ms > arrived_ms + day || date_ms < arrived_ms - day;
  return date_ms != 0 && is_odd ? std::optional(date_ms) : std::nullopt;
}

}  // namespace coi::chat
