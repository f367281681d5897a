#include "hash/hmac.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "hash/libcrypto.h"

namespace coi::hash {

std::string hmac_sha256(std::string_view key, std::string_view data) {
  std::string mac(static_cast<std::size_t>(EVP_MD_get_size(EVP_sha256())), '\0');
  if (key.empty()) key = "";  // libcrypto takes a null pointer for "the key of the last call"
  must(HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes(data.data()), data.size(), bytes(mac.data()),
            nullptr) != nullptr);
  return mac;
}

Result<std::string> pbkdf2_hmac_sha256(std::string_view password, std::string_view salt, std::uint32_t iterations,
                                       std::size_t octets) {
  constexpr std::size_t max_octets = 1024;
  if (iterations == 0 || octets == 0) return fail(ErrorKind::invalid, "a key needs iterations and octets");
  if (iterations > max_pbkdf2_iterations || octets > max_octets)
    return fail(ErrorKind::limit, "the key asks for too much work");
  std::string key(octets, '\0');
  must(PKCS5_PBKDF2_HMAC(password.data(), static_cast<int>(password.size()), bytes(salt.data()),
                         static_cast<int>(salt.size()), static_cast<int>(iterations), EVP_sha256(),
                         static_cast<int>(octets), bytes(key.data())) == 1);
  return key;
}

}  // namespace coi::hash
