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

std::string local_message_id(std::string_view mail) { return hash::hex_encode(hash::sha256(mail)) + "@local"; }

std::string_view domain_of(std::string_view address) {
  const auto at = address.rfind('@');
  return at == std::string_view::npos ? std::string_view{} : address.substr(at + 1);
}

}  // namespace coi::wire
