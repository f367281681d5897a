#include "net/url.h"

#include <fmt/format.h>

#include <boost/url.hpp>

#include "base/ascii.h"
#include "base/utf8.h"

namespace coi::net {
namespace {

// URI syntax is ASCII; octets beyond it are percent-encoded as RFC 3987 3.1 maps an IRI.
std::string to_uri(std::string_view text) {
  std::string uri;
  for (const char c : text) {
    const auto octet = static_cast<unsigned char>(c);
    if (octet < 0x80)
      uri += c;
    else
      uri += fmt::format("%{:02X}", octet);
  }
  return uri;
}

// "mailto:a", "p:": nobody can be reached by a scheme without "//". Boost.URL 1.81 fails an assertion on some of them.
bool names_no_host(std::string_view uri) {
  const auto colon = uri.find_first_of(":/?#");
  return colon != std::string_view::npos && uri[colon] == ':' && !uri.substr(colon + 1).starts_with("//");
}

// What is no URL may be anything, and came from anybody.
std::string shown(std::string_view text) { return printable(text, 300); }

}  // namespace

Result<Url> split_url(std::string_view text) try {
  const std::string uri = to_uri(text);
  if (names_no_host(uri)) return fail(ErrorKind::invalid, fmt::format("the URL '{}' names no host", shown(text)));
  const auto parsed = boost::urls::parse_uri(uri);
  if (!parsed) return fail(ErrorKind::invalid, fmt::format("'{}' is no URL", shown(text)));
  const boost::urls::url_view& url = *parsed;
  if (url.host().empty()) return fail(ErrorKind::invalid, fmt::format("the URL '{}' names no host", shown(text)));

  Url parts;
  parts.scheme = ascii_lower(std::string_view(url.scheme()));
  parts.host = url.host_type() == boost::urls::host_type::ipv6 ? url.host_ipv6_address().to_string() : url.host();
  if (!url.port().empty()) {
    parts.port = ascii_number<std::uint16_t>(std::string_view(url.port()));
    if (parts.port.value_or(0) == 0)
      return fail(ErrorKind::invalid, fmt::format("the port in '{}' is out of range", shown(text)));
  }
  parts.user = url.user();
  parts.password = url.password();
  parts.target = url.encoded_path().empty() ? "/" : std::string(url.encoded_path());
  if (!parts.target.starts_with('/'))  // RFC 3986 section 3.3; Boost.URL 1.81 lets "a://b:..c" pass
    return fail(ErrorKind::invalid, fmt::format("'{}' is no URL", shown(text)));
  parts.bare = parts.target == "/" && !url.has_query() && !url.has_fragment();
  if (url.has_query()) parts.target += "?" + std::string(url.encoded_query());
  return parts;
} catch (const std::exception& e) {
  return fail(ErrorKind::invalid, fmt::format("'{}' is no URL: {}", shown(text), e.what()));
}

Result<std::string> resolve_url(std::string_view base, std::string_view reference) try {
  const std::string base_uri = to_uri(base);
  const std::string reference_uri = to_uri(reference);
  if (names_no_host(base_uri) || names_no_host(reference_uri))
    return fail(ErrorKind::invalid, fmt::format("'{}' is no URL", shown(reference)));
  const auto from = boost::urls::parse_uri(base_uri);
  const auto to = boost::urls::parse_uri_reference(reference_uri);
  boost::urls::url resolved;
  if (!from || !to || !boost::urls::resolve(*from, *to, resolved))
    return fail(ErrorKind::invalid, fmt::format("'{}' is no URL", shown(reference)));
  return std::string(resolved.buffer());
} catch (const std::exception& e) {
  return fail(ErrorKind::invalid, fmt::format("'{}' is no URL: {}", shown(reference), e.what()));
}

std::string encode_form(const FormFields& fields) {
  boost::urls::encoding_opts options;
  options.space_as_plus = true;
  std::string text;
  for (const auto& [name, value] : fields) {
    if (!text.empty()) text += '&';
    text += boost::urls::encode(name, boost::urls::unreserved_chars, options);
    text += '=';
    text += boost::urls::encode(value, boost::urls::unreserved_chars, options);
  }
  return text;
}

Result<FormFields> decode_form(std::string_view text) try {
  FormFields fields;
  if (text.empty()) return fields;
  const auto query = boost::urls::parse_query(text);
  if (!query) return fail(ErrorKind::invalid, "this is no web form");
  boost::urls::encoding_opts options;
  options.space_as_plus = true;
  for (const auto& field : *query) fields.emplace_back(field.key.decode(options), field.value.decode(options));
  return fields;
} catch (const std::exception& e) {
  return fail(ErrorKind::invalid, fmt::format("this is no web form: {}", e.what()));
}

}  // namespace coi::net
