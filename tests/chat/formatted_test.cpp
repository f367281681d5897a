// Formatted text in mails (P-08, P-09, C-20): what is sent, and that it is read back as it was typed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/compose.h"
#include "chat/decide_parts.h"
#include "mails.h"
#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

SendFacts to_bob() {
  return {.rfc_id = "chat$new@example.org",
          .chat = ChatFacts{.id = ChatId{1}, .ref = WithPerson{"bob@example.net"}, .peers = {bob()}}};
}

mime::Mail mail_of(const SendMessage& send, const SendFacts& facts = to_bob()) {
  return parsed(written(compose_message(send, alice(), facts, now).tree));
}

TEST(FormattedMail, P08TextWithoutMarkupIsOnePlainPart) {
  for (const std::string text : {"Hello", "2*3*4 is 24", "snake_case", "- one line", "@Bob:bob@example.net, see"}) {
    const auto mail = mail_of(says(text));
    EXPECT_THAT(types_of(mail.root), ElementsAre("text/plain")) << text;
    EXPECT_FALSE(read_mail(mail).letter.value().details.formatted) << text;
  }
}

TEST(FormattedMail, P09MarkupIsSentAsThreeFormsThatSayTheSame) {
  const auto mail = mail_of(says("**Bold** and [here](https://example.org/)"));
  EXPECT_THAT(types_of(mail.root), ElementsAre("multipart/alternative", "text/plain", "text/markdown", "text/html"));
  EXPECT_EQ(mail.root.children[0].body, "Bold and here (https://example.org/)\n");
  EXPECT_EQ(mail.root.children[1].body, "**Bold** and [here](https://example.org/)\r\n");
  EXPECT_EQ(mail.root.children[1].param("charset"), "UTF-8");
  EXPECT_THAT(mail.root.children[2].body,
              HasSubstr("<p><strong>Bold</strong> and <a href=\"https://example.org/\">here</a></p>"));
}

TEST(FormattedMail, C20IsReadBackAsItWasTyped) {
  for (const std::string text :
       {"**Bold**", "*a* _b_ ~~c~~ `d` ||e||", "one\n\n\ntwo **three**\nfour", "- a\n- b\n  - c\n\nend",
        "```cpp\nint x = *p;\n```", "> cited\nmine", "Grüße **aus Köln** 🎉", "**x** @\"Bob B\":bob@example.net",
        "-- \n**no footer**", "1) a\n2) b", "---------- Forwarded message ----------\nFrom **me**"}) {
    const auto content = read_mail(mail_of(says(text)));
    EXPECT_EQ(content.letter.value().text, text);
    EXPECT_TRUE(content.letter.value().details.formatted) << text;
    EXPECT_EQ(content.letter.value().quote, "") << text;
    EXPECT_TRUE(content.letter.value().attachments.empty()) << text;
  }
}

TEST(FormattedMail, P09AnAnswerQuotesInEachForm) {
  auto facts = to_bob();
  facts.answered = MessageFacts{.id = MessageId{7},
                                .key = {"chat$b@example.net", "bob@example.net"},
                                .chat = ChatId{1},
                                .text = "When **exactly**?\n<b>",
                                .details = {.formatted = true}};
  auto send = says("At **eight**");
  send.reply_to = MessageId{7};
  const auto mail = mail_of(send, facts);
  EXPECT_THAT(mail.root.children.at(0).body, testing::StartsWith("> When exactly?\n> <b>\n\nAt eight"));
  EXPECT_THAT(mail.root.children.at(2).body, HasSubstr("<blockquote type=\"cite\">When exactly?<br>&lt;b&gt;"));
  const auto content = read_mail(mail);
  EXPECT_EQ(content.letter.value().text, "At **eight**");
  EXPECT_EQ(content.letter.value().quote, "When exactly?\n<b>");
  EXPECT_TRUE(content.letter.value().details.formatted);
}

TEST(FormattedMail, ASubjectHasNoMarks) {
  EXPECT_EQ(read_mail(mail_of(says("**Bold** words"))).subject, "Chat: Bold words");
}

