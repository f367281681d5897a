#include "imap/date_time.h"

#include <algorithm>
#include <array>
#include <chrono>

#include <fmt/format.h>

#include "base/ascii.h"

namespace coi::imap {
namespace {

using std::chrono::days;
using std::chrono::milliseconds;

constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::optional<std::chrono::sys_days> parse_day(std::string_view text) {
  const auto pieces = ascii_split(text, '-');
  if (pieces.size() != 3) return std::nullopt;
  const auto day = ascii_number(pieces[0]);
  const auto* month = std::ranges::find_if(months, [&](std::string_view m) { return ascii_iequal(m, pieces[1]); });
  const auto year = ascii_number(pieces[2]);
  if (!day || month == months.end() || !year || *year > 9999) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)},
                                         std::chrono::month{static_cast<unsigned>(month - months.begin()) + 1},
                                         std::chrono::day{*day}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date};
}

// time = 2DIGIT ":" 2DIGIT ":" 2DIGIT
std::optional<std::chrono::seconds> parse_clock(std::string_view text) {
  const auto pieces = ascii_split(text, ':');
  if (pieces.size() != 3) return std::nullopt;
  const auto hour = ascii_number(pieces[0]);
  const auto minute = ascii_number(pieces[1]);
  const auto second = ascii_number(pieces[2]);
  if (!hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  return std::chrono::hours{*hour} + std::chrono::minutes{*minute} + std::chrono::seconds{*second};
}

// zone = ("+" / "-") 4DIGIT
std::optional<std::chrono::minutes> parse_zone(std::string_view text) {
  if (text.size() != 5 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const auto hours = ascii_number(text.substr(1, 2));
  const auto minutes = ascii_number(text.substr(3));
  if (!hours || !minutes) return std::nullopt;
  const auto offset = std::chrono::hours{*hours} + std::chrono::minutes{*minutes};
  return text[0] == '-' ? -offset : offset;
}

std::chrono::year_month_day date_of(std::chrono::sys_time<milliseconds> point) {
  return {std::chrono::floor<days>(point)};
}

std::string_view month_name(std::chrono::month month) { return months.at(static_cast<unsigned>(month) - 1); }

}  // namespace

std::optional<UnixMs> parse_date_time(std::string_view text) {
  const auto pieces = ascii_split(ascii_trim(text), ' ');
  if (pieces.size() != 3) return std::nullopt;
  const auto day = parse_day(pieces[0]);
  const auto clock = parse_clock(pieces[1]);
  const auto zone = parse_zone(pieces[2]);
  if (!day || !clock || !zone) return std::nullopt;
  return std::chrono::duration_cast<milliseconds>((*day + *clock - *zone).time_since_epoch()).count();
}

std::string print_date_time(UnixMs time) {
  const std::chrono::sys_time<milliseconds> point{milliseconds{time}};
  const auto date = date_of(point);
  const std::chrono::hh_mm_ss clock{point - std::chrono::floor<days>(point)};
  return fmt::format("{:2}-{}-{:04} {:02}:{:02}:{:02} +0000", static_cast<unsigned>(date.day()),
                     month_name(date.month()), static_cast<int>(date.year()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count());
}

}  // namespace coi::imap
