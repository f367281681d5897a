// Groups: several people, each with a device or two; the mail is carried by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "friends.h"
#include "mime/date.h"

namespace coi::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string club = "Film Club";

struct ThreePeople : TwoPeople {
  Device carol{office, carol_addr, "Carol"};

  void begin_club() {
    alice.create_group(club, {bob_addr, carol_addr});
    alice.say(club, "Alien on Friday?");
    office.carry();
  }

  // Each knows the others' programs.
  void all_speak() {
    begin_club();
    for (auto* device : {&bob, &carol}) {
      device->say(club, "Yes");
      office.carry();
    }
  }
};

std::vector<std::string> members(const Device& device, const std::string& name = club) {
  std::vector<std::string> addrs;
  const auto group = device.group(name);
  if (!group) return {"no group"};
  for (const auto& member : group->members) addrs.push_back(member.addr);
  return addrs;
}

const Letter& last_taken(const PostOffice& office) { return office.taken().back(); }

chat::ChangeGroup adding(const std::string& addr) { return {.add = {addr}}; }
chat::ChangeGroup removing(const std::string& addr) { return {.remove = {addr}}; }

TEST(Groups, C61AMessageGoesToAllMembersAndStandsInOneChatWithEach) {
  ThreePeople three;
  three.begin_club();
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, carol_addr}));
  EXPECT_EQ(members(three.bob), (std::vector{alice_addr, carol_addr}));
  EXPECT_EQ(members(three.carol), (std::vector{alice_addr, bob_addr}));
  three.bob.say(club, "I am in.");
  three.office.carry();
  three.carol.say(club, "Me too.");
  three.office.carry();
  const std::vector<std::string> words = {"Alien on Friday?", "I am in.", "Me too."};
  for (const auto* device : {&three.alice, &three.bob, &three.carol}) EXPECT_EQ(device->texts(club), words);
  EXPECT_THAT(three.alice.texts(bob_addr), IsEmpty());
}

// One mail on the wire, however many get it.
TEST(Groups, D17TheMailNamesTheGroupAndAllItsMembers) {
  ThreePeople three;
  three.begin_club();
  const auto& mail = last_taken(three.office).bytes;
  const auto id = three.alice.group(club)->group_id;
  EXPECT_EQ(id.size(), 24U);
  EXPECT_THAT(mail, HasSubstr("Chat-Group-ID: " + id));
  EXPECT_THAT(mail, HasSubstr("Chat-Group-Name: Film Club"));
  EXPECT_THAT(mail, HasSubstr("Message-ID: <chat$group." + id + "."));
  EXPECT_THAT(mail, HasSubstr("Subject: Film Club"));
  EXPECT_THAT(mail, HasSubstr("To: bob@example.net, carol@example.com"));
  EXPECT_THAT(mail, HasSubstr("Chat-Group-Member-Timestamps: "));
  EXPECT_EQ(three.office.taken().at(0).bytes, three.office.taken().at(1).bytes);
}

// A person reads the words; programs that know neither header read the group in the HTML form.
TEST(Groups, C66TheFirstMailAndEachChangeDescribeTheGroup) {
  ThreePeople three;
  three.begin_club();
  EXPECT_THAT(last_taken(three.office).bytes, HasSubstr("Chat-Content: groupinfo"));
  EXPECT_THAT(last_taken(three.office).bytes, HasSubstr("class=\"h-group\""));
  three.alice.say(club, "And on Saturday");
  three.office.carry();
  EXPECT_THAT(last_taken(three.office).bytes, testing::Not(HasSubstr("groupinfo")));
  ASSERT_TRUE(three.alice.change_group(club, removing(carol_addr)));
  three.office.carry();
  EXPECT_THAT(last_taken(three.office).bytes, HasSubstr("Chat-Content: groupinfo"));
  EXPECT_THAT(three.bob.texts(club), ElementsAre("Alien on Friday?", "And on Saturday", testing::_));
}

