#include "calendar/invitation.h"

#include <algorithm>

#include <libical/ical.h>

#include "base/ascii.h"
#include "base/thrown.h"
#include "calendar/library.h"
#include "calendar/lines.h"
#include "calendar/moments.h"
#include "calendar/text.h"
#include "calendar/zones.h"

namespace coi::calendar {
namespace {

icalproperty* first(icalcomponent* component, icalproperty_kind kind) {
  return icalcomponent_get_first_property(component, kind);
}

Method read_method(icalcomponent* object) {
  const auto word = value_text(first(object, ICAL_METHOD_PROPERTY));
  constexpr std::pair<std::string_view, Method> known[] = {
      {"REQUEST", Method::request}, {"REPLY", Method::reply},     {"CANCEL", Method::cancel},
      {"COUNTER", Method::counter}, {"PUBLISH", Method::publish},
  };
  for (const auto& [name, method] : known)
    if (ascii_iequal(word, name)) return method;
  return Method::other;
}

Status read_status(icalcomponent* event) {
  const auto word = value_text(first(event, ICAL_STATUS_PROPERTY));
  if (ascii_iequal(word, "TENTATIVE")) return Status::tentative;
  if (ascii_iequal(word, "CONFIRMED")) return Status::confirmed;
  return ascii_iequal(word, "CANCELLED") || ascii_iequal(word, "CANCELED") ? Status::cancelled : Status::none;
}

Participation read_partstat(icalproperty* property) {
  auto* parameter = icalproperty_get_first_parameter(property, ICAL_PARTSTAT_PARAMETER);
  if (parameter == nullptr) return Participation::needs_action;
  switch (icalparameter_get_partstat(parameter)) {
    case ICAL_PARTSTAT_NEEDSACTION:
      return Participation::needs_action;
    case ICAL_PARTSTAT_ACCEPTED:
      return Participation::accepted;
    case ICAL_PARTSTAT_DECLINED:
      return Participation::declined;
    case ICAL_PARTSTAT_TENTATIVE:
      return Participation::tentative;
    case ICAL_PARTSTAT_DELEGATED:
      return Participation::delegated;
    default:
      return Participation::other;
  }
}

Role read_role(icalproperty* property) {
  auto* parameter = icalproperty_get_first_parameter(property, ICAL_ROLE_PARAMETER);
  if (parameter == nullptr) return Role::required;
  switch (icalparameter_get_role(parameter)) {
    case ICAL_ROLE_CHAIR:
      return Role::chair;
    case ICAL_ROLE_OPTPARTICIPANT:
      return Role::optional;
    case ICAL_ROLE_NONPARTICIPANT:
      return Role::non_participant;
    default:
      return Role::required;
  }
}

// Where the value is no mail address ("invalid:nomail", a path on a server) EMAIL says it (RFC 7986, 6.2).
std::optional<Address> read_address(icalproperty* property) {
  Address read{.address = address_of(value_text(property))};
  auto* email = icalproperty_get_first_parameter(property, ICAL_EMAIL_PARAMETER);
  if (const char* said = email == nullptr ? nullptr : icalparameter_get_email(email); said && read.address.empty())
    read.address = address_of(said);
  if (read.address.empty()) return std::nullopt;
  auto* name = icalproperty_get_first_parameter(property, ICAL_CN_PARAMETER);
  if (const char* said = name == nullptr ? nullptr : icalparameter_get_cn(name)) read.name = visible_name(said);
  return read;
}

std::vector<Attendee> read_attendees(icalcomponent* event) {
  std::vector<Attendee> attendees;
  for (auto* property = first(event, ICAL_ATTENDEE_PROPERTY); property != nullptr;
       property = icalcomponent_get_next_property(event, ICAL_ATTENDEE_PROPERTY)) {
    auto address = read_address(property);
    if (!address) continue;
    auto* rsvp = icalproperty_get_first_parameter(property, ICAL_RSVP_PARAMETER);
    attendees.push_back({.address = std::move(*address),
                         .partstat = read_partstat(property),
                         .role = read_role(property),
                         .rsvp = rsvp != nullptr && icalparameter_get_rsvp(rsvp) == ICAL_RSVP_TRUE});
  }
  return attendees;
}

std::uint32_t read_sequence(icalcomponent* event) {
  const auto* property = first(event, ICAL_SEQUENCE_PROPERTY);
  const auto* value = property == nullptr ? nullptr : icalproperty_get_value(property);
  if (value == nullptr || icalvalue_isa(value) != ICAL_INTEGER_VALUE) return 0;
  return static_cast<std::uint32_t>(std::max(icalvalue_get_integer(value), 0));
}

// RFC 5545, 3.8.7.2 wants UTC; without its Z it is taken for that.
UnixMs read_dtstamp(icalcomponent* event) {
  const auto* property = first(event, ICAL_DTSTAMP_PROPERTY);
  const auto local = property == nullptr ? std::nullopt : local_time(property);
  return local ? std::chrono::duration_cast<std::chrono::milliseconds>(local->time_since_epoch()).count() : 0;
}

void read_instance(icalcomponent* event, const Zones& zones, Invitation& into) {
  constexpr std::size_t longest_zone = 8 * 1024;
  auto* property = first(event, ICAL_RECURRENCEID_PROPERTY);
  if (property == nullptr || !local_time(property)) return;
  const auto value = value_text(property), tzid = tzid_of(property);
  const auto name = one_line(tzid, longest_name);
  if (icalvalue_isa(icalproperty_get_value(property)) == ICAL_DATE_VALUE) {
    into.recurrence_id = "VALUE=DATE:" + value;
  } else if (value.ends_with('Z') || name.empty()) {
    into.recurrence_id = value;
  } else if (name == tzid && !name.contains('"')) {
    const bool quoted = name.find_first_of(",;:") != std::string::npos;
    into.recurrence_id = quoted ? "TZID=\"" + name + "\":" + value : "TZID=" + name + ":" + value;
    if (auto* zone = zones.own(tzid)) into.recurrence_zone = as_text(zone);
    if (into.recurrence_zone.size() > longest_zone) into.recurrence_zone.clear();
  }
}

std::string read_conference(icalcomponent* event) {
  std::string google, microsoft;
  for (auto* property = first(event, ICAL_X_PROPERTY); property != nullptr;
       property = icalcomponent_get_next_property(event, ICAL_X_PROPERTY)) {
    auto& url = std::string_view(icalproperty_get_x_name(property)).contains("GOOGLE") ? google : microsoft;
    if (url.empty()) url = https_url(value_text(property));
  }
  for (const auto& url : {https_url(value_text(first(event, ICAL_CONFERENCE_PROPERTY))), google, microsoft})
    if (!url.empty()) return url;
  return https_url(value_text(first(event, ICAL_URL_PROPERTY)));
}

Result<Invitation> read_object(const SelectedLines& lines) {
  const auto object = parse(lines.object);
  auto* event = object ? icalcomponent_get_first_component(object.get(), ICAL_VEVENT_COMPONENT) : nullptr;
  if (event == nullptr) return fail(ErrorKind::invalid, "the calendar object cannot be read");
  Zones zones(object.get());
  const auto line = [&](icalproperty_kind kind) { return one_line(value_text(first(event, kind)), longest_line); };
  const auto text = [&](icalproperty_kind kind) { return several_lines(value_text(first(event, kind)), longest_text); };
  Invitation read{.method = read_method(object.get()), .events = lines.events};
  if (const auto uid = value_text(first(event, ICAL_UID_PROPERTY)); uid.size() <= longest_line)
    read.uid = one_line(uid, longest_line);
  read.sequence = read_sequence(event);
  read.dtstamp = read_dtstamp(event);
  read_instance(event, zones, read);
  read.summary = line(ICAL_SUMMARY_PROPERTY);
  read.location = line(ICAL_LOCATION_PROPERTY);
  read.description = text(ICAL_DESCRIPTION_PROPERTY);
  read.comment = text(ICAL_COMMENT_PROPERTY);
  if (auto* organizer = first(event, ICAL_ORGANIZER_PROPERTY)) read.organizer = read_address(organizer);
  read.attendees = read_attendees(event);
  read.start = read_moment(first(event, ICAL_DTSTART_PROPERTY), zones);
  if (read.start) read.end = read_end(event, *read.start, zones);
  read.recurrence = read_recurrence(event, read.start, zones);
  read.status = read_status(event);
  read.conference = read_conference(event);
  return read;
}

}  // namespace

Result<Invitation> read_invitation(std::string_view octets, const Limits& limits) {
  return caught("cannot read the invitation", [&]() -> Result<Invitation> {
    const auto lines = COI_TRY(select_lines(octets, limits));
    return Library::with([&] { return read_object(lines); });
  });
}

std::strong_ordering newer(const Invitation& a, const Invitation& b) {
  const auto order = a.sequence <=> b.sequence;
  return order != std::strong_ordering::equal ? order : a.dtstamp <=> b.dtstamp;
}

}  // namespace coi::calendar