TEST(FormattedMail, ACaptionMayBeFormatted) {
  auto send = says("**Two** lakes");
  send.files = {{.name = "a.jpg", .type = "image/jpeg", .blob = "", .bytes = "a"},
                {.name = "b.jpg", .type = "image/jpeg", .blob = "", .bytes = "b"}};
  const auto mail = mail_of(send);
  EXPECT_THAT(types_of(mail.root), ElementsAre("multipart/mixed", "multipart/alternative", "text/plain",
                                               "text/markdown", "text/html", "image/jpeg", "image/jpeg"));
  const auto letter = read_mail(mail).letter.value();
  EXPECT_EQ(letter.text, "**Two** lakes");
  EXPECT_EQ(letter.attachments.size(), 2U);
}

// P-07: only chat mail is read as formatted text.
TEST(FormattedMail, P07OfOtherMailThePlainTextIsShown) {
  const std::string forms =
      "--b\n\nplain\n--b\nContent-Type: text/markdown\n\n**marked**\n"
      "--b\nContent-Type: text/html\n\n<p><strong>html</strong></p>\n--b--\n";
  const std::string type = "Content-Type: multipart/alternative; boundary=b\n";
  EXPECT_EQ(read_text(from_bob(type, forms)).letter.value().text, "plain");
  EXPECT_EQ(read_text(from_bob("Chat-Version: 1.0\n" + type, forms)).letter.value().text, "**html**");
}

TEST(FormattedMail, C20TheOrderOfTheFormsDoesNotCount) {
  const std::string head = "Chat-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n";
  const std::string html = "--b\nContent-Type: text/html\n\n<p><em>x</em></p>\n";
  const std::string markdown = "--b\nContent-Type: text/markdown\n\n_x_\n", plain = "--b\n\nx\n", end = "--b--\n";
  for (const auto& body : {html + plain + markdown, plain + html, markdown + html, plain + markdown, html}) {
    const auto letter = read_text(from_bob(head, body + end)).letter.value();
    EXPECT_TRUE(letter.details.formatted) << body;
    EXPECT_THAT(letter.text, testing::AnyOf("*x*", "_x_")) << body;
    EXPECT_TRUE(letter.attachments.empty()) << body;
  }
}

TEST(FormattedMail, ACopyThatAListMadePlainIsTheSameMessage) {
  const auto ours = read_mail(mail_of(says("**Bold** words")));
  MessageFacts stored{.id = MessageId{3},
                      .key = {ours.rfc_id, "alice@example.org"},
                      .date_ms = *ours.date,
                      .is_chat = true,
                      .subject = ours.subject,
                      .text = ours.letter->text,
                      .details = ours.letter->details};
  auto copy = ours;
  copy.list = true;
  copy.letter->text = "Bold words\n\nUnsubscribe";
  copy.letter->details = {};
  copy.from = {"Alice", "alice@example.org"};
  auto stored_facts = facts();
  stored_facts.namesakes = {stored};
  const auto plan = decide(arrived(copy), stored_facts.account, stored_facts, now);
  EXPECT_EQ(only<PutMessage>(plan).into, MessageId{3});
}

TEST(FormattedMail, TheFirstOfAGroupDescribesItInItsHtmlAndReadsTheSame) {
  auto facts = to_bob();
  facts.chat->group = GroupFacts{.name = "Walkers", .founded = true};
  const auto mail = mail_of(says("**Hello** all"), facts);
  EXPECT_THAT(types_of(mail.root), ElementsAre("multipart/alternative", "text/plain", "text/markdown", "text/html"));
  EXPECT_EQ(*mail.root.children[2].header("Chat-Content"), "groupinfo");
  EXPECT_THAT(mail.root.children[2].body, HasSubstr("h-group"));
  EXPECT_EQ(read_mail(mail).letter.value().text, "**Hello** all");
  EXPECT_TRUE(read_mail(mail).letter.value().details.formatted);
}

TEST(FormattedMail, BombsAreTextAndHarmless) {
  std::string quotes(100'000, '>'), stars, brackets;
  for (int i = 0; i < 50'000; ++i) stars += "*a **";
  for (int i = 0; i < 50'000; ++i) brackets += "[a](";
  for (const auto& bomb : {quotes, stars, brackets}) {
    const auto send = says("**x** " + bomb);
    const auto content = read_mail(mail_of(send));
    EXPECT_TRUE(content.letter.has_value());
  }
}

}  // namespace
}  // namespace coi::chat
