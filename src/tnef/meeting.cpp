#include "tnef/meeting.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "tnef/code_page.h"

namespace coi::tnef {
namespace {

struct MeetingKind {
  std::string_view message_class;  // as mail names it, or as TNEF's attribute does (MS-OXTNEF 2.1.3.3)
  std::string_view method;
  std::string_view answer;
};
constexpr MeetingKind kinds[] = {{"IPM.Schedule.Meeting.Request", "REQUEST", ""},
                                 {"IPM.Microsoft Schedule.MtgReq", "REQUEST", ""},
                                 {"IPM.Schedule.Meeting.Canceled", "CANCEL", ""},
                                 {"IPM.Microsoft Schedule.MtgCncl", "CANCEL", ""},
                                 {"IPM.Schedule.Meeting.Resp.Pos", "REPLY", "ACCEPTED"},
                                 {"IPM.Microsoft Schedule.MtgRespP", "REPLY", "ACCEPTED"},
                                 {"IPM.Schedule.Meeting.Resp.Neg", "REPLY", "DECLINED"},
                                 {"IPM.Microsoft Schedule.MtgRespN", "REPLY", "DECLINED"},
                                 {"IPM.Schedule.Meeting.Resp.Tent", "REPLY", "TENTATIVE"},
                                 {"IPM.Microsoft Schedule.MtgRespA", "REPLY", "TENTATIVE"}};

constexpr UnixMs day_ms = 86'400'000;

// "20261124T054245Z", or with `is_day` "20261124".
std::string calendar_time(UnixMs time, bool is_day) {
  auto text = to_rfc3339(time);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return is_day ? text.substr(0, 8) : text.substr(0, 15) + "Z";
}

// Midnight of where the meeting was made, told in UTC: the nearest day's.
std::string time_property(std::string_view name, UnixMs time, bool is_day) {
  if (is_day) return fmt::format("{};VALUE=DATE:{}\r\n", name, calendar_time(time + day_ms / 2, true));
  return fmt::format("{}:{}\r\n", name, calendar_time(time, false));
}

// A UID of another program stands in the id as it is, behind a mark; else its hexadecimal digits are the UID
// (MS-OXCICAL 2.1.3.1.1.20.26). The four octets at 16 say which day of a series is meant.
std::string uid_of(std::string_view id) {
  constexpr std::size_t data_at = 40;
  constexpr std::string_view mark{"vCal-Uid\x01\0\0\0", 12};
  const auto data = id.substr(std::min(id.size(), data_at));
  if (data.starts_with(mark)) {
    auto uid = data.substr(mark.size());
    uid = uid.substr(0, uid.find('\0'));
    if (std::ranges::all_of(uid, [](char c) { return c > ' ' && c <= '~'; })) return std::string(uid);
  }
  std::string uid;
  for (std::size_t i = 0; i < id.size(); ++i)
    uid += fmt::format("{:02X}", i >= 16 && i < 20 ? 0U : static_cast<std::uint8_t>(id[i]));
  return uid;
}

// TEXT (RFC 5545, 3.3.11). Of a charset of two octets the second one is no mark, whatever it looks like.
void append_text(TextWriter& out, std::string_view name, const Piece& text, CodePage page) {
  out.ascii(name);
  out.ascii(":");
  std::string escaped;
  const bool is_utf8 = text.charset == "utf-8";
  for (std::size_t i = 0; i < text.octets.size(); ++i) {
    const char c = text.octets[i];
    if (!is_utf8 && is_lead_octet(page, c) && i + 1 < text.octets.size()) {
      escaped += c;
      escaped += text.octets[++i];
    } else if (c == '\\' || c == ';' || c == ',') {
      escaped += {'\\', c};
    } else if (c == '\n') {
      escaped += "\\n";
    } else if (static_cast<std::uint8_t>(c) >= ' ' && c != 0x7F) {
      escaped += c;
    }
  }
  if (is_ascii(escaped))
    out.ascii(escaped);
  else
    out.octets(escaped, text.charset);
  out.ascii("\r\n");
}

bool is_address(std::string_view text) {
  return text.size() <= 320 && text.find('@') != std::string_view::npos &&
         std::ranges::none_of(text, [](char c) { return c <= ' ' || c > '~' || c == '"' || c == '<' || c == '>'; });
}

}  // namespace

std::optional<UnixMs> unix_time(std::optional<std::uint64_t> file_time) {
  constexpr std::uint64_t per_ms = 10'000;
  constexpr UnixMs epoch = 11'644'473'600'000, end = 253'402'300'800'000;  // 1970 and 10000
  if (!file_time) return std::nullopt;
  const auto time = static_cast<UnixMs>(*file_time / per_ms) - epoch;
  if (time < 0 || time >= end) return std::nullopt;
  return time;
}

std::string smtp_address(const Properties& properties, std::uint32_t smtp, std::uint32_t type, std::uint32_t address) {
  const auto said = properties.string(smtp, 0);
  if (said && is_address(said->octets)) return said->octets;
  const auto kind = properties.string(type, 0), other = properties.string(address, 0);
  if (kind && other && ascii_iequal(kind->octets, "SMTP") && is_address(other->octets)) return other->octets;
  return {};
}

Text read_meeting(std::string_view message_class, const Piece& subject, const Properties& properties, CodePage page) {
  using namespace property_id;
  const auto* kind = std::ranges::find_if(
      kinds, [&](const MeetingKind& one) { return ascii_iequal(one.message_class, message_class); });
  if (kind == std::end(kinds) || properties.is_set(recurring, set_appointment)) return {};
  const auto begins = unix_time(properties.number(start, set_appointment));
  const auto ends = unix_time(properties.number(end, set_appointment));
  auto id = properties.binary(clean_object_id, set_meeting);
  if (!id) id = properties.binary(object_id, set_meeting);
  if (!begins || !id || id->empty() || id->size() > 1000) return {};
  const bool is_answer = kind->method == "REPLY";
  const auto sender = smtp_address(properties, sender_smtp, sender_type, sender_address);
  const auto represented = smtp_address(properties, represented_smtp, represented_type, represented_address);
  const auto& who = represented.empty() ? sender : represented;
  if (is_answer && who.empty()) return {};

  constexpr std::size_t most_octets = 100'000;
  TextWriter out(most_octets);
  out.ascii(fmt::format(
      "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//COI//TNEF//EN\r\nMETHOD:{}\r\nBEGIN:VEVENT\r\nUID:{}\r\n",
      kind->method, uid_of(*id)));
  const bool is_day = properties.is_set(all_day, set_appointment);
  out.ascii(time_property("DTSTAMP", unix_time(properties.number(submit_time)).value_or(*begins), false));
  out.ascii(time_property("DTSTART", *begins, is_day));
  if (ends && *ends > *begins) out.ascii(time_property("DTEND", *ends, is_day));
  out.ascii(fmt::format("SEQUENCE:{}\r\n", properties.number(sequence, set_appointment).value_or(0)));
  if (!subject.octets.empty()) append_text(out, "SUMMARY", subject, page);
  if (const auto place = properties.string(location, page, set_appointment)) append_text(out, "LOCATION", *place, page);
  if (is_answer)
    out.ascii(fmt::format("ATTENDEE;PARTSTAT={}:mailto:{}\r\n", kind->answer, who));
  else if (!who.empty())
    out.ascii(fmt::format("ORGANIZER:mailto:{}\r\n", who));
  if (kind->method == "CANCEL") out.ascii("STATUS:CANCELLED\r\n");
  out.ascii("END:VEVENT\r\nEND:VCALENDAR\r\n");
  if (out.full()) return {};
  return std::move(out).take();
}

}  // namespace coi::tnef
