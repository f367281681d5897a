// What a fetched mail means for the store.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plans.h"

namespace coi::chat {
namespace {

using testing::ElementsAre;
using wire::Filter;

Plan decide_mail(MailArrived mail, const Known& known = facts()) { return decide(mail, known, now); }

TEST(DecideMail, AMessageAndItsPlace) {
  const auto plan = decide_mail(arrived(bobs_words()));
  const auto message = only<PutMessage>(plan);
  EXPECT_EQ(message.key, (MessageKey{"chat$b1@example.net", "bob@example.net"}));
  EXPECT_EQ(message.chat, ChatRef(WithPerson{"bob@example.net"}));
  EXPECT_EQ(message.text, "Hello");
  EXPECT_FALSE(message.outgoing);
  EXPECT_FALSE(message.seen);
  const auto place = only<PutPlace>(plan);
  EXPECT_EQ(place.place, here);
  EXPECT_EQ(place.key, message.key);
  EXPECT_TRUE(all<PutJob>(plan).empty());
}

TEST(DecideMail, TheOrderIsByTheClockOfTheOwnServer) {
  auto mail = arrived(bobs_words());
  mail.content.received = mail.internaldate - minute;
  EXPECT_EQ(only<PutMessage>(decide_mail(mail)).arrived_ms, mail.internaldate - minute);
  mail.content.date = now - 365 * day;
  EXPECT_EQ(only<PutMessage>(decide_mail(mail)).arrived_ms, mail.internaldate - minute);
  EXPECT_EQ(only<PutMessage>(decide_mail(mail)).date_ms, now - 365 * day);
}

TEST(DecideMail, OwnMailBelongsToTheChatWithWhomItWentTo) {
  const auto message = only<PutMessage>(decide_mail(arrived(own_words())));
  EXPECT_TRUE(message.outgoing);
  EXPECT_TRUE(message.seen);
  EXPECT_EQ(message.sound, Sound::none);
  EXPECT_EQ(message.chat, ChatRef(WithPerson{"bob@example.net"}));
  auto note = own_words();
  note.to = {{"", "a.smith@example.org"}};
  EXPECT_EQ(only<PutMessage>(decide_mail(arrived(note))).chat, ChatRef(WithSelf{}));
}

TEST(DecideMail, WhomWeWroteToIsKnownWhicheverDeviceWrote) {
  const auto learned = only<LearnAddress>(decide_mail(arrived(own_words())));
  EXPECT_EQ(learned.addr, "bob@example.net");
  EXPECT_TRUE(learned.known);
}

TEST(DecideMail, AWriterTellsNameAndProgramButIsNotKnownForThat) {
  const auto learned = only<LearnAddress>(decide_mail(arrived(bobs_words())));
  EXPECT_EQ(learned.addr, "bob@example.net");
  EXPECT_EQ(learned.name, "Bob");
  EXPECT_EQ(learned.peer_class, PeerClass::coi);
  EXPECT_FALSE(learned.known);
  auto automatic = bobs_words();
  automatic.automatic = true;
  EXPECT_EQ(only<LearnAddress>(decide_mail(arrived(automatic))).peer_class, PeerClass::unknown);
}

TEST(DecideMail, NotifiesOnlyOfLiveUnreadMailOfPeopleWeKnow) {
  const auto notifies = [](const MailArrived& mail, const Known& known) {
    return only<PutMessage>(decide_mail(mail, known)).sound == Sound::unless_muted;
  };
  EXPECT_TRUE(notifies(arrived(bobs_words()), facts()));
  EXPECT_FALSE(notifies(arrived(bobs_words(), {Flags::seen}), facts()));
  auto backfill = arrived(bobs_words());
  backfill.live = false;
  EXPECT_FALSE(notifies(backfill, facts()));
  auto junk = arrived(bobs_words());
  junk.role = FolderRole::junk;
  EXPECT_FALSE(notifies(junk, facts()));
  auto stranger = facts();
  stranger.peer = bob(false);
  EXPECT_FALSE(notifies(arrived(bobs_words()), stranger));
  stranger.peer.reset();
  EXPECT_FALSE(notifies(arrived(bobs_words()), stranger));
  auto blocked = facts();
  blocked.peer->blocked = true;
  EXPECT_FALSE(notifies(arrived(bobs_words()), blocked));
}

TEST(DecideMail, C79AMentionOfUsIsHeardInAMutedChat) {
  const auto sound = [](std::string text, const Known& known) {
    auto words = bobs_words();
    words.letter->text = std::move(text);
    return only<PutMessage>(decide_mail(arrived(words), known)).sound;
  };
  EXPECT_EQ(sound("Hello @Alice:" + facts().account.addr, facts()), Sound::always);
  EXPECT_EQ(sound("Hello @Carol:carol@example.org", facts()), Sound::unless_muted);
  EXPECT_EQ(sound("Hello @all", facts()), Sound::unless_muted) << "it is said to one person";
  auto stranger = facts();
  stranger.peer = bob(false);
  EXPECT_EQ(sound("Hello @Alice:" + facts().account.addr, stranger), Sound::none);
}

TEST(DecideMail, C80AllMeansEverybodyOfAGroup) {
  auto words = bobs_words();
  words.letter->text = "Lunch, @all?";
  words.group.id = "0123456789abcdef";
  auto known = facts();
  known.accepted = true;
  EXPECT_EQ(only<PutMessage>(decide_mail(arrived(words), known)).sound, Sound::always);
}

TEST(DecideMail, OnlyReactionsThatCameJustNowFromSomebodyWeKnowAreNews) {
  auto reaction = bobs_words();
  reaction.letter.reset();
  reaction.remarks = {{.kind = RemarkKind::reaction, .subject = "a@b", .author = reaction.from.addr, .value = "👍"}};
  auto mail = arrived(reaction);
  EXPECT_TRUE(only<PutRemark>(decide_mail(mail)).news);
  auto stranger = facts();
  stranger.peer = bob(false);
  EXPECT_FALSE(only<PutRemark>(decide_mail(mail, stranger)).news);
  mail.live = false;
  EXPECT_FALSE(only<PutRemark>(decide_mail(mail)).news);
}

TEST(DecideMail, C87TheClientSortsByTheUsersWish) {
  EXPECT_TRUE(jobs(decide_mail(arrived(bobs_words()), facts(alice(Filter::none))), JobKind::move).empty());
  const auto active = jobs(decide_mail(arrived(bobs_words()), facts(alice(Filter::active))), JobKind::move);
  ASSERT_EQ(active.size(), 1U);
  EXPECT_EQ(active[0].role, FolderRole::chats);
  EXPECT_THAT(active[0].places, ElementsAre(here));
  EXPECT_TRUE(jobs(decide_mail(arrived(bobs_words()), facts(alice(Filter::seen))), JobKind::move).empty());
  EXPECT_EQ(jobs(decide_mail(arrived(bobs_words(), {Flags::seen}), facts(alice(Filter::seen))), JobKind::move).size(),
            1U);
}

TEST(DecideMail, C89OwnMailFromElsewhereIsReadAndFiled) {
  const auto plan = decide_mail(arrived(own_words()));
  ASSERT_EQ(jobs(plan, JobKind::store_seen).size(), 1U);
  ASSERT_EQ(jobs(plan, JobKind::move).size(), 1U);
  EXPECT_EQ(jobs(plan, JobKind::move)[0].role, FolderRole::chats);
  auto plain = own_words();
  plain.chat = false;
  EXPECT_EQ(jobs(decide_mail(arrived(plain, {Flags::seen})), JobKind::move)[0].role, FolderRole::sent);
  EXPECT_TRUE(jobs(decide_mail(arrived(plain, {Flags::seen})), JobKind::store_seen).empty());
}

// Else anybody could write in the user's name, and make himself known by a mail "from" the user to him.
TEST(DecideMail, C89ForgedMailIsNobodysOwn) {
  auto forged = own_words();
  forged.disowned = true;
  const auto plan = decide_mail(arrived(forged));
  const auto message = only<PutMessage>(plan);
  EXPECT_FALSE(message.outgoing);
  EXPECT_FALSE(message.seen);
  EXPECT_EQ(message.chat, ChatRef(WithPerson{forged.from.addr}));
  const auto learned = only<LearnAddress>(plan);
  EXPECT_EQ(learned.addr, forged.from.addr);
  EXPECT_FALSE(learned.known);
  EXPECT_TRUE(jobs(plan, JobKind::store_seen).empty());
}

// Where no server checks who wrote it, anybody can send it with the id of a mail of ours, which it would take along.
TEST(DecideMail, P13WhatAServerReceivedInOurNameDoesNotMakeOurMailDisappear) {
  auto own = own_words();
  own.timer = 1;
  EXPECT_EQ(only<PutMessage>(decide_mail(arrived(own))).timer, 1U) << "an own device put it there";
  own.received = now;
  EXPECT_EQ(only<PutMessage>(decide_mail(arrived(own))).timer, std::nullopt);
  auto sent = arrived(own);
  sent.role = FolderRole::sent;
  EXPECT_EQ(only<PutMessage>(decide_mail(sent)).timer, 1U) << "the provider filed it";
  auto bobs = bobs_words();
  bobs.timer = 1;
  bobs.received = now;
  EXPECT_EQ(only<PutMessage>(decide_mail(arrived(bobs))).timer, 1U);
}

TEST(DecideMail, AForgedMailMakesNoSoundAndTellsNothingOfWhomItNames) {
  auto forged = bobs_words();
  forged.disowned = true;
  const auto plan = decide_mail(arrived(forged), facts());
  EXPECT_EQ(only<PutMessage>(plan).sound, Sound::none);
  const auto learned = only<LearnAddress>(plan);
  EXPECT_EQ(learned.addr, "bob@example.net");
  EXPECT_EQ(learned.name, "");
  EXPECT_EQ(learned.peer_class, PeerClass::unknown);
}

// Else a forged mail in the user's name would find a friend.
TEST(DecideMail, WritingToOneselfMakesNoContactOfOneself) {
  auto note = own_words();
  note.to = {{"", "a.smith@example.org"}};
  EXPECT_TRUE(all<LearnAddress>(decide_mail(arrived(note))).empty());
  note.to = {{"", "bob@example.net"}};
  note.cc = {{"", "alice@example.org"}};
  EXPECT_EQ(only<LearnAddress>(decide_mail(arrived(note))).addr, "bob@example.net");
}

TEST(DecideMail, FollowsWhatItsAuthorHadBeforeThem) {
  const auto follows = [](const Content& content) { return only<PutMessage>(decide_mail(arrived(content))).follows; };
  auto mail = bobs_words();
  EXPECT_EQ(follows(mail), "");
  mail.in_reply_to = "answered@x";
  EXPECT_EQ(follows(mail), "answered@x");
  mail.references = {"root@x", "newest@x"};
  EXPECT_EQ(follows(mail), "newest@x");
  mail.references = {mail.rfc_id};  // D-07
  EXPECT_EQ(follows(mail), "");
}

TEST(DecideMail, AForgedReceiptReadsNothing) {
  Content forged{.rfc_id = "chat$r@x", .from = own_words().from, .disowned = true, .chat = true, .automatic = true};
  forged.remarks = {{.kind = RemarkKind::displayed, .subject = "one@x", .about = forged.from.addr}};
  EXPECT_TRUE(all<PutRemark>(decide_mail(arrived(forged))).empty());
  forged.from.addr = "bob@example.net";
  EXPECT_TRUE(all<PutRemark>(decide_mail(arrived(forged))).empty());
  // A bounce is seldom vouched for, and not to know of it is worse.
  forged.remarks[0].kind = RemarkKind::failed;
  EXPECT_EQ(all<PutRemark>(decide_mail(arrived(forged))).size(), 1U);
}

TEST(DecideMail, C51MailOfBlockedPeopleGoesToBlocked) {
  auto known = facts();
  known.peer->blocked = true;
  const auto moved = jobs(decide_mail(arrived(bobs_words()), known), JobKind::move);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].role, FolderRole::blocked);
}

