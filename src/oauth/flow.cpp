#include "oauth/flow.h"

#include <algorithm>

#include "hash/random.h"
#include "net/loopback_listener.h"

namespace coi::oauth {
namespace {

using std::chrono::seconds;
using std::chrono::steady_clock;

constexpr std::chrono::minutes patience{10};
constexpr std::size_t secret_length = 43;  // 258 bits
constexpr std::string_view page =
    "<!DOCTYPE html><html lang=\"en\"><title>COI</title><p>The answer has arrived. You can close this page and go back "
    "to the messenger.</html>";

net::Deadline within_a_second(net::Deadline end) { return std::min(end, net::after(seconds(1))); }

std::unexpected<Error> nobody_waits() { return fail(ErrorKind::cancelled, "the login was given up"); }

Result<std::variant<Tokens, Refusal>> ask(const Registration& at, const net::FormFields& form,
                                          const net::HttpOptions& http, UnixMs now) {
  COI_TRY(check_endpoint(at.token_endpoint));
  return read_tokens(COI_TRY(net::http_post_form(at.token_endpoint, form, http)), now);
}

Result<Tokens> granted(std::variant<Tokens, Refusal> answer) {
  if (const auto* refusal = std::get_if<Refusal>(&answer)) return std::unexpected(to_error(*refusal));
  return std::get<Tokens>(std::move(answer));
}

Result<> sleep(seconds time, const Conversation& with) {
  const auto end = net::after(time);
  while (steady_clock::now() < end) {
    if (!with.wanted()) return nobody_waits();
    COI_TRY(with.http.stream.waker.sleep_until(within_a_second(end)));
  }
  return {};
}

}  // namespace

Result<Tokens> log_in_by_browser(const Registration& at, std::string_view login_hint, const Conversation& with) {
  if (at.authorization_endpoint.empty())
    return fail(ErrorKind::invalid, "the provider has no page to log in on", "try it with --device");
  COI_TRY(check_endpoint(at.authorization_endpoint));
  auto listener = COI_TRY(net::LoopbackListener::open());
  const auto asked = begin_authorization(at, login_hint, listener.url(), Secret(hash::random_token(secret_length)),
                                         hash::random_token(secret_length));
  with.show({.url = asked.url, .code = {}});
  const auto end = net::after(patience);
  while (with.wanted()) {
    const auto query = listener.wait_for_query(page, within_a_second(end), with.http.stream.waker);
    if (!query && (query.error().kind() != ErrorKind::network || steady_clock::now() >= end))
      return std::unexpected(query.error());
    const auto code = query ? read_redirect(*query, asked, at) : std::nullopt;
    if (!code) continue;
    with.answered();
    return granted(COI_TRY(ask(at, code_form(at, asked, COI_TRY(*code)), with.http, with.clock())));
  }
  return nobody_waits();
}

Result<Tokens> log_in_by_device(const Registration& at, const Conversation& with) {
  if (at.device_authorization_endpoint.empty())
    return fail(ErrorKind::invalid, "the provider offers no login by another device", "try it without --device");
  COI_TRY(check_endpoint(at.device_authorization_endpoint));
  const auto device =
      COI_TRY(read_device(COI_TRY(net::http_post_form(at.device_authorization_endpoint, device_form(at), with.http))));
  with.show({.url = device.url, .code = device.user_code});
  const auto end = net::after(device.expires_in);
  auto interval = device.interval;
  while (steady_clock::now() < end) {
    COI_TRY(sleep(interval, with));
    auto answer = ask(at, device_token_form(at, device), with.http, with.clock());
    if (!answer) {
      if (answer.error().kind() != ErrorKind::network) return std::unexpected(answer.error());
      interval *= 2;  // RFC 8628 3.5: a server that does not answer is asked less often
    } else if (const auto* refusal = std::get_if<Refusal>(&*answer)) {
      interval = COI_TRY(next_interval(interval, *refusal));
    } else {
      with.answered();
      return std::get<Tokens>(std::move(*answer));
    }
  }
  return std::unexpected(to_error({"expired_token", {}}));
}

Result<Tokens> refresh(const Registration& at, const Secret& token, const net::HttpOptions& http, UnixMs now) {
  return granted(COI_TRY(ask(at, refresh_form(at, token), http, now)));
}

}  // namespace coi::oauth
