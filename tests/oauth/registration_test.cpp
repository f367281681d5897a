#include "oauth/registration.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "json/codec.h"

namespace coi::oauth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr auto list = R"({"clients": [
  {"domains": ["example.org", "example.net"], "issuer": "https://one.example", "client_id": "1", "client_secret": "x"},
  {"issuer": "https://two.example/", "client_id": "2", "scope": "mail"},
  {"domains": ["example.com"], "client_id": "3", "token_endpoint": "https://three.example/token"}]})";

TEST(Endpoint, NeedsTlsBeyondThisMachine) {
  for (const auto* url :
       {"https://login.example.org/token", "http://127.0.0.1:81/token", "http://[::1]/", "http://localhost/"})
    EXPECT_TRUE(check_endpoint(url)) << url;
  for (const auto* url :
       {"http://login.example.org/token", "http://127.example.org/", "ftp://127.0.0.1/", "http://localhost.example/"})
    EXPECT_EQ(check_endpoint(url).error().kind(), ErrorKind::not_allowed) << url;
  EXPECT_EQ(check_endpoint("token").error().kind(), ErrorKind::invalid);
}

TEST(Metadata, LiesWhereTheRfcSays) {  // RFC 8414 3.1, OpenID Connect Discovery 4
  EXPECT_THAT(metadata_urls("https://example.org/tenant/7").value(),
              ElementsAre("https://example.org/.well-known/oauth-authorization-server/tenant/7",
                          "https://example.org/tenant/7/.well-known/openid-configuration"));
  EXPECT_THAT(metadata_urls("example.org").value(),
              ElementsAre("https://example.org/.well-known/oauth-authorization-server",
                          "https://example.org/.well-known/openid-configuration"));
  EXPECT_EQ(metadata_urls("http://example.org").error().kind(), ErrorKind::not_allowed);
  EXPECT_EQ(metadata_urls("https://example.org/?x").error().kind(), ErrorKind::invalid);
}

TEST(Metadata, GivesTheEndpoints) {
  const auto at = parse_metadata(R"({"issuer":"https://example.org","authorization_endpoint":"https://example.org/a",
    "token_endpoint":"https://example.org/t","device_authorization_endpoint":"https://example.org/d",
    "scopes_supported":["mail"],"client_id":"not ours"})",
                                 "https://example.org/")
                      .value();
  EXPECT_EQ(at.authorization_endpoint, "https://example.org/a");
  EXPECT_EQ(at.token_endpoint, "https://example.org/t");
  EXPECT_EQ(at.device_authorization_endpoint, "https://example.org/d");
  EXPECT_EQ(at.client_id, "");
}

TEST(Metadata, OfAnotherIssuerOrWithoutTlsIsRefused) {
  const auto kind = [](std::string text) { return parse_metadata(text, "https://example.org").error().kind(); };
  EXPECT_EQ(kind(R"({"issuer":"https://evil.example","token_endpoint":"https://evil.example/t"})"),
            ErrorKind::protocol);
  EXPECT_EQ(kind(R"({"issuer":"https://example.org","token_endpoint":"http://example.org/t"})"),
            ErrorKind::not_allowed);
  EXPECT_EQ(kind(R"({"issuer":"https://example.org","token_endpoint":"https://example.org/t",
    "authorization_endpoint":"http://example.org/a"})"),
            ErrorKind::not_allowed);
  EXPECT_EQ(kind(R"({"issuer":"https://example.org"})"), ErrorKind::protocol);
  EXPECT_EQ(kind("no"), ErrorKind::protocol);
}

TEST(Clients, AreFoundByDomainOrIssuer) {
  EXPECT_EQ(find_client(list, "EXAMPLE.net", "").value().client_id, "1");
  EXPECT_EQ(find_client(list, "example.net", "").value().client_secret, Secret("x"));
  EXPECT_EQ(find_client(list, "elsewhere.example", "two.example").value().client_id, "2");
  EXPECT_EQ(find_client(list, "example.com", "").value().token_endpoint, "https://three.example/token");
  EXPECT_EQ(find_client(list, "elsewhere.example", "").value().client_id, "");
  EXPECT_EQ(find_client(list, "example.org", "https://two.example").value().client_id, "2")
      << "who names an issuer means it";
}

TEST(Clients, InADamagedListAreAnError) {
  EXPECT_EQ(find_client("{", "example.org", "").error().kind(), ErrorKind::invalid);
  EXPECT_THAT(find_client(R"({"clients":[{"client_id":1}]})", "example.org", "").error().text(),
              HasSubstr("client_id"));
}

TEST(Merge, KeepsASecretWithItsClient) {
  const Registration known{.issuer = "i",
                           .authorization_endpoint = {},
                           .token_endpoint = "t",
                           .device_authorization_endpoint = {},
                           .scope = "s",
                           .client_id = "1",
                           .client_secret = Secret("x")};
  EXPECT_EQ(merge({}, known), known);
  auto own = merge({.issuer = {},
                    .authorization_endpoint = {},
                    .token_endpoint = "mine",
                    .device_authorization_endpoint = {},
                    .scope = {},
                    .client_id = "2"},
                   known);
  EXPECT_EQ(own.token_endpoint, "mine");
  EXPECT_EQ(own.scope, "s");
  EXPECT_TRUE(own.client_secret.empty());
}

TEST(Registration, NeverWritesItsSecret) {
  EXPECT_THAT(json::encode(Registration{.issuer = {},
                                        .authorization_endpoint = {},
                                        .token_endpoint = {},
                                        .device_authorization_endpoint = {},
                                        .scope = {},
                                        .client_id = "1",
                                        .client_secret = Secret("hush")}),
              testing::Not(HasSubstr("hush")));
}

}  // namespace
}  // namespace coi::oauth