Content receipt(std::string from) {
  Content content{.rfc_id = "chat$r@x", .from = {"", from}, .chat = true, .automatic = true};
  for (const auto* subject : {"one@x", "two@x"})
    content.remarks.push_back({.kind = RemarkKind::displayed, .subject = subject, .author = from, .about = from});
  return content;
}

TEST(DecideMail, C38AReceiptIsNoMessage) {
  const auto plan = decide_mail(arrived(receipt("bob@example.net")));
  EXPECT_TRUE(all<PutMessage>(plan).empty());
  EXPECT_TRUE(all<LearnAddress>(plan).empty());
  EXPECT_TRUE(jobs(plan, JobKind::claim_receipt).empty());
  EXPECT_EQ(only<PutTombstone>(plan).place, here);
  EXPECT_EQ(only<PutTombstone>(plan).reason, "");
}

TEST(DecideMail, D29AReceiptSpeaksForAllTheMailsItNames) {
  const auto reports = all<PutRemark>(decide_mail(arrived(receipt("bob@example.net"))));
  ASSERT_EQ(reports.size(), 2U);
  EXPECT_EQ(reports[0].remark.subject, "one@x");
  EXPECT_EQ(reports[1].remark.subject, "two@x");
  EXPECT_EQ(reports[0].remark.about, "bob@example.net");
  EXPECT_FALSE(reports[0].remark.by_us);
}

