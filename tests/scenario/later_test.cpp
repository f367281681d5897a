// Messages that wait for their time, among people and groups that change meanwhile; the mail is carried by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "friends.h"

namespace coi::scenario {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const std::string dave_addr = "dave@example.net";

struct Later : TwoPeople {
  Device carol{office, carol_addr, "Carol"};
  Device dave{office, dave_addr, "Dave"};

  // Alice, Bob and Carol have spoken in it.
  void meet_in_group() {
    meet();
    alice.create_group("Friends", {bob_addr, carol_addr});
    alice.say("Friends", "Welcome");
    office.carry();
  }
  void wait_for_it() {
    office.now += 2 * hour;
    office.carry();
  }
  store::MessageRow row(Device& device, chat::MessageId id) const {
    return device.reader().message(id).value().value.value();
  }
  std::string error_of(chat::MessageId id) {
    const auto found = row(alice, id);
    return found.recipients.empty() ? "" : found.recipients.front().error;
  }
  std::vector<std::string> reached(std::string_view words) const {
    std::vector<std::string> people;
    for (const auto& letter : office.taken())
      if (letter.bytes.find(words) != std::string::npos) people.push_back(letter.to);
    std::ranges::sort(people);
    return people;
  }
  std::string mail(std::string_view words) const {
    for (const auto& letter : office.taken())
      if (letter.bytes.find(words) != std::string::npos) return letter.bytes;
    throw std::runtime_error("no such mail went");
  }
};

TEST(Later, NobodyHearsOfWhatWaitsByAnotherMail) {
  Later people;
  people.alice.say_at(people.office.now + hour, dave_addr, "the secret plan");
  people.alice.say(dave_addr, "Hello Dave");
  people.office.carry();
  const auto first = people.mail("Hello Dave");
  EXPECT_THAT(first, Not(HasSubstr("secret")));
  people.alice.remove(people.alice.messages(dave_addr).back().id);
  people.alice.say(dave_addr, "Once more");
  people.office.carry();
  EXPECT_THAT(people.mail("Once more"), Not(HasSubstr("secret")));
}

TEST(Later, GoesToThoseWhoAreInTheGroupWhenItGoes) {
  Later people;
  people.meet_in_group();
  people.alice.say_at(people.office.now + hour, "Friends", "see you at noon");
  ASSERT_TRUE(people.alice.change_group("Friends", {.add = {dave_addr}, .remove = {carol_addr}}));
  people.office.carry();
  EXPECT_THAT(people.reached("at noon"), IsEmpty());
  people.wait_for_it();
  EXPECT_THAT(people.reached("at noon"), ElementsAre(bob_addr, dave_addr));
  const auto mail = people.mail("at noon");
  EXPECT_THAT(mail, HasSubstr("To: bob@example.net, dave@example.net\r\n")) << "as of that time";
  EXPECT_THAT(mail, HasSubstr("Chat-Group-Past-Members: carol@example.com\r\n"));
  EXPECT_THAT(people.dave.texts("Friends"), Contains("see you at noon"));
  EXPECT_THAT(people.carol.texts("Friends"), Not(Contains("see you at noon")));
}

TEST(Later, FollowsWhatWasSaidMeanwhile) {
  Later people;
  people.meet();
  const auto later = people.alice.say_at(people.office.now + hour, bob_addr, "later");
  people.bob.say(alice_addr, "meanwhile");
  people.office.carry();
  const auto meanwhile = people.alice.last(bob_addr).rfc_id;
  people.wait_for_it();
  EXPECT_THAT(people.mail("later"), HasSubstr(meanwhile)) << "in References";
  EXPECT_EQ(people.alice.last(bob_addr).id, later) << "the same message as before";
  EXPECT_EQ(people.bob.last(alice_addr).text, "later");
}

TEST(Later, OfSeveralThatAreOverdueTheEarlierTimeGoesFirstThenTheOneWrittenFirst) {
  Later people;
  people.meet();
  const auto now = people.office.now;
  for (const auto& [after, text] : std::vector<std::pair<UnixMs, std::string>>{
           {3 * minute, "fourth"}, {minute, "first"}, {2 * minute, "second"}, {2 * minute, "third"}})
    people.alice.say_at(now + after, bob_addr, text);
  people.wait_for_it();
  std::vector<std::string> came;
  for (const auto& letter : people.office.taken())
    for (const auto* text : {"first", "second", "third", "fourth"})
      if (letter.to == bob_addr && letter.bytes.find(text) != std::string::npos) came.emplace_back(text);
  EXPECT_THAT(came, ElementsAre("first", "second", "third", "fourth"));
  const auto texts = people.bob.texts(alice_addr);
  EXPECT_THAT(std::vector(texts.end() - 4, texts.end()), ElementsAre("first", "second", "third", "fourth"));
}

TEST(Later, WhatCannotBeSentWhenItsTimeComesFailsAndSaysWhy) {
  Later people;
  people.meet_in_group();
  const auto to_bob = people.alice.say_at(people.office.now + hour, bob_addr, "to the blocked");
  const auto to_group = people.alice.say_at(people.office.now + hour, "Friends", "to the group");
  EXPECT_EQ(people.alice.state(to_bob), State::scheduled);
  ASSERT_TRUE(people.alice.act(chat::ChangeChat{.chat = people.alice.chat(bob_addr)->id, .blocked = true}));
  ASSERT_TRUE(people.alice.change_group("Friends", {.remove = {alice_addr}}));
  people.office.carry();
  people.wait_for_it();
  EXPECT_THAT(people.reached("to the"), IsEmpty());
  EXPECT_EQ(people.alice.state(to_bob), State::failed);
  EXPECT_EQ(people.error_of(to_bob), "bob@example.net is blocked");
  EXPECT_EQ(people.alice.state(to_group), State::failed);
  EXPECT_EQ(people.error_of(to_group), "you are not a member of this group");
}

TEST(Later, IsNoNoteToOneselfWhenEverybodyElseHasLeft) {
  Later people;
  people.meet_in_group();
  const auto later = people.alice.say_at(people.office.now + hour, "Friends", "anybody there");
  ASSERT_TRUE(people.alice.change_group("Friends", {.remove = {bob_addr, carol_addr}}));
  people.office.carry();
  people.wait_for_it();
  EXPECT_THAT(people.reached("anybody"), IsEmpty());
  EXPECT_EQ(people.alice.state(later), State::failed);
  EXPECT_EQ(people.error_of(later), "nobody else is left in this group");
}

TEST(Later, WhatHasFailedSoCanBeSentOnceThatIsPossibleOrBeTakenBack) {
  Later people;
  people.meet();
  const auto chat = people.alice.chat(bob_addr)->id;
  const auto later = people.alice.say_at(people.office.now + hour, bob_addr, "peace");
  const auto other = people.alice.say_at(people.office.now + hour, bob_addr, "war");
  ASSERT_TRUE(people.alice.act(chat::ChangeChat{.chat = chat, .blocked = true}));
  people.wait_for_it();
  ASSERT_EQ(people.alice.state(later), State::failed);
  ASSERT_TRUE(people.alice.act(chat::RetryMessage{later}));
  people.office.carry();
  EXPECT_EQ(people.alice.state(later), State::failed) << "he is blocked still";
  ASSERT_TRUE(people.alice.act(chat::ChangeChat{.chat = chat, .blocked = false}));
  ASSERT_TRUE(people.alice.act(chat::RetryMessage{later}));
  ASSERT_TRUE(people.alice.act(chat::TakeBack{other}));
  people.office.carry();
  EXPECT_THAT(people.bob.texts(alice_addr), Contains("peace"));
  EXPECT_THAT(people.bob.texts(alice_addr), Not(Contains("war")));
  EXPECT_THAT(people.alice.texts(bob_addr), Not(Contains("war")));
}

TEST(Later, C66AGroupHasNotBegunByWhatWaits) {
  Later people;
  people.meet();
  people.alice.create_group("Friends", {bob_addr});
  people.alice.say_at(people.office.now + hour, "Friends", "the later one");
  ASSERT_TRUE(people.alice.change_group("Friends", {.add = {carol_addr}, .description = "All of us"}));
  people.office.carry();
  EXPECT_THAT(people.reached("Friends"), IsEmpty()) << "nobody has heard of it yet";
  people.alice.say("Friends", "the first one");
  people.office.carry();
  EXPECT_THAT(people.mail("the first one"), HasSubstr("groupinfo"));
  EXPECT_THAT(people.bob.last("Friends").text, "the first one");
  EXPECT_EQ(people.bob.group("Friends")->description, "All of us");
  people.wait_for_it();
  EXPECT_THAT(people.mail("the later one"), Not(HasSubstr("groupinfo")));
  EXPECT_THAT(people.reached("the later one"), ElementsAre(bob_addr, carol_addr));
}

TEST(Later, C66TheFirstMailOfAGroupIntroducesItAlsoWhenItWaited) {
  Later people;
  people.meet();
  people.alice.create_group("Friends", {bob_addr});
  people.alice.say_at(people.office.now + hour, "Friends", "the first one");
  ASSERT_TRUE(people.alice.change_group("Friends", {.description = "All of us"}));
  people.wait_for_it();
  EXPECT_THAT(people.mail("the first one"), AllOf(HasSubstr("groupinfo"), HasSubstr("Chat-Group-Description: All")));
}

TEST(Later, D27HasTheTimerOfTheTimeAtWhichItGoes) {
  Later people;
  people.meet();
  const auto later = people.alice.say_at(people.office.now + hour, bob_addr, "burn this");
  EXPECT_EQ(people.row(people.alice, later).timer, 0U);
  ASSERT_TRUE(people.alice.set_timer(bob_addr, 600));
  people.office.carry();
  people.office.now += hour;
  people.office.carry();
  EXPECT_THAT(people.mail("burn this"), HasSubstr("Ephemeral-Timer: 600\r\n"));
  EXPECT_EQ(people.row(people.alice, later).timer, 600U);
  EXPECT_EQ(people.bob.chat(alice_addr)->timer, 600U) << "an older one would say that it is off";
  people.office.now += 11 * minute;
  people.office.carry();
  EXPECT_THAT(people.alice.texts(bob_addr), Not(Contains("burn this"))) << "counted from when it went";
}

TEST(Later, D27ATimerThatEndedMeanwhileDoesNotComeBackWithIt) {
  Later people;
  people.meet();
  ASSERT_TRUE(people.alice.set_timer(bob_addr, 600));
  people.office.carry();
  people.alice.say_at(people.office.now + hour, bob_addr, "for good");
  ASSERT_TRUE(people.alice.set_timer(bob_addr, 0));
  people.office.carry();
  people.wait_for_it();
  EXPECT_THAT(people.mail("for good"), Not(HasSubstr("Ephemeral-Timer")));
  for (auto* device : {&people.alice, &people.bob})
    EXPECT_EQ(device->chat(device == &people.alice ? bob_addr : alice_addr)->timer, 0U);
}

TEST(Later, AnAnswerQuotesWhatIsToBeReadWhenItGoes) {
  Later people;
  people.meet();
  const auto asked = people.alice.last(bob_addr).id;
  people.alice.say_at(people.office.now + hour, bob_addr, "to that", asked);
  people.office.carry();
  people.bob.edit(people.bob.last(alice_addr).id, "Hello dear Alice");
  people.office.carry();
  people.wait_for_it();
  EXPECT_THAT(people.mail("to that"), HasSubstr("> Hello dear Alice"));
  EXPECT_EQ(people.bob.last(alice_addr).text, "to that");
  EXPECT_TRUE(people.bob.last(alice_addr).reply_to);
}

TEST(Later, OtherDevicesHearOfItWhenItGoes) {
  Later people;
  people.meet();
  Device laptop(people.office, alice_addr, "Alice-laptop");
  people.office.carry();
  people.alice.say_at(people.office.now + hour, bob_addr, "later");
  people.office.carry();
  EXPECT_THAT(laptop.texts(bob_addr), Not(Contains("later")));
  people.wait_for_it();
  EXPECT_EQ(laptop.last(bob_addr).text, "later");
  EXPECT_EQ(laptop.messages(bob_addr).size(), people.alice.messages(bob_addr).size()) << "once";
}

}  // namespace
}  // namespace coi::scenario
