#include <gtest/gtest.h>

#include <set>

#include "hash/base64.h"
#include "hash/digest.h"
#include "hash/hmac.h"
#include "hash/random.h"

namespace coi::hash {
namespace {

TEST(Sha256, VectorsOfFips180) {
  EXPECT_EQ(hex_encode(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hex_encode(sha256({})), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha3, VectorsOfC42) {
  EXPECT_EQ(hex_encode(sha3_256("john.doe@example.com")),
            "834d1654133366cef4d81e81a7099f413b1b85b9fc9dd62140491303dec56532");
  EXPECT_EQ(hex_encode(sha3_256("john.doe@coi-dev.org")),
            "74b3c446c189580045a942b90b7461128bc334b3b67e9f63c0c06189248c9bb0");
}

TEST(Hmac, VectorsOfRfc4231) {
  EXPECT_EQ(hex_encode(hmac_sha256(std::string(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex_encode(hmac_sha256("Jefe", "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_encode(hmac_sha256(std::string(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hmac, EmptyKeyAndDataAreValid) {
  EXPECT_EQ(hex_encode(hmac_sha256({}, {})), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

TEST(Pbkdf2, VectorsOfRfc7914) {
  EXPECT_EQ(hex_encode(pbkdf2_hmac_sha256("passwd", "salt", 1, 64).value()),
            "55ac046e56e3089fec1691c22544b605f94185216dde0465e68b9d57c20dacbc"
            "49ca9cccf179b645991664b39d77ef317c71b845b1e30bd509112041d3a19783");
}

// The exchange printed in RFC 7677 section 3: proof and server signature from the password "pencil".
TEST(Pbkdf2, ScramExchangeOfRfc7677) {
  const auto salt = base64_decode("W22ZaJ0SNY7soEsUEjb6gQ==").value();
  const std::string auth_message =
      "n=user,r=rOprNGfwEbeRWgbNEkqO,"
      "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
      "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0";
  const auto salted = pbkdf2_hmac_sha256("pencil", salt, 4096, 32).value();
  auto proof = hmac_sha256(salted, "Client Key");
  const auto signature = hmac_sha256(sha256(proof), auth_message);
  for (std::size_t i = 0; i < proof.size(); ++i) proof[i] = static_cast<char>(proof[i] ^ signature[i]);
  EXPECT_EQ(base64_encode(proof), "dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");
  EXPECT_EQ(base64_encode(hmac_sha256(hmac_sha256(salted, "Server Key"), auth_message)),
            "6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
}

TEST(Pbkdf2, RefusesWorkWithoutEndAndWithoutResult) {
  EXPECT_EQ(pbkdf2_hmac_sha256("p", "s", 0, 32).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(pbkdf2_hmac_sha256("p", "s", 1, 0).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(pbkdf2_hmac_sha256("p", "s", max_pbkdf2_iterations + 1, 32).error().kind(), ErrorKind::limit);
  EXPECT_EQ(pbkdf2_hmac_sha256("p", "s", 1, 1025).error().kind(), ErrorKind::limit);
}

TEST(EqualConstantTime, ComparesContentAndLength) {
  EXPECT_TRUE(equal_constant_time("secret", "secret"));
  EXPECT_TRUE(equal_constant_time({}, {}));
  EXPECT_FALSE(equal_constant_time("secret", "secreT"));
  EXPECT_FALSE(equal_constant_time("secret", "secre"));
}

TEST(Random, HasTheLengthAskedForAndNeverRepeats) {
  EXPECT_EQ(random_bytes(0), "");
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const auto octets = random_bytes(32);
    EXPECT_EQ(octets.size(), 32);
    EXPECT_TRUE(seen.insert(octets).second);
  }
}

TEST(Random, TokensUseTheWholeAlphabetAndNothingElse) {
  const auto token = random_token(10'000);
  EXPECT_EQ(token.size(), 10'000);
  EXPECT_EQ(token.find_first_not_of("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-"),
            std::string::npos);
  EXPECT_EQ(std::set<char>(token.begin(), token.end()).size(), 64);
}

}  // namespace
}  // namespace coi::hash
