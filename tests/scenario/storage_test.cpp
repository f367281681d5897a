// Contacts, and what the user decides, in the mailbox: two devices of one person, and a third one that comes later.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "friends.h"
#include "mime/mail.h"
#include "post_office.h"
#include "wire/contact_hash.h"

namespace coi::scenario {
namespace {

using chat::FolderRole;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

struct Storage : testing::Test {
  PostOffice office;
  Device bob{office, bob_addr, "Bob"};
  Device laptop{office, alice_addr, "Alice-laptop"}, phone{office, alice_addr, "Alice-phone"};

  Storage() {
    contacts();
    bob.say(alice_addr, "Hello Alice");
    office.carry();
    laptop.say(bob_addr, "Hello Bob");
    office.carry();
    laptop.keep_contacts();
    phone.keep_contacts();
    office.carry();
  }

  std::vector<StoredMail>& contacts() {
    auto& mailbox = office.mailbox(alice_addr);
    mailbox.make_folder(FolderRole::contacts);
    return mailbox.folder(FolderRole::contacts).mails;
  }

  static chat::ChangeChat in(const Device& device, chat::ChangeChat change) {
    change.chat = device.chat(bob_addr)->id;
    return change;
  }
  static void change(Device& device, const chat::Input& action) { ASSERT_TRUE(device.act(action)); }
  static store::PersonRow person(const Device& device, const std::string& addr = bob_addr) {
    return device.reader().person_with(addr).value().value.value();
  }
  // What another program puts there.
  void put(const std::string& fields, const std::string& card) {
    office.mailbox(alice_addr)
        .append(FolderRole::contacts,
                "From: alice@example.org\r\nTo: alice@example.org\r\nSubject: Bob\r\nChat-Version: 1.0\r\n"
                "Chat-Content: contact\r\nContent-Type: text/html; charset=utf-8\r\n" +
                    fields + "\r\n" + card + "\r\n",
                office.now, chat::Flags::seen);
  }
};

TEST_F(Storage, C39NothingIsWrittenBeforeTheUserAgrees) {
  laptop.keep_contacts(false);
  change(laptop, chat::NamePerson{bob_addr, "Bobby"});
  office.carry();
  EXPECT_THAT(contacts(), SizeIs(0));
  laptop.keep_contacts();
  office.carry();
  EXPECT_THAT(contacts(), SizeIs(1));
  EXPECT_EQ(person(phone).name, "Bobby");
}

TEST_F(Storage, C40C42C43AContactMailIsAsTheDraftSays) {
  change(laptop, chat::NamePerson{bob_addr, "Bobby"});
  change(laptop, in(laptop, {.blocked = true}));
  office.carry();
  ASSERT_THAT(contacts(), SizeIs(1));
  const auto mail = mime::parse(contacts().front().bytes, Limits{}).value();
  const auto& root = mail.root;
  EXPECT_EQ(*root.header("COI-From-Hash"), wire::contact_hash(bob_addr));
  EXPECT_EQ(*root.header("COI-Blocked"), "yes");
  EXPECT_EQ(*root.header("Chat-Content"), "contact");
  EXPECT_EQ(*root.header("To"), alice_addr);
  EXPECT_EQ(root.type, "multipart/alternative");
  ASSERT_THAT(root.children, SizeIs(2));
  EXPECT_THAT(root.children[0].body, HasSubstr("Bobby"));
  EXPECT_THAT(root.children[1].body, testing::AllOf(HasSubstr("h-card"), HasSubstr("bob@example.net")));
  EXPECT_FALSE(chat::Flags{contacts().front().flags}.has(chat::Flags::chat));
}

TEST_F(Storage, WhatOneDeviceDecidesTheOtherHas) {
  change(laptop, chat::NamePerson{bob_addr, "Bobby"});
  change(laptop,
         in(laptop,
            {.archived = true, .pinned = true, .muted_until = 253'402'300'799'000, .folders = {{"Work", "Band"}}}));
  office.carry();
  const auto seen = phone.chat(bob_addr).value();
  EXPECT_EQ(person(phone).name, "Bobby");
  EXPECT_TRUE(seen.pinned);
  EXPECT_TRUE(seen.archived);
  EXPECT_GT(seen.muted_until, office.now);
  EXPECT_THAT(seen.folders, ElementsAre("Band", "Work"));
  change(phone, in(phone, {.pinned = false, .muted_until = 0, .folders = {{"Band"}}}));
  change(phone, chat::NamePerson{bob_addr, ""});
  office.carry();
  EXPECT_FALSE(laptop.chat(bob_addr)->pinned);
  EXPECT_EQ(laptop.chat(bob_addr)->muted_until, 0);
  EXPECT_THAT(laptop.chat(bob_addr)->folders, ElementsAre("Band"));
  EXPECT_TRUE(laptop.chat(bob_addr)->archived);
  EXPECT_EQ(person(laptop).name, "Bob");
  EXPECT_THAT(contacts(), SizeIs(1)) << "C-49: the older ones are gone";
}

TEST_F(Storage, C50TwoDevicesThatWriteAtOnceLoseNothing) {
  change(laptop, chat::NamePerson{bob_addr, "Bobby"});
  office.carry();
  laptop.online = phone.online = false;
  change(laptop, chat::NamePerson{bob_addr, "Robert"});
  change(phone, in(phone, {.blocked = true}));
  change(laptop, in(laptop, {.pinned = true}));
  change(phone, in(phone, {.muted_until = office.now + day}));
  laptop.online = phone.online = true;
  office.carry();
  for (const auto* device : {&laptop, &phone}) {
    EXPECT_EQ(person(*device).name, "Robert");
    EXPECT_TRUE(person(*device).blocked);
    EXPECT_TRUE(device->chat(bob_addr)->pinned);
    EXPECT_GT(device->chat(bob_addr)->muted_until, office.now);
  }
  EXPECT_THAT(contacts(), SizeIs(1));
}

TEST_F(Storage, ANewDeviceHasAllOfItFromTheServerAlone) {
  change(laptop, chat::NamePerson{bob_addr, "Bobby"});
  change(laptop, chat::NamePerson{"carol@example.com", "Carol"});
  change(laptop, in(laptop, {.pinned = true}));
  change(laptop, chat::SetDraft{.chat = laptop.chat(bob_addr)->id, .addr = {}, .text = "Not yet\nsaid"});
  office.carry();
  const Device fresh{office, alice_addr, "Alice-fresh"};
  office.carry();
  EXPECT_EQ(person(fresh).name, "Bobby");
  EXPECT_TRUE(fresh.chat(bob_addr)->pinned);
  EXPECT_EQ(fresh.chat(bob_addr)->draft, "Not yet\nsaid");
  EXPECT_EQ(person(fresh, "carol@example.com").name, "Carol") << "no mail was ever exchanged with her";
  EXPECT_TRUE(person(fresh, "carol@example.com").known);
  EXPECT_THAT(fresh.messages("carol@example.com"), SizeIs(0));
}

TEST_F(Storage, TheDraftOfADeviceIsReplacedByThatOfTheOther) {
  change(laptop, chat::SetDraft{.chat = laptop.chat(bob_addr)->id, .addr = {}, .text = "one"});
  office.carry();
  EXPECT_EQ(phone.chat(bob_addr)->draft, "one");
  change(phone, chat::SetDraft{.chat = phone.chat(bob_addr)->id, .addr = {}, .text = ""});
  office.carry();
  EXPECT_EQ(laptop.chat(bob_addr)->draft, "");
  EXPECT_THAT(contacts().front().bytes, Not(HasSubstr("one</")));
}

TEST_F(Storage, C44C49WhatOtherProgramsWroteSurvives) {
  const std::string token = "v=1; t=ABCdef/+==,  two  spaces";
  put("Date: "
      "Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <other@example.org>\r\nCOI-TokenIn: " +
          token + "\r\nX-Other-Program: kept\r\nCOI-From-Hash: " + wire::contact_hash(bob_addr) + "\r\n",
      "<div class=\"h-card\"><span class=\"p-name\">Bob B.</span><a class=\"u-email\" "
      "href=\"mailto:bob@example.net\">bob@example.net</a><span class=\"p-org\">ACME</span><span "
      "class=\"p-category\">friend</span></div>");
  office.carry();
  EXPECT_EQ(person(laptop).name, "Bob B.");
  change(laptop, in(laptop, {.muted_until = office.now + day}));
  office.carry();
  ASSERT_THAT(contacts(), SizeIs(2)) << "theirs stays";
  const auto root = mime::parse(contacts().back().bytes, Limits{}).value().root;
  ASSERT_NE(root.header("COI-TokenIn"), nullptr);
  EXPECT_EQ(*root.header("COI-TokenIn"), token);
  EXPECT_EQ(*root.header("X-Other-Program"), "kept");
  EXPECT_THAT(root.children[1].body,
              testing::AllOf(HasSubstr("ACME"), HasSubstr("friend"), HasSubstr("Bob B."), HasSubstr("p-org")));
}

TEST_F(Storage, C50TwoMailsWithOneHashAreReadAsOne) {
  put("Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nCOI-TokenIn: first\r\n",
      "<div class=\"h-card\"><span class=\"p-name\">Older</span><span class=\"u-email\">bob@example.net</span><span "
      "class=\"p-org\">ACME</span></div>");
  put("Date: Mon, 23 Nov 2026 11:00:00 +0000\r\nMessage-ID: <2@example.org>\r\nCOI-TokenIn: second\r\n",
      "<div class=\"h-card\"><span class=\"p-name\">Newer</span><span class=\"u-email\">bob@example.net</span><span "
      "class=\"u-email\">robert@example.com</span></div>");
  office.carry();
  EXPECT_EQ(person(laptop).name, "Newer");
  EXPECT_EQ(person(phone, "robert@example.com").id, person(phone).id);
  ASSERT_THAT(contacts(), SizeIs(3)) << "theirs stay";
  EXPECT_THAT(contacts().back().bytes,
              testing::AllOf(HasSubstr("first"), HasSubstr("second"), HasSubstr("ACME"), HasSubstr("Newer")));
}

// The one that the user's change finds leads to the other.
TEST_F(Storage, C50MailsThatShareTheHashOfAFurtherAddressAreReadAsOne) {
  const auto shared = "COI-From-Hash: " + wire::contact_hash("b.old@example.net") + "\r\n";
  put("Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nCOI-TokenIn: first\r\n" + shared,
      "<div class=\"h-card\"><span class=\"p-name\">Bob</span><span class=\"u-email\">bob@example.net</span></div>");
  put("Date: Mon, 23 Nov 2026 11:00:00 +0000\r\nMessage-ID: <2@example.org>\r\nCOI-TokenIn: second\r\n" + shared,
      "<div class=\"h-card\"><span class=\"p-name\">Robert</span><span "
      "class=\"u-email\">robert@example.com</span></div>");
  office.carry();
  change(laptop, in(laptop, {.muted_until = office.now + day}));
  office.carry();
  EXPECT_THAT(contacts().back().bytes, testing::AllOf(HasSubstr("first"), HasSubstr("second")));
}

// The user's own card, say, with a further address, or a card of which ours has not every word.
TEST_F(Storage, WhatAnotherProgramWroteIsNeverRemoved) {
  put("Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n",
      "<p>My own card</p><div class=\"h-card\"><span class=\"p-name\">Alice</span><span class=\"u-email\">"
      "alice@example.org</span><span class=\"u-email\">alice@private.example</span></div>");
  office.carry();
  const auto self = laptop.reader().self_chat().value();
  change(laptop, chat::SetDraft{.chat = self.value_or(chat::ChatId{}), .addr = {}, .text = "Buy milk"});
  office.carry();
  change(laptop, chat::SetDraft{.chat = self.value_or(chat::ChatId{}), .addr = {}, .text = "Buy bread"});
  office.carry();
  EXPECT_THAT(contacts(), SizeIs(2));
  EXPECT_THAT(contacts().front().bytes, HasSubstr("My own card"));
}

TEST_F(Storage, NothingIsWrittenWhenTheUserChangesHisMindInTime) {
  change(laptop, chat::NamePerson{bob_addr, "Bobby"});
  laptop.keep_contacts(false);
  office.carry();
  EXPECT_THAT(contacts(), SizeIs(0));
}

TEST_F(Storage, WhatIsSaidLastCountsAlsoAfterAClockRanAhead) {
  const auto today = office.now;
  office.now += 700 * day;
  change(laptop, in(laptop, {.blocked = true}));
  office.carry();
  office.now = today + minute;
  change(laptop, in(laptop, {.blocked = false}));
  office.carry();
  EXPECT_FALSE(person(laptop).blocked);
  EXPECT_FALSE(person(phone).blocked);
  Device fresh{office, alice_addr, "Alice"};
  office.carry();
  EXPECT_FALSE(person(fresh).blocked);
}

TEST_F(Storage, WhatSomebodySentIsNoStorageMailAndStays) {
  put("Date: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\nReceived: from evil by "
      "mx.example.org; Mon, 23 Nov 2026 10:00:00 +0000\r\nCOI-Blocked: yes\r\n",
      "<div class=\"h-card\"><span class=\"p-name\">Bob</span><span class=\"u-email\">bob@example.net</span></div>");
  office.mailbox(alice_addr)
      .append(FolderRole::contacts, "From: bob@example.net\r\nSubject: put here by hand\r\n\r\nA letter\r\n",
              office.now, 0);
  change(laptop, chat::NamePerson{bob_addr, "Bobby"});
  office.carry();
  EXPECT_FALSE(person(laptop).blocked);
  EXPECT_THAT(contacts(), SizeIs(3));
  EXPECT_THAT(laptop.texts(bob_addr), Not(testing::Contains("A letter")));
}

TEST_F(Storage, C41AVcardBesideAnotherFileIsReadAndStays) {
  office.mailbox(alice_addr)
      .append(FolderRole::contacts,
              "From: alice@example.org\r\nDate: Mon, 23 Nov 2026 10:00:00 +0000\r\nMessage-ID: <1@example.org>\r\n"
              "Chat-Content: contact\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: "
              "text/vcard\r\n\r\nBEGIN:VCARD\r\nVERSION:4.0\r\nFN:Bob V.\r\nEMAIL:bob@example.net\r\nEND:VCARD\r\n"
              "--b\r\nContent-Type: application/pdf\r\n\r\nx\r\n--b--\r\n",
              office.now, 0);
  office.carry();
  EXPECT_EQ(person(laptop).name, "Bob V.") << "C-41: a vCard is read";
  change(laptop, chat::NamePerson{bob_addr, "Bobby"});
  office.carry();
  EXPECT_THAT(contacts(), SizeIs(2));
}

TEST_F(Storage, C64C75WhatIsDecidedAboutAGroupIsKeptToo) {
  laptop.create_group("Hikers", {bob_addr, "carol@example.com"});
  laptop.say("Hikers", "Hello all");
  office.carry();
  change(laptop, chat::ChangeChat{.chat = laptop.group("Hikers")->id, .pinned = true, .muted_until = office.now + day});
  office.carry();
  EXPECT_TRUE(phone.group("Hikers")->pinned);
  ASSERT_THAT(contacts(), SizeIs(1));
  EXPECT_THAT(contacts().front().bytes, testing::AllOf(HasSubstr("Chat-Content: group"), HasSubstr("h-group")));
  change(phone, chat::ChangeChat{.chat = phone.group("Hikers")->id, .pinned = false});
  office.carry();
  EXPECT_FALSE(laptop.group("Hikers")->pinned);
  EXPECT_GT(laptop.group("Hikers")->muted_until, office.now);
  EXPECT_THAT(contacts(), SizeIs(1));
  const Device fresh{office, alice_addr, "Alice-fresh"};
  office.carry();
  EXPECT_GT(fresh.group("Hikers")->muted_until, office.now);
}

TEST_F(Storage, AGroupOfWhichNoMailIsLeftComesBackWithItsMembers) {
  laptop.create_group("Hikers", {bob_addr, "carol@example.com"});
  laptop.say("Hikers", "Hello all");
  office.carry();
  change(laptop, chat::ChangeChat{.chat = laptop.group("Hikers")->id, .accepted = true, .pinned = true});
  office.carry();
  for (const auto role : {FolderRole::inbox, FolderRole::chats, FolderRole::sent})
    office.mailbox(alice_addr).folder(role).mails.clear();
  const Device fresh{office, alice_addr, "Alice-fresh"};
  office.carry();
  const auto group = fresh.group("Hikers");
  ASSERT_TRUE(group);
  EXPECT_TRUE(group->pinned);
  EXPECT_TRUE(group->is_member);
  EXPECT_THAT(group->members, SizeIs(2));
}

TEST_F(Storage, C75TheNextMessageInAChangedGroupRewritesItsMail) {
  laptop.create_group("Hikers", {bob_addr, "carol@example.com"});
  laptop.say("Hikers", "Hello all");
  office.carry();
  ASSERT_THAT(contacts(), SizeIs(1));
  ASSERT_TRUE(laptop.change_group("Hikers", {.name = "Bikers"}));
  ASSERT_TRUE(laptop.change_group("Bikers", {.remove = {"carol@example.com"}}));
  office.carry();
  laptop.say("Bikers", "Hello Bob");
  office.carry();
  ASSERT_THAT(contacts(), SizeIs(1));
  EXPECT_THAT(contacts().front().bytes, testing::AllOf(HasSubstr("Bikers"), Not(HasSubstr("carol@example.com"))));
  const auto before = office.mailbox(alice_addr).folder(FolderRole::contacts).uidnext;
  laptop.say("Bikers", "Hello again");
  phone.say("Bikers", "And from here");
  office.carry();
  EXPECT_EQ(office.mailbox(alice_addr).folder(FolderRole::contacts).uidnext, before);
}

TEST_F(Storage, WhatOneDeviceSaysWhileTheOtherIsAwayComesWithOneMail) {
  for (int i = 0; i < 5; ++i) change(laptop, chat::NamePerson{bob_addr, "Bobby " + std::to_string(i)});
  const auto before = office.mailbox(alice_addr).folder(FolderRole::contacts).uidnext;
  office.carry();
  EXPECT_EQ(office.mailbox(alice_addr).folder(FolderRole::contacts).uidnext, before + 1);
  EXPECT_EQ(person(phone).name, "Bobby 4");
}

}  // namespace
}  // namespace coi::scenario