TEST(Groups, C70APlainReplyWithAnotherSubjectRenames) {
  ThreePeople three;
  three.begin_club();
  const auto reply = [&](const std::string& subject, const std::string& id, const std::string& to) {
    three.office.now += minute;
    three.office.mailbox(alice_addr)
        .deliver("From: carol@example.com\r\nTo: alice@example.org, bob@example.net\r\nSubject: " + subject +
                     "\r\nDate: Tue, 24 Nov 2026 05:06:41 +0000\r\nMessage-ID: <" + id + ">\r\nIn-Reply-To: <" + to +
                     ">\r\nReferences: <" + to + ">\r\n\r\n" + id + "\r\n",
                 three.office.now);
    three.office.carry();
  };
  const auto first = three.alice.last(club).rfc_id;
  reply("AW: Re: Film Club", "r1@example.com", first);
  EXPECT_TRUE(three.alice.group(club));
  reply("Cinema", "r2@example.com", first);
  ASSERT_TRUE(three.alice.group("Cinema"));
  EXPECT_EQ(three.alice.texts("Cinema").size(), 3U);
}

// Whoever writes chooses a name; which the user gave holds.
TEST(Groups, TheAuthorIsCalledAsTheUserCallsHim) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.alice.act(chat::NamePerson{.addr = bob_addr, .name = "Bob Miller"}));
  three.bob.account.name = "Carol";
  three.bob.say(club, "I am not Carol");
  three.office.carry();
  const auto message = three.alice.last(club);
  EXPECT_EQ(message.from.addr, bob_addr);
  EXPECT_EQ(message.from.name, "Bob Miller");
  EXPECT_EQ(three.alice.group(club)->last->from.name, "Bob Miller");
}

// A plain program answers what it has before it, under the name of that time.
TEST(Groups, C70AnAnswerUnderAnOlderNameDoesNotBringThatBack) {
  ThreePeople three;
  three.begin_club();
  const auto first = three.alice.last(club).rfc_id;
  three.office.now += minute;
  ASSERT_TRUE(three.alice.change_group(club, {.name = "Cinema"}));
  three.office.carry();
  const auto reply = [&](const std::string& subject, const std::string& id) {
    three.office.now += minute;
    three.office.mailbox(alice_addr)
        .deliver("From: carol@example.com\r\nTo: alice@example.org, bob@example.net\r\nSubject: " + subject +
                     "\r\nDate: " + mime::format_date(three.office.now, std::chrono::minutes{0}) + "\r\nMessage-ID: <" +
                     id + ">\r\nIn-Reply-To: <" + first + ">\r\nReferences: <" + first + ">\r\n\r\n" + id + "\r\n",
                 three.office.now);
    three.office.carry();
  };
  reply("AW: Film Club", "r1@example.com");
  EXPECT_TRUE(three.alice.group("Cinema"));
  reply("Theatre", "r2@example.com");
  EXPECT_TRUE(three.alice.group("Theatre")) << "as new as its mail, not as what that answers";
}

TEST(Groups, C60TwoWithTheSameMembersStayApart) {
  ThreePeople three;
  three.begin_club();
  three.alice.create_group("Book Club", {bob_addr, carol_addr});
  three.alice.say("Book Club", "Solaris first?");
  three.office.carry();
  EXPECT_THAT(three.bob.texts(club), ElementsAre("Alien on Friday?"));
  EXPECT_THAT(three.bob.texts("Book Club"), ElementsAre("Solaris first?"));
}

TEST(Groups, C60OfOneWorks) {
  ThreePeople three;
  three.alice.create_group("My list", {});
  three.alice.say("My list", "Milk");
  three.office.carry();
  Device laptop(three.office, alice_addr, "Alice-laptop");
  three.office.carry();
  EXPECT_THAT(three.alice.texts("My list"), ElementsAre("Milk"));
  EXPECT_THAT(laptop.texts("My list"), ElementsAre("Milk"));
}

TEST(Groups, D19WhoIsAddedKnowsAllAndAllKnowThem) {
  ThreePeople three;
  Device dora(three.office, dora_addr, "Dora");
  three.begin_club();
  ASSERT_TRUE(three.bob.change_group(club, adding(dora_addr)));
  three.office.carry();
  EXPECT_EQ(members(dora), (std::vector{alice_addr, bob_addr, carol_addr}));
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, carol_addr, dora_addr}));
  EXPECT_EQ(members(three.carol), (std::vector{alice_addr, bob_addr, dora_addr}));
  dora.say(club, "Hello!");
  three.office.carry();
  for (const auto* device : {&three.alice, &three.bob, &three.carol}) {
    EXPECT_EQ(device->last(club).text, "Hello!");
    const auto notice = device->messages(club).at(1);
    EXPECT_EQ(notice.kind, chat::MessageKind::notice);
    EXPECT_EQ(notice.notice, (chat::Notice{"member_added", {{"addr", dora_addr}}}));
    EXPECT_EQ(notice.from.addr, bob_addr);
  }
}

