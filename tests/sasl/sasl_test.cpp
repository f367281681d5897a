#include "sasl/sasl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coi::sasl {
namespace {

using namespace std::string_view_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Credentials with_password() { return {.user = "joe", .password = Secret("sesame"), .nonce = "rOprNGfwEbeRWgbNEkqO"}; }
Credentials with_token() {
  return {.user = "joe@example.org", .token = Secret("t0ken"), .host = "imap.example.org", .port = 993};
}
Exchange begun(Mechanism mechanism, Credentials credentials) {
  return Exchange::begin(mechanism, std::move(credentials)).value();
}
// What the client answers, or the kind of its error.
std::string said(const Result<Secret>& answer) {
  return answer ? std::string(answer->reveal()) : fmt::format("error {}", name(answer.error().kind()));
}

TEST(Mechanisms, BestFirst) {
  const std::vector<std::string> all{"LOGIN", "XOAUTH2", "PLAIN", "GSSAPI", "OAUTHBEARER", "SCRAM-SHA-256"};
  EXPECT_THAT(usable_mechanisms(all, with_password()).value(),
              ElementsAre(Mechanism::scram_sha_256, Mechanism::plain, Mechanism::login));
  EXPECT_THAT(usable_mechanisms(all, with_token()).value(), ElementsAre(Mechanism::oauthbearer, Mechanism::xoauth2));
}

TEST(Mechanisms, SaysWhatTheServerWantsInstead) {
  const auto error = [](const std::vector<std::string>& offered, const Credentials& credentials) {
    return usable_mechanisms(offered, credentials).error();
  };
  EXPECT_EQ(error({"XOAUTH2"}, with_password()).kind(), ErrorKind::needs_oauth);
  EXPECT_EQ(error({"GSSAPI", "OAUTHBEARER"}, with_password()).kind(), ErrorKind::needs_oauth);
  EXPECT_EQ(error({"PLAIN"}, with_token()).kind(), ErrorKind::auth);
  EXPECT_EQ(error({}, with_password()).kind(), ErrorKind::not_allowed);
  EXPECT_EQ(error({"GSSAPI", "CRAM-MD5"}, with_token()).kind(), ErrorKind::not_allowed);
  EXPECT_THAT(error({"GSSAPI", "CRAM-MD5"}, with_password()).text(), HasSubstr("GSSAPI, CRAM-MD5"));
}

TEST(Mechanisms, TellsWhichAreForTokens) {
  EXPECT_TRUE(is_for_token("OAUTHBEARER"));
  EXPECT_TRUE(is_for_token("XOAUTH2"));
  for (const auto* other : {"PLAIN", "LOGIN", "SCRAM-SHA-256", "GSSAPI", "XOAUTH", ""})
    EXPECT_FALSE(is_for_token(other)) << other;
}

TEST(Exchange, Plain) {
  auto exchange = begun(Mechanism::plain, with_password());
  EXPECT_EQ(exchange.initial_response()->reveal(), "\0joe\0sesame"sv);
  EXPECT_TRUE(exchange.finish());
  EXPECT_EQ(said(exchange.respond("more?")), "error protocol");
}

TEST(Exchange, Login) {
  auto exchange = begun(Mechanism::login, with_password());
  EXPECT_FALSE(exchange.initial_response()) << "the server speaks first";
  EXPECT_EQ(said(exchange.respond("Username:")), "joe");
  EXPECT_EQ(said(exchange.respond("whatever")), "sesame");
  EXPECT_TRUE(exchange.finish());
  EXPECT_EQ(said(exchange.respond("Password:")), "error protocol");
}

TEST(Exchange, Oauthbearer) {
  auto exchange = begun(Mechanism::oauthbearer, with_token());
  EXPECT_EQ(exchange.initial_response()->reveal(),
            "n,a=joe@example.org,\x01host=imap.example.org\x01port=993\x01"
            "auth=Bearer t0ken\x01\x01");
  EXPECT_EQ(said(exchange.respond(R"({"status":"invalid_token"})")), "\x01");
  EXPECT_EQ(said(exchange.respond("{}")), "error protocol");

  auto odd = with_token();
  odd.user = "a=b,c";
  odd.host.clear();
  odd.port = 0;
  EXPECT_EQ(begun(Mechanism::oauthbearer, odd).initial_response()->reveal(),
            "n,a=a=3Db=2Cc,\x01"
            "auth=Bearer t0ken\x01\x01");
}

TEST(Exchange, Xoauth2) {
  auto exchange = begun(Mechanism::xoauth2, with_token());
  EXPECT_EQ(exchange.initial_response()->reveal(),
            "user=joe@example.org\x01"
            "auth=Bearer t0ken\x01\x01");
  EXPECT_TRUE(exchange.finish());
  EXPECT_EQ(said(exchange.respond("{}")), "");
  EXPECT_EQ(said(exchange.respond("{}")), "error protocol");
}

TEST(Exchange, RefusesWhatWouldBecomeAnotherField) {
  const auto kind = [](Mechanism mechanism, const Credentials& credentials) {
    return Exchange::begin(mechanism, credentials).error().kind();
  };
  auto user = with_password();
  user.user = std::string("joe\0admin", 9);
  EXPECT_EQ(kind(Mechanism::plain, user), ErrorKind::invalid);
  auto password = with_password();
  password.password = Secret(std::string("a\0b", 3));
  EXPECT_EQ(kind(Mechanism::plain, password), ErrorKind::invalid);
  auto token = with_token();
  token.token = Secret("t\x01host=evil");
  EXPECT_EQ(kind(Mechanism::xoauth2, token), ErrorKind::invalid);
  auto field = with_token();
  field.user = "joe\x01host=evil";
  EXPECT_EQ(kind(Mechanism::oauthbearer, field), ErrorKind::invalid);
  auto nonce = with_password();
  nonce.nonce.clear();
  EXPECT_EQ(kind(Mechanism::scram_sha_256, nonce), ErrorKind::internal);
  EXPECT_TRUE(Exchange::begin(Mechanism::plain, nonce)) << "only SCRAM needs one";
}

}  // namespace
}  // namespace coi::sasl
