#include "oauth/grant.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coi::oauth {
namespace {

using std::chrono::seconds;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::Pair;
using testing::StartsWith;

Registration example() {
  return {.issuer = "https://login.example.org",
          .authorization_endpoint = "https://login.example.org/authorize",
          .token_endpoint = "https://login.example.org/token",
          .device_authorization_endpoint = "https://login.example.org/device",
          .scope = "mail offline_access",
          .client_id = "a client"};
}

Authorization asked() {
  return begin_authorization(example(), "me+x@example.org", "http://127.0.0.1:4321/", Secret("verifier"), "s-t");
}

std::variant<Tokens, Refusal> tokens_of(unsigned status, std::string body) {
  auto answer = read_tokens({.status = status, .headers = {}, .body = std::move(body)}, 1'000'000);
  EXPECT_TRUE(answer) << answer.error().text();
  return answer ? *answer : std::variant<Tokens, Refusal>{};
}

ErrorKind failure_of(unsigned status, std::string body) {
  const auto answer = read_tokens({.status = status, .headers = {}, .body = std::move(body)}, 0);
  EXPECT_FALSE(answer);
  if (!answer) {
    EXPECT_THAT(answer.error().text(), Not(HasSubstr("s3cret")));
  }
  return answer ? ErrorKind::internal : answer.error().kind();
}

TEST(Pkce, HashesTheVerifierAsTheRfcDoes) {  // RFC 7636, appendix B
  EXPECT_EQ(code_challenge(Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(Authorization, SaysWhatTheServerHasToKnowAndKeepsTheVerifier) {
  const auto request = asked();
  EXPECT_THAT(request.url, StartsWith("https://login.example.org/authorize?"));
  const auto fields = net::decode_form(request.url.substr(request.url.find('?') + 1)).value();
  EXPECT_THAT(fields,
              testing::UnorderedElementsAre(Pair("response_type", "code"), Pair("client_id", "a client"),
                                            Pair("redirect_uri", "http://127.0.0.1:4321/"), Pair("state", "s-t"),
                                            Pair("code_challenge", code_challenge(Secret("verifier"))),
                                            Pair("code_challenge_method", "S256"), Pair("scope", "mail offline_access"),
                                            Pair("login_hint", "me+x@example.org")));
  EXPECT_THAT(request.url, Not(HasSubstr("verifier")));
}

TEST(Authorization, KeepsTheQueryOfAnEndpoint) {
  auto at = example();
  at.authorization_endpoint += "?tenant=7";
  EXPECT_THAT(begin_authorization(at, "", "http://127.0.0.1:1/", Secret("v"), "s").url,
              AllOf(StartsWith("https://login.example.org/authorize?tenant=7&"), Not(HasSubstr("login_hint"))));
}

TEST(Redirect, GivesTheCodeToWhoAskedForIt) {
  EXPECT_EQ(read_redirect("code=c%2Fd&state=s-t&iss=https%3A%2F%2Flogin.example.org", asked(), example())->value(),
            Secret("c/d"));
  EXPECT_FALSE(read_redirect("code=c&state=other", asked(), example())) << "somebody else's answer";
  EXPECT_FALSE(read_redirect("code=c", asked(), example())) << "no state at all";
  EXPECT_FALSE(read_redirect("", asked(), example()));
}

TEST(Redirect, BelievesTheRightServerAlone) {  // RFC 9207
  const auto code = read_redirect("code=c&state=s-t&iss=https%3A%2F%2Fevil.example", asked(), example());
  ASSERT_TRUE(code);
  EXPECT_EQ(code->error().kind(), ErrorKind::auth);
}

TEST(Redirect, TellsTheRefusalInWords) {
  const auto denied = read_redirect("error=access_denied&state=s-t", asked(), example());
  EXPECT_EQ(denied.value().error().kind(), ErrorKind::auth);
  EXPECT_THAT(denied->error().text(), HasSubstr("denied"));
  const auto scope = read_redirect("error=invalid_scope&error_description=no+mail&state=s-t", asked(), example());
  EXPECT_THAT(scope.value().error().text(), AllOf(HasSubstr("invalid_scope"), HasSubstr("no mail")));
  EXPECT_EQ(read_redirect("state=s-t", asked(), example()).value().error().kind(), ErrorKind::protocol);
}

TEST(Redirect, BreaksNoLineWithForeignOctets) {
  const auto refused = read_redirect("error=%1B%5B31m%FF&error_description=a%0D%0Ab&state=s-t", asked(), example());
  EXPECT_EQ(refused.value().error().text(), "the login server said  [31m? (a  b)");
  const auto other = read_redirect("code=c&state=s-t&iss=%FF" + std::string(9000, 'x'), asked(), example());
  EXPECT_THAT(other.value().error().text(), StartsWith("the login was answered by ?xxx"));
  EXPECT_LT(other.value().error().text().size(), 400U);
}

TEST(Forms, ProveWhoAsks) {
  auto at = example();
  EXPECT_THAT(code_form(at, asked(), Secret("c")),
              testing::UnorderedElementsAre(Pair("grant_type", "authorization_code"), Pair("code", "c"),
                                            Pair("redirect_uri", "http://127.0.0.1:4321/"),
                                            Pair("code_verifier", "verifier"), Pair("client_id", "a client")));
  at.client_secret = Secret("hush");
  EXPECT_THAT(refresh_form(at, Secret("r")),
              testing::UnorderedElementsAre(Pair("grant_type", "refresh_token"), Pair("refresh_token", "r"),
                                            Pair("client_id", "a client"), Pair("client_secret", "hush")));
}

TEST(TokenAnswer, KnowsItsEnd) {
  const auto tokens = std::get<Tokens>(
      tokens_of(200, R"({"access_token":"a","token_type":"Bearer","expires_in":60,"refresh_token":"r","more":[1]})"));
  EXPECT_EQ(tokens.access, Secret("a"));
  EXPECT_EQ(tokens.refresh, Secret("r"));
  EXPECT_EQ(tokens.expires_ms, 1'060'000);
  const auto open = std::get<Tokens>(tokens_of(200, R"({"access_token":"a","token_type":"bearer"})"));
  EXPECT_EQ(open.expires_ms, 0);
  EXPECT_TRUE(open.refresh.empty());
}

TEST(TokenAnswer, IsRefusedWithTheServersWords) {
  const auto refusal =
      std::get<Refusal>(tokens_of(400, R"({"error":"invalid_grant","error_description":"token was revoked"})"));
  EXPECT_EQ(refusal.error, "invalid_grant");
  EXPECT_EQ(to_error(refusal).kind(), ErrorKind::auth);
  EXPECT_THAT(to_error(refusal).text(), AllOf(HasSubstr("invalid_grant"), HasSubstr("token was revoked")));
}

TEST(TokenAnswer, IsNotBelievedWhenItIsNone) {
  EXPECT_EQ(failure_of(200, "<html>s3cret"), ErrorKind::protocol);
  EXPECT_EQ(failure_of(200, R"(["s3cret"])"), ErrorKind::protocol);
  EXPECT_EQ(failure_of(200, R"({"access_token":5,"token_type":"s3cret"})"), ErrorKind::protocol);
  EXPECT_EQ(failure_of(200, R"({"access_token":"s3cret","token_type":"mac"})"), ErrorKind::protocol);
  EXPECT_EQ(failure_of(200, R"({"token_type":"bearer"})"), ErrorKind::protocol);
  EXPECT_EQ(failure_of(503, R"({"error":"invalid_grant"})"), ErrorKind::network) << "out of order is no refusal";
  EXPECT_EQ(failure_of(429, ""), ErrorKind::network);
}

TEST(DeviceAnswer, KnowsPageAndCode) {
  const auto device = read_device({.status = 200, .headers = {}, .body = R"({"device_code":"d","user_code":"WDJB-MJHT",
    "verification_uri":"https://example.org/device","expires_in":1800,"interval":7})"})
                          .value();
  EXPECT_EQ(device.user_code, "WDJB-MJHT");
  EXPECT_EQ(device.url, "https://example.org/device");
  EXPECT_EQ(device.expires_in, seconds(1800));
  EXPECT_EQ(device.interval, seconds(7));
}

TEST(DeviceAnswer, FallsBackToFiveSecondsAndNeverAsksWithoutPause) {
  const auto interval = [](std::string more) {
    return read_device({.status = 200,
                        .headers = {},
                        .body = R"({"device_code":"d","user_code":"u",
      "verification_uri":"https://example.org","expires_in":60)" +
                                more + "}"})
        .value()
        .interval;
  };
  EXPECT_EQ(interval(""), seconds(5));
  EXPECT_EQ(interval(R"(,"interval":0)"), seconds(1));
  EXPECT_EQ(interval(R"(,"interval":-9)"), seconds(1));
}

TEST(DeviceAnswer, IsRefused) {
  const auto refused =
      read_device({.status = 401, .headers = {}, .body = R"({"error":"invalid_client","error_description":"who?"})"});
  EXPECT_EQ(refused.error().kind(), ErrorKind::auth);
  EXPECT_THAT(refused.error().text(), HasSubstr("who?"));
  EXPECT_EQ(read_device({.status = 200, .headers = {}, .body = R"({"device_code":"d"})"}).error().kind(),
            ErrorKind::protocol);
}

TEST(DeviceWait, GoesOnSlowsDownAndEnds) {  // RFC 8628 3.5
  EXPECT_EQ(next_interval(seconds(5), {"authorization_pending", {}}).value(), seconds(5));
  EXPECT_EQ(next_interval(seconds(5), {"slow_down", {}}).value(), seconds(10));
  EXPECT_EQ(next_interval(seconds(5), {"access_denied", {}}).error().kind(), ErrorKind::auth);
  EXPECT_THAT(next_interval(seconds(5), {"expired_token", {}}).error().text(), HasSubstr("in time"));
}

}  // namespace
}  // namespace coi::oauth
