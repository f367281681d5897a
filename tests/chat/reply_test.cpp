// What of a reply is shown, from the bytes of the mail: samples of the common programs, and HTML as they write it.
#include <gtest/gtest.h>

#include "mails.h"

namespace coi::chat {
namespace {

struct Reading {
  std::string text, quote, footer;
  friend bool operator==(const Reading&, const Reading&) = default;
  friend void PrintTo(const Reading& one, std::ostream* out) {
    *out << "text: " << one.text << "\nquote: " << one.quote << "\nfooter: " << one.footer;
  }
};

Reading shown(const Content& mail) {
  const auto& letter = mail.letter.value();
  return {letter.text, letter.quote, letter.footer};
}

Reading html(std::string_view body, std::string_view subject = "Re: Lunch") {
  return shown(
      read_text(from_bob(fmt::format("Subject: {}\nContent-Type: text/html; charset=utf-8\n", subject), body)));
}

TEST(ReplySample, Outlook) {
  const auto mail = shown(read_sample("plain/outlook_reply.eml"));
  EXPECT_EQ(mail.text, "Hallo Alice,\n\nMittwoch passt für mich.\n\nViele Grüße\nPetra");
  EXPECT_TRUE(mail.quote.ends_with("Passt dir Mittwoch?"));
}

TEST(ReplySample, Gmail) {
  EXPECT_EQ(
      shown(read_sample("plain/gmail_reply.eml")),
      (Reading{
          "Sounds great, see you there 🎉",
          "On Tue, Nov 24, 2026 at 10:02\u202FAM Alice <alice@example.org> wrote:\n\nShall we meet at eight?\n\nAlice",
          "José Núñez\n+34 600 000 000"}));
}

TEST(ReplySample, ThunderbirdFlowed) {
  const auto mail = shown(read_sample("plain/thunderbird_flowed.eml"));
  EXPECT_EQ(mail.text,
            "I did. It is not his, it belongs to the café at the corner, and they only take it out when the weather is "
            "fine.\n\nFrom what I heard it is for sale.");
  EXPECT_TRUE(mail.quote.ends_with("I think it belongs to the harbour master."));
  EXPECT_EQ(mail.footer, "Dan");
}

TEST(ReplySample, AppleMailWithAPhoto) {
  EXPECT_EQ(shown(read_sample("plain/apple_mail_photo.eml")).text, "Look at this:\n\n\nLovely, isn't it?");
}

TEST(ReplySample, AForwardIsShown) {
  const auto mail = shown(read_sample("plain/apple_forward.eml"));
  EXPECT_TRUE(mail.text.contains("The ferry leaves at 9:30.")) << mail.text;
  EXPECT_TRUE(read_sample("plain/apple_forward.eml").letter->details.forwarded);
  EXPECT_FALSE(read_sample("plain/gmail_reply.eml").letter->details.forwarded);
  EXPECT_EQ(mail.quote, "");
}

TEST(ReplyHtml, Gmail) {
  EXPECT_EQ(
      html(
          "<div dir=ltr>Sure</div><br><div class='gmail_quote gmail_quote_container'><div class=gmail_attr>On Tue, Nov "
          "24, 2026 Al wrote:<br></div><blockquote class=gmail_quote>Come?<div class=gmail_quote><div "
          "class=gmail_attr>On Mon I wrote:</div><blockquote>Hi</blockquote></div></blockquote></div><div><span "
          "class=gmail_signature_prefix>-- </span><br><div class=gmail_signature>Bo</div></div>"),
      (Reading{"Sure", "On Tue, Nov 24, 2026 Al wrote:\n\nCome?\nOn Mon I wrote:\n\n> Hi", "Bo"}));
}

TEST(ReplyHtml, AnswersBetweenTheQuotesOfAContainerAreShown) {
  const auto mail = html(
      "<div>Two answers.</div><div class=gmail_quote><div class=gmail_attr>On Tue, Nov 24, 2026 Al wrote:</div>"
      "<blockquote class=gmail_quote>Noon?</blockquote><div>Yes.</div><blockquote class=gmail_quote>Where?"
      "</blockquote><div>At the lake.</div><blockquote class=gmail_quote>Al</blockquote></div>");
  EXPECT_EQ(mail.text, "Two answers.\nOn Tue, Nov 24, 2026 Al wrote:\n\n> Noon?\n\nYes.\n\n> Where?\n\nAt the lake.");
  EXPECT_EQ(mail.quote, "Al");
}

TEST(ReplyHtml, Outlook) {
  EXPECT_EQ(html("<div>Sure</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg><b>From:</b> Al "
                 "&lt;a@b.c&gt;<br><b>Sent:</b> "
                 "Tuesday, 24 November 2026 10:00<br><b>To:</b> Bo<br><b>Subject:</b> x</div><div>Come?</div>")
                .text,
            "Sure");
  EXPECT_EQ(
      html("<p>Sure</p><div><div style='border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt'><p><b>Sender:</b> Al "
           "a@b.c<br><b>Kiam:</b> 24.11.2026<br><b>Al:</b> Bo</p></div></div><p>Come?</p>")
          .text,
      "Sure");  // a language that nobody knows, below the border
}

// A class alone says nothing: somebody may have typed into it.
TEST(ReplyHtml, WhatAClassAloneSaysIsShown) {
  EXPECT_EQ(html("<p>Sure</p><div class=gmail_signature>Bo</div>").text, "Sure\n\nBo");
  EXPECT_EQ(html("<p>Sure</p><div class=yahoo_quoted>and bring bread</div>").text, "Sure\n\nand bring bread");
  EXPECT_EQ(html("<p>Sure</p><div id=appendonsend></div><p>and bring bread</p>").text, "Sure\n\nand bring bread");
}

TEST(ReplyHtml, AppleThunderbirdYahoo) {
  EXPECT_EQ(html("Sure<br><div><blockquote type=cite><div>On 23 Nov 2026, Al wrote:</div>Come?</blockquote></div>"),
            (Reading{"Sure", "On 23 Nov 2026, Al wrote:\nCome?", ""}));
  EXPECT_EQ(html("<div class=moz-cite-prefix>Al wrote:</div><blockquote type=cite>Come?</blockquote><p>Sure</p><pre "
                 "class=moz-signature>-- \nBo</pre>"),
            (Reading{"Sure", "Al wrote:\n\nCome?", "Bo"}));
  EXPECT_EQ(html("Sure<div class=yahoo_quoted><div>On 24 Nov 2026 Al wrote:</div>Come?</div>"),
            (Reading{"Sure", "On 24 Nov 2026 Al wrote:\nCome?", ""}));
}

TEST(ReplyHtml, AnAnswerBehindTheContainerIsShown) {
  EXPECT_EQ(html("<div class=yahoo_quoted><div>On 24 Nov 2026 Al wrote:</div>Come?</div><p>Sure").text, "Sure");
}

TEST(ReplyHtml, WhatIsNoQuoteStays) {
  EXPECT_EQ(html("<p>Look:</p><blockquote>a poem</blockquote>"), (Reading{"Look:\n\n> a poem", "", ""}));
  EXPECT_EQ(html("<p>Look</p><blockquote style='margin:0 0 0 40px;border:none'>a poem</blockquote>").text,
            "Look\n\na poem");
  EXPECT_EQ(html("<blockquote type=cite>a</blockquote>yes<blockquote type=cite>b</blockquote>no"),
            (Reading{"> a\n\nyes\n\n> b\n\nno", "", ""}));
  EXPECT_EQ(html("<div class=gmail_quote><div class=gmail_attr>---------- Forwarded message ---------<br>From: "
                 "Al</div>Come?</div>"),
            (Reading{"---------- Forwarded message ---------\nFrom: Al\nCome?", "", ""}));
  EXPECT_EQ(html("<blockquote type=cite>only</blockquote>"), (Reading{"> only", "", ""}));
}

// Outlook forwards as it answers; its Subject tells.
TEST(ReplyHtml, ACopiedHeaderBelowAForwardsSubjectIsPassedOn) {
  const auto* body =
      "<p>Look</p><p>Von: Al &lt;a@b.c&gt;<br>Gesendet: Dienstag, 24. November 2026<br>An: Bo<br>Betreff: "
      "x</p><p>Menu</p>";
  EXPECT_TRUE(html(body, "WG: Menu").text.ends_with("Menu"));
  EXPECT_EQ(html(body, "AW: Menu").text, "Look");
}

}  // namespace
}  // namespace coi::chat
