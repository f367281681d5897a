#include "html/link_text.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::html {
namespace {

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) >= 0x80; }

// Without what is not seen, in ASCII lower case; the forms that browsers read as a dot become one (UTS #46), and spaces
// beyond ASCII a space.
std::string seen(std::string_view label) {
  std::string out;
  while (!label.empty()) {
    const auto here = label;
    const auto c = utf8_take(label);
    const bool unseen = is_bidi_control(c) || c == 0xAD || c == 0x34F || (c >= 0x200B && c <= 0x200F) ||
                        (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xFE00 && c <= 0xFE0F);
    if (unseen) continue;
    if (c == 0x3002 || c == 0xFF0E || c == 0xFF61)
      out += '.';
    else if (c > 0xFF00 && c < 0xFF5F)  // full-width ASCII
      out += ascii_lower(static_cast<char>(c - 0xFF00 + 0x20));
    else if (is_control(c) || c == 0xA0 || (c >= 0x2000 && c <= 0x200A) || c == 0x202F || c == 0x205F || c == 0x3000)
      out += ' ';
    else if (c < 0x80)
      out += ascii_lower(static_cast<char>(c));
    else
      out += here.substr(0, here.size() - label.size());
  }
  return out;
}

// Names of files look like hosts; of these endings none is a top-level domain.
bool is_file_ending(std::string_view label) {
  constexpr std::string_view endings[] = {"csv", "doc", "docx", "gif",  "htm", "html", "ics", "jpeg", "jpg",
                                          "js",  "mp3", "mp4",  "odt",  "pdf", "php",  "png", "ppt",  "pptx",
                                          "svg", "txt", "wav",  "webp", "xls", "xlsx", "xml"};
  return std::ranges::find(endings, label) != std::end(endings);
}

bool is_host(std::string_view word) {
  const auto labels = ascii_split(word, '.');
  if (labels.size() < 2 || std::ranges::any_of(labels, [](auto label) { return label.empty(); })) return false;
  const auto last = labels.back();
  const bool number = std::ranges::all_of(last, ascii_digit);
  if (number) return labels.size() == 4 && std::ranges::all_of(word, [](char c) { return ascii_digit(c) || c == '.'; });
  return last.size() >= 2 && !is_file_ending(last);
}

// `host` lies in `domain`, or the other way round by "www." alone.
bool lies_in(std::string_view host, std::string_view domain) {
  if (domain.starts_with("www.")) domain.remove_prefix(4);
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

// Which of a label's octets may stand in a host.
bool is_of_host(char c) { return ascii_alnum(c) || is_beyond_ascii(c) || c == '-' || c == '.' || c == '_'; }

}  // namespace

std::string target_of_link(std::string_view url) {
  std::string clean;
  for (const char c : ascii_trim(url))
    if (static_cast<unsigned char>(c) >= ' ' && c != 0x7F) clean += c == '\\' ? '/' : ascii_lower(c);
  std::string_view rest = clean;
  if (rest.starts_with("mailto:")) {
    rest.remove_prefix(7);
    std::string addr;
    for (rest = rest.substr(0, rest.find('?')); !rest.empty();) {
      const auto octet = rest.front() == '%' ? ascii_hex_octet(rest.substr(1)) : std::nullopt;
      addr += octet.value_or(rest.front());
      rest.remove_prefix(octet ? 3 : 1);
    }
    return printable(addr, 320);
  }
  if (!rest.starts_with("http:") && !rest.starts_with("https:")) return {};
  rest.remove_prefix(rest.find(':') + 1);
  rest.remove_prefix(std::min(rest.find_first_not_of('/'), rest.size()));
  rest = rest.substr(0, rest.find_first_of("/?#"));
  if (const auto user = rest.rfind('@'); user != std::string_view::npos) rest.remove_prefix(user + 1);
  if (!rest.starts_with('[')) rest = rest.substr(0, rest.find(':'));
  if (rest.ends_with('.')) rest.remove_suffix(1);
  return printable(rest, 320);
}

std::string unsaid_target(std::string_view label, std::string_view url) {
  auto target = target_of_link(url);
  if (target.empty()) return {};
  const auto host = std::string_view(target).substr(target.rfind('@') + 1);
  const auto text = seen(label);
  for (std::size_t at = 0; at < text.size();) {
    if (!is_of_host(text[at])) {
      ++at;
      continue;
    }
    const auto start = at;
    while (at < text.size() && is_of_host(text[at])) ++at;
    auto word = std::string_view(text).substr(start, at - start);
    while (word.starts_with('.')) word.remove_prefix(1);
    while (word.ends_with('.')) word.remove_suffix(1);
    if (is_host(word) && !lies_in(host, word)) return target;
    if (at < text.size() && text[at] == '/')  // what follows is a path
      while (at < text.size() && text[at] != ' ') ++at;
  }
  return {};
}

}  // namespace coi::html
