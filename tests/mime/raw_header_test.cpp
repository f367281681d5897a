// Header fields in octets that are neither ASCII nor UTF-8.
#include "mime/raw_header.h"

#include <gtest/gtest.h>

#include <fmt/format.h>

#include "mime/address.h"
#include "samples.h"

namespace coi::mime {
namespace {

const std::string yamada = "\x8E\x52\x93\x63";  // 山田 in Shift_JIS

std::string header_of(const Part& part, std::string_view name) {
  const auto* value = part.header(name);
  return value ? *value : "(none)";
}

// From and Subject of a mail whose text names this charset.
Part mail_in(std::string_view charset, std::string_view octets) {
  return parsed(fmt::format("From: {0} <a@b.example>\nSubject: {0}\nContent-Type: text/plain; charset={1}\n\nx\n",
                            octets, charset));
}

TEST(RawHeader, IsReadInTheCharsetOfTheText) {
  const auto mail = mail_in("shift_jis", yamada);
  EXPECT_EQ(header_of(mail, "From"), "山田 <a@b.example>");
  EXPECT_EQ(header_of(mail, "Subject"), "山田");
  EXPECT_EQ(header_of(mail_in("iso-8859-2", "\xA3\xF3\x64\xBC"), "Subject"), "Łódź");
  EXPECT_EQ(header_of(mail_in("gb2312", "\xD5\xC5\xCE\xB0"), "Subject"), "张伟");
  // UTF-8 stays that, whatever the text is in; without a name it is windows-1252.
  EXPECT_EQ(header_of(mail_in("koi8-r", "Mära"), "Subject"), "Mära");
  EXPECT_EQ(header_of(mail_in("utf-8", "M\xE4ra"), "Subject"), "Mära");
}

// Bullets, dashes and quotes of windows-1252 are the first halves of characters in Shift_JIS.
TEST(RawHeader, MarksAreNoCharacters) {
  struct {
    std::string_view octets, text;
  } constexpr cases[] = {{"\x95\x95\x95\x95 Shop", "•••• Shop"},
                         {"\x97\x97\x97\x97", "————"},
                         {"\x93\x93yes\x94\x94", "““yes””"},
                         {"\x96\x96\x96\x96", "––––"}};
  for (const auto& one : cases)
    for (const auto* charset : {"utf-8", "us-ascii", "windows-1252", "iso-8859-1"})
      EXPECT_EQ(header_of(mail_in(charset, one.octets), "Subject"), one.text) << charset;
  EXPECT_EQ(header_of(mail_in("windows-1252",
                              "\x91"
                              "a\x92s"),
                      "Subject"),
            "‘a’s")
      << "it says what it is in";
  EXPECT_EQ(header_of(mail_in("us-ascii", yamada), "Subject"), "山田");
}

TEST(RawHeader, TheFirstTextThatNamesOneCounts) {
  const auto mail = parsed(
      "Subject: \xC1\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\n"
      "Content-Type: text/html; charset=windows-1251\n\nx\n--b\nContent-Type: text/plain; "
      "charset=koi8-r\n\nx\n--b--\n");
  EXPECT_EQ(header_of(mail, "Subject"), "Б");
}

TEST(RawHeader, WhatProgramsReadStaysAsItIs) {
  const auto mail =
      parsed("Message-ID: <\xC1@x>\nReceived: from \xC1\nContent-Type: text/plain; charset=windows-1251\n\nx");
  EXPECT_EQ(header_of(mail, "Message-ID"), "<Á@x>");
  EXPECT_EQ(header_of(mail, "Received"), "from Á");
}

std::vector<std::string> authors(const Part& mail) {
  std::vector<std::string> all;
  for (const auto& address : parse_addresses(header_of(mail, "From"))) all.push_back(address.addr);
  return all;
}

// Servers judge the octets. What another charset would make of them names nobody else.
TEST(RawHeader, NoCharsetChangesTheAuthor) {
  constexpr std::string_view froms[] = {
      "\xE9+ADw-boss+AEA-bank.example+AD4- <a@b.example>",  // "<boss@bank.example>" in UTF-7
      "\x81@evil.example <a@b.example>",                    // an "@" as half a character
      "\xE9 ~{<\x21@~} <a@b.example>",                      // HZ
      "\x83\" <boss@bank.example> \"\x83 <a@b.example>",
      "\xC1 <\xC1@b.example>",
      "\x4C\x82\x96\xA2\xA2\x7C\x82\x6E <a@b.example>",  // "<boss@b>" in EBCDIC
      "\x83\\\" <boss@bank.example>, \"x\" <a@b.example>",
  };
  for (const auto from : froms) {
    const auto octets = [&](std::string_view charset) {
      return authors(
          parsed(fmt::format("From: {}\nSubject: x\nContent-Type: text/plain; charset={}\n\nx\n", from, charset)));
    };
    const auto judged = octets("us-ascii");
    EXPECT_FALSE(judged.empty()) << from;
    for (const auto charset : {"utf-7", "hz-gb-2312", "shift_jis", "big5", "gb18030", "cp037", "cp500", "johab",
                               "iso-2022-jp", "utf-16", "koi8-r", "windows-1251", "euc-kr", "viscii", "iso-2022-kr"})
      EXPECT_EQ(octets(charset), judged) << from << charset;
  }
}

TEST(RawHeader, AnAtSignThatAReaderOfOctetsSeesStays) {
  const auto mail = mail_in("shift_jis", "\x81@evil.example");
  EXPECT_EQ(header_of(mail, "From").find('@'), 2U) << header_of(mail, "From");
  EXPECT_EQ(header_of(mail_in("shift_jis", "\"" + yamada + "\x81@\"" + yamada), "From"),
            "\"山田　\"山田 <a@b.example>");  // within quotes it is a name to everybody
}

TEST(RawHeader, NamesOfFilesAreReadBeforeTheyAreCut) {
  const auto named = [](std::string_view octets, std::string_view charset) {
    return parsed(fmt::format("Content-Type: text/plain; charset={}\nContent-Disposition: attachment; "
                              "filename=\"{}\"\n\nx",
                              charset, octets))
        .filename;
  };
  EXPECT_EQ(named("\x83\x5C\x95\x5C.pdf", "shift_jis"), "ソ表.pdf");
  EXPECT_EQ(named("\x95\x5C", "shift_jis"), "表");
  EXPECT_EQ(named("c:\\x\\\x83\x5C\x95\x5C.pdf", "shift_jis"), "ソ表.pdf");
  EXPECT_EQ(named("\x97\x5C\x92\xE8\x95\x5C.pdf", "utf-8"), "予定表.pdf");
  EXPECT_EQ(named("\xB3\x5C\xA5\x5C.pdf", "utf-8"), "許功.pdf");
  // Nothing of this is Japanese or Chinese.
  EXPECT_EQ(named("it\x92s \x93quoted\x94 na\xEFve.pdf", "utf-8"), "it’s “quoted” naïve.pdf");
  EXPECT_EQ(named("C:\\\xE9\xE8\\\xEEl\xF4t.pdf", "utf-8"), "îlôt.pdf");
}

}  // namespace
}  // namespace coi::mime
