// The autoconfig file format, version 1.1, as domains and Thunderbird's database publish it.
#include <algorithm>

#include <charconv>

#include <fmt/format.h>

#include "base/ascii.h"
#include "engine/discover.h"
#include "html/html.h"
#include "wire/message_id.h"

namespace coi::engine {
namespace {

// The file is small regular XML without namespaces, entities or empty elements that matter: an HTML parser reads it.
const html::Node* child(const html::Node& node, std::string_view tag) {
  const auto found = std::ranges::find(node.children, tag, &html::Node::tag);
  return found == node.children.end() ? nullptr : &*found;
}

std::string text_of(const html::Node* node) {
  std::string text;
  if (node != nullptr)
    for (const auto& part : node->children) text += part.text;
  return std::string(ascii_trim(text));
}

std::string filled_in(std::string text, std::string_view addr) {
  const auto domain = wire::domain_of(addr);
  const auto local = addr.substr(0, addr.size() - domain.size() - 1);
  const auto replace = [&](std::string_view place, std::string_view value) {
    for (auto at = text.find(place); at != std::string::npos; at = text.find(place, at + value.size()))
      text.replace(at, place.size(), value);
  };
  replace("%EMAILADDRESS%", addr);
  replace("%EMAILLOCALPART%", local);
  replace("%EMAILDOMAIN%", domain);
  return text;
}

struct Server {
  net::Endpoint endpoint;
  std::string user;
};

// Servers without encryption are passed over, those with a nonsense port or host too.
std::vector<Server> servers(const html::Node& provider, std::string_view tag, std::string_view type,
                            std::string_view addr) {
  std::vector<Server> all;
  for (const auto& node : provider.children) {
    if (node.tag != tag || !ascii_iequal(node.attribute("type"), type)) continue;
    const auto socket = ascii_upper(text_of(child(node, "sockettype")));
    if (socket != "SSL" && socket != "STARTTLS") continue;
    const auto host = net::to_a_label(filled_in(text_of(child(node, "hostname")), addr));
    const auto port = text_of(child(node, "port"));
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (!host || error != std::errc{} || end != port.data() + port.size() || number == 0) continue;
    all.push_back({{*host, number, socket == "SSL" ? net::Security::tls : net::Security::starttls},
                   filled_in(text_of(child(node, "username")), addr)});
  }
  return all;
}

const html::Node* find(const html::Node& node, std::string_view tag) {
  if (node.tag == tag) return &node;
  for (const auto& one : node.children)
    if (const auto* found = find(one, tag)) return found;
  return nullptr;
}

//   <oAuth2> <issuer> host <scope> words <authURL> url <tokenURL> url
oauth::Registration oauth_of(const html::Node& document) {
  const auto* node = find(document, "oauth2");
  if (node == nullptr) return {};
  return {.issuer = text_of(child(*node, "issuer")),
          .authorization_endpoint = text_of(child(*node, "authurl")),
          .token_endpoint = text_of(child(*node, "tokenurl")),
          .device_authorization_endpoint = {},
          .scope = text_of(child(*node, "scope")),
          .client_id = {}};
}

}  // namespace

Result<std::vector<ServerPair>> parse_autoconfig(std::string_view xml, std::string_view addr) {
  const auto document = COI_TRY(html::parse(xml, Limits{}));
  const auto* provider = find(document, "emailprovider");
  if (provider == nullptr) return fail(ErrorKind::invalid, "this is no autoconfig file");
  std::vector<ServerPair> pairs;
  const auto outgoing = servers(*provider, "outgoingserver", "smtp", addr);
  for (const auto& incoming : servers(*provider, "incomingserver", "imap", addr))
    if (!outgoing.empty())
      pairs.push_back({.imap = incoming.endpoint,
                       .smtp = outgoing.front().endpoint,
                       .user = incoming.user,
                       .oauth = oauth_of(document)});
  return pairs;
}

}  // namespace coi::engine
