#include "times.h"

#include <charconv>
#include <ctime>

#include <fmt/format.h>

namespace coi::cli {
namespace {

constexpr UnixMs minute = 60'000, hour = 60 * minute;

std::tm local(UnixMs time) {
  const auto seconds = static_cast<std::time_t>(time / 1000);
  std::tm parts = {};
  ::localtime_r(&seconds, &parts);
  return parts;
}

std::string format(const std::tm& parts, const char* pattern) {
  char text[64];
  const auto size = std::strftime(text, sizeof text, pattern, &parts);
  return {text, size};
}

// Whole days from the one to the other, by the calendar.
long days_between(const std::tm& from, const std::tm& to) {
  const auto day = [](std::tm parts) {
    parts.tm_hour = 12, parts.tm_min = parts.tm_sec = 0, parts.tm_isdst = -1;
    return std::mktime(&parts);
  };
  constexpr long seconds_a_day = 24 * 3600;
  const auto apart = day(to) - day(from);
  return (apart + (apart >= 0 ? 1 : -1) * seconds_a_day / 2) / seconds_a_day;
}

std::string date_text(const std::tm& parts, const std::tm& today) {
  auto text = fmt::format("{} {}", parts.tm_mday, format(parts, "%b"));
  if (parts.tm_year != today.tm_year) text += format(parts, " %Y");
  return text;
}

}  // namespace

std::string ago(UnixMs time, UnixMs now) {
  const auto passed = now - time;
  if (passed < minute && passed > -minute) return "now";
  const auto then = local(time), today = local(now);
  const auto days = days_between(then, today);
  if (days < 0 || passed < 0) return date_text(then, today);
  if (passed < hour) return fmt::format("{} min", passed / minute);
  if (days == 0) return fmt::format("{} h", passed / hour);
  if (days == 1) return "yesterday";
  if (days < 7) return format(then, "%A");
  return date_text(then, today);
}

std::string clock_text(UnixMs time) { return format(local(time), "%H:%M"); }

std::string day_text(UnixMs time, UnixMs now) {
  const auto then = local(time), today = local(now);
  return fmt::format("{}, {} {}", format(then, "%A"), then.tm_mday,
                     format(then, then.tm_year == today.tm_year ? "%B" : "%B %Y"));
}

std::string moment_text(UnixMs time, UnixMs now) {
  const auto days = days_between(local(now), local(time));
  if (days == 0) return clock_text(time);
  if (days == 1) return "tomorrow, " + clock_text(time);
  return day_text(time, now) + ", " + clock_text(time);
}

Result<std::chrono::minutes> parse_duration(std::string_view text) {
  const auto wrong = [&] {
    return fail(ErrorKind::invalid, fmt::format("{} is no duration", text), "write 30m, 8h, 2d or 1w");
  };
  constexpr int longest = 100'000;
  int amount = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), amount);
  if (error != std::errc() || end + 1 != text.data() + text.size() || amount <= 0 || amount > longest) return wrong();
  switch (*end) {
    case 'm':
      return std::chrono::minutes(amount);
    case 'h':
      return std::chrono::hours(amount);
    case 'd':
      return std::chrono::hours(24 * amount);
    case 'w':
      return std::chrono::hours(7 * 24 * amount);
    default:
      return wrong();
  }
}

}  // namespace coi::cli
