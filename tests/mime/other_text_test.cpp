// Words in other forms than text/plain and text/html.
#include <gtest/gtest.h>

#include "mime/enriched.h"
#include "mime/smime.h"
#include "mime/transfer.h"
#include "mime/uuencoded.h"
#include "samples.h"

namespace coi::mime {
namespace {

using namespace std::string_literals;

TEST(OtherText, IsReadWhereNothingElseIs) {
  for (const auto* type : {"text/x-shore", "text/markdown", "text/xml", "text/*"}) {
    const auto mail = parsed("Content-Type: "s + type + "; charset=iso-8859-1\n\nna\xEFve");
    EXPECT_EQ(mail.type, "text/plain") << type;
    EXPECT_EQ(mail.body, "naïve") << type;
  }
  EXPECT_EQ(parsed("Content-Type: text/x-amp-html\n\n<p>x").type, "text/html");
}

TEST(OtherText, StaysAFileBesideWordsOrWithAName) {
  for (const auto* fields : {"text/calendar", "text/vcard", "text/rtf", "text/csv", "text/x-y; name=a.y",
                             "text/x-y\nContent-Disposition: attachment", "application/x-y"})
    EXPECT_NE(parsed("Content-Type: "s + fields + "\n\nwords").type, "text/plain") << fields;
  const auto beside =
      parsed("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\nContent-Type: text/x-y\n\nmore\n--b--\n");
  EXPECT_EQ(beside.children.at(1).type, "text/x-y");
}

TEST(Enriched, OnlyItsWordsAreKept) {
  const auto read = [](std::string_view text) { return without_commands(text, Enriched::enriched); };
  EXPECT_EQ(read("<bold>a</bold> b\nc\n\nd\n\n\ne"), "a b c\nd\n\ne");
  EXPECT_EQ(read("<color><param>red</param>a</color>"), "a");
  EXPECT_EQ(read("<nofill>a\nb</nofill>\nc"), "a\nb c");
  EXPECT_EQ(read("1 << 2 and 3 < 4 <"), "1 < 2 and 3 < 4 <");
  EXPECT_EQ(without_commands("a<nl>b<lt>c<comment>d</comment>\ne", Enriched::richtext), "a\nb<c e");
}

const std::string file = "begin 644 a b.txt\n+:&5L;&\\@=V]R;&0 \n`\nend\n";

TEST(Uuencoded, FilesLeaveTheWords) {
  const auto split = split_uuencoded("one\n" + file + "two\n" + file + "three");
  EXPECT_EQ(split.words, "one\ntwo\nthree");
  ASSERT_EQ(split.files.size(), 2U);
  EXPECT_EQ(split.files[1].name, "a b.txt");
  EXPECT_EQ(split.files[1].octets, "hello world");
  EXPECT_EQ(split_uuencoded("begin 644 x\r\n#0V%T\r\n\r\nend\r\n").files.at(0).octets, "Cat");  // a blank got lost
}

TEST(Uuencoded, OnlyWhatIsWellFormed) {
  for (const std::string text :
       {"begin 644 a\nsmall letters\nend\n", "begin now or never\n#0V%T\n`\nend\n", "begin 644 a\n#0V%T\n`\n",
        "> begin 644 a\n#0V%T\n`\nend\n", "begin 644 \n#0V%T\n`\nend\n", "begin 999 a\nend\n", "begin ", "\nbegin ",
        "begin 644 a\n#0V%T0V%T0V%T\n`\nend\n"}) {
    EXPECT_TRUE(split_uuencoded(text).files.empty()) << text;
    EXPECT_EQ(split_uuencoded(text).words, text);
  }
}

TEST(Uuencoded, IsAFileOfThePart) {
  const auto mail = parsed("Subject: x\n\nwords\n" + file);
  EXPECT_EQ(mail.body, "words\n");
  ASSERT_EQ(mail.children.size(), 1U);
  EXPECT_EQ(mail.children[0].filename, "a b.txt");
  EXPECT_EQ(mail.children[0].body, "hello world");
  EXPECT_FALSE(mail.children[0].is_text());
  EXPECT_EQ(file_inside("words\n" + file, "uu1", Limits{}).value(), "hello world");
  EXPECT_EQ(file_inside("words\n" + file, "uu2", Limits{}).error().kind(), ErrorKind::not_found);
}

TEST(Uuencoded, ManyFilesStayWords) {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += file;
  EXPECT_EQ(parsed("\n" + text).children.size(), 100U);
}

TEST(Uuencoded, FilesCountAsParts) {
  std::string text = "Content-Type: multipart/mixed; boundary=b\n\n";
  for (int i = 0; i < 20; ++i) {
    text += "--b\n\n";
    for (int j = 0; j < 100; ++j) text += file;
  }
  const auto mail = parse(text, Limits{}).value();
  std::size_t files = 0;
  for (const auto& part : mail.root.children) files += part.children.size();
  EXPECT_LE(files + mail.root.children.size(), Limits{}.mime_parts);
  EXPECT_TRUE(mail.root.truncated);
}

// In base64 a text is decoded as far as it may be shown.
TEST(Uuencoded, WhatIsCutBehindAFileIsSaid) {
  std::string data = "begin 644 a.bin\n";
  for (int i = 0; i < 60'000; ++i) data += "M" + std::string(60, 'A') + "\n";
  data += "`\nend\n";
  for (int i = 0; i < 50'000; ++i) data += "Words behind the file, of which there are many.\n";
  const auto mail = parsed("Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + encode_base64(data));
  ASSERT_EQ(mail.children.size(), 1U);
  EXPECT_TRUE(mail.truncated);
}

}  // namespace
}  // namespace coi::mime
