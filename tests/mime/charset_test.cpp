// Charsets as mail names and uses them.
#include "mime/charset.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/utf8.h"

namespace coi::mime {
namespace {

using namespace std::literals;

TEST(Charset, Utf8) {
  EXPECT_EQ(valid_utf8("\xC0\xAF"), "À¯");            // overlong
  EXPECT_EQ(valid_utf8("\xED\xA0\x80"), "í\u00A0€");  // a surrogate
  EXPECT_EQ(valid_utf8("\xF0\x9F\x91\x8B"), "👋");
  EXPECT_EQ(valid_utf8("\xE2\x82"), "â‚");
}

TEST(Charset, JapaneseWithWhatMicrosoftAdded) {
  // NEC's row 13 and its copy of IBM's characters in row 89, which RFC 1468 does not know.
  for (const auto* label : {"iso-2022-jp", "ISO-2022-JP-MS", "cp50220", "cp50221", "windows-50221", "CP50222",
                            "csISO2022JP", "iso-2022-jp-1", "iso-2022-jp-3", "x-iso-2022-jp"})
    EXPECT_EQ(to_utf8("\x1B$B-!-j$\"\x1B(B (\x1B$Byu\x1B(B)", label), "①㈱あ (﨑)") << label;
  EXPECT_EQ(to_utf8("\x87\x40\xED\x95", "shift_jis"), "①﨑");
  EXPECT_EQ(to_utf8("\xAD\xA1\x8E\xB1", "euc-jp"), "①ｱ");
}

TEST(Charset, HalfWidthKatakana) {
  EXPECT_EQ(to_utf8("\x1B(I6@61E\x1B(B!", "iso-2022-jp"), "ｶﾀｶｱﾅ!");
  EXPECT_EQ(to_utf8("a\x0E"
                    "6@\x0F"
                    "b",
                    "iso-2022-jp"),
            "aｶﾀb");
  EXPECT_EQ(to_utf8("\xB6\xC0 \x1B$B$\"\x1B(B", "iso-2022-jp"), "ｶﾀ あ");
}

TEST(Charset, JapaneseExtensions) {
  EXPECT_EQ(to_utf8("\x1B$(D0!\x1B(B", "iso-2022-jp-1"), "丂");                     // JIS X 0212
  EXPECT_EQ(to_utf8("\x1B$A0!\x1B$(C0!\x1B(B", "iso-2022-jp-2"), "啊가");           // RFC 1554
  EXPECT_EQ(to_utf8("\x1B$B$3\x1B$B\x1B(J\\\x1B(B", "iso-2022-jp"), "こ\\");        // JIS X 0201
  EXPECT_EQ(to_utf8("\x1B$B$3\nabc \x1B$B$s\x1B(B", "iso-2022-jp"), "こ\nabc ん");  // each line begins in ASCII
  EXPECT_EQ(to_utf8("\x1B$B$3$", "iso-2022-jp"), "こ\uFFFD");
}

TEST(Charset, JapaneseThatSaysNothing) {
  for (const auto* label : {"", "us-ascii", "utf-8", "iso-8859-1", "x-unknown"})
    EXPECT_EQ(to_utf8("\x1B$B$3$s\x1B(B", label), "こん") << label;
  EXPECT_EQ(to_utf8("\x1B[1mbold", ""), "\x1B[1mbold");
}

TEST(Charset, KoreanAndChineseIn7Bits) {
  EXPECT_EQ(to_utf8("\x1B$)C\x0E"
                    "0!\x0F ok\n\x0E"
                    "0!\x0F",
                    "iso-2022-kr"),
            "가 ok\n가");
  EXPECT_EQ(to_utf8("\x0E"
                    "0!\x0F",
                    "ISO-2022-KR"),
            "가");
  EXPECT_EQ(to_utf8("~{0!~} 50~~ a~\nb", "hz-gb-2312"), "啊 50~ ab");
  EXPECT_EQ(to_utf8("~{0!0!\nnext", "HZ"), "啊啊\nnext");
}

TEST(Charset, Wide) {
  EXPECT_EQ(to_utf8("\xFF\xFEH\0\xFC\0"s, "utf-16"), "Hü");
  EXPECT_EQ(to_utf8("\xFE\xFF\0H\0\xFC"s, "utf-16"), "Hü");
  EXPECT_EQ(to_utf8("H\0i\0 \0\xFC\0"s, "utf-16"), "Hi ü");  // no mark: by its zeros
  EXPECT_EQ(to_utf8("\0H\0i\0 \0\xFC"s, "utf-16"), "Hi ü");
  EXPECT_EQ(to_utf8("O`Y}", "utf-16be"), "你好");
  EXPECT_EQ(to_utf8("Hi you\n", "utf-16be"), "Hi you\n");  // somebody converted it and left the label
  EXPECT_EQ(to_utf8("H\0\xFC\0"s, "utf-16le"), "Hü");
  EXPECT_EQ(to_utf8("\0H\0\xFC"s, "UTF-16BE"), "Hü");
  EXPECT_EQ(to_utf8("\xFF\xFEH\0"s, "utf-16be"), "H");  // the mark says more
  EXPECT_EQ(to_utf8("=\xD8K\xDC"s, "utf-16le"), "👋");
  EXPECT_EQ(to_utf8("a\0=\xD8 b\0"s, "utf-16le"), "a\uFFFD戠\uFFFD");
  EXPECT_EQ(to_utf8("a\0=\xD8 \0b\0"s, "utf-16le"), "a\uFFFD b");  // half a pair costs itself
  EXPECT_EQ(to_utf8("a\0b"s, "utf-16le"), "a\uFFFD");
  EXPECT_EQ(to_utf8("a\0\0\0b\0"s, "utf-16le"),
            "a\uFFFD"
            "b");
  EXPECT_EQ(to_utf8("\xFF\xFE\0\0H\0\0\0"s, "utf-32"), "H");
  EXPECT_EQ(to_utf8("\0\x01\xF4\x4B\xFF\xFF\xFF\xFF\0\0\0!"s, "utf-32be"), "👋\uFFFD!");
  EXPECT_EQ(to_utf8("plain ü", "utf-16"), "plain ü");
  EXPECT_EQ(to_utf8("\0H"s, "unicode"), "H");
  for (const auto* label : {"", "utf-8", "iso-8859-1"}) EXPECT_EQ(to_utf8("\xFF\xFEH\0\xFC\0"s, label), "Hü") << label;
  EXPECT_EQ(to_utf8("H\0"s, "cp1200"), "H");
}

TEST(Charset, Utf7) {
  EXPECT_EQ(to_utf8("Gr+APwA3w-e 1 +- 1", "utf-7"), "Grüße 1 + 1");
  EXPECT_EQ(to_utf8("Gr+APwA3w-e", "unicode-1-1-utf-7"), "Grüße");
}

TEST(Charset, Macintosh) {
  for (const auto* label : {"macintosh", "x-mac-roman", "MacRoman", "x-macroman", "mac", "Apple-Macintosh"})
    EXPECT_EQ(to_utf8("\x8A\xA7\xDB", label), "äß€") << label;
  EXPECT_EQ(to_utf8("\x8E\x9E\x8B", "x-mac-ce"), "éěč");
  EXPECT_EQ(to_utf8("\x8E\x9E\x8B", "x-mac-centraleurroman"), "éěč");
  EXPECT_EQ(to_utf8("\x8F\xF0\xE8\xE2\xE5\xF2", "x-mac-cyrillic"), "Привет");
  EXPECT_EQ(to_utf8("\xA1\xE1", "x-mac-greek"), "Γα");
  EXPECT_EQ(to_utf8("\xDA\xDD\xDF", "x-mac-turkish"), "Ğış");
  EXPECT_EQ(to_utf8("\xA9\xB9\xF0", "x-mac-croatian"), "Ššđ");
  EXPECT_EQ(to_utf8("\xAF\xBF\xDE", "x-mac-romanian"), "ȘșȚ");
  EXPECT_EQ(to_utf8("\xDC\xDE\xA0", "x-mac-icelandic"), "ÐÞÝ");
}

TEST(Charset, LabelsAsTheyAreWritten) {
  for (const auto* label : {"iso-8859-1",
                            "_iso-8859-1",
                            "ISO8859_1",
                            "'iso-8859-1'",
                            "\"iso-8859-1",
                            "iso-8859-1;",
                            "x-iso-8859-1",
                            "iso-8859-1 (Western)",
                            "ISO_8859-1:1987",
                            "8859-1",
                            "8859-1:1987",
                            "x-iso-8859-1:1998",
                            "ISO-8859-1-Windows-3.1-Latin-1",
                            "ISO885911987",
                            "latin1",
                            "cp1252",
                            "Windows 1252",
                            "x-cp1252",
                            "win-1252",
                            "ibm819",
                            "charset=iso-8859-1",
                            "iso-8859-1 format=flowed"})
    EXPECT_EQ(to_utf8("\xC3\xBC\xFC\x80", label), "Ã¼ü€") << label;
  for (const auto* label :
       {"utf-8", "UTF8", "utf_8", "'utf-8'", "x-utf-8", "utf-8\"", "unicode-1-1-utf-8", "cp65001", "unknown-8bit",
        "x-user-defined", "default", "none", "ansi_latin1", "windows-1252http-equivContent-Type"})
    EXPECT_EQ(to_utf8("\xC3\xBC\xFC\xFC", label), "üüü") << label;
  for (const auto* label : {"windows-1251", "cp1251", "win1251", "x-cp1251", "microsoft-cp1251", "ibm-1251",
                            "'windows-1251'", "_windows-1251", "MS-1251"})
    EXPECT_EQ(to_utf8("\xCF\xF0\xE8\xE2\xE5\xF2", label), "Привет") << label;
  for (const auto* label : {"iso-8859-2", "ISO_8859-2:1987", "_iso-8859-2", "iso8859-2", "8859-2", "latin2",
                            "\"iso-8859-2\"", "x-iso-8859-2"})
    EXPECT_EQ(to_utf8("\xB1\xE6", label), "ąć") << label;
  for (const auto* label : {"ibm850", "cp850", "cp-850", "dos-850", "ibm-850"})
    EXPECT_EQ(to_utf8("\x81\xE1", label), "üß") << label;
  for (const auto* label : {"gb2312", "gbk", "x-gbk", "cp936", "euc-cn", "gb18030", "chinese"})
    EXPECT_EQ(to_utf8("\xC4\xE3\xBA\xC3", label), "你好") << label;
  for (const auto* label : {"euc-kr", "ks_c_5601-1987", "ksc5601", "cp949", "x-windows-949", "korean"})
    EXPECT_EQ(to_utf8("\xB0\xA1\x81\x41", label), "가갂") << label;
  for (const auto* label : {"shift_jis", "shift-jis", "sjis", "x-sjis", "ms932", "windows-31j", "cp932", "ms_kanji"})
    EXPECT_EQ(to_utf8("\x82\xB1\x82\xF1", label), "こん") << label;
  EXPECT_EQ(to_utf8("\xD0\xD2\xC9", "koi8-ru"), "при");
  EXPECT_EQ(to_utf8("\xA1", "tis-620"), "ก");
  EXPECT_EQ(to_utf8("\xA4\xA4", "big5"), "中");
}

TEST(Charset, TheFirstOfTwoLabelsCounts) {
  for (const auto* label : {"windows-1251 charset=iso-8859-1", "windows-1251 (iso-8859-1)", "cp1251 iso-8859-5"})
    EXPECT_EQ(to_utf8("\xCF\xF0\xE8", label), "При") << label;
  EXPECT_EQ(to_utf8("\xC4\xE9", "big5 (iso-8859-1)"), to_utf8("\xC4\xE9", "big5"));
}

TEST(Charset, LabelsThatWouldLeadAstray) {
  for (const auto* label : {"wchar_t", "internal", "utf-8//translit", "../../etc/passwd", "utf-8\0x", "\xFF", "x-",
                            "x-x-x-", "cp", "iso-8859-", "cp99999999999999"})
    EXPECT_EQ(to_utf8("a\xC3\xBC", label), "aü") << label;
  EXPECT_EQ(to_utf8("a", std::string(100000, 'x')), "a");
}

TEST(Charset, Utf8ThatSaysSomethingElse) {
  for (const auto* label :
       {"iso-8859-1", "windows-1252", "us-ascii", "iso-8859-15", "windows-1251", "koi8-r", "macintosh"})
    EXPECT_EQ(to_utf8("Grüße, Größe", label), "Grüße, Größe") << label;
  EXPECT_EQ(to_utf8("谢谢你的邮件，我们明天见", "gb2312"), "谢谢你的邮件，我们明天见");
  EXPECT_EQ(to_utf8("ありがとうございます", "iso-8859-1"), "ありがとうございます");
  EXPECT_EQ(to_utf8("ありがとう", "iso-2022-jp"), "ありがとう");
  // One bad octet only costs itself, in both directions.
  EXPECT_EQ(to_utf8("Grüße, größer, müde, schön, süß \xE4", "iso-8859-1"), "Grüße, größer, müde, schön, süß ä");
  EXPECT_EQ(to_utf8("Grüße \xFC schön", "utf-8"), "Grüße ü schön");
  EXPECT_EQ(to_utf8("Gr\xFC\xDF"
                    "e",
                    "utf-8"),
            "Grüße");
  EXPECT_EQ(to_utf8("\xC3\x96sterreich und \xD6sterreich, \xFC\xFC\xFC", "iso-8859-1"),
            "Ã–sterreich und Österreich, üüü");
  // A text that is short may be UTF-8 by chance.
  EXPECT_EQ(to_utf8("\xC5\xA3", "koi8-r"), "её");
}

// Any octets in any charset.
TEST(Charset, NeverInvalidNeverNul) {
  std::mt19937 random(5);
  const std::string_view pieces[] = {"\x1B$B",     "\x1B(I", "\x1B(B", "\x1B$(D", "\x1B$A", "\x0E", "\x0F",
                                     "~{",         "~}",     "~",      "\n",      "$",      "0!",   "\0"sv,
                                     "\xFF\xFE"sv, "\xD8"sv, "\xDC"sv, "+AA-",    "\xC3",   "\xA4", "\xE2\x82\xAC"};
  for (const auto* label :
       {"",         "utf-8",       "latin1",        "koi8-r",      "gb18030",     "big5",  "shift_jis", "euc-jp",
        "euc-kr",   "iso-2022-jp", "iso-2022-jp-2", "iso-2022-kr", "iso-2022-cn", "hz",    "utf-7",     "utf-16",
        "utf-16le", "utf-32",      "x-mac-greek",   "macintosh",   "utf-7-imap",  "ibm037"})
    for (int round = 0; round < 300; ++round) {
      std::string octets;
      for (auto n = random() % 30; n > 0; --n)
        octets += random() % 4 == 0 ? std::string(1, static_cast<char>(random()))
                                    : std::string(pieces[random() % std::size(pieces)]);
      const auto text = to_utf8(octets, label);
      for (std::string_view rest = text; !rest.empty();) {
        const auto length = utf8_sequence(rest);
        ASSERT_GT(length, 0U) << label;
        ASSERT_NE(rest.front(), '\0') << label;
        rest.remove_prefix(length);
      }
    }
}

// Work that grows with the square of the size would run into the time limit of the test.
TEST(Charset, TakesTimeInProportion) {
  const auto repeated = [](std::string_view piece) {
    std::string text;
    while (text.size() < 1'000'000) text += piece;
    return text;
  };
  for (const auto& [piece, label] :
       std::initializer_list<std::pair<std::string_view, const char*>>{{"\x1B$B$3\x1B(B", "iso-2022-jp"},
                                                                       {"\x1B$(D0!", "iso-2022-jp"},
                                                                       {"\x1B$A0!\x1B(B", "iso-2022-jp-2"},
                                                                       {"\x1B", "iso-2022-jp"},
                                                                       {"\x0E", "iso-2022-kr"},
                                                                       {"~{", "hz"},
                                                                       {"~", "hz"},
                                                                       {"\xFF", "shift_jis"},
                                                                       {"\xFF", "utf-7"},
                                                                       {"\xFF\xFF"sv, "utf-32"},
                                                                       {"\xC3", "koi8-r"},
                                                                       {"\xD8", "utf-16be"}})
    EXPECT_FALSE(to_utf8(repeated(piece), label).empty()) << label;
}

// "เขตแดน" is two characters of UTF-8, too.
TEST(Charset, ShortThaiIsNoUtf8) {
  EXPECT_EQ(to_utf8("\xE0\xA2\xB5\xE1\xB4\xB9", "tis-620"), "เขตแดน");
  EXPECT_EQ(to_utf8("\xE0\xB9\xBB\xD2\xC5", "tis-620"), "เนปาล");
}

TEST(Charset, Utf8ThatSaysThai) {
  for (const auto* label : {"tis-620", "windows-874", "iso-8859-11", "x-mac-thai"})
    for (const auto* text : {"สวัสดี", "ไป", "Tom 😀 มาแล้ว", "พรุ่งนี้เจอกัน – 12:00"})
      EXPECT_EQ(to_utf8(text, label), text) << label;
}

TEST(Charset, HalfACharacterCostsItselfAlone) {
  EXPECT_EQ(to_utf8("Caf\xE9"
                    "2",
                    "gb2312"),
            "Caf\uFFFD2");
}

TEST(Charset, AnEscapeAmidUtf8CostsItselfAlone) {
  EXPECT_EQ(to_utf8("\xC3\xBC \x1B$B$3\x1B(B", "utf-8"), "ü \x1B$B$3\x1B(B");
}

}  // namespace
}  // namespace coi::mime
