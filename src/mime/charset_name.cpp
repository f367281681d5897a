#include "mime/charset_name.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/ascii.h"

namespace coi::mime {
namespace {

// Apple's sets that glibc's iconv does not know, or knows only in part.
constexpr std::u16string_view mac_greek =
    u"Ä¹²É³ÖÜ΅àâä΄¨çéèêë£™îï•½‰ôö¦€ùûü"
    u"†ΓΔΘΛΞΠß®©ΣΪ§≠°·Α±≤≥¥ΒΕΖΗΙΚΜΦΫΨΩ"
    u"άΝ¬ΟΡ≈Τ«»…\u00A0ΥΧΆΈœ–―“”‘’÷ΉΊΌΎέήίόΏ"
    u"ύαβψδεφγηιξκλμνοπώρστθωςχυζϊϋΐΰ\u00AD";
constexpr std::u16string_view mac_turkish =
    u"ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü"
    u"†°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø"
    u"¿¡¬√ƒ≈∆«»…\u00A0ÀÃÕŒœ–—“”‘’÷◊ÿŸĞğİıŞş"
    u"‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uF8FFÒÚÛÙ\uF8A0ˆ˜¯˘˙˚¸˝˛ˇ";
constexpr std::u16string_view mac_croatian =
    u"ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü"
    u"†°¢£§•¶ß®Š™´¨≠ŽØ∞±≤≥∆µ∂∑∏š∫ªºΩžø"
    u"¿¡¬√ƒ≈Ć«Č…\u00A0ÀÃÕŒœĐ—“”‘’÷◊\uF8FF©⁄€‹›Æ»"
    u"–·‚„‰ÂćÁčÈÍÎÏÌÓÔđÒÚÛÙıˆ˜¯πË˚¸Êæˇ";
constexpr std::u16string_view mac_romanian =
    u"ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü"
    u"†°¢£§•¶ß®©™´¨≠ĂȘ∞±≤≥¥µ∂∑∏π∫ªºΩăș"
    u"¿¡¬√ƒ≈∆«»…\u00A0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€‹›Țț"
    u"‡·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uF8FFÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";
constexpr std::u16string_view mac_icelandic =
    u"ÄÅÇÉÑÖÜáàâäãåçéèêëíìîïñóòôöõúùûü"
    u"Ý°¢£§•¶ß®©™´¨≠ÆØ∞±≤≥¥µ∂∑∏π∫ªºΩæø"
    u"¿¡¬√ƒ≈∆«»…\u00A0ÀÃÕŒœ–—“”‘’÷◊ÿŸ⁄€ÐðÞþ"
    u"ý·‚„‰ÂÊÁËÈÍÎÏÌÓÔ\uF8FFÒÚÛÙıˆ˜¯˘˙˚¸˝˛ˇ";

static_assert(std::ranges::all_of(std::array{mac_greek, mac_turkish, mac_croatian, mac_romanian, mac_icelandic},
                                  [](auto table) { return table.size() == 128; }));

struct Known {
  std::string_view letters;  // of the label, lower case, letters and digits alone
  CharsetKind kind;
  std::string_view iconv = {};
  std::u16string_view table = {};
  OctetOrder order = OctetOrder::unknown;
};

using enum CharsetKind;

// Sorted by `letters`.
constexpr Known known[] = {
    {"7bit", utf8},
    {"8bit", utf8},
    {"ansi", utf8},
    {"ansix34", utf8},
    {"ansix341968", utf8},
    {"applemacintosh", one_octet, "macintosh"},
    {"applemacroman", one_octet, "macintosh"},
    {"ascii", utf8},
    {"big5", octets, "big5-hkscs"},
    {"big5eten", octets, "big5-hkscs"},
    {"big5hkscs", octets, "big5-hkscs"},
    {"big5tw", octets, "big5-hkscs"},
    {"big5x", octets, "big5-hkscs"},
    {"bigfive", octets, "big5-hkscs"},
    {"binary", utf8},
    {"chinese", octets, "gb18030"},
    {"chinesesimp", octets, "gb18030"},
    {"cnbig5", octets, "big5-hkscs"},
    {"cngb", octets, "gb18030"},
    {"csascii", utf8},
    {"csbig5", octets, "big5-hkscs"},
    {"cseuckr", octets, "cp949"},
    {"cseucpkdfmtjapanese", octets, "euc-jp-ms"},
    {"csgb2312", octets, "gb18030"},
    {"csgb231280", octets, "gb18030"},
    {"csiso2022jp", iso_2022_jp},
    {"csiso2022jp2", iso_2022_jp},
    {"csiso2022kr", iso_2022_kr},
    {"csisolatin1", windows_1252},
    {"csjisencoding", iso_2022_jp},
    {"cskoi8r", one_octet, "koi8-r"},
    {"csksc56011987", octets, "cp949"},
    {"csmacintosh", one_octet, "macintosh"},
    {"csshiftjis", octets, "cp932"},
    {"cstis620", thai, "windows-874"},
    {"csunicode", utf16},
    {"csutf16", utf16},
    {"csutf7", octets, "utf-7"},
    {"csutf8", utf8},
    {"cswindows31j", octets, "cp932"},
    {"default", utf8},
    {"euccn", octets, "gb18030"},
    {"eucjp", octets, "euc-jp-ms"},
    {"eucjpms", octets, "euc-jp-ms"},
    {"eucjpwin", octets, "euc-jp-ms"},
    {"euckr", octets, "cp949"},
    {"eucn", octets, "gb18030"},
    {"gb18030", octets, "gb18030"},
    {"gb180302000", octets, "gb18030"},
    {"gb2312", octets, "gb18030"},
    {"gb23121980", octets, "gb18030"},
    {"gb231280", octets, "gb18030"},
    {"gb2312gbk", octets, "gb18030"},
    {"gbk", octets, "gb18030"},
    {"hebrew", one_octet, "windows-1255"},
    {"hz", hz},
    {"hzgb", hz},
    {"hzgb2312", hz},
    {"iso10646", utf16},
    {"iso10646ucs2", utf16},
    {"iso10646ucs4", utf32},
    {"iso10646utf8", utf8},
    {"iso2022jp", iso_2022_jp},
    {"iso2022jp1", iso_2022_jp},
    {"iso2022jp2", iso_2022_jp},
    {"iso2022jp2004", iso_2022_jp},
    {"iso2022jp3", iso_2022_jp},
    {"iso2022jpext", iso_2022_jp},
    {"iso2022jpkana", iso_2022_jp},
    {"iso2022jpmobile", iso_2022_jp},
    {"iso2022jpms", iso_2022_jp},
    {"iso2022kr", iso_2022_kr},
    {"iso646irv1991", utf8},
    {"iso646us", utf8},
    {"iso885911987", windows_1252},
    {"isoir100", windows_1252},
    {"isolatin1", windows_1252},
    {"jis", iso_2022_jp},
    {"jis7", iso_2022_jp},
    {"jis8", iso_2022_jp},
    {"jisencoding", iso_2022_jp},
    {"koi", one_octet, "koi8-r"},
    {"koi8", one_octet, "koi8-r"},
    {"koi8r", one_octet, "koi8-r"},
    {"koi8ru", one_octet, "koi8-u"},
    {"koi8u", one_octet, "koi8-u"},
    {"korean", octets, "cp949"},
    {"ks5601", octets, "cp949"},
    {"ksc5601", octets, "cp949"},
    {"ksc56011987", octets, "cp949"},
    {"ksc56011989", octets, "cp949"},
    {"ksc5601utf", octets, "cp949"},
    {"kscseuckr", octets, "cp949"},
    {"latin", windows_1252},
    {"latin1", windows_1252},
    {"latin2", one_octet, "iso-8859-2"},
    {"latin5", one_octet, "windows-1254"},
    {"latin9", one_octet, "iso-8859-15"},
    {"logical", one_octet, "windows-1255"},
    {"mac", one_octet, "macintosh"},
    {"macarabic", one_octet, "iso-8859-6"},
    {"macce", one_octet, "mac-centraleurope"},
    {"maccentraleurope", one_octet, "mac-centraleurope"},
    {"maccentraleuropean", one_octet, "mac-centraleurope"},
    {"maccentraleurroman", one_octet, "mac-centraleurope"},
    {"macchinesesimp", octets, "gb18030"},
    {"macchinesetrad", octets, "big5-hkscs"},
    {"maccroatian", table, "", mac_croatian},
    {"maccyrillic", one_octet, "mac-cyrillic"},
    {"maceastern", one_octet, "mac-centraleurope"},
    {"macfarsi", one_octet, "iso-8859-6"},
    {"macgreek", table, "", mac_greek},
    {"machebrew", one_octet, "windows-1255"},
    {"maciceland", table, "", mac_icelandic},
    {"macicelandic", table, "", mac_icelandic},
    {"macintosh", one_octet, "macintosh"},
    {"macjapanese", octets, "cp932"},
    {"mackorean", octets, "cp949"},
    {"maclatin2", one_octet, "mac-centraleurope"},
    {"macosroman", one_octet, "macintosh"},
    {"macroman", one_octet, "macintosh"},
    {"macromania", table, "", mac_romanian},
    {"macromanian", table, "", mac_romanian},
    {"macthai", thai, "windows-874"},
    {"macturkish", table, "", mac_turkish},
    {"macukraine", one_octet, "mac-uk"},
    {"macukrainian", one_octet, "mac-uk"},
    {"msansi", windows_1252},
    {"mskanji", octets, "cp932"},
    {"none", utf8},
    {"null", utf8},
    {"shiftjis", octets, "cp932"},
    {"shiftjisx0208", octets, "cp932"},
    {"sjis", octets, "cp932"},
    {"thai", thai, "windows-874"},
    {"thai8", thai, "windows-874"},
    {"tis620", thai, "windows-874"},
    {"tis6200", thai, "windows-874"},
    {"ucs2", utf16},
    {"ucs2be", utf16, "", {}, OctetOrder::big},
    {"ucs2le", utf16, "", {}, OctetOrder::little},
    {"ucs4", utf32},
    {"ucs4be", utf32, "", {}, OctetOrder::big},
    {"ucs4le", utf32, "", {}, OctetOrder::little},
    {"uhc", octets, "cp949"},
    {"ujis", octets, "euc-jp-ms"},
    {"undefined", utf8},
    {"unicode", utf16},
    {"unicode11utf7", octets, "utf-7"},
    {"unicode11utf8", utf8},
    {"unicode20utf7", octets, "utf-7"},
    {"unicodebig", utf16, "", {}, OctetOrder::big},
    {"unicodelittle", utf16, "", {}, OctetOrder::little},
    {"unknown", utf8},
    {"unknown8bit", utf8},
    {"unspecified", utf8},
    {"usascii", utf8},
    {"userdefined", utf8},
    {"utf", utf8},
    {"utf16", utf16},
    {"utf16be", utf16, "", {}, OctetOrder::big},
    {"utf16bom", utf16},
    {"utf16le", utf16, "", {}, OctetOrder::little},
    {"utf32", utf32},
    {"utf32be", utf32, "", {}, OctetOrder::big},
    {"utf32le", utf32, "", {}, OctetOrder::little},
    {"utf7", octets, "utf-7"},
    {"utf7imap", octets, "utf-7"},
    {"utf8", utf8},
    {"utf8bom", utf8},
    {"utf8mb4", utf8},
    {"utf8n", utf8},
    {"visual", one_octet, "windows-1255"},
    {"windows31j", octets, "cp932"},
};
static_assert(std::ranges::is_sorted(known, {}, &Known::letters));

// Microsoft's numbers, with any word before them. Others are iconv's "CP" and number.
constexpr std::pair<unsigned, Known> code_pages[] = {
    {367, {"", utf8}},
    {819, {"", windows_1252}},
    {874, {"", thai, "windows-874"}},
    {932, {"", octets, "cp932"}},
    {936, {"", octets, "gb18030"}},
    {943, {"", octets, "cp932"}},
    {949, {"", octets, "cp949"}},
    {950, {"", octets, "big5-hkscs"}},
    {1200, {"", utf16, "", {}, OctetOrder::little}},
    {1201, {"", utf16, "", {}, OctetOrder::big}},
    {1252, {"", windows_1252}},
    {10000, {"", one_octet, "macintosh"}},
    {12000, {"", utf32, "", {}, OctetOrder::little}},
    {12001, {"", utf32, "", {}, OctetOrder::big}},
    {20127, {"", utf8}},
    {20866, {"", one_octet, "koi8-r"}},
    {21866, {"", one_octet, "koi8-u"}},
    {20932, {"", octets, "euc-jp-ms"}},
    {28591, {"", windows_1252}},
    {50220, {"", iso_2022_jp}},
    {50221, {"", iso_2022_jp}},
    {50222, {"", iso_2022_jp}},
    {50225, {"", iso_2022_kr}},
    {51932, {"", octets, "euc-jp-ms"}},
    {51949, {"", octets, "cp949"}},
    {52936, {"", hz}},
    {54936, {"", octets, "gb18030"}},
    {65000, {"", octets, "utf-7"}},
    {65001, {"", utf8}},
};

// The parts of ISO 8859 that are read as something larger. Others are iconv's "ISO-8859-" and number.
constexpr std::pair<unsigned, Known> iso_8859_parts[] = {
    {1, {"", windows_1252}},
    {8, {"", one_octet, "windows-1255"}},
    {9, {"", one_octet, "windows-1254"}},
    {11, {"", thai, "windows-874"}},
};

CharsetName named(const Known& one) {
  return {.kind = one.kind, .iconv = std::string(one.iconv), .table = one.table, .order = one.order};
}

std::optional<CharsetName> by_number(std::string_view digits, std::span<const std::pair<unsigned, Known>> numbers,
                                     std::string_view others) {
  const auto number = ascii_number<unsigned>(digits);
  if (!number) return std::nullopt;
  for (const auto& [one, meant] : numbers)
    if (one == *number) return named(meant);
  return CharsetName{.kind = one_octet, .iconv = fmt::format("{}{}", others, digits)};
}

std::optional<CharsetName> find_known(std::string_view letters) {
  const auto* found = std::ranges::lower_bound(known, letters, {}, &Known::letters);
  if (found != std::end(known) && found->letters == letters) return named(*found);
  for (const std::string_view word : {"cp", "windows", "win", "ibmcp", "ibm", "microsoftcp", "ms", "dos", "codepage"})
    if (letters.starts_with(word) && letters.size() > word.size())
      if (auto page = by_number(letters.substr(word.size()), code_pages, "CP")) return page;
  return std::nullopt;
}

// By the number of the part; a year ("ISO_8859-2:1987") or a direction ("-8-I") may stand behind it.
std::optional<CharsetName> find_iso_8859(std::string_view label) {
  constexpr std::string_view standard = "8859";
  constexpr std::array<std::string_view, 8> before = {"", "iso", "x", "xiso", "cs", "csiso", "charset", "charsetiso"};
  const auto at = label.find(standard);
  if (at == std::string_view::npos) return std::nullopt;
  if (std::ranges::find(before, ascii_letters_and_digits(label.substr(0, at))) == before.end()) return std::nullopt;
  label.remove_prefix(at + standard.size());
  while (!label.empty() && !ascii_alnum(label.front())) label.remove_prefix(1);
  const auto end = std::ranges::find_if_not(label, ascii_digit);
  std::string_view digits(label.begin(), end);
  constexpr unsigned most_parts = 16;
  digits = digits.substr(0, ascii_number<unsigned>(digits.substr(0, 2)).value_or(0) > most_parts ? 1 : 2);
  return by_number(digits, iso_8859_parts, "ISO-8859-");
}

// "x-" and words that stand before a name, and are no part of it.
std::optional<CharsetName> find_behind_prefix(std::string_view letters) {
  for (const std::string_view prefix : {"charset", "iso10646", "x"})
    if (letters.starts_with(prefix)) {
      letters.remove_prefix(prefix.size());
      auto found = find_known(letters);
      return found ? found : find_behind_prefix(letters);
    }
  return std::nullopt;
}

// What iconv may know by itself. Its own wide formats depend on this machine, and a '/' would start its options.
CharsetName other_name(std::string_view label) {
  auto name = ascii_lower(label);
  while (name.starts_with("x-")) name.erase(0, 2);
  const bool usable = !name.empty() && name != "internal" && name != "wchar_t" && name != "char" &&
                      name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_.:+()") == std::string::npos;
  return usable ? CharsetName{.kind = one_octet, .iconv = std::move(name)} : CharsetName{};
}

}  // namespace

CharsetName meant_charset(std::string_view label) {
  constexpr std::size_t longest = 60;
  if (label.empty() || ascii_iequal(label, "us-ascii")) return {};
  if (ascii_iequal(label, "utf-8")) return {.kind = utf8, .iconv = {}};
  label = label.substr(0, std::min(label.find_first_of(";,*"), longest));
  // Second time without what stands behind the first word.
  for (int round = 0; round < 2; ++round) {
    const auto letters = ascii_letters_and_digits(label);
    auto found = find_known(letters);
    if (!found) found = find_iso_8859(label);
    if (!found) found = find_behind_prefix(letters);
    if (!found && std::ranges::all_of(letters, ascii_digit)) found = by_number(letters, code_pages, "CP");
    if (found) return *found;
    label = ascii_trim(label);
    while (!label.empty() && std::string_view("\"'<_").contains(label.front())) label.remove_prefix(1);
    label = label.substr(0, label.find_first_of(" \t\r\n\"'<>="));
  }
  return other_name(label);
}

}  // namespace coi::mime
