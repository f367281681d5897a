#include "mime/address.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/blank.h"
#include "mime/charset.h"
#include "mime/domain.h"
#include "mime/encoded_word.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_display_name = 1000;  // octets: it stands in every list and every event

// The length of the quoted-string at the front, quotes included; 0 if it never ends.
std::size_t quoted_length(std::string_view text) {
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '"')
      return i + 1;
  }
  return 0;
}

// The same for a comment, which may hold comments.
std::size_t comment_length(std::string_view text) {
  std::size_t depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\')
      ++i;
    else if (text[i] == '(')
      ++depth;
    else if (text[i] == ')' && --depth == 0)
      return i + 1;
  }
  return 0;
}

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
  return out;
}

constexpr char32_t keycap = 0x20E3, black_flag = 0x1F3F4, emoji_form = 0xFE0F;

constexpr bool among(char32_t character, char32_t first, char32_t last) {
  return character >= first && character <= last;
}
bool is_joiner(char32_t character) { return among(character, 0x200C, 0x200D) || among(character, 0xFE00, 0xFE0F); }
bool has_keycap(char32_t character) { return among(character, '0', '9') || character == '#' || character == '*'; }
bool is_tag(char32_t character) { return among(character, 0xE0020, 0xE007F); }

// Arabic to Myanmar, Khmer to the last of India's scripts, the same beyond the first plane; and emoji.
bool is_joined(char32_t character) {
  return among(character, 0x600, 0x109F) || among(character, 0x1780, 0x1CFF) || among(character, 0xA800, 0xA8FF) ||
         among(character, 0xA980, 0xAAFF) || among(character, 0xABC0, 0xABFF) || among(character, 0x10A00, 0x11FFF) ||
         among(character, 0x1E900, 0x1E95F) || among(character, 0x2100, 0x2BFF) || among(character, 0x1F000, 0x1FAFF);
}

// Of what cannot be seen, only that which changes what stands beside it: emoji and some scripts are joined and parted
// so. A name that differs from another in nothing that is seen is to be that name.
bool is_seen(char32_t character, char32_t before, char32_t behind) {
  if (is_joiner(character))
    return is_joined(before) || (before == emoji_form && character == 0x200D) ||
           (character == emoji_form && behind == keycap && has_keycap(before));
  if (is_tag(character)) return before == black_flag || is_tag(before);
  return !is_control(character) && character != 0xAD && character != 0x34F && character != 0xFEFF &&
         !is_bidi_control(character) && !among(character, 0x17B4, 0x17B5) && !among(character, 0x180B, 0x180F) &&
         character != 0x200B && !among(character, 0x2060, 0x206F) && !among(character, 0xFFF9, 0xFFFB) &&
         !among(character, 0xE0000, 0xE0FFF);
}

// Letters that look like nothing, and spaces of every kind.
bool looks_blank(char32_t character) {
  constexpr std::u32string_view all = U" \u00A0\u115F\u1160\u1680\u2028\u2029\u202F\u205F\u2800\u3000\u3164\uFFA0";
  return all.contains(character) || (character >= 0x2000 && character <= 0x200A);
}

// Without spaces at its start, and with one at most in a row.
std::string without_unseen(std::string_view name) {
  std::string seen;
  char32_t last = 0;  // of `seen`
  while (!name.empty()) {
    auto character = utf8_take(name);
    auto rest = name;
    if (!is_seen(character, last, rest.empty() ? 0 : utf8_take(rest))) continue;
    if (looks_blank(character)) character = ' ';
    if (character == ' ' && (last == ' ' || last == 0)) continue;
    utf8_append(seen, character);
    last = character;
  }
  return seen;
}

