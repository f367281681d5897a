#include "calendar/zones.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <libical/ical.h>

#include "base/ascii.h"
#include "calendar/library.h"
#include "calendar/moments.h"
#include "calendar/text.h"
#include "calendar/windows_zones.h"

namespace coi::calendar {
namespace {

using std::chrono::duration_cast;
using std::chrono::local_seconds;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr int first_year = 1970, last_year = 2200;
constexpr int late_year = 1968;  // a leap year, so that it has every date

std::size_t length(const short* list, std::size_t max) {
  return static_cast<std::size_t>(std::find(list, list + max, ICAL_RECURRENCE_ARRAY_MAX) - list);
}

// libical writes down every change of clocks for centuries, so the rule of a stranger must not have more than a few in
// a year: those that calendars write are "the last Sunday of March", and "the Sunday of the 8th to the 14th".
bool has_few_changes(const icalrecurrencetype& rule) {
  const auto days = length(rule.by_day, ICAL_BY_DAY_SIZE), dates = length(rule.by_month_day, ICAL_BY_MONTHDAY_SIZE),
             months = length(rule.by_month, ICAL_BY_MONTH_SIZE);
  return rule.freq == ICAL_YEARLY_RECURRENCE && rule.rscale == nullptr &&
         length(rule.by_second, ICAL_BY_SECOND_SIZE) == 0 && length(rule.by_minute, ICAL_BY_MINUTE_SIZE) == 0 &&
         length(rule.by_hour, ICAL_BY_HOUR_SIZE) == 0 && length(rule.by_year_day, ICAL_BY_YEARDAY_SIZE) == 0 &&
         length(rule.by_week_no, ICAL_BY_WEEKNO_SIZE) == 0 && length(rule.by_set_pos, ICAL_BY_SETPOS_SIZE) == 0 &&
         rule.interval == 1 && rule.count == 0 && days <= 1 && (days == 1 ? dates <= 8 : dates <= 1) &&
         (months == 1 || (months == 0 && days == 0 && dates == 0));
}

bool is_offset(icalproperty* property) {
  constexpr int day = 24 * 3600;
  const auto* value = icalproperty_get_value(property);
  if (value == nullptr || icalvalue_isa(value) != ICAL_UTCOFFSET_VALUE) return false;
  const int offset = icalvalue_get_utcoffset(value);
  return offset > -day && offset < day;
}

// RFC 5545, 3.6.5: what a STANDARD or DAYLIGHT has to say, and nothing that makes no sense.
bool is_usable_observance(icalcomponent* observance, std::size_t& rules) {
  bool has_start = false, has_offset = false;
  for (auto* property = icalcomponent_get_first_property(observance, ICAL_ANY_PROPERTY); property != nullptr;
       property = icalcomponent_get_next_property(observance, ICAL_ANY_PROPERTY)) {
    const auto* value = icalproperty_get_value(property);
    switch (icalproperty_isa(property)) {
      case ICAL_DTSTART_PROPERTY:
      case ICAL_RDATE_PROPERTY:
        if (!local_time(property)) return false;
        has_start = has_start || icalproperty_isa(property) == ICAL_DTSTART_PROPERTY;
        break;
      case ICAL_TZOFFSETTO_PROPERTY:
      case ICAL_TZOFFSETFROM_PROPERTY:
        if (!is_offset(property)) return false;
        has_offset = has_offset || icalproperty_isa(property) == ICAL_TZOFFSETTO_PROPERTY;
        break;
      case ICAL_RRULE_PROPERTY:
        if (value == nullptr || icalvalue_isa(value) != ICAL_RECUR_VALUE) return false;
        if (!has_few_changes(icalvalue_get_recur(value))) return false;
        ++rules;
        break;
      default:
        break;
    }
  }
  return has_start && has_offset;
}

bool is_usable(icalcomponent* zone) {
  constexpr std::size_t most_rules = 16, most_observances = 500;
  std::size_t rules = 0, observances = 0;
  for (auto* each = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); each != nullptr;
       each = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
    if (++observances > most_observances || !is_usable_observance(each, rules) || rules > most_rules) return false;
  }
  return observances > 0;
}

// Outlook's rules begin in 1601. libical would take 20 ms to come from there to our days.
void begin_late(icalcomponent* zone) {
  for (auto* each = icalcomponent_get_first_component(zone, ICAL_ANY_COMPONENT); each != nullptr;
       each = icalcomponent_get_next_component(zone, ICAL_ANY_COMPONENT)) {
    const auto* rule = icalcomponent_get_first_property(each, ICAL_RRULE_PROPERTY);
    auto* start = icalcomponent_get_first_property(each, ICAL_DTSTART_PROPERTY);
    auto begin = icalvalue_get_datetime(icalproperty_get_value(start));
    if (rule == nullptr || begin.year >= late_year) continue;
    const auto until = icalvalue_get_recur(icalproperty_get_value(rule)).until;
    if (!icaltime_is_null_time(until) && until.year <= late_year) continue;
    begin.year = late_year;
    icalproperty_set_value(start, icalvalue_new_datetime(begin));
  }
}

// libical opens the file of that name below the zones' directory: a name must lead nowhere else.
bool is_iana_name(std::string_view name) {
  constexpr std::size_t longest = 64;
  return name.size() <= longest && name.contains('/') && !name.starts_with('/') && !name.starts_with("posix/") &&
         !name.starts_with("right/") &&
         std::ranges::all_of(name, [](char c) { return ascii_alnum(c) || std::string_view("/_+-").contains(c); });
}

icaltimezone* system_zone(const std::string& name) {
  if (!is_iana_name(name)) return nullptr;
  auto* zone = icaltimezone_get_builtin_timezone(name.c_str());
  return zone != nullptr && icaltimezone_get_component(zone) != nullptr ? zone : nullptr;
}

bool is_utc_name(std::string_view tzid) {
  constexpr std::string_view names[] = {"UTC", "GMT", "Z", "Etc/UTC", "Etc/GMT", "tzone://Microsoft/Utc"};
  return std::ranges::any_of(names, [&](std::string_view name) { return ascii_iequal(name, tzid); });
}

}  // namespace

