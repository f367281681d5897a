#include "engine/oauth_login.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/discover.h"

namespace coi::engine {
namespace {

using testing::HasSubstr;

constexpr auto autoconfig = R"(<?xml version="1.0"?>
<clientConfig version="1.1">
  <emailProvider id="example.org">
    <incomingServer type="imap"><hostname>imap.example.org</hostname><port>993</port><socketType>SSL</socketType>
      <username>%EMAILADDRESS%</username><authentication>OAuth2</authentication></incomingServer>
    <outgoingServer type="smtp"><hostname>smtp.example.org</hostname><port>465</port><socketType>SSL</socketType>
      </outgoingServer>
  </emailProvider>
  <oAuth2>
    <issuer>login.example.org</issuer>
    <scope>https://mail.example.org/ offline_access</scope>
    <authURL>https://login.example.org/auth</authURL>
    <tokenURL>https://login.example.org/token</tokenURL>
  </oAuth2>
</clientConfig>)";

oauth::Registration hint() { return parse_autoconfig(autoconfig, "me@example.org").value().front().oauth; }

class FindRegistration : public testing::Test {
 protected:
  FindRegistration() { std::filesystem::create_directory(folder_); }
  ~FindRegistration() override { std::filesystem::remove_all(folder_); }

  // Nothing here asks the network: what is known is complete.
  Result<oauth::Registration> find(const OAuthRequest& request, const oauth::Registration& known) {
    return find_registration(request, "me@example.org", known, list_, {.stream = {.tls = net::Tls::load("").value()}});
  }
  void write_list(std::string_view text) { std::ofstream(list_) << text; }

  const std::filesystem::path folder_ =
      std::filesystem::temp_directory_path() / ("coi-clients-" + std::to_string(::getpid()));
  const std::filesystem::path list_ = folder_ / "oauth.json";
};

TEST(Autoconfig, SaysWhereToLogIn) {
  const auto at = hint();
  EXPECT_EQ(at.issuer, "login.example.org");
  EXPECT_EQ(at.scope, "https://mail.example.org/ offline_access");
  EXPECT_EQ(at.authorization_endpoint, "https://login.example.org/auth");
  EXPECT_EQ(at.token_endpoint, "https://login.example.org/token");
  EXPECT_EQ(at.client_id, "");
}

TEST_F(FindRegistration, CompletesTheDomainsWordsWithTheUsersClient) {
  write_list(R"({"clients":[{"issuer":"https://login.example.org","client_id":"mine","client_secret":"x"}]})");
  const auto at = find({}, hint()).value();
  EXPECT_EQ(at.client_id, "mine");
  EXPECT_EQ(at.client_secret, Secret("x"));
  EXPECT_EQ(at.token_endpoint, "https://login.example.org/token");
}

TEST_F(FindRegistration, TakesTheRequestBeforeTheListAndTheListBeforeTheDomain) {
  write_list(R"({"clients":[{"domains":["example.org"],"client_id":"listed","scope":"listed",
                 "issuer":"https://login.example.org"}]})");
  EXPECT_EQ(find({}, hint()).value().scope, "listed");
  OAuthRequest request;
  request.at.client_id = "asked";
  request.at.scope = "asked";
  const auto at = find(request, hint()).value();
  EXPECT_EQ(at.client_id, "asked");
  EXPECT_EQ(at.scope, "asked");
}

TEST_F(FindRegistration, DoesNotMixProviders) {
  write_list(R"({"clients":[{"domains":["example.org"],"client_id":"1","issuer":"https://other.example",
                 "authorization_endpoint":"https://other.example/a","token_endpoint":"https://other.example/t"}]})");
  auto other = hint();
  other.device_authorization_endpoint = "https://login.example.org/device";
  OAuthRequest request;
  request.at.issuer = "https://other.example";
  const auto at = find(request, other).value();
  EXPECT_EQ(at.token_endpoint, "https://other.example/t");
  EXPECT_EQ(at.device_authorization_endpoint, "");
  EXPECT_EQ(at.scope, "");
}

TEST_F(FindRegistration, SaysWhatIsMissing) {
  EXPECT_THAT(find({}, {}).error().hint(), HasSubstr("--oauth-issuer"));
  const auto no_client = find({}, hint());
  EXPECT_EQ(no_client.error().kind(), ErrorKind::invalid);
  EXPECT_THAT(no_client.error().hint(), HasSubstr("--client-id"));
}

TEST_F(FindRegistration, TellsOfADamagedList) {
  write_list("{");
  const auto failed = find({}, hint());
  EXPECT_EQ(failed.error().kind(), ErrorKind::invalid);
  EXPECT_THAT(failed.error().text(), HasSubstr("oauth.json"));
}

}  // namespace
}  // namespace coi::engine
