#include "imap/scram.h"

#include <map>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"
#include "hash/base64.h"
#include "hash/digest.h"
#include "hash/hmac.h"
#include "imap/reader.h"

namespace coi::imap {
namespace {

constexpr std::string_view gs2_header = "n,,";  // no channel binding, no other identity

// saslname: "," and "=" are written "=2C" and "=3D".
std::string escaped(std::string_view user) {
  std::string name;
  for (const char c : user) {
    if (c == ',') {
      name += "=2C";
    } else if (c == '=') {
      name += "=3D";
    } else {
      name += c;
    }
  }
  return name;
}

// attribute = ALPHA "=" value, between commas
std::map<char, std::string_view> attributes(std::string_view message) {
  std::map<char, std::string_view> all;
  for (const auto piece : ascii_split(message, ','))
    if (piece.size() >= 2 && piece[1] == '=') all.emplace(piece[0], piece.substr(2));
  return all;
}

std::string exclusive_or(std::string a, std::string_view b) {
  for (std::size_t i = 0; i < a.size(); ++i) a[i] = static_cast<char>(a[i] ^ b[i]);
  return a;
}

}  // namespace

ScramSha256::ScramSha256(std::string_view user, Secret password, std::string nonce)
    : first_bare_(fmt::format("n={},r={}", escaped(user), nonce)),
      nonce_(std::move(nonce)),
      password_(std::move(password)) {}

std::string ScramSha256::client_first() const { return std::string(gs2_header) + first_bare_; }

Result<std::string> ScramSha256::answer(std::string_view message) {
  if (verified_) return fail(ErrorKind::protocol, "the server goes on after the end of SCRAM");
  return server_signature_.empty() ? client_final(message) : check(message);
}

Result<std::string> ScramSha256::client_final(std::string_view server_first) {
  const auto said = attributes(server_first);
  if (said.contains('m')) return fail(ErrorKind::protocol, "the server wants an unknown SCRAM extension");
  if (!said.contains('r') || !said.contains('s') || !said.contains('i'))
    return fail(ErrorKind::protocol, "the server's SCRAM message is incomplete");
  const auto nonce = said.at('r');
  const auto salt = hash::base64_decode(said.at('s'));
  const auto iterations = number_of(said.at('i'));
  if (nonce.size() <= nonce_.size() || !nonce.starts_with(nonce_) || !salt || salt->empty() || !iterations)
    return fail(ErrorKind::protocol, "the server's SCRAM message makes no sense");

  const Secret salted(COI_TRY(hash::pbkdf2_hmac_sha256(password_.reveal(), *salt, *iterations, 32)));
  const auto without_proof = fmt::format("c={},r={}", hash::base64_encode(gs2_header), nonce);
  const auto auth_message = fmt::format("{},{},{}", first_bare_, server_first, without_proof);
  const Secret client_key(hash::hmac_sha256(salted.reveal(), "Client Key"));
  const auto client_signature = hash::hmac_sha256(hash::sha256(client_key.reveal()), auth_message);
  server_signature_ = hash::hmac_sha256(hash::hmac_sha256(salted.reveal(), "Server Key"), auth_message);
  const auto proof = exclusive_or(std::string(client_key.reveal()), client_signature);
  return fmt::format("{},p={}", without_proof, hash::base64_encode(proof));
}

Result<std::string> ScramSha256::check(std::string_view server_final) {
  const auto said = attributes(server_final);
  if (const auto error = said.find('e'); error != said.end())
    return fail(ErrorKind::auth, fmt::format("the server says: {}", error->second));
  const auto signature = said.contains('v') ? hash::base64_decode(said.at('v')) : std::nullopt;
  if (!signature || !hash::equal_constant_time(*signature, server_signature_))
    return fail(ErrorKind::auth, "the server cannot prove that it knows the password",
                "This may be somebody else's server. Do not give it the password.");
  verified_ = true;
  return std::string();
}

}  // namespace coi::imap
