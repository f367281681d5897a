// Boundaries that are missing or wrong, and what taking a mail apart costs.
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "mime/boundary_guess.h"
#include "mime/pgp_text.h"
#include "mime/reader.h"
#include "mime/smime.h"
#include "samples.h"

namespace coi::mime {
namespace {

using namespace std::string_literals;

TEST(BoundaryGuess, ByTheFirstLineThatLooksLikeOne) {
  EXPECT_EQ(guess_boundary("--b\n\none\n"), "b");
  EXPECT_EQ(guess_boundary("\n\n--b \r\nSubject: x\r\n"), "b");
  EXPECT_EQ(guess_boundary("preamble\n--b c\nContent-Type: text/plain\n\none"), "b c");
  EXPECT_EQ(guess_boundary("preamble\n--b\n\none\n--b--\n"), "b");
  EXPECT_EQ(guess_boundary("preamble\n--not\n\n----=_1\ncontent-type: text/plain\n"), "--=_1");
  EXPECT_EQ(guess_boundary("--out\n\nx\n--in\nContent-Type: text/plain\n\n--in--\n--out--\n"), "out");
}

TEST(BoundaryGuess, RulesSignaturesAndArmourAreNone) {
  for (const auto* text : {"", "--", "text", "-- \nIda\n", "--\n\n", "--------\n\ntext\n--------\n\n",
                           "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA1\n\nx\n-----BEGIN PGP SIGNATURE-----\n\nx",
                           "words\n--Ida\n\nmore words\n", "words\n---------- Forwarded message ---------\nFrom: x\n",
                           "words --b\n\n", "--b\nno header and no empty line\n"})
    EXPECT_EQ(guess_boundary(text), "") << text;
}

// Octets searched for delimiters, per octet of the mail.
double work(const std::string& mail) {
  Budget budget(mail, Limits{});
  const auto root = Reader(mail, Limits{}, budget).mail();
  EXPECT_TRUE(root);
  return static_cast<double>(budget.looked_at) / static_cast<double>(mail.size());
}

std::string repeated(std::string_view text, std::size_t octets) {
  std::string out;
  while (out.size() < octets) out += text;
  return out;
}

constexpr std::size_t large = 1'000'000;
constexpr double most = 10;  // octets looked at, for each one of the mail
const std::string multipart = "Content-Type: multipart/mixed; boundary=b\n\n";

TEST(Structure, WorkIsLinearInLinesOfDashes) {
  for (const auto* line : {"--\n", "--b\n", "--x\n", "--b--\n", "--x\n\n"}) {
    EXPECT_LE(work(multipart + repeated(line, large)), most) << line;
    EXPECT_LE(work("Content-Type: multipart/mixed\n\n" + repeated(line, large)), most) << line;
  }
}

TEST(Structure, WorkIsLinearInPartsBehindTheEnd) {
  EXPECT_LE(work(multipart + repeated("--b--\n--b\n\nx\n", large)), most);
  EXPECT_LE(work(multipart + repeated("--b--\n--b\nContent-Type: multipart/mixed; boundary=b\n\n", large)), most);
}

TEST(Structure, ABoundaryOfAnOuterPartGoesOnThere) {
  const auto mail = parsed(
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: multipart/alternative; boundary=b\n\n"
      "--b\n\none\n--b--\n--b\nContent-Type: image/png\n\nx\n--b--\n");
  ASSERT_EQ(mail.children.size(), 2U);
  EXPECT_EQ(mail.children[1].type, "image/png");
}

TEST(Structure, WorkIsLinearInManyBoundaries) {
  std::string mail = multipart;
  for (int i = 0; i < 100'000; ++i)
    mail += fmt::format("--b{}\nContent-Type: multipart/mixed; boundary=b{}\n\n", i, i + 1);
  EXPECT_LE(work(mail), most);
  std::string parts = multipart;
  for (int i = 0; i < 100'000; ++i) parts += "--b\n\nx\n";
  EXPECT_LE(work(parts), most);
  EXPECT_EQ(parsed(parts).children.size(), Limits{}.mime_parts - 1);
}

// Each level names a boundary that never comes.
TEST(Structure, WorkIsLinearWhereEveryBoundaryIsWrong) {
  std::string mail;
  for (int i = 0; i < 200; ++i) mail += fmt::format("Content-Type: multipart/mixed; boundary=w{}\n\n--b{}\n", i, i);
  EXPECT_LE(work(mail + repeated("\ntext\n", large)), most);
  EXPECT_LE(work(mail + repeated("--no\n", large)), most);
  std::string encoded = "x";
  for (int i = 0; i < 100; ++i)
    encoded = fmt::format("Content-Type: multipart/mixed\nContent-Transfer-Encoding: quoted-printable\n\n{}{}\n",
                          encoded, repeated("x\n", 10'000));
  EXPECT_LE(work(encoded), most);
}

TEST(Structure, OneWrongBoundaryAmongGoodOnesIsFound) {
  const auto mail = parsed(
      "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; "
      "boundary=lost\n\n--i\n\nt\n"
      "--i--\n--o\nContent-Type: image/png\n\nx\n--o--\n");
  ASSERT_EQ(mail.children.size(), 2U);
  ASSERT_EQ(mail.children[0].children.size(), 1U);
  EXPECT_EQ(mail.children[0].children[0].body, "t");
  EXPECT_EQ(mail.children[1].type, "image/png");
}

TEST(Structure, TheFirstContentTypeThatSaysSomethingCounts) {
  EXPECT_EQ(parsed("Content-Type:\nContent-Type: text/html\nContent-Type: image/png\n\nx").type, "text/html");
}

TEST(Structure, AFieldMayEndInABlankLineOfWhiteSpace) {
  const auto mail = parsed("Subject: a\n \t\nWords\n");
  EXPECT_EQ(mail.body, "Words\n");
  EXPECT_EQ(*parsed("Subject: a\n \n b\nTo: c\n\nWords").header("To"), "c");
}

// The first field is one, and no words of the mail.
TEST(Structure, AHeaderMayBeginWithABlank) {
  for (const auto* blank : {" ", "\t", "\n", " \n"}) {
    const auto mail = parsed(blank + "From: ida@example.org\nSubject: a\n\nWords\n"s);
    ASSERT_NE(mail.header("From"), nullptr) << blank;
    EXPECT_EQ(*mail.header("From"), "ida@example.org");
    EXPECT_EQ(*mail.header("Subject"), "a");
    EXPECT_EQ(mail.body, "Words\n");
  }
}

TEST(Smime, AFileWithinASignedPartIsFound) {
  const auto mail = parsed(sample("cases/smime-opaque-with-footer.eml"));
  const auto& opaque = mail.children.at(0);
  EXPECT_EQ(smime_of(opaque), Smime::opened);
  EXPECT_EQ(file_inside(opaque.body, "2", Limits{}).value(), "%PDF-");
  EXPECT_EQ(file_inside(opaque.body, "3", Limits{}).error().kind(), ErrorKind::not_found);
  EXPECT_EQ(file_inside(opaque.body, "2/1", Limits{}).error().kind(), ErrorKind::invalid);
  EXPECT_FALSE(file_inside("no CMS", "1", Limits{}));
}

// Opaque signed data (RFC 8551, 3.5.2), of `content`, with nobody's signature.
std::string signed_data(const std::string& content) {
  const std::string oid = "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07";
  std::string length;
  for (int shift = 24; shift >= 0; shift -= 8) length += static_cast<char>(content.size() >> shift);
  return "\x30\x80" + oid + "\x02\xA0\x80\x30\x80\x02\x01\x01\x31"s + '\0' + "\x30\x80" + oid + "\x01\xA0\x80\x04\x84" +
         length + content + "\0\0\0\0\x31\0\0\0\0\0\0\0"s;
}

TEST(Smime, AFileWithinASignedTextIsFound) {
  const auto signed_text = signed_data("Content-Type: text/plain\n\nHello\nbegin 644 a.txt\n#0V%T\n`\nend\n");
  EXPECT_EQ(file_inside(signed_text, "1/uu1", Limits{}).value(), "Cat");
  for (const auto* none : {"1/uu2", "1/uu0"})
    EXPECT_EQ(file_inside(signed_text, none, Limits{}).error().kind(), ErrorKind::not_found) << none;
}

// Neither a document nor what is damaged makes the mail around it unreadable.
TEST(Smime, WhatWasSignedAndIsNoMailStaysAFile) {
  const auto fields = repeated("cn: name\n", Limits{}.header * 2);
  for (const auto* name : {"export.ldif.p7m", "export.p7m", "smime.p7m"}) {
    const auto mail = parsed(
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n\nNoon is fine.\n"
        "--b\nContent-Type: application/pkcs7-mime; name=" +
        std::string(name) + "\n\n" + signed_data(fields) + "\n--b--\n");
    ASSERT_EQ(mail.children.size(), 2U) << name;
    EXPECT_EQ(mail.children[0].body, "Noon is fine.") << name;
    EXPECT_EQ(mail.children[1].size, signed_data(fields).size()) << name;
    EXPECT_TRUE(mail.children[1].children.empty()) << name;
  }
  EXPECT_EQ(parsed("Content-Type: application/pkcs7-mime\n\n" + signed_data("\nNoon")).children.at(0).body, "Noon");
}

TEST(PgpText, WordsAboutArmourHideNothing) {
  for (const std::string block : {"MESSAGE", "SIGNATURE"}) {
    const auto prose =
        "It begins with\n\n    -----BEGIN PGP " + block + "-----\n\nand you paste it into the window.\nNoon is fine.\n";
    EXPECT_EQ(without_armour(prose, "X"), prose);
    const auto word = "-----BEGIN PGP " + block + "-----\n\nBye\n\nNoon is fine.\n";
    EXPECT_EQ(without_armour(word, "X"), word);
  }
  // The end got lost on the way.
  EXPECT_EQ(without_armour("-----BEGIN PGP MESSAGE-----\n\n" + std::string(64, 'a') + "\n=abcd\nNoon is fine.\n", "X"),
            "X\nNoon is fine.\n");
}

TEST(PgpText, TheHeaderOfArmourEndsWhereItsNamesDo) {
  EXPECT_EQ(without_armour("-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\nLunch: at noon.\nBye.", "X"),
            "Lunch: at noon.\nBye.");
}

TEST(PgpText, OnlyArmourAtTheStartOfALineOrIndentedIsTakenOff) {
  const auto quoted = "> -----BEGIN PGP SIGNED MESSAGE-----\n> Hash: SHA1\n"s;
  EXPECT_EQ(without_armour(quoted, "X"), quoted);
  EXPECT_EQ(without_armour("-----BEGIN PGP SIGNED MESSAGE-----\n\nnever signed\n- -- \n", "X"), "never signed\n-- \n");
  EXPECT_EQ(without_armour("a\n-----BEGIN PGP MESSAGE-----\n\nabc", "X"), "a\nX\n");
  EXPECT_EQ(without_armour("a\n-----BEGIN PGP SIGNATURE-----\n\nabc\n-----END PGP SIGNATURE-----\nb", "X"), "a\nb");
  EXPECT_EQ(without_armour("  -----BEGIN PGP SIGNED MESSAGE-----\n  Hash: SHA1\n  \n  b\n    c\n", "X"), "b\n  c\n");
  const auto key = "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nabc\n"s;
  EXPECT_EQ(without_armour(key, "X"), key);
}

}  // namespace
}  // namespace coi::mime