TEST(Groups, D19WhoIsRemovedHearsOfItAndNoMoreAfterIt) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.alice.change_group(club, removing(carol_addr)));
  three.office.carry();
  three.bob.say(club, "Without Carol");
  three.office.carry();
  EXPECT_EQ(members(three.bob), std::vector{alice_addr});
  EXPECT_FALSE(three.carol.group(club)->is_member);
  EXPECT_EQ(three.carol.last(club).notice.code, "member_removed");
  const auto refused = three.carol.write(club, "But why?");
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().text(), "you are not a member of this group");
}

TEST(Groups, C67WhoLeavesIsGoneForAll) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.carol.change_group(club, removing(carol_addr)));
  three.office.carry();
  EXPECT_EQ(members(three.alice), std::vector{bob_addr});
  EXPECT_EQ(members(three.bob), std::vector{alice_addr});
  EXPECT_FALSE(three.carol.group(club)->is_member);
  EXPECT_EQ(three.bob.last(club).notice.code, "member_left");
}

// What this device has deleted for itself the others have not.
TEST(Groups, C67WhoLeavesAnEmptiedChatTellsTheOthersAllTheSame) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.carol.act(chat::ChangeChat{.chat = three.carol.group(club)->id, .accepted = true}));
  ASSERT_TRUE(three.carol.act(
      chat::DeleteMessage{.message = three.carol.last(club).id, .here = true, .rfc_id = "chat$x@example.com"}));
  ASSERT_THAT(three.carol.texts(club), IsEmpty());
  ASSERT_TRUE(three.carol.change_group(club, removing(carol_addr)));
  three.office.carry();
  EXPECT_EQ(members(three.alice), std::vector{bob_addr});
}

// P-04 names no description among what is told to people with plain programs.
TEST(Groups, P04ADescriptionGoesToChatProgramsAlone) {
  ThreePeople three;
  three.alice.create_group(club, {bob_addr, carol_addr, "paul@example.com"});
  three.alice.say(club, "Alien on Friday?");
  three.office.carry();
  three.bob.say(club, "Yes");
  three.office.carry();
  const auto before = three.office.taken().size();
  ASSERT_TRUE(three.alice.change_group(club, {.description = "Every Friday"}));
  three.office.carry();
  ASSERT_EQ(three.office.taken().size(), before + 1);
  EXPECT_EQ(last_taken(three.office).to, bob_addr);
  EXPECT_THAT(last_taken(three.office).bytes, HasSubstr("carol@example.com, paul@example.com"));
  EXPECT_EQ(three.bob.group(club)->description, "Every Friday");
}

// The mail that says who is in it names them in To: sent again as words alone it would bring back who was removed.
TEST(Groups, AChangeThatBouncedIsNotSentAgainAsWords) {
  ThreePeople three;
  three.begin_club();
  const auto changed = three.alice.change_group(club, removing(carol_addr));
  three.office.carry();
  const auto notice = three.alice.last(club);
  three.office.mailbox(alice_addr)
      .deliver(
          "From: MAILER-DAEMON@mx.example.net\r\nTo: alice@example.org\r\nMessage-ID: <b@mx>\r\nSubject: failed\r\n"
          "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nNo\r\n--b\r\n"
          "Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\nFinal-Recipient: rfc822; "
          "bob@example.net\r\nAction: failed\r\nStatus: 5.1.1\r\n\r\n--b\r\nContent-Type: "
          "text/rfc822-headers\r\n\r\nMessage-ID: <" +
              notice.rfc_id + ">\r\n\r\n--b--\r\n",
          three.office.now);
  three.office.carry();
  ASSERT_NE(three.alice.state(notice.id), State::sent);
  const auto again = three.alice.act(chat::RetryMessage{.message = notice.id});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().text(), "a change is not told again");
}

