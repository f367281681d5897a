#include "html/markup.h"

#include <fmt/format.h>

namespace coi::html {
namespace {

std::string with_escapes(std::string_view text, std::string_view line_end) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\n':
        out += line_end;
        break;
      default:
        out += c;
    }
  }
  return out;
}

}  // namespace

std::string escaped(std::string_view text) { return with_escapes(text, "\n"); }

std::string escaped_lines(std::string_view text) { return with_escapes(text, "<br>"); }

std::string element(std::string_view tag, std::string_view names, std::string_view text) {
  return fmt::format("<{0} class=\"{1}\">{2}</{0}>", tag, names, escaped_lines(text));
}

std::string hidden(std::string_view names, std::string_view value) {
  return fmt::format("<data class=\"{}\" value=\"{}\"></data>", names, escaped(value));
}

std::string picture(std::string_view names, std::string_view url, std::string_view label) {
  return fmt::format("<img class=\"{}\" src=\"{}\" alt=\"{}\">", names, escaped(url), escaped(label));
}

}  // namespace coi::html
