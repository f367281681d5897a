#include "mime/vcard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace coi::mime {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<Vcard> cards_of(std::string_view text) { return read_vcards(text).value(); }
Vcard card_of(std::string_view text) { return cards_of(text).at(0); }
Vcard card_with(std::string_view lines, std::string_view version = "4.0") {
  return card_of("BEGIN:VCARD\r\nVERSION:" + std::string(version) + "\r\nFN:Al\r\n" + std::string(lines) +
                 "\r\nEND:VCARD\r\n");
}

std::string repeated_text(std::string_view text, std::size_t times) {
  std::string out;
  while (times-- > 0) out += text;
  return out;
}

const std::string png("\x89PNG\r\n\x1A\n\0\0", 10);
constexpr std::string_view png_base64 = "iVBORw0KGgoAAA==";

TEST(Vcard, D33IsReadAsDeltaChatWritesIt) {
  const auto card = card_of(
      "BEGIN:VCARD\nVERSION:4.0\nEMAIL:u2@example.org\nFN:Bob\nKEY:data:application/pgp-keys;base64\\,AAEC\n"
      "PHOTO:data:image/png;base64," +
      std::string(png_base64) + "\nREV:20261124T040703Z\nEND:VCARD");
  EXPECT_EQ(card, (Vcard{.name = "Bob",
                         .addresses = {"u2@example.org"},
                         .photo = png,
                         .photo_type = "image/png",
                         .key = std::string("\0\1\2", 3),
                         .rev = from_rfc3339("2026-11-24T04:07:03Z"),
                         .others = {}}));
}

TEST(Vcard, D33Reads30) {
  const auto card = card_of(
      "BEGIN:vCard\r\nVERSION:3.0\r\nN:Lind;Mara;Q.;Dr.;\r\nFN:Dr. Mara\r\n  Lind\\, PhD\r\n"
      "item1.EMAIL;type=INTERNET:mara@example.com\r\nitem1.X-ABLabel:_$!<Other>!$_\r\n"
      "EMAIL;type=INTERNET;type=pref:mara@example.org\r\nTEL;TYPE=\"cell,voice\":+1\r\n"
      "PHOTO;ENCODING=b;TYPE=PNG:iVBORw0K\r\n GgoAAA==\r\nKEY;TYPE=PGP;ENCODING=B:AAEC\r\n"
      "REV:2026-11-24T05:07:03+01:00\r\nEND:VCARD\r\n");
  EXPECT_EQ(card.name, "Dr. Mara Lind, PhD");
  EXPECT_THAT(card.addresses, ElementsAre("mara@example.org", "mara@example.com"));
  EXPECT_EQ(card.photo, png);
  EXPECT_EQ(card.key, std::string("\0\1\2", 3));
  EXPECT_EQ(card.rev, from_rfc3339("2026-11-24T04:07:03Z"));
  EXPECT_THAT(card.others,
              ElementsAre("N:Lind;Mara;Q.;Dr.;", "item1.X-ABLABEL:_$!<Other>!$_", "TEL;TYPE=\"cell,voice\":+1"));
}

TEST(Vcard, D33Reads21) {
  const auto card = card_of(
      "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg\r\n"
      "EMAIL;PREF;INTERNET:joerg@example.org\r\nNOTE;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:one=0D=0Atwo =\r\n"
      "three =C3=A4\r\nPHOTO;PNG;BASE64:\r\n iVBORw0K\r\n GgoAAA==\r\n\r\nADR;HOME:;;Long\r\n Street;;;;\r\n"
      "END:VCARD\r\n");
  EXPECT_EQ(card.name, "Jörg Müller");
  EXPECT_THAT(card.addresses, ElementsAre("joerg@example.org"));
  EXPECT_EQ(card.photo, png);
  EXPECT_EQ(card.photo_type, "image/png");
  EXPECT_THAT(card.others, ElementsAre("N:Müller;Jörg", "NOTE:one\\ntwo three ä", "ADR;TYPE=HOME:;;Long Street;;;;"));
}

TEST(Vcard, D33CharsetsAreThoseOfTheLineThePartOrTheOctets) {
  const std::string card = "BEGIN:VCARD\nVERSION:3.0\nFN:J\xF6rg\nEND:VCARD\n";
  EXPECT_EQ(read_vcards(card, "iso-8859-2")->at(0).name, "Jörg");
  EXPECT_EQ(read_vcards(card)->at(0).name, "Jörg");
  EXPECT_EQ(read_vcards("\xEF\xBB\xBF"
                        "BEGIN:VCARD\nFN:Jörg\nEND:VCARD\n",
                        "iso-8859-1")
                ->at(0)
                .name,
            "Jörg");
  std::string wide = "\xFF\xFE";
  for (const char c : std::string_view("BEGIN:VCARD\nFN:Al\nEND:VCARD\n")) wide += std::string(1, c) + '\0';
  EXPECT_EQ(read_vcards(wide)->at(0).name, "Al");
}