TEST(Groups, C63WhoIsNoMemberChangesNothing) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.alice.change_group(club, removing(carol_addr)));
  three.office.carry();
  for (const auto& wish : {adding(dora_addr), removing(bob_addr), chat::ChangeGroup{.name = "Mine"}}) {
    const auto refused = three.carol.change_group(club, wish);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().text(), "you are not a member of this group");
  }
}

// Writing in it accepts it, on each device; so does saying something about a message.
TEST(Groups, AReactionAcceptsItWhereItWasMade) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.bob.group(club)->request);
  three.bob.react(three.bob.last(club).id, "👍");
  EXPECT_FALSE(three.bob.group(club)->request);
}

TEST(Groups, C68AMailOfWhoWasRemovedIsShownAndRejoinsNobody) {
  ThreePeople three;
  three.begin_club();
  three.carol.online = false;
  ASSERT_TRUE(three.alice.change_group(club, removing(carol_addr)));
  three.office.carry();
  three.office.now += minute;
  three.carol.say(club, "I do not know it yet");
  three.carol.online = true;
  three.office.carry();
  EXPECT_EQ(three.bob.last(club).text, "I do not know it yet");
  EXPECT_EQ(members(three.bob), std::vector{alice_addr});
  EXPECT_EQ(members(three.alice), std::vector{bob_addr});
}

TEST(Groups, D20ANewNameHoldsForAllAndTheChatStaysTheSame) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.carol.change_group(club, {.name = "Cinema"}));
  three.office.carry();
  EXPECT_EQ(three.alice.texts("Cinema").size(), 2U);
  EXPECT_EQ(three.bob.last("Cinema").notice, (chat::Notice{"group_renamed", {{"name", "Cinema"}, {"old_name", club}}}));
  EXPECT_FALSE(three.bob.group(club));
}

TEST(Groups, D18AChangeNamesTheOthersAndNotItsAuthor) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.alice.change_group(club, {.name = "Cinema"}));
  three.office.carry();
  EXPECT_THAT(last_taken(three.office).bytes, HasSubstr("To: bob@example.net, carol@example.com\r\n"));
}

TEST(Groups, P06AStrangersMailChangesNothing) {
  ThreePeople three;
  three.begin_club();
  const auto id = three.bob.group(club)->group_id;
  three.office.mailbox(bob_addr).deliver(
      "Received: from x by mx.example.net; Tue, 24 Nov 2026 04:06:50 +0000\r\nFrom: mallory@example.com\r\nTo: "
      "bob@example.net, alice@example.org\r\nDate: Mon, 01 Jan 2024 00:00:00 +0000\r\n"
      "Message-ID: <chat$group." +
          id + ".x@example.com>\r\nChat-Version: 1.0\r\nChat-Group-ID: " + id +
          "\r\nChat-Group-Name: Mallory's\r\nChat-Group-Name-Timestamp: 1900000000\r\n"
          "Chat-Group-Member-Removed: alice@example.org\r\n\r\nMallory removed Alice\r\n",
      three.office.now);
  three.office.carry();
  EXPECT_EQ(members(three.bob), (std::vector{alice_addr, carol_addr}));
  EXPECT_EQ(three.bob.group(club)->name, club);
  EXPECT_EQ(three.bob.last(club).kind, chat::MessageKind::text);
  EXPECT_EQ(three.bob.last(club).text, "Mallory removed Alice");
}

std::string plain_mail(const std::string& head, const std::string& text) {
  return head + "Date: Tue, 24 Nov 2026 04:06:41 +0000\r\n\r\n" + text + "\r\n";
}

TEST(Groups, C69APlainProgramMakesOneByWritingToSeveral) {
  ThreePeople three;
  for (const auto& addr : {alice_addr, bob_addr})
    three.office.mailbox(addr).deliver(
        plain_mail(
            "From: paul@example.com\r\nTo: alice@example.org\r\nCc: bob@example.net\r\nSubject: Re: Boat trip\r\n"
            "Message-ID: <p1@example.com>\r\nReferences: <p0@example.com>\r\n",
            "Saturday?"),
        three.office.now);
  three.office.carry();
  EXPECT_EQ(members(three.alice, "Boat trip"), (std::vector{bob_addr, std::string("paul@example.com")}));
  EXPECT_TRUE(three.alice.group("Boat trip")->request);
  three.alice.say("Boat trip", "With pleasure");
  three.office.carry();
  EXPECT_THAT(three.bob.texts("Boat trip"), ElementsAre("Saturday?", "With pleasure"));
  EXPECT_THAT(last_taken(three.office).bytes, HasSubstr("To: bob@example.net, paul@example.com"));
  EXPECT_FALSE(three.alice.group("Boat trip")->request);
}

