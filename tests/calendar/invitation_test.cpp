// What is read of an invitation, whoever wrote it.
#include "calendar/invitation.h"

#include <thread>

#include "objects.h"

namespace coi::calendar {
namespace {

TEST(Invitation, OfGoogleIsRead) {
  const auto read_google = read(crlf(
      "BEGIN:VCALENDAR\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\nVERSION:2.0\nCALSCALE:GREGORIAN\n"
      "METHOD:REQUEST\nBEGIN:VEVENT\nDTSTART:20261203T130000Z\nDTEND:20261203T134500Z\nDTSTAMP:20261201T101500Z\n"
      "ORGANIZER;CN=Nora Lind:mailto:nora@example.org\nUID:3k1n7o8d1a2b3c@google.com\n"
      "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=TRUE\n"
      " ;CN=Nora Lind;X-NUM-GUESTS=0:mailto:nora@example.org\n"
      "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=OPT-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=\n"
      " TRUE;CN=ole@example.net;X-NUM-GUESTS=0:mailto:ole@example.net\n"
      "X-GOOGLE-CONFERENCE:https://meet.google.com/abc-defg-hij\nX-MICROSOFT-CDO-OWNERAPPTID:1311768467\n"
      "CREATED:20261201T101400Z\nDESCRIPTION:Plans\\, and who does what\\nBring ideas\\; all of them\n"
      "LAST-MODIFIED:20261201T101500Z\nLOCATION:\nSEQUENCE:2\nSTATUS:CONFIRMED\nSUMMARY:Winter plans\nTRANSP:OPAQUE\n"
      "BEGIN:VALARM\nACTION:DISPLAY\nDESCRIPTION:This is an event reminder\nTRIGGER:-P0DT0H10M0S\nEND:VALARM\n"
      "END:VEVENT\nEND:VCALENDAR\n"));
  EXPECT_EQ(read_google.method, Method::request);
  EXPECT_EQ(read_google.uid, "3k1n7o8d1a2b3c@google.com");
  EXPECT_EQ(read_google.sequence, 2U);
  EXPECT_EQ(to_rfc3339(read_google.dtstamp), "2026-12-01T10:15:00.000Z");
  EXPECT_EQ(read_google.summary, "Winter plans");
  EXPECT_EQ(read_google.location, "");
  EXPECT_EQ(read_google.description, "Plans, and who does what\nBring ideas; all of them");
  EXPECT_EQ(read_google.organizer, (Address{"nora@example.org", "Nora Lind"}));
  ASSERT_EQ(read_google.attendees.size(), 2U);
  EXPECT_EQ(read_google.attendees[0].partstat, Participation::accepted);
  EXPECT_EQ(read_google.attendees[1],
            (Attendee{{"ole@example.net", "ole@example.net"}, Participation::needs_action, Role::optional, true}));
  EXPECT_EQ(utc(read_google.start), "2026-12-03T13:00:00.000Z");
  EXPECT_EQ(read_google.start->zone, "UTC");
  EXPECT_EQ(utc(read_google.end), "2026-12-03T13:45:00.000Z");
  EXPECT_EQ(read_google.status, Status::confirmed);
  EXPECT_EQ(read_google.conference, "https://meet.google.com/abc-defg-hij");
  EXPECT_EQ(read_google.recurrence, std::nullopt);
  EXPECT_EQ(read_google.recurrence_id, "");
  EXPECT_EQ(read_google.events, 1U);
}

TEST(Invitation, OfExchangeIsReadWithItsZoneAndRule) {
  const auto read_exchange = read(crlf(
      "BEGIN:VCALENDAR\nMETHOD:REQUEST\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\n" + std::string(w_europe) +
      "BEGIN:VEVENT\nORGANIZER;CN=\"Weber, Jan (Einkauf)\":mailto:Jan.Weber@example.com\n"
      "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Mara K\xC3\xB6nig:MAILTO\n"
      " :mara@example.net\n"
      "ATTENDEE;ROLE=NON-PARTICIPANT;CUTYPE=RESOURCE;PARTSTAT=TENTATIVE:invalid:nomail\n"
      "DESCRIPTION;LANGUAGE=de-DE:Guten Tag\\,\\n\\nbis dahin\nUID:040000008200E00074C5B7101A82E008\n"
      "RRULE:FREQ=WEEKLY;UNTIL=20270330T070000Z;INTERVAL=2;BYDAY=TU,TH;WKST=MO\n"
      "SUMMARY;LANGUAGE=de-DE:Abstimmung\nDTSTART;TZID=W. Europe Standard Time:20261201T090000\n"
      "DTEND;TZID=W. Europe Standard Time:20261201T100000\nCLASS:PUBLIC\nPRIORITY:5\nDTSTAMP:20261130T161200Z\n"
      "TRANSP:OPAQUE\nSTATUS:CONFIRMED\nSEQUENCE:0\nLOCATION;LANGUAGE=de-DE:Raum 2\n"
      "X-MICROSOFT-SKYPETEAMSMEETINGURL:https://teams.microsoft.com/l/meetup-join/1%40\n"
      " thread.v2/0\n"
      "BEGIN:VALARM\nDESCRIPTION:REMINDER\nTRIGGER;RELATED=START:-PT15M\nACTION:DISPLAY\nEND:VALARM\nEND:VEVENT\n"
      "END:VCALENDAR\n"));
  EXPECT_EQ(utc(read_exchange.start), "2026-12-01T08:00:00.000Z");
  EXPECT_EQ(shown(read_exchange.start), "2026-12-01T09:00:00");
  EXPECT_EQ(read_exchange.start->zone, "W. Europe Standard Time");
  EXPECT_EQ(utc(read_exchange.end), "2026-12-01T09:00:00.000Z");
  EXPECT_EQ(read_exchange.organizer, (Address{"Jan.Weber@example.com", "Weber, Jan (Einkauf)"}));
  ASSERT_EQ(read_exchange.attendees.size(), 1U);
  EXPECT_EQ(read_exchange.attendees[0].address, (Address{"mara@example.net", "Mara K\u00F6nig"}));
  ASSERT_TRUE(read_exchange.recurrence);
  EXPECT_EQ(read_exchange.recurrence->freq, Frequency::weekly);
  EXPECT_EQ(read_exchange.recurrence->interval, 2U);
  EXPECT_EQ(read_exchange.recurrence->by_day, "TU,TH");
  EXPECT_EQ(utc(read_exchange.recurrence->until), "2027-03-30T07:00:00.000Z");
  EXPECT_FALSE(read_exchange.recurrence->more);
  EXPECT_EQ(read_exchange.description, "Guten Tag,\n\nbis dahin");
  EXPECT_EQ(read_exchange.conference, "https://teams.microsoft.com/l/meetup-join/1%40thread.v2/0");
}

// An own EMAIL beside a relay's address, which is the one that takes answers.
TEST(Invitation, OfAppleIsReadWithOneInstance) {
  const auto read_apple = read(
      crlf("BEGIN:VCALENDAR\nCALSCALE:GREGORIAN\nVERSION:2.0\nMETHOD:REQUEST\nPRODID:-//Apple Inc.//macOS 15.1//EN\n"
           "BEGIN:VTIMEZONE\nTZID:Europe/Berlin\n"
           "BEGIN:DAYLIGHT\nDTSTART:19810329T020000\nRRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\nTZNAME:MESZ\n"
           "TZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nEND:DAYLIGHT\n"
           "BEGIN:STANDARD\nDTSTART:19961027T030000\nRRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\nTZNAME:MEZ\n"
           "TZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nEND:STANDARD\nEND:VTIMEZONE\n"
           "BEGIN:VEVENT\nTRANSP:OPAQUE\nDTEND;TZID=Europe/Berlin:20260714T190000\n"
           "ORGANIZER;CN=\"Tim Roth\";EMAIL=\"tim@example.com\":mailto:2_GEZDGNBVGY3TQOJQ@imip.me.example\n"
           "UID:5F0C1A2B-9B1D-4C55-8E0F-6C7D8E9FA0B1\nDTSTAMP:20260701T070000Z\nLOCATION:Kino\\nHauptstr. 1\n"
           "SEQUENCE:1\nSUMMARY:Kino\nDTSTART;TZID=Europe/Berlin:20260714T170000\n"
           "RECURRENCE-ID;TZID=Europe/Berlin:20260714T180000\n"
           "ATTENDEE;CN=\"Mara\";CUTYPE=INDIVIDUAL;EMAIL=\"mara@example.net\";PARTSTAT=NEEDS-ACTION;ROLE=CHAIR;\n"
           " RSVP=TRUE:/aMTIzNDU2Nzg/principal/\nEND:VEVENT\nEND:VCALENDAR\n"));
  EXPECT_EQ(read_apple.recurrence_id, "TZID=Europe/Berlin:20260714T180000");
  EXPECT_TRUE(read_apple.recurrence_zone.starts_with("BEGIN:VTIMEZONE"));
  EXPECT_EQ(utc(read_apple.start), "2026-07-14T15:00:00.000Z");
  EXPECT_EQ(utc(read_apple.end), "2026-07-14T17:00:00.000Z");
  EXPECT_EQ(read_apple.organizer->address, "2_GEZDGNBVGY3TQOJQ@imip.me.example");
  ASSERT_EQ(read_apple.attendees.size(), 1U);
  EXPECT_EQ(read_apple.attendees[0].address.address, "mara@example.net");
  EXPECT_EQ(read_apple.attendees[0].role, Role::chair);
  EXPECT_EQ(read_apple.location, "Kino Hauptstr. 1");
}

TEST(Invitation, AnswersAreRead) {
  const auto answer =
      read(crlf("BEGIN:VCALENDAR\nMETHOD:REPLY\nPRODID:Microsoft Exchange Server 2010\nVERSION:2.0\nBEGIN:VEVENT\n"
                "ATTENDEE;PARTSTAT=DECLINED;CN=Ole:mailto:ole@example.net\nCOMMENT;LANGUAGE=en-US:Not this week\\n\n"
                "UID:42@example.org\nSUMMARY;LANGUAGE=en-US:Declined: Winter plans\nDTSTART:20261203T130000Z\n"
                "DTSTAMP:20261201T103000Z\nSEQUENCE:2\nEND:VEVENT\nEND:VCALENDAR\n"));
  EXPECT_EQ(answer.method, Method::reply);
  EXPECT_EQ(answer.organizer, std::nullopt);
  ASSERT_EQ(answer.attendees.size(), 1U);
  EXPECT_EQ(answer.attendees[0].partstat, Participation::declined);
  EXPECT_EQ(answer.comment, "Not this week");
}

TEST(Invitation, MethodsAndStatesAreReadInAnyCase) {
  const auto method = [](std::string_view word) {
    return read(object("", "METHOD:" + std::string(word) + "\n")).method;
  };
  EXPECT_EQ(method("Request"), Method::request);
  EXPECT_EQ(method("cancel"), Method::cancel);
  EXPECT_EQ(method("COUNTER"), Method::counter);
  EXPECT_EQ(method("publish"), Method::publish);
  EXPECT_EQ(method("DECLINECOUNTER"), Method::other);
  EXPECT_EQ(read(object("", "")).method, Method::other);
  EXPECT_EQ(read(object("STATUS:cancelled\n")).status, Status::cancelled);
  EXPECT_EQ(read(object("STATUS:TENTATIVE\n")).status, Status::tentative);
  EXPECT_EQ(read(object("STATUS:WHATEVER\n")).status, Status::none);
  const auto lower =
      read("begin:vcalendar\nmethod:request\nbegin:vevent\nuid:a\nsummary:Hi\nend:vevent\nend:vcalendar");
  EXPECT_EQ(lower.uid, "a");
  EXPECT_EQ(lower.summary, "Hi");
}

TEST(Invitation, FoldedLinesAreReadHoweverTheyEnd) {
  // A character cut in two, as by programs that count octets.
  EXPECT_EQ(read(object("SUMMARY:Gr\xC3\n \xBC\xC3\n \x9F"
                        "e\n"))
                .summary,
            "Grüße");
  const std::string lines =
      "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:42\nSUMMARY:Long\n er\n\t text\nEND:VEVENT\nEND:VCALENDAR\n";
  EXPECT_EQ(read(lines).summary, "Longer text");
  EXPECT_EQ(read(crlf(crlf(lines))).summary, "Longer text");  // CR CR LF
  EXPECT_EQ(read("\xEF\xBB\xBF" + lines).summary, "Longer text");
}

TEST(Invitation, WhatIsBrokenIsReadAsFarAsItMakesSense) {
  const auto broken = read(
      crlf("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:42\nSEQUENCE:x\nDTSTAMP:20261130T080000\nDTSTART:"
           "20269901T990000\n"
           "DTEND;TZID=:\nRRULE:FREQ=NEVER\nORGANIZER:\nATTENDEE;PARTSTAT=:mailto:a@example.org\nATTENDEE:mailto:\n"
           "ATTENDEE:b@example.org\nno line\n:\n;\nSUMMARY:\xFF\xFEText\nSUMMARY:Second\n"
           "BEGIN:VALARM\nSUMMARY:Alarm\n"));
  EXPECT_EQ(broken.uid, "42");
  EXPECT_EQ(broken.sequence, 0U);
  EXPECT_EQ(to_rfc3339(broken.dtstamp), "2026-11-30T08:00:00.000Z");
  EXPECT_EQ(broken.start, std::nullopt);
  EXPECT_EQ(broken.end, std::nullopt);
  EXPECT_EQ(broken.recurrence, std::nullopt);
  EXPECT_EQ(broken.organizer, std::nullopt);
  ASSERT_EQ(broken.attendees.size(), 2U);
  EXPECT_EQ(broken.attendees[1].address.address, "b@example.org");
  EXPECT_EQ(broken.summary, "??Text");
}

TEST(Invitation, TextForPeopleHoldsNothingThatMisleads) {
  const auto invitation =
      read(object("SUMMARY:Pay\x07 \u202Enow\u202C\nDESCRIPTION:a\\nb\tc\x1B[2J\\t.\n"
                  "ORGANIZER;CN=\"Bo\u200Bss\u202E\":mailto:boss@example.org\n"
                  "ATTENDEE;CN=\"A ^'B^' ^nC\":mailto:a@example.org\n"));
  EXPECT_EQ(invitation.summary, "Pay  now");
  EXPECT_EQ(invitation.description, "a\nb c [2J\t.");
  EXPECT_EQ(invitation.organizer->name, "Boss");
  EXPECT_EQ(invitation.attendees[0].address.name, "A \"B\"  C");
}

TEST(Invitation, AddressesAreThoseOfMailtoUrls) {
  const auto address = [](std::string_view uri) {
    const auto invitation = read(object("ORGANIZER:" + std::string(uri) + "\n"));
    return invitation.organizer ? invitation.organizer->address : "-";
  };
  EXPECT_EQ(address("MailTo:a%2Bb@example.org"), "a+b@example.org");
  EXPECT_EQ(address("mailto:j%C3%B6rg@example.org"), "jörg@example.org");
  EXPECT_EQ(address("mailto:a@example.org?subject=x"), "a@example.org");
  EXPECT_EQ(address("mailto: a@example.org"), "a@example.org");
  EXPECT_EQ(address("mailto:a@example.org%0D%0ABcc:b@example.org"), "-");
  EXPECT_EQ(address("mailto:a@example.org%00"), "-");
  EXPECT_EQ(address("mailto:boss@example.org%20%3Cevil@example.com%3E"), "-");
  EXPECT_EQ(address("mailto:a%E2%80%AE@example.org"), "-");
  EXPECT_EQ(address("mailto:%FF@example.org"), "-");
  EXPECT_EQ(address("mailto:example.org"), "-");
  EXPECT_EQ(address("mailto:@example.org"), "-");
  EXPECT_EQ(address("https://example.org/user@host"), "-");
}

TEST(Invitation, OnlyALinkThatShowsWhereItLeadsIsAConference) {
  const auto conference = [](std::string_view line) { return read(object(std::string(line) + "\n")).conference; };
  EXPECT_EQ(conference("URL:https://meet.example.org/a?b=c#d"), "https://meet.example.org/a?b=c#d");
  EXPECT_EQ(conference("CONFERENCE;VALUE=URI;FEATURE=VIDEO;LABEL=Join:https://video.example.org/1"),
            "https://video.example.org/1");
  EXPECT_EQ(conference("URL:https://www.example.org/\nX-GOOGLE-CONFERENCE:https://meet.example.org/2"),
            "https://meet.example.org/2");
  EXPECT_EQ(conference("URL:http://meet.example.org/a"), "");
  EXPECT_EQ(conference("URL:javascript:alert(1)"), "");
  EXPECT_EQ(conference("URL:https://bank.example@evil.example/"), "");
  EXPECT_EQ(conference("URL:https://bank.example\\\\@evil.example/"), "");
  EXPECT_EQ(conference("URL:https://b\u0430nk.example/"), "");
  EXPECT_EQ(conference("URL:https://example.org/" + std::string(3000, 'a')), "");
}

TEST(Invitation, AnEventIsReadBeforeItsInstances) {
  const auto series =
      read(crlf("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:42\nRECURRENCE-ID:20261208T090000Z\nSUMMARY:"
                "Moved\nEND:VEVENT\n"
                "BEGIN:VEVENT\nUID:42\nSUMMARY:Weekly\nRRULE:FREQ=WEEKLY;COUNT=10\nEND:VEVENT\nEND:VCALENDAR\n"));
  EXPECT_EQ(series.summary, "Weekly");
  EXPECT_EQ(series.recurrence_id, "");
  EXPECT_EQ(series.recurrence->count, 10U);
  EXPECT_EQ(series.events, 2U);
  const auto instances =
      read(crlf("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nUID:42\nRECURRENCE-ID;VALUE=DATE:20261208\nSUMMARY:"
                "One\nEND:VEVENT\n"
                "BEGIN:VEVENT\nUID:42\nRECURRENCE-ID:20261215T090000Z\nSUMMARY:Two\nEND:VEVENT\nEND:VCALENDAR\n"));
  EXPECT_EQ(instances.summary, "One");
  EXPECT_EQ(instances.recurrence_id, "VALUE=DATE:20261208");
}

TEST(Invitation, RulesTellWhatCanBeWorded) {
  const auto rule = [](std::string_view text) {
    return *read(object("DTSTART:20261201T090000Z\nRRULE:" + std::string(text) + "\n")).recurrence;
  };
  const auto monthly = rule("FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2");
  EXPECT_EQ(monthly.freq, Frequency::monthly);
  EXPECT_EQ(monthly.by_day, "TU");
  EXPECT_EQ(monthly.by_set_pos, "2");
  const auto yearly = rule("FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU;UNTIL=20301231");
  EXPECT_EQ(yearly.by_day, "-1SU");
  EXPECT_EQ(yearly.by_month, "3");
  EXPECT_EQ(shown(yearly.until), "2030-12-31");
  EXPECT_EQ(rule("FREQ=MONTHLY;BYMONTHDAY=1,15").by_month_day, "1,15");
  EXPECT_TRUE(rule("FREQ=DAILY;BYHOUR=9,12").more);
}

TEST(Invitation, IsOfAnEventAlone) {
  const auto only = [](std::string_view name) {
    return error_of(crlf("BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:" + std::string(name) +
                         "\nUID:42\nEND:" + std::string(name) + "\nEND:VCALENDAR\n"));
  };
  EXPECT_EQ(only("VTODO"), ErrorKind::not_found);
  EXPECT_EQ(only("VJOURNAL"), ErrorKind::not_found);
  EXPECT_EQ(only("VFREEBUSY"), ErrorKind::not_found);
  EXPECT_EQ(error_of(""), ErrorKind::invalid);
  EXPECT_EQ(error_of("Dear all,\r\nthe meeting is at nine.\r\n"), ErrorKind::invalid);
  EXPECT_EQ(error_of("BEGIN:VCARD\r\nFN:A\r\nEND:VCARD\r\n"), ErrorKind::invalid);
}

TEST(Invitation, OfAnySizeIsBounded) {
  std::string attendees;
  for (int i = 0; i < 3000; ++i) attendees += "ATTENDEE:mailto:a" + std::to_string(i) + "@example.org\n";
  EXPECT_EQ(read(object(attendees)).attendees.size(), 1000U);
  const auto invitation =
      read(object("SUMMARY:" + std::string(5000, 's') + "\nDESCRIPTION:" + std::string(2'000'000, 'd') + "\n"));
  EXPECT_EQ(invitation.summary.size(), 1000U);
  EXPECT_EQ(invitation.description.size(), 64U * 1024);
  // What is not read may be long: files stand in some.
  EXPECT_EQ(read(object("ATTACH;ENCODING=BASE64:" + std::string(3'000'000, 'A') + "\nSUMMARY:Hi\n")).summary, "Hi");
  std::string long_lines;
  for (int i = 0; i < 900; ++i) long_lines += "ATTENDEE;CN=" + std::string(2000, 'a') + ":mailto:a@example.org\n";
  EXPECT_EQ(error_of(object(long_lines)), ErrorKind::limit);
  std::string zones;
  for (int i = 0; i < 20'000; ++i) zones += "BEGIN:VTIMEZONE\nTZID:A\nEND:VTIMEZONE\n";
  EXPECT_EQ(error_of(object("", zones)), ErrorKind::limit);
  std::string deep;
  for (int i = 0; i < 1000; ++i) deep += "BEGIN:X\n";
  // So may a line be with tens of thousands parameters.
  std::string parameters;
  for (int i = 0; i < 90'000; ++i) parameters += ";A=" + std::to_string(i % 10);
  EXPECT_EQ(read(object("ATTENDEE" + parameters + ":mailto:a@example.org\nSUMMARY" + parameters + ":Hi\n")).summary,
            "Hi");
  EXPECT_EQ(error_of(object(deep)), ErrorKind::limit);
  EXPECT_EQ(error_of(object(""), Limits{.mail = 50}), ErrorKind::limit);
}

TEST(Invitation, CutAnywhereIsReadOrRefused) {
  const auto whole = object(
      "DTSTART;TZID=W. Europe Standard Time:20261201T090000\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=3\n"
      "RECURRENCE-ID;TZID=\"W. Europe Standard Time\":20261201T090000\nATTENDEE;CN=\"A, B\":mailto:a@example.org\n",
      "METHOD:REQUEST\n" + std::string(w_europe));
  for (std::size_t length = 0; length <= whole.size(); ++length)
    static_cast<void>(read_invitation(whole.substr(0, length), Limits{}));
}

TEST(Invitation, IsReadByManyThreadsAtOnce) {
  const auto text = object("SUMMARY:Hi\nDTSTART;TZID=Europe/Berlin:20261201T090000\n");
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      for (int turn = 0; turn < 100; ++turn) EXPECT_EQ(read_invitation(text, Limits{})->summary, "Hi");
    });
}

TEST(Invitation, TheHigherSequenceThenTheLaterStampIsNewer) {
  EXPECT_EQ(newer({.sequence = 2, .dtstamp = 1}, {.sequence = 1, .dtstamp = 9}), std::strong_ordering::greater);
  EXPECT_EQ(newer({.sequence = 1, .dtstamp = 1}, {.sequence = 1, .dtstamp = 9}), std::strong_ordering::less);
  EXPECT_EQ(newer({.sequence = 1, .dtstamp = 9}, {.sequence = 1, .dtstamp = 9}), std::strong_ordering::equal);
}

}  // namespace
}  // namespace coi::calendar
