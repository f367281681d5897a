#include "calendar/lines.h"

#include <algorithm>
#include <optional>
#include <set>
#include <vector>

#include "base/ascii.h"
#include "base/utf8.h"
#include "calendar/text.h"

namespace coi::calendar {
namespace {

constexpr std::size_t most_lines = 10'000;
constexpr std::size_t most_attendees = 1000;
// Of a line that is no text: libical 3.0 takes a minute for one with 90 000 parameters.
constexpr std::size_t longest_property = 2048;

enum class Part : std::uint8_t { calendar, event, zone, observance, other };

bool is_read(Part part, std::string_view name) {
  constexpr std::string_view event[] = {"UID",
                                        "SEQUENCE",
                                        "DTSTAMP",
                                        "RECURRENCE-ID",
                                        "SUMMARY",
                                        "LOCATION",
                                        "COMMENT",
                                        "DTSTART",
                                        "DTEND",
                                        "DURATION",
                                        "ORGANIZER",
                                        "DESCRIPTION",
                                        "ATTENDEE",
                                        "RRULE",
                                        "STATUS",
                                        "URL",
                                        "CONFERENCE",
                                        "X-GOOGLE-CONFERENCE",
                                        "X-MICROSOFT-SKYPETEAMSMEETINGURL"};
  constexpr std::string_view observance[] = {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO", "RRULE", "RDATE"};
  switch (part) {
    case Part::calendar:
      return name == "METHOD";
    case Part::event:
      return std::ranges::find(event, name) != std::end(event);
    case Part::zone:
      return name == "TZID";
    case Part::observance:
      return std::ranges::find(observance, name) != std::end(observance);
    case Part::other:
      return false;
  }
  return false;
}

// RFC 5545, 3.1: a line end before SP or HTAB is none. Lines may end with LF, CR, or CRLF after further CRs.
std::optional<std::string> next_line(std::string_view& octets) {
  if (octets.empty()) return std::nullopt;
  std::string line;
  while (true) {
    const auto end = std::min(octets.find_first_of("\r\n"), octets.size());
    line += octets.substr(0, end);
    octets.remove_prefix(end);
    const auto crs = std::min(octets.find_first_not_of('\r'), octets.size());
    octets.remove_prefix(crs < octets.size() && octets[crs] == '\n' ? crs + 1 : crs);
    if (!octets.starts_with(' ') && !octets.starts_with('\t')) return line;
    octets.remove_prefix(1);
  }
}

struct Line {
  std::string name;       // upper case
  std::string_view rest;  // with the ";" or ":" before it
};

std::optional<Line> split(std::string_view unfolded) {
  const auto end = unfolded.find_first_of(";:");
  if (end == std::string_view::npos) return std::nullopt;
  return Line{ascii_upper(ascii_trim(unfolded.substr(0, end))), unfolded.substr(end)};
}

bool is_text(std::string_view name) {
  return name == "SUMMARY" || name == "LOCATION" || name == "DESCRIPTION" || name == "COMMENT";
}

// From the ":" on. Parameters hold one only between quotes; where those have no end, the first ":" it is.
std::string_view without_parameters(std::string_view rest) {
  bool quoted = false;
  for (std::size_t i = 0; i < rest.size(); ++i) {
    if (rest[i] == '"') quoted = !quoted;
    if (rest[i] == ':' && !quoted) return rest.substr(i);
  }
  return rest.substr(std::min(rest.find(':'), rest.size()));
}

// libical 3.0 looks for the end of a line anew for each 80 octets of it, a minute for 8 MB.
void append_folded(std::string& text, std::string_view line) {
  constexpr std::size_t most = 70;
  for (; line.size() > most; line.remove_prefix(most)) text.append(line.substr(0, most)).append("\n ");
  text.append(line).append("\n");
}

class Selection {
 public:
  explicit Selection(const Limits& limits) : limits_(limits) {}

  // false: the VCALENDAR is over.
  Result<bool> take(const Line& line) {
    if (line.name == "BEGIN") {
      if (open_.size() >= limits_.nesting) return fail(ErrorKind::limit, "the calendar object is nested too deeply");
      COI_TRY(begin(ascii_upper(ascii_trim(line.rest.substr(1)))));
    } else if (line.name == "END") {
      end(ascii_upper(ascii_trim(line.rest.substr(1))));
    } else if (!open_.empty() && is_read(open_.back().part, line.name)) {
      return keep(line);
    }
    return !begun_ || !open_.empty();
  }

  Result<SelectedLines> result() && {
    while (!open_.empty()) close();
    if (!begun_) return fail(ErrorKind::invalid, "this is no calendar object");
    if (events_ == 0) return fail(ErrorKind::not_found, "the calendar object has no event");
    return SelectedLines{"BEGIN:VCALENDAR\n" + calendar_ + zones_ + "BEGIN:VEVENT\n" + (has_whole_ ? whole_ : first_) +
                             "END:VEVENT\nEND:VCALENDAR\n",
                         events_};
  }

 private:
  struct Open {
    Part part;
    std::string name;
  };

  // An end that is missing is where an event or a zone begins.
  Result<> begin(const std::string& name) {
    const bool top = name == "VEVENT" || name == "VTIMEZONE";
    while (top && open_.size() > 1) close();
    Part part = Part::other;
    if (open_.empty()) {
      if (name != "VCALENDAR") return {};
      part = Part::calendar;
      begun_ = true;
    } else if (open_.back().part == Part::calendar && top) {
      part = name == "VEVENT" ? Part::event : Part::zone;
    } else if (open_.back().part == Part::zone && (name == "STANDARD" || name == "DAYLIGHT")) {
      part = Part::observance;
    }
    if (part == Part::event) {
      ++events_;
      event_.clear();
      said_.clear();
      attendees_ = 0;
    }
    open_.push_back({part, name});
    if (part != Part::zone && part != Part::observance) return {};
    zones_ += "BEGIN:" + name + "\n";
    return count_line();
  }

  // With what has no end of its own; an end of what is not open is none.
  void end(const std::string& name) {
    if (std::ranges::find(open_, name, &Open::name) == open_.end()) return;
    while (open_.back().name != name) close();
    close();
  }

  void close() {
    const auto [part, name] = open_.back();
    open_.pop_back();
    if (part == Part::zone || part == Part::observance) zones_ += "END:" + name + "\n";
    if (part != Part::event) return;
    if (events_ == 1) first_ = event_;
    if (!has_whole_ && !said_.contains("RECURRENCE-ID")) {
      has_whole_ = true;
      whole_ = event_;
    }
  }

  // Of an event's properties each counts once, but for its attendees.
  Result<bool> keep(const Line& line) {
    const auto part = open_.back().part;
    if (part == Part::event && has_whole_) return true;
    const bool text = is_text(line.name);
    // Twice, as each character may be escaped.
    const auto rest = text ? without_parameters(line.rest).substr(0, 2 * longest_text) : line.rest;
    if (rest.size() <= 1 || (!text && rest.size() > longest_property)) return true;
    if (part == Part::event && line.name == "ATTENDEE") {
      if (++attendees_ > most_attendees) return true;
    } else if (part == Part::event && !said_.insert(line.name).second) {
      return true;
    }
    octets_ += line.name.size() + rest.size();
    COI_TRY(count_line());
    auto& where = part == Part::calendar ? calendar_ : part == Part::event ? event_ : zones_;
    append_folded(where, line.name + printable(rest));
    return true;
  }

  Result<> count_line() {
    if (++lines_ > most_lines || octets_ > limits_.text)
      return fail(ErrorKind::limit, "the calendar object says more than we read");
    return {};
  }

  const Limits& limits_;
  std::vector<Open> open_;
  std::string calendar_, zones_;
  std::string event_, first_, whole_;  // the one being read; the first; the first without RECURRENCE-ID
  std::size_t events_ = 0, attendees_ = 0, lines_ = 0, octets_ = 0;
  std::set<std::string> said_;  // names of the properties of `event_`
  bool begun_ = false, has_whole_ = false;
};

}  // namespace

Result<SelectedLines> select_lines(std::string_view octets, const Limits& limits) {
  if (octets.size() > limits.mail) return fail(ErrorKind::limit, "the calendar object is too long");
  constexpr std::string_view mark = "\xEF\xBB\xBF";
  if (octets.starts_with(mark)) octets.remove_prefix(mark.size());
  Selection selection(limits);
  while (const auto unfolded = next_line(octets)) {
    const auto line = split(*unfolded);
    if (line && !COI_TRY(selection.take(*line))) break;
  }
  return std::move(selection).result();
}

}  // namespace coi::calendar