// A phrase of words and quoted strings as people read it, on one line, with single spaces and without what cannot be
// seen.
std::string readable(std::string_view phrase) {
  std::string plain;
  bool quotes_close = true;
  while (!phrase.empty()) {
    const bool quote = phrase.front() == '"' && quotes_close;
    const auto quoted = quote ? quoted_length(phrase) : 0;
    if (quote) quotes_close = quoted > 0;
    if (quoted > 0) {
      plain += unescaped(phrase.substr(1, quoted - 2));
      phrase.remove_prefix(quoted);
    } else {
      if (phrase.front() != '"') plain += phrase.front();
      phrase.remove_prefix(1);
    }
  }
  const std::string name = without_unseen(decode_words(plain));
  std::string_view bare = ascii_trim(name);
  while (bare.size() > 2 && bare.starts_with('\'') && bare.ends_with('\''))  // Outlook's 'name'
    bare = ascii_trim(bare.substr(1, bare.size() - 2));
  constexpr std::string_view cut = "…";
  if (bare.size() > longest_display_name)
    return std::string(utf8_front(bare, longest_display_name - cut.size())).append(cut);
  return std::string(bare);
}

std::string without_space(std::string_view text) {
  std::string out(text);
  if (!text.starts_with('"')) std::erase_if(out, is_space);
  return out;
}

class AddressReader {
 public:
  explicit AddressReader(std::string_view value) : rest_(value) {}

  std::vector<Address> read() {
    while (!rest_.empty()) step();
    finish_bare();
    return std::move(found_);
  }

 private:
  void step();
  void angle();
  void comment(std::string_view text);
  void finish_bare();
  bool add(std::string_view name, std::string addr);

  void take(std::size_t length) {
    phrase_ += rest_.substr(0, length);
    rest_.remove_prefix(length);
  }

  std::string_view rest_;
  std::string phrase_;        // what stands before the address, or is it
  std::string comment_;       // the last comment in it
  std::string before_;        // items without an address: `Lind, Mara <m@lind.example>` is one name
  bool after_angle_ = false;  // directly behind `<address>`
  bool quotes_close_ = true;  // false once a quote was seen that never ends, to look for its end only once
  bool comments_close_ = true;
  std::vector<Address> found_;
};

// mailbox = [phrase] "<" [route] addr-spec ">" / addr-spec
// group   = phrase ":" [mailbox *("," mailbox)] ";"
void AddressReader::step() {
  const char c = rest_.front();
  if (c == '"' && quotes_close_) {
    const auto length = quoted_length(rest_);
    quotes_close_ = length > 0;
    take(std::max<std::size_t>(length, 1));
  } else if (c == '(' && comments_close_) {
    const auto length = comment_length(rest_);
    comments_close_ = length > 0;
    if (length > 0) comment(rest_.substr(1, length - 2));
    rest_.remove_prefix(std::max<std::size_t>(length, 1));
  } else if (const auto word = c == '=' ? encoded_word_length(rest_) : 0) {
    take(word);
  } else if (c == '<') {
    rest_.remove_prefix(1);
    angle();
  } else if (c == ',' || c == ';') {
    if (c == ',' && !after_angle_ && !phrase_.contains('@') && !is_blank(phrase_))
      before_.append(phrase_).append(",");
    else
      before_.clear();
    finish_bare();
    rest_.remove_prefix(1);
  } else if (c == ':') {  // what came before names a group (or is "mailto")
    phrase_.clear();
    comment_.clear();
    before_.clear();
    rest_.remove_prefix(1);
  } else if (c == '>') {
    rest_.remove_prefix(1);
  } else {
    take(1);
  }
}

// Behind "<". A missing ">" is made up for by the next separator or "<".
void AddressReader::angle() {
  constexpr std::size_t longest_route = 200;
  if (rest_.starts_with('@')) {
    const auto route = rest_.substr(0, longest_route).find_first_of(":>");
    if (route != std::string_view::npos && rest_[route] == ':') rest_.remove_prefix(route + 1);
  }
  std::size_t end = 0;
  while (end < rest_.size() && rest_[end] != '>' && rest_[end] != '<') {
    const auto quoted = rest_[end] == '"' && quotes_close_ ? quoted_length(rest_.substr(end)) : 0;
    if (rest_[end] == '"' && quoted == 0) quotes_close_ = false;
    if (rest_[end] == ',' || rest_[end] == ';') break;
    end += std::max<std::size_t>(quoted, 1);
  }
  auto spec = ascii_trim(rest_.substr(0, end));
  if (ascii_istarts_with(spec, "mailto:")) spec.remove_prefix(7);
  rest_.remove_prefix(end);
  if (rest_.starts_with('>')) rest_.remove_prefix(1);
  if (spec.empty()) return;  // "<<a@b.c>>": the second one counts
  const bool named = !is_blank(phrase_);
  after_angle_ = add(named ? before_ + phrase_ : comment_, without_space(spec));
  before_.clear();
  phrase_.clear();
  comment_.clear();
}

