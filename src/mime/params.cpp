#include "mime/params.h"

#include <algorithm>
#include <memory>

#include <fmt/format.h>
#include <gmime/gmime.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/charset.h"

namespace coi::mime {
namespace {

constexpr std::size_t longest_value = 32 * 1024;
constexpr std::size_t longest_plain = 500;  // of a value that is written as it is: not every program joins pieces
constexpr std::size_t longest_piece = 60;   // of an encoded parameter value on one line

void prepare_gmime() {
  static const bool done = (g_mime_init(), true);
  static_cast<void>(done);
}

struct Unref {
  void operator()(void* object) const { g_object_unref(object); }
};

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

WordWithParams parse_params(std::string_view value) {
  value = ascii_trim(utf8_front(value, longest_value));
  const auto semicolon = value.find(';');
  WordWithParams out{ascii_lower(ascii_trim(value.substr(0, semicolon))), {}};
  // A comment before the parameters: "text/plain (really)"
  if (const auto comment = out.word.find('('); comment != std::string::npos)
    out.word = std::string(ascii_trim(std::string_view(out.word).substr(0, comment)));
  if (semicolon == std::string_view::npos) return out;

  // Only the parameters go to GMime, behind a word that it cannot misread.
  prepare_gmime();
  const std::string text = "x" + std::string(value.substr(semicolon));
  const std::unique_ptr<GMimeContentDisposition, Unref> parsed(g_mime_content_disposition_parse(nullptr, text.c_str()));
  auto* list = g_mime_content_disposition_get_parameters(parsed.get());
  for (int i = 0; i < g_mime_param_list_length(list); ++i) {
    auto* param = g_mime_param_list_get_parameter_at(list, i);
    const char* text_value = g_mime_param_get_value(param);
    out.params.push_back({ascii_lower(g_mime_param_get_name(param)), valid_utf8(text_value ? text_value : "")});
  }
  return out;
}

std::string format_params(const std::vector<Param>& params) {
  std::string out;
  for (const auto& param : params) {
    if (is_token(param.value) && param.value.size() <= longest_plain)
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
  name.remove_prefix(name.find_last_of("/\\") + 1);  // npos + 1 is 0
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