// What is written to some is not for others of the same thread.
TEST(Groups, C69MailsOfOneThreadToOtherPeopleAreOtherGroups) {
  ThreePeople three;
  const auto mail = [](const std::string& cc, const std::string& id) {
    return plain_mail("From: paul@example.com\r\nTo: alice@example.org\r\nCc: " + cc +
                          "\r\nSubject: Re: Boat trip\r\nMessage-ID: <" + id + ">\r\nReferences: <p0@example.com>\r\n",
                      id);
  };
  three.office.mailbox(alice_addr).deliver(mail(bob_addr, "p1@example.com"), three.office.now);
  three.office.mailbox(alice_addr).deliver(mail(carol_addr, "p2@example.com"), three.office.now);
  three.office.carry();
  auto reader = three.alice.reader();
  EXPECT_EQ(reader.chats({.requests = true}).value().value.rows.size(), 2U);
}

TEST(Groups, C73APlainReplyToOneOfThemGoesToTheirChat) {
  ThreePeople three;
  three.begin_club();
  const auto id = three.alice.last(club).rfc_id;
  three.office.mailbox(alice_addr)
      .deliver(plain_mail("From: carol@example.com\r\nTo: alice@example.org\r\nSubject: Re: Film Club\r\nMessage-ID: "
                          "<r1@example.com>\r\nIn-Reply-To: <" +
                              id + ">\r\nReferences: <" + id + ">\r\n",
                          "Between us: no."),
               three.office.now);
  three.office.carry();
  EXPECT_THAT(three.alice.texts(carol_addr), ElementsAre("Between us: no."));
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, carol_addr}));
}

TEST(Groups, C71APlainReplyToMoreAddsThem) {
  ThreePeople three;
  three.begin_club();
  const auto id = three.alice.last(club).rfc_id;
  three.office.mailbox(alice_addr)
      .deliver(plain_mail("From: carol@example.com\r\nTo: alice@example.org, bob@example.net, dora@example.com\r\n"
                          "Subject: Re: Film Club\r\nMessage-ID: <r1@example.com>\r\nIn-Reply-To: <" +
                              id + ">\r\nReferences: <" + id + ">\r\n",
                          "Dora wants to come too."),
               three.office.now);
  three.office.carry();
  EXPECT_EQ(three.alice.last(club).text, "Dora wants to come too.");
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, carol_addr, dora_addr}));
}

// Whoever left stays away, unless the mail that names them answers one that is newer than that.
TEST(Groups, C72AnAnswerToAnOlderMailBringsNobodyBack) {
  ThreePeople three;
  three.begin_club();
  const auto old = three.alice.last(club).rfc_id;
  three.office.now += minute;
  ASSERT_TRUE(three.bob.change_group(club, removing(bob_addr)));
  three.office.carry();
  const auto leaving = three.alice.last(club).rfc_id;
  ASSERT_EQ(members(three.alice), std::vector{carol_addr});
  const auto reply = [&](const std::string& to, const std::string& id) {
    three.office.now += minute;
    three.office.mailbox(alice_addr)
        .deliver(
            "From: carol@example.com\r\nTo: alice@example.org, bob@example.net\r\nSubject: Re: Film Club\r\n"
            "Date: Tue, 24 Nov 2026 05:06:41 +0000\r\nMessage-ID: <" +
                id + ">\r\nIn-Reply-To: <" + to + ">\r\nReferences: <" + to + ">\r\n\r\n" + id + "\r\n",
            three.office.now);
    three.office.carry();
  };
  reply(old, "r1@example.com");
  EXPECT_EQ(members(three.alice), std::vector{carol_addr});
  reply(leaving, "r2@example.com");
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, carol_addr}));
}

