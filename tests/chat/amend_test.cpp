// Edits, deletions and pins, as they are read.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/amend.h"
#include "chat/settle.h"
#include "mails.h"

namespace coi::chat {
namespace {

using testing::IsEmpty;

const std::string chat_fields = "Message-ID: <chat$e@example.net>\nChat-Version: 1.0\n";
const std::string answering_chat = chat_fields + "In-Reply-To: <chat$a@example.net>\n";

std::string edit_with(const std::string& fields, const std::string& body) {
  return from_bob(answering_chat + fields + "Content-Type: text/plain; charset=UTF-8\n", body);
}

TEST(ReadEdit, C27IsMarkedByEitherWordAndNamesTheMailThatItAnswers) {
  for (const std::string word : {"editrequest", "edit", "EditRequest;"}) {
    const auto content = read_text(edit_with("Chat-Content: " + word + "\n", "New words\n"));
    EXPECT_EQ(content.edits, "chat$a@example.net") << word;
    EXPECT_EQ(content.letter.value().text, "New words") << word;
    EXPECT_THAT(content.remarks, IsEmpty()) << word;
  }
}

TEST(ReadEdit, D21ChatEditNamesTheOriginal) {
  EXPECT_EQ(read_text(edit_with("Chat-Edit: <orig@localhost>\n", "New words\n")).edits, "orig@localhost");
  EXPECT_EQ(read_text(edit_with("Chat-Content: editrequest\nChat-Edit: <orig@localhost>\n", "x\n")).edits,
            "orig@localhost");
}

TEST(ReadEdit, D21ChatEditIsReadInTheFirstPartToo) {
  const auto mail =
      from_bob(answering_chat + "Content-Type: multipart/mixed; boundary=b\n",
               "--b\nContent-Type: text/plain; charset=UTF-8\nChat-Edit: <orig@localhost>\n\nNew\n--b--\n");
  EXPECT_EQ(read_text(mail).edits, "orig@localhost");
  EXPECT_EQ(read_text(mail).letter.value().text, "New");
  const auto second = from_bob(answering_chat + "Content-Type: multipart/mixed; boundary=b\n",
                               "--b\n\nWords\n--b\nChat-Edit: <orig@localhost>\n\nNew\n--b--\n");
  EXPECT_EQ(read_text(second).edits, "");
}

TEST(ReadEdit, D21AQuoteAtTheTopAndAPencilAreTakenOff) {
  for (const std::string body : {"> Old words\n\n✏️New words\n", "✏️New words\n", "> Old\n> words\n\n✏ New words\n"}) {
    const auto content = read_text(edit_with("Chat-Edit: <orig@localhost>\n", body));
    EXPECT_EQ(content.letter.value().text, "New words") << body;
    EXPECT_EQ(content.letter.value().quote, "") << body;
  }
}

TEST(ReadEdit, C32AnEmptyOneIsADeletion) {
  for (const std::string body : {"", "\n \n", "✏️\n"}) {
    const auto content = read_text(edit_with("Chat-Content: editrequest\n", body));
    EXPECT_FALSE(content.letter) << body;
    ASSERT_EQ(content.remarks.size(), 1U) << body;
    EXPECT_EQ(content.remarks[0].kind, RemarkKind::deleted);
    EXPECT_EQ(content.remarks[0].subject, "chat$a@example.net");
  }
}

// Harmless: shown as what they are.
TEST(ReadEdit, OfNothingOfItselfOrByAMailProgramIsAMessage) {
  EXPECT_EQ(read_text(from_bob(chat_fields + "Chat-Content: editrequest\n", "Words\n")).edits, "");
  EXPECT_EQ(read_text(edit_with("Chat-Edit: <chat$e@example.net>\n", "Words\n")).edits, "");
  const auto plain =
      read_text(from_bob("Message-ID: <p@example.net>\nIn-Reply-To: <q@example.net>\nChat-Content: edit\n", "Words\n"));
  EXPECT_EQ(plain.edits, "");
  EXPECT_EQ(plain.letter.value().text, "Words");
}

TEST(ReadDeletion, C28IsAboutTheMailThatItAnswersAndNoMessage) {
  const auto content = read_text(edit_with("Chat-Content: deleterequest\n", "I have deleted a message.\n"));
  EXPECT_FALSE(content.letter);
  ASSERT_EQ(content.remarks.size(), 1U);
  EXPECT_EQ(content.remarks[0].kind, RemarkKind::deleted);
  EXPECT_EQ(content.remarks[0].subject, "chat$a@example.net");
  EXPECT_EQ(content.remarks[0].author, "bob@example.net");
}

// Nobody could forge it but by breaking the encryption; here anybody could.
TEST(ReadDeletion, D22ChatDeleteMeansNothingInClearMail) {
  const auto content = read_text(edit_with("Chat-Delete: <a@example.net> <b@example.net>\n", "🚮\n"));
  EXPECT_THAT(content.remarks, IsEmpty());
  EXPECT_EQ(content.letter.value().text, "🚮");
}

TEST(ReadPin, D26APinIsANoticeAndItsEndIsHidden) {
  const auto pinned = read_text(edit_with("Chat-Content: message-pinned\n", "You pinned a message.\n"));
  ASSERT_EQ(pinned.remarks.size(), 1U);
  EXPECT_EQ(pinned.remarks[0].kind, RemarkKind::pinned);
  EXPECT_EQ(pinned.remarks[0].value, "pinned");
  EXPECT_EQ(pinned.letter.value().notice.code, "message_pinned");
  EXPECT_EQ(pinned.letter.value().text, "You pinned a message.");
  const auto unpinned = read_text(edit_with("Chat-Content: message-unpinned\n", "You unpinned a message.\n"));
  EXPECT_FALSE(unpinned.letter);
  ASSERT_EQ(unpinned.remarks.size(), 1U);
  EXPECT_EQ(unpinned.remarks[0].value, "");
}

TEST(ReadPin, C82OfTheMailItselfLastsUntilItsTimeoutQuotedOrNot) {
  const auto pinned = [](const std::string& value) {
    const auto content = read_text(edit_with("Content-Disposition: pinned" + value + "\n", "Look\n"));
    EXPECT_EQ(content.letter.value().text, "Look") << value;
    EXPECT_TRUE(content.letter.value().attachments.empty()) << value;
    EXPECT_EQ(content.remarks.size(), 1U) << value;
    EXPECT_EQ(content.remarks.at(0).subject, "chat$e@example.net") << value;
    return content.remarks.at(0).value;
  };
  EXPECT_EQ(pinned(""), "pinned");
  EXPECT_EQ(pinned("; timeout=\"Tue, 24 Nov 2026 04:06:42 +0000\""), "1795493202000");
  EXPECT_EQ(pinned("; timeout=Tue, 24 Nov 2026 04:06:42 +0000"), "1795493202000");
  EXPECT_EQ(pinned("; timeout=whenever"), "pinned");
}

// What its author's server denies is not obeyed.
TEST(ReadAmendment, OfADisownedMailIsAMessage) {
  const auto mail = "From: bob@example.net, mallory@example.com\nTo: alice@example.org\n" + answering_chat +
                    "Chat-Content: deleterequest\n\nDeleted\n";
  EXPECT_THAT(read_text(mail).remarks, IsEmpty());
  EXPECT_TRUE(read_text(mail).letter);
}

Remark pins(const std::string& author, UnixMs at, const std::string& value) {
  return {.kind = RemarkKind::pinned, .author = author, .value = value, .date_ms = at, .rfc_id = "r", .at_ms = at};
}

TEST(SettledPin, D26TheNewestOfAnybodyWhoTakesPartCounts) {
  const auto person_of = [](const Remark& one) { return one.author == "mallory" ? std::string() : one.author; };
  const auto bobs = pins("bob", 100, "pinned"), carols = pins("carol", 200, ""), later = pins("bob", 300, "pinned");
  EXPECT_EQ(settled_pin({bobs}, person_of, 0), bobs);
  EXPECT_EQ(settled_pin({carols, bobs}, person_of, 0), std::nullopt);
  EXPECT_EQ(settled_pin({carols, later, bobs}, person_of, 0), later);
  EXPECT_EQ(settled_pin({bobs, pins("mallory", 900, "")}, person_of, 0), bobs);
}

TEST(SettledPin, C83EndsWithItsTimeout) {
  const auto person_of = [](const Remark& one) { return one.author; };
  const auto pinned = pins("bob", 100, "5000");
  EXPECT_EQ(settled_pin({pinned}, person_of, 4999), pinned);
  EXPECT_EQ(settled_pin({pinned}, person_of, 5000), std::nullopt);
}

}  // namespace
}  // namespace coi::chat
