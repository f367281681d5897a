// Folders, places, progress, moves, and the jobs that wait for the mailbox.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "stored.h"

namespace coi::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

Folder the_inbox(Stored& stored) { return good(stored.database().folders()).at(0); }
Folder the_chats(Stored& stored) { return good(stored.database().folders()).at(1); }

std::vector<std::string> lies_in(Stored& stored, const PutMessage& message) {
  std::vector<std::string> places;
  for (const auto& copy : good(stored.reader().copies(stored.message(message.key).id)))
    places.push_back(fmt::format("{}:{}:{}", copy.folder, copy.uidvalidity, copy.uid));
  return places;
}

TEST(Folder, KeepsItsRowWhateverItsRole) {
  Stored stored;
  const auto id = the_inbox(stored).id;
  stored.apply({PutFolders{{{"INBOX", FolderRole::inbox}, {"Sent", FolderRole::sent}}}});
  const auto folders = good(stored.database().folders());
  ASSERT_EQ(folders.size(), 3U);
  EXPECT_EQ(folders[0].id, id);
  EXPECT_EQ(folders[1].role, FolderRole::other);  // COI/Chats is gone
  EXPECT_EQ(folders[2].role, FolderRole::sent);
}

TEST(Progress, WhatIsStoredOrGivenUpIsDone) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(3), message), PutTombstone{inbox(4), "too deep"}, PutTombstone{inbox(5), ""}});
  EXPECT_EQ(the_inbox(stored).done.text(), "3:5");
  EXPECT_EQ(the_inbox(stored).uidvalidity, 77U);
  EXPECT_EQ(good(stored.reader().queue(now)).unreadable, 1);
}

TEST(Progress, ARoundMovesItOnAndNeverBack) {
  Stored stored;
  stored.apply({PutRound{{FolderId{1}, 77, 100, 5000, NumberSet(1, 50)}}});
  stored.apply({PutRound{{FolderId{1}, 77, 90, 4000, NumberSet(60, 70)}}});
  const auto folder = the_inbox(stored);
  EXPECT_EQ(folder.uidnext, 100U);
  EXPECT_EQ(folder.highestmodseq, 5000U);
  EXPECT_EQ(folder.done.text(), "1:50,60:70");
}

TEST(Progress, IsReadAgainAfterARestart) {
  Stored stored;
  stored.apply({PutRound{{FolderId{1}, 77, 100, 5000, NumberSet(1, 50)}}});
  auto again = good(Database::open(stored.directory(), {}));
  EXPECT_EQ(good(again.folders()).at(0).done.text(), "1:50");
}

TEST(UidValidity, ANewOneVoidsThePlacesAndKeepsTheMessages) {
  Stored stored;
  const auto message = bobs("a@b", "Hello"), other = bobs("c@d", "World");
  stored.apply({message, at(inbox(1), message, Flags::seen), other, at(chats(1), other),
                PutJob{.kind = JobKind::store_seen, .places = {inbox(1)}},
                PutRound{{FolderId{1}, 77, 2, 10, NumberSet(1, 1)}}});
  stored.apply({ResetFolder{FolderId{1}, 78}});
  EXPECT_FALSE(stored.message(message.key).on_server);
  EXPECT_EQ(stored.message(message.key).state, MessageRow::State::seen);
  EXPECT_TRUE(stored.message(other.key).on_server);
  const auto folder = the_inbox(stored);
  EXPECT_EQ(folder.uidvalidity, 78U);
  EXPECT_TRUE(folder.done.empty());
  EXPECT_EQ(folder.highestmodseq, 0U);
  EXPECT_THAT(good(stored.database().due_jobs(now)), IsEmpty());
  stored.apply({at(inbox(1, 78), message)});
  EXPECT_THAT(lies_in(stored, message), ElementsAre("INBOX:78:1"));
}

TEST(UidValidity, WhatComesLateFromBeforeIsTakenWithoutItsPlace) {
  Stored stored;
  stored.apply({ResetFolder{FolderId{1}, 77}, ResetFolder{FolderId{1}, 78}});
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(5), message), PutTombstone{inbox(6), "x"},
                PutRound{{FolderId{1}, 77, 9, 9, NumberSet(1, 9)}},
                PutJob{.kind = JobKind::move, .role = FolderRole::chats, .places = {inbox(5)}}});
  EXPECT_EQ(stored.message(message.key).text, "Hello");
  EXPECT_FALSE(stored.message(message.key).on_server);
  EXPECT_EQ(the_inbox(stored).uidvalidity, 78U);
  EXPECT_TRUE(the_inbox(stored).done.empty());
  EXPECT_THAT(good(stored.database().due_jobs(now)), IsEmpty());
}

