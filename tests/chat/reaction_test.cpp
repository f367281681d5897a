// Reactions, as they are read and written.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "chat/reaction.h"
#include "chat/settle.h"
#include "mails.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;

const std::string answering = "Message-ID: <r@example.net>\nIn-Reply-To: <chat$a@example.org>\nChat-Version: 1.0\n";
const std::string one_part = answering + "Content-Type: text/plain; charset=UTF-8\nContent-Disposition: reaction\n";

// What it says; "(none)": it is no reaction.
std::string said(std::string_view bytes) {
  auto content = read_text(bytes);
  std::erase_if(content.remarks, [](const Remark& remark) { return remark.kind == RemarkKind::vote; });  // P-23: "1"
  if (content.remarks.empty()) return "(none)";
  EXPECT_EQ(content.remarks.size(), 1U);
  EXPECT_EQ(content.remarks[0].kind, RemarkKind::reaction);
  EXPECT_EQ(content.remarks[0].subject, "chat$a@example.org");
  EXPECT_EQ(content.remarks[0].author, "bob@example.net");
  return content.remarks[0].value;
}

TEST(Reaction, D23IsAnEmojiAboutTheAnsweredMailAndNoMessage) {
  const auto mail = from_bob(one_part, "👍\n");
  EXPECT_EQ(said(mail), "👍");
  EXPECT_FALSE(read_text(mail).letter);
}

TEST(Reaction, D23OfSeveralTheFirstCounts) {
  EXPECT_EQ(said(from_bob(one_part, "❤️ 👍\n")), "❤️");
  EXPECT_EQ(said(from_bob(one_part, "❤️\n👍\n")), "❤️");
}

TEST(Reaction, D23AnEmptyOneOrAFooterAloneWithdraws) {
  for (const std::string body : {"", "\n", "---\nReaction withdrawn\n", "-- \nSent from afar\n"})
    EXPECT_EQ(said(from_bob(one_part, body)), "") << body;
}