TEST(DecideMail, D29AReceiptOfAnOwnDeviceSaysThatWeHaveRead) {
  for (const auto& report : all<PutRemark>(decide_mail(arrived(receipt("a.smith@example.org")))))
    EXPECT_TRUE(report.remark.by_us);
}

TEST(DecideMail, ReceiptsOfChatProgramsAreFiledLikeChatAndAreNoNews) {
  const auto plan = decide_mail(arrived(receipt("bob@example.net")), facts(alice(Filter::seen)));
  EXPECT_EQ(jobs(plan, JobKind::store_seen).size(), 1U);
  ASSERT_EQ(jobs(plan, JobKind::move).size(), 1U);
  EXPECT_EQ(jobs(plan, JobKind::move)[0].role, FolderRole::chats);
  auto plain = receipt("bob@example.net");
  plain.chat = false;
  EXPECT_TRUE(all<PutJob>(decide_mail(arrived(plain), facts(alice(Filter::active)))).empty());
}

TEST(DecideMail, ABounceIsKeptForItsMessage) {
  Content content{.rfc_id = "b@mx", .from = {"", "mailer-daemon@mx"}, .letter = Letter{}};
  content.remarks = {{.kind = RemarkKind::failed,
                      .subject = "chat$a1@example.org",
                      .about = "bob@example.net",
                      .value = "no such user"}};
  const auto report = only<PutRemark>(decide_mail(arrived(content))).remark;
  EXPECT_EQ(report.kind, RemarkKind::failed);
  EXPECT_EQ(report.value, "no such user");
  EXPECT_EQ(report.about, "bob@example.net");
  EXPECT_EQ(report.at_ms, now / 1000 * 1000);
  // Shown for as long as that message is not here, as the news of a machine; its place is done in any case.
  const auto plan = decide_mail(arrived(content));
  EXPECT_EQ(only<PutMessage>(plan).bounce_of, "chat$a1@example.org");
  EXPECT_TRUE(only<PutMessage>(plan).automatic);
  EXPECT_EQ(only<PutMessage>(plan).sound, Sound::none);
  EXPECT_EQ(only<PutTombstone>(plan).place, here);
}

