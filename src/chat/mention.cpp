#include "chat/mention.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "chat/word_edges.h"
#include "html/escaped.h"
#include "mime/address.h"

namespace coi::chat {
namespace {

constexpr std::size_t longest_mention = 200;  // octets
constexpr std::size_t most_mentions = 1000;
constexpr std::string_view all_word = "all";

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// Wide spaces, controls and what turns the direction of text end a name that is not quoted; the latter two end a quoted
// one too.
bool is_unfit(char32_t c) { return is_control(c) || is_bidi_control(c) || c == 0xFFFD || c == 0x2028 || c == 0x2029; }

// The length of the front of `text` that may be a name.
std::size_t name_length(std::string_view text, bool quoted) {
  auto rest = text.substr(0, std::min(text.size(), longest_mention + 4));
  while (!rest.empty()) {
    const auto here = rest;
    const auto character = utf8_take(rest);
    const bool fits = quoted             ? character != '"'
                      : character < 0x80 ? ascii_alnum(here.front()) || character == '_' || character == '-' ||
                                               character == '.' || character == '\''
                                         : !is_wide_space(character);
    if (!fits || is_unfit(character)) {
      rest = here;
      break;
    }
  }
  const auto length = std::min(text.size(), longest_mention + 4) - rest.size();
  return length <= longest_mention ? length : 0;
}

// The length of the address at the front of `text`: an atom of RFC 5322 with dots, @, a domain with a dot in it that
// ends with a letter or digit. 0: there is none.
std::size_t address_length(std::string_view text) {
  constexpr std::string_view in_local = "!#$%&'*+-/=?^_`{|}~.";
  constexpr std::size_t longest = 320;
  text = text.substr(0, longest + 1);
  std::size_t at = 0;
  for (auto local = text; !local.empty(); at = text.size() - local.size()) {
    const char c = local.front();
    if (is_beyond_ascii(c) ? is_unfit(utf8_take(local)) : !(ascii_alnum(c) || in_local.contains(c))) break;
    if (!is_beyond_ascii(c)) local.remove_prefix(1);
  }
  if (at == 0 || at >= text.size() || text[at] != '@') return 0;
  auto rest = text.substr(at + 1);
  std::size_t end = 0;  // behind the last letter or digit
  while (!rest.empty()) {
    const auto character = utf8_take(rest);
    const bool letter = character < 0x80 ? ascii_alnum(static_cast<char>(character)) : !is_wide_space(character);
    if ((!letter && character != '-' && character != '.') || is_unfit(character) ||
        (character >= 0x2010 && character <= 0x206F) || (character >= 0x3000 && character <= 0x303F) ||
        (character >= 0xFF00 && character <= 0xFF20))
      break;
    if (letter) end = text.size() - rest.size();
  }
  if (end == 0) return 0;
  const auto addr = text.substr(0, end);
  const auto domain = addr.substr(at + 1);
  const bool dotted = domain.contains('.') && !domain.starts_with('.') && !domain.contains("..");
  return addr.size() <= longest && dotted && mime::is_address(addr) ? end : 0;
}

// "@all" at the front of `text` and nothing that makes it another word.
bool is_everybody(std::string_view text) {
  const auto end = 1 + all_word.size();
  if (!ascii_istarts_with(text.substr(1), all_word)) return false;
  if (end >= text.size()) return true;
  if (is_word_at(text, end) || std::string_view("@_-").contains(text[end])) return false;
  return text[end] != '.' || !is_word_at(text, end + 1);  // the end of a sentence, not of a host's first label
}

// The mention at the front of `text`, which begins with @; length 0: there is none.
Mention mention_at(std::string_view text) {
  Mention found;
  const bool quoted = text.size() > 1 && text[1] == '"';
  const std::size_t start = quoted ? 2 : 1;
  const auto length = name_length(text.substr(start), quoted);
  const auto name = text.substr(start, length);
  const auto colon = start + length + (quoted ? 1 : 0);
  const bool whole =
      !ascii_trim(name).empty() && colon < text.size() && text[colon] == ':' && (!quoted || text[colon - 1] == '"');
  if (const auto addr = whole ? address_length(text.substr(colon + 1)) : 0; addr > 0)
    return {.start = 0,
            .length = colon + 1 + addr,
            .name = std::string(name),
            .addr = std::string(text.substr(colon + 1, addr))};
  if (!quoted && is_everybody(text)) return {.start = 0, .length = 1 + all_word.size(), .name = std::string(all_word)};
  return found;
}

bool may_begin(std::string_view text, std::size_t at) {
  return at == 0 || !(is_word_before(text, at) || std::string_view("@._-+/:").contains(text[at - 1]));
}

bool has_class(const html::Node& node, std::string_view name) {
  const auto classes = ascii_split(node.attribute("class"), ' ');
  return std::ranges::find(classes, name) != classes.end();
}

void append_text(const html::Node& node, std::string& out) {
  out += node.text;
  for (const auto& child : node.children) append_text(child, out);
}

void collect(const html::Node& node, std::vector<Mention>& found) {
  if (found.size() >= most_mentions) return;
  if (node.is_text()) {
    for (auto& mention : find_mentions(node.text))
      if (mention.addr.empty() && found.size() < most_mentions) found.push_back({.name = std::move(mention.name)});
    return;
  }
  if (node.tag == "a" && has_class(node, "mention")) {
    std::string name;
    append_text(node, name);
    auto bare = ascii_trim(name);
    if (bare.starts_with('@')) bare.remove_prefix(1);
    if (auto addr = mailto_address(node.attribute("href")); !addr.empty() && !bare.empty()) {
      found.push_back({.name = printable(utf8_front(bare, longest_mention)), .addr = std::move(addr)});
      return;
    }
  }
  for (const auto& child : node.children) collect(child, found);
}

}  // namespace

std::vector<Mention> find_mentions(std::string_view text) {
  std::vector<Mention> found;
  for (auto at = text.find('@'); at != std::string_view::npos && found.size() < most_mentions;) {
    auto mention = may_begin(text, at) ? mention_at(text.substr(at)) : Mention{};
    const auto next = at + std::max<std::size_t>(mention.length, 1);
    if (mention.length > 0) {
      mention.start = at;
      found.push_back(std::move(mention));
    }
    at = text.find('@', next);
  }
  return found;
}

std::vector<std::string> mentioned(std::string_view text) {
  std::vector<std::string> whom;
  for (const auto& mention : find_mentions(text))
    whom.push_back(mention.addr.empty() ? "all" : mime::canonical(mention.addr));
  std::ranges::sort(whom);
  const auto doubles = std::ranges::unique(whom);
  whom.erase(doubles.begin(), doubles.end());
  return whom;
}

std::string write_mention(std::string_view name, std::string_view addr) {
  if (addr.empty()) return "@all";
  std::string clean;
  while (!name.empty()) {
    const auto here = name;
    const auto character = utf8_take(name);
    const auto octets = here.substr(0, here.size() - name.size());
    if (clean.size() + octets.size() > longest_mention) break;
    if (character == '"')
      clean += '\'';
    else if (is_unfit(character))
      clean += ' ';
    else
      clean += octets;
  }
  if (ascii_trim(clean).empty()) clean = utf8_front(addr.substr(0, addr.find('@')), longest_mention);
  const bool bare = name_length(clean, false) == clean.size();
  return bare ? fmt::format("@{}:{}", clean, addr) : fmt::format("@\"{}\":{}", clean, addr);
}

std::string shown_mention(const Mention& mention) { return "@" + mention.name; }

std::string with_mentions_shown(std::string_view text) {
  std::string out;
  std::size_t done = 0;
  for (const auto& mention : find_mentions(text)) {
    // "@all" stays as it was written.
    if (mention.addr.empty()) continue;
    out.append(text.substr(done, mention.start - done)).append(shown_mention(mention));
    done = mention.start + mention.length;
  }
  return out.append(text.substr(done));
}

std::string mention_html(const Mention& mention) {
  if (mention.addr.empty()) return html::escaped(shown_mention(mention));
  return fmt::format("<a class=\"mention\" href=\"{}\">{}</a>", html::escaped(mailto_url(mention.addr)),
                     html::escaped(shown_mention(mention)));
}

std::vector<Mention> mentions_in(const html::Node& document) {
  std::vector<Mention> found;
  collect(document, found);
  return found;
}

std::string mailto_address(std::string_view url) {
  constexpr std::string_view scheme = "mailto:";
  url = ascii_trim(url);
  if (!ascii_istarts_with(url, scheme)) return {};
  url.remove_prefix(scheme.size());
  url = url.substr(0, url.find('?'));  // the fields of a mail to write
  auto addr = ascii_undo_percent(url);
  for (std::string_view rest = addr; !rest.empty();) {
    if (utf8_sequence(rest) == 0) return {};
    utf8_take(rest);
  }
  return mime::is_address(addr) ? addr : std::string();
}

std::string mailto_url(std::string_view addr) {
  std::string url = "mailto:";
  for (const char c : addr) {
    // RFC 6068, 2: what may stand in an address of such a URL. What lies beyond ASCII is written as it is (RFC 3987).
    const bool plain = ascii_alnum(c) || is_beyond_ascii(c) || std::string_view("-._~!$'*+@").contains(c);
    if (plain)
      url += c;
    else
      url += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return url;
}

}  // namespace coi::chat