TEST(Vcard, D33TheNameIsOneLineAndComesFromWhatThereIs) {
  const auto name = [](const std::string& lines) {
    return card_of("BEGIN:VCARD\nVERSION:4.0\n" + lines + "\nEMAIL:a@b.example\nEND:VCARD").name;
  };
  EXPECT_EQ(name("FN:a\\nb\\\\c\\;d\x01"), "a b\\c;d");
  EXPECT_EQ(name("FN:\nFN:Second\nN:x;y"), "Second");
  EXPECT_EQ(name("N:Lind\\;x;Mara;;Dr.;Jr."), "Dr. Mara Lind;x Jr.");
  EXPECT_EQ(name("ORG:Mill;Shop"), "Mill");
  EXPECT_EQ(name("NICKNAME:Al,Bo"), "Al");
  EXPECT_EQ(name("NOTE:x"), "");
  EXPECT_EQ(name("FN:" + std::string(5000, 'x')).size(), most_vcard_name);
}

TEST(Vcard, D33AddressesAreEachOnceAndThePreferredOneIsFirst) {
  const auto card = card_with(
      "EMAIL:a@example.org\nEMAIL;PREF=2:b@example.org\nEMAIL;PREF=1:MAILTO:c@example.org\nEMAIL:A@Example.org\n"
      "EMAIL:no address");
  EXPECT_THAT(card.addresses, ElementsAre("c@example.org", "b@example.org", "a@example.org"));
  EXPECT_THAT(card.others, ElementsAre("EMAIL:no address"));
}

TEST(Vcard, D33PicturesAndKeysOfOtherKindsAreKeptAsTheyAre) {
  const auto card = card_with(
      "PHOTO:https://example.org/a.png\nKEY:https://example.org/key\nPHOTO:data:image/svg+xml;base64,AAAA\n"
      "KEY;ENCODING=b;TYPE=X509:AAAA");
  EXPECT_EQ(card.photo, "");
  EXPECT_EQ(card.key, "");
  EXPECT_THAT(card.others, ElementsAre("PHOTO:https://example.org/a.png", "KEY:https://example.org/key",
                                       "PHOTO:data:image/svg+xml;base64,AAAA", "KEY;ENCODING=b;TYPE=X509:AAAA"));
  EXPECT_EQ(card_with("PHOTO;ENCODING=b:" + std::string(png_base64)).photo_type, "image/png");
  EXPECT_EQ(card_with("PHOTO;ENCODING=b;TYPE=jpg:AAAA").photo_type, "image/jpeg");
}

TEST(Vcard, D33In21OnlySemicolonsAreEscaped) {
  const auto card = card_with(
      "NOTE:C:\\new\\\\x\\\nADR:a\\;b;c\nTITLE;ENCODING=QUOTED-PRINTABLE:C:\\new=0D=0Atwo\nEMAIL:a@b.example", "2.1");
  EXPECT_THAT(card.others, ElementsAre("NOTE:C:\\\\new\\\\\\\\x\\\\", "ADR:a\\;b;c", "TITLE:C:\\\\new\\ntwo"));
  EXPECT_EQ(card_of(write_vcards({card}, VcardVersion::v4)), card);
  EXPECT_EQ(card_of("BEGIN:VCARD\nVERSION:2.1\nFN:C:\\new\nEND:VCARD").name, "C:\\new");
  EXPECT_THAT(card_with("NOTE:C:\\new", "3.0").others, ElementsAre("NOTE:C:\\new"));
}

TEST(Vcard, D33APreferredKeyOrPictureIsOneAsWell) {
  const std::string octets("\0\1\2", 3);
  for (const auto* head : {"KEY;PREF;ENCODING=B", "KEY;PREF;PGP;BASE64", "KEY;TYPE=\"work,pgp\";ENCODING=b",
                           "KEY;TYPE=pref;TYPE=PGP;ENCODING=b"})
    EXPECT_EQ(card_with(std::string(head) + ":AAEC").key, octets) << head;
  EXPECT_EQ(card_with("KEY;PREF;X509;ENCODING=B:AAEC").key, "");
  EXPECT_EQ(card_with("PHOTO;PREF;JPEG;ENCODING=B:AAEC").photo_type, "image/jpeg");
}

constexpr std::string_view armored_key =
    "-----BEGIN PGP PUBLIC KEY BLOCK-----\r\nVersion: x\r\n\r\nmQECAwQF\r\nBgc=\r\n=abcd\r\n"
    "-----END PGP PUBLIC KEY BLOCK-----\r\n";
const std::string bare_key = "\x99\1\2\3\4\5\6\7";

