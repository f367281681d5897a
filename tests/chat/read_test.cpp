// What a mail means, whoever wrote it.
#include <gtest/gtest.h>

#include "mails.h"
#include "mime/date.h"

namespace coi::chat {
namespace {

using Names = std::vector<std::string>;

TEST(Read, TheServerMayDisownTheAuthor) {
  const auto fields = [](std::string_view result) {
    return fmt::format("Authentication-Results: mx.example.org; spf=pass\nAuthentication-Results: mx.example.org; {}\n",
                       result);
  };
  EXPECT_TRUE(read_text(from_bob(fields("dmarc=fail"))).disowned);
  EXPECT_FALSE(read_text(from_bob(fields("dmarc=pass"))).disowned);
  EXPECT_FALSE(read_text(from_bob("")).disowned);
}

TEST(Read, C48NothingShowsWhereAMailWithoutASignatureComesFrom) {
  EXPECT_TRUE(read_text(from_bob("")).unproven);
  EXPECT_FALSE(read_text(from_bob("DKIM-Signature: v=1; d=example.net; b=x\n")).unproven);
  EXPECT_FALSE(read_text(from_bob("Authentication-Results: mx; dmarc=pass header.from=example.net\n")).unproven);
  EXPECT_TRUE(read_text(from_bob("Authentication-Results: mx; dmarc=pass\n")).unproven);
  EXPECT_TRUE(read_text(from_bob("DKIM-Signature: v=1; d=evil.example; b=x\nAuthentication-Results: mx; dmarc=fail\n"))
                  .unproven)
      << "the server denies it";
}

TEST(Read, ADeltaChatMail) {
  const auto mail = read_sample("delta/01_plain_1to1_first.eml");
  EXPECT_EQ(mail.from, (Address{"Alice", "u1@example.org"}));
  EXPECT_EQ(mail.to, (std::vector<Address>{{"", "u2@example.org"}}));
  EXPECT_EQ(mail.subject, "Message from Alice");
  EXPECT_EQ(mail.letter.value().text, "Hello Bob, first plain message äöü 👋");
  EXPECT_TRUE(mail.chat);
  EXPECT_EQ(mail.evidence, PeerClass::delta);
  EXPECT_TRUE(mail.letter.value().asks_chat_receipt);
  EXPECT_FALSE(mail.letter.value().asks_plain_receipt);
  EXPECT_TRUE(mail.letter.value().attachments.empty());
}

TEST(Read, D06DeltaIdsAreAnyOtherIds) {
  EXPECT_EQ(read_sample("delta/01_plain_1to1_first.eml").rfc_id, "3aa6fbe1-6d8e-43a5-ab62-d0f8783fa176@localhost");
  for (const auto id : {"Gr.abcdefghijk.lmnopqrstuv@example.net", "Mr.abcdefghijk.lmnopqrstuv@example.net"}) {
    const auto mail = read_text(from_bob(fmt::format("Message-ID: <{}>\nChat-Version: 1.0\n", id)));
    EXPECT_EQ(mail.rfc_id, id);
    EXPECT_TRUE(mail.chat);
    EXPECT_EQ(mail.evidence, PeerClass::delta);
    EXPECT_EQ(mail.letter.value().text, "Hello");
  }
}

TEST(Read, D15AReplyOfDeltaChatShowsItsOwnWordsAndFoldsTheQuote) {
  const auto mail = read_sample("delta/03_plain_reply_quote.eml");
  EXPECT_EQ(mail.letter.value().text, "plain reply with quote");
  EXPECT_EQ(mail.letter.value().quote, "Hello Bob, first plain message äöü 👋");
  EXPECT_EQ(mail.in_reply_to, "3aa6fbe1-6d8e-43a5-ab62-d0f8783fa176@localhost");
}

TEST(Read, D16WhatFollowsTheDashesIsTheStatusLine) {
  const auto mail = read_text(from_bob("Chat-Version: 1.0\n", "Hello\n-- \nOut for lunch\n"));
  EXPECT_EQ(mail.letter.value().text, "Hello");
  EXPECT_EQ(mail.letter.value().footer, "Out for lunch");
}

TEST(Read, FilesOfADeltaChatMailAreNamedInOrder) {
  const auto image = sample("delta/09_plain_image.eml");
  const auto mail = read_mail(image);
  ASSERT_EQ(mail.letter.value().attachments.size(), 1U);
  EXPECT_TRUE(mail.letter.value().attachments[0].type.starts_with("image/"));
  EXPECT_FALSE(mail.letter.value().attachments[0].name.empty());
  EXPECT_EQ(mail.letter.value().attachments[0].section, "2");
  ASSERT_EQ(files(image).size(), 1U);
  EXPECT_EQ(files(image)[0]->body.size(), mail.letter.value().attachments[0].size);
}

TEST(Read, AnEncryptedMailSaysWhatItIs) {
  const auto mail = read_sample("delta/17_enc_1to1_text.eml");
  EXPECT_TRUE(mail.chat);
  EXPECT_TRUE(mail.to.empty());
  EXPECT_TRUE(mail.letter.value().text.starts_with("🔒"));
  EXPECT_TRUE(mail.letter.value().attachments.empty());
}

TEST(Read, C19AGmailReplyIsChatWithoutQuoteAndSignature) {
  const auto mail = read_sample("plain/gmail_reply.eml");
  EXPECT_EQ(mail.from, (Address{"José Núñez", "jose@gmail.example"}));
  EXPECT_EQ(mail.letter.value().text, "Sounds great, see you there 🎉");
  EXPECT_TRUE(mail.letter.value().quote.ends_with("wrote:\n\nShall we meet at eight?\n\nAlice"));
  EXPECT_EQ(mail.letter.value().footer, "José Núñez\n+34 600 000 000");
  EXPECT_TRUE(mail.letter.value().html);
  EXPECT_TRUE(mail.chat);
  EXPECT_EQ(mail.evidence, PeerClass::plain);
}

TEST(Read, C19AnOutlookReply) {
  const auto mail = read_sample("plain/outlook_reply.eml");
  EXPECT_EQ(mail.from, (Address{"Weber, Petra", "petra.weber@firma.example"}));
  EXPECT_EQ(mail.subject, "AW: Treffen nächste Woche");
  EXPECT_EQ(mail.letter.value().text, "Hallo Alice,\n\nMittwoch passt für mich.\n\nViele Grüße\nPetra");
  EXPECT_EQ(mail.cc, (std::vector<Address>{{"bob@example.net", "bob@example.net"}}));
}

TEST(Read, C19HtmlAloneIsShownAsText) {
  const auto mail = read_text(from_bob("Content-Type: text/html; charset=utf-8\n",
                                       "<p>Good <b>morning</b>,</p><script>steal()</script><p>Bob</p>"));
  EXPECT_EQ(mail.letter.value().text, "Good morning,\n\nBob");
  EXPECT_TRUE(mail.letter.value().html);
}

TEST(Read, C19TheHtmlIsShownWhereThePlainTextIsEmpty) {
  const auto body =
      "--b\nContent-Type: text/plain\n\n \n--b\nContent-Type: text/html\n\n<p>Only <i>here</i></p>\n--b--\n";
  EXPECT_EQ(read_text(from_bob("Content-Type: multipart/alternative; boundary=b\n", body)).letter.value().text,
            "Only here");
}

TEST(Read, C19AnAnswerInHtmlAloneShowsItsOwnWordsAndFoldsTheQuote) {
  const auto mail =
      read_text(from_bob("Content-Type: text/html\n",
                         "<p>At eight</p><div class=\"gmail_quote\"><div class=\"gmail_attr\">Alice wrote:</div>"
                         "<blockquote class=\"gmail_quote\">When?</blockquote></div>"));
  EXPECT_EQ(mail.letter.value().text, "At eight");
  EXPECT_EQ(mail.letter.value().quote, "Alice wrote:\n\nWhen?");
}

TEST(Read, C19APhotoInsideTheHtmlIsAFileOfTheMail) {
  const auto mail = read_sample("plain/apple_mail_photo.eml");
  EXPECT_EQ(mail.letter.value().text, "Look at this:\n\n\nLovely, isn't it?");
  ASSERT_EQ(mail.letter.value().attachments.size(), 1U);
  EXPECT_EQ(mail.letter.value().attachments[0].name, "IMG_0042.jpeg");
  EXPECT_TRUE(mail.letter.value().attachments[0].inline_part);
  EXPECT_EQ(mail.letter.value().attachments[0].section, "2.2");
}

TEST(Read, C18FlowedTextHasItsParagraphsBack) {
  EXPECT_EQ(read_sample("plain/thunderbird_flowed.eml").letter.value().text,
            "I did. It is not his, it belongs to the café at the corner, and they only take it out when the weather is "
            "fine.\n\nFrom what I heard it is for sale.");
  const auto delsp = read_text(
      from_bob("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n", "Donaudampf \nschiff \n"));
  EXPECT_EQ(delsp.letter.value().text, "Donaudampfschiff");
}

TEST(Read, ATextOfAnyCharset) {
  EXPECT_EQ(read_text(from_bob("Content-Type: text/plain; charset=iso-8859-15\n", "10 \xA4 f\xFCr dich\n"))
                .letter.value()
                .text,
            "10 € für dich");
  EXPECT_EQ(read_text(from_bob("Content-Type: text/plain; charset=windows-1251\n", "\xCF\xF0\xE8\xE2\xE5\xF2\n"))
                .letter.value()
                .text,
            "Привет");
}

TEST(Read, S20AnyOfTheThreeSignsMakesAChatMail) {
  EXPECT_TRUE(read_text(from_bob("Chat-Version: 1.0\n")).chat);
  EXPECT_TRUE(read_text(from_bob("Message-ID: <chat$abc@example.net>\n")).chat);
  EXPECT_TRUE(read_text(from_bob("References: <chat$abc@example.org> <x@y>\n")).chat);
  EXPECT_FALSE(read_text(from_bob("Message-ID: <xchat$abc@example.net>\nReferences: <x@y>\n")).chat);
}

TEST(Read, C88AChatIdAnywhereMakesAPlainReplyChat) {
  EXPECT_TRUE(read_text(from_bob("References: <a@b> <chat$abc@example.org> <c@d>\n")).chat);
  EXPECT_TRUE(read_text(from_bob("In-Reply-To: <chat$abc@example.org>\n")).chat);
  EXPECT_FALSE(read_text(from_bob("References: <a@b> <notchat$abc@example.org>\n")).chat);
}

// As a program reads ids: some fold long ones into encoded words, and a comment is none.
TEST(Read, S20C88TheIdsCountAndNotTheOctets) {
  for (const auto* const name : {"Message-ID", "References", "In-Reply-To"}) {
    EXPECT_TRUE(read_text(from_bob(fmt::format("{}: =?utf-8?q?=3Cchat=24abc=40example=2Eorg=3E?=\n", name))).chat)
        << name;
    EXPECT_FALSE(read_text(from_bob(fmt::format("{}: <a@b> (of <chat$abc@example.org>)\n", name))).chat) << name;
  }
  EXPECT_TRUE(read_text(from_bob("In-Reply-To: <a@b> <chat$abc@example.org>\n")).chat);
}

TEST(Read, C05AnyVersionWithAnyParameters) {
  for (const auto version : {"1.0", "1.0;feature=x", "2.7", "17", ""}) {
    const auto mail =
        read_text(from_bob(fmt::format("Message-ID: <chat$abc@example.net>\nChat-Version: {}\n", version)));
    EXPECT_EQ(mail.evidence, PeerClass::coi) << version;
    EXPECT_TRUE(read_text(from_bob(fmt::format("Message-ID: <abc@example.net>\nChat-Version: {}\n", version))).chat)
        << version;
  }
}

TEST(Read, ThePeerClassFollowsTheProgram) {
  EXPECT_EQ(read_text(from_bob("Message-ID: <chat$abc@example.net>\nChat-Version: 1.0\n")).evidence, PeerClass::coi);
  EXPECT_EQ(read_text(from_bob("Message-ID: <abc@localhost>\nChat-Version: 1.0\n")).evidence, PeerClass::delta);
  EXPECT_EQ(read_text(from_bob("Message-ID: <abc@example.net>\n")).evidence, PeerClass::plain);
  // A plain program that answers a chat mail stays one.
  EXPECT_EQ(read_text(from_bob("References: <chat$abc@example.org>\n")).evidence, PeerClass::plain);
}

TEST(Read, MachinesAndListsSayNothingAboutTheirAuthor) {
  for (const auto field :
       {"Auto-Submitted: auto-generated", "Auto-Submitted: AUTO-REPLIED (vacation)", "Precedence: bulk",
        "List-Id: <news.example.net>", "List-Unsubscribe: <mailto:off@example.net>"}) {
    const auto mail = read_text(
        from_bob(fmt::format("{}\nChat-Version: 1.0\nDisposition-Notification-To: bob@example.net\n", field)));
    EXPECT_TRUE(mail.automatic) << field;
    EXPECT_EQ(mail.evidence, PeerClass::unknown) << field;
    EXPECT_FALSE(mail.letter.value().asks_chat_receipt || mail.letter.value().asks_plain_receipt) << field;
  }
  EXPECT_FALSE(read_text(from_bob("Auto-Submitted: no\n")).automatic);
}

TEST(Read, C08ReferencesOfAnyLengthAndWithoutAngle) {
  EXPECT_EQ(read_text(from_bob("References: <a@b> <c@d\n\t<e@f>\n")).references, (Names{"a@b", "c@d", "e@f"}));
  std::string many = "References:";
  for (int i = 0; i < 500; ++i) many += fmt::format("\n <{}@example.net>", i);
  EXPECT_EQ(read_text(from_bob(many + "\n")).references.size(), 500U);
}

TEST(Read, C10SemicolonsSeparateLikeCommas) {
  const auto mail =
      read_text("From: bob@example.net\nTo: alice@example.org; Carol <carol@example.com>, dan@dan.example\n\nHi\n");
  EXPECT_EQ(mail.to,
            (std::vector<Address>{{"", "alice@example.org"}, {"Carol", "carol@example.com"}, {"", "dan@dan.example"}}));
}

TEST(Read, D07TheOriginalIdReplacesTheRewrittenOne) {
  const auto mail = read_text(
      from_bob("Message-ID: <rewritten@outlook.example>\nX-Microsoft-Original-Message-ID: <chat$abc@example.net>\n"
               "Chat-Version: 1.0\n"));
  EXPECT_EQ(mail.rfc_id, "chat$abc@example.net");
  EXPECT_EQ(mail.evidence, PeerClass::coi);
}

TEST(Read, D07TheRewrittenIdIsKeptBeside) {
  const auto mail = read_text(from_bob("Message-ID: <new@x>\nX-Microsoft-Original-Message-ID: <old@x>\n"));
  EXPECT_EQ(mail.rfc_id, "old@x");
  EXPECT_EQ(mail.other_ids, std::vector<std::string>{"new@x"});
  EXPECT_TRUE(read_text(from_bob("Message-ID: <a@x>\nX-Microsoft-Original-Message-ID: <a@x>\n")).other_ids.empty());
}

TEST(Read, WhoNamesSeveralAuthorsIsNoneOfThem) {
  for (const auto* from :
       {"From: Bob <bob@example.net>, evil@evil.example\n", "From: Bob <bob@example.net> <evil@evil.example>\n",
        "From: bob@example.net\nFrom: evil@evil.example\n", "From: evil@evil.example bob@example.net\n",
        "From: evil@evil.example <bob@example.net>\n", "From: bob@example.net\nFrom: Bob <bob@example.net>\n"}) {
    const auto mail = read_text(std::string(from) + "To: alice@example.org\n\nHi\n");
    EXPECT_NE(mail.from.addr, "bob@example.net") << from;
    EXPECT_NE(mail.from.addr.find("bob@example.net"), std::string::npos) << from;
    EXPECT_EQ(mail.from.name, "") << from;
    EXPECT_TRUE(mail.disowned) << from;
  }
  const auto bob = read_text("From: \"Bob (home)\" <Bob@example.net> (bob@example.net)\n\nHi\n");
  EXPECT_EQ(bob.from.addr, "bob@example.net");
  EXPECT_FALSE(bob.disowned);
}

TEST(Read, ANameThatIsAnotherAddressIsNone) {
  const auto mail = read_text("From: \"bob@example.net\" <evil@evil.example>\n\nHi\n");
  EXPECT_EQ(mail.from, (Address{"", "evil@evil.example"}));
  EXPECT_EQ(read_text("From: \"bob@example.net\" <bob@example.net>\n\nHi\n").from.name, "bob@example.net");
}

TEST(Read, AVerdictForAnotherDomainDisowns) {
  EXPECT_TRUE(read_text(from_bob("Authentication-Results: mx; dmarc=pass header.from=evil.example\n")).disowned);
  EXPECT_FALSE(read_text(from_bob("Authentication-Results: mx; dmarc=pass header.from=example.net\n")).disowned);
}

TEST(Read, AMailWithoutIdIsKnownByItsBytes) { EXPECT_EQ(read_text(from_bob("")).rfc_id, "fallback@local"); }

TEST(Read, AMailWithoutAuthorIsShownAllTheSame) {
  const auto mail = read_text("To: alice@example.org\nSubject: Guess who\n\nHi\n");
  EXPECT_EQ(mail.from.addr, "");
  EXPECT_EQ(mail.letter.value().text, "Hi");
  EXPECT_FALSE(mail.date);
}

TEST(Read, ASenderAloneIsNotBelieved) {
  for (const auto* from : {"", "From: \n", "From: somebody\n", "From: <>\n"}) {
    const auto mail = read_text(std::string(from) + "Sender: Bob <bob@example.net>\n\nHi\n");
    EXPECT_NE(mail.from.addr, "bob@example.net") << from;
    EXPECT_NE(mail.from.addr.find("bob@example.net"), std::string::npos) << from;
    EXPECT_EQ(mail.from.name, "") << from;
    EXPECT_TRUE(mail.disowned) << from;
  }
}

TEST(Read, ASenderDoesNotReplaceTheAuthor) {
  EXPECT_EQ(read_text("From: bob@example.net\nSender: secretary@example.net\n\nHi\n").from.addr, "bob@example.net");
}

TEST(Read, AddressesCompareWithoutCase) {
  EXPECT_EQ(read_text("From: \"B\" <Bob@Example.NET>\nTo: ALICE@example.org\n\nHi\n").from.addr, "bob@example.net");
}

TEST(Read, EightBitHeadersAreText) {
  const auto mail = read_text(
      "From: J\xC3\xB6rg <joerg@example.net>\nSubject: Gr\xFC\xDF"
      "e\n\nHi\n");
  EXPECT_EQ(mail.from.name, "Jörg");
  EXPECT_EQ(mail.subject, "Grüße");
}

TEST(Read, C14TheMarkIgnoreHidesAPartInAnyCase) {
  const auto body =
      "--b\nContent-Type: text/plain\nChat-Content: Ignore;\n\n📷 photo.jpg\n"
      "--b\nContent-Type: image/jpeg\nContent-Disposition: inline; filename=photo.jpg\nContent-Transfer-Encoding: "
      "base64\n\n/9j/\n--b--\n";
  const auto mail = read_text(from_bob("Chat-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n", body));
  EXPECT_EQ(mail.letter.value().text, "");
  ASSERT_EQ(mail.letter.value().attachments.size(), 1U);
  EXPECT_EQ(mail.letter.value().attachments[0].name, "photo.jpg");
}

TEST(Read, AnUnknownChatContentIsShown) {
  EXPECT_EQ(read_text(from_bob("Chat-Version: 1.0\nChat-Content: org.example.Dance\n")).letter.value().text, "Hello");
}

TEST(Read, C12AFileNeedsNoDisposition) {
  const auto body =
      "--b\nContent-Type: text/plain\n\nSee:\n--b\nContent-Type: application/pdf; "
      "name=\"plan.pdf\"\nContent-Transfer-Encoding: base64\n\n"
      "JVBERg==\n--b\nContent-Type: text/x-diff\nContent-Disposition: attachment; filename=a.diff\n\n+x\n--b--\n";
  const auto mail = read_text(from_bob("Content-Type: multipart/mixed; boundary=b\n", body));
  ASSERT_EQ(mail.letter.value().attachments.size(), 2U);
  EXPECT_EQ(mail.letter.value().attachments[0].name, "plan.pdf");
  EXPECT_EQ(mail.letter.value().attachments[0].size, 4U);
  EXPECT_EQ(mail.letter.value().attachments[1].name, "a.diff");
  EXPECT_EQ(mail.letter.value().text, "See:");
}

std::string mixed(std::string_view parts) {
  return from_bob("Content-Type: multipart/mixed; boundary=b\n", fmt::format("{}--b--\n", parts));
}

TEST(Read, ATextFileIsNoWordsOfTheMail) {
  const auto bytes = mixed(
      "--b\nContent-Type: text/plain\n\nSee:\n--b\nContent-Type: text/plain; charset=utf-16\nContent-Disposition: "
      "inline; filename=a.txt\n\n\xFF\xFE-\n--b\nContent-Type: text/html; name=b.html\nContent-Disposition: inline\n\n"
      "<p>b\xE4</p>\n--b\nContent-Type: text/csv\n\nc;\xE4\n");
  const auto mail = parsed(bytes);
  const auto content = read_mail(mail);
  EXPECT_EQ(content.letter.value().text, "See:");
  ASSERT_EQ(content.letter.value().attachments.size(), 3U);
  EXPECT_EQ(content.letter.value().attachments[0].name, "a.txt");
  EXPECT_EQ(content.letter.value().attachments[1].name, "b.html");
  EXPECT_EQ(files(mail)[0]->body, "\xFF\xFE-");
  EXPECT_EQ(files(mail)[1]->body, "<p>b\xE4</p>");
  EXPECT_EQ(files(mail)[2]->body, "c;\xE4");
}

// Apple Mail writes between pictures; lists add a footer.
TEST(Read, TextBehindAFileIsStillWords) {
  const auto content = read_text(
      mixed("--b\nContent-Type: text/plain\n\nBefore\n--b\nContent-Type: image/png\nContent-Disposition: inline; "
            "filename=p.png\n\nx\n--b\nContent-Type: text/plain\nContent-Disposition: inline\n\nBetween\n--b\n"
            "Content-Type: text/plain; name=footer.txt\n\nList footer\n"));
  EXPECT_EQ(content.letter.value().text, "Before\n\nBetween\n\nList footer");
  EXPECT_EQ(content.letter.value().attachments.size(), 1U);
}

TEST(Read, AForwardedMailIsAFileNamedByItsSubject) {
  const auto named = [](std::string_view subject) {
    return read_text(mixed(fmt::format("--b\nContent-Type: message/rfc822\n\n{}From: x@y\n\ninner\n", subject)))
        .letter.value()
        .attachments.at(0);
  };
  EXPECT_EQ(named("Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= aus\n Wien\n").name, "Grüße aus Wien.eml");
  EXPECT_EQ(named("Subject: Offer 11/24.\n").name, "Offer 11-24.eml");
  EXPECT_EQ(named("Subject: ../../x\n").name.find('/'), std::string::npos);
  EXPECT_EQ(named("Subject: =?utf-8?Q?..=2F..=2Fx=0A?=\n").name.find_first_of("/\n"), std::string::npos);
  EXPECT_EQ(named("").name, "message.eml");
  EXPECT_EQ(named("Subject: a\n").size, std::string_view("Subject: a\nFrom: x@y\n\ninner").size());
}

TEST(Read, WhatIsTooLongToBeShownSaysWhereItIsWhole) {
  const auto long_text = read_text(from_bob("", std::string(2'000'000, 'x') + "\n"));
  EXPECT_TRUE(long_text.letter.value().text.starts_with("xxx"));
  EXPECT_NE(long_text.letter.value().text.find("original"), std::string::npos);
  std::string tags;
  for (int i = 0; i < 30'000; ++i) tags += "<b>x</b>";
  const auto html = read_text(from_bob("Content-Type: text/html\n", tags)).letter.value().text;
  EXPECT_TRUE(html.starts_with("xxxxxxxxxx"));  // the end is cut, not the whole
  EXPECT_TRUE(html.contains("original"));
  EXPECT_EQ(read_text(from_bob("")).letter.value().text, "Hello");
}

TEST(Read, WhatIsNestedTooDeepSaysSo) {
  std::string body = "--0\n\nOuter words\n";
  for (int i = 1; i < 120; ++i) body += fmt::format("--{}\nContent-Type: multipart/mixed; boundary={}\n\n", i - 1, i);
  const auto mail = read_text(from_bob("Content-Type: multipart/mixed; boundary=0\n", body + "--119\n\nInner words\n"));
  EXPECT_TRUE(mail.letter.value().text.starts_with("Outer words\n\n✂")) << mail.letter.value().text;
  EXPECT_TRUE(mail.letter.value().text.contains("nested too deep")) << mail.letter.value().text;
  EXPECT_TRUE(mail.letter.value().attachments.empty());
}

TEST(Read, WhoHasACommaInHisNameIsOneAuthor) {
  const auto mail = read_text("From: Lind, Mara <mara@lind.example>\n\nx");
  EXPECT_EQ(mail.from.name, "Lind, Mara");
  EXPECT_EQ(mail.from.addr, "mara@lind.example");
  EXPECT_FALSE(mail.disowned);
  EXPECT_TRUE(read_text("From: boss@bank.example, Mara <mara@lind.example>\n\nx").disowned);
  EXPECT_TRUE(read_text("From: =?utf-8?q?boss=40bank.example?=, Mara <mara@lind.example>\n\nx").from.name.empty());
}

TEST(Read, WhatIsForProgramsAloneIsHidden) {
  for (const auto field :
       {"Chat-Content: typing", "Chat-Content: presence", "Secure-Join: vc-request", "Secure-Join-Auth: x"})
    EXPECT_FALSE(read_text(from_bob(fmt::format("Chat-Version: 1.0\n{}\n", field))).letter) << field;
  EXPECT_TRUE(read_text(from_bob("Chat-Version: 1.0\nChat-Content: sticker\n")).letter);
}

// With the data of the call, which no person can read.
TEST(Read, D35ACallIsOneLineAndWhatFollowsItNone) {
  const auto call = [](const std::string& word) {
    return read_text(from_bob(fmt::format("Chat-Version: 1.0\nChat-Content: {}\nChat-Webrtc-Room: dj0wDQo=\n", word),
                              "v=0\no=- 4611731400430051336 2 IN IP4 127.0.0.1\n"))
        .letter;
  };
  ASSERT_TRUE(call("call"));
  EXPECT_EQ(call("call")->notice.code, "call");
  EXPECT_EQ(call("call")->text, "Call");
  EXPECT_FALSE(call("call-accepted"));
  EXPECT_FALSE(call("call-ended"));
}

TEST(Read, D25AChannelsMailIsItsTextAndNoneOfItsData) {
  const auto letter =
      read_text(from_bob("Chat-Version: 1.0\nChat-List-ID: News <x6RzHsYMYnX>\nChat-Broadcast-Secret: s3cr3t\n"
                         "Chat-Broadcast-States: {\"pinned\":[\"a\"]}\n",
                         "Hello all\n"))
          .letter;
  ASSERT_TRUE(letter);
  EXPECT_EQ(letter->text, "Hello all");
  EXPECT_TRUE(letter->attachments.empty());
}

TEST(Read, D35DataOfDevicesAndAppsIsNoFile) {
  const auto files = [](const std::string& name) {
    const auto body =
        "--b\n\nHello\n--b\nContent-Type: application/json\nContent-Disposition: attachment; filename=" + name +
        "\n\n{}\n--b--\n";
    return read_text(from_bob("Chat-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n", body))
        .letter.value()
        .attachments.size();
  };
  EXPECT_EQ(files("multi-device-sync.json"), 0U);
  EXPECT_EQ(files("status-update.json"), 0U);
  EXPECT_EQ(files("chess.xdc"), 1U);
}

TEST(Read, C04AnyNestingIsRead) {
  const auto body =
      "--o\nContent-Type: multipart/signed; boundary=s\n\n--s\nContent-Type: multipart/alternative; boundary=a\n\n"
      "--a\nContent-Type: text/plain\n\nInner words\n--a\nContent-Type: text/html\n\n<p>Inner words</p>\n--a--\n"
      "--s\nContent-Type: application/pgp-signature\n\nxx\n--s--\n--o\nContent-Type: text/plain\n\nList "
      "footer\n--o--\n";
  const auto mail = read_text(from_bob("Content-Type: multipart/mixed; boundary=o\n", body));
  EXPECT_EQ(mail.letter.value().text, "Inner words\n\nList footer");
  EXPECT_TRUE(mail.letter.value().attachments.empty());
}

}  // namespace
}  // namespace coi::chat
