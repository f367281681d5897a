#include "sasl/scram.h"

#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "hash/base64.h"
#include "hash/digest.h"
#include "hash/hmac.h"

namespace coi::sasl::scram {
namespace {

constexpr std::string_view gs2_header = "n,,";  // no channel binding, no other identity to act for

// attr-val = ALPHA "=" value ; between commas, and those we read stand at fixed places
std::optional<std::string_view> attribute(const std::vector<std::string_view>& attributes, std::size_t place,
                                          char letter) {
  if (place >= attributes.size()) return std::nullopt;
  const auto attribute = attributes[place];
  if (attribute.size() < 2 || attribute[0] != letter || attribute[1] != '=') return std::nullopt;
  return attribute.substr(2);
}

struct ServerFirst {
  std::string_view nonce;
  std::string salt;
  std::uint32_t iterations;
};

// server-first-message = [reserved-mext ","] nonce "," salt "," iteration-count ["," extensions]
Result<ServerFirst> parse_server_first(std::string_view message) {
  const auto attributes = ascii_split(message, ',');
  if (attribute(attributes, 0, 'm'))
    return fail(ErrorKind::protocol, "the server wants a SCRAM extension that is unknown here");
  const auto nonce = attribute(attributes, 0, 'r');
  const auto salt = hash::base64_decode(attribute(attributes, 1, 's').value_or(""));
  const auto iterations = ascii_number(attribute(attributes, 2, 'i').value_or(""));
  if (!nonce || !salt || salt->empty() || !iterations || *iterations == 0)
    return fail(ErrorKind::protocol, "the server's SCRAM challenge cannot be understood");
  return ServerFirst{*nonce, *salt, *iterations};
}

std::string client_first_bare(std::string_view user, std::string_view nonce) {
  return fmt::format("n={},r={}", saslname(user), nonce);
}

std::string exclusive_or(std::string a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

}  // namespace

// saslname = 1*(value-safe-char / "=2C" / "=3D")
std::string saslname(std::string_view user) {
  std::string name;
  for (const char c : user) {
    if (c == ',')
      name += "=2C";
    else if (c == '=')
      name += "=3D";
    else
      name += c;
  }
  return name;
}

std::string client_first(std::string_view user, std::string_view nonce) {
  return std::string(gs2_header) + client_first_bare(user, nonce);
}

// client-final-message = channel-binding "," nonce "," proof
Result<ClientFinal> client_final(std::string_view user, const Secret& password, std::string_view nonce,
                                 std::string_view server_first) {
  const auto server = COI_TRY(parse_server_first(server_first));
  if (!server.nonce.starts_with(nonce) || server.nonce.size() == nonce.size())
    return fail(ErrorKind::protocol, "the server's SCRAM challenge belongs to another login");

  const Secret salted(COI_TRY(hash::pbkdf2_hmac_sha256(password.reveal(), server.salt, server.iterations, 32)));
  const auto without_proof = fmt::format("c={},r={}", hash::base64_encode(gs2_header), server.nonce);
  const auto auth_message = fmt::format("{},{},{}", client_first_bare(user, nonce), server_first, without_proof);
  const Secret client_key(hash::hmac_sha256(salted.reveal(), "Client Key"));
  const auto client_signature = hash::hmac_sha256(hash::sha256(client_key.reveal()), auth_message);
  const Secret server_key(hash::hmac_sha256(salted.reveal(), "Server Key"));
  const auto proof = exclusive_or(std::string(client_key.reveal()), client_signature);
  return ClientFinal{fmt::format("{},p={}", without_proof, hash::base64_encode(proof)),
                     Secret(hash::hmac_sha256(server_key.reveal(), auth_message))};
}

// server-final-message = (server-error / verifier) ["," extensions]
Result<> verify(std::string_view server_final, const Secret& server_signature) {
  const auto attributes = ascii_split(server_final, ',');
  if (const auto error = attribute(attributes, 0, 'e'))
    return fail(ErrorKind::auth, fmt::format("the server rejects the login: {}", printable(*error)),
                "check user name and password");
  const auto signature = hash::base64_decode(attribute(attributes, 0, 'v').value_or(""));
  if (!signature || !hash::equal_constant_time(*signature, server_signature.reveal()))
    return unproved("the server cannot prove that it knows the password");
  return {};
}

std::unexpected<Error> unproved(std::string what) {
  return fail(ErrorKind::auth, std::move(what), "this may be somebody else's server: do not give it the password");
}

}  // namespace coi::sasl::scram
