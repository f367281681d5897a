// Full-text search, as people type and as languages write.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/search_index.h"
#include "store/search_text.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

TEST(Search, FindsWordsByTheirBeginningInAnyCase) {
  Stored stored;
  stored.apply({bobs("1@x", "The Ferry leaves at nine")});
  for (const auto words : {"ferry", "FERRY", "fer", "f", "nine ferry", "leaves at", "  ferry  "})
    EXPECT_THAT(stored.search(words), ElementsAre("1@x")) << words;
  for (const auto words : {"erry", "ferrys", "ferry ten"}) EXPECT_THAT(stored.search(words), IsEmpty()) << words;
}

TEST(Search, FoldsDiacritics) {
  Stored stored;
  stored.apply({bobs("1@x", "Grüße aus Łódź, José")});
  for (const auto words : {"gruße", "Grüße", "GRU", "jose", "José", "łodz"})
    EXPECT_THAT(stored.search(words), ElementsAre("1@x")) << words;
}

TEST(Search, FindsInsideScriptsWithoutSpaces) {
  Stored stored;
  stored.apply({bobs("ja@x", "今日は東京都で会議です"), bobs("th@x", "ประชุมพรุ่งนี้"), bobs("ko@x", "내일회의합시다"),
                bobs("mixed@x", "meet at 駅前 5pm")});
  EXPECT_THAT(stored.search("東京"), ElementsAre("ja@x"));
  EXPECT_THAT(stored.search("京都"), ElementsAre("ja@x"));
  EXPECT_THAT(stored.search("会議"), ElementsAre("ja@x"));
  EXPECT_THAT(stored.search("東"), ElementsAre("ja@x"));
  EXPECT_THAT(stored.search("す"), ElementsAre("ja@x"));  // the last one
  EXPECT_THAT(stored.search("พรุ่งนี้"), ElementsAre("th@x"));
  EXPECT_THAT(stored.search("회의"), ElementsAre("ko@x"));
  EXPECT_THAT(stored.search("駅前 meet"), ElementsAre("mixed@x"));
  EXPECT_THAT(stored.search("meet駅"), ElementsAre("mixed@x"));
  EXPECT_THAT(stored.search("東都"), IsEmpty());
}

TEST(Search, PairsOfCharactersAreTheWords) {
  EXPECT_EQ(search_text("abc"), "abc");
  EXPECT_EQ(search_text("東京都"), " 東京 京都 都 ");
  EXPECT_EQ(search_query("東京都"), "\"東京 京都\"*");
  EXPECT_EQ(search_query("都"), "\"都\"*");
}

TEST(Search, WhatUsersTypeIsNeverAnOperator) {
  Stored stored;
  stored.apply({bobs("1@x", "cats AND dogs: \"NEAR\" (or not)"), bobs("2@x", "nothing")});
  for (const auto& words : std::vector<std::string>{
           "cats AND", "\"near\"", "NEAR(", "(or", "dogs:", "not)", "cats \"dogs", "\"", "*", "cats*", "body:cats",
           "-cats", "^cats", "cats + dogs", "' OR 1=1 --", "\xff\xfe", "cats\tdogs\n", std::string("cats\0dogs", 9)}) {
    const auto found = stored.reader().search(words);
    if (found) continue;
    EXPECT_EQ(found.error().kind(), ErrorKind::invalid) << words;
  }
  EXPECT_THAT(stored.search("cats AND dogs"), ElementsAre("1@x"));
  EXPECT_THAT(stored.search("\"near\""), ElementsAre("1@x"));
  EXPECT_THAT(stored.search("(or not)"), ElementsAre("1@x"));
  EXPECT_THAT(stored.search("cats\tdogs"), ElementsAre("1@x"));
  EXPECT_THAT(stored.search("body:cats"), IsEmpty());  // two words, one of which is not there
}

