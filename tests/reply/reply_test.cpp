// What of a plain text is shown, and what is folded away.
#include "reply/reply.h"

#include <gtest/gtest.h>

namespace coi::reply {

void PrintTo(const Answer& one, std::ostream* out) {
  *out << "text: " << one.text << "\nquote: " << one.quote << "\nfooter: " << one.footer;
}

namespace {

Answer read_text(std::string_view text, Origin origin) { return read(lines_of(text), origin); }

TEST(Answer, ChatQuoteStandsFirst) {
  const auto split = read_text("> Hello Bob\n> again\n\nplain reply\n> not a quote\n\n-- \nmy status", Origin::chat);
  EXPECT_EQ(split, (Answer{"plain reply\n> not a quote", "Hello Bob\nagain", "my status"}));
  EXPECT_EQ(read_text("\n> my own", Origin::chat), (Answer{"> my own", "", ""}));
  EXPECT_EQ(read_text("> q\n\n", Origin::chat), (Answer{"", "q", ""}));  // a file as answer
  EXPECT_EQ(read_text("look:\n> code", Origin::chat).text, "look:\n> code");
  EXPECT_EQ(read_text("-- \nonly status", Origin::chat), (Answer{"", "", "only status"}));
}

TEST(Answer, FootersAndTheirEscapes) {
  EXPECT_EQ(escape_footer("a\n-- b\n--\n--x\n- c"), "a\n-\u200B- b\n-\u200B-\n--x\n- c");
  EXPECT_EQ(read_text(escape_footer("a\n-- \nb"), Origin::chat), (Answer{"a\n-- \nb", "", ""}));
  EXPECT_EQ(read_text("a\n--  \nsig", Origin::mail).footer, "sig");
  EXPECT_EQ(read_text("a\n\n--\nsig", Origin::mail), (Answer{"a", "", "sig"}));
  EXPECT_EQ(read_text("a\n--\nb", Origin::mail).text, "a\n--\nb");
}

struct Sample {
  const char* mail;
  const char* text;
  const char* quote;
};

class ReplyMail : public testing::TestWithParam<Sample> {};

TEST_P(ReplyMail, FoldsTheQuote) {
  const auto split = read_text(GetParam().mail, Origin::mail);
  EXPECT_EQ(split.text, GetParam().text);
  EXPECT_EQ(split.quote, GetParam().quote);
}

INSTANTIATE_TEST_SUITE_P(
    Forms, ReplyMail,
    testing::Values(
        Sample{"Sure!\n\nOn Tue, 24 Nov 2026 at 05:00, Al <a@b.c> wrote:\n\n> Come?\n> Al\n", "Sure!",
               "On Tue, 24 Nov 2026 at 05:00, Al <a@b.c> wrote:\n\nCome?\nAl"},
        Sample{"Sure!\n\nOn Tue, Nov 24, 2026 at 5:00 AM Alice Long Name <\nalice@example.org> wrote:\n> Come?",
               "Sure!", "On Tue, Nov 24, 2026 at 5:00 AM Alice Long Name <\nalice@example.org> wrote:\nCome?"},
        Sample{"Sure!\nOn Tue, Nov 24, 2026 at 5:00 AM Alice <a@b.c>\nwrote:\n> Come?", "Sure!",
               "On Tue, Nov 24, 2026 at 5:00 AM Alice <a@b.c>\nwrote:\nCome?"},
        Sample{"Klar\n\nAm 24.11.26 um 05:00 schrieb Al:\n> Kommst du?", "Klar",
               "Am 24.11.26 um 05:00 schrieb Al:\nKommst du?"},
        Sample{"Oui\n\nLe mar. 24 nov. 2026 à 05:00, Al <a@b.c> a écrit :\n> Tu viens ?", "Oui",
               "Le mar. 24 nov. 2026 à 05:00, Al <a@b.c> a écrit :\nTu viens ?"},
        Sample{"はい\n\n2026年11月24日(火) 5:00 Al <a@b.c>：\n> 来る？", "はい",
               "2026年11月24日(火) 5:00 Al <a@b.c>：\n来る？"},
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
        Sample{"Al wrote:\n> Come?\n> Al\n\nSure!", "Sure!", "Al wrote:\nCome?\nAl"},
        Sample{"> Come?\n\nSure!", "Sure!", "Come?"},
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

TEST(Answer, SignatureAboveOrBelowTheQuote) {
  const Answer expected{"Sure!", "Al wrote on 24 Nov 2026:\nCome?", "Bo"};
  EXPECT_EQ(read_text("Sure!\n\n-- \nBo\n\nAl wrote on 24 Nov 2026:\n> Come?", Origin::mail), expected);
  EXPECT_EQ(read_text("Sure!\n\nAl wrote on 24 Nov 2026:\n> Come?\n\n-- \nBo\n", Origin::mail), expected);
}

TEST(Answer, LineBeforeAnAttributionStays) {
  EXPECT_EQ(read_text("Call me at 5pm\nOn 24 Nov 2026 Al wrote:\n> Come?", Origin::mail).text, "Call me at 5pm");
  EXPECT_EQ(read_text("Call me at 5pm\nAl wrote:\n> Come?", Origin::mail).text, "Call me at 5pm");
}

}  // namespace
}  // namespace coi::reply
