#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "package_writer.h"
#include "tnef/attribute.h"
#include "tnef/open.h"
#include "tnef/property.h"

namespace coi::tnef {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace id = property_id;

constexpr std::uint64_t five = 134'089'524'000'000'000;  // 2025-11-30T05:00:00Z, in 100 ns since 1601
constexpr std::uint64_t hour = 36'000'000'000;

std::string appointment(std::uint32_t number, std::uint32_t type, const std::string& value) {
  return tag(0x8010 + number % 0x100, type) + named(set_appointment, number) + value;
}
std::string starts(std::uint64_t time) { return appointment(id::start, 0x40, number(time, 8)); }
std::string ends(std::uint64_t time) { return appointment(id::end, 0x40, number(time, 8)); }
std::string object_id(std::string_view data) {
  return tag(0x8003, 0x102) + named(set_meeting, id::clean_object_id) +
         sized(std::string("\x04\0\0\0\x82\0\xE0\0", 8) + std::string(28, '\0') + number(data.size(), 4) +
               std::string(data));
}
std::string from_ann() { return unicode(id::represented_smtp, u"ann@example.org"); }

std::string calendar_of(std::string_view message_class, std::initializer_list<std::string> properties) {
  const auto package =
      open(package_begin() + message_attribute(attribute_id::message_class, std::string(message_class) + '\0') +
               message_properties(properties),
           {})
          .value();
  std::string out;
  for (const auto& piece : package.calendar) out += piece.octets;
  return out;
}

TEST(Meeting, ARequestIsACalendarThatProgramsKnow) {
  EXPECT_EQ(calendar_of("IPM.Microsoft Schedule.MtgReq",
                        {unicode(id::subject, u"Lunch, at noon; über"), from_ann(), starts(five), ends(five + hour),
                         appointment(id::location, 0x1F, sized(utf16(u"Room 1"))),
                         appointment(id::sequence, 3, number(2, 4)), object_id("ab")}),
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//COI//TNEF//EN\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\n"
            "UID:040000008200E000" +
                std::string(56, '0') +
                "020000006162\r\n"
                "DTSTAMP:20251130T050000Z\r\nDTSTART:20251130T050000Z\r\nDTEND:20251130T060000Z\r\nSEQUENCE:2\r\n"
                "SUMMARY:Lunch\\, at noon\\; über\r\nLOCATION:Room 1\r\nORGANIZER:mailto:ann@example.org\r\n"
                "END:VEVENT\r\nEND:VCALENDAR\r\n");
}

TEST(Meeting, AnAnswerSaysWhoComes) {
  EXPECT_THAT(calendar_of("IPM.Schedule.Meeting.Resp.Neg", {from_ann(), starts(five), object_id("ab")}),
              AllOf(HasSubstr("METHOD:REPLY\r\n"), HasSubstr("ATTENDEE;PARTSTAT=DECLINED:mailto:ann@example.org\r\n"),
                    Not(HasSubstr("ORGANIZER"))));
  EXPECT_THAT(calendar_of("IPM.Schedule.Meeting.Resp.Pos", {starts(five), object_id("ab")}), IsEmpty());
}

TEST(Meeting, ACancelledOneSaysSo) {
  EXPECT_THAT(calendar_of("IPM.Schedule.Meeting.Canceled", {from_ann(), starts(five), object_id("ab")}),
              AllOf(HasSubstr("METHOD:CANCEL\r\n"), HasSubstr("STATUS:CANCELLED\r\n")));
}

TEST(Meeting, TheUidOfAnotherProgramStaysAsItWas) {
  EXPECT_THAT(calendar_of("IPM.Schedule.Meeting.Request",
                          {starts(five), object_id(std::string("vCal-Uid\x01\0\0\0", 12) + "abc@cal.example" + '\0')}),
              HasSubstr("UID:abc@cal.example\r\n"));
}

TEST(Meeting, AWholeDayIsADateEastAndWestOfGreenwich) {
  const auto midnight = five - 5 * hour;
  for (const auto offset :
       {-11 * static_cast<std::int64_t>(hour), std::int64_t{0}, 11 * static_cast<std::int64_t>(hour)}) {
    const auto begin = midnight - static_cast<std::uint64_t>(offset);
    EXPECT_THAT(calendar_of("IPM.Schedule.Meeting.Request", {starts(begin), ends(begin + 24 * hour), object_id("ab"),
                                                             appointment(id::all_day, 0x0B, number(1, 4))}),
                AllOf(HasSubstr("DTSTART;VALUE=DATE:20251130\r\n"), HasSubstr("DTEND;VALUE=DATE:20251201\r\n")));
  }
}

TEST(Meeting, ASeriesAndWhatIsNoMeetingGiveNone) {
  EXPECT_THAT(calendar_of("IPM.Schedule.Meeting.Request",
                          {starts(five), object_id("ab"), appointment(id::recurring, 0x0B, number(1, 4))}),
              IsEmpty());
  EXPECT_THAT(calendar_of("IPM.Note", {starts(five), object_id("ab")}), IsEmpty());
  EXPECT_THAT(calendar_of("IPM.Schedule.Meeting.Request", {object_id("ab")}), IsEmpty());
  EXPECT_THAT(calendar_of("IPM.Schedule.Meeting.Request", {starts(~std::uint64_t{0}), object_id("ab")}), IsEmpty());
}

TEST(Meeting, NoFieldIsWrittenByASubject) {
  EXPECT_THAT(
      calendar_of("IPM.Schedule.Meeting.Request", {unicode(id::subject, u"a\r\nATTENDEE:x\u0001"), starts(five),
                                                   object_id("ab"), unicode(id::represented_smtp, u"x@y\r\nURL:z")}),
      AllOf(HasSubstr("SUMMARY:a\\nATTENDEE:x\r\n"), Not(HasSubstr("\nURL")), Not(HasSubstr("\nATTENDEE"))));
}

}  // namespace
}  // namespace coi::tnef