TEST(UidValidity, ToldTwiceIsOneChange) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({ResetFolder{FolderId{1}, 77}, message, at(inbox(1), message)});
  stored.apply({ResetFolder{FolderId{1}, 77}});
  EXPECT_TRUE(stored.message(message.key).on_server);
  EXPECT_EQ(the_inbox(stored).done.text(), "1");
}

// What came after the backup is gone, and its UIDs are going to be of other mails.
TEST(Restored, IsBelievedWhatItSaysNow) {
  Stored stored;
  const auto old = bobs("a@b", "Hello"), late = bobs("c@d", "World"), elsewhere = bobs("e@f", "!");
  stored.apply({old, at(inbox(1), old, Flags::seen, 4000), late, at(inbox(2), late, 0, 4001), elsewhere,
                at(chats(2), elsewhere, 0, 4002), PutJob{.kind = JobKind::store_seen, .places = {inbox(1), inbox(2)}},
                PutJob{.kind = JobKind::move, .role = FolderRole::chats, .places = {inbox(2)}},
                PutRound{{FolderId{1}, 77, 3, 5000, NumberSet(1, 2)}}});
  stored.apply({RestoreFolder{FolderId{1}, 77, 2}});
  EXPECT_EQ(the_inbox(stored).highestmodseq, 0U);
  EXPECT_EQ(the_inbox(stored).uidnext, 2U);
  EXPECT_EQ(the_inbox(stored).done.text(), "1");
  EXPECT_TRUE(stored.message(old.key).on_server);
  EXPECT_FALSE(stored.message(late.key).on_server);
  EXPECT_TRUE(stored.message(elsewhere.key).on_server);
  const auto jobs = good(stored.database().due_jobs(now));
  ASSERT_EQ(jobs.size(), 1U) << "of a mail that is gone there is nothing to do";
  EXPECT_THAT(jobs.front().places, ElementsAre(inbox(1)));
  stored.apply({SetFlags{inbox(1), {0}, 2999}, PutRound{{FolderId{1}, 77, 2, 3000, NumberSet(1, 1)}}});
  EXPECT_EQ(stored.message(old.key).state, MessageRow::State::fresh);
  EXPECT_EQ(the_inbox(stored).highestmodseq, 3000U);
  // Of a mailbox that has been made anew meanwhile it says nothing.
  stored.apply({RestoreFolder{FolderId{1}, 76, 1}});
  EXPECT_EQ(the_inbox(stored).highestmodseq, 3000U);
}

TEST(Flags, OfAnOlderStateComeTooLate) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(1), message, 0, 10)});
  stored.apply({SetFlags{inbox(1), {Flags::seen}, 12}});
  stored.apply({SetFlags{inbox(1), {0}, 11}});
  EXPECT_EQ(stored.message(message.key).state, MessageRow::State::seen);
  stored.apply({at(inbox(1), message, 0, 9)});
  EXPECT_EQ(stored.message(message.key).state, MessageRow::State::seen);
  stored.apply({SetFlags{inbox(1), {0}, 0}});  // a server that counts nothing
  EXPECT_EQ(stored.message(message.key).state, MessageRow::State::fresh);
}

TEST(Place, AMailThatCanBeReadAfterAllIsNoTombstone) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({PutTombstone{inbox(1), "the disk was full"}});
  stored.apply({message, at(inbox(1), message)});
  EXPECT_EQ(good(stored.reader().queue(now)).unreadable, 0);
  stored.apply({PutTombstone{inbox(1), "too late"}});
  EXPECT_TRUE(stored.message(message.key).on_server);
}

