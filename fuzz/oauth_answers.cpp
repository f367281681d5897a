// rooms: oauth
// What an OAuth2 server, its metadata page or a browser may bring, and the user's own list of clients: any octets are
// read or refused, what is read keeps the promises of grant.h and registration.h, and no error breaks the line it is
// on.
#include <array>
#include <cstdint>

#include "base/utf8.h"
#include "check.h"
#include "oauth/grant.h"
#include "oauth/registration.h"

namespace {

using namespace coi;
using namespace coi::oauth;

constexpr UnixMs now = 1'795'500'000'000;
const std::string issuer = "https://login.example.org";

void check_error(const Error& error) {
  check(!error.text().empty() && printable(error.text()) == error.text());
  check(error.text().size() < 4096);
}

void answers(const net::HttpResponse& response) {
  if (const auto answer = read_tokens(response, now); !answer) {
    check_error(answer.error());
  } else if (const auto* tokens = std::get_if<Tokens>(&*answer)) {
    check(response.status == 200 && !tokens->access.empty());
    check(tokens->expires_ms == 0 || tokens->expires_ms > now);
  } else {
    const auto& refusal = std::get<Refusal>(*answer);
    check(!refusal.error.empty());
    check_error(to_error(refusal));
    if (const auto interval = next_interval(std::chrono::seconds(5), refusal); interval)
      check(interval->count() >= 5);
    else
      check_error(interval.error());
  }
  if (const auto device = read_device(response); !device) {
    check_error(device.error());
  } else {
    check(!device->code.empty() && !device->user_code.empty() && !device->url.empty());
    check(device->interval.count() >= 1 && device->expires_in.count() >= 1);
  }
}

void metadata(const std::string& text) {
  const auto found = parse_metadata(text, issuer);
  if (!found) return check_error(found.error());
  check(same_issuer(found->issuer, issuer) && found->client_id.empty() && found->scope.empty());
  check(check_endpoint(found->token_endpoint).has_value());
  const auto& page = found->authorization_endpoint;
  if (page.empty()) return;
  const auto asked = begin_authorization(*found, "me@example.org", "http://127.0.0.1:1/", Secret("verifier"), "s");
  check(asked.url.starts_with(page) && asked.url.find("verifier") == page.find("verifier"));
}

void redirect(const std::string& text) {
  const Registration at{.issuer = issuer};
  const Authorization asked{.url = {}, .redirect_uri = {}, .state = "s", .verifier = Secret("verifier")};
  for (const auto& query : {text, "state=s&" + text}) {
    const auto code = read_redirect(query, asked, at);
    if (!code) continue;
    check(query.contains("state=s"));
    if (*code)
      check(!(*code)->empty());
    else
      check_error(code->error());
  }
  if (const auto parts = net::split_url(text)) check(!parts->host.empty() && parts->target.starts_with('/'));
  if (const auto url = net::resolve_url(issuer + "/a/b?c", text)) check(url->contains(':'));
  if (const auto fields = net::decode_form(text)) check(net::decode_form(net::encode_form(*fields)).value() == *fields);
}

void clients(const std::string& text) {
  if (const auto client = find_client(text, "example.org", issuer); !client) check_error(client.error());
  const auto urls = metadata_urls(text);
  if (!urls) return check_error(urls.error());
  const auto host = net::split_url(text.contains("://") ? text : "https://" + text).value().host;
  for (const auto& url : *urls) check(check_endpoint(url).has_value() && net::split_url(url).value().host == host);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  for (const unsigned status : {200U, 400U, 503U}) answers({.status = status, .headers = {}, .body = text});
  metadata(text);
  redirect(text);
  clients(text);
  return 0;
}
