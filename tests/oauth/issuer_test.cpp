// What an issuer's name may hold, and how little of it an error repeats.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "oauth/registration.h"

namespace coi::oauth {
namespace {

using testing::ElementsAre;

TEST(Issuer, IsAskedAtItsOwnHostWhateverItsPathHolds) {
  EXPECT_THAT(metadata_urls("https://example.org:81/müller").value(),
              ElementsAre("https://example.org:81/.well-known/oauth-authorization-server/müller",
                          "https://example.org:81/müller/.well-known/openid-configuration"));
}

TEST(Issuer, HasNoQueryAndNoFragment) {  // RFC 8414 2
  for (const auto* no_issuer : {"https://example.org/?x", "https://example.org?x", "https://example.org/#x"})
    EXPECT_EQ(metadata_urls(no_issuer).error().kind(), ErrorKind::invalid) << no_issuer;
}

TEST(Issuer, BreaksNoLineWithForeignOctets) {
  const auto text = [](std::string issuer) {
    return parse_metadata(R"({"token_endpoint":"https://example.org/t","issuer":")" + issuer + "\"}", "example.org")
        .error()
        .text();
  };
  EXPECT_THAT(text("https://evil.example\\n\\u001b[31m"), testing::EndsWith("belongs to https://evil.example  [31m"));
  EXPECT_LT(text("https://evil.example/" + std::string(9000, 'x')).size(), 400U);
}

}  // namespace
}  // namespace coi::oauth
