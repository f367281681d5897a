#include "mime/params.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_plain = 500;  // of a value that is written as it is: not every program joins pieces
constexpr std::size_t longest_piece = 60;   // of an encoded parameter value on one line

bool is_token_char(char c) {
  return c > ' ' && c < 0x7F && std::string_view("()<>@,;:\\\"/[]?=").find(c) == std::string_view::npos;
}

bool is_printable(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; });
}

// attribute-char of RFC 2231: a token character without * ' %
bool stays_in_extended_value(char c) { return is_token_char(c) && c != '*' && c != '\'' && c != '%'; }

std::string quoted_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// What a reader would take for an encoding of something else: an encoded word (RFC 2047), or "utf-8''x%20y".
bool seems_encoded(std::string_view text) {
  return text.find("=?") != std::string_view::npos || text.find("''") != std::string_view::npos;
}

// RFC 2231, section 4: name*=utf-8''percent%20encoded; section 3: name*0*=…; name*1*=…
std::string extended(const Param& param) {
  std::vector<std::string> pieces(1);
  for (const char c : param.value) {
    if (pieces.back().size() >= longest_piece) pieces.emplace_back();
    if (stays_in_extended_value(c))
      pieces.back() += c;
    else
      pieces.back() += fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  if (pieces.size() == 1) return fmt::format(";\r\n {}*=utf-8''{}", param.name, pieces.front());
  std::string out;
  for (std::size_t i = 0; i < pieces.size(); ++i)
    out += fmt::format(";\r\n {}*{}*={}{}", param.name, i, i == 0 ? "utf-8''" : "", pieces[i]);
  return out;
}

bool has_no_place_in_names(char32_t character) {
  return is_control(character) || is_bidi_control(character) || character == 0x2028 || character == 0x2029;  // lines
}

}  // namespace

std::string format_params(const std::vector<Param>& params) {
  std::string out;
  for (const auto& param : params) {
    if (seems_encoded(param.value))
      out += extended(param);
    else if (is_token(param.value) && param.value.size() <= longest_plain)
      out += fmt::format(";\r\n {}={}", param.name, param.value);
    else if (is_printable(param.value) && param.value.size() <= longest_plain)
      out += fmt::format(";\r\n {}={}", param.name, quoted_string(param.value));
    else
      out += extended(param);
  }
  return out;
}

bool is_token(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_token_char); }

bool is_media_type(std::string_view word) {
  const auto slash = word.find('/');
  return slash != std::string_view::npos && is_token(word.substr(0, slash)) && is_token(word.substr(slash + 1));
}

std::string safe_filename(std::string_view name) {
  constexpr std::size_t longest = 200;
  name = name.substr(0, name.find_last_not_of("/\\ \t") + 1);  // npos + 1 is 0
  name.remove_prefix(name.find_last_of("/\\") + 1);
  std::string out;
  while (!name.empty()) {
    const auto rest = name;
    if (const auto character = utf8_take(name); !has_no_place_in_names(character))
      out += rest.substr(0, rest.size() - name.size());
  }
  if (out.size() > longest) {
    const auto dot = out.rfind('.');
    const auto extension = dot != std::string::npos && out.size() - dot <= 20 ? out.substr(dot) : std::string();
    out = std::string(utf8_front(out, longest - extension.size())) + extension;
  }
  out = ascii_trim(out);
  while (out.ends_with('.') || out.ends_with(' ')) out.pop_back();
  return out;
}

}  // namespace coi::mime