TEST(Vcard, D33AKeyInArmorIsWrittenAsBinary) {
  const auto with_key = [](std::string_view key) {
    return Vcard{
        .name = "Al", .addresses = {}, .photo = "", .photo_type = "", .key = std::string(key), .rev = {}, .others = {}};
  };
  for (const auto version : {VcardVersion::v3, VcardVersion::v4}) {
    EXPECT_THAT(write_vcards({with_key(armored_key)}, version), HasSubstr("mQECAwQFBgc=\r\n"));
    EXPECT_EQ(card_of(write_vcards({with_key(armored_key)}, version)).key, bare_key);
    for (const auto* none : {"-----BEGIN PGP PUBLIC KEY BLOCK-----",
                             "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\n-----END PGP PUBLIC KEY BLOCK-----",
                             "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nmQEC\n-----END PGP PRIVATE KEY BLOCK-----",
                             "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nAAEC\n-----END PGP PUBLIC KEY BLOCK-----"})
      EXPECT_THAT(write_vcards({with_key(none)}, version), Not(HasSubstr("KEY"))) << none;
  }
}

TEST(Vcard, D33AKeyInArmorIsReadAsBinary) {
  // The armor in Base64, and as a text with escaped line ends.
  EXPECT_EQ(
      card_with(
          "KEY;ENCODING=b;TYPE=PGP:LS0tLS1CRUdJTiBQR1AgUFVCTElDIEtFWSBCTE9DSy0tLS0tCgptUUVDQXdRRkJnYz0KLS0tLS1FTkQg"
          "UEdQIFBVQkxJQyBLRVkgQkxPQ0stLS0tLQo=")
          .key,
      bare_key);
  const auto text = card_with(
      "KEY;TYPE=PGP:-----BEGIN PGP PUBLIC KEY BLOCK-----\\n\\nmQECAwQFBgc=\\n-----END PGP PUBLIC KEY BLOCK-----");
  EXPECT_EQ(text.key, bare_key);
  EXPECT_THAT(text.others, IsEmpty());
}

TEST(Vcard, D33TimesAreReadInEveryForm) {
  const auto rev = [](std::string_view text) { return card_with("REV:" + std::string(text)).rev; };
  EXPECT_EQ(rev("20261124"), from_rfc3339("2026-11-24T00:00:00Z"));
  EXPECT_EQ(rev("2026-11-24T04:07:03.5Z"), from_rfc3339("2026-11-24T04:07:03Z"));
  EXPECT_EQ(rev("20261124T040703-0330"), from_rfc3339("2026-11-24T07:37:03Z"));
  EXPECT_EQ(rev("20261124T0407"), from_rfc3339("2026-11-24T04:07:00Z"));
  for (const char* bad : {"", "x", "20261324", "--1124", "20261124T25", "2026-11-24T04:07:03+x"})
    EXPECT_EQ(rev(bad), std::nullopt) << bad;
}

TEST(Vcard, D33SeveralStandInOneText) {
  const auto names = [](std::string_view text) {
    std::vector<std::string> out;
    for (const auto& card : cards_of(text)) out.push_back(card.name);
    return out;
  };
  EXPECT_THAT(names("x\nBEGIN:VCARD\nFN:A\nEND:VCARD\n\nBEGIN:VCARD\nFN:B\nEND:VCARD\n"), ElementsAre("A", "B"));
  EXPECT_THAT(names("BEGIN:VCARD\nFN:A\nBEGIN:VCARD\nFN:B"), ElementsAre("A", "B"));
  EXPECT_THAT(names("BEGIN:VCARD\nNOTE:x\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD"), ElementsAre("B"));
  EXPECT_THAT(names("BEGIN:VCARD\nVERSION:2.1\nAGENT:\nBEGIN:VCARD\nFN:Agent\nBEGIN:VCARD\nFN:Inner\nEND:VCARD\n"
                    "END:VCARD\nFN:A\nEND:VCARD\nBEGIN:VCARD\nFN:B\nEND:VCARD"),
              ElementsAre("A", "B"));
  EXPECT_EQ(read_vcards("hello").error().kind(), ErrorKind::invalid);
  EXPECT_EQ(read_vcards("").error().kind(), ErrorKind::invalid);
}

Vcard full_card() {
  return {.name = "Jörg; \"Al\", \\n & Bo " + repeated_text("ä", 100),
          .addresses = {"al@example.org", "\"a,b\"@example.org"},
          .photo = png + std::string(1000, '\7'),
          .photo_type = "image/png",
          .key = std::string(500, '\1'),
          .rev = from_rfc3339("2026-11-24T04:07:03Z"),
          .others = {"TEL;TYPE=cell:+1", "NOTE:a\\nb", "item1.URL:https://example.org/"}};
}

