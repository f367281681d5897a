// Invitations as iCalendar (RFC 5545) and iTIP (RFC 5546) write them, as values. Pure but for one thing: the rules of a
// zone that an object names and does not bring are those of the system (/usr/share/zoneinfo), read by libical.
#pragma once

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "base/result.h"
#include "base/time.h"

namespace coi::calendar {

// RFC 5546, 1.4. `other` is every further method, and an object without one, which schedules nothing (RFC 5545, 3.7.2).
enum class Method : std::uint8_t { request, reply, cancel, counter, publish, other };
// RFC 5545, 3.8.1.11, of events.
enum class Status : std::uint8_t { none, tentative, confirmed, cancelled };
// RFC 5545, 3.2.12; `other`: what it says is not known.
enum class Participation : std::uint8_t { needs_action, accepted, declined, tentative, delegated, other };
// RFC 5545, 3.2.16.
enum class Role : std::uint8_t { chair, required, optional, non_participant };
enum class Frequency : std::uint8_t { secondly, minutely, hourly, daily, weekly, monthly, yearly };
// What write_reply() can say.
enum class Answer : std::uint8_t { accepted, declined, tentative };

struct Address {
  std::string address;  // local@domain as written, at most 320 octets, nothing in it that cannot be seen; "" for none
  std::string name;     // one line, at most 200 octets; "" for none
  friend bool operator==(const Address&, const Address&) = default;
};

struct Attendee {
  Address address;
  Participation partstat = Participation::needs_action;
  Role role = Role::required;
  bool rsvp = false;  // an answer is wanted
  friend bool operator==(const Attendee&, const Attendee&) = default;
};

// A DATE or DATE-TIME (RFC 5545, 3.3.4 and 3.3.5).
struct Moment {
  std::chrono::local_seconds local{};  // what calendar and clock show in `zone`; midnight where `all_day`
  bool all_day = false;                // a whole day, the same date everywhere; it has neither zone nor time
  std::string zone;                    // "UTC", the TZID as written (at most 200 octets), or "": of any reader
  std::optional<UnixMs> time;          // none without zone, of one that is not known, and before 1970 or after 2200
  friend bool operator==(const Moment&, const Moment&) = default;
};

// RFC 5545, 3.3.10. The lists are as written, in upper case, at most 200 octets each; "" for none.
struct Recurrence {
  Frequency freq = Frequency::daily;
  std::uint32_t interval = 1;  // at least 1
  std::uint32_t count = 0;     // 0: not said
  std::optional<Moment> until;
  std::string by_day;        // "MO,WE", "-1SU"
  std::string by_month_day;  // "1,15"
  std::string by_month;
  std::string by_set_pos;
  bool more = false;  // it has parts that are not told here (BYHOUR, BYWEEKNO …)
  friend bool operator==(const Recurrence&, const Recurrence&) = default;
};

struct Invitation {
  Method method = Method::other;
  std::string uid;             // at most 1000 octets; "": none, or longer; such a one cannot be answered
  std::uint32_t sequence = 0;  // 0 also where it says none
  UnixMs dtstamp = 0;          // 0: none
  // Which instance of a recurring event is meant: value and parameters as written ("20261201T090000Z",
  // "TZID=Europe/Berlin:20261201T100000", "VALUE=DATE:20261201"), at most 300 octets; "": the event, or all instances.
  std::string recurrence_id;
  std::string recurrence_zone;  // the object's VTIMEZONE with that TZID, at most 8 kB; "" if it has none
  std::string summary;          // one line, at most 1000 octets, as is `location`
  std::string location;
  std::string description;  // lines end with "\n"; at most 64 kB, as has `comment`
  std::string comment;      // what whoever answers or asks for another time adds
  std::optional<Address> organizer;
  std::vector<Attendee> attendees;  // those with an address, the first 1000
  std::optional<Moment> start;
  // DTEND, or start and DURATION. Of whole days it is the day after the last, and one day if not said. nullopt: not
  // said, before the start, or more than ten years after it.
  std::optional<Moment> end;
  std::optional<Recurrence> recurrence;
  Status status = Status::none;
  std::size_t events = 1;  // VEVENTs of the object: with more than one, instances differ from the rule
  std::string conference;  // an https URL in ASCII without user name, at most 2000 octets; "" for none
  friend bool operator==(const Invitation&, const Invitation&) = default;
};

// Of the first VCALENDAR in it: the first VEVENT without RECURRENCE-ID, else the first. `octets`: UTF-8 as
// it was sent, since characters that folding has cut are put together again; another charset is to be decoded before.
// What makes no sense is left out.
//
// Zones: a TZID is looked up among the object's VTIMEZONEs; if it is not there, or its rules are none that a zone has,
// Windows' names are replaced by those of the IANA database, and that is asked. Where the system has no such zone
// (without the package tzdata, or with a name from tzdata-legacy), the moment has no `time`.
//
// ErrorKind::invalid: no VCALENDAR. not_found: no VEVENT in it, as with a VTODO or VFREEBUSY alone. limit: longer than
// Limits::mail, more than Limits::text or 10 000 lines of what is read here, nested deeper than Limits::nesting.
Result<Invitation> read_invitation(std::string_view octets, const Limits& limits);

// A METHOD:REPLY (RFC 5546, 3.2.3) in UTF-8 with CRLF, to be sent to `to.organizer` as text/calendar with the parameter
// method=REPLY. It names the attendee alone. Besides what has to be said it has SUMMARY, DTSTART and DTEND, in UTC
// where that is known: programs show them, and Outlook and Google refuse a TZID without its VTIMEZONE. `now`:
// milliseconds; `comment`: what the attendee adds, "" for nothing; at most 64 kB of it are said. ErrorKind::invalid: no
// UID, no organizer's address, or `attendee` has none.
Result<std::string> write_reply(const Invitation& to, const Address& attendee, Answer answer, UnixMs now,
                                std::string_view comment);

// Of two objects with the same UID and RECURRENCE-ID (RFC 5546, 2.1.5): `greater` if `a` is the newer one.
std::strong_ordering newer(const Invitation& a, const Invitation& b);

}  // namespace coi::calendar
