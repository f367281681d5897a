// Mails as the common programs write them, from the bytes to what a person reads.
#include <gtest/gtest.h>

#include "mime/address.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "samples.h"

namespace coi::mime {
namespace {

TEST(Sample, OutlookReply) {
  const auto mail = parsed(sample("plain/outlook_reply.eml"));
  EXPECT_EQ(decode_words(*mail.header("Subject")), "AW: Treffen nächste Woche");
  EXPECT_EQ(parse_addresses(*mail.header("From")),
            (std::vector<Address>{{"Weber, Petra", "Petra.Weber@firma.example"}}));
  EXPECT_NE(mail.children.at(1).body.find("Mittwoch passt für mich."), std::string::npos);
}

TEST(Sample, GmailReply) {
  const auto mail = parsed(sample("plain/gmail_reply.eml"));
  EXPECT_EQ(parse_addresses(*mail.header("From")).at(0).name, "José Núñez");
}

TEST(Sample, AppleMailWithAPhoto) {
  const auto mail = parsed(sample("plain/apple_mail_photo.eml"));
  const auto& photo = mail.children.at(1).children.at(1);
  EXPECT_EQ(photo.type, "image/jpeg");
  EXPECT_EQ(photo.filename, "IMG_0042.jpeg");
  EXPECT_EQ(photo.content_id, "6F0A@icloud.example");
  EXPECT_TRUE(photo.body.starts_with("\xFF\xD8"));
}

TEST(Sample, EverySampleHasADateAndASender) {
  for (const auto& folder : {"delta", "delta/decrypted", "plain", "bounce"}) {
    for (const auto& name : samples_in(folder)) {
      const auto mail = parsed(sample(name));
      const auto* date = mail.header("Date");
      const auto* from = mail.header("From");
      ASSERT_TRUE(date && from) << name;
      EXPECT_TRUE(parse_date(*date)) << name;
      EXPECT_EQ(parse_addresses(*from).size(), 1U) << name;
    }
  }
}

}  // namespace
}  // namespace coi::mime