TEST(DecideMail, HiddenMailIsDoneWithoutBeingShown) {
  auto content = bobs_words();
  content.letter.reset();
  const auto plan = decide_mail(arrived(content));
  EXPECT_TRUE(all<PutMessage>(plan).empty());
  EXPECT_EQ(all<PutTombstone>(plan).size(), 1U);
}

Known own_mail_in(RecipientState state) {
  auto known = facts();
  const auto copy = own_words();
  known.namesakes = {{.id = MessageId{4}, .key = {copy.rfc_id, copy.from.addr}, .outgoing = true}};
  known.namesakes[0].outgoing_mail = OutgoingFacts{
      .id = OutgoingId{9}, .message = MessageId{4}, .recipients = {{.addr = "bob@example.net", .state = state}}};
  return known;
}

TEST(DecideMail, AnOwnCopyAnswersForADataThatNobodyAnswered) {
  const auto settled = only<SetRecipient>(decide_mail(arrived(own_words()), own_mail_in(RecipientState::sending)));
  EXPECT_EQ(settled.outgoing, OutgoingId{9});
  EXPECT_EQ(settled.state, RecipientState::accepted);
}

// It was filed for whom the server took it, and proves nothing of the others.
TEST(DecideMail, AnOwnCopyAnswersForNobodyOnceTheServerTookTheMailForSome) {
  auto known = own_mail_in(RecipientState::sending);
  auto& recipients = known.namesakes[0].outgoing_mail->recipients;
  recipients.push_back({.addr = "carol@example.com", .state = RecipientState::sending});
  EXPECT_EQ(all<SetRecipient>(decide_mail(arrived(own_words()), known)).size(), 2U);
  recipients[0].state = RecipientState::accepted;
  EXPECT_TRUE(all<SetRecipient>(decide_mail(arrived(own_words()), known)).empty());
}

