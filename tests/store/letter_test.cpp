// What a message holds besides words and files, as it is kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/details.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;

TEST(Details, ReadBackAsTheyWereWritten) {
  const Details all{.formatted = true,
                    .forwarded = true,
                    .duration_ms = 86'400'000,
                    .position = Position{-33.87, 151.2093},
                    .contact = SharedContact{"Dora = D", "dora@example.com"}};
  EXPECT_EQ(details_of(details_text(all)), all);
  EXPECT_EQ(details_text({}), "");
  EXPECT_EQ(details_of(""), Details{});
  const Details precise{.position = Position{1.0 / 3, 1e-9}};
  EXPECT_EQ(details_of(details_text(precise)), precise);
}

TEST(Details, WhatMakesNoSenseIsLeftOut) {
  for (const char* text : {"latitude=1", "x", "=", "\n\n", "duration_ms=-1", "latitude=x\nlongitude=2"})
    EXPECT_EQ(details_of(text), Details{}) << text;
  EXPECT_EQ(details_of(details_text({.contact = SharedContact{"a\nformatted=1", ""}})).formatted, false);
}

TEST(StoredLetters, AreSearchedWithoutMarksAndShownPlainly) {
  Stored stored;
  auto message = bobs("a@x", "**quick**er @Dora:dora@example.com", now);
  message.details.formatted = true;
  stored.apply({message});
  EXPECT_THAT(stored.search("quick"), ElementsAre("a@x"));
  const auto row = stored.message(message.key);
  EXPECT_EQ(row.text, "**quick**er @Dora:dora@example.com");
  EXPECT_THAT(row.mentions, ElementsAre("dora@example.com"));
}

// The copy that speaks says what the message is, and the index for the search follows.
TEST(StoredLetters, AnEarlierCopyBringsItsDetails) {
  Stored stored;
  auto late = bobs("a@x", "*Lake*", now);
  late.details.formatted = true;
  auto early = late;
  early.received_ms = now - minute;
  early.kind = MessageKind::voice;
  early.details.duration_ms = 5;
  for (const auto& order : {std::vector{late, early}, std::vector{early, late}}) {
    Stored one;
    for (const auto& copy : order) one.apply({copy});
    const auto row = one.message(late.key);
    EXPECT_EQ(row.kind, MessageKind::voice);
    EXPECT_EQ(row.details.duration_ms, 5U);
    EXPECT_EQ(row.plain, "Lake");
    EXPECT_THAT(one.search("lake"), ElementsAre("a@x"));
  }
}

TEST(StoredLetters, ThePixelsOfAPictureStayWithItsFile) {
  Stored stored;
  auto message = bobs("a@x", "See", now);
  message.kind = MessageKind::media;
  message.attachments = {{.name = "a.jpg", .type = "image/jpeg", .size = 9, .section = "2", .preview = "1.5"}};
  stored.apply({message});
  const auto id = stored.message(message.key).attachments.at(0).id;
  stored.apply({PutFile{{.attachment = id, .blob = "00", .size = 10, .width = 640, .height = 480}}});
  auto again = message;
  again.received_ms = now - minute;
  stored.apply({again});
  const auto file = stored.message(message.key).attachments.at(0).file;
  EXPECT_EQ(file.width, 640U);
  EXPECT_EQ(file.height, 480U);
  EXPECT_EQ(file.preview, "1.5");
}

TEST(StatusLines, C16TheNewestOfAPersonCountsWhateverTheOrder) {
  const auto says = [](std::string addr, std::string words, UnixMs at) {
    return LearnAddress{.addr = std::move(addr), .status = std::move(words), .at_ms = at, .rfc_id = "s@x"};
  };
  const std::vector<LearnAddress> said = {says("bob@example.net", "old", 10), says("bob@example.net", "new", 20),
                                          says("rob@example.net", "newest", 30)};
  for (const bool backwards : {false, true}) {
    Stored stored;
    stored.apply({said[backwards ? 2 : 0]});
    stored.apply({said[1]});
    stored.apply({said[backwards ? 0 : 2]});
    EXPECT_EQ(good(stored.reader().person_with("bob@example.net")).value.value().status, "new");
    stored.apply({PutAlias{.alias = "rob@example.net", .addr = "bob@example.net"}});
    EXPECT_EQ(good(stored.reader().person_with("bob@example.net")).value.value().status, "newest");
  }
}

TEST(Blocks, OfATextWithTooManyPiecesAreOneParagraph) {
  Stored stored;
  std::string text;
  for (int i = 0; i < 30'000; ++i) text += "*a* b\n\n";
  auto message = bobs("a@x", text, now);
  message.details.formatted = true;
  stored.apply({message});
  const auto blocks = good(stored.reader().blocks(stored.message(message.key).id)).value.value();
  EXPECT_EQ(blocks.size(), 1U);
}

}  // namespace
}  // namespace coi::store
