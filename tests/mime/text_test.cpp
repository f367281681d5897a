// format=flowed, and what of a text is new.
#include "mime/text.h"

#include <gtest/gtest.h>

#include <random>

#include "base/ascii.h"
#include "mime/flowed.h"

namespace coi::mime {
namespace {

TEST(Flowed, Decodes) {
  EXPECT_EQ(decode_flowed("one \ntwo\nthree", false), "one two\nthree");
  EXPECT_EQ(decode_flowed("one \ntwo \n", true), "onetwo\n");
  EXPECT_EQ(decode_flowed("  stuffed\n From me\n >not a quote", false), " stuffed\nFrom me\n>not a quote");
  EXPECT_EQ(decode_flowed(">> deep \n>> er\n> up \ntop", false), ">> deep er\n> up \ntop");
  EXPECT_EQ(decode_flowed("text \n-- \nsig \nnature", false), "text \n-- \nsig nature");
  EXPECT_EQ(decode_flowed("> -- \n> x", false), "> -- \n> x");
  EXPECT_EQ(decode_flowed("", false), "");
  EXPECT_EQ(decode_flowed("a\n\nb", false), "a\n\nb");
}

TEST(Flowed, EncodesWithinTheWidth) {
  std::string text;
  for (int i = 0; i < 60; ++i) text += "wörd" + std::to_string(i) + " ";
  text.pop_back();
  text = "> " + text + "\n" + text + "\n\n From here\n> > two\n-- \nme";
  const auto encoded = encode_flowed(text);
  for (const auto line : ascii_split(encoded, '\n'))
    EXPECT_LE(std::ranges::count_if(line, [](char c) { return (c & 0xC0) != 0x80; }), 78) << line;
  EXPECT_EQ(decode_flowed(encoded, false), text);
}

// Where mails stand one behind the other in a file, it would begin the next (RFC 3676, 4.4).
TEST(Flowed, C18WhatBeginsLikeAnEnvelopeIsStuffed) {
  EXPECT_EQ(encode_flowed("From me\nFromage"), " From me\nFromage");
  EXPECT_EQ(decode_flowed(" From me\nFromage", false), "From me\nFromage");
}

TEST(Flowed, NeverMakesASignatureSeparatorOrStrayQuote) {
  const std::string text = std::string(70, 'x') + " " + std::string(20, 'y') + " > -- " + std::string(77, 'z') +
                           "\n-- " + std::string(90, 'z');
  const auto encoded = encode_flowed(text);
  for (const auto line : ascii_split(encoded, '\n')) EXPECT_NE(line, "-- ");
  EXPECT_EQ(decode_flowed(encoded, false), text);
}

TEST(Flowed, ReadsBackAnyText) {
  std::mt19937 random(7);
  const std::string_view pieces[] = {"a",     "word ", " ",   "\n",          "> ",   ">", "-- ",
                                     "From ", "ä",     "👋 ", "longerword ", "\n> ", "--"};
  for (int round = 0; round < 3000; ++round) {
    std::string raw;
    for (auto n = random() % 60; n > 0; --n) raw += pieces[random() % std::size(pieces)];
    // The form that is promised to survive: no white space at line ends, quotes written with "> ".
    const auto canonical = decode_flowed(encode_flowed(raw), false);
    EXPECT_EQ(decode_flowed(encode_flowed(canonical), false), canonical) << raw;
    for (const bool delsp : {false, true}) static_cast<void>(decode_flowed(raw, delsp));
  }
}

TEST(SplitText, ChatQuoteStandsFirst) {
  const auto split = split_text("> Hello Bob\n> again\n\nplain reply\n> not a quote\n\n-- \nmy status", Origin::chat);
  EXPECT_EQ(split, (SplitText{"plain reply\n> not a quote", "Hello Bob\nagain", "my status"}));
  EXPECT_EQ(split_text("\n> my own", Origin::chat), (SplitText{"> my own", "", ""}));
  EXPECT_EQ(split_text("> q\n\n", Origin::chat), (SplitText{"", "q", ""}));  // a file as answer
  EXPECT_EQ(split_text("look:\n> code", Origin::chat).shown, "look:\n> code");
  EXPECT_EQ(split_text("-- \nonly status", Origin::chat), (SplitText{"", "", "only status"}));
}

TEST(SplitText, FootersAndTheirEscapes) {
  EXPECT_EQ(escape_footer("a\n-- b\n--\n--x\n- c"), "a\n-\u200B- b\n-\u200B-\n--x\n- c");
  EXPECT_EQ(split_text(escape_footer("a\n-- \nb"), Origin::chat), (SplitText{"a\n-- \nb", "", ""}));
  EXPECT_EQ(split_text("a\n--  \nsig", Origin::mail).signature, "sig");
  EXPECT_EQ(split_text("a\n\n--\nsig", Origin::mail), (SplitText{"a", "", "sig"}));
  EXPECT_EQ(split_text("a\n--\nb", Origin::mail).shown, "a\n--\nb");
}

struct Sample {
  const char* text;
  const char* shown;
  const char* quote;
};

class SplitMail : public testing::TestWithParam<Sample> {};

TEST_P(SplitMail, FoldsTheQuote) {
  const auto split = split_text(GetParam().text, Origin::mail);
  EXPECT_EQ(split.shown, GetParam().shown);
  EXPECT_EQ(split.quote, GetParam().quote);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, SplitMail,
    testing::Values(
        Sample{"Sure!\n\nOn Tue, 24 Nov 2026 at 05:00, Al <a@b.c> wrote:\n\n> Come?\n> Al\n", "Sure!", "Come?\nAl"},
        Sample{"Sure!\n\nOn Tue, Nov 24, 2026 at 5:00 AM Alice Long Name <\nalice@example.org> wrote:\n> Come?",
               "Sure!", "Come?"},
        Sample{"Sure!\nOn Tue, Nov 24, 2026 at 5:00 AM Alice <a@b.c>\nwrote:\n> Come?", "Sure!", "Come?"},
        Sample{"Klar\n\nAm 24.11.26 um 05:00 schrieb Al:\n> Kommst du?", "Klar", "Kommst du?"},
        Sample{"Oui\n\nLe mar. 24 nov. 2026 à 05:00, Al <a@b.c> a écrit :\n> Tu viens ?", "Oui", "Tu viens ?"},
        Sample{"はい\n\n2026年11月24日(火) 5:00 Al <a@b.c>：\n> 来る？", "はい", "来る？"},
        Sample{"Yes\n\n-----Original Message-----\nFrom: Al <a@b.c>\nSent: Tuesday\nTo: Bo\n\nCome?", "Yes",
               "-----Original Message-----\nFrom: Al <a@b.c>\nSent: Tuesday\nTo: Bo\n\nCome?"},
        Sample{"Ja\n\n________________________________\nVon: Al <a@b.c>\nGesendet: Dienstag, 24. November 2026 "
               "05:00\nAn: Bo\n\nKommst du?",
               "Ja",
               "________________________________\nVon: Al <a@b.c>\nGesendet: Dienstag, 24. November 2026 05:00\nAn: "
               "Bo\n\nKommst du?"},
        Sample{
            "Si\n\nDe: Al <a@b.c>\nEnviado el: martes, 24 de noviembre de 2026 5:00\nPara: Bo\nAsunto: x\n\n¿Vienes?",
            "Si", "De: Al <a@b.c>\nEnviado el: martes, 24 de noviembre de 2026 5:00\nPara: Bo\nAsunto: x\n\n¿Vienes?"},
        // the answer below
        Sample{"Al wrote:\n> Come?\n> Al\n\nSure!", "Sure!", "Come?\nAl"}, Sample{"> Come?\n\nSure!", "Sure!", "Come?"},
        // answers between quotes stay together
        Sample{"> One?\nyes\n> Two?\nno", "> One?\nyes\n> Two?\nno", ""},
        // a forward with a comment
        Sample{"Look\n\n---------- Forwarded message ---------\nFrom: Al <a@b.c>\nDate: 24 Nov 2026\nTo: Bo\n\nCome?",
               "Look\n\n---------- Forwarded message ---------\nFrom: Al <a@b.c>\nDate: 24 Nov 2026\nTo: Bo\n\nCome?",
               ""},
        // a list of one's own
        Sample{"Your order\n\nOrder: 17\nDate: 24 Nov\nPrice: 5\nMail: a@b.c",
               "Your order\n\nOrder: 17\nDate: 24 Nov\nPrice: 5\nMail: a@b.c", ""},
        // no quote at all
        Sample{"Name: Al\nPhone: 5", "Name: Al\nPhone: 5", ""}, Sample{"- - -\nhello", "- - -\nhello", ""},
        Sample{"", "", ""},
        // a forward, or a quote alone, is the message
        Sample{"---------- Forwarded message ----------\nFrom: Al\n\nCome?",
               "---------- Forwarded message ----------\nFrom: Al\n\nCome?", ""},
        Sample{"> Come?", "> Come?", ""}));

TEST(SplitText, SignatureAboveOrBelowTheQuote) {
  const SplitText expected{"Sure!", "Come?", "Bo"};
  EXPECT_EQ(split_text("Sure!\n\n-- \nBo\n\nAl wrote on 24 Nov 2026:\n> Come?", Origin::mail), expected);
  EXPECT_EQ(split_text("Sure!\n\nAl wrote on 24 Nov 2026:\n> Come?\n\n-- \nBo\n", Origin::mail), expected);
}

TEST(SplitText, LineBeforeAnAttributionStays) {
  EXPECT_EQ(split_text("Call me at 5pm\nOn 24 Nov 2026 Al wrote:\n> Come?", Origin::mail).shown, "Call me at 5pm");
  EXPECT_EQ(split_text("Call me at 5pm\nAl wrote:\n> Come?", Origin::mail).shown, "Call me at 5pm");
}

}  // namespace
}  // namespace coi::mime
