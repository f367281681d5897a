#include "mime/date.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <vector>

#include <fmt/format.h>

#include "base/ascii.h"

namespace coi::mime {
namespace {

using std::chrono::minutes;

constexpr std::array<std::string_view, 12> months = {"jan", "feb", "mar", "apr", "may", "jun",
                                                     "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekdays = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

struct Zone {
  std::string_view name;
  int hours;
};
// Those of RFC 5322, 4.3, then a few that mean one thing only. Military letters are UTC, as the RFC says.
constexpr Zone zones[] = {{"est", -5}, {"edt", -4}, {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8},
                          {"pdt", -7}, {"wet", 0},  {"west", 1}, {"cet", 1},  {"cest", 2}, {"met", 1},  {"mest", 2},
                          {"mez", 1},  {"mesz", 2}, {"eet", 2},  {"eest", 3}, {"bst", 1},  {"jst", 9},  {"msk", 3}};

struct DateToken {
  enum class Kind { word, number, sign } kind;
  std::string_view text;
  int value = 0;  // of a number
};

// Words, numbers and single signs; white space and comments (RFC 5322, 3.2.2) fall away.
std::vector<DateToken> tokens(std::string_view text) {
  constexpr std::size_t enough = 40;
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
  constexpr std::string_view digits = "0123456789";
  std::vector<DateToken> out;
  int comment_depth = 0;
  while (!text.empty() && out.size() < enough) {
    std::size_t length = 1;
    const char c = text.front();
    if (c == '(') {
      ++comment_depth;
    } else if (c == ')') {
      comment_depth = std::max(0, comment_depth - 1);
    } else if (comment_depth > 0 || c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == ',') {
      // passed over
    } else if (digits.find(c) != std::string_view::npos) {
      length = std::min(text.find_first_not_of(digits), text.size());
      int value = -1;
      if (length <= 6) std::from_chars(text.data(), text.data() + length, value);
      out.push_back({DateToken::Kind::number, text.substr(0, length), value});
    } else if (letters.find(c) != std::string_view::npos) {
      length = std::min(text.find_first_not_of(letters), text.size());
      out.push_back({DateToken::Kind::word, text.substr(0, length)});
    } else {
      out.push_back({DateToken::Kind::sign, text.substr(0, 1)});
    }
    text.remove_prefix(length);
  }
  return out;
}

class DateReader {
 public:
  explicit DateReader(std::string_view text) : tokens_(tokens(text)) {}

  std::optional<UnixMs> read() {
    while (at_ < tokens_.size()) {
      if (is(DateToken::Kind::word))
        word(tokens_[at_++].text);
      else if (is(DateToken::Kind::number))
        number();
      else
        sign(tokens_[at_++].text.front());
    }
    return result();
  }

 private:
  bool is(DateToken::Kind kind, std::size_t ahead = 0) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].kind == kind;
  }
  bool is_sign(char c, std::size_t ahead) const {
    return is(DateToken::Kind::sign, ahead) && tokens_[at_ + ahead].text.front() == c;
  }

  void word(std::string_view text) {
    const auto lower = ascii_lower(text);
    if (!month_ && lower.size() >= 3) {
      const auto found = std::ranges::find(months, std::string_view(lower).substr(0, 3));
      if (found != months.end()) month_ = static_cast<int>(found - months.begin()) + 1;
    }
    if (!hour_) return;
    if (lower == "pm" && *hour_ < 12) *hour_ += 12;
    if (lower == "am" && *hour_ == 12) *hour_ = 0;
    const auto zone = std::ranges::find(zones, std::string_view(lower), &Zone::name);
    if (zone != std::end(zones)) offset_ = minutes(zone->hours * 60);
  }

  // year "-" month "-" day, as in ISO 8601, also with other signs
  bool takes_year_first() {
    for (const char separator : {'-', '/', '.'}) {
      if (!is_sign(separator, 1) || !is(DateToken::Kind::number, 2)) continue;
      if (!is_sign(separator, 3) || !is(DateToken::Kind::number, 4)) continue;
      year_ = tokens_[at_].value;
      month_ = tokens_[at_ + 2].value;
      day_ = tokens_[at_ + 4].value;
      at_ += 5;
      return true;
    }
    return false;
  }