// A server gave it another id and left no trace of ours: the second and the words tell.
TEST(DecideMail, AnOwnCopyOfAnotherIdIsKnownByItsSecondAndItsWords) {
  auto copy = own_words();
  copy.rfc_id = "AM0P1@outlook.example";
  auto known = facts();
  known.own_of_that_second = {{.id = MessageId{4},
                               .key = {"chat$a1@example.org", "alice@example.org"},
                               .date_ms = *copy.date,
                               .outgoing = true,
                               .is_chat = true,
                               .subject = copy.subject,
                               .text = copy.letter->text}};
  EXPECT_EQ(only<PutMessage>(decide_mail(arrived(copy), known)).into, MessageId{4});
  known.own_of_that_second[0].text = "Other words";
  EXPECT_EQ(only<PutMessage>(decide_mail(arrived(copy), known)).into, std::nullopt);
}

TEST(DecideMail, AnOwnCopyCancelsNothingElse) {
  for (const auto state : {RecipientState::queued, RecipientState::accepted, RecipientState::failed})
    EXPECT_TRUE(all<SetRecipient>(decide_mail(arrived(own_words()), own_mail_in(state))).empty());
}

TEST(DecideMail, S26WhatWasReadHereBeforeItsCopyMovedIsMarkedThere) {
  auto known = facts();
  known.namesakes = {{.id = MessageId{4},
                      .key = {"chat$b1@example.net", "bob@example.net"},
                      .seen = true,
                      .seen_here = true,
                      .is_chat = true,
                      .subject = "Chat: Hello",
                      .text = "Hello"}};
  auto plan = decide_mail(arrived(bobs_words()), known);
  EXPECT_TRUE(only<PutPlace>(plan).flags.has(Flags::seen));
  EXPECT_EQ(jobs(plan, JobKind::store_seen).size(), 1U);
  // The place is known: the flag was taken away there, by somebody who wants it unread.
  known.namesakes[0].places = {{.place = here}};
  plan = decide_mail(arrived(bobs_words()), known);
  EXPECT_FALSE(only<PutPlace>(plan).flags.has(Flags::seen));
  EXPECT_TRUE(jobs(plan, JobKind::store_seen).empty());
}

