#include "smtp/scram.h"

#include <charconv>
#include <optional>

#include "base/ascii.h"
#include "hash/base64.h"
#include "hash/digest.h"
#include "hash/hmac.h"

namespace coi::smtp {
namespace {

constexpr std::string_view gs2_header = "n,,";  // no channel binding, no other identity to act for

//   attr-val = ALPHA "=" value ; attributes are separated by commas, and those we read stand at fixed places
std::optional<std::string_view> attribute(const std::vector<std::string_view>& attributes, std::size_t place,
                                          char name) {
  if (place >= attributes.size() || attributes[place].size() < 2 || attributes[place][0] != name ||
      attributes[place][1] != '=')
    return std::nullopt;
  return attributes[place].substr(2);
}

std::string exclusive_or(std::string a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

}  // namespace

//   saslname = 1*(value-safe-char / "=2C" / "=3D")
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

Scram::Scram(std::string user, Secret password, std::string nonce)
    : user_(std::move(user)), password_(std::move(password)), nonce_(std::move(nonce)) {}

std::string Scram::client_first_bare() const { return fmt::format("n={},r={}", saslname(user_), nonce_); }

std::string Scram::client_first() const { return std::string(gs2_header) + client_first_bare(); }

//   server-first-message = nonce "," salt "," iteration-count ["," extensions]
//   client-final-message = channel-binding "," nonce "," proof
Result<std::string> Scram::client_final(std::string_view server_first) {
  const auto attributes = ascii_split(server_first, ',');
  const auto nonce = attribute(attributes, 0, 'r');
  const auto salt_text = attribute(attributes, 1, 's');
  const auto iterations_text = attribute(attributes, 2, 'i');
  if (!nonce || !salt_text || !iterations_text)
    return fail(ErrorKind::protocol, "the server's SCRAM challenge cannot be understood");
  if (nonce_.empty() || !nonce->starts_with(nonce_) || nonce->size() == nonce_.size())
    return fail(ErrorKind::protocol, "the server's SCRAM challenge belongs to another login");
  const auto salt = hash::base64_decode(*salt_text);
  std::uint32_t iterations = 0;
  const auto [end, error] =
      std::from_chars(iterations_text->data(), iterations_text->data() + iterations_text->size(), iterations);
  if (!salt || error != std::errc() || end != iterations_text->data() + iterations_text->size())
    return fail(ErrorKind::protocol, "the server's SCRAM challenge cannot be understood");

  const std::string salted = COI_TRY(hash::pbkdf2_hmac_sha256(password_.reveal(), *salt, iterations, 32));
  const std::string client_key = hash::hmac_sha256(salted, "Client Key");
  const std::string without_proof = fmt::format("c={},r={}", hash::base64_encode(gs2_header), *nonce);
  const std::string auth_message = fmt::format("{},{},{}", client_first_bare(), server_first, without_proof);
  const std::string client_signature = hash::hmac_sha256(hash::sha256(client_key), auth_message);
  server_signature_ = hash::hmac_sha256(hash::hmac_sha256(salted, "Server Key"), auth_message);
  return fmt::format("{},p={}", without_proof, hash::base64_encode(exclusive_or(client_key, client_signature)));
}

//   server-final-message = (server-error / verifier) ["," extensions]
Result<> Scram::verify(std::string_view server_final) {
  const auto attributes = ascii_split(server_final, ',');
  if (const auto error = attribute(attributes, 0, 'e'))
    return fail(ErrorKind::auth, fmt::format("the server rejects the login: {}", *error));
  const auto verifier = attribute(attributes, 0, 'v');
  const auto signature = hash::base64_decode(verifier.value_or(""));
  if (server_signature_.empty() || !signature || !hash::equal_constant_time(*signature, server_signature_))
    return fail(ErrorKind::auth, "the server cannot prove that it knows the password");
  verified_ = true;
  return {};
}

}  // namespace coi::smtp
