// Lists, a page at a time, and what they cost nothing to show.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kept_counts.h"
#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

LearnAddress knows(std::string addr, std::string name = {}) {
  return {.addr = addr, .name = std::move(name), .known = true, .at_ms = now, .rfc_id = "known" + addr};
}

// A page in one line: "… 2 3 4" has more before it.
template <class Row>
std::string line(const Slice<Row>& slice, auto word) {
  std::string text = slice.more_before ? "…" : "";
  for (const auto& row : slice.rows) text += (text.empty() ? "" : " ") + word(row);
  return slice.more_after ? text + " …" : text;
}

class MessagePages : public testing::Test {
 protected:
  // 3 and 4 share their second: their ids decide.
  MessagePages() {
    stored_.apply({bobs("2", "", now + 2 * second), bobs("5", "", now + 4 * second), bobs("1", "", now + second),
                   bobs("3", "", now + 3 * second), bobs("4", "", now + 3 * second),
                   bobs("other", "", now, "carol@x")});
  }
  MessageId id(const std::string& rfc_id) { return stored_.facts_of({rfc_id, "bob@example.net"}).id; }
  std::string page(const Page<MessageId>& wanted, std::size_t octets = no_limit) {
    return line(good(stored_.reader().messages(ChatId{1}, wanted, octets)).value,
                [](const MessageRow& row) { return row.rfc_id; });
  }
  Stored stored_;
};

TEST_F(MessagePages, BeginAtTheNewest) {
  EXPECT_EQ(page({.most = 2}), "… 4 5");
  EXPECT_EQ(page({.most = 5}), "1 2 3 4 5");
  EXPECT_EQ(page({}), "1 2 3 4 5");
}

TEST_F(MessagePages, LieBeforeAMessageOrBehindIt) {
  EXPECT_EQ(page({.before = id("4"), .most = 2}), "… 2 3 …");
  EXPECT_EQ(page({.before = id("2"), .most = 2}), "1 …");
  EXPECT_EQ(page({.before = id("1"), .most = 2}), " …");
  EXPECT_EQ(page({.after = id("3"), .most = 1}), "… 4 …");
  EXPECT_EQ(page({.after = id("3"), .most = 9}), "… 4 5");
  EXPECT_EQ(page({.after = id("5"), .most = 9}), "…");
}

TEST_F(MessagePages, LieAroundAMessageAndAreFullAtTheEnds) {
  EXPECT_EQ(page({.around = id("3"), .most = 3}), "… 2 3 4 …");
  EXPECT_EQ(page({.around = id("3"), .most = 4}), "… 2 3 4 5");
  EXPECT_EQ(page({.around = id("1"), .most = 3}), "1 2 3 …");
  EXPECT_EQ(page({.around = id("5"), .most = 3}), "… 3 4 5");
  EXPECT_EQ(page({.around = id("4"), .most = 1}), "… 4 …");
  EXPECT_EQ(page({.around = id("4"), .most = 9}), "1 2 3 4 5");
}

TEST_F(MessagePages, HoldOneMessageOfTheRightSideWhereThereIsNoRoomForMore) {
  for (const auto* word : {"1", "2", "3", "4", "5"}) {
    auto long_one = bobs(std::string(word) + "long", std::string(100, 'x'), now + minute + (word[0] - '0') * second);
    stored_.apply({long_one});
  }
  EXPECT_EQ(page({.most = 3}, 100), "… 5long");
  EXPECT_EQ(page({.after = id("1long"), .most = 3}, 150), "… 2long …");
  EXPECT_EQ(page({.around = id("3long"), .most = 5}, 200), "… 2long 3long …");
}

TEST(FirstUnread, IsTheOldestOneThatWasNotSeen) {
  Stored stored;
  auto seen = bobs("1", "", now);
  seen.seen = true;
  stored.apply({seen, bobs("3", "", now + 2 * minute), bobs("2", "", now + minute)});
  const auto chat = stored.chat_of(seen.key);
  EXPECT_EQ(chat.unread, 2);
  EXPECT_EQ(chat.first_unread, stored.facts_of({"2", "bob@example.net"}).id);
}

class ChatPages : public testing::Test {
 protected:
  ChatPages() {
    for (int i = 1; i <= 5; ++i) {
      const auto addr = fmt::format("{}@x", i);
      // 3 and 4 were written at one time.
      stored_.apply({knows(addr, fmt::format("Friend {}", i)),
                     bobs(fmt::format("m{}", i), "Hello", now + (i == 4 ? 3 : i) * minute, addr)});
    }
    stored_.apply({PatchChat{.chat = chat(2), .pinned = true}});
  }
  ChatId chat(int i) { return stored_.facts_of({fmt::format("m{}", i), fmt::format("{}@x", i)}).chat; }
  std::optional<ChatPlace> place(int i) { return good(stored_.reader().place_of(chat(i))); }
  std::string page(const Page<ChatPlace>& wanted) {
    return line(good(stored_.reader().chats({}, wanted)).value, [](const ChatRow& row) { return row.name.substr(7); });
  }
  Stored stored_;
};