TEST(Search, OfNothingIsRefused) {
  Stored stored;
  for (const auto words : {"", "   ", "?!", "\"\""}) {
    const auto found = stored.reader().search(words);
    ASSERT_FALSE(found) << words;
    EXPECT_EQ(found.error().kind(), ErrorKind::invalid);
  }
}

TEST(Search, ALongQuestionIsNoError) {
  Stored stored;
  std::string words = "cats";
  for (int i = 0; i < 2000; ++i) words += " cats";
  stored.apply({bobs("1@x", "cats")});
  EXPECT_THAT(stored.search(words), ElementsAre("1@x"));
  EXPECT_THAT(stored.search(std::string(100'000, 'a')), IsEmpty());
}

TEST(Search, GivesTheNewestHitsFirst) {
  Stored stored;
  std::vector<Operation> operations;
  for (int i = 0; i < 100; ++i)
    operations.emplace_back(bobs(fmt::format("{}@x", i), "hello", now + (i * 37 % 100) * minute));
  stored.apply(operations);
  const auto found = good(stored.reader().search("hel", {}, {.most = 20})).value.rows;
  ASSERT_EQ(found.size(), 20U);
  EXPECT_EQ(found.front().sort_ms, now + 99 * minute);
  EXPECT_TRUE(std::ranges::is_sorted(found, std::greater{}, &MessageRow::sort_ms));
  EXPECT_EQ(found.back().sort_ms, now + 80 * minute);
}

TEST(Search, OfOneChatLooksThereAlone) {
  Stored stored;
  std::vector<Operation> operations = {bobs("bob@x", "hello", now - 1000 * minute)};
  for (int i = 0; i < 50; ++i)
    operations.emplace_back(bobs(fmt::format("{}@x", i), "hello", now + i * minute, "carol@x"));
  stored.apply(operations);
  const auto chat = stored.message({"bob@x", "bob@example.net"}).chat;
  EXPECT_THAT(stored.search("hello", chat), ElementsAre("bob@x"));
  EXPECT_THAT(stored.search(fmt::format("{}", chat.value)), IsEmpty());  // the mark of a chat is no word
  EXPECT_THAT(stored.search("hello", stored.message({"0@x", "carol@x"}).chat, 100), SizeIs(50));
}

TEST(Search, FindsFilesAndSubjectsOfOrdinaryMail) {
  Stored stored;
  auto mail = bobs("1@x", "see there");
  mail.is_chat = false;
  mail.subject = "Harbour plan";
  mail.kind = MessageKind::media;
  mail.attachments = {{.name = "quay_2026.pdf", .type = "application/pdf"}};
  stored.apply({mail});
  EXPECT_THAT(stored.search("harbour"), ElementsAre("1@x"));
  EXPECT_THAT(stored.search("quay"), ElementsAre("1@x"));
}

TEST(Search, FollowsAMessageThatMovesInTime) {
  Stored stored;
  auto late = bobs("1@x", "hello", now);
  stored.apply({late, bobs("2@x", "hello", now - minute)});
  EXPECT_THAT(stored.search("hello"), ElementsAre("1@x", "2@x"));
  auto early = bobs("1@x", "hello", now - 2 * minute);
  stored.apply({early});
  EXPECT_THAT(stored.search("hello"), ElementsAre("2@x", "1@x"));
}

TEST(SearchKey, OrdersByTimeAndHoldsTheId) {
  const auto key = SearchKey::of(MessageId{123456}, now);
  EXPECT_EQ(key.message(), MessageId{123456});
  EXPECT_LT(key, SearchKey::of(MessageId{1}, now + second));
  EXPECT_LT(key, SearchKey::of(MessageId{123457}, now));
  EXPECT_EQ(SearchKey::of(MessageId{7}, -5 * second).message(), MessageId{7});  // before 1970
  EXPECT_GT(SearchKey::of(MessageId{7}, 253'402'300'799'000).value, 0);         // the year 9999
}

}  // namespace
}  // namespace coi::store
