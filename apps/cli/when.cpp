#include "when.h"

#include <ctime>
#include <optional>
#include <string>

#include <fmt/format.h>

#include "base/ascii.h"
#include "text.h"
#include "times.h"

namespace coi::cli {
namespace {

// The moment at which a clock of this machine shows that; nullopt: none does.
std::optional<UnixMs> moment(std::tm shown) {
  shown.tm_isdst = -1;
  auto found = shown;
  const auto seconds = std::mktime(&found);
  // A day that does not exist, or an hour that summer time leaves out, becomes another one.
  if (seconds < 0 || found.tm_mday != shown.tm_mday || found.tm_hour != shown.tm_hour || found.tm_min != shown.tm_min)
    return std::nullopt;
  return UnixMs{seconds} * 1000;
}

// The whole of the text.
bool reads(const std::string& text, const char* pattern, std::tm& into) {
  const auto* end = ::strptime(text.c_str(), pattern, &into);
  return end != nullptr && *end == '\0';
}

std::optional<UnixMs> by_calendar(const std::string& text, Day day) {
  if (std::tm shown{}; day == Day::end && reads(text, "%Y-%m-%d", shown)) {
    shown.tm_hour = 23, shown.tm_min = shown.tm_sec = 59;
    return moment(shown);
  }
  for (const auto* pattern : {"%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M"}) {
    std::tm shown{};
    if (reads(text, pattern, shown)) return moment(shown);
  }
  return std::nullopt;
}

std::optional<UnixMs> by_clock(std::string_view text, UnixMs now) {
  constexpr std::string_view tomorrow = "tomorrow ";
  const bool is_tomorrow = text.starts_with(tomorrow);
  if (is_tomorrow) text.remove_prefix(tomorrow.size());
  std::tm time{};
  if (const std::string word(text); !reads(word, "%H:%M", time) && !reads(word, "%H:%M:%S", time = {}))
    return std::nullopt;
  const auto seconds = static_cast<std::time_t>(now / 1000);
  std::tm shown{};
  ::localtime_r(&seconds, &shown);
  shown.tm_hour = time.tm_hour, shown.tm_min = time.tm_min, shown.tm_sec = time.tm_sec;
  const auto on_day = [&](int later) -> std::optional<UnixMs> {
    // Noon of that day says which one it is, at the end of a month too.
    std::tm day = shown;
    day.tm_mday += later, day.tm_hour = 12, day.tm_min = 0, day.tm_isdst = -1;
    if (std::mktime(&day) < 0) return std::nullopt;
    day.tm_hour = shown.tm_hour, day.tm_min = shown.tm_min, day.tm_sec = shown.tm_sec;
    return moment(day);
  };
  if (is_tomorrow) return on_day(1);
  const auto today = on_day(0);
  return today && *today > now ? today : on_day(1);
}

constexpr const char* moment_hint = "write 18:30, \"tomorrow 9:00\", +10m or \"2026-11-30 18:30\"";
constexpr const char* end_hint = "write 8h, 2d, 18:30, 2026-11-30 or \"2026-11-30 18:30\"";
constexpr const char* date_hint = "write 2026-11-30, \"2026-11-30 18:30\" or \"tomorrow 9:00\"";

Result<UnixMs> read_when(std::string_view text, UnixMs now, Day day, const char* hint) {
  const std::string word(text);
  if (word == "now") return now;
  std::optional<UnixMs> when = from_rfc3339(word);
  if (!when) when = by_calendar(word, day);
  if (!when) when = by_clock(word, now);
  if (!when)
    if (const auto length = parse_seconds(text.starts_with('+') ? text.substr(1) : text))
      when = now + std::chrono::milliseconds(*length).count();
  if (!when) return fail(ErrorKind::invalid, fmt::format("\"{}\" is no time", one_line(word)), hint);
  if (*when <= now) return fail(ErrorKind::invalid, fmt::format("{} is past", one_line(word)), "give a time to come");
  return *when;
}

}  // namespace

Result<UnixMs> parse_when(std::string_view text, UnixMs now, Day day) {
  return read_when(text, now, day, day == Day::end ? end_hint : moment_hint);
}

Result<std::string> parse_date(std::string_view text, UnixMs now) {
  std::string word(text);
  std::tm day{};
  if (reads(word, "%Y-%m-%d", day)) {
    day.tm_hour = 12;
    if (!moment(day)) return fail(ErrorKind::invalid, fmt::format("there is no day {}", one_line(word)));
    return fmt::format("{:04}-{:02}-{:02}", day.tm_year + 1900, day.tm_mon + 1, day.tm_mday);
  }
  if (from_rfc3339(word)) return word;
  // UTC: where the writer is, is nobody's business. Without milliseconds, which people read as well.
  const auto date = to_rfc3339(COI_TRY(read_when(text, now, Day::none, date_hint)));
  return date.substr(0, date.find('.')) + "Z";
}

Result<std::uint64_t> parse_delay(std::string_view text) {
  constexpr std::uint64_t longest = 60;
  if (text == "off") return 0;
  auto seconds = ascii_number<std::uint64_t>(text);
  if (!seconds)
    if (const auto length = parse_seconds(text)) seconds = static_cast<std::uint64_t>(length->count());
  if (!seconds || *seconds > longest)
    return fail(ErrorKind::invalid, fmt::format("\"{}\" is no time in which to take a message back", one_line(text)),
                "such as 5s, 60s at most; or off");
  return *seconds;
}

}  // namespace coi::cli
