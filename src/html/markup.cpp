#include "html/markup.h"

#include <fmt/format.h>

#include "base/ascii.h"
#include "html/escaped.h"

namespace coi::html {

std::string escaped_lines(std::string_view text) {
  std::string out;
  for (const auto line : ascii_split(text, '\n')) {
    if (line.data() != text.data()) out += "<br>";
    out += escaped(line);
  }
  return out;
}

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