TEST_F(ChatPages, GoByPinsThenByTheNewestMessage) {
  EXPECT_EQ(page({}), "2 5 4 3 1");
  EXPECT_EQ(page({.most = 2}), "2 5 …");
  EXPECT_EQ(page({.after = place(2), .most = 2}), "… 5 4 …");
  EXPECT_EQ(page({.after = place(4), .most = 2}), "… 3 1");
  EXPECT_EQ(page({.before = place(4), .most = 1}), "… 5 …");
  EXPECT_EQ(page({.before = place(4), .most = 9}), "2 5 …");
  EXPECT_EQ(page({.around = place(4), .most = 3}), "… 5 4 3 …");
}

TEST_F(ChatPages, LieBesideAPlaceOfAnotherAccount) {
  auto elsewhere = *place(4);
  elsewhere.id = ChatId{};
  EXPECT_EQ(page({.after = elsewhere}), "… 1");
  elsewhere.id = ChatId{std::numeric_limits<std::int64_t>::max()};
  EXPECT_EQ(page({.after = elsewhere}), "… 4 3 1");
  EXPECT_EQ(page({.before = elsewhere}), "2 5 …");
}

TEST_F(ChatPages, OfPeopleGoByTheirNames) {
  const auto people = [&](const Page<PersonPlace>& wanted) {
    return line(good(stored_.reader().people(wanted)).value, [](const PersonRow& row) { return row.name.substr(7); });
  };
  const auto third = good(stored_.reader().place_of(good(stored_.reader().person_with("3@x")).value->id));
  EXPECT_EQ(people({}), "1 2 3 4 5");
  EXPECT_EQ(people({.after = third, .most = 1}), "… 4 …");
  EXPECT_EQ(people({.before = third, .most = 5}), "1 2 …");
  EXPECT_EQ(people({.around = third, .most = 3}), "… 2 3 4 …");
}

TEST_F(ChatPages, OfHitsGoOnWhereTheLastOneEnded) {
  const auto hits = [&](const Page<HitPlace>& wanted) {
    return line(good(stored_.reader().search("hello", {}, wanted)).value,
                [](const MessageRow& row) { return row.rfc_id; });
  };
  const auto at = [&](int i) {
    return good(stored_.reader().place_of(stored_.facts_of({fmt::format("m{}", i), fmt::format("{}@x", i)}).id));
  };
  EXPECT_EQ(hits({.most = 2}), "m5 m4 …");
  EXPECT_EQ(hits({.after = at(4), .most = 9}), "… m3 m2 m1");
  EXPECT_EQ(hits({.before = at(4), .most = 9}), "m5 …");
  EXPECT_EQ(hits({.around = at(3), .most = 3}), "… m4 m3 m2 …");
}

TEST(Counts, TellOfEachListApartAndNothingOfTheBlocked) {
  Stored stored;
  const auto write = [&](const std::string& addr, bool known, int messages) {
    if (known) stored.apply({knows(addr)});
    for (int i = 0; i < messages; ++i) stored.apply({bobs(fmt::format("{}{}", i, addr), "Hello", now + i, addr)});
    return stored.facts_of({"0" + addr, addr}).chat;
  };
  write("a@x", true, 2);
  const auto muted = write("b@x", true, 3);
  const auto archived = write("c@x", true, 1);
  write("stranger@x", false, 4);
  const auto blocked = write("evil@x", false, 9);
  stored.apply({PatchChat{.chat = muted, .muted_until = 253'402'300'799'000},
                PatchChat{.chat = archived, .archived = true}, PatchChat{.chat = blocked, .blocked = true}});
  const auto counts = good(stored.reader().counts()).value;
  const auto told = [](const ListCounts& list) {
    return std::vector{list.chats, list.unread_chats, list.unread, list.unread_unmuted};
  };
  EXPECT_THAT(told(counts.main), ElementsAre(2, 2, 5, 2));
  EXPECT_THAT(told(counts.archived), ElementsAre(1, 1, 1, 1));
  EXPECT_THAT(told(counts.requests), ElementsAre(1, 1, 4, 4));
}