// What Delta Chat writes in the clear, and a plain answer to it.
class NoIds : public testing::Test {
 protected:
  void deliver(const std::string& id, const std::string& answers, const std::string& to, const std::string& more,
               int second) {
    three.office.now += minute;
    three.office.mailbox(alice_addr)
        .deliver(fmt::format("From: bob@example.net\r\nTo: {}\r\nSubject: Film Club\r\n"
                             "Date: Tue, 24 Nov 2026 04:06:{} +0000\r\nMessage-ID: <{}>\r\n{}{}\r\n{}\r\n",
                             to, second, id, answers.empty() ? "" : "References: <" + answers + ">\r\n", more, id),
                 three.office.now);
    three.office.carry();
  }

  ThreePeople three;
  const std::string program = "Chat-Version: 1.0\r\nChat-Group-Name: Film Club\r\n";
  const std::string both = "alice@example.org, carol@example.com";
};

TEST_F(NoIds, D19WhoIsRemovedInTheSecondOfAnotherChangeIsOut) {
  deliver("1@d", "", both, program, 40);
  deliver("2@d", "1@d", both, program, 41);
  deliver("3@d", "2@d", both + ", dora@example.com", program + "Chat-Group-Member-Added: dora@example.com\r\n", 41);
  deliver("4@d", "3@d", "alice@example.org, dora@example.com",
          program + "Chat-Group-Member-Removed: carol@example.com\r\n", 41);
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, dora_addr}));
}

// He tells one who joins and leaves within a second that he left in the next.
TEST_F(NoIds, D18TimesMayRunAheadOfTheDate) {
  const auto times = [&](const std::string& told) {
    return program + "Chat-Group-Member-Timestamps: " + told + "\r\n";
  };
  const auto removal = "Chat-Group-Past-Members: carol@example.com\r\nChat-Group-Member-Removed: carol@example.com\r\n";
  deliver("1@d", "", both, times("1795493200 1795493200"), 40);
  deliver("2@d", "1@d", "alice@example.org", times("1795493200 1795493201") + removal, 40);
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr}));
}

TEST_F(NoIds, C71APlainAnswerToTheRemovalMayBringThemBack) {
  deliver("1@d", "", both, program, 40);
  deliver("2@d", "1@d", "alice@example.org", program + "Chat-Group-Member-Removed: carol@example.com\r\n", 41);
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr}));
  deliver("3@d", "1@d", both, "", 50);  // to what was before
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr}));
  deliver("4@d", "2@d", both, "", 51);
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, carol_addr}));
}

TEST_F(NoIds, C71AnAnswerMayComeBeforeWhatItAnswers) {
  deliver("1@d", "", both, program, 40);
  deliver("4@d", "2@d", both, "", 51);
  deliver("2@d", "1@d", "alice@example.org", program + "Chat-Group-Member-Removed: carol@example.com\r\n", 41);
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, carol_addr}));
}

// Bob removed Alice, who had not heard of it when she added Dora and removed him: that counts for Dora alone. When
// Alice is back, and Dora added by Carol, the mails tell Dora that Alice had been away.
TEST(Groups, P06WhoIsAddedHearsByWhoseWordsNotToGo) {
  ThreePeople three;
  Device dora(three.office, dora_addr, "Dora");
  three.begin_club();
  three.alice.online = false;
  three.office.now += minute;
  ASSERT_TRUE(three.bob.change_group(club, removing(alice_addr)));
  three.office.carry();
  three.office.now += minute;
  ASSERT_TRUE(three.alice.change_group(club, adding(dora_addr)));
  ASSERT_TRUE(three.alice.change_group(club, removing(bob_addr)));
  three.alice.online = true;
  three.office.carry();
  ASSERT_EQ(members(dora), (std::vector{alice_addr, carol_addr}));
  ASSERT_EQ(members(three.carol), std::vector{bob_addr});
  three.office.now += minute;
  ASSERT_TRUE(three.bob.change_group(club, adding(alice_addr)));
  three.office.carry();
  three.office.now += minute;
  ASSERT_TRUE(three.carol.change_group(club, adding(dora_addr)));
  three.office.carry();
  EXPECT_EQ(members(dora), (std::vector{alice_addr, bob_addr, carol_addr}));
  EXPECT_EQ(members(three.alice), (std::vector{bob_addr, carol_addr, dora_addr}));
}

