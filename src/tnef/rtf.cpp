#include "tnef/rtf.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/ascii.h"
#include "tnef/code_page.h"
#include "tnef/rtf_token.h"
#include "tnef/rtf_words.h"

namespace coi::tnef {
namespace {

constexpr std::size_t most_fonts = 10'000, longest_link = 2000;
constexpr CodePage western = 1252;

constexpr bool is_7_bit(char octet) { return static_cast<std::uint8_t>(octet) < 0x80; }

// What becomes of the text of a group.
enum class Place : std::uint8_t {
  text,
  nowhere,
  fonts,     // the font table
  html_tag,  // \*\htmltag (MS-OXRTFEX 2.1.3.1.4)
  link,      // what a field does
  field,     // what a field shows
};

// The state that ends with a group.
struct Group {
  Place place = Place::text;
  bool is_only_rtf = false;      // \htmlrtf: no part of the HTML (MS-OXRTFEX 2.1.3.1)
  bool is_hidden = false;        // \v, \deleted
  bool has_font = false;         // else the default
  int font = 0;                  // a number of the font table
  std::size_t replacements = 1;  // \uc: characters behind \u for those who cannot read it
  std::size_t shown_from = 0;    // of a field: where in the text it begins
};

// The charsets of the document and of its fonts.
class Fonts {
 public:
  void set_default_page(int page) { default_page_ = page > 0 ? static_cast<CodePage>(page) : western; }
  void set_default_font(int font) { default_font_ = font; }
  // A word within the font table.
  void describe(std::string_view word, int number) {
    if (word == "f") described_ = number;
    if (pages_.size() >= most_fonts) return;
    if (word == "fcharset") pages_.try_emplace(described_, code_page_of_font(number));
    if (word == "cpg" && number > 0) pages_[described_] = static_cast<CodePage>(number);
  }
  // Text within a tag is in the document's (MS-OXRTFEX 2.2.3).
  CodePage page_of(const Group& group) const {
    if (group.place == Place::html_tag) return default_page_;
    const auto found = pages_.find(group.has_font ? group.font : default_font_);
    return found == pages_.end() || found->second == 0 ? default_page_ : found->second;
  }

 private:
  CodePage default_page_ = western;
  int default_font_ = 0;
  int described_ = 0;
  std::map<int, CodePage> pages_;
};

class RtfReader {
 public:
  explicit RtfReader(const Limits& limits) : deepest_(limits.nesting * 8), out_(limits.text) {}

  RtfContent read(std::string_view rtf);

 private:
  void take(RtfToken token);
  void open();
  void close();
  void word(const RtfToken& token);
  bool begin_place(std::string_view word, bool is_first, bool is_optional);
  void state_word(std::string_view word, int number, bool is_on);
  void symbol(std::string_view symbol);
  void unicode(int number);
  void end_surrogate();
  void end_field(std::size_t shown_from);

  void put_octets(std::string_view octets);
  void put_text(std::string_view octets);
  void put_utf8(std::string_view text);
  void put_character(char32_t character);

  Group& group() { return groups_.back(); }
  bool is_shown() const;

