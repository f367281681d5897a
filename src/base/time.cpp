#include "base/time.h"

#include <charconv>

#include <fmt/format.h>

namespace coi::inline base {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;
using std::chrono::sys_days;
using std::chrono::year_month_day;

// Reads exactly `digits` digits at the front of `text` and drops them; nullopt if they are not there.
std::optional<int> number(std::string_view& text, std::size_t digits) {
  int value = 0;
  if (text.size() < digits) return std::nullopt;
  const auto* end = text.data() + digits;
  if (auto [at, error] = std::from_chars(text.data(), end, value); error != std::errc{} || at != end || value < 0)
    return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

bool skip(std::string_view& text, std::string_view any_of) {
  if (text.empty() || any_of.find(text.front()) == std::string_view::npos) return false;
  text.remove_prefix(1);
  return true;
}

// Fraction of a second, "." already read: any number of digits, only milliseconds kept.
std::optional<int> milliseconds_of(std::string_view& text) {
  int value = 0;
  int scale = 100;
  std::size_t digits = 0;
  for (; digits < text.size() && text[digits] >= '0' && text[digits] <= '9'; ++digits, scale /= 10)
    value += (text[digits] - '0') * scale;
  if (digits == 0) return std::nullopt;
  text.remove_prefix(digits);
  return value;
}

}  // namespace

UnixMs system_now() {
  return std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string to_rfc3339(UnixMs time) {
  const std::chrono::sys_time<milliseconds> point{milliseconds{time}};
  const auto day = std::chrono::floor<days>(point);
  const year_month_day date{day};
  const std::chrono::hh_mm_ss clock{point - day};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(), clock.subseconds().count());
}

std::optional<UnixMs> from_rfc3339(std::string_view text) {
  const auto year = number(text, 4);
  if (!year || !skip(text, "-")) return std::nullopt;
  const auto month = number(text, 2);
  if (!month || !skip(text, "-")) return std::nullopt;
  const auto day = number(text, 2);
  if (!day || !skip(text, "Tt ")) return std::nullopt;
  const auto hour = number(text, 2);
  if (!hour || !skip(text, ":")) return std::nullopt;
  const auto minute = number(text, 2);
  if (!minute || !skip(text, ":")) return std::nullopt;
  const auto second = number(text, 2);
  if (!second) return std::nullopt;
  int ms = 0;
  if (skip(text, ".")) {
    const auto fraction = milliseconds_of(text);
    if (!fraction) return std::nullopt;
    ms = *fraction;
  }
  int offset_minutes = 0;
  if (!skip(text, "Zz")) {
    const bool west = text.starts_with('-');
    if (!skip(text, "+-")) return std::nullopt;
    const auto hours = number(text, 2);
    if (!hours || !skip(text, ":")) return std::nullopt;
    const auto minutes = number(text, 2);
    if (!minutes || *hours > 23 || *minutes > 59) return std::nullopt;
    offset_minutes = (*hours * 60 + *minutes) * (west ? -1 : 1);
  }
  const year_month_day date{std::chrono::year{*year}, std::chrono::month(static_cast<unsigned>(*month)),
                            std::chrono::day(static_cast<unsigned>(*day))};
  if (!text.empty() || !date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const auto point = sys_days{date} + std::chrono::hours{*hour} + std::chrono::minutes{*minute - offset_minutes} +
                     std::chrono::seconds{*second} + milliseconds{ms};
  return std::chrono::duration_cast<milliseconds>(point.time_since_epoch()).count();
}

}  // namespace coi::inline base
