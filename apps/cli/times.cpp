#include "times.h"

#include <algorithm>
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

std::string short_day_text(UnixMs time, UnixMs now) {
  const auto then = local(time);
  return fmt::format("{}, {}", format(then, "%a"), date_text(then, local(now)));
}

std::string moment_text(UnixMs time, UnixMs now) {
  const auto days = days_between(local(now), local(time));
  if (days == 0) return clock_text(time);
  if (days == 1) return "tomorrow, " + clock_text(time);
  return day_text(time, now) + ", " + clock_text(time);
}

namespace {

struct Unit {
  std::string_view words;  // with a space on both sides of each
  std::chrono::seconds length;
};
constexpr Unit units[] = {{" s sec secs second seconds ", std::chrono::seconds(1)},
                          {" m min mins minute minutes ", std::chrono::minutes(1)},
                          {" h hr hrs hour hours ", std::chrono::hours(1)},
                          {" d day days ", std::chrono::hours(24)},
                          {" w wk wks week weeks ", std::chrono::hours(7 * 24)}};

std::string_view without_spaces(std::string_view text) {
  return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

}  // namespace

std::string birthday_text(const std::string& birthday) {
  return birthday.starts_with("--") ? birthday.substr(2) : birthday;
}

Result<std::chrono::seconds> parse_seconds(std::string_view text) {
  const auto wrong = [&] {
    return fail(ErrorKind::invalid, fmt::format("{} is no duration", text), "write 30m, 8h, 2d, 1w or 1h30m");
  };
  constexpr std::int64_t largest_number = 100'000;
  constexpr std::chrono::seconds longest = std::chrono::hours(24 * 366 * 100);
  std::chrono::seconds total{0};
  auto rest = without_spaces(text);
  if (rest.empty()) return wrong();
  while (!rest.empty()) {
    std::int64_t amount = 0;
    const auto [end, error] = std::from_chars(rest.data(), rest.data() + rest.size(), amount);
    if (error != std::errc() || amount < 0 || amount > largest_number) return wrong();
    rest = without_spaces(rest.substr(static_cast<std::size_t>(end - rest.data())));
    std::string word;
    while (!rest.empty() && ((rest.front() | 0x20) >= 'a' && (rest.front() | 0x20) <= 'z')) {
      word += static_cast<char>(rest.front() | 0x20);
      rest.remove_prefix(1);
    }
    const auto* unit = std::ranges::find_if(
        units, [&](const Unit& one) { return !word.empty() && one.words.contains(" " + word + " "); });
    if (unit == std::end(units)) return wrong();
    total += amount * unit->length;
    if (total > longest) return wrong();
    rest = without_spaces(rest);
  }
  if (total.count() <= 0) return wrong();
  return total;
}

Result<std::chrono::minutes> parse_duration(std::string_view text) {
  return std::chrono::ceil<std::chrono::minutes>(COI_TRY(parse_seconds(text)));
}

}  // namespace coi::cli