TEST(Place, ExpungedEverywhereTheMessageIsKept) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(1), message), at(chats(1), message)});
  stored.apply({DropPlaces{FolderId{1}, 77, NumberSet(1, 100)}});
  EXPECT_TRUE(stored.message(message.key).on_server);
  const auto changes = stored.apply({DropPlaces{FolderId{2}, 88, NumberSet(1, 4294967295U)}});
  EXPECT_THAT(changes.changed, SizeIs(1));
  EXPECT_FALSE(stored.message(message.key).on_server);
  EXPECT_EQ(stored.message(message.key).text, "Hello");
  EXPECT_EQ(the_inbox(stored).done.text(), "1");
}

TEST(Move, TheCopyIsKnownAtItsNewPlaceAndNotFetchedAgain) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(1), message, Flags::seen)});
  stored.apply({MovePlaces{{inbox(1)}, {chats(7)}}});
  EXPECT_THAT(lies_in(stored, message), ElementsAre("COI/Chats:88:7"));
  EXPECT_TRUE(the_chats(stored).done.contains(7));
  EXPECT_EQ(stored.message(message.key).state, MessageRow::State::seen);
}

TEST(Move, WhatTheServerHasToldAlreadyIsLeftToBeFetched) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(1), message)});
  stored.apply({DropPlaces{FolderId{1}, 77, NumberSet(1, 1)}});
  stored.apply({MovePlaces{{inbox(1)}, {chats(7)}}});
  EXPECT_FALSE(the_chats(stored).done.contains(7));
}

TEST(Job, TheSameWorkIsOneJob) {
  Stored stored;
  const PutJob move{.kind = JobKind::move, .role = FolderRole::chats, .places = {inbox(1), inbox(2)}};
  EXPECT_TRUE(stored.apply({move}).jobs);
  stored.apply({move, PutJob{.kind = JobKind::store_seen, .places = {inbox(1), inbox(2)}}});
  const auto due = good(stored.database().due_jobs(now));
  ASSERT_EQ(due.size(), 2U);
  EXPECT_EQ(due[0].kind, JobKind::move);
  EXPECT_EQ(due[0].role, FolderRole::chats);
  EXPECT_THAT(due[0].places, ElementsAre(inbox(1), inbox(2)));
}

// A filter that is wished for moves all mails by one job; a mail whose flags change before it ran asks for its own.
TEST(Job, WhatAJobOfManyMailsDoesIsNotDoneByAnother) {
  Stored stored;
  const auto move = [](std::vector<Place> places) {
    return PutJob{.kind = JobKind::move, .role = FolderRole::chats, .places = std::move(places)};
  };
  stored.apply({move({inbox(1), inbox(2), inbox(3)}), move({inbox(2)})});
  EXPECT_THAT(good(stored.database().due_jobs(now)), SizeIs(1));
  stored.apply({move({inbox(5)}), move({inbox(3), inbox(4), inbox(5)})});
  const auto due = good(stored.database().due_jobs(now));
  ASSERT_EQ(due.size(), 3U);
  EXPECT_THAT(due[2].places, ElementsAre(inbox(4)));
  stored.apply({PutJob{.kind = JobKind::store_seen, .places = {inbox(2)}},
                PutJob{.kind = JobKind::move, .role = FolderRole::blocked, .places = {inbox(2)}}});
  EXPECT_THAT(good(stored.database().due_jobs(now)), SizeIs(5)) << "other work for the same mail";
}

TEST(Job, IsDoneOrWaits) {
  Stored stored;
  stored.apply({PutJob{.kind = JobKind::make_folder, .role = FolderRole::blocked}});
  const auto job = good(stored.database().due_jobs(now)).at(0);
  stored.apply({DelayJob{job.id, 3, now + minute, "try later"}});
  EXPECT_THAT(good(stored.database().due_jobs(now)), IsEmpty());
  EXPECT_EQ(good(stored.database().next_due(now)), now + minute);
  stored.apply({PutJob{.kind = JobKind::make_folder, .role = FolderRole::chats}});
  EXPECT_EQ(good(stored.database().next_due(now + second)), now + minute) << "what waits does not hide what comes";
  EXPECT_EQ(good(stored.database().next_due(now + 2 * minute)), now + 3 * minute) << "what waits is looked at again";
  EXPECT_EQ(good(stored.database().due_jobs(now + minute)).at(0).attempts, 3);
  EXPECT_EQ(stored.find(FindJob{job.id})->role, FolderRole::blocked);
  for (const auto& one : good(stored.database().due_jobs(now + minute))) stored.apply({EndJob{one.id}});
  EXPECT_EQ(good(stored.database().next_due(now)), std::nullopt);
}

