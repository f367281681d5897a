#include "mime/mail.h"

#include <gtest/gtest.h>

#include "mime/encoded_word.h"
#include "samples.h"

namespace coi::mime {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;

std::string value(const Part& part, std::string_view name) {
  const auto* found = part.header(name);
  return found ? *found : "(none)";
}

// The tree's shape on one line: "multipart/mixed(text/plain,image/png)".
std::string shape(const Part& part) {
  std::string out = part.type;
  if (part.children.empty()) return out;
  for (std::size_t i = 0; i < part.children.size(); ++i) out += (i == 0 ? "(" : ",") + shape(part.children[i]);
  return out + ")";
}

TEST(Mail, PlainTextWithoutMime) {
  const auto mail = parsed("From: a@b.c\r\nSubject: Hi\r\n\tthere\r\n\r\nHello\r\nyou\r\n");
  EXPECT_EQ(mail.type, "text/plain");
  EXPECT_EQ(value(mail, "subject"), "Hi there");
  EXPECT_EQ(mail.body, "Hello\nyou\n");
  EXPECT_EQ(mail.size, 12U);
  EXPECT_EQ(mail.header("To"), nullptr);
}

TEST(Mail, LfAndCrlfReadTheSame) {
  for (const auto& name : samples_in("delta")) {
    auto lf = parsed(sample(name));
    auto crlf = parsed(with_crlf(sample(name)));
    EXPECT_EQ(shape(lf), shape(crlf)) << name;
    EXPECT_EQ(lf.headers, crlf.headers) << name;
  }
}

TEST(Mail, EveryDeltaMailHasItsParts) {
  const std::map<std::string, std::string> shapes = {
      {"01_plain_1to1_first.eml", "text/plain"},
      {"02_plain_mdn.eml", "multipart/report(text/plain,message/disposition-notification)"},
      {"08_plain_voice.eml", "multipart/mixed(text/plain,audio/wav)"},
      {"09_plain_image.eml", "multipart/mixed(text/plain,image/png)"},
      {"10_plain_location_poi.eml", "multipart/mixed(text/plain,application/vnd.google-earth.kml+xml)"},
      {"11_plain_vcard.eml", "multipart/mixed(text/plain,text/vcard)"},
      {"17_enc_1to1_text.eml", "multipart/encrypted(application/pgp-encrypted,application/octet-stream)"}};
  for (const auto& [name, expected] : shapes) EXPECT_EQ(shape(parsed(sample("delta/" + name))), expected) << name;
}

TEST(Mail, DeltaTextsAreDecoded) {
  const auto first = parsed(sample("delta/01_plain_1to1_first.eml"));
  EXPECT_EQ(first.body, "Hello Bob, first plain message äöü 👋");
  EXPECT_EQ(value(first, "Chat-Version"), "1.0");
  EXPECT_TRUE(value(first, "Autocrypt").starts_with("addr=u1@example.org; prefer-encrypt=mutual; keydata=xjME"));
  EXPECT_EQ(value(parsed(sample("delta/13_plain_group_member_add.eml")), "Chat-Group-Description"), "=?utf-8?B?\?=");
  const auto reply = parsed(sample("delta/03_plain_reply_quote.eml"));
  EXPECT_EQ(reply.body, "> Hello Bob, first plain message äöü 👋\n\nplain reply with quote\n");
  const auto card = parsed(sample("delta/11_plain_vcard.eml")).children.at(1);
  EXPECT_EQ(card.filename, "contact.vcf");
  EXPECT_EQ(card.disposition, "attachment");
  EXPECT_TRUE(card.body.starts_with("BEGIN:VCARD\nVERSION:4.0\n"));
  const auto image = parsed(sample("delta/09_plain_image.eml")).children.at(1);
  EXPECT_TRUE(image.body.starts_with("\x89PNG\r\n\x1a\n"));
  EXPECT_EQ(image.size, image.body.size());
}

TEST(Mail, InnerDeltaMailsKeepTheirHeaders) {
  const auto mail = parsed(sample("delta/decrypted/17_enc_1to1_text.inner.eml"));
  EXPECT_EQ(mail.param("hp"), "cipher");
  EXPECT_EQ(mail.param("protected-headers"), "v1");
  EXPECT_EQ(std::ranges::count(mail.headers, "HP-Outer", &Header::name), 6);
  EXPECT_EQ(mail.body, "Hello encrypted Bob äöü 👋");
}

TEST(Mail, NothingIsInvalidAndTooMuchIsALimit) {
  Limits small;
  small.mail = 100;
  small.header = 50;
  small.mime_parts = 3;
  EXPECT_EQ(parse("", small).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(parse(std::string(101, 'x'), small).error().kind(), ErrorKind::limit);
  EXPECT_EQ(parse("Subject: " + std::string(60, 'x') + "\n\nbody", small).error().kind(), ErrorKind::limit);
  const std::string three = "Content-Type: multipart/mixed; boundary=b\n\n--b\n\n1\n--b\n\n2\n--b\n\n3\n";
  const auto cut = parse(three, small).value().root;
  EXPECT_EQ(cut.children.size(), 2U);
  EXPECT_TRUE(cut.truncated);
  small.mime_parts = 4;
  EXPECT_EQ(parse(three, small).value().root.children.size(), 3U);
}

TEST(Mail, NoHeaderAtAllIsAllBody) {
  EXPECT_EQ(parsed("just some words\nand more\n").body, "just some words\nand more\n");
  EXPECT_EQ(parsed("\nbody").body, "body");
  EXPECT_EQ(parsed("Subject: only a header").body, "");
}

TEST(Mail, BrokenHeaderLines) {
  const auto mail = parsed("From alice Mon Jan 1\nSubject: a\nthis was meant to be folded\nX-Other : b\n\nbody");
  EXPECT_EQ(value(mail, "Subject"), "a");
  EXPECT_EQ(value(mail, "X-Other"), "b");
  EXPECT_EQ(mail.body, "body");
  const auto no_gap = parsed("Subject: a\nHello you\nand you\n");
  EXPECT_EQ(no_gap.body, "Hello you\nand you\n");
}

TEST(Mail, EightBitAndNulInHeaders) {
  const auto mail = parsed("Subject: gr\xFC\xDF \xC3\xA4 \0x\nTo: b@c\n\nb"s);
  EXPECT_EQ(value(mail, "Subject"), "grüß ä \uFFFDx");
  EXPECT_EQ(value(mail, "To"), "b@c");
}

TEST(Mail, TextBehindANulIsKept) {
  const auto mail = parsed("Subject: x\r\n\r\nbefore\0after\r\n"s);
  EXPECT_EQ(mail.body, "before\uFFFDafter\n");
}

TEST(Mail, Charsets) {
  const auto text = [](std::string_view charset, std::string_view body) {
    return parsed("Content-Type: text/plain; charset=" + std::string(charset) + "\n\n" + std::string(body)).body;
  };
  EXPECT_EQ(text("iso-8859-1", "\x80 \xE4"), "€ ä");  // windows-1252, as everybody means it
  EXPECT_EQ(text("\"ISO-8859-15\"", "\xA4"), "€");
  EXPECT_EQ(text("koi8-r", "\xD0\xD2\xC9"), "при");
  EXPECT_EQ(text("gb2312", "\xD6\xD0\xCE\xC4"), "中文");
  EXPECT_EQ(text("iso-2022-jp", "\x1B$B$3$s\x1B(B"), "こん");
  EXPECT_EQ(text("utf-8", "a\xE4z"), "aäz");
  EXPECT_EQ(text("x-nobody-knows", "a\xE4z ö"), "aäz ö");
  EXPECT_EQ(text("utf-16le", "h\0i\0"sv), "hi");
  EXPECT_EQ(text("shift_jis", "\x82\xB1\x82"), "こ\uFFFD");  // ends inside a character
  EXPECT_EQ(text("utf-8", "\xEF\xBB\xBFx"), "x");
  EXPECT_EQ(parsed("Content-Type: text/html\n\n<meta charset='iso-8859-5'>\xDF").body, "<meta charset='iso-8859-5'>п");
}

TEST(Mail, TransferEncodings) {
  const auto text = [](std::string_view encoding, std::string_view body) {
    return parsed("Content-Transfer-Encoding: " + std::string(encoding) + "\n\n" + std::string(body)).body;
  };
  EXPECT_EQ(text("BASE64", "YWI="), "ab");
  EXPECT_EQ(text("base64", "YWI"), "ab");            // padding forgotten
  EXPECT_EQ(text("base64", "YQ==\nYmM=\n"), "abc");  // two pieces joined
  EXPECT_EQ(text("base64", "VGhhbmtzIQ0K\n____________\nBoats mailing list\n").substr(0, 8), "Thanks!\n");
  EXPECT_EQ(text("base64", "SGVsbG8sIHdvcmxk IQ==\n"), "Hello, world!");  // line ends became blanks
  for (const auto* words : {"Test\nit works\n", "Dear Bob,\n\nnoon is fine.\n"})
    EXPECT_EQ(text("base64", words), words);
  EXPECT_EQ(text("base64", "Y!W J\njZGVm"), "abcdef");
  EXPECT_EQ(text("quoted-printable", "a=C3=A4=\r\nb=3D=\n"), "aäb=");
  EXPECT_EQ(text("Quoted-Printable (what else)", "=zz ="), "=zz ");
  EXPECT_EQ(text("x-uuencode", "begin 644 f\n#0V%T\n`\nend\n"), "Cat");
  EXPECT_EQ(text("rot13", "as it is"), "as it is");
  EXPECT_EQ(text("8bit", "\xC3\xA4"), "ä");
}

TEST(Mail, MultipartAsSent) {
  const auto mail = parsed(
      "Content-Type: multipart/mixed; boundary=\"a b\"\n\npreamble\n--a b\nContent-Type: Text/HTML; Charset=utf-8\n\n"
      "<p>\n--a b  \n\nsecond\n\n--a b--\nepilogue\n--a b\n\nadded later\n--a b--\nepilogue");
  EXPECT_EQ(shape(mail), "multipart/mixed(text/html,text/plain,text/plain)");
  EXPECT_EQ(mail.children[0].body, "<p>");
  EXPECT_EQ(mail.children[0].param("charset"), "utf-8");
  EXPECT_EQ(mail.children[1].body, "second\n");
  EXPECT_EQ(mail.children[2].body, "added later");
}

TEST(Mail, MissingAndWrongBoundaries) {
  EXPECT_EQ(parsed("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo").children.at(1).body, "two");
  const auto wrong = parsed("Content-Type: multipart/mixed; boundary=b\n\n--c\n\none\n--c--\n");
  EXPECT_EQ(shape(wrong), "multipart/mixed(text/plain)");
  EXPECT_EQ(wrong.children[0].body, "one");
  EXPECT_EQ(shape(parsed("Content-Type: multipart/mixed\n\nsome text")), "multipart/mixed(text/plain)");
  EXPECT_EQ(shape(parsed("Content-Type: multipart/mixed; boundary=b\n\n--b--\n")), "multipart/mixed");
  // The inner multipart is never closed: the outer delimiter ends it.
  const auto inner = parsed(
      "Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: multipart/alternative; boundary=i\n\n--i\n\nt\n"
      "--o\nContent-Type: image/png\n\nx\n--o--\n");
  EXPECT_EQ(shape(inner), "multipart/mixed(multipart/alternative(text/plain),image/png)");
  EXPECT_EQ(shape(parsed("Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n--b\n\nx")),
            "multipart/mixed(text/html,text/plain)");
}

TEST(Mail, EmbeddedMails) {
  const auto mail = parsed(
      "Content-Type: multipart/digest; boundary=b\n\n--b\n\nSubject: one\n\n1\n--b\nContent-Type: message/rfc822\n"
      "Content-Transfer-Encoding: base64\n\nU3ViamVjdDogdHdvCgoy\n--b--\n");
  ASSERT_EQ(shape(mail), "multipart/digest(message/rfc822,message/rfc822)");
  EXPECT_EQ(mail.children[0].body, "Subject: one\n\n1");
  EXPECT_EQ(mail.children[0].size, 15U);
  EXPECT_EQ(mail.children[1].body, "Subject: two\n\n2");
}

TEST(Mail, AnEmbeddedMailKeepsItsOctets) {
  const auto inner =
      "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n"
      "--i\r\n\r\nnever \xE4 closed\r\n"s;
  const auto mail =
      parsed("Content-Type: multipart/mixed; boundary=o\r\n\r\n--o\r\nContent-Type: message/rfc822\r\n\r\n" + inner +
             "\r\n--o\r\n\r\nbehind\r\n--o--\r\n");
  ASSERT_EQ(shape(mail), "multipart/mixed(message/rfc822,text/plain)");
  EXPECT_EQ(mail.children[0].body, inner);
  EXPECT_EQ(mail.children[1].body, "behind");
}

TEST(Mail, ContentFields) {
  const auto mail = parsed(
      "Content-Type: image/jpeg; name=\"=?utf-8?Q?b=C3=B6?=.jpg\"\nContent-ID: <pic@x>\n"
      "Content-Disposition: INLINE; filename*0*=utf-8''../f%C3%B6; filename*1=o.jpg; size=3\n\nabc");
  EXPECT_EQ(mail.disposition, "inline");
  EXPECT_EQ(mail.filename, "föo.jpg");
  EXPECT_EQ(mail.content_id, "pic@x");
  EXPECT_EQ(mail.param("name"), "bö.jpg");
  EXPECT_EQ(mail.disposition_params.back(), (Param{"size", "3"}));
  EXPECT_EQ(parsed("Content-Type: nonsense; charset=utf-8\n\nx").type, "text/plain");
  EXPECT_EQ(parsed("Content-Type: text/html (comment); charset=utf-8\n\nx").type, "text/html");
  EXPECT_EQ(parsed("Content-Disposition: pinned; timeout=\"Thu, 5 Nov 2026 10:00:00 +0100\"\n\nx").disposition,
            "pinned");
}

TEST(Mail, AttachedTextKeepsItsOctets) {
  const auto mail = parsed(
      "Content-Type: text/csv; charset=iso-8859-1\nContent-Disposition: attachment; filename=a.csv\n\n\xE4;b\r\n");
  EXPECT_EQ(mail.body, "\xE4;b\r\n");
}

const std::string odd_octets = "\xFF\xFE-\0\r\0\n\0 \xE4\r\nb\nc\r\0"s;

TEST(Mail, WhateverIsNoTextKeepsItsOctets) {
  for (const auto* fields : {"Content-Type: text/csv", "Content-Type: text/calendar; charset=utf-8",
                             "Content-Type: text/plain\nContent-Disposition: inline; filename=a.txt",
                             "Content-Type: text/html; name=a.html; charset=utf-16\nContent-Disposition: inline"}) {
    const auto mail = parsed(std::string(fields) + "\n\n" + odd_octets);
    EXPECT_FALSE(mail.is_text()) << fields;
    EXPECT_EQ(mail.body, odd_octets) << fields;
  }
}

TEST(Mail, AFileIsNeverCut) {
  Limits small;
  small.text = 5;
  const auto mail = parse("Content-Type: text/csv\n\nmore than five", small).value().root;
  EXPECT_EQ(mail.body, "more than five");
  EXPECT_FALSE(mail.truncated);
}

TEST(Mail, WordsAreTextWithADispositionOrWithAName) {
  for (const auto* fields : {"Content-Type: text/plain", "Content-Type: text/plain\nContent-Disposition: inline",
                             "Content-Type: text/html; name=mail.html", "Content-Type: text/html"})
    EXPECT_TRUE(parsed(std::string(fields) + "\n\nx").is_text()) << fields;
}

TEST(DecodeFile, GivesTheOctetsOfAnyPart) {
  const Limits limits;
  for (const auto* type : {"text/plain", "text/html", "message/rfc822", "multipart/mixed; boundary=b", "image/png"})
    EXPECT_EQ(decode_file("Content-Type: " + std::string(type) + "\r\n", odd_octets, limits).value(), odd_octets);
  EXPECT_EQ(
      decode_file("Content-Transfer-Encoding: base64\r\nContent-Type: text/plain\r\n", "YQ0K5AA=\r\n", limits).value(),
      "a\r\n\xE4\0"s);
  // A mail within the mail has a header of its own, which is part of the file.
  EXPECT_EQ(decode_file("", "Content-Transfer-Encoding: base64\r\n\r\nYWI=", limits).value(),
            "Content-Transfer-Encoding: base64\r\n\r\nYWI=");
  EXPECT_EQ(decode_file("Content-Type: text/csv", "", limits).value(), "");
}

TEST(Mail, LongTextIsCutBetweenCharacters) {
  Limits small;
  small.text = 5;
  const auto mail = parse("Subject: x\n\nabcdäöü", small).value().root;
  EXPECT_EQ(mail.body, "abcd");
  EXPECT_TRUE(mail.truncated);
  EXPECT_EQ(mail.size, 10U);
  EXPECT_FALSE(parse("Subject: x\n\nabcde", small).value().root.truncated);
}

TEST(Mail, DeepNestingStopsAtTheLimit) {
  std::string deep = "Subject: x\n";
  for (int i = 0; i < 200; ++i) deep += fmt::format("Content-Type: multipart/mixed; boundary=b{}\n\n--b{}\n", i, i);
  deep += "\nbottom\n";
  const auto mail = parsed(deep);
  const Part* part = &mail;
  std::size_t depth = 0;
  for (; !part->children.empty(); part = &part->children.front()) ++depth;
  EXPECT_EQ(depth, Limits{}.mime_depth);
  EXPECT_EQ(part->type, "multipart/mixed");
  EXPECT_TRUE(part->body.ends_with("bottom\n"));
}

}  // namespace
}  // namespace coi::mime
