#include "hash/digest.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include "hash/libcrypto.h"

namespace coi::hash {
namespace {

std::string digest(const EVP_MD* algorithm, std::string_view data) {
  std::string out(static_cast<std::size_t>(EVP_MD_get_size(algorithm)), '\0');
  must(EVP_Digest(data.data(), data.size(), bytes(out.data()), nullptr, algorithm, nullptr) == 1);
  return out;
}

}  // namespace

std::string sha256(std::string_view octets) { return digest(EVP_sha256(), octets); }

std::string sha3_256(std::string_view octets) { return digest(EVP_sha3_256(), octets); }

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace coi::hash
