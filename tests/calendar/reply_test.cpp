// The answer that an organizer gets.
#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "objects.h"

namespace coi::calendar {
namespace {

const UnixMs now = *from_rfc3339("2026-12-01T12:00:00.500Z");

std::string reply(const Invitation& to, Answer answer = Answer::accepted, std::string_view comment = "") {
  auto written = write_reply(to, {"mara@example.net", "Mara König"}, answer, now, comment);
  EXPECT_TRUE(written.has_value());
  return written.value_or("");
}

Invitation invitation() {
  return {.method = Method::request,
          .uid = "42@example.org",
          .sequence = 3,
          .summary = "Winter plans",
          .organizer = Address{"nora@example.org", "Lind, Nora"},
          .start = Moment{.local = std::chrono::local_days(std::chrono::year(2026) / 12 / 3),
                          .zone = "UTC",
                          .time = from_rfc3339("2026-12-03T13:00:00Z")}};
}

// How often a property of that name stands in it, however it is folded.
std::ptrdiff_t count(std::string_view text, std::string_view name) {
  std::string unfolded(text);
  for (auto at = unfolded.find("\r\n "); at != std::string::npos; at = unfolded.find("\r\n ")) unfolded.erase(at, 3);
  return std::ranges::count_if(ascii_split(unfolded, '\n'), [&](std::string_view line) {
    return ascii_istarts_with(line, name) &&
           (line.substr(name.size()).starts_with(':') || line.substr(name.size()).starts_with(';'));
  });
}

// RFC 5546, 3.2.3.
TEST(Reply, SaysWhatAnOrganizerHasToKnow) {
  const auto text = reply(invitation(), Answer::tentative, "Perhaps, if\nit snows");
  EXPECT_EQ(text, crlf("BEGIN:VCALENDAR\nPRODID:-//COI//Chat over IMAP//EN\nVERSION:2.0\nMETHOD:REPLY\nBEGIN:VEVENT\n"
                       "UID:42@example.org\nDTSTAMP:20261201T120000Z\nSEQUENCE:3\n"
                       "ORGANIZER;CN=\"Lind, Nora\":mailto:nora@example.org\n"
                       "ATTENDEE;CN=Mara König;PARTSTAT=TENTATIVE:mailto:mara@example.net\n"
                       "SUMMARY:Winter plans\nDTSTART:20261203T130000Z\nCOMMENT:Perhaps\\, if\\nit snows\n"
                       "END:VEVENT\nEND:VCALENDAR\n"));
}

TEST(Reply, IsReadAsTheAnswerToThatInvitation) {
  const auto answer = read(reply(invitation(), Answer::declined, "No; sorry, \"no\" \\o/"));
  EXPECT_EQ(answer.method, Method::reply);
  EXPECT_EQ(answer.uid, "42@example.org");
  EXPECT_EQ(answer.sequence, 3U);
  EXPECT_EQ(answer.dtstamp, whole_seconds(now));
  EXPECT_EQ(answer.organizer, (Address{"nora@example.org", "Lind, Nora"}));
  ASSERT_EQ(answer.attendees.size(), 1U);
  EXPECT_EQ(answer.attendees[0].address, (Address{"mara@example.net", "Mara König"}));
  EXPECT_EQ(answer.attendees[0].partstat, Participation::declined);
  EXPECT_EQ(answer.comment, "No; sorry, \"no\" \\o/");
}

// Outlook and Google refuse a TZID whose VTIMEZONE does not come along.
TEST(Reply, NamesTheInstanceAsItWasNamed) {
  const auto asked =
      read(object("ORGANIZER:mailto:nora@example.org\nRECURRENCE-ID;TZID=W. Europe Standard Time:20261208T090000\n"
                  "DTSTART;TZID=W. Europe Standard Time:20261208T100000\nDURATION:PT1H\n",
                  "METHOD:REQUEST\n" + std::string(w_europe)));
  const auto text = reply(asked);
  EXPECT_TRUE(text.contains("RECURRENCE-ID;TZID=W. Europe Standard Time:20261208T090000\r\n")) << text;
  EXPECT_TRUE(text.contains("DTSTART:20261208T090000Z\r\n"));
  EXPECT_TRUE(text.contains("DTEND:20261208T100000Z\r\n"));
  EXPECT_EQ(text.find("BEGIN:VTIMEZONE"), text.rfind("BEGIN:VTIMEZONE"));
  EXPECT_LT(text.find("TZID:W. Europe Standard Time\r\n"), text.find("BEGIN:VEVENT"));
  EXPECT_FALSE(text.contains("X-LIC"));
  const auto answer = read(text);
  EXPECT_EQ(answer.recurrence_id, asked.recurrence_id);
  EXPECT_EQ(answer.recurrence_zone, asked.recurrence_zone);

  for (const std::string line : {"RECURRENCE-ID:20261208T090000Z", "RECURRENCE-ID;VALUE=DATE:20261208",
                                 "RECURRENCE-ID;TZID=\"(UTC+01:00) Berlin\":20261208T090000"})
    EXPECT_TRUE(reply(read(object("ORGANIZER:mailto:n@example.org\n" + line + "\n"))).contains("\r\n" + line + "\r\n"))
        << line;
}

TEST(Reply, TellsWholeDaysAndFloatingTimesAsSuch) {
  const auto of = [](std::string_view lines) {
    return reply(read(object("ORGANIZER:mailto:n@example.org\n" + std::string(lines))));
  };
  const auto day = of("DTSTART;VALUE=DATE:20261224\n");
  EXPECT_TRUE(day.contains("DTSTART;VALUE=DATE:20261224\r\nDTEND;VALUE=DATE:20261225\r\n")) << day;
  EXPECT_TRUE(of("DTSTART:20261224T180000\n").contains("DTSTART:20261224T180000\r\n"));
  EXPECT_FALSE(of("DTSTART;TZID=Atlantis:20261224T180000\n").contains("DTSTART"));
}

TEST(Reply, LinesHaveAtMost75Octets) {
  auto asked = invitation();
  asked.uid = std::string(300, 'u');
  asked.summary.clear();
  for (int i = 0; i < 100; ++i) asked.summary += "日本";
  const auto text = reply(asked, Answer::accepted, std::string(1000, 'c'));
  std::string_view left = text;
  while (!left.empty()) {
    const auto end = left.find("\r\n");
    ASSERT_NE(end, std::string_view::npos);
    EXPECT_LE(end, 75U);
    EXPECT_FALSE(printable(left.substr(0, end)).contains('?'));  // no character is cut
    left.remove_prefix(end + 2);
  }
  EXPECT_EQ(read(text).uid, asked.uid);
  EXPECT_EQ(read(text).summary, asked.summary);
}

TEST(Reply, SaysNothingElseWhateverTheInvitationHolds) {
  auto asked = invitation();
  asked.uid = "42\r\nATTENDEE:mailto:x@example.org";
  asked.summary = "Hi\r\nATTENDEE:mailto:x@example.org\nEND:VEVENT";
  asked.organizer = Address{"nora@example.org", "Nora\":mailto:x@example.org\r\nATTENDEE;CN=\"y"};
  asked.recurrence_id = "TZID=A:20261208T090000\r\nATTENDEE:mailto:x@example.org";
  asked.recurrence_zone =
      "BEGIN:VTIMEZONE\nTZID:A\nEND:VTIMEZONE\nMETHOD:REQUEST\nBEGIN:VEVENT\nATTENDEE:mailto:x@y.z\nEND:VEVENT";
  const auto text = write_reply(asked, {"mara@example.net", "M\"\r\nMETHOD:CANCEL"}, Answer::accepted, now,
                                "a\r\nMETHOD:CANCEL\r\nEND:VCALENDAR")
                        .value();
  EXPECT_EQ(count(text, "ATTENDEE"), 1) << text;
  EXPECT_EQ(count(text, "METHOD"), 1);
  EXPECT_EQ(count(text, "ORGANIZER"), 1);
  EXPECT_EQ(count(text, "END"), 2);
  EXPECT_EQ(count(text, "RECURRENCE-ID"), 0);  // no time is left of it
  EXPECT_EQ(read(text).attendees.size(), 1U);
  EXPECT_EQ(read(text).method, Method::reply);
}

TEST(Reply, AddressesAreWrittenAsUrls) {
  auto asked = invitation();
  asked.organizer->address = "o'neil+a%b?c#d/jörg@example.org";
  const auto text = reply(asked);
  EXPECT_EQ(read(text).organizer->address, asked.organizer->address);
  EXPECT_TRUE(is_ascii(text.substr(text.find("mailto:"), 60)));
  asked.organizer->address = "nora@example.org\r\nX:y";
  EXPECT_FALSE(write_reply(asked, {"a@example.org", ""}, Answer::accepted, now, ""));
}

TEST(Reply, NeedsWhatItRefersTo) {
  const auto kind = [](const Invitation& to, const Address& attendee) {
    const auto written = write_reply(to, attendee, Answer::accepted, now, "");
    return written ? ErrorKind::internal : written.error().kind();
  };
  auto without = invitation();
  without.uid.clear();
  EXPECT_EQ(kind(without, {"a@example.org", ""}), ErrorKind::invalid);
  without = invitation();
  without.organizer.reset();
  EXPECT_EQ(kind(without, {"a@example.org", ""}), ErrorKind::invalid);
  EXPECT_EQ(kind(invitation(), {"a example", ""}), ErrorKind::invalid);
}

}  // namespace
}  // namespace coi::calendar