// Headers tell of whoever is back that they had left, and when they came: the newer of the two times counts (D-18).
TEST(Groups, D18ALeavingIsToldOfWhoIsBack) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.alice.change_group(club, removing(carol_addr)));
  three.office.carry();
  three.office.now += minute;
  ASSERT_TRUE(three.alice.change_group(club, adding(carol_addr)));
  three.office.carry();
  EXPECT_THAT(last_taken(three.office).bytes, HasSubstr("To: bob@example.net, carol@example.com\r\n"));
  EXPECT_THAT(last_taken(three.office).bytes, HasSubstr("Chat-Group-Past-Members: carol@example.com\r\n"));
  EXPECT_EQ(members(three.bob), (std::vector{alice_addr, carol_addr}));
  three.carol.say(club, "Here I am");
  three.office.carry();
  EXPECT_THAT(last_taken(three.office).bytes, testing::Not(HasSubstr("Past-Members")))
      << "of herself she tells no time";
}

// Bob, who had been removed and did not know it, brought Dora back, who removed Alice. Carol adds Dora and tells her
// that Bob was gone: so Dora was not in it when she did that.
TEST(Groups, P06WhoWasRemovedByWhatDoesNotCountIsStillThere) {
  ThreePeople three;
  Device dora(three.office, dora_addr, "Dora");
  three.begin_club();
  const auto next = [&] {
    three.office.carry();
    three.office.now += minute;
  };
  ASSERT_TRUE(three.alice.change_group(club, adding(dora_addr)));
  next();
  ASSERT_TRUE(three.bob.change_group(club, removing(dora_addr)));
  next();
  three.bob.online = false;
  ASSERT_TRUE(three.carol.change_group(club, removing(bob_addr)));
  next();
  ASSERT_TRUE(three.bob.change_group(club, adding(dora_addr)));
  three.bob.online = true;
  next();
  ASSERT_TRUE(dora.change_group(club, removing(alice_addr)));
  next();
  ASSERT_EQ(members(dora), (std::vector{bob_addr, carol_addr}));
  ASSERT_EQ(members(three.carol), std::vector{alice_addr});
  ASSERT_TRUE(three.carol.change_group(club, adding(dora_addr)));
  next();
  EXPECT_EQ(members(dora), (std::vector{alice_addr, carol_addr}));
  EXPECT_EQ(members(three.alice), (std::vector{carol_addr, dora_addr}));
}

TEST(Groups, AnotherDeviceHasThemByTheMailsAlone) {
  ThreePeople three;
  three.begin_club();
  ASSERT_TRUE(three.alice.change_group(club, adding(dora_addr)));
  three.office.carry();
  ASSERT_TRUE(three.alice.change_group(club, {.name = "Cinema"}));
  ASSERT_TRUE(three.bob.change_group(club, {.description = "Every Friday"}));
  three.office.carry();
  Device laptop(three.office, alice_addr, "Alice-laptop");
  three.office.carry();
  EXPECT_EQ(members(laptop, "Cinema"), (std::vector{bob_addr, carol_addr, dora_addr}));
  EXPECT_EQ(laptop.group("Cinema")->description, "Every Friday");
  EXPECT_EQ(laptop.texts("Cinema"), three.alice.texts("Cinema"));
}

TEST(Groups, ReactionsOfEachMemberCount) {
  ThreePeople three;
  three.all_speak();
  three.bob.react(three.bob.last(club).id, "👍");
  three.carol.react(three.carol.last(club).id, "👍");
  three.office.carry();
  const auto& reactions = three.alice.last(club).reactions;
  ASSERT_EQ(reactions.size(), 1U);
  EXPECT_EQ(reactions.front().from, (std::vector{bob_addr, carol_addr}));
  EXPECT_EQ(three.bob.last(club).reactions.front().from, (std::vector{bob_addr, carol_addr}));
}

// A group's receipts tell who has read it.
TEST(Groups, C34EachMembersReceiptCounts) {
  ThreePeople three;
  three.all_speak();
  const auto sent = three.alice.say(club, "Eight o'clock");
  three.office.carry();
  three.bob.look_at(club);
  three.office.carry();
  EXPECT_EQ(three.alice.state(sent), State::sent);
  three.carol.look_at(club);
  three.office.carry();
  EXPECT_EQ(three.alice.state(sent), State::read);
}

}  // namespace
}  // namespace coi::scenario