TEST(DecideMail, UnreadableMailLeavesATombstoneWithItsReason) {
  const auto plan = decide(MailUnreadable{here, "too many parts"}, facts(), now);
  EXPECT_EQ(only<PutTombstone>(plan).reason, "too many parts");
}

TEST(DecideMailbox, AKnownMailAtANewPlaceIsAttachedAndAnUnknownOneFetched) {
  MailSeenAgain again{
      .place = here, .key = {"x@y", "bob@example.net"}, .flags = {Flags::seen}, .size = 100, .date = now};
  EXPECT_TRUE(decide(again, facts(), now).operations.empty());
  auto known = facts();
  known.namesakes = {{.id = MessageId{4}, .key = again.key, .date_ms = now, .size = 100}};
  const auto place = only<PutPlace>(decide(again, known, now));
  EXPECT_EQ(place.key, again.key);
  EXPECT_EQ(place.message, MessageId{4});
  EXPECT_TRUE(place.flags.has(Flags::seen));
}

// A camera gives all its mails one id: the header has to show that it is no other one.
TEST(DecideMailbox, OnlyWhatIsSurelyTheSameIsAttachedByItsHeader) {
  const MailSeenAgain again{.place = here, .key = {"camera@local", "cam@example.net"}, .size = 100, .date = now};
  const MessageFacts stored{.id = MessageId{4}, .key = again.key, .date_ms = now, .size = 100};
  const auto attaches = [&](std::vector<MessageFacts> namesakes) {
    auto known = facts();
    known.namesakes = std::move(namesakes);
    return !decide(again, known, now).operations.empty();
  };
  auto later = stored, larger = stored, unknown = stored;
  later.date_ms += minute;
  larger.size = 101;
  unknown.size = 0;
  EXPECT_TRUE(attaches({later, stored}));
  EXPECT_FALSE(attaches({later}));
  EXPECT_FALSE(attaches({larger}));
  EXPECT_FALSE(attaches({unknown}));
  EXPECT_FALSE(attaches({stored, stored}));
}

Known at_place(PlaceFacts place, AccountFacts account = alice()) {
  auto known = facts(std::move(account));
  place.place = here;
  place.message = MessageId{4};
  known.place = place;
  return known;
}

TEST(DecideMailbox, C87MailReadElsewhereIsMovedInSeenMode) {
  const FlagsChanged change{.place = here, .role = FolderRole::inbox, .flags = {Flags::seen}};
  const auto plan = decide(change, at_place({.chat = true}, alice(Filter::seen)), now);
  EXPECT_TRUE(only<SetFlags>(plan).flags.has(Flags::seen));
  EXPECT_EQ(jobs(plan, JobKind::move).size(), 1U);
}

TEST(DecideMailbox, AFlagOnItsWayIsNotTakenBack) {
  const FlagsChanged change{.place = here, .role = FolderRole::inbox, .flags = {}};
  EXPECT_TRUE(only<SetFlags>(decide(change, at_place({.seen_pending = true}), now)).flags.has(Flags::seen));
  EXPECT_FALSE(only<SetFlags>(decide(change, at_place({}), now)).flags.has(Flags::seen));
}

TEST(DecideMailbox, S27AFlagDoesNotSendBlockedMailToChats) {
  const FlagsChanged change{.place = here, .role = FolderRole::inbox, .flags = {Flags::seen}};
  const auto moved =
      jobs(decide(change, at_place({.chat = true, .blocked = true}, alice(Filter::active)), now), JobKind::move);
  ASSERT_EQ(moved.size(), 1U);
  EXPECT_EQ(moved[0].role, FolderRole::blocked);
}

}  // namespace
}  // namespace coi::chat
