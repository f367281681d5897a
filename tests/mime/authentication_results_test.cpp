#include "mime/authentication_results.h"

#include <gtest/gtest.h>

namespace coi::mime {
namespace {

TEST(AuthenticationResults, DmarcFailDisowns) {
  EXPECT_TRUE(disowns_author("mx.example.org; dmarc=fail"));
  EXPECT_TRUE(
      disowns_author("mx.example.org 1; spf=pass smtp.mailfrom=evil.example;\r\n"
                     "\tDMARC / 1 = Fail (p=none; dis=none) header.from=example.org"));
  EXPECT_TRUE(disowns_author("mx.example.org; (a)dmarc(b)=(c)fail(d)header.from=example.org"));
  EXPECT_TRUE(disowns_author("mx.example.org; dkim=none reason=\"no; signature\"; dmarc=fail reason=\"policy\""));
}

TEST(AuthenticationResults, NothingElseDoes) {
  EXPECT_FALSE(disowns_author(""));
  EXPECT_FALSE(disowns_author("mx.example.org; none"));
  EXPECT_FALSE(disowns_author("dmarc=fail"));  // the server's name stands there
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=pass header.from=example.org"));
  EXPECT_FALSE(disowns_author("mx.example.org; spf=fail; dkim=fail"));
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=none (but (once) dmarc=fail); spf=pass"));
  EXPECT_FALSE(disowns_author("mx.example.org; dkim=pass reason=\"; dmarc=fail\""));
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=failing"));
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=fa(a comment parts words)il"));
  EXPECT_FALSE(disowns_author("mx.example.org; dmarc=fa\"so does a string\"il"));
}

}  // namespace
}  // namespace coi::mime
