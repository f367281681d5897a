#include "calendar/moments.h"

#include <algorithm>

#include <libical/ical.h>

#include "base/ascii.h"
#include "calendar/library.h"
#include "calendar/text.h"
#include "calendar/zones.h"

namespace coi::calendar {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;

constexpr auto longest_event = days(3653);  // ten years

std::optional<local_seconds> valid_time(const icaltimetype& time) {
  const std::chrono::year_month_day date{std::chrono::year(time.year),
                                         std::chrono::month(static_cast<unsigned>(time.month)),
                                         std::chrono::day(static_cast<unsigned>(time.day))};
  if (time.year < 1 || time.year > 9999 || time.month < 1 || time.month > 12 || time.day < 1 || !date.ok())
    return std::nullopt;
  if (time.is_date) return local_days(date);
  if (time.hour < 0 || time.hour > 23 || time.minute < 0 || time.minute > 59 || time.second < 0 || time.second > 60)
    return std::nullopt;
  return local_days(date) + std::chrono::hours(time.hour) + std::chrono::minutes(time.minute) + seconds(time.second);
}

std::optional<icaltimetype> time_of(const icalproperty* property) {
  const auto* value = icalproperty_get_value(property);
  if (value == nullptr) return std::nullopt;
  switch (icalvalue_isa(value)) {
    case ICAL_DATE_VALUE:
      return icalvalue_get_date(value);
    case ICAL_DATETIME_VALUE:
      return icalvalue_get_datetime(value);
    case ICAL_DATETIMEPERIOD_VALUE:
      return icalvalue_get_datetimeperiod(value).time;
    default:
      return std::nullopt;
  }
}

std::optional<Moment> moment_of(const icaltimetype& time, const std::string& tzid, Zones& zones) {
  const auto local = valid_time(time);
  if (!local) return std::nullopt;
  Moment moment{.local = *local, .all_day = time.is_date != 0};
  if (moment.all_day) return moment;
  const bool is_utc = icaltime_is_utc(time) != 0;
  moment.zone = is_utc ? "UTC" : one_line(tzid, longest_name);
  if (!moment.zone.empty()) moment.time = zones.time(is_utc ? "UTC" : tzid, *local);
  return moment;
}

// RFC 5545, 3.3.6: days and weeks are those of the calendar, hours go by.
std::optional<Moment> after(const Moment& start, const icaldurationtype& duration, const std::string& tzid,
                            Zones& zones) {
  constexpr unsigned most = 1'000'000'000;
  if (duration.is_neg || duration.weeks > most || duration.hours > most || duration.minutes > most) return std::nullopt;
  const auto whole_days = days(duration.weeks) * 7 + days(duration.days);
  const auto rest =
      std::chrono::hours(duration.hours) + std::chrono::minutes(duration.minutes) + seconds(duration.seconds);
  if (whole_days > longest_event || rest > longest_event) return std::nullopt;
  auto end = start;
  end.local += whole_days;
  if (start.all_day) {
    end.local = std::chrono::floor<days>(end.local + rest);
    return end;
  }
  end.time = start.zone.empty() ? std::nullopt : zones.time(tzid, end.local);
  if (end.time) *end.time += std::chrono::duration_cast<std::chrono::milliseconds>(rest).count();
  const auto local = end.time ? zones.local(tzid, *end.time) : std::nullopt;
  end.local = local.value_or(end.local + rest);
  if (!local) end.time.reset();
  return end;
}

bool is_behind(const Moment& end, const Moment& start) {
  if (end.all_day != start.all_day) return false;
  const auto length = end.time && start.time
                          ? std::chrono::floor<seconds>(std::chrono::milliseconds(*end.time - *start.time))
                          : end.local - start.local;
  return length >= (start.all_day ? seconds(days(1)) : seconds(0)) && length <= longest_event;
}

std::optional<Frequency> frequency(icalrecurrencetype_frequency freq) {
  switch (freq) {
    case ICAL_SECONDLY_RECURRENCE:
      return Frequency::secondly;
    case ICAL_MINUTELY_RECURRENCE:
      return Frequency::minutely;
    case ICAL_HOURLY_RECURRENCE:
      return Frequency::hourly;
    case ICAL_DAILY_RECURRENCE:
      return Frequency::daily;
    case ICAL_WEEKLY_RECURRENCE:
      return Frequency::weekly;
    case ICAL_MONTHLY_RECURRENCE:
      return Frequency::monthly;
    case ICAL_YEARLY_RECURRENCE:
      return Frequency::yearly;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::optional<local_seconds> local_time(const icalproperty_impl* property) {
  const auto time = time_of(property);
  return time ? valid_time(*time) : std::nullopt;
}

icaltimetype ical_time(local_seconds local) {
  const auto day = std::chrono::floor<days>(local);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(local - day);
  auto time = icaltime_null_time();
  time.year = static_cast<int>(date.year());
  time.month = static_cast<int>(static_cast<unsigned>(date.month()));
  time.day = static_cast<int>(static_cast<unsigned>(date.day()));
  time.hour = static_cast<int>(clock.hours().count());
  time.minute = static_cast<int>(clock.minutes().count());
  time.second = static_cast<int>(clock.seconds().count());
  return time;
}

std::optional<Moment> read_moment(icalproperty_impl* property, Zones& zones) {
  const auto time = property == nullptr ? std::nullopt : time_of(property);
  return time ? moment_of(*time, tzid_of(property), zones) : std::nullopt;
}

// RFC 5545, 3.6.1.
std::optional<Moment> read_end(icalcomponent_impl* event, const Moment& start, Zones& zones) {
  auto end = read_moment(icalcomponent_get_first_property(event, ICAL_DTEND_PROPERTY), zones);
  if (end && is_behind(*end, start)) return end;
  const auto* duration = icalcomponent_get_first_property(event, ICAL_DURATION_PROPERTY);
  const auto* value = duration == nullptr ? nullptr : icalproperty_get_value(duration);
  if (value != nullptr && icalvalue_isa(value) == ICAL_DURATION_VALUE) {
    auto* written = icalcomponent_get_first_property(event, ICAL_DTSTART_PROPERTY);
    end = after(start, icalvalue_get_duration(value), start.zone == "UTC" ? start.zone : tzid_of(written), zones);
    if (end && is_behind(*end, start)) return end;
  }
  if (!start.all_day) return std::nullopt;
  end = start;
  end->local += days(1);
  return end;
}

std::optional<Recurrence> read_recurrence(icalcomponent_impl* event, const std::optional<Moment>& start, Zones& zones) {
  const auto* property = icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY);
  const auto* value = property == nullptr ? nullptr : icalproperty_get_value(property);
  if (value == nullptr || icalvalue_isa(value) != ICAL_RECUR_VALUE) return std::nullopt;
  const auto rule = icalvalue_get_recur(value);
  const auto freq = frequency(rule.freq);
  if (!freq) return std::nullopt;
  Recurrence recurrence{.freq = *freq};
  if (rule.interval > 0) recurrence.interval = static_cast<std::uint32_t>(rule.interval);
  if (rule.count > 0) recurrence.count = static_cast<std::uint32_t>(rule.count);
  if (!icaltime_is_null_time(rule.until)) recurrence.until = moment_of(rule.until, start ? start->zone : "", zones);
  const auto text = value_text(property);
  for (const auto part : ascii_split(text, ';')) {
    const auto name = part.substr(0, part.find('='));
    const auto list = one_line(part.substr(std::min(name.size() + 1, part.size())), longest_name);
    if (name == "BYDAY")
      recurrence.by_day = list;
    else if (name == "BYMONTHDAY")
      recurrence.by_month_day = list;
    else if (name == "BYMONTH")
      recurrence.by_month = list;
    else if (name == "BYSETPOS")
      recurrence.by_set_pos = list;
    else if (name.starts_with("BY") || name == "RSCALE" || name == "SKIP")
      recurrence.more = true;
  }
  return recurrence;
}

}  // namespace coi::calendar
