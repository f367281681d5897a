// Mails as the common programs write them, from the bytes to what a person reads.
#include <gtest/gtest.h>

#include "mime/address.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "mime/flowed.h"
#include "mime/text.h"
#include "samples.h"

namespace coi::mime {
namespace {

const Part& first_text(const Part& part) { return part.children.empty() ? part : first_text(part.children.front()); }

SplitText split(const Part& mail) {
  const auto& text = first_text(mail);
  if (text.param("format") != "flowed") return split_text(text.body, Origin::mail);
  return split_text(decode_flowed(text.body, text.param("delsp") == "yes"), Origin::mail);
}

TEST(Sample, OutlookReply) {
  const auto mail = parsed(sample("plain/outlook_reply.eml"));
  EXPECT_EQ(decode_words(*mail.header("Subject")), "AW: Treffen nächste Woche");
  EXPECT_EQ(parse_addresses(*mail.header("From")),
            (std::vector<Address>{{"Weber, Petra", "Petra.Weber@firma.example"}}));
  EXPECT_EQ(split(mail).shown, "Hallo Alice,\n\nMittwoch passt für mich.\n\nViele Grüße\nPetra");
  EXPECT_TRUE(split(mail).quote.ends_with("Passt dir Mittwoch?"));
  EXPECT_NE(mail.children.at(1).body.find("Mittwoch passt für mich."), std::string::npos);
}

TEST(Sample, GmailReply) {
  const auto mail = parsed(sample("plain/gmail_reply.eml"));
  EXPECT_EQ(split(mail), (SplitText{"Sounds great, see you there 🎉", "Shall we meet at eight?\n\nAlice",
                                    "José Núñez\n+34 600 000 000"}));
  EXPECT_EQ(parse_addresses(*mail.header("From")).at(0).name, "José Núñez");
}

TEST(Sample, AppleMailWithAPhoto) {
  const auto mail = parsed(sample("plain/apple_mail_photo.eml"));
  EXPECT_EQ(split(mail).shown, "Look at this:\n\n\nLovely, isn't it?");
  const auto& photo = mail.children.at(1).children.at(1);
  EXPECT_EQ(photo.type, "image/jpeg");
  EXPECT_EQ(photo.filename, "IMG_0042.jpeg");
  EXPECT_EQ(photo.content_id, "6F0A@icloud.example");
  EXPECT_TRUE(photo.body.starts_with("\xFF\xD8"));
}

TEST(Sample, ThunderbirdFlowed) {
  const auto mail = parsed(sample("plain/thunderbird_flowed.eml"));
  EXPECT_EQ(split(mail).shown,
            "I did. It is not his, it belongs to the café at the corner, and they only take it out when the weather is "
            "fine.\n\nFrom what I heard it is for sale.");
  EXPECT_EQ(split(mail).quote,
            "Did you see the boat that was lying at the quay yesterday, the long one with the green sail? I think it "
            "belongs to the harbour master.");
  EXPECT_EQ(split(mail).signature, "Dan");
}

TEST(Sample, ForwardsStayVisible) {
  const auto mail = parsed(sample("plain/apple_forward.eml"));
  EXPECT_NE(split(mail).shown.find("The ferry leaves at 9:30."), std::string::npos);
  EXPECT_EQ(split(mail).quote, "");
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
