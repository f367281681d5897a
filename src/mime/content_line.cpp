#include "mime/content_line.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/charset.h"

namespace coi::mime {
namespace {

constexpr std::size_t most_params = 50;
constexpr std::size_t most_head = 10'000;          // octets before the value
constexpr std::size_t longest_vcard_line = 75;     // RFC 6350, 3.2
constexpr std::size_t longest_property_name = 60;  // so that what follows it stands on the same line

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= longest_property_name &&
         std::ranges::all_of(text, [](char c) { return ascii_alnum(c) || c == '-' || c == '_'; });
}

bool is_base64_text(std::string_view text) {
  return !text.empty() &&
         std::ranges::all_of(text, [](char c) { return ascii_alnum(c) || c == '+' || c == '/' || c == '='; });
}

// Where this character stands outside of quotes; the text's size if it does not.
std::size_t find_outside_quotes(std::string_view text, char wanted) {
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"') quoted = !quoted;
    if (text[i] == wanted && !quoted) return i;
  }
  return text.size();
}

// A quote that never ends hides no colon.
std::size_t end_of_head(std::string_view line) {
  const auto head = line.substr(0, most_head);
  const auto colon = find_outside_quotes(head, ':');
  return colon < head.size() ? colon : head.find(':');
}

bool is_encoding(std::string_view word) {
  for (const std::string_view name : {"BASE64", "QUOTED-PRINTABLE", "8BIT", "7BIT"})
    if (ascii_iequal(word, name)) return true;
  return false;
}

Param param_of(std::string_view octets) {
  const auto text = printable(valid_utf8(octets));
  const auto word = ascii_trim(text);
  const auto equals = word.find('=');
  if (equals == std::string_view::npos) return {is_encoding(word) ? "ENCODING" : "TYPE", std::string(word)};
  return {ascii_upper(ascii_trim(word.substr(0, equals))), std::string(ascii_trim(word.substr(equals + 1)))};
}

std::string_view without_quotes(std::string_view text) {
  if (text.starts_with('"')) text.remove_prefix(1);
  if (text.ends_with('"')) text.remove_suffix(1);
  return text;
}

}  // namespace

std::string_view ContentLine::param(std::string_view param_name) const {
  const auto found = std::ranges::find(params, param_name, &Param::name);
  return found == params.end() ? std::string_view() : without_quotes(found->value);
}

std::vector<std::string_view> ContentLine::types() const {
  std::vector<std::string_view> out;
  for (const auto& [param_name, words] : params) {
    if (param_name != "TYPE") continue;
    for (const auto word : ascii_split(without_quotes(words), ',')) out.push_back(ascii_trim(word));
  }
  return out;
}

bool ContentLine::has_type(std::string_view word) const {
  return std::ranges::any_of(types(), [&](auto type) { return ascii_iequal(type, word); });
}

bool ContentLine::is_base64() const {
  return ascii_iequal(param("ENCODING"), "b") || ascii_iequal(param("ENCODING"), "base64");
}

bool ContentLine::is_quoted_printable() const { return ascii_iequal(param("ENCODING"), "quoted-printable"); }

std::optional<ContentLine> parse_content_line(std::string_view unfolded) {
  const auto colon = end_of_head(unfolded);
  if (colon == std::string_view::npos) return std::nullopt;
  auto head = unfolded.substr(0, colon);
  ContentLine out;
  out.value = unfolded.substr(colon + 1);
  const auto first = find_outside_quotes(head, ';');
  auto name = ascii_trim(head.substr(0, first));
  if (const auto dot = name.rfind('.'); dot != std::string_view::npos) {
    out.group = name.substr(0, dot);
    name.remove_prefix(dot + 1);
    if (!is_name(out.group)) return std::nullopt;
  }
  if (!is_name(name)) return std::nullopt;
  out.name = ascii_upper(name);
  head.remove_prefix(std::min(first + 1, head.size()));
  while (!head.empty() && out.params.size() < most_params) {
    const auto end = find_outside_quotes(head, ';');
    if (auto param = param_of(head.substr(0, end)); is_name(param.name) && !param.value.empty())
      out.params.push_back(std::move(param));
    head.remove_prefix(std::min(end + 1, head.size()));
  }
  return out;
}

std::string_view ContentLines::peek() const {
  auto line = left_.substr(0, std::min(left_.find('\n'), left_.size()));
  while (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::string_view ContentLines::take() {
  const auto line = peek();
  left_.remove_prefix(std::min(left_.find('\n'), left_.size() - 1) + 1);
  return line;
}

std::optional<std::string> ContentLines::next() {
  std::string line;
  while (line.empty()) {
    if (left_.empty()) return std::nullopt;
    line = take();
  }
  const auto begin = parse_content_line(line);
  unfold(line, begin && begin->is_quoted_printable(), begin && begin->is_base64());
  return line;
}

void ContentLines::unfold(std::string& line, bool quoted_printable, bool base64) {
  while (!left_.empty()) {
    if (quoted_printable && line.ends_with('=')) {
      line.pop_back();
      line += take();
      continue;
    }
    const auto next = peek();
    const bool folded = next.starts_with(' ') || next.starts_with('\t');
    const bool goes_on = base64 && is_base64_text(next);
    if (!folded && !goes_on) return;
    take();
    line += folded && (base64 || !version_21_) ? next.substr(1) : next;
  }
}

std::string fold_content_line(std::string_view line) {
  std::string out;
  auto room = longest_vcard_line;
  while (line.size() > room) {
    auto part = utf8_front(line, room);
    if (part.empty()) part = line.substr(0, room);
    out += part;
    out += "\r\n ";
    line.remove_prefix(part.size());
    room = longest_vcard_line - 1;
  }
  out += line;
  return out + "\r\n";
}

std::string unescape_value(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = i + 1 < text.size() ? text[i + 1] : '\0';
    if (text[i] != '\\' || std::string_view("nN,;:\\").find(next) == std::string_view::npos) {
      out += text[i];
      continue;
    }
    out += next == 'n' || next == 'N' ? '\n' : next;
    ++i;
  }
  return out;
}

std::string escape_value(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
      continue;
    }
    if (c == '\\' || c == ',' || c == ';') out += '\\';
    out += c;
  }
  return out;
}

std::string escape_value_of_21(std::string_view value) {
  std::string out;
  for (std::size_t i = 0; i < value.size(); ++i) {
    out += value[i];
    if (value[i] == '\\' && !value.substr(i + 1).starts_with(';')) out += '\\';
  }
  return out;
}

std::vector<std::string_view> split_value(std::string_view text, char separator) {
  std::vector<std::string_view> out;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == separator) {
      out.push_back(text.substr(begin, i - begin));
      begin = i + 1;
    }
  }
  out.push_back(text.substr(begin));
  return out;
}

}  // namespace coi::mime