TEST(Vcard, D33ReadsBackAsItWasWritten) {
  EXPECT_EQ(card_of(write_vcards({full_card()}, VcardVersion::v4)), full_card());
  auto third = full_card();
  third.others.emplace(third.others.begin(), "N:Lind;Mara;;;");
  EXPECT_EQ(card_of(write_vcards({third}, VcardVersion::v3)), third);
  EXPECT_THAT(cards_of(write_vcards({full_card(), full_card()}, VcardVersion::v4)),
              ElementsAre(full_card(), full_card()));
}

TEST(Vcard, D33Writes40AndFor30WhatItAsksFor) {
  const Vcard card{.name = "Bob",
                   .addresses = {"bob@example.org"},
                   .photo = std::string("\xFF\xD8\xFF", 3),
                   .photo_type = "image/jpeg",
                   .key = "abc",
                   .rev = from_rfc3339("2026-11-24T04:07:03Z"),
                   .others = {}};
  EXPECT_EQ(write_vcards({card}, VcardVersion::v4),
            "BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bob\r\nEMAIL:bob@example.org\r\nPHOTO:data:image/jpeg;base64,/9j/\r\n"
            "KEY:data:application/pgp-keys;base64,YWJj\r\nREV:20261124T040703Z\r\nEND:VCARD\r\n");
  EXPECT_EQ(write_vcards({card}, VcardVersion::v3),
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Bob\r\nN:Bob;;;;\r\nEMAIL:bob@example.org\r\n"
            "PHOTO;ENCODING=b;TYPE=JPEG:/9j/\r\nKEY;ENCODING=b;TYPE=PGP:YWJj\r\nREV:2026-11-24T04:07:03Z\r\n"
            "END:VCARD\r\n");
}

TEST(Vcard, D33LinesAreFoldedBetweenCharacters) {
  const auto text = write_vcards({full_card()}, VcardVersion::v4);
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    EXPECT_LE(end - at, 75U);
    at = end + 2;
  }
  EXPECT_THAT(text, Not(HasSubstr("\xC3\r\n")));
}

TEST(Vcard, NobodyWritesLinesIntoAnother) {
  const Vcard card{.name = "A\r\nEND:VCARD\nBEGIN:VCARD\nFN:Mallory",
                   .addresses = {},
                   .photo = "",
                   .photo_type = "",
                   .key = "",
                   .rev = {},
                   .others = {"NOTE:x\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:Eve", "END:VCARD", "no line"}};
  for (const auto version : {VcardVersion::v3, VcardVersion::v4})
    EXPECT_EQ(cards_of(write_vcards({card}, version)).size(), 1U);
}

TEST(Vcard, HostileOnesAreCutToTheLimits) {
  const auto many = card_with(repeated_text("NOTE:x\n", 20'000) + repeated_text("EMAIL:a@b.example\n", 20'000));
  EXPECT_LE(many.others.size(), 1000U);
  EXPECT_THAT(many.addresses, ElementsAre("a@b.example"));
  const auto long_line = card_with("NOTE:" + std::string(1'500'000, 'x') + "\nEMAIL:a@b.example");
  EXPECT_THAT(long_line.others, IsEmpty());
  EXPECT_THAT(long_line.addresses, ElementsAre("a@b.example"));
  const auto large = card_with("PHOTO;ENCODING=b;TYPE=PNG:" + std::string(1'500'000, 'A') +
                               "\nKEY;ENCODING=b:" + std::string(1'500'000, 'A'));
  EXPECT_EQ(large.photo, "");
  EXPECT_EQ(large.key, "");
  EXPECT_THAT(card_with(repeated_text("NOTE:" + std::string(10'000, 'x') + "\n", 100)).others.size(), testing::Le(6U));
  EXPECT_EQ(cards_of(repeated_text("BEGIN:VCARD\nFN:x\n", 20'000)).size(), most_vcards);
  static_cast<void>(read_vcards(repeated_text("BEGIN:VCARD\nAGENT:\n", 50'000)));
  static_cast<void>(read_vcards("BEGIN:VCARD\nFN" + repeated_text(";a=\"", 200'000)));
  static_cast<void>(read_vcards("BEGIN:VCARD\nNOTE;ENCODING=QUOTED-PRINTABLE:" + repeated_text("=\n", 500'000)));
  static_cast<void>(read_vcards("BEGIN:VCARD\nNOTE:" + repeated_text("\n ", 500'000)));
  static_cast<void>(read_vcards("BEGIN:VCARD\n" + repeated_text("FN;CHARSET=iso-2022-kr:\x1B$)C\n", 40'000)));
  EXPECT_EQ(read_vcards(std::string(most_vcard_octets + 1, 'x')).error().kind(), ErrorKind::limit);
}

}  // namespace
}  // namespace coi::mime
