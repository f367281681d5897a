// METHOD:REPLY. Everything goes through text.h again: an Invitation is a value that anybody may have filled.
#include <algorithm>

#include <libical/ical.h>

#include "base/thrown.h"
#include "calendar/invitation.h"
#include "calendar/library.h"
#include "calendar/lines.h"
#include "calendar/moments.h"
#include "calendar/text.h"

namespace coi::calendar {
namespace {

using std::chrono::local_seconds;

icaltimetype utc_time(UnixMs time) {
  const std::chrono::milliseconds whole(whole_seconds(time));
  auto utc = ical_time(local_seconds(std::chrono::duration_cast<std::chrono::seconds>(whole)));
  utc.zone = icaltimezone_get_utc_timezone();
  return utc;
}

// nullopt: local time of a zone whose offset is not known, which would need its VTIMEZONE.
std::optional<icaltimetype> written_time(const std::optional<Moment>& moment) {
  if (!moment || (!moment->time && !moment->all_day && !moment->zone.empty())) return std::nullopt;
  if (moment->time && !moment->all_day) return utc_time(*moment->time);
  auto time = ical_time(moment->local);
  time.is_date = moment->all_day ? 1 : 0;
  return time;
}

// libical 3.0.16 writes "^" as it is, which RFC 6868 reads as an escape.
icalparameter* name_parameter(const std::string& name) {
  auto said = visible_name(name);
  std::ranges::replace(said, '^', ' ');
  return said.empty() ? nullptr : icalparameter_new_cn(said.c_str());
}

void add_zone(icalcomponent* object, const std::string& zone, const std::string& tzid) {
  const auto lines = select_lines("BEGIN:VCALENDAR\n" + zone + "\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR\n", Limits{});
  const auto read = lines ? parse(lines->object) : nullptr;
  auto* own = read ? icalcomponent_get_first_component(read.get(), ICAL_VTIMEZONE_COMPONENT) : nullptr;
  if (own == nullptr || value_text(icalcomponent_get_first_property(own, ICAL_TZID_PROPERTY)) != tzid) return;
  icalcomponent_strip_errors(own);
  icalcomponent_add_component(object, icalcomponent_new_clone(own));
}

void add_instance(icalcomponent* object, icalcomponent* event, const Invitation& to) {
  const auto id = one_line(to.recurrence_id, longest_line);
  if (id.empty()) return;
  const bool has_parameters = id.starts_with("TZID=") || id.starts_with("VALUE=");
  const auto line = (has_parameters ? "RECURRENCE-ID;" : "RECURRENCE-ID:") + id;
  const auto read = parse("BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + line + "\nEND:VEVENT\nEND:VCALENDAR\n");
  auto* of = read ? icalcomponent_get_first_component(read.get(), ICAL_VEVENT_COMPONENT) : nullptr;
  auto* property = of ? icalcomponent_get_first_property(of, ICAL_RECURRENCEID_PROPERTY) : nullptr;
  const auto local = property ? local_time(property) : std::nullopt;
  if (!local) return;
  auto* written = icalproperty_new(ICAL_RECURRENCEID_PROPERTY);
  icalproperty_set_value(written, icalvalue_new_clone(icalproperty_get_value(property)));
  icalcomponent_add_property(event, written);
  const auto tzid = tzid_of(property);
  if (tzid.empty()) return;
  icalproperty_add_parameter(written, icalparameter_new_tzid(tzid.c_str()));
  if (!to.recurrence_zone.empty()) add_zone(object, to.recurrence_zone, tzid);
}

icalparameter_partstat partstat(Answer answer) {
  switch (answer) {
    case Answer::accepted:
      return ICAL_PARTSTAT_ACCEPTED;
    case Answer::declined:
      return ICAL_PARTSTAT_DECLINED;
    case Answer::tentative:
      break;
  }
  return ICAL_PARTSTAT_TENTATIVE;
}

struct Reply {
  std::string uid, organizer, attendee;  // fit to be written
};

std::string write(const Reply& reply, const Invitation& to, const Address& attendee, Answer answer, UnixMs now,
                  std::string_view comment) {
  const Component object(icalcomponent_new(ICAL_VCALENDAR_COMPONENT));
  icalcomponent_add_property(object.get(), icalproperty_new_prodid("-//COI//Chat over IMAP//EN"));
  icalcomponent_add_property(object.get(), icalproperty_new_version("2.0"));
  icalcomponent_add_property(object.get(), icalproperty_new_method(ICAL_METHOD_REPLY));
  Component own(icalcomponent_new(ICAL_VEVENT_COMPONENT));
  auto* event = own.get();
  const auto add = [&](icalproperty* property) { icalcomponent_add_property(event, property); };
  add(icalproperty_new_uid(reply.uid.c_str()));
  add(icalproperty_new_dtstamp(utc_time(now)));
  add(icalproperty_new_sequence(static_cast<int>(to.sequence & 0x7FFF'FFFFU)));
  add_instance(object.get(), event, to);
  auto* organizer = icalproperty_new_organizer(mailto(reply.organizer).c_str());
  if (auto* name = name_parameter(to.organizer->name)) icalproperty_add_parameter(organizer, name);
  add(organizer);
  auto* who = icalproperty_new_attendee(mailto(reply.attendee).c_str());
  if (auto* name = name_parameter(attendee.name)) icalproperty_add_parameter(who, name);
  icalproperty_add_parameter(who, icalparameter_new_partstat(partstat(answer)));
  add(who);
  if (const auto summary = one_line(to.summary, longest_line); !summary.empty())
    add(icalproperty_new_summary(summary.c_str()));
  if (const auto start = written_time(to.start)) {
    add(icalproperty_new_dtstart(*start));
    const auto end = written_time(to.end);
    if (end && end->is_date == start->is_date) add(icalproperty_new_dtend(*end));
  }
  if (const auto said = several_lines(comment, longest_text); !said.empty())
    add(icalproperty_new_comment(said.c_str()));
  icalcomponent_add_component(object.get(), own.release());
  return as_text(object.get());
}

}  // namespace

Result<std::string> write_reply(const Invitation& to, const Address& attendee, Answer answer, UnixMs now,
                                std::string_view comment) {
  return caught("cannot write the answer", [&]() -> Result<std::string> {
    const Reply reply{.uid = one_line(to.uid, longest_line),
                      .organizer = to.organizer ? address_of(mailto(to.organizer->address)) : "",
                      .attendee = address_of(mailto(attendee.address))};
    if (reply.uid.empty()) return fail(ErrorKind::invalid, "the invitation has no id to which an answer could refer");
    if (reply.organizer.empty()) return fail(ErrorKind::invalid, "the invitation does not say whom to answer");
    if (reply.attendee.empty()) return fail(ErrorKind::invalid, "whoever answers has no address");
    return Library::with([&] { return write(reply, to, attendee, answer, now, comment); });
  });
}

}  // namespace coi::calendar
