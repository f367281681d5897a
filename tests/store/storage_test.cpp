// What the user decided, and the mails in Contacts that keep it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

const std::string bob_addr = "bob@example.net";
const ChatRef about_bob = WithPerson{bob_addr};
constexpr Place contacts{FolderId{3}, 50, 1};

Choice pinned(bool is, UnixMs at) { return {ChoiceKind::pinned, is ? "1" : "0", at}; }
Choice named(std::string name, UnixMs at) { return {ChoiceKind::name, std::move(name), at}; }

StorageMail of_bob(std::vector<std::string> keys = {"hash"}) {
  return {.addrs = {bob_addr},
          .group = {},
          .name = "Bob",
          .keys = std::move(keys),
          .choices = {named("Bob\nby", now)},
          .date_ms = now,
          .fields = "COI-TokenIn: a\nX-B: c\n",
          .page = "<div/>",
          .replaces = {"1@x", "2@x"},
          .whole = true};
}

struct Contacts : testing::Test {
  Stored stored;
  Contacts() {
    stored.apply({PutFolders{
        {{"INBOX", FolderRole::inbox}, {"COI/Chats", FolderRole::chats}, {"COI/Contacts", FolderRole::contacts}}}});
  }
  std::vector<Choice> chosen() { return stored.find(FindChosen{about_bob}).choices; }
};

TEST_F(Contacts, OfChoicesTheNewestCountsInWhateverOrderTheyCome) {
  stored.apply({bobs("1@x", "Hello"), PutChoices{about_bob, {pinned(true, now + 2)}}});
  stored.apply({PutChoices{about_bob, {pinned(false, now + 1), named("Bobby", now)}}});
  EXPECT_THAT(chosen(), ElementsAre(named("Bobby", now), pinned(true, now + 2)));
  EXPECT_TRUE(stored.chat_of({"1@x", bob_addr}).pinned);
  EXPECT_EQ(stored.chat_of({"1@x", bob_addr}).name, "Bobby");
  stored.apply({PutChoices{about_bob, {pinned(false, now + 2)}}});
  EXPECT_TRUE(stored.chat_of({"1@x", bob_addr}).pinned) << "of two at once the greater one";
}

TEST_F(Contacts, WhatWasDecidedBeforeTheFirstMessageCountsThen) {
  const auto changes = stored.apply({PutChoices{about_bob, {pinned(true, now), {ChoiceKind::muted, "99", now}}}});
  EXPECT_THAT(changes.people, SizeIs(1));
  stored.apply({bobs("1@x", "Hello")});
  EXPECT_TRUE(stored.chat_of({"1@x", bob_addr}).pinned);
  EXPECT_EQ(stored.chat_of({"1@x", bob_addr}).muted_until, 99);
}

TEST_F(Contacts, OfTwoThatBecomeOnePersonTheNewestCounts) {
  stored.apply({PutChoices{about_bob, {named("Bob", now), pinned(true, now)}},
                PutChoices{WithPerson{"b@work"}, {named("Robert", now + 1)}}, bobs("1@x", "Hello")});
  stored.apply({PutAlias{.alias = "b@work", .addr = bob_addr}});
  EXPECT_THAT(chosen(), ElementsAre(named("Robert", now + 1), pinned(true, now)));
  EXPECT_EQ(stored.chat_of({"1@x", bob_addr}).name, "Robert");
}

TEST_F(Contacts, AMailIsFoundByItsKeysUntilItIsGone) {
  stored.apply({PutTombstone{contacts, {}}, PutStorage{contacts, "3@x", of_bob({"one", "two"})}});
  const auto found = stored.find(FindStorage{{"two", "one", "three"}});
  ASSERT_THAT(found, SizeIs(1));
  EXPECT_EQ(found[0].place, contacts);
  EXPECT_EQ(found[0].rfc_id, "3@x");
  EXPECT_EQ(found[0].mail, of_bob({"one", "two"}));
  stored.apply({DropPlaces{contacts.folder, contacts.uidvalidity, NumberSet(1, 1)}});
  EXPECT_THAT(stored.find(FindStorage{{"one"}}), IsEmpty());
}

TEST_F(Contacts, OfMailsThatWaitToBeFiledTheLastIsFiled) {
  const auto write = [&](std::string id) {
    stored.apply({PutOutgoing{.kind = PutOutgoing::Kind::storage,
                              .key = {std::move(id), "alice@example.org"},
                              .recipients = {},
                              .about = "bob",
                              .file_in = FolderRole::contacts,
                              .bytes = "mail"}});
  };
  for (const auto* id : {"1@a", "2@a", "2@a"}) write(id);
  const auto jobs = good(stored.database().due_jobs(now));
  ASSERT_THAT(jobs, SizeIs(1));
  const auto copy = good(stored.database().own_copy(jobs[0].outgoing)).value();
  EXPECT_EQ(copy.rfc_id, "2@a");
  EXPECT_FALSE(copy.chat) << "it bears no keyword of a chat";
  stored.apply({EndJob{jobs[0].id}});
  EXPECT_FALSE(good(stored.database().own_copy(jobs[0].outgoing)));
}

}  // namespace
}  // namespace coi::store
