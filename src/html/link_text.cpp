#include "html/link_text.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::html {
namespace {

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// Characters that are not seen.
bool is_unseen(char32_t c) {
  return is_bidi_control(c) || c == 0xAD || c == 0x34F || (c >= 0x200B && c <= 0x200D) ||
         (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F);
}

// Spaces, punctuation and symbols beyond ASCII, by blocks: no host has them.
bool is_between_words(char32_t c) {
  return (c >= 0xA0 && c <= 0xBF) || (c >= 0x2000 && c <= 0x206F) || (c >= 0x2190 && c <= 0x2BFF) ||
         (c >= 0x3000 && c <= 0x3020) || (c >= 0x1F000 && c <= 0x1FAFF);
}

// Without what is not seen, in ASCII lower case; the forms that browsers read as a dot become one (UTS #46), and what
// is_between_words() a space. The full stops of Chinese and Japanese end sentences: they are a dot in ASCII alone.
std::string seen(std::string_view label) {
  constexpr char full_stop = '\1';  // no other control character gets through
  std::string out;
  while (!label.empty()) {
    const auto here = label;
    const auto c = utf8_take(label);
    if (is_unseen(c)) continue;
    if (c == 0xFF0E)
      out += '.';
    else if (c == 0x3002 || c == 0xFF61)
      out += full_stop;
    else if (c > 0xFF00 && c < 0xFF5F)  // full-width ASCII
      out += ascii_lower(static_cast<char>(c - 0xFF00 + 0x20));
    else if (is_control(c) || is_between_words(c))
      out += ' ';
    else if (c < 0x80)
      out += ascii_lower(static_cast<char>(c));
    else
      out += here.substr(0, here.size() - label.size());
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i] != full_stop) continue;
    const bool within = i > 0 && ascii_alnum(out[i - 1]) && i + 1 < out.size() && ascii_alnum(out[i + 1]);
    out[i] = within ? '.' : ' ';
  }
  return out;
}

// Names of files look like hosts; of these endings none is a top-level domain.
bool is_file_ending(std::string_view label) {
  constexpr std::string_view endings[] = {"csv",  "doc",  "docx", "eml",  "epub", "exe",  "gif", "heic", "htm",
                                          "html", "ics",  "jpeg", "jpg",  "js",   "json", "mp3", "mp4",  "odt",
                                          "pdf",  "php",  "png",  "ppt",  "pptx", "rar",  "svg", "tiff", "txt",
                                          "wav",  "webp", "xls",  "xlsm", "xlsx", "xml"};
  return std::ranges::find(endings, label) != std::end(endings);
}

bool is_host(std::string_view word) {
  const auto labels = ascii_split(word, '.');
  if (labels.size() < 2 || std::ranges::any_of(labels, [](auto label) { return label.empty(); })) return false;
  const auto last = labels.back();
  const bool number = std::ranges::all_of(last, ascii_digit);
  if (number) return labels.size() == 4 && std::ranges::all_of(word, [](char c) { return ascii_digit(c) || c == '.'; });
  return last.size() >= 2 && !ascii_digit(last.front()) && !is_file_ending(last);
}

// `host` lies in `domain`, or the other way round by "www." alone.
bool lies_in(std::string_view host, std::string_view domain) {
  if (domain.starts_with("www.")) domain.remove_prefix(4);
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

// Which of a label's octets may stand in a host.
bool is_of_host(char c) { return ascii_alnum(c) || is_beyond_ascii(c) || c == '-' || c == '.' || c == '_'; }
// ... and in what stands before the @ of an address; not what parts a URL from its host.
bool is_of_local_part(char c) { return is_of_host(c) || std::string_view("!$%&'*+=^`{|}~").contains(c); }

// The octets of a host at `at`.
std::string_view host_at(std::string_view text, std::size_t at) {
  const auto end = std::find_if_not(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_of_host);
  return text.substr(at, static_cast<std::size_t>(end - text.begin()) - at);
}

std::string_view without_dots(std::string_view word) {
  while (word.starts_with('.')) word.remove_prefix(1);
  while (word.ends_with('.')) word.remove_suffix(1);
  return word;
}

// Where the @ of the address stands that begins at `at`; npos: none begins there.
std::size_t at_sign(std::string_view text, std::size_t at) {
  constexpr std::size_t longest = 64;  // RFC 5321, 4.5.3.1.1
  const auto end = std::min(text.size(), at + longest + 1);
  auto i = at;
  while (i < end && is_of_local_part(text[i])) ++i;
  const bool found = i < end && text[i] == '@' && is_host(without_dots(host_at(text, i + 1)));
  return found ? i : std::string_view::npos;
}

// Behind the port, path, query and fragment that begin at `at`.
std::size_t end_of_url(std::string_view text, std::size_t at) {
  auto end = at;
  if (end < text.size() && text[end] == ':') end = std::min(text.find_first_not_of("0123456789", end + 1), text.size());
  if (end == text.size() || !std::string_view("/?#").contains(text[end])) return at;
  return std::min(text.find(' ', end), text.size());
}

// Whether the address is one of those that a mailto URL names.
bool is_one_of(std::string_view addr, std::string_view targets) {
  return std::ranges::any_of(ascii_split(targets, ','), [&](auto target) { return ascii_trim(target) == addr; });
}

}  // namespace

std::string target_of_link(std::string_view url) {
  std::string clean;
  for (const char c : ascii_trim(url))
    if (static_cast<unsigned char>(c) >= ' ' && c != 0x7F) clean += c == '\\' ? '/' : ascii_lower(c);
  std::string_view rest = clean;
  if (rest.starts_with("mailto:")) {
    rest.remove_prefix(7);
    return printable(ascii_lower(ascii_undo_percent(rest.substr(0, rest.find('?')))), 320);
  }
  if (!rest.starts_with("http:") && !rest.starts_with("https:")) return {};
  rest.remove_prefix(rest.find(':') + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto user = rest.rfind('@'); user != std::string_view::npos) rest.remove_prefix(user + 1);
  rest = rest.starts_with('[') ? rest.substr(0, rest.find(']') + 1) : rest.substr(0, rest.find(':'));
  if (rest.ends_with('.')) rest.remove_suffix(1);
  return printable(rest, 320);
}

std::string unsaid_target(std::string_view label, std::string_view url) {
  auto target = target_of_link(url);
  if (target.empty()) return {};
  const auto host = std::string_view(target).substr(target.rfind('@') + 1);
  const bool to_address = target.contains('@');
  const auto text = seen(label);
  for (std::size_t at = 0; at < text.size();) {
    if (!is_of_host(text[at])) {
      ++at;
      continue;
    }
    const auto start = at;
    // On the way to a web site "bank.example@" may be there to be taken for a host, and is read as one.
    const auto sign = to_address ? at_sign(text, at) : std::string_view::npos;
    const bool is_addr = sign != std::string_view::npos;
    const auto written = host_at(text, is_addr ? sign + 1 : start);
    const auto word = without_dots(written);
    at = (is_addr ? sign + 1 : start) + written.size();
    if (!is_host(word)) continue;
    const bool said =
        is_addr ? is_one_of(text.substr(start, sign + 1 - start).append(word), target) : lies_in(host, word);
    if (!said) return target;
    at = end_of_url(text, at);
  }
  return {};
}

}  // namespace coi::html