TEST(Job, ASeenFlagOnItsWayIsKnown) {
  Stored stored;
  const auto message = bobs("a@b", "Hello");
  stored.apply({message, at(inbox(1), message), at(inbox(2), message),
                PutJob{.kind = JobKind::store_seen, .places = {inbox(1)}}});
  EXPECT_TRUE(stored.find(FindPlace{inbox(1)})->seen_pending);
  EXPECT_FALSE(stored.find(FindPlace{inbox(2)})->seen_pending);
}

TEST(Lookup, ChatMailInTheInboxKnowsWhoIsBlocked) {
  Stored stored;
  const auto bob = bobs("a@b", "Hello"), mallory = bobs("c@d", "Buy", now, "mallory@example.com");
  auto plain = bobs("e@f", "mail");
  plain.is_chat = false;
  stored.apply(
      {bob, at(inbox(1), bob), mallory, at(inbox(2), mallory), plain, at(inbox(3), plain), bob, at(chats(1), bob)});
  stored.apply({PatchChat{.chat = stored.message(mallory.key).chat, .blocked = true}});
  const auto places = stored.find(FindChatInInbox{});
  ASSERT_EQ(places.size(), 2U);
  EXPECT_FALSE(places[0].blocked);
  EXPECT_TRUE(places[1].blocked);
  EXPECT_EQ(places[0].role, FolderRole::inbox);
}

TEST(Dump, ShowsWhatAUserCouldSee) {
  Stored stored;
  const auto message = bobs("a@b", "Hello\nBob");
  stored.apply(
      {LearnAddress{
           .addr = "bob@example.net", .name = "Bob", .peer_class = PeerClass::coi, .at_ms = now, .rfc_id = "a@b"},
       message, at(inbox(1), message, Flags::flagged)});
  EXPECT_THAT(stored.dump(), HasSubstr("bob@example.net | Bob | coi | chats since 2026-11-24 04:06:42 | stranger\n"));
  EXPECT_THAT(stored.dump(), HasSubstr("bob@example.net | 1 unread\n"));
  EXPECT_THAT(stored.dump(), HasSubstr("text Hello\\nBob\n"));
  EXPECT_THAT(stored.dump(), HasSubstr("INBOX | 77:1 | a@b | \\Flagged\n"));
}

TEST(Dump, CallsAllByTheirNames) {
  Stored stored;
  auto message = bobs("a@b", "Hello");
  message.album = "first@b";
  stored.apply({LearnAddress{.addr = "bob@example.net",
                             .profile = PersonSaid{.status = "at sea", .birthday = "--05-17", .picture = {.id = "abc"}},
                             .at_ms = now,
                             .rfc_id = "a@b"},
                message,
                PutChoices{.about = WithPerson{"bob@example.net"},
                           .choices = {{.kind = ChoiceKind::draft, .value = "Dear", .at_ms = now},
                                       {.kind = ChoiceKind::categories, .value = "friends", .at_ms = now},
                                       {.kind = ChoiceKind::folders, .value = "Work", .at_ms = now}}},
                remark(RemarkKind::deleted, "x@b", "", now), remark(RemarkKind::pinned, "x@b", "", now),
                remark(RemarkKind::vote, "x@b", "", now), remark(RemarkKind::poll_closed, "x@b", "", now),
                remark(RemarkKind::group_picture, "x@b", "", now), remark(RemarkKind::group_info, "x@b", "", now),
                remark(RemarkKind::group_request, "x@b", "", now)});
  const auto dump = stored.dump();
  EXPECT_THAT(dump, HasSubstr("| picture abc | born --05-17 | tells at sea\n"));
  EXPECT_THAT(dump, HasSubstr("| album first@b"));
  for (const auto* choice : {"draft | Dear", "categories | friends", "folders | Work"})
    EXPECT_THAT(dump, HasSubstr(std::string("bob@example.net | ") + choice));
  for (const auto* kind : {"deleted", "pinned", "vote", "poll closed", "group picture", "group info", "group request"})
    EXPECT_THAT(dump, HasSubstr(std::string("x@b | ") + kind + " | "));
}

}  // namespace
}  // namespace coi::store