  // hour ":" minute [":" second ["." fraction]], also with dots; or a day, or a year
  void number() {
    const auto value = tokens_[at_].value;
    const auto digits = tokens_[at_].text.size();
    const char separator = is_sign(':', 1) ? ':' : '.';
    if (!hour_ && digits <= 2 && is_sign(separator, 1) && is(DateToken::Kind::number, 2) &&
        (separator == ':' || (day_ && month_))) {
      hour_ = value;
      minute_ = tokens_[at_ + 2].value;
      at_ += 3;
      if (is_sign(separator, 0) && is(DateToken::Kind::number, 1)) {
        second_ = tokens_[at_ + 1].value;
        at_ += 2;
        if (is_sign('.', 0) && is(DateToken::Kind::number, 1)) at_ += 2;
      }
      return;
    }
    if (!year_ && !month_ && !day_ && digits == 4 && takes_year_first()) return;
    ++at_;
    if (!day_ && digits <= 2)
      day_ = value;
    else if (!year_)
      year_ = digits == 2 ? value + (value < 50 ? 2000 : 1900) : digits == 3 ? value + 1900 : value;
  }

  // ("+" / "-") 4DIGIT, also hh ":" mm; before the time a "-" only separates, as in 24-Nov-2026
  void sign(char c) {
    if (!hour_ || (c != '+' && c != '-') || !is(DateToken::Kind::number)) return;
    const auto& zone = tokens_[at_];
    int hours = zone.value;
    int rest = 0;
    if (zone.text.size() == 4) {
      hours = zone.value / 100;
      rest = zone.value % 100;
    } else if (zone.text.size() > 2) {
      return;
    } else if (is_sign(':', 1) && is(DateToken::Kind::number, 2)) {
      rest = tokens_[at_ + 2].value;
      at_ += 2;
    }
    ++at_;
    if (hours <= 23 && rest >= 0 && rest <= 59) offset_ = minutes((hours * 60 + rest) * (c == '-' ? -1 : 1));
  }

  std::optional<UnixMs> result() const {
    if (!day_ || !month_ || !year_ || !hour_ || *year_ < 1900 || *year_ > 9999) return std::nullopt;
    const std::chrono::year_month_day date{std::chrono::year{*year_},
                                           std::chrono::month(static_cast<unsigned>(*month_)),
                                           std::chrono::day(static_cast<unsigned>(*day_))};
    const auto within = [](int value, int last) { return value >= 0 && value <= last; };
    if (!date.ok() || !within(*hour_, 23) || !within(minute_, 59) || !within(second_, 60)) return std::nullopt;
    const auto time = std::chrono::sys_days{date} + std::chrono::hours(*hour_) + minutes(minute_) +
                      std::chrono::seconds(second_) - offset_;
    return std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  }

  std::vector<DateToken> tokens_;
  std::size_t at_ = 0;
  std::optional<int> day_, month_, year_, hour_;
  int minute_ = 0;
  int second_ = 0;
  minutes offset_{0};
};

}  // namespace

std::optional<UnixMs> parse_date(std::string_view value) {
  if (auto time = from_rfc3339(ascii_trim(value))) return time;
  return DateReader(value).read();
}

std::string format_date(UnixMs time, minutes offset) {
  const std::chrono::sys_time<std::chrono::milliseconds> local{std::chrono::milliseconds{time} + offset};
  const auto day = std::chrono::floor<std::chrono::days>(local);
  const std::chrono::year_month_day date{day};
  const std::chrono::hh_mm_ss clock{local - day};
  const std::string month(months[static_cast<unsigned>(date.month()) - 1]);
  const auto shift = std::chrono::abs(offset);
  return fmt::format("{}, {} {}{} {:04} {:02}:{:02}:{:02} {}{:02}{:02}",
                     weekdays[std::chrono::weekday{day}.c_encoding()], static_cast<unsigned>(date.day()),
                     ascii_upper(month.substr(0, 1)), month.substr(1), static_cast<int>(date.year()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     offset.count() < 0 ? '-' : '+', shift.count() / 60, shift.count() % 60);
}

}  // namespace coi::mime
