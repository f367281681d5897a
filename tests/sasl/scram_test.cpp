#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hash/base64.h"
#include "hash/digest.h"
#include "hash/hmac.h"
#include "sasl/sasl.h"

namespace coi::sasl {
namespace {

using testing::HasSubstr;

// RFC 7677 section 3.
constexpr const char* server_first =
    "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096";
constexpr const char* client_final =
    "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=";
constexpr const char* server_final = "v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=";

Exchange scram(std::string nonce = "rOprNGfwEbeRWgbNEkqO", std::string user = "user") {
  return Exchange::begin(Mechanism::scram_sha_256,
                         {.user = std::move(user), .password = Secret("pencil"), .nonce = std::move(nonce)})
      .value();
}

TEST(Scram, FollowsTheExampleOfRfc7677) {
  auto exchange = scram();
  EXPECT_EQ(exchange.initial_response()->reveal(), "n,,n=user,r=rOprNGfwEbeRWgbNEkqO");
  EXPECT_EQ(exchange.respond(server_first).value().reveal(), client_final);
  EXPECT_FALSE(exchange.finish());
  EXPECT_EQ(exchange.respond(server_final).value().reveal(), "");
  EXPECT_TRUE(exchange.finish());
  EXPECT_EQ(exchange.respond(server_final).error().kind(), ErrorKind::protocol) << "that was all";
}

// RFC 5802 section 5.1: the server's side of it, computed here from what the client said.
TEST(Scram, EscapesTheUserInEveryMessage) {
  auto exchange = scram("nonce", "a=b,c");
  EXPECT_EQ(exchange.initial_response()->reveal(), "n,,n=a=3Db=2Cc,r=nonce");
  const std::string first = "r=nonceS,s=c2FsdA==,i=2";
  const std::string final(exchange.respond(first).value().reveal());
  const std::string without_proof = final.substr(0, final.find(",p="));
  EXPECT_EQ(without_proof, "c=biws,r=nonceS");
  const auto salted = hash::pbkdf2_hmac_sha256("pencil", "salt", 2, 32).value();
  const auto auth_message = "n=a=3Db=2Cc,r=nonce," + first + "," + without_proof;
  const auto signature = hash::hmac_sha256(hash::hmac_sha256(salted, "Server Key"), auth_message);
  EXPECT_TRUE(exchange.respond("v=" + hash::base64_encode(signature)));
  EXPECT_TRUE(exchange.finish());
}

TEST(Scram, PassesOverExtensionsAtTheEnd) {
  auto exchange = scram("nonce");
  EXPECT_TRUE(exchange.respond("r=nonceS,s=c2FsdA==,i=2,x=new,y"));
}

TEST(Scram, RefusesAServerThatDoesNotKnowThePassword) {
  for (const auto* final : {"v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G5=", "v=AAAA", "v=", "v=?", "x", "",
                            "x=1,v=6rri", "e=other-error"}) {
    auto exchange = scram();
    ASSERT_TRUE(exchange.respond(server_first));
    const auto answer = exchange.respond(final);
    ASSERT_FALSE(answer) << final;
    EXPECT_EQ(answer.error().kind(), ErrorKind::auth) << final;
    EXPECT_EQ(exchange.finish().error().kind(), ErrorKind::auth);
  }
}

TEST(Scram, AServerThatSkipsItsProofIsRefused) {
  auto at_once = scram();
  EXPECT_EQ(at_once.finish().error().kind(), ErrorKind::auth);
  EXPECT_THAT(at_once.finish().error().hint(), HasSubstr("do not give it the password"));
  auto late = scram();
  ASSERT_TRUE(late.respond(server_first));
  EXPECT_EQ(late.finish().error().kind(), ErrorKind::auth);
}

// An empty signature must not match one that was never computed.
TEST(Scram, NoProofCountsAfterAFailedChallenge) {
  auto exchange = scram();
  ASSERT_FALSE(exchange.respond("nonsense"));
  EXPECT_FALSE(exchange.respond("v="));
  EXPECT_FALSE(exchange.finish());
}

TEST(Scram, SaysWhatTheServerSaysInPrintableWords) {
  auto exchange = scram();
  ASSERT_TRUE(exchange.respond(server_first));
  EXPECT_THAT(exchange.respond("e=bad\x1B[2J\xFF").error().text(), HasSubstr(": bad [2J?"));
}

TEST(Scram, RefusesMessagesThatMakeNoSense) {
  for (const auto* first :
       {"", "x", "r=xyz,s=W22Z,i=4096", "r=abc,s=W22Z,i=4096", "r=ab,s=W22Z,i=4096", "r=abcd,s=,i=1", "r=abcd,s=?,i=1",
        "r=abcd,s=W22Z,i=0", "r=abcd,s=W22Z,i=-1", "r=abcd,s=W22Z,i=4096x", "r=abcd,s=W22Z,i=4294967296",
        "r=abcd,s=W22Z", "s=W22Z,r=abcd,i=4096", "m=ext,r=abcd,s=W22Z,i=4096"}) {
    const auto answer = scram("abc").respond(first);
    ASSERT_FALSE(answer) << first;
    EXPECT_EQ(answer.error().kind(), ErrorKind::protocol) << first;
  }
  EXPECT_EQ(scram("abc").respond("r=abcd,s=W22Z,i=4294967295").error().kind(), ErrorKind::limit);
}

}  // namespace
}  // namespace coi::sasl
