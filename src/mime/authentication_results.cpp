#include "mime/authentication_results.h"

#include <string>

#include "base/ascii.h"

namespace coi::mime {
namespace {

// Comments, which nest, and white space as one space; of quoted strings, which hold reasons, only the last quote stays.
std::string bare(std::string_view value) {
  std::string out;
  const auto space = [&out] {
    if (!out.empty() && out.back() != ' ') out += ' ';
  };
  int depth = 0;
  bool quoted = false;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const char c = value[i];
    if (c == '\\' && (quoted || depth > 0)) {
      ++i;
    } else if (quoted) {
      quoted = c != '"';
      if (!quoted) out += c;
    } else if (c == '(') {
      ++depth;
      space();
    } else if (depth > 0) {
      if (c == ')') --depth;
    } else if (c == '"') {
      quoted = true;
    } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      space();
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

// value   = authserv-id [version] *( ";" resinfo )
// resinfo = method [ "/" version ] "=" result [ reason ] *( ptype "." property "=" value )
// White space and comments may stand around "/" and "=".
bool disowns_author(std::string_view value) {
  const auto text = bare(value);
  std::string_view rest = text;
  auto semicolon = rest.find(';');
  while (semicolon != std::string_view::npos) {
    rest.remove_prefix(semicolon + 1);
    semicolon = rest.find(';');
    const auto info = rest.substr(0, semicolon);
    const auto equals = info.find('=');
    if (equals == std::string_view::npos) continue;
    const auto method = info.substr(0, equals);
    const auto result = ascii_trim(info.substr(equals + 1));
    if (ascii_iequal(ascii_trim(method.substr(0, method.find('/'))), "dmarc") &&
        ascii_iequal(result.substr(0, result.find(' ')), "fail"))
      return true;
  }
  return false;
}

}  // namespace coi::mime
