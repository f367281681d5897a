// Parameters (RFC 2045, RFC 2231) as they are written in the world.
#include "mime/params.h"

#include <gtest/gtest.h>

#include "base/ascii.h"
#include "mime/header_field.h"

namespace coi::mime {
namespace {

// "a=1|b=2", with the word before if there is one: "text/plain|charset=x"
std::string read(std::string_view value) {
  const auto parsed = parse_params(value);
  std::string out = parsed.word;
  for (const auto& [name, text] : parsed.params) out += (out.empty() ? "" : "|") + name + "=" + text;
  return out;
}

std::string filename(std::string_view params) {
  const auto parsed = parse_params("attachment; " + std::string(params));
  for (const auto& [name, text] : parsed.params)
    if (name == "filename") return text;
  return "(none)";
}

TEST(Params, WhatHasNoValueCostsNoOther) {
  const std::string expected = "multipart/mixed|boundary=x";
  for (const auto* value : {"multipart/mixed; format; boundary=x",
                            "multipart/mixed; boundary=x; format",
                            "multipart/mixed; format=; boundary=x",
                            "multipart/mixed; =y; boundary=x",
                            "multipart/mixed;; ;boundary=x;;",
                            "multipart/mixed; =; boundary=x",
                            "multipart/mixed; protected;\tboundary=\"x\"",
                            "multipart/mixed; \"junk\"; boundary=x",
                            "multipart/mixed; a b c; boundary=x",
                            "multipart/mixed boundary=x",
                            "multipart/mixed, boundary=x",
                            "multipart/mixed; boundary = \"x\"",
                            "multipart/mixed; boundary:x",
                            "\"multipart/mixed\"; boundary=x",
                            "multipart/mixed (c;c); boundary=x (d)",
                            "multipart/mixed; (e (f) ;) boundary=(g)x",
                            "multipart/mixed; ( boundary=x",
                            "multipart/mixed; boundary=\"x",
                            "multipart/mixed; ä=b; boundary=x",
                            "Multipart/Mixed;BOUNDARY=x"})
    EXPECT_EQ(read(value), expected) << value;
  EXPECT_EQ(read("multipart/signed; protocol=\"application/pgp-signature\"; protected;  boundary=\"b1\""),
            "multipart/signed|protocol=application/pgp-signature|boundary=b1");
  EXPECT_EQ(read("boundary=x"), "boundary=x");
  EXPECT_EQ(read("text/plain; charset=utf-8 format=flowed"), "text/plain|charset=utf-8|format=flowed");
  EXPECT_EQ(read("multipart/mixed; boundary=\"=_a'()+,-./:=?b c\""), "multipart/mixed|boundary==_a'()+,-./:=?b c");
  EXPECT_EQ(read("multipart/mixed; boundary=\"=?x?Q?y?=\""), "multipart/mixed|boundary==?x?Q?y?=");
}

TEST(Params, QuotesThatAreMissing) {
  EXPECT_EQ(filename("filename=a b.pdf"), "a b.pdf");
  EXPECT_EQ(filename("filename=a b (1), c.pdf; size=3"), "a b (1), c.pdf");
  EXPECT_EQ(filename("filename=a b.pdf size=3"), "a b.pdf");
  EXPECT_EQ(filename("filename=\"a b.pdf; size=3"), "a b.pdf");
  EXPECT_EQ(filename("filename=\"a b.pdf"), "a b.pdf");
  EXPECT_EQ(filename("filename=\"a \"b\" c.pdf\"; size=3"), "a \"b\" c.pdf");
  EXPECT_EQ(filename("filename=\"a.pdf\" size=3"), "a.pdf");
  EXPECT_EQ(filename("filename=\"a;b.pdf\"; x=y"), "a;b.pdf");
  EXPECT_EQ(filename("filename=3D\"a.pdf\""), "a.pdf");
}

TEST(Params, Backslashes) {
  EXPECT_EQ(filename("filename=\"C:\\temp\\new.doc\""), "C:\\temp\\new.doc");
  EXPECT_EQ(filename("filename=\"a \\\"b\\\" \\\\ c\""), "a \"b\" \\ c");
  EXPECT_EQ(filename("filename=C:\\temp\\new.doc"), "C:\\temp\\new.doc");
}

TEST(Params, Rfc2231) {
  EXPECT_EQ(filename("filename*=utf-8''f%C3%B6.pdf"), "fö.pdf");
  EXPECT_EQ(filename("filename*=UTF-8'de'f%c3%b6.pdf"), "fö.pdf");
  EXPECT_EQ(filename("filename*=iso-8859-1''f%F6.pdf"), "fö.pdf");
  EXPECT_EQ(filename("filename*=iso-2022-jp''%1B%24B%24%22%1B%28B.txt"), "あ.txt");
  EXPECT_EQ(filename("filename*=\"utf-8''f%C3%B6 o.pdf\""), "fö o.pdf");
  EXPECT_EQ(filename("filename*=f%C3%B6.pdf"), "fö.pdf");        // no charset
  EXPECT_EQ(filename("filename*=''f%C3%B6.pdf"), "fö.pdf");      // an empty one
  EXPECT_EQ(filename("filename*=utf-8''100%.pdf"), "100%.pdf");  // percent errors stand for themselves
  EXPECT_EQ(filename("filename*=utf-8''a%4.pdf%"), "a%4.pdf%");
  EXPECT_EQ(filename("filename*=utf-8''a%00b"),
            "a\uFFFD"
            "b");
  EXPECT_EQ(filename("filename=utf-8''f%C3%B6.pdf"), "fö.pdf");  // the asterisk is missing
  EXPECT_EQ(filename("filename=it's 100% o'clock.pdf"), "it's 100% o'clock.pdf");
}

TEST(Params, Rfc2231InPieces) {
  EXPECT_EQ(filename("filename*0*=utf-8''f%C3; filename*1*=%B6; filename*2=.pdf"), "fö.pdf");
  EXPECT_EQ(filename("filename*2=c; filename*0=a; filename*1=b"), "abc");
  EXPECT_EQ(filename("filename*0=a; filename*2=c"), "ac");
  EXPECT_EQ(filename("filename*1*=utf-8''b%C3%B6; filename*2=c"), "böc");
  EXPECT_EQ(filename("filename*0*=utf-8''f%C3%B6; filename*1*=utf-8''o%C3%A4"), "föoä");
  EXPECT_EQ(filename("filename*0=\"f%C3\"; filename*1*=%C3%B6"), "f%C3ö");
  EXPECT_EQ(filename("filename*0*=utf-8''a; filename*1*=o'clock'"), "ao'clock'");
  EXPECT_EQ(filename("filename*0=a; filename*0=b; filename*01=c; filename*x=d"), "ac");
  std::string many;
  for (int i = 11; i >= 0; --i) many += "filename*" + std::to_string(i) + "=" + std::to_string(i % 10) + ";";
  EXPECT_EQ(filename(many), "012345678901");
}

TEST(Params, EncodedWordsWhereNoneBelong) {
  EXPECT_EQ(filename("filename=\"=?utf-8?Q?f=C3=B6?=.pdf\""), "fö.pdf");
  EXPECT_EQ(filename("filename==?utf-8?Q?f=C3=B6.pdf?="), "fö.pdf");
  EXPECT_EQ(filename("filename=\"=?utf-8?B?ZsO2?=  =?utf-8?B?LnBkZg==?=\""), "fö.pdf");
  EXPECT_EQ(filename("filename*=\"=?utf-8?Q?Speisekarte_f=C3=BCr_M=C3=A4rz.pdf?=\""), "Speisekarte für März.pdf");
  EXPECT_EQ(filename("filename*=utf-8''%3D%3Futf-8%3FQ%3Ff%3DC3%3DB6.pdf%3F%3D"), "fö.pdf");
  EXPECT_EQ(filename("filename*0=\"=?utf-8?Q?f=C3=B6\"; filename*1=\".pdf?=\""), "fö.pdf");
}

TEST(Params, SeveralFormsAndDuplicates) {
  EXPECT_EQ(filename("filename=f.pdf; filename*=utf-8''f%C3%B6.pdf"), "fö.pdf");
  EXPECT_EQ(filename("filename*=utf-8''f%C3%B6.pdf; filename=f.pdf"), "fö.pdf");
  EXPECT_EQ(filename("filename*=; filename=f.pdf"), "f.pdf");
  EXPECT_EQ(filename("filename*=utf-8''; filename=f.pdf"), "f.pdf");
  EXPECT_EQ(filename("filename=a.pdf; filename=b.exe"), "a.pdf");
  EXPECT_EQ(filename("filename=\"\"; filename=b.pdf"), "b.pdf");
  EXPECT_EQ(read("multipart/mixed; boundary=a; boundary=b"), "multipart/mixed|boundary=a");
}

TEST(Params, ValuesAndWords) {
  EXPECT_EQ(filename("FILENAME=x.txt;;"), "x.txt");
  EXPECT_EQ(read("pinned; timeout=Thu, 5 Nov 2026 10:00:00 +0100"), "pinned|timeout=Thu, 5 Nov 2026 10:00:00 +0100");
  EXPECT_EQ(read(" Text/Plain ; CHARSET=x"), "text/plain|charset=x");
  EXPECT_EQ(read(""), "");
}

TEST(Params, RawAndFolded) {
  EXPECT_EQ(filename("filename=fö.pdf"), "fö.pdf");
  EXPECT_EQ(filename("filename=\"f\xF6.pdf\""), "fö.pdf");
  EXPECT_EQ(filename("filename=\"\x1B$B$\"$;\x1B(B.pdf\"; size=3"), "あせ.pdf");
  const auto field = parse_field("Content-Disposition: attachment;\r\n\tfilename=\"a\r\n b.pdf\";\r\n x=y\r\n");
  EXPECT_EQ(read(field->value), "attachment|filename=a b.pdf|x=y");
}

TEST(Params, FormatReadsBackTheSame) {
  const std::vector<Param> params = {{"a", "token"},
                                     {"b", "two words"},
                                     {"c", "quo\"te\\"},
                                     {"d", "ümlaut's 100%"},
                                     {"e", std::string(700, 'x')},
                                     {"f", "日本語の長い名前日本語の長い名前日本語の長い名前.png"},
                                     {"g", ""},
                                     {"h", "?=x=?"},
                                     {"i", "utf-8''a%20b"}};
  const auto text = "attachment" + format_params(params);
  std::string unfolded;
  for (const auto line : ascii_split(text, '\n')) {
    EXPECT_LE(line.size(), 600U);
    unfolded += ascii_trim(line);
  }
  EXPECT_EQ(parse_params(unfolded).params, params) << text;
}

// Work that grows with the square of the size would run into the time limit of the test.
TEST(Params, TakeTimeInProportionAndHaveBounds) {
  for (const std::string_view piece :
       {"(", ";", " ", "\"", "\\", "a=\"", ";a=\"\\\"", "a= ", "=", "a ", ";a*0=b", "*", ";a=(", ";b=''%"}) {
    std::string value = "x; a=";
    while (value.size() < 1'000'000) value += piece;
    const auto parsed = parse_params(value);
    EXPECT_LE(parsed.params.size(), 1000U);
  }
  std::string names = "x";
  for (int i = 0; i < 5000; ++i) names += ";a" + std::to_string(i) + "=b";
  EXPECT_LE(parse_params(names).params.size(), 1000U);
}

}  // namespace
}  // namespace coi::mime