// Shown as what it is: harmless, and nothing changes.
TEST(Reaction, OfOtherWordsIsAMessage) {
  for (const std::string& body :
       {std::string("I agree"), std::string("👍👍"), std::string("1"), std::string(10'000, 'x')}) {
    const auto mail = from_bob(one_part, body + "\n");
    EXPECT_EQ(said(mail), "(none)") << body;
    EXPECT_TRUE(read_text(mail).letter) << body;
  }
}

TEST(Reaction, ToNothingIsAMessage) {
  EXPECT_EQ(said(from_bob("Content-Type: text/plain\nContent-Disposition: reaction\n", "👍\n")), "(none)");
}

TEST(Reaction, BesideWordsIsBoth) {
  const auto mail = from_bob(answering + "Content-Type: multipart/mixed; boundary=b\n",
                             "--b\n\nSee you there\n--b\nContent-Type: text/plain; charset=UTF-8\n"
                             "Content-Disposition: reaction\n\n🎉\n--b--\n");
  EXPECT_EQ(said(mail), "🎉");
  EXPECT_THAT(read_text(mail).letter.value().text, testing::HasSubstr("See you there"));
}

std::string of_gmail(const std::string& json) {
  return from_bob(
      "Message-ID: <g@mail.example.com>\nIn-Reply-To: <chat$a@example.org>\n"
      "Content-Type: multipart/alternative; boundary=b\n",
      "--b\nContent-Type: text/plain; charset=UTF-8\n\n🎉\n\nBob reacted\n"
      "--b\nContent-Type: text/vnd.google.email-reaction+json; charset=UTF-8\n\n" +
          json + "\n--b\nContent-Type: text/html; charset=UTF-8\n\n<p>🎉 Bob reacted</p>\n--b--\n");
}

TEST(Reaction, D24OfGmailIsReadFromItsJson) {
  const auto mail = of_gmail("{\n  \"version\": 1,\n  \"emoji\": \"🎉\"\n}");
  EXPECT_EQ(said(mail), "🎉");
  EXPECT_FALSE(read_text(mail).letter);
}

TEST(Reaction, D24OfAnotherVersionOrWithoutAnEmojiIsShownAsItsText) {
  for (const std::string json : {"{\"version\": 2, \"emoji\": \"🎉\"}", "{\"version\": 1, \"emoji\": \"yes\"}",
                                 "{\"version\": 1}", "{\"version\": 1, \"emoji\"", "[]"}) {
    EXPECT_EQ(said(of_gmail(json)), "(none)") << json;
    EXPECT_TRUE(read_text(of_gmail(json)).letter) << json;
  }
}

TEST(Emoji, IsOnePicture) {
  for (const auto* emoji : {"👍", "👍🏽", "❤️", "❤", "👩‍👩‍👧‍👦", "🇩🇪", "1️⃣",
                            "🏴󠁧󠁢󠁳󠁣󠁴󠁿", "🧑🏿‍🚀", "☺", "🩷", "🫨"})
    EXPECT_TRUE(is_emoji(emoji)) << emoji;
  for (const auto* text : {"", "a", "1", "👍👍", "👍 ", "🇩", "\xF0\x9F", "👍\xE2\x80\x8D", "🏽", "<b>", "é"})
    EXPECT_FALSE(is_emoji(text)) << text;
}

TEST(Emoji, D23AWithdrawalReadsAsASentenceAndAsNothing) {
  auto part = reaction_part("");
  EXPECT_EQ(part.disposition, "reaction");
  EXPECT_THAT(part.body, testing::HasSubstr("Reaction withdrawn"));
  EXPECT_EQ(read_reaction({.root = part})->emoji, "");
  EXPECT_EQ(read_reaction({.root = reaction_part("🦊")})->emoji, "🦊");
}

TEST(Reaction, D24ForGmailReadsBack) {
  mime::Part forms{.type = "multipart/alternative"};
  forms.children = {{.type = "text/plain", .body = "🎉\n"}, gmail_reaction_part("🎉")};
  EXPECT_EQ(read_reaction({.root = forms}), (Reaction{.emoji = "🎉"}));
}

TEST(Reaction, D24GmailIsKnownByItsDomains) {
  for (const auto* addr : {"bob@gmail.com", "bob@googlemail.com", "Bob@GMail.com"}) EXPECT_TRUE(is_at_gmail(addr));
  for (const auto* addr : {"bob@example.org", "gmail.com@example.org", "bob@gmail.com.example"})
    EXPECT_FALSE(is_at_gmail(addr));
}

Remark says(const std::string& author, UnixMs at, const std::string& emoji) {
  return {.kind = RemarkKind::reaction,
          .author = author,
          .value = emoji,
          .date_ms = at,
          .rfc_id = author + std::to_string(at),
          .at_ms = 1000};
}

TEST(SettledReactions, D23TheNewestOfEachPersonCountsWhateverTheOrder) {
  std::vector<Remark> remarks = {says("bob@home", 100, "👍"), says("carol", 200, "🎉"), says("bob@work", 300, "❤"),
                                 says("mallory", 400, "💩"), says("carol", 500, "")};
  const auto person_of = [](const Remark& remark) {
    return remark.author == "mallory" ? std::string() : remark.author.substr(0, remark.author.find('@'));
  };
  do {
    EXPECT_THAT(settled_reactions(remarks, person_of), ElementsAre(says("bob@work", 300, "❤")));
  } while (std::ranges::next_permutation(remarks, {}, &Remark::date_ms).found);
}

// Arrival is told by the second; who changes his mind within one dates the second mail later.
TEST(SettledReactions, OfTwoThatArriveTogetherTheOneWithTheLaterDateCounts) {
  auto first = says("bob", 1'000, "👍"), second = says("bob", 2'000, "❤");
  first.rfc_id = "z";
  second.rfc_id = "a";
  EXPECT_THAT(settled_reactions({first, second}, [](const Remark& one) { return one.author; }), ElementsAre(second));
  EXPECT_THAT(settled_reactions({second, first}, [](const Remark& one) { return one.author; }), ElementsAre(second));
}

// A clock that is fast would speak for ever.
TEST(SettledReactions, C30ADateCountsNoLaterThanItsArrival) {
  auto fast = says("bob", 9'000, "👍");
  fast.at_ms = 1'000;
  auto later = says("bob", 2'000, "❤");
  later.at_ms = 2'000;
  EXPECT_THAT(settled_reactions({fast, later}, [](const Remark& one) { return one.author; }), ElementsAre(later));
}

}  // namespace
}  // namespace coi::chat
