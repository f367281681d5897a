#include "mime/escaped_charset.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/utf8.h"
#include "mime/charset.h"
#include "mime/iconv.h"

namespace coi::mime {
namespace {

constexpr char escape = '\x1B', shift_out = '\x0E', shift_in = '\x0F';

char with_high_bit(char c) { return static_cast<char>(static_cast<unsigned char>(c) | 0x80); }
bool is_graphic(char c) { return c > ' ' && c < 0x7F; }

std::string read_as(std::string_view octets, const std::string& charset) {
  auto read = convert(octets, charset);
  return valid_utf8(read ? std::string_view(read->text) : octets);
}

class JapaneseReader {
 public:
  std::string read(std::string_view octets);

 private:
  enum class Set { ascii, kana, kanji, kanji_1990 };

  bool take_escape(std::string_view& rest);
  void take_pair(char first, char second);
  void append(std::string_view octets, Converter& charset) {
    out_ += charset ? valid_utf8(charset.convert(octets).text) : valid_utf8(octets);
  }
  void flush() {
    if (!shift_jis_.empty()) append(shift_jis_, cp932_);
    shift_jis_.clear();
  }

  Converter cp932_{"cp932"};
  std::optional<Converter> euc_jp_;
  Set set_ = Set::ascii;
  std::string shift_jis_;  // cp932 knows what Microsoft added, in the places where it stands in JIS
  std::string out_;
};

bool JapaneseReader::take_escape(std::string_view& rest) {
  constexpr std::pair<std::string_view, Set> escapes[] = {
      {"(B", Set::ascii},  {"(J", Set::ascii},  {"(H", Set::ascii},       {"(I", Set::kana},
      {"$@", Set::kanji},  {"$B", Set::kanji},  {"$(D", Set::kanji_1990}, {"$(@", Set::kanji},
      {"$(B", Set::kanji}, {"$(O", Set::kanji}, {"$(Q", Set::kanji},      {"&@", Set::ascii}};
  for (const auto& [name, set] : escapes) {
    if (!rest.substr(1).starts_with(name)) continue;
    set_ = set;
    rest.remove_prefix(1 + name.size());
    return true;
  }
  return false;
}

void JapaneseReader::take_pair(char first, char second) {
  if (set_ == Set::kanji_1990) {  // JIS X 0212 has no place in cp932
    flush();
    const char euc[] = {'\x8F', with_high_bit(first), with_high_bit(second)};
    if (!euc_jp_) euc_jp_.emplace("euc-jp-ms");
    append(std::string_view(euc, sizeof euc), *euc_jp_);
    return;
  }
  // JIS X 0208, rows and cells from 0x21, as the two octets of Shift_JIS.
  const int row = first - 0x21, cell = second - 0x21;
  const int lead = row / 2 + (row < 62 ? 0x81 : 0xC1);
  const int trail = row % 2 == 0 ? cell + (cell < 63 ? 0x40 : 0x41) : cell + 0x9F;
  shift_jis_ += static_cast<char>(lead);
  shift_jis_ += static_cast<char>(trail);
}

std::string JapaneseReader::read(std::string_view rest) {
  while (!rest.empty()) {
    const char c = rest.front();
    if (c == escape && take_escape(rest)) continue;
    if (c == shift_out || c == shift_in) {
      set_ = c == shift_out ? Set::kana : Set::ascii;
    } else if ((set_ == Set::kanji || set_ == Set::kanji_1990) && is_graphic(c)) {
      if (rest.size() > 1 && is_graphic(rest[1])) {
        take_pair(c, rest[1]);
        rest.remove_prefix(1);
      } else {
        flush();
        out_ += utf8_replacement;  // half a character
      }
    } else if (set_ == Set::kana && c > ' ' && c < 0x60) {
      shift_jis_ += with_high_bit(c);
    } else {
      shift_jis_ += c;
      if (c == '\n') set_ = Set::ascii;
    }
    rest.remove_prefix(1);
  }
  flush();
  return std::move(out_);
}

// What stands between two marks of a set, on one line, gets its eighth bit back.
void take_high(std::string& out, std::string_view octets) {
  for (const char c : octets) out += is_graphic(c) ? with_high_bit(c) : c;
}

}  // namespace

std::string from_iso_2022_jp(std::string_view octets) {
  // RFC 1554: Chinese, Korean, Greek and Latin within Japanese; nobody but the C library reads them.
  if (octets.contains("\x1B$A") || octets.contains("\x1B$(C") || octets.contains("\x1B."))
    return read_as(octets, "iso-2022-jp-2");
  return JapaneseReader().read(octets);
}

std::string from_iso_2022_kr(std::string_view octets) {
  constexpr std::string_view designator = "\x1B$)C";
  std::string plain;
  while (!octets.empty()) {
    const auto end = std::min(octets.find_first_of("\x1B\x0E"), octets.size());
    plain += octets.substr(0, end);
    octets.remove_prefix(end);
    if (octets.starts_with(designator)) {
      octets.remove_prefix(designator.size());
    } else if (octets.starts_with(shift_out)) {
      const auto close = std::min(octets.find_first_of("\x0F\n", 1), octets.size());
      take_high(plain, octets.substr(1, close - 1));
      octets.remove_prefix(octets.substr(close).starts_with(shift_in) ? close + 1 : close);
    } else if (!octets.empty()) {
      plain += octets.front();
      octets.remove_prefix(1);
    }
  }
  return read_as(plain, "cp949");
}

std::string from_hz(std::string_view octets) {
  std::string plain;
  while (!octets.empty()) {
    const auto end = std::min(octets.find('~'), octets.size());
    plain += octets.substr(0, end);
    octets.remove_prefix(end);
    if (octets.starts_with("~{")) {
      octets.remove_prefix(2);
      const auto close = std::min({octets.find("~}"), octets.find('\n'), octets.size()});
      take_high(plain, octets.substr(0, close));
      octets.remove_prefix(octets.substr(close).starts_with("~}") ? close + 2 : close);
    } else if (octets.starts_with("~~")) {
      plain += '~';
      octets.remove_prefix(2);
    } else if (octets.starts_with("~\r\n") || octets.starts_with("~\n")) {
      octets.remove_prefix(octets.find('\n') + 1);  // a line that was folded
    } else if (!octets.empty()) {
      plain += octets.front();
      octets.remove_prefix(1);
    }
  }
  return read_as(plain, "gb18030");
}

}  // namespace coi::mime
