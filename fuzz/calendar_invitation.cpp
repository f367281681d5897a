// rooms: calendar
// Any octets are read as an invitation; what is read is bounded and clean, and an answer to it is read as such.
#include <algorithm>
#include <cstdint>

#include "calendar/invitation.h"
#include "check.h"

namespace {

using namespace coi::calendar;

void check_text(std::string_view text, std::size_t most, bool lines = false) {
  check(text.size() <= most);
  while (!text.empty()) {
    check(coi::utf8_sequence(text) > 0);
    const auto c = coi::utf8_take(text);
    check(!coi::turns_text(c) && (!coi::is_control(c) || (lines && (c == '\n' || c == '\t'))));
  }
}

void check_address(const Address& address) {
  check_text(address.address, 320);
  check(address.address.contains('@') && !address.address.contains(' '));
  check_text(address.name, 200);
}

void check_moment(const std::optional<Moment>& moment) {
  if (!moment) return;
  check_text(moment->zone, 200);
  check(!moment->all_day || (!moment->time && moment->zone.empty()));
}

void check_bounded(const Invitation& read) {
  for (const auto* line : {&read.uid, &read.summary, &read.location}) check_text(*line, 1000);
  for (const auto* text : {&read.description, &read.comment}) check_text(*text, 64 * 1024, true);
  check_text(read.recurrence_id, 300);
  check(read.recurrence_zone.size() <= 8 * 1024);
  if (read.organizer) check_address(*read.organizer);
  check(read.attendees.size() <= 1000);
  for (const auto& attendee : read.attendees) check_address(attendee.address);
  check_moment(read.start);
  check_moment(read.end);
  check(!read.end || (read.start && read.end->all_day == read.start->all_day));
  check(read.conference.empty() || read.conference.size() >= 9);
  check_text(read.conference, 2000);
  if (!read.recurrence) return;
  check(read.recurrence->interval >= 1);
  check_moment(read.recurrence->until);
  check_text(read.recurrence->by_day, 200);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view octets(reinterpret_cast<const char*>(data), size);
  const auto read = read_invitation(octets, coi::Limits{});
  if (!read) return 0;
  check_bounded(*read);
  const Address me{"mara@example.net", read->summary.substr(0, 100)};
  const auto reply = write_reply(*read, me, Answer::declined, 1'796'000'000'000, octets);
  check(reply.has_value() == (!read->uid.empty() && read->organizer));
  if (!reply) return 0;
  const auto again = read_invitation(*reply, coi::Limits{}).value();
  check_bounded(again);
  check(again.method == Method::reply && again.events == 1 && again.uid == read->uid);
  check(again.sequence == read->sequence && again.recurrence_id == read->recurrence_id);
  check(again.organizer->address == read->organizer->address && again.summary == read->summary);
  check(again.attendees.size() == 1 && again.attendees[0].address.address == me.address);
  check(again.attendees[0].partstat == Participation::declined);
  return 0;
}
