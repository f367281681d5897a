#include "hash/random.h"

#include <openssl/rand.h>

#include "hash/libcrypto.h"

namespace coi::hash {

std::string random_bytes(std::size_t octets) {
  std::string out(octets, '\0');
  must(RAND_bytes_ex(nullptr, bytes(out.data()), octets, 0) == 1);
  return out;
}

std::string random_token(std::size_t characters) {
  constexpr std::string_view alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-";
  static_assert(alphabet.size() == 64);  // six bits choose one, without bias
  auto token = random_bytes(characters);
  for (char& c : token) c = alphabet[static_cast<unsigned char>(c) & 63];
  return token;
}

}  // namespace coi::hash
