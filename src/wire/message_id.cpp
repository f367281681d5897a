#include "wire/message_id.h"

#include <fmt/format.h>

#include "hash/base64.h"
#include "hash/digest.h"
#include "hash/random.h"
#include "wire/words.h"

namespace coi::wire {

std::string make_message_id(std::string_view domain) {
  return fmt::format("{}{}@{}", chat_id_prefix, hash::random_token(24), domain);
}

std::string message_id_for(std::string_view address, std::string_view token) {
  constexpr std::size_t digits = 48;  // 192 bits
  const auto digest = hash::hex_encode(hash::sha256(fmt::format("{} {}", address, token)));
  return fmt::format("{}{}@{}", chat_id_prefix, std::string_view(digest).substr(0, digits), domain_of(address));
}

std::string local_message_id(std::string_view mail) { return hash::hex_encode(hash::sha256(mail)) + "@local"; }

std::string_view domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

}  // namespace coi::wire
