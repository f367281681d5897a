#include "mime/authentication_results.h"

#include <algorithm>
#include <optional>
#include <string>

#include "base/ascii.h"
#include "mime/domain.h"

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

// The value of header.from, a domain or, by some servers, an address; "" when the verdict names none.
std::string_view named_domain(std::string_view info) {
  constexpr std::string_view name = "header.from";
  for (auto at = info.find(name); at != std::string_view::npos; at = info.find(name, at + 1)) {
    auto value = ascii_trim(info.substr(at + name.size()));
    if (!value.starts_with('=')) continue;
    value = ascii_trim(value.substr(1));
    value = value.substr(0, value.find(' '));
    if (const auto sign = value.rfind('@'); sign != std::string_view::npos) value.remove_prefix(sign + 1);
    if (value.ends_with('.')) value.remove_suffix(1);
    return value == "\"" ? std::string_view() : value;  // a string, of which only the end is left
  }
  return {};
}

// Either may be written in the letters of its script or in A-labels (RFC 5890).
bool speaks_of(std::string_view named, std::string_view author) {
  if (named.empty()) return true;
  const auto checked = canonical_domain(named), domain = canonical_domain(author);
  return domain == checked || domain.ends_with("." + checked);
}

// resinfo = method [ "/" version ] "=" result [ reason ] *( ptype "." property "=" value )
// White space and comments may stand around "/" and "=".
bool disowned_by(std::string_view info, std::string_view domain) {
  const auto equals = info.find('=');
  if (equals == std::string_view::npos) return false;
  const auto method = info.substr(0, equals);
  if (!ascii_iequal(ascii_trim(method.substr(0, method.find('/'))), "dmarc")) return false;
  const auto result = ascii_trim(info.substr(equals + 1));
  const auto word = result.substr(0, result.find(' '));
  if (ascii_iequal(word, "fail")) return true;
  return ascii_iequal(word, "pass") && !speaks_of(named_domain(result), domain);
}

// authserv-id [version]
std::string_view server_of(std::string_view value) {
  const auto server = ascii_trim(value.substr(0, value.find(';')));
  return server.substr(0, server.find(' '));
}

}  // namespace

// value = authserv-id [version] *( ";" resinfo )
bool disowns_author(const std::vector<Header>& headers, std::string_view domain) {
  std::optional<std::string> server;
  for (const auto& header : headers) {
    if (!ascii_iequal(header.name, "Authentication-Results")) continue;
    const auto text = bare(header.value);
    if (!server) server = server_of(text);
    if (!ascii_iequal(server_of(text), *server)) continue;
    auto semicolon = text.find(';');
    while (semicolon != std::string::npos) {
      const auto next = text.find(';', semicolon + 1);
      if (disowned_by(std::string_view(text).substr(semicolon + 1, next - semicolon - 1), domain)) return true;
      semicolon = next;
    }
  }
  return false;
}

}  // namespace coi::mime
