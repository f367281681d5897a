// The parsers of single header values.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "base/ascii.h"
#include "base/utf8.h"
#include "mime/address.h"
#include "mime/charset.h"
#include "mime/date.h"
#include "mime/encoded_word.h"
#include "mime/header_field.h"
#include "mime/message_id.h"
#include "mime/params.h"

namespace coi::mime {
namespace {

using namespace std::string_literals;

using Strings = std::vector<std::string>;

// "Al <a@b.c>|<d@e.f>"
std::string addresses(std::string_view value) {
  std::string out;
  for (const auto& [name, addr] : parse_addresses(value)) {
    if (!out.empty()) out += "|";
    out += name.empty() ? "<" + addr + ">" : name + " <" + addr + ">";
  }
  return out;
}

TEST(Address, AsInTheRfc) {
  EXPECT_EQ(addresses("Al <a@b.c>, d@e.f"), "Al <a@b.c>|<d@e.f>");
  EXPECT_EQ(addresses("\"Doe, John\" <\"john doe\"@x.org>"), "Doe, John <\"john doe\"@x.org>");
  EXPECT_EQ(addresses("John Q. Public <jqp@x.com>"), "John Q. Public <jqp@x.com>");
  EXPECT_EQ(addresses("a@b.c (Al (really) Bo)"), "Al (really) Bo <a@b.c>");
  EXPECT_EQ(addresses("<a@b.c> (Al)"), "Al <a@b.c>");
  EXPECT_EQ(addresses("\"x\\\"y\" <a@b.c>"), "x\"y <a@b.c>");
  EXPECT_EQ(addresses("a@[127.0.0.1]"), "<a@[127.0.0.1]>");
  EXPECT_EQ(addresses("<a@[IPv6:2001:db8::1]>"), "<a@[IPv6:2001:db8::1]>");
  EXPECT_EQ(addresses("<@r1,@r2:a@b.c>"), "<a@b.c>");
  EXPECT_EQ(addresses("Al < a @ b.c >"), "Al <a@b.c>");
}

TEST(Address, Groups) {
  EXPECT_EQ(addresses("\"hidden-recipients\": ;"), "");
  EXPECT_EQ(addresses("undisclosed-recipients:;"), "");
  EXPECT_EQ(addresses("Team: a@b.c, \"B\" <b@c.d>;, e@f.g"), "<a@b.c>|B <b@c.d>|<e@f.g>");
}

TEST(Address, SemicolonsSeparateToo) {
  EXPECT_EQ(addresses("a@b.c; d@e.f"), "<a@b.c>|<d@e.f>");
  EXPECT_EQ(addresses("Al <a@b.c>; Bo <b@c.d>;"), "Al <a@b.c>|Bo <b@c.d>");
}

TEST(Address, EncodedNames) {
  EXPECT_EQ(addresses("=?utf-8?Q?Z=C3=B6e?= <z@x.de>"), "Zöe <z@x.de>");
  EXPECT_EQ(addresses("\"=?utf-8?Q?Z=C3=B6e?=\" <z@x.de>"), "Zöe <z@x.de>");
  EXPECT_EQ(addresses("=?utf-8?B?RG9lLCBKb2hu?= <j@x>"), "Doe, John <j@x>");
  EXPECT_EQ(addresses("=?utf-8?Q?A,_B?= <a@b.c>, c@d.e"), "A, B <a@b.c>|<c@d.e>");
  EXPECT_EQ(addresses("Z\xF6"
                      "e <z@x.de>"),
            "Zöe <z@x.de>");
  EXPECT_EQ(addresses("=?utf-8?Q?a=0Ab?= <z@x.de>"), "a b <z@x.de>");
}

TEST(Address, BrokenOnes) {
  EXPECT_EQ(addresses("x, nobody, @, a@, @b"), "");
  EXPECT_EQ(addresses("<<a@b.c>>"), "<a@b.c>");
  EXPECT_EQ(addresses("Al <a@b.c, Bo <d@e.f"), "Al <a@b.c>|Bo <d@e.f>");
  EXPECT_EQ(addresses("Al Bo a@b.c"), "Al Bo <a@b.c>");
  EXPECT_EQ(addresses("x <a@b.c> y <d@e.f>"), "x <a@b.c>|y <d@e.f>");
  EXPECT_EQ(addresses("\"never closed <a@b.c>"), "never closed <a@b.c>");
  EXPECT_EQ(addresses("(never closed <a@b.c>"), "never closed <a@b.c>");
  EXPECT_EQ(addresses("a..b@docomo.ne.jp"), "<a..b@docomo.ne.jp>");
  EXPECT_EQ(addresses("mailto:a@b.c"), "<a@b.c>");
  EXPECT_EQ(addresses("'Al' <a@b.c>"), "Al <a@b.c>");
  EXPECT_EQ(addresses("user@müller.de"), "<user@müller.de>");
  EXPECT_EQ(addresses("a@b@c.d, <e@f g>"), "<e@fg>");
  EXPECT_EQ(addresses(std::string(400, 'a') + "@b.c"), "");
}

TEST(Address, NothingThatControlsATerminalOrTheDirectionOfText) {
  for (const auto* bad :
       {"\x1B", "\x7F", "\u0085", "\u009B", "\u061C", "\u200E", "\u200F", "\u202A", "\u202E", "\u2066", "\u2069"}) {
    EXPECT_FALSE(is_address("bob"s + bad + "@example.net")) << bad;
    EXPECT_FALSE(is_address("\"bob"s + bad + "\"@example.net")) << bad;
    EXPECT_FALSE(is_address("bob@example"s + bad + ".net")) << bad;
    EXPECT_EQ(addresses("Bob <bob"s + bad + "@example.net>"), "") << bad;
  }
  for (const auto* good : {"\u00A0", "\u00FC", "\u05D0", "\u0627", "\u202F", "\u2065", "\u206A", "\u2029"})
    EXPECT_TRUE(is_address("bob"s + good + "@example.net")) << good;
}

TEST(Address, NamesThatLookAlikeByWhatIsNotSeenAreAlike) {
  for (const auto* name :
       {"B\u200Bob Miller", "Bob\u00AD Miller", "\u202EBob Miller\u202C", "\uFEFFBob\u00A0Miller", "Bob \u3164Miller",
        "B\u200Dob Miller\u2060", "Bob\u2003\u2009Miller\u2800", "Bo\uFE0Fb Miller"})
    EXPECT_EQ(addresses("\""s + name + "\" <m@x>"), "Bob Miller <m@x>") << name;
  for (const auto* name : {"Bob\u00A0\u200DMiller", "\u3000\u200DBob Miller", "Bo\u0085b\u0098 Miller",
                           "Bob \u007FMiller", "Bob\U000E0067 Miller\u200C"})
    EXPECT_EQ(addresses("\""s + name + "\" <m@x>"), "Bob Miller <m@x>") << name;
  for (const auto* joiner : {"\u200D\uFE0F", "\u200C", "\uFE0E", "\U000E0067"})
    for (const std::string front : {"Zoë", "Nguyễn", "Ольга", "O’", "李"})
      EXPECT_EQ(addresses("\"" + front + joiner + " Lind\" <m@x>"), front + " Lind <m@x>") << front;
  for (const auto* name : {"👩‍👩‍👧 Fest", "❤️ Ann", "❤️‍🔥 Ann", "علی‌رضا",
                           "🏴󠁧󠁢󠁥󠁮󠁧󠁿 Tom", "1️⃣ Mara", "නේත්\u200Dරා"})
    EXPECT_EQ(addresses("\""s + name + "\" <m@x>"), name + " <m@x>"s);
  EXPECT_EQ(addresses("\"\u200B\u3164\" <m@x>"), "<m@x>");
}

TEST(Address, ANameThatWasReadReadsAsItself) {
  std::mt19937 random(7);
  const std::u32string_view pieces =
      U"aZ1#' \u0085\u00A0\u00AD\u00EB\u0627\u0DCA\u200B\u200C\u200D\u20E3\u2764\u3000\u3164\uFE0E\uFE0F"
      U"\U0001F3F4\U0001F469\U000E0067\U000E007F";
  for (int round = 0; round < 5000; ++round) {
    std::string name;
    for (auto n = random() % 12; n > 0; --n) utf8_append(name, pieces[random() % pieces.size()]);
    const auto once = parse_addresses("\"" + name + "\" <m@x>");
    EXPECT_EQ(parse_addresses(format_addresses(once)), once) << name;
  }
}

TEST(Address, NamesHaveABound) {
  const auto name = parse_addresses("\"" + std::string(999, 'x') + "äöü\" <m@x>").at(0).name;
  EXPECT_EQ(name, std::string(997, 'x') + "…");
}

TEST(Address, FormatReadsBackTheSame) {
  const std::vector<Address> list = {{"", "a@b.c"},
                                     {"Al Bo", "\"x y\"@b.c"},
                                     {"Müller, Hans (x)", "h@m.de"},
                                     {"q\"u\\o", "q@b.c"},
                                     {"=?utf-8?q?x?=", "w@b.c"},
                                     {"👋 äöü", "e@b.c"},
                                     {"very long " + std::string(300, 'x') + "ä", "l@b.c"}};
  const auto text = format_addresses(list);
  EXPECT_EQ(parse_addresses(text), list);
  EXPECT_TRUE(std::ranges::all_of(text, [](char c) { return c >= ' ' && c < 0x7F; })) << text;
  EXPECT_EQ(format_addresses({{"Al", "a@b.c"}, {"", "d@e.f"}}), "\"Al\" <a@b.c>, d@e.f");
}

TEST(Address, Canonical) {
  EXPECT_EQ(canonical("  Al.Bo@Example.ORG "), "al.bo@example.org");
  EXPECT_EQ(canonical("Ä@MÜLLER.de"), "Ä@xn--mller-kva.de");
  EXPECT_EQ(canonical("al@Xn--Mller-KVA.de"), "al@xn--mller-kva.de");
  EXPECT_EQ(canonical("al@mu\xcc\x88ller.de"), "al@xn--mller-kva.de") << "the mark apart from its letter";
  EXPECT_EQ(canonical("al@\xe4\xbe\x8b\xe3\x81\x88.jp"), "al@xn--r8jz45g.jp");
  EXPECT_EQ(canonical("al@-\xc3\xbc-.de"), "al@-\xc3\xbc-.de") << "no domain";
  EXPECT_EQ(canonical("none"), "none");
}

std::string utc(std::string_view value) {
  const auto time = parse_date(value);
  return time ? to_rfc3339(*time).substr(0, 19) : "none";
}

TEST(Date, FormsOfTheRfc) {
  EXPECT_EQ(utc("Tue, 24 Nov 2026 04:06:42 +0100"), "2026-11-24T03:06:42");
  EXPECT_EQ(utc("24 Nov 2026 04:06 -0330"), "2026-11-24T07:36:00");
  EXPECT_EQ(utc("Tue, 24 Nov 2026 04:06:42 +0000 (UTC)"), "2026-11-24T04:06:42");
  EXPECT_EQ(utc("Fri, 21 Nov 97 09(comment):   55  :  06 -0600"), "1997-11-21T15:55:06");
  EXPECT_EQ(utc("Fri, 21 Nov 97 09:55:06 EST"), "1997-11-21T14:55:06");
  EXPECT_EQ(utc("1 Jan 49 00:00 Z"), "2049-01-01T00:00:00");
  EXPECT_EQ(utc("1 Jan 126 00:00 GMT"), "2026-01-01T00:00:00");
  EXPECT_EQ(utc("Thu, 13 Feb 1969 23:32 -0330"), "1969-02-14T03:02:00");
  EXPECT_EQ(utc("29 Feb 2024 23:59:60 +0000"), "2024-03-01T00:00:00");
}

TEST(Date, FormsThatAreMet) {
  EXPECT_EQ(utc("Tue Nov 24 04:06:42 2026"), "2026-11-24T04:06:42");
  EXPECT_EQ(utc("24-Nov-2026 04:06:42 +0200"), "2026-11-24T02:06:42");
  EXPECT_EQ(utc("Tue,24Nov2026 04:06:42+0100"), "2026-11-24T03:06:42");
  EXPECT_EQ(utc("Tuesday, 24 November 2026 4:06:42 PM +00:30"), "2026-11-24T15:36:42");
  EXPECT_EQ(utc("24 Nov 2026 04:06:42 GMT+0200"), "2026-11-24T02:06:42");
  EXPECT_EQ(utc("24 Nov 2026 04.06.42 CEST"), "2026-11-24T02:06:42");
  EXPECT_EQ(utc("2026-11-24T04:06:42Z"), "2026-11-24T04:06:42");
  EXPECT_EQ(utc("Tue, 24 Nov 2026 04:06:42"), "2026-11-24T04:06:42");
  EXPECT_EQ(utc("2026-11-24 04:06:42 +0100"), "2026-11-24T03:06:42");
  EXPECT_EQ(utc("2026/11/24 04:06:42"), "2026-11-24T04:06:42");
}

TEST(Date, NoDates) {
  for (const auto* bad :
       {"", "garbage", "31 Feb 2026 04:06 Z", "24 Nov 2026", "24 Nov 2026 24:06 Z", "24 Nov 12026 4:06",
        "(24 Nov 2026 04:06 Z", "99999999999 Nov 2026 04:06", "24 Nov 2026 04:99999999999"})
    EXPECT_EQ(utc(bad), "none") << bad;
}

TEST(Date, Format) {
  const auto time = *from_rfc3339("2026-11-24T23:06:42.999Z");
  EXPECT_EQ(format_date(time, std::chrono::minutes(0)), "Tue, 24 Nov 2026 23:06:42 +0000");
  EXPECT_EQ(format_date(time, std::chrono::minutes(90)), "Wed, 25 Nov 2026 00:36:42 +0130");
  EXPECT_EQ(format_date(time, std::chrono::minutes(-210)), "Tue, 24 Nov 2026 19:36:42 -0330");
  EXPECT_EQ(parse_date(format_date(time, std::chrono::minutes(-210))), time - 999);
}

TEST(EncodedWord, Decodes) {
  EXPECT_EQ(decode_words("=?UTF-8?B?w6TD?= =?utf-8?B?tsO8?="), "äöü");  // a character split over two words
  EXPECT_EQ(decode_words("=?utf-8?Q?=C3?= =?utf-8?B?pA==?="), "ä");
  EXPECT_EQ(decode_words("a =?utf-8?Q?b?= c =?utf-8?Q?d?=  =?utf-8?q?_e?=f"), "a b c d ef");
  EXPECT_EQ(decode_words("=?utf-8?Q?a b c?= x"), "a b c x");
  EXPECT_EQ(decode_words("=?utf-8*en?Q?b?="), "b");
  EXPECT_EQ(decode_words("=?utf-8?B?\?="), "");
  EXPECT_EQ(decode_words("=?utf-8?b?w6T?="), "ä");  // padding forgotten
  EXPECT_EQ(decode_words("=?iso-8859-1?Q?=80=E4?= =?koi8-r?B?0NLJ?="), "€äпри");
  EXPECT_EQ(decode_words("=?iso-2022-jp?B?GyRCJDMbKEI=?= =?iso-2022-jp?B?GyRCJHMbKEI=?="), "こん");
  EXPECT_EQ(decode_words("=?x-unknown?Q?a=E4?="), "aä");
  EXPECT_EQ(decode_words("gr\xFC\xDF"
                         "e"),
            "grüße");
}

TEST(EncodedWord, ThatWereCutOff) {
  EXPECT_EQ(decode_words("=?utf-8?Q?Gr=C3=BC=C3=9Fe"), "Grüße");
  EXPECT_EQ(decode_words("=?utf-8?Q?Gr=C3=BC=C3=9Fe? aus"), "Grüße aus");
  EXPECT_EQ(decode_words("=?utf-8?B?R3LDvMOf"), "Grüß");
  EXPECT_EQ(decode_words("=?utf-8?Q?Gr=C3=BC =?utf-8?Q?=C3=9Fe?="), "Grüße");
  EXPECT_EQ(addresses("=?utf-8?Q?Z=C3=B6e <z@x.de>, b@c.d"), "Zöe <z@x.de>|<b@c.d>");
  EXPECT_EQ(addresses("=?utf-8?Q?Z=C3=B6e<z@x.de>"), "Zöe <z@x.de>");
}

TEST(EncodedWord, AnEqualsSignOfTheAuthorsStays) {
  EXPECT_EQ(decode_words("=?utf-8?Q?1 + 1 = 2?="), "1 + 1 = 2");
  EXPECT_EQ(decode_words("=?utf-8?Q?a = be?="), "a = be");
  EXPECT_EQ(decode_words("=?utf-8?Q?a_= 2B?="), "a = 2B");
  EXPECT_EQ(decode_words("=?utf-8?Q?Gr_=\r\n C3=9Cber?="), "Gr Über") << "a folded character";
  EXPECT_EQ(decode_words("=?utf-8?Q?a =C3=9C?="), "a Ü");
  EXPECT_EQ(decode_words("=?utf-8?Q?a =20b?="), "a  b");
}

TEST(EncodedWord, SplitAtAnyOctet) {
  const std::string octets = "\x1B$B$3$s\x1B(B";
  for (std::size_t at = 1; at < octets.size(); ++at) {
    const auto word = [](std::string_view piece) {
      std::string out = "=?iso-2022-jp?q?";
      for (const char c : piece) out += fmt::format("={:02X}", static_cast<unsigned char>(c));
      return out + "?=";
    };
    EXPECT_EQ(decode_words(word(octets.substr(0, at)) + "\r\n " + word(octets.substr(at))), "こん") << at;
  }
  EXPECT_EQ(decode_words("=?gb2312?B?xOM=?= =?GB2312?Q?=BA=C3?="), "你好");
  EXPECT_EQ(decode_words("=?gb2312?Q?=C4=E3=BA?= =?gb2312?B?ww==?="), "你好");
  EXPECT_EQ(decode_words("=?cp50221?B?GyRCLSEbKEI=?="), "①");
  EXPECT_EQ(decode_words("=?hz-gb-2312?Q?~{0!~}?= =?x-mac-greek?Q?=A1?="), "啊Γ");
}

TEST(EncodedWord, RawJapanese) {
  EXPECT_EQ(decode_words("Re: \x1B$B$3$s\x1B(B ok"), "Re: こん ok");
  EXPECT_EQ(addresses("\x1B$B$\"$<\x1B(B <a@b.c>, \x1B$B$(\x1B(B <d@e.f>"), "あぜ <a@b.c>|え <d@e.f>");
}

TEST(EncodedWord, LeavesAloneWhatIsNone) {
  for (const auto* text : {"a =?utf-8?Q?b", "=?utf-8?X?b?=", "=? ?", "=?", "1 =? 2 ?= 3", "=?a b?Q?x?=", "=?utf-8?Q?"})
    EXPECT_EQ(decode_words(text), text);
}

TEST(EncodedWord, OneLineAndNoControlCharacters) {
  EXPECT_EQ(decode_words("=?utf-8?Q?a=0D=0Ab=00c=1Bd?="), "a  b\uFFFDc d");
}

TEST(EncodedWord, EncodeReadsBackTheSame) {
  for (const std::string text :
       {"plain", "", "Grüße", "a ä b", "  ä  ö  ",
        "=?utf-8?q?x?=", "日本語のとても長い件名はここに立っていますから折り返します",
        "👋👋👋👋👋👋👋👋👋👋👋👋👋👋👋👋👋👋👋👋", "Re: [list] naïve question about “quotes” and more words"}) {
    const auto encoded = encode_words(text);
    EXPECT_EQ(decode_words(encoded), text) << encoded;
    for (const auto word : ascii_split(encoded, ' ')) EXPECT_LE(word.size(), 75U) << word;
  }
  EXPECT_EQ(encode_words("Hello Zoë Miller, hi"), "Hello =?utf-8?b?Wm/Dqw==?= Miller, hi");
}

TEST(MessageId, Lists) {
  EXPECT_EQ(parse_message_ids("<a@b>"), Strings{"a@b"});
  EXPECT_EQ(parse_message_ids("<a@b> <c@d>\t<e@f>"), (Strings{"a@b", "c@d", "e@f"}));
  EXPECT_EQ(parse_message_ids("<a@b><c@d>,<e@f>"), (Strings{"a@b", "c@d", "e@f"}));
  EXPECT_EQ(parse_message_ids("(was <x@y>) <chat$1@b> (comment)"), Strings{"chat$1@b"});
  EXPECT_EQ(parse_message_ids(""), Strings{});
  // As Python's library folds long ids.
  EXPECT_EQ(
      parse_message_ids("=?utf-8?q?=3Cchat=24group=2E8lJ423=2Ed1b04782c?=\n =?utf-8?q?1d=40example=2Eorg=3E?= <e@f>"),
      (Strings{"chat$group.8lJ423.d1b04782c1d@example.org", "e@f"}));
  EXPECT_EQ(parse_message_ids("<=?utf-8?q?a?=@b> <c@d>"), (Strings{"=?utf-8?q?a?=@b", "c@d"}));
}

TEST(MessageId, BrokenOnes) {
  EXPECT_EQ(parse_message_ids("<a@b <c@d>"), (Strings{"a@b", "c@d"}));
  EXPECT_EQ(parse_message_ids("<a@b c@d>"), (Strings{"a@b", "c@d"}));
  EXPECT_EQ(parse_message_ids("<a@b"), Strings{"a@b"});
  EXPECT_EQ(parse_message_ids("a@b> c@d"), (Strings{"a@b", "c@d"}));
  EXPECT_EQ(parse_message_ids("<very long id@folded .example>"), Strings{"verylongid@folded.example"});
  EXPECT_EQ(parse_message_ids("Your message of \"Tue, 24 Nov\" <a@b>"), Strings{"a@b"});
  EXPECT_EQ(parse_message_ids("<no-at-sign>"), Strings{"no-at-sign"});
  EXPECT_EQ(parse_message_ids("<>(<("), Strings{});
  EXPECT_EQ(parse_message_ids("<" + std::string(2000, 'a') + "@b> <c@d>"), Strings{"c@d"});
  EXPECT_EQ(format_message_ids({"a@b", "c@d"}), "<a@b> <c@d>");
}

TEST(Filename, IsSafe) {
  EXPECT_EQ(safe_filename("../../etc/passwd"), "passwd");
  EXPECT_EQ(safe_filename("C:\\temp\\a.txt"), "a.txt");
  EXPECT_EQ(safe_filename(".."), "");
  EXPECT_EQ(safe_filename("a/"), "a");
  EXPECT_EQ(safe_filename("../a.pdf\\/ "), "a.pdf");
  EXPECT_EQ(safe_filename("/"), "");
  EXPECT_EQ(safe_filename("a\n\x01\x7F\xC2\x85"
                          "b "),
            "ab");
  EXPECT_EQ(safe_filename("cod\u202Etxt.exe"), "codtxt.exe");  // would read "codexe.txt"
  EXPECT_EQ(safe_filename(std::string(300, 'a') + ".jpeg"), std::string(195, 'a') + ".jpeg");
  EXPECT_EQ(safe_filename("bö.txt. "), "bö.txt");
}

std::string folded(std::string name, std::string value) {
  return format_field({std::move(name), std::move(value)}).value();
}

TEST(HeaderField, FoldsAtSpaces) {
  EXPECT_EQ(folded("Subject", "Hi"), "Subject: Hi\r\n");
  std::string words;
  for (int i = 0; i < 40; ++i) words += "word" + std::to_string(i) + " ";
  words.pop_back();
  const auto text = folded("Subject", words);
  for (const auto line : ascii_split(text, '\n')) EXPECT_LE(line.size(), 79U) << line;
  EXPECT_EQ(parse_field(text)->value, words);
}

TEST(HeaderField, EncodesAndBreaks) {
  EXPECT_EQ(decode_words(parse_field(folded("Subject", "äöü " + std::string(2000, 'x') + " end"))->value),
            "äöü " + std::string(2000, 'x') + " end");
  EXPECT_EQ(folded("To", "Zoë <z@x.de>"), "To: =?utf-8?b?Wm/Dqw==?= <z@x.de>\r\n");
  const auto key = "addr=a@b; keydata=" + std::string(3000, 'k');
  auto text = folded("Autocrypt", key);
  for (const auto line : ascii_split(text, '\n')) EXPECT_LE(line.size(), 79U) << line;
  auto value = parse_field(text)->value;
  std::erase(value, ' ');
  EXPECT_EQ(value, "addr=a@b;keydata=" + std::string(3000, 'k'));
}

TEST(HeaderField, RefusesWhatWouldForgeAnother) {
  for (const Header& bad : {Header{"Subject", "a\r\nBcc: x@y"}, Header{"Subject", "a\0b"s}, Header{"", "a"},
                            Header{"Sub ject", "a"}, Header{"Sub:ject", "a"}, Header{"Sübject", "a"}})
    EXPECT_EQ(format_field(bad).error().kind(), ErrorKind::invalid) << bad.name;
}

TEST(HeaderField, Blocks) {
  const auto blocks = parse_field_blocks("A: 1\r\n b\r\nB: 2\r\n\r\n\r\nnothing\r\nC: 3");
  ASSERT_EQ(blocks.size(), 2U);
  EXPECT_EQ(blocks[0], (std::vector<Header>{{"A", "1 b"}, {"B", "2"}}));
  EXPECT_EQ(blocks[1], (std::vector<Header>{{"C", "3"}}));
}

}  // namespace
}  // namespace coi::mime
