#include "html/escaped.h"

#include "base/utf8.h"

namespace coi::html {

std::string escaped(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto here = text;
    const bool well_formed = utf8_sequence(text) > 0;
    const auto character = utf8_take(text);
    if (!well_formed)
      out += utf8_replacement;
    else if (character == '&')
      out += "&amp;";
    else if (character == '<')
      out += "&lt;";
    else if (character == '>')
      out += "&gt;";
    else if (character == '"')
      out += "&quot;";
    else if (is_control(character) && character != '\n' && character != '\t')
      out += ' ';
    else
      out += here.substr(0, here.size() - text.size());
  }
  return out;
}

}  // namespace coi::html
