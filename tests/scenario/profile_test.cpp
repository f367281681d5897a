// What people tell of themselves, and to whom.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/small_picture.h"
#include "friends.h"
#include "hash/base64.h"

namespace coi::scenario {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

// PNG, 4 x 4 pixels.
constexpr auto red_picture =
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mP4z8AARwzEcQCukw/xOF6MEQAAAABJRU5ErkJggg==";

chat::Picture red() { return engine::small_picture(hash::base64_decode(red_picture).value(), Limits{}).value(); }

struct Known : Friends {
  Device carol{office, carol_addr, "Carol"};

  Known() {
    alice.say(carol_addr, "Hello Carol");
    office.carry();
    carol.say(alice_addr, "Hello");
    office.carry();
  }

  void set(Device& who, const chat::SetProfile& wish) {
    office.now += minute;
    ASSERT_TRUE(who.act(wish));
    office.carry();
  }
  const std::string& said(Device& who, const std::string& to, const std::string& text) {
    office.now += minute;
    who.say(to, text);
    office.carry();
    return office.taken().back().bytes;
  }
  static store::PersonRow person(const Device& device, const std::string& addr) {
    return device.reader().person_with(addr).value().value.value();
  }
};

const auto* const mark = "Chat-Content: profile";

TEST(Profile, C22C53ItGoesOnceToEachWithTheNextMessage) {
  Known friends;
  EXPECT_THAT(friends.said(friends.alice, bob_addr, "Nothing yet"), Not(HasSubstr(mark)));
  friends.set(friends.alice, {.status = "On the road", .birthday = "--12-24", .photo = red().base64});
  const auto mail = friends.said(friends.alice, bob_addr, "Look");
  EXPECT_THAT(mail, HasSubstr(mark));
  EXPECT_THAT(mail, HasSubstr("multipart/alternative"));
  const auto alice = Known::person(friends.bob, alice_addr);
  EXPECT_EQ(alice.status, "On the road");
  EXPECT_EQ(alice.birthday, "--12-24");
  EXPECT_EQ(alice.picture, red().id);
  EXPECT_EQ(friends.bob.reader().picture(alice.picture).value(), red().base64);
  EXPECT_EQ(friends.bob.chat(alice_addr)->picture, red().id);
  EXPECT_EQ(friends.bob.texts(alice_addr).back(), "Look");
  EXPECT_THAT(friends.said(friends.alice, bob_addr, "Once"), Not(HasSubstr(mark)));
  EXPECT_THAT(friends.said(friends.alice, carol_addr, "You too"), HasSubstr(mark));
  friends.set(friends.alice, {.status = ""});
  friends.said(friends.alice, bob_addr, "Back");
  EXPECT_EQ(Known::person(friends.bob, alice_addr).status, "");
  EXPECT_EQ(Known::person(friends.bob, alice_addr).picture, red().id);
}

TEST(Profile, C53AnotherDeviceDoesNotTellItAgain) {
  Known friends;
  Device phone(friends.office, alice_addr, "Alice-phone");
  friends.alice.keep_contacts();
  friends.office.carry();
  friends.set(friends.alice, {.status = "On the road"});
  friends.said(friends.alice, bob_addr, "Look");
  EXPECT_THAT(friends.said(phone, bob_addr, "From the phone"), Not(HasSubstr(mark)));
  EXPECT_THAT(friends.said(phone, carol_addr, "You too"), HasSubstr("On the road"));
}

TEST(Profile, WhatTwoDevicesChangeAtOnceIsNotLost) {
  Known friends;
  Device phone(friends.office, alice_addr, "Alice-phone");
  friends.alice.keep_contacts();
  phone.keep_contacts();
  friends.office.carry();
  friends.set(friends.alice, {.status = "Here"});
  friends.set(friends.alice, {.categories = {"work"}, .status = "Busy"});
  friends.alice.online = phone.online = false;
  friends.set(friends.alice, {.status = "On the road"});
  friends.set(phone, {.birthday = "--12-24"});
  friends.set(phone, {.categories = {"friend"}, .status = "Party"});
  friends.set(phone, {.categories = {"work"}, .removed = true});
  friends.set(friends.alice, {.categories = {"family"}, .status = "On the sofa"});
  friends.alice.online = phone.online = true;
  friends.office.carry();
  Device fresh(friends.office, alice_addr, "Alice-fresh");
  friends.office.carry();
  for (const auto* device : {&friends.alice, &phone, &fresh}) {
    std::vector<std::string> parts;
    const auto own = device->reader().own_profile().value().value;
    for (const auto& part : own)
      parts.push_back((part.categories.empty() ? "" : part.categories.front()) + ":" + part.status + part.birthday);
    EXPECT_THAT(parts, ElementsAre(":On the road--12-24", "family:On the sofa", "friend:Party--12-24"))
        << device->account.name;
  }
  const auto& contacts = friends.office.mailbox(alice_addr).folder(chat::FolderRole::contacts).mails;
  EXPECT_EQ(
      std::ranges::count_if(
          contacts, [](const auto& mail) { return mail.bytes.find("Chat-Content: profile\r\n") != std::string::npos; }),
      1);
}

TEST(Profile, C52EachGetsOnlyWhatIsForHim) {
  Known friends;
  ASSERT_TRUE(friends.alice.act(chat::CategorizePerson{.addr = carol_addr, .categories = {"Family, friend"}}));
  friends.set(friends.alice, {.status = "At work"});
  friends.set(friends.alice, {.categories = {"family"}, .status = "On the sofa", .birthday = "1998-12-24"});
  const auto to_bob = friends.said(friends.alice, bob_addr, "Look");
  EXPECT_THAT(to_bob, HasSubstr("At work"));
  EXPECT_THAT(to_bob, Not(HasSubstr("sofa")));
  const auto to_carol = friends.said(friends.alice, carol_addr, "Look");
  EXPECT_THAT(to_carol, HasSubstr("On the sofa"));
  EXPECT_THAT(to_carol, Not(HasSubstr("family"))) << "how she is called here is nobody's business";
  // Both in one mail: neither is told what is not for all.
  friends.set(friends.alice, {.status = "In a meeting"});
  friends.set(friends.alice, {.categories = {"family"}, .status = "Asleep"});
  friends.alice.create_group("Both", {bob_addr, carol_addr});
  friends.said(friends.alice, "Both", "Begun");
  EXPECT_THAT(friends.said(friends.alice, "Both", "And now"), Not(HasSubstr(mark)));
  // Who is no longer of the family gets what all get.
  friends.office.now += minute;
  ASSERT_TRUE(friends.alice.act(chat::CategorizePerson{.addr = carol_addr, .categories = {}}));
  EXPECT_THAT(friends.said(friends.alice, carol_addr, "Hello"), HasSubstr("In a meeting"));
  EXPECT_EQ(Known::person(friends.carol, alice_addr).birthday, "");
}

TEST(Profile, P04OnlyWhoseProgramShowsItGetsIt) {
  Known friends;
  friends.office.mailbox(alice_addr)
      .deliver(
          "From: dora@example.com\r\nTo: alice@example.org\r\nMessage-ID: <d1@x>\r\nDate: Tue, 24 Nov 2026 "
          "04:10:00 +0000\r\n\r\nHello\r\n",
          friends.office.now);
  friends.office.carry();
  friends.set(friends.alice, {.status = "On the road"});
  EXPECT_THAT(friends.said(friends.alice, dora_addr, "Hello Dora"), Not(HasSubstr("On the road")));
}

TEST(Profile, C52TheMailInContactsHasAPartForEachAndANewDeviceReadsIt) {
  Known friends;
  friends.alice.keep_contacts();
  friends.office.carry();
  friends.set(friends.alice, {.status = "At work", .photo = red().base64});
  friends.set(friends.alice, {.categories = {"work", "family"}, .status = "On the sofa", .birthday = "1998-12-24"});
  auto& contacts = friends.alice.mailbox().folder(chat::FolderRole::contacts);
  ASSERT_EQ(contacts.mails.size(), 1U);
  const auto& mail = contacts.mails.front().bytes;
  EXPECT_THAT(mail, HasSubstr("Subject: Profile"));
  EXPECT_THAT(mail, HasSubstr("multipart/mixed"));
  EXPECT_THAT(mail, HasSubstr("Chat-Content: profile; categories=\"family,work\""));
  Device phone(friends.office, alice_addr, "Alice-phone");
  friends.office.carry();
  EXPECT_EQ(phone.reader().own_profile().value().value, friends.alice.reader().own_profile().value().value);
  EXPECT_EQ(phone.reader().own_profile().value().value.size(), 2U);
  EXPECT_EQ(contacts.mails.size(), 1U) << "nothing is written anew";
}

// As the draft has it: no word of ours in it, and a list without quotes.
TEST(Profile, C52ThatOfAnotherProgramIsReadAndStays) {
  Known friends;
  friends.alice.keep_contacts();
  friends.office.carry();
  friends.office.now += minute;
  friends.alice.mailbox().append(
      chat::FolderRole::contacts,
      "From: Alice <alice@example.org>\r\nTo: alice@example.org\r\nSubject: Profile\r\nDate: Tue, 24 Nov 2026 04:10:00 "
      "+0000\r\nMessage-ID: <p1@x>\r\nContent-Type: multipart/mixed; boundary=b\r\nChat-Version: 1.0\r\nMIME-Version: "
      "1.0\r\nChat-Content: profile\r\n\r\n--b\r\nContent-Type: text/html\r\nChat-Content: profile; "
      "categories=friend, family\r\n\r\n<p class=\"h-card\"><span class=\"p-name\">Alice Angel</span> <span "
      "class=\"u-email\">alice@example.org</span> <span class=\"u-email\">angel@work.example</span> <span "
      "class=\"p-status\">weekend</span><time class=\"dt-bday\">1998-12-24</time></p>\r\n--b\r\nContent-Type: "
      "text/html\r\nChat-Content: profile\r\n\r\n<p class=\"h-card\"><span class=\"p-name\">Alice Angel</span> <span "
      "class=\"u-email\">alice@example.org</span></p>\r\n--b--\r\n",
      friends.office.now, 0);
  friends.office.carry();
  const auto own = friends.alice.reader().own_profile().value().value;
  ASSERT_EQ(own.size(), 1U) << "that for everybody says nothing";
  EXPECT_THAT(own[0].categories, ElementsAre("family", "friend"));
  EXPECT_EQ(own[0].status, "weekend");
  EXPECT_FALSE(friends.alice.chat("angel@work.example"));
  friends.set(friends.alice, {.status = "Newer"});
  const auto& mails = friends.alice.mailbox().folder(chat::FolderRole::contacts).mails;
  EXPECT_TRUE(std::ranges::any_of(mails, [](const auto& mail) { return mail.bytes.contains("<p1@x>"); }));
  EXPECT_EQ(friends.alice.reader().own_profile().value().value[1].status, "weekend");
}

// Each device reads what it would write: nothing is written again and again.
TEST(Profile, C49WhateverIsSaidTheMailInContactsComesToRest) {
  const std::vector<std::vector<chat::SetProfile>> cases = {
      {{.categories = {"family"}, .status = "On the sofa"}},
      {{.status = "At work"}, {.categories = {"Семья", "café"}, .status = "На диване"}},
      {{.status = "At work"}, {.categories = {"family"}, .status = "Home"}, {.removed = true}},
      {{.status = "a  b\t\x7f c "}},
      {{.status = "<b>&amp;</b> \"quoted\""}, {.categories = {"a  b"}, .status = ""}}};
  for (const auto& wishes : cases) {
    Known friends;
    friends.alice.keep_contacts();
    friends.office.carry();
    for (const auto& wish : wishes) friends.set(friends.alice, wish);
    auto& contacts = friends.alice.mailbox().folder(chat::FolderRole::contacts);
    EXPECT_EQ(contacts.mails.size(), 1U);
    Device phone(friends.office, alice_addr, "Alice-phone");
    phone.keep_contacts();
    friends.office.carry();
    EXPECT_EQ(phone.reader().own_profile().value().value, friends.alice.reader().own_profile().value().value);
    EXPECT_EQ(contacts.mails.size(), 1U);
  }
}

std::string own_profile_mail(const std::string& parts) {
  return "From: Alice <alice@example.org>\r\nTo: alice@example.org\r\nSubject: Profile\r\nDate: Tue, 24 Nov 2026 "
         "04:10:00 +0000\r\nMessage-ID: <p1@x>\r\nContent-Type: multipart/mixed; boundary=b\r\nChat-Version: "
         "1.0\r\nMIME-Version: 1.0\r\nChat-Content: profile\r\n\r\n" +
         parts + "--b--\r\n";
}

const std::string secret_card =
    "Content-Type: text/html\r\n\r\n<p class=\"h-card\"><span class=\"p-name\">A</span><span class=\"u-email\">"
    "alice@example.org</span><span class=\"p-status\">secret</span></p>\r\n";

// What is for some must not become what everybody gets.
TEST(Profile, C52APartIsForNobodyButThoseWhomItsMarkNames) {
  struct Case {
    std::string part, for_whom;
  };
  const std::string alternative =
      "Content-Type: multipart/alternative; boundary=c\r\nChat-Content: profile; "
      "categories=family\r\n\r\n--c\r\n\r\nText\r\n--c\r\n" +
      secret_card + "--c--\r\n";
  const auto marked = [](const std::string& categories) {
    return "Chat-Content: profile; categories=" + categories + "\r\n" + secret_card;
  };
  const std::vector<Case> cases = {{alternative, "family;"},           {secret_card, ""},
                                   {marked("\"mum's friends\""), ""},  {marked("\"a;b\""), ""},
                                   {marked("\"a;b, work\""), "work;"}, {marked("\"\""), ""}};
  for (const auto& [part, for_whom] : cases) {
    Known friends;
    friends.alice.keep_contacts();
    friends.office.carry();
    friends.alice.mailbox().append(chat::FolderRole::contacts, own_profile_mail("--b\r\n" + part), friends.office.now,
                                   0);
    friends.office.carry();
    std::string found;
    const auto own = friends.alice.reader().own_profile().value().value;
    for (const auto& audience : own) {
      found += audience.categories.empty() ? "everybody" : "";
      for (const auto& category : audience.categories) found += category + ";";
    }
    EXPECT_EQ(found, for_whom) << part;
  }
}

TEST(Profile, C22WhatLiesInTheMailboxIsToldOnlyWhenTheUserHasSaidSo) {
  Known friends;
  friends.alice.keep_contacts();
  friends.office.carry();
  friends.alice.mailbox().append(chat::FolderRole::contacts,
                                 own_profile_mail("--b\r\nChat-Content: profile\r\n" + secret_card), friends.office.now,
                                 0);
  friends.office.carry();
  EXPECT_THAT(friends.said(friends.alice, bob_addr, "Hello"), Not(HasSubstr("secret")));
  friends.set(friends.alice, {.birthday = "--12-24"});
  EXPECT_THAT(friends.said(friends.alice, bob_addr, "Hello"), HasSubstr("secret"));
}

TEST(Profile, C53NobodyIsToldWhoIsBlockedOrWhomTheUserDoesNotKnow) {
  for (const bool blocked : {true, false}) {
    Known friends;
    Device eve(friends.office, "eve@example.org", "Eve");
    const auto third = blocked ? carol_addr : std::string("eve@example.org");
    friends.bob.create_group("Club", {alice_addr, third});
    friends.said(friends.bob, "Club", "Hello");
    eve.say(alice_addr, "Her program is known");
    friends.office.carry();
    if (blocked) {
      ASSERT_TRUE(friends.alice.act(chat::ChangeChat{.chat = friends.alice.chat(carol_addr)->id, .blocked = true}));
    }
    friends.set(friends.alice, {.status = "On the road"});
    EXPECT_THAT(friends.said(friends.alice, "Club", "Here"), Not(HasSubstr("On the road"))) << blocked;
  }
}

// The signature stands below what mail programs read.
TEST(Profile, C47TheStatusOfTheProfileCountsBeforeASignature) {
  Known friends;
  friends.alice.account.signature = "Cheers";
  friends.set(friends.alice, {.status = "On the road"});
  friends.said(friends.alice, bob_addr, "Look");
  friends.said(friends.alice, bob_addr, "With a signature");
  EXPECT_EQ(Known::person(friends.bob, alice_addr).status, "On the road");
}

TEST(Profile, C53WhatDidNotGetThereIsToldWithTheNext) {
  Known friends;
  friends.set(friends.alice, {.status = "On the road"});
  friends.office.answer = [](const Letter& letter) {
    return std::optional(
        chat::RecipientResult{.addr = letter.to, .state = chat::RecipientState::failed, .reply = "550 not today"});
  };
  friends.alice.say(bob_addr, "Lost");
  friends.office.carry();
  friends.office.answer = {};
  EXPECT_THAT(friends.said(friends.alice, bob_addr, "Look"), HasSubstr("On the road"));
  EXPECT_THAT(friends.said(friends.alice, bob_addr, "Once"), Not(HasSubstr(mark)));
}

// Marks, a quote and a file beside it.
TEST(Profile, C54ItStandsBesideWhateverIsWritten) {
  Known friends;
  friends.set(friends.alice, {.status = "One"});
  friends.alice.answer(bob_addr, "**Yes**", friends.alice.messages(bob_addr).at(1).id);
  friends.office.carry();
  EXPECT_EQ(friends.bob.last(alice_addr).text, "**Yes**");
  EXPECT_EQ(friends.bob.last(alice_addr).quote, "Hello Alice");
  EXPECT_EQ(Known::person(friends.bob, alice_addr).status, "One");
  friends.set(friends.alice, {.status = "Two"});
  chat::SendMessage send{.addr = bob_addr, .text = "With a file", .rfc_id = "chat$f@example.org"};
  send.files = {{.name = "a.txt", .type = "text/plain", .bytes = "a"}};
  ASSERT_TRUE(friends.alice.act(send));
  friends.office.carry();
  EXPECT_EQ(friends.bob.last(alice_addr).attachments.size(), 1U);
  EXPECT_EQ(friends.bob.last(alice_addr).text, "With a file");
  EXPECT_EQ(Known::person(friends.bob, alice_addr).status, "Two");
}

TEST(Profile, C55WhoAsksIsToldAgain) {
  Known friends;
  friends.set(friends.alice, {.status = "On the road"});
  friends.said(friends.alice, bob_addr, "Look");
  friends.office.now += minute;
  friends.office.mailbox(alice_addr)
      .deliver(
          "From: bob@example.net\r\nTo: alice@example.org\r\nMessage-ID: <chat$q1@x>\r\nChat-Version: "
          "1.0\r\nChat-Content: profilerequest\r\nDate: Tue, 24 Nov 2026 04:20:00 +0000\r\n\r\nWho are you?\r\n",
          friends.office.now);
  friends.office.carry();
  EXPECT_EQ(friends.alice.texts(bob_addr).back(), "Who are you?");
  EXPECT_THAT(friends.said(friends.alice, bob_addr, "It is me"), HasSubstr(mark));
  EXPECT_THAT(friends.said(friends.alice, bob_addr, "Enough"), Not(HasSubstr(mark)));
}

TEST(Profile, C56WhatNamesAnotherOrIsForgedIsNotTaken) {
  struct Case {
    const char* email;
    const char* extra;
    std::string status;
  };
  for (const auto& [email, extra, status] : {Case{"bob@example.net", "", "Hi"}, Case{"carol@example.com", "", ""},
                                             Case{"bob@example.net", "List-Id: <l.x>\r\n", ""}}) {
    Known friends;
    friends.office.now += minute;
    friends.office.mailbox(alice_addr)
        .deliver(
            std::string("From: bob@example.net\r\nTo: alice@example.org\r\nMessage-ID: <chat$p1@x>\r\n"
                        "Chat-Version: 1.0\r\n") +
                extra +
                "Date: Tue, 24 Nov 2026 04:20:00 +0000\r\nContent-Type: multipart/alternative; "
                "boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\nContent-Type: text/html\r\nChat-Content: "
                "contactinfo\r\n\r\n<p class=\"h-card\"><span class=\"p-name\">Bob</span><span class=\"u-email\">" +
                email + "</span><span class=\"x-coi-status\">Hi</span></p>\r\n--b--\r\n",
            friends.office.now);
    friends.office.carry();
    EXPECT_EQ(Known::person(friends.alice, bob_addr).status, status) << email << extra;
  }
}

TEST(Profile, WhatCannotBeToldIsRefused) {
  Known friends;
  EXPECT_FALSE(friends.alice.act(chat::SetProfile{.birthday = "1998-13-01"}));
  EXPECT_FALSE(friends.alice.act(chat::SetProfile{.birthday = "1999-02-29"}));
  EXPECT_TRUE(friends.alice.act(chat::SetProfile{.birthday = "--02-29"}));
  EXPECT_FALSE(friends.alice.act(chat::SetProfile{.status = "two\nlines"}));
  EXPECT_FALSE(friends.alice.act(chat::SetProfile{.categories = {"a;b"}, .status = "x"}));
  EXPECT_FALSE(friends.alice.act(chat::SetProfile{.categories = {"nobody"}, .removed = true}));
}

}  // namespace
}  // namespace coi::scenario