  std::size_t deepest_;
  TextWriter out_;
  Fonts fonts_;
  std::vector<Group> groups_{1};
  std::size_t too_deep_ = 0;  // open groups that are left out
  bool is_html_ = false;
  bool is_cut_ = false;
  bool is_over_ = false;
  bool begins_ = false;          // a group has just been opened
  bool is_optional_ = false;     // … and is for those who know its first word (\*)
  std::size_t replaced_ = 0;     // characters to pass over
  char32_t high_surrogate_ = 0;  // that waits for its other half
  std::string link_;             // of the field that was begun last
};

RtfContent RtfReader::read(std::string_view rtf) {
  // What stands behind the end of the document, a NUL most often, is none of it.
  while (!out_.full() && !is_over_) {
    const auto token = next_rtf_token(rtf);
    if (!token) break;
    take(*token);
  }
  end_surrogate();
  is_cut_ |= out_.full();
  return {.is_html = is_html_, .text = std::move(out_).take(), .is_cut = is_cut_};
}

void RtfReader::take(RtfToken token) {
  using Kind = RtfToken::Kind;
  const bool begins = std::exchange(begins_, false);
  // What stands for a character of \u counts as so many octets, and ends at any word or brace.
  if (replaced_ > 0 && token.kind == Kind::text) {
    const auto passed = std::min(replaced_, token.text.size());
    token.text.remove_prefix(passed);
    replaced_ -= passed;
    if (token.text.empty()) return;
  } else if (replaced_ > 0 && (token.kind == Kind::octet || token.kind == Kind::symbol)) {
    --replaced_;
    return;
  }
  replaced_ = 0;
  if (token.kind == Kind::word || token.kind == Kind::symbol) begins_ = begins;
  switch (token.kind) {
    case Kind::open:
      return open();
    case Kind::close:
      return close();
    case Kind::word:
      return word(token);
    case Kind::symbol:
      return symbol(token.text);
    case Kind::octet:
      return put_text({&token.octet, 1});
    case Kind::text:
      return put_text(token.text);
  }
}

void RtfReader::open() {
  begins_ = true;
  is_optional_ = false;
  if (too_deep_ == 0 && groups_.size() < deepest_) {
    groups_.push_back(group());
  } else {
    ++too_deep_;
    is_cut_ = true;
  }
}

void RtfReader::close() {
  if (too_deep_ > 0) {
    --too_deep_;
  } else if (groups_.size() > 1) {
    const auto closed = group();
    groups_.pop_back();
    is_over_ = groups_.size() == 1;
    if (closed.place == Place::field && group().place != Place::field) end_field(closed.shown_from);
  }
}

void RtfReader::end_field(std::size_t shown_from) {
  const auto target = link_target(std::exchange(link_, {}));
  if (!target.empty() && !says_target(out_.since(shown_from), target)) put_utf8(" <" + target + ">");
}

void RtfReader::word(const RtfToken& token) {
  const bool is_first = std::exchange(begins_, false), is_optional = std::exchange(is_optional_, false);
  if (too_deep_ > 0 || group().place == Place::nowhere) return;
  const auto number = token.number.value_or(0);
  if (begin_place(token.text, is_first, is_optional)) return;
  if (group().place == Place::fonts) return fonts_.describe(token.text, number);
  if (token.text == "u") return unicode(number);
  const auto text = text_of_word(token.text, is_html_);
  if (!text.empty()) return put_utf8(text);
  state_word(token.text, number, token.number != 0);
}

// The words that say what the group is for.
bool RtfReader::begin_place(std::string_view word, bool is_first, bool is_optional) {
  if (word == "htmltag" && is_html_ && is_optional) {
    group().place = Place::html_tag;
  } else if (word == "fonttbl") {
    group().place = Place::fonts;
  } else if (word == "fldinst" && !is_html_) {
    group().place = Place::link;
    link_.clear();
  } else if (word == "fldrslt" && is_first && !is_html_) {
    if (group().place != Place::field) group().shown_from = out_.size();
    group().place = Place::field;
  } else if (is_optional || (is_first && is_passed_over(word))) {
    group().place = Place::nowhere;
  } else {
    return false;
  }
  return true;
}

void RtfReader::state_word(std::string_view word, int number, bool is_on) {
  if (word == "f") {
    group().has_font = true;
    group().font = number;
  } else if (word == "plain") {
    group().has_font = group().is_hidden = false;
  } else if (word == "htmlrtf") {
    group().is_only_rtf = is_on && is_html_;
  } else if (word == "v" || word == "deleted") {
    group().is_hidden = is_on && !is_html_;
  } else if (word == "uc") {
    group().replacements = static_cast<std::size_t>(std::clamp(number, 0, 100));
  } else if (word == "fromhtml") {
    is_html_ |= number == 1 && out_.size() == 0;
  } else if (word == "ansicpg") {
    fonts_.set_default_page(number);
  } else if (word == "deff") {
    fonts_.set_default_font(number);
  }
}

void RtfReader::symbol(std::string_view symbol) {
  if (symbol == "*") {
    is_optional_ = begins_;
    return;
  }
  begins_ = is_optional_ = false;
  if (symbol == "\\" || symbol == "{" || symbol == "}") return put_text(symbol);
  put_utf8(text_of_word(symbol, is_html_));
}

// A UTF-16 unit; one above 32767 is written as a negative number.
void RtfReader::unicode(int number) {
  const auto unit = static_cast<char32_t>(static_cast<std::uint16_t>(number));
  if (is_low_surrogate(unit) && high_surrogate_ != 0) {
    put_character(0x10000 + ((std::exchange(high_surrogate_, 0) - 0xD800) << 10) + (unit - 0xDC00));
  } else {
    end_surrogate();
    if (is_high_surrogate(unit))
      high_surrogate_ = unit;
    else
      put_character(is_low_surrogate(unit) || unit == 0 ? 0xFFFD : unit);
  }
  replaced_ = group().replacements;
}

void RtfReader::end_surrogate() {
  if (std::exchange(high_surrogate_, 0) != 0) put_character(0xFFFD);
}

bool RtfReader::is_shown() const {
  const auto& now = groups_.back();
  if (too_deep_ > 0 || now.is_only_rtf) return false;
  return now.place == Place::html_tag || ((now.place == Place::text || now.place == Place::field) && !now.is_hidden);
}

// In the charset of the place; a field's link is kept apart.
void RtfReader::put_text(std::string_view octets) {
  if (too_deep_ == 0 && group().place == Place::link)
    link_ += octets.substr(0, longest_link - std::min(longest_link, link_.size()));
  if (!is_shown()) return;
  end_surrogate();
  // In pieces, so that ASCII alone begins no piece.
  while (!octets.empty()) {
    const auto end = std::ranges::find_if(octets, [&](char c) { return is_7_bit(c) != is_7_bit(octets.front()); });
    const auto piece = octets.substr(0, static_cast<std::size_t>(end - octets.begin()));
    put_octets(piece);
    octets.remove_prefix(piece.size());
  }
}

void RtfReader::put_octets(std::string_view octets) {
  if (is_7_bit(octets.front()))
    out_.ascii(octets);
  else
    out_.octets(octets, charset_of(fonts_.page_of(group())));
}

void RtfReader::put_utf8(std::string_view text) {
  if (!is_shown() || text.empty()) return;
  end_surrogate();
  if (is_ascii(text))
    out_.ascii(text);
  else
    out_.octets(text, "utf-8");
}

void RtfReader::put_character(char32_t character) {
  if (is_shown()) out_.character(character);
}

}  // namespace

RtfContent read_rtf(std::string_view rtf, const Limits& limits) {
  if (!rtf.starts_with("{\\rtf")) return {};
  return RtfReader(limits).read(rtf);
}

}  // namespace coi::tnef
