#include "tnef/open.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "package_writer.h"
#include "tnef/attribute.h"
#include "tnef/property.h"

namespace coi::tnef {
namespace {

using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;
using testing::SizeIs;

namespace id = property_id;

Package opened(const std::string& octets, const Limits& limits = {}) { return open(octets, limits).value(); }
Package with(std::initializer_list<std::string> properties) {
  return opened(package_begin() + message_properties(properties));
}
std::string file(std::string_view title, std::string_view octets, const std::string& properties = {}) {
  return file_begins() + file_attribute(attribute_id::attach_title, std::string(title) + '\0') +
         file_attribute(attribute_id::attach_data, octets) + properties;
}
File file_of(const std::string& octets, std::uint32_t code_page = 1252) {
  return opened(package_begin(code_page) + octets).files.at(0);
}
std::string name_of(std::u16string_view long_name) {
  return file_of(file("A.DAT", "x", file_properties({unicode(id::attach_long_name, long_name)}))).name.octets;
}

TEST(Open, GivesTheFilesThatOutlookPacked) {
  const auto package = opened(
      package_begin() + message_attribute(attribute_id::message_class, std::string("IPM.Microsoft Mail.Note\0", 24)) +
      message_attribute(attribute_id::subject, std::string("Figures\0", 8)) +
      file("QUARTE~1.XLS", std::string("\xD0\xCF\0\x11", 4),
           file_properties({unicode(id::attach_long_name, u"Quarterly – März.xls"),
                            string8(id::attach_type, "Application/VND.ms-excel")})) +
      file("image001.png", "png",
           file_properties(
               {string8(id::attach_content_id, "<image001.png@01D0>"), string8(id::attach_type, "image/png")})) +
      file("empty.txt", ""));
  EXPECT_EQ(package.message_class, "IPM.Microsoft Mail.Note");
  EXPECT_EQ(package.subject, (Piece{"Figures", "windows-1252"}));
  EXPECT_THAT(
      package.files,
      ElementsAre(File{.name = {"Quarterly – März.xls", "utf-8"},
                       .octets = std::string("\xD0\xCF\0\x11", 4),
                       .media_type = "application/vnd.ms-excel",
                       .content_id = ""},
                  File{.name = {"image001.png", "windows-1252"},
                       .octets = "png",
                       .media_type = "image/png",
                       .content_id = "image001.png@01D0"},
                  File{.name = {"empty.txt", "windows-1252"}, .octets = "", .media_type = "", .content_id = ""}));
  EXPECT_FALSE(package.is_cut);
}

TEST(Open, TakesAFileFromItsPropertiesWhereNoAttributeHasIt) {
  const auto one =
      file_of(file_begins() + file_properties({binary(id::attach_data, "octets"), string8(id::attach_name, "A.TXT")}));
  EXPECT_EQ(one.octets, "octets");
  EXPECT_EQ(one.name.octets, "A.TXT");
}

TEST(Open, NamesAreInTheCharsetThatThePackageSays) {
  EXPECT_EQ(file_of(file("\xEF\xE8\xF1\xFC\xEC\xEE.doc", "x"), 1251).name,
            (Piece{"\xEF\xE8\xF1\xFC\xEC\xEE.doc", "windows-1251"}));
  EXPECT_EQ(file_of(file("a.doc", "x"), 0).name.charset, "");
  EXPECT_EQ(file_of(file("a.doc", "x"), 65000).name.charset, "") << "UTF-7 hides a slash";
}

TEST(Open, NamesAreNoPaths) {
  EXPECT_EQ(name_of(u"..\\..\\evil.exe"), "evil.exe");
  EXPECT_EQ(name_of(u"/etc/passwd"), "passwd");
  EXPECT_EQ(name_of(u"a\r\n\x7F\u0085b\u202Efdp.exe"), "abfdp.exe");
  EXPECT_EQ(name_of(u".."), "");
  EXPECT_EQ(name_of(u"dir/"), "");
  EXPECT_EQ(file_of(file("C:\\x\\y.doc", "x")).name.octets, "y.doc");
}

TEST(Open, ABackslashWithinACharacterOfTwoOctetsPartsNothing) {
  EXPECT_EQ(file_of(file("d\\\x95\x5C.doc", "x"), 932).name, (Piece{"\x95\x5C.doc", "cp932"}));
}

TEST(Open, GivesTheTextAsAttributeOrProperty) {
  const auto body = message_attribute(attribute_id::body, std::string("Gr\xFC\xDF"
                                                                      "e\r\n\0",
                                                                      8));
  EXPECT_THAT(opened(package_begin() + body).text, ElementsAre(Piece{"Gr\xFC\xDF"
                                                                     "e\r\n",
                                                                     "windows-1252"}));
  EXPECT_THAT(opened(package_begin() + body + message_properties({unicode(id::body, u"Grüße 😀")})).text,
              ElementsAre(Piece{"Grüße 😀", "utf-8"}));
}

TEST(Open, GivesHtmlWithItsCharset) {
  EXPECT_THAT(with({int32(id::internet_code_page, 28592), binary(id::html, "<p>\xE8</p>")}).html,
              ElementsAre(Piece{"<p>\xE8</p>", "iso-8859-2"}));
  EXPECT_THAT(with({binary(id::html, "<p>")}).html, ElementsAre(Piece{"<p>", ""})) << "HTML may say it itself";
  EXPECT_THAT(with({unicode(id::html, u"<p>č")}).html, ElementsAre(Piece{"<p>č", "utf-8"}));
  EXPECT_THAT(with({string8(id::html, "<p>\xFC")}).html, ElementsAre(Piece{"<p>\xFC", "windows-1252"}));
}

TEST(Open, GivesTheHtmlThatRtfHolds) {
  const auto package = with(
      {binary(id::rtf_compressed,
              compressed_rtf(R"({\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}Hello{\*\htmltag72 </p>}})"))});
  EXPECT_THAT(package.html, ElementsAre(Piece{"<p>Hello</p>", "utf-8"}));
  EXPECT_THAT(package.text, IsEmpty());
}

TEST(Open, GivesTheTextOfRtfWhereThereIsNoOther) {
  const auto rtf = binary(id::rtf_compressed, compressed_rtf(R"({\rtf1\ansi {\b Hello}\par})"));
  EXPECT_THAT(with({rtf}).text, ElementsAre(Piece{"Hello\n", "utf-8"}));
  EXPECT_THAT(with({rtf, unicode(id::body, u"Hi")}).text, ElementsAre(Piece{"Hi", "utf-8"}));
  EXPECT_THAT(with({rtf, binary(id::html, "<p>")}).text, IsEmpty());
}

TEST(Open, GivesAMailWithinAsAPackage) {
  const std::string interface("\x07\x03\x02\0\0\0\0\0\xC0\0\0\0\0\0\0\x46", 16);
  const auto inner =
      package_begin() +
      message_properties({unicode(id::subject, u"AC/DC"), unicode(id::sender_name, u"Ann"),
                          unicode(id::sender_type, u"SMTP"), unicode(id::sender_address, u"ann@example.org"),
                          tag(id::submit_time, 0x40) + number(134'089'524'000'000'000, 8)}) +
      file("a.txt", "x");
  const auto one = file_of(file_begins() + file_properties({unicode(id::display_name, u"AC/DC"),
                                                            object(id::attach_data, interface, inner)}));
  EXPECT_EQ(one.name, (Piece{"AC_DC", "utf-8"}));
  EXPECT_EQ(one.media_type, media_type);
  const auto package = opened(one.octets);
  EXPECT_EQ(package.subject.octets, "AC/DC");
  EXPECT_EQ(package.sender.octets, "Ann");
  EXPECT_EQ(package.sender_address, "ann@example.org");
  EXPECT_EQ(to_rfc3339(package.sent.value()), "2025-11-30T05:00:00.000Z");
  EXPECT_THAT(package.files, SizeIs(1));
}

TEST(Open, AnObjectOfAnotherProgramIsItsOctets) {
  const auto one = file_of(file_begins() + file_properties({object(id::attach_data, std::string(16, '\x0B'), "OLE")}));
  EXPECT_EQ(one.octets, "OLE");
  EXPECT_EQ(one.media_type, "");
}

TEST(Open, AFileWhoseOctetsLieElsewhereIsLeftOut) {
  EXPECT_THAT(
      opened(package_begin() + file_begins() + file_properties({unicode(id::attach_long_name, u"on a server")})).files,
      IsEmpty());
}

TEST(Open, ReadsWhatItHasNoUseFor) {
  const auto package = with({
      tag(0x0060, 7) + number(1, 8),  // a time as a number
      tag(0x0061, 6) + number(1, 8),  // an amount of money
      tag(0x8001, 0x1F) + std::string(16, 'g') + number(1, 4) + number(10, 4) + utf16(u"word") + number(0, 2) +
          sized("ab"),
      tag(0x8002, 0x101E) + std::string(16, 'g') + number(0, 4) + number(5, 4) + number(2, 4) + number(3, 4) +
          std::string("ab\0\0", 4) + number(1, 4) + std::string("\0\0\0\0", 4),  // several strings
      tag(0x1234, 0x1002) + number(2, 4) + number(7, 4) + number(8, 4),          // several short numbers
      tag(0x1235, 0x48) + std::string(16, 'i'),                                  // an id
      unicode(id::body, u"there"),
  });
  EXPECT_FALSE(package.is_cut);
  EXPECT_THAT(package.text, ElementsAre(Piece{"there", "utf-8"}));
}

TEST(Open, ATypeThatIsNotKnownEndsTheListAndNotThePackage) {
  const auto package = opened(
      package_begin() +
      message_properties({unicode(id::subject, u"S"), tag(0x1234, 0x99) + number(1, 4), unicode(id::body, u"lost")}) +
      file("a.txt", "x"));
  EXPECT_TRUE(package.is_cut);
  EXPECT_EQ(package.subject.octets, "S");
  EXPECT_THAT(package.files, SizeIs(1));
}

TEST(Open, LongTextsAndEmptyAttributesCostNoFile) {
  const auto package = opened(package_begin() + message_attribute(attribute_id::body, std::string(200'000, 'b')) +
                              message_attribute(attribute_id::subject, "") + file(std::string(500, 'n') + ".txt", "x"));
  EXPECT_EQ(package.text.at(0).octets.size(), 200'000U);
  EXPECT_EQ(package.files.at(0).name.octets.size(), 504U);
}

TEST(Open, WhatIsNoPackageIsAnError) {
  EXPECT_EQ(open("", {}).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(open("Hello", {}).error().kind(), ErrorKind::invalid);
  EXPECT_TRUE(open(signature, {}));
}

TEST(Open, LimitsHold) {
  Limits limits;
  limits.mime_parts = 2;
  const auto three = package_begin() + file("a", "1") + file("b", "2") + file("c", "3");
  const auto package = opened(three, limits);
  EXPECT_THAT(package.files, SizeIs(2));
  EXPECT_TRUE(package.is_cut);

  limits.text = 5;
  const auto cut =
      opened(package_begin() + message_properties({unicode(id::body, u"abc€def"), binary(id::html, "<p>abc")}), limits);
  EXPECT_THAT(cut.text, ElementsAre(Piece{"abc", "utf-8"})) << "not amid a character";
  EXPECT_THAT(cut.html, ElementsAre(Piece{"<p>ab", ""}));
  EXPECT_TRUE(cut.is_cut);

  limits.mail = three.size() - 1;
  EXPECT_EQ(open(three, limits).error().kind(), ErrorKind::limit);
}

TEST(Open, AManyTimesEmptyFileIsNoWork) {
  std::string octets = package_begin();
  for (int i = 0; i < 100'000; ++i) octets += file_begins();
  EXPECT_THAT(opened(octets + file("a.txt", "x")).files, SizeIs(1));
}

TEST(Open, WhateverIsCutOffWhatCameBeforeIsThere) {
  const auto begin = package_begin() + message_properties({unicode(id::body, u"Hi")}) + file("a.txt", "first");
  const auto whole = begin + file("b.txt", "second", file_properties({unicode(id::attach_long_name, u"long.txt")}));
  for (std::size_t size = stream_header; size < whole.size(); ++size) {
    const auto package = opened(whole.substr(0, size));
    if (size < begin.size()) continue;
    EXPECT_EQ(package.text.at(0).octets, "Hi");
    EXPECT_EQ(package.files.at(0).octets, "first");
    const auto second = package.files.size() > 1 ? package.files.at(1).octets : "second";
    EXPECT_EQ(second, "second") << "whole or not at all";
  }
}

TEST(Open, ALineEndBehindItIsNoDamage) {
  const auto whole = package_begin() + file("a.txt", "x");
  EXPECT_FALSE(opened(whole + "\r\n").is_cut);
  EXPECT_TRUE(opened(whole + "\r\nfooter").is_cut);
  EXPECT_TRUE(opened(whole.substr(0, whole.size() - 3)).is_cut);
}

}  // namespace
}  // namespace coi::tnef