void Zones::FreeZone::operator()(_icaltimezone* zone) const { icaltimezone_free(zone, 1); }

icalcomponent_impl* Zones::own(const std::string& tzid) const {
  for (auto* each = icalcomponent_get_first_component(object_, ICAL_VTIMEZONE_COMPONENT); each != nullptr;
       each = icalcomponent_get_next_component(object_, ICAL_VTIMEZONE_COMPONENT))
    if (value_text(icalcomponent_get_first_property(each, ICAL_TZID_PROPERTY)) == tzid && is_usable(each)) return each;
  return nullptr;
}

const Zones::Zone& Zones::find(const std::string& tzid) {
  const auto [place, is_new] = found_.try_emplace(tzid);
  auto& zone = place->second;
  if (!is_new) return zone;
  if (auto* component = own(tzid)) {
    zone.own.reset(icaltimezone_new());
    auto* rules = icalcomponent_new_clone(component);
    begin_late(rules);
    icaltimezone_set_component(zone.own.get(), rules);
    return zone;
  }
  zone.is_utc = is_utc_name(tzid);
  if (zone.is_utc || tzid.size() > longest_name) return zone;
  const auto iana = iana_zone(tzid);
  std::string_view name = iana.empty() ? std::string_view(tzid) : iana;
  // RFC 5545, 3.2.19: what begins with "/" is of some registry; "/citadel.org/20210210_1/Europe/Berlin" names it last.
  zone.system = system_zone(std::string(name));
  while (zone.system == nullptr && name.starts_with('/') && name.size() > 1) {
    name.remove_prefix(1);
    zone.system = system_zone(std::string(name));
    name.remove_prefix(std::min(name.find('/'), name.size()));
  }
  return zone;
}

std::optional<seconds> Zones::offset(const std::string& tzid, local_seconds local) {
  const auto date = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(local));
  if (date.year() < std::chrono::year(first_year) || date.year() > std::chrono::year(last_year)) return std::nullopt;
  const auto& zone = find(tzid);
  if (zone.is_utc) return seconds(0);
  auto* rules = zone.own ? zone.own.get() : zone.system;
  if (rules == nullptr) return std::nullopt;
  auto time = ical_time(local);
  return seconds(icaltimezone_get_utc_offset(rules, &time, nullptr));
}

std::optional<UnixMs> Zones::time(const std::string& tzid, local_seconds local) {
  const auto east = offset(tzid, local);
  if (!east) return std::nullopt;
  return duration_cast<milliseconds>((local - *east).time_since_epoch()).count();
}

// By the offset of local times, as libical 3.0's own for times in UTC reads before its table.
std::optional<local_seconds> Zones::local(const std::string& tzid, UnixMs time) {
  const local_seconds utc(duration_cast<seconds>(milliseconds(whole_seconds(time))));
  const auto near = offset(tzid, utc);
  const auto east = near ? offset(tzid, utc + *near) : std::nullopt;
  if (!east) return std::nullopt;
  return utc + *east;
}

}  // namespace coi::calendar