// What stands with each chat is what its messages say, whatever happened to them.
TEST(ChatState, IsKeptWhateverBecomesOfMessages) {
  Stored stored;
  const auto wrong = [&] { return wrong_counts(stored.directory()); };
  stored.apply({bobs("new", "new", now), bobs("old", "old", now - minute), own("mine", "mine", now - second),
                bobs("carols", "hi", now, "carol@x")});
  EXPECT_EQ(wrong(), "");
  auto earlier = bobs("new", "new", now - 2 * minute);
  stored.apply({earlier});
  EXPECT_EQ(wrong(), "") << "an earlier copy moves it";
  const auto seen = bobs("old", "old", now - minute);
  stored.apply({at(inbox(1), seen, Flags::seen)});
  EXPECT_EQ(wrong(), "") << "seen elsewhere";
  stored.apply({PutAlias{.alias = "carol@x", .addr = "bob@example.net"}});
  EXPECT_EQ(wrong(), "") << "two chats became one";
  stored.apply({RemoveMessages{{stored.facts_of({"carols", "carol@x"}).id}}});
  EXPECT_EQ(wrong(), "") << "removed";
  EXPECT_EQ(stored.chat_of(seen.key).last->text, "mine");
}

TEST(Preview, IsBoundedAndSaysWhatAMessageWithoutWordsIs) {
  Stored stored;
  auto long_one = bobs("1", std::string(20'000, 'a'));
  stored.apply({long_one});
  EXPECT_EQ(stored.chat_of(long_one.key).last->text.size(), longest_preview);
  auto marked = bobs("2", "**bold** words", now + second);
  marked.details.formatted = true;
  stored.apply({marked});
  EXPECT_EQ(stored.chat_of(marked.key).last->text, "bold words");
  auto files = bobs("3", "", now + minute);
  files.kind = MessageKind::media;
  files.attachments = {{.name = "a.jpg", .type = "image/jpeg"}, {.name = "b.jpg", .type = "image/jpeg"}};
  stored.apply({files});
  const auto last = stored.chat_of(files.key).last.value();
  EXPECT_EQ(last.text, "a.jpg, b.jpg");
  EXPECT_EQ(last.files, 2U);
}

TEST(Files, AreListedByTheirSortTheNewestFirst) {
  Stored stored;
  const auto send = [&](int i, std::vector<Attachment> attachments) {
    auto message = bobs(fmt::format("{}", i), "", now + i * second);
    message.kind = MessageKind::media;
    message.attachments = std::move(attachments);
    stored.apply({message});
    return message.key;
  };
  send(1, {{.name = "1a.jpg", .type = "image/jpeg"}, {.name = "1b.pdf", .type = "application/pdf"}});
  send(2, {{.name = "2a.png", .type = "image/png"}, {.name = "2b.mp4", .type = "video/mp4"}});
  send(3, {{.name = "3.ogg", .type = "audio/ogg"}});
  auto elsewhere = bobs("x", "", now, "carol@x");
  elsewhere.kind = MessageKind::media;
  elsewhere.attachments = {{.name = "x.jpg", .type = "image/jpeg"}};
  stored.apply({elsewhere});
  const auto files = [&](FileSort sort, const Page<AttachmentId>& page = {}) {
    return line(good(stored.reader().files(ChatId{1}, sort, page)).value,
                [](const FileRow& row) { return row.file.file.name; });
  };
  EXPECT_EQ(files(FileSort::media), "2a.png 2b.mp4 1a.jpg");
  EXPECT_EQ(files(FileSort::sound), "3.ogg");
  EXPECT_EQ(files(FileSort::other), "1b.pdf");
  const auto all = good(stored.reader().files(ChatId{1}, FileSort::media)).value.rows;
  EXPECT_EQ(files(FileSort::media, {.after = all[0].file.id, .most = 1}), "… 2b.mp4 …");
  EXPECT_EQ(files(FileSort::media, {.before = all[2].file.id, .most = 1}), "… 2b.mp4 …");
  EXPECT_EQ(files(FileSort::media, {.around = all[1].file.id, .most = 3}), "2a.png 2b.mp4 1a.jpg");
}

TEST(Links, AreListedWithTheirMessagesTheNewestFirst) {
  Stored stored;
  stored.apply({bobs("1", "see https://example.org/a, and http://example.net"), bobs("2", "nothing", now + second),
                bobs("3", "a:// b", now + 2 * second), bobs("4", "https://example.com", now + 3 * second)});
  const auto links = [&](const Page<MessageId>& page = {}) {
    return line(good(stored.reader().links(ChatId{1}, page)).value, [](const LinksRow& row) {
      std::string text;
      for (const auto& link : row.links) text += (text.empty() ? "" : "+") + link.url;
      return text;
    });
  };
  EXPECT_EQ(links(), "https://example.com https://example.org/a+http://example.net");
  EXPECT_EQ(links({.most = 1}), "https://example.com …");
  EXPECT_EQ(links({.after = stored.facts_of({"4", "bob@example.net"}).id}),
            "… https://example.org/a+http://example.net");
}

}  // namespace
}  // namespace coi::store