void AddressReader::comment(std::string_view text) {
  if (after_angle_ && is_blank(phrase_) && !found_.empty()) {
    if (found_.back().name.empty()) found_.back().name = readable(text);
  } else {
    comment_ = text;
  }
}

// An address without <>: the last word with an "@"; words before it are its name.
void AddressReader::finish_bare() {
  std::string_view text = ascii_trim(phrase_);
  const auto at = text.rfind('@');
  if (at != std::string_view::npos) {
    auto start = text.find_last_of(white_space, at);
    start = start == std::string_view::npos ? 0 : start + 1;
    if (at > 0 && text[at - 1] == '"' && text.starts_with('"')) start = 0;  // "quoted local part"@domain
    const auto end = std::min(text.find_first_of(white_space, at), text.size());
    const auto name = ascii_trim(text.substr(0, start));
    add(name.empty() ? std::string_view(comment_) : name, std::string(text.substr(start, end - start)));
  }
  phrase_.clear();
  comment_.clear();
  after_angle_ = false;
}

// False, with nothing added, if it is no address.
bool AddressReader::add(std::string_view name, std::string addr) {
  if (!is_address(addr)) return false;
  found_.push_back({readable(name), std::move(addr)});
  return true;
}

bool has_control(std::string_view text) {
  while (!text.empty())
    if (const auto character = utf8_take(text); is_control(character) || is_bidi_control(character)) return true;
  return false;
}

}  // namespace

std::string written_address(std::string_view text) {
  const auto bare = ascii_trim(text);
  const auto open = bare.rfind('<');
  if (!bare.ends_with('>') || open == std::string_view::npos) return canonical(bare);
  return canonical(bare.substr(open + 1, bare.size() - open - 2));
}

bool is_address(std::string_view addr) {
  constexpr std::size_t longest = 320;
  if (addr.size() > longest || has_control(addr)) return false;
  const auto quoted = addr.starts_with('"') ? quoted_length(addr) : 0;
  const auto at = addr.find('@', quoted);
  if (at == std::string_view::npos || at == 0 || (quoted > 0 && at != quoted)) return false;
  const auto forbidden = [](char c) { return std::string_view(" <>()[],;:\\\"@").find(c) != std::string_view::npos; };
  if (quoted == 0 && std::ranges::any_of(addr.substr(0, at), forbidden)) return false;
  const auto domain = addr.substr(at + 1);
  if (domain.starts_with('[') && domain.ends_with(']')) {  // domain-literal: "[192.0.2.1]", "[IPv6:2001:db8::1]"
    const auto literal = domain.substr(1, domain.size() - 2);
    return !literal.empty() && std::ranges::none_of(literal, [&](char c) { return c != ':' && forbidden(c); });
  }
  return !domain.empty() && std::ranges::none_of(domain, forbidden);
}

std::vector<Address> parse_addresses(std::string_view value) {
  const std::string valid = to_utf8(value, "");
  return AddressReader(valid).read();
}

std::string format_addresses(const std::vector<Address>& addresses) {
  std::string out;
  for (const auto& [name, addr] : addresses) {
    if (!out.empty()) out += ", ";
    const bool bare = name.empty() && addr.find_first_of("=[") == std::string::npos;  // "=?" might begin a word
    if (!name.empty()) out += encode_phrase(name) + ' ';
    out += bare ? addr : "<" + addr + ">";
  }
  return out;
}

std::string canonical(std::string_view addr) {
  auto lower = ascii_lower(ascii_trim(addr));
  const auto at = lower.rfind('@');
  if (at != std::string::npos)
    lower.replace(at + 1, std::string::npos, canonical_domain(std::string_view(lower).substr(at + 1)));
  return lower;
}

}  // namespace coi::mime
