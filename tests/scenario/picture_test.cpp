// Pictures of groups.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/small_picture.h"
#include "friends.h"
#include "hash/base64.h"
#include "mime/date.h"

namespace coi::scenario {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string film_club = "Film Club";

// PNG, 4 x 4 pixels.
constexpr auto red_square =
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mP4z8AARwzEcQCukw/xOF6MEQAAAABJRU5ErkJggg==";
constexpr auto blue_square =
    "iVBORw0KGgoAAAANSUhEUgAAAAQAAAAECAIAAAAmkwkpAAAAEElEQVR42mNgYPiPhIjiAACOsw/xW6KAvAAAAABJRU5ErkJggg==";

chat::Picture picture_of(std::string_view png) {
  return engine::small_picture(hash::base64_decode(png).value(), Limits{}).value();
}

struct PictureClub : TwoPeople {
  Device carol{office, carol_addr, "Carol"};

  // Carol is not in it.
  PictureClub() {
    alice.create_group(film_club, {bob_addr});
    alice.say(film_club, "Alien on Friday?");
    office.carry();
    bob.say(film_club, "Yes");
    office.carry();
  }

  void change(Device& who, chat::ChangeGroup change) {
    ASSERT_TRUE(who.change_group(film_club, std::move(change)));
    office.carry();
  }
};

std::string shown(const Device& device) {
  const auto group = device.group(film_club);
  return group ? group->picture : "no group";
}

TEST(GroupPictures, C63AnyMemberMayChangeItForAll) {
  PictureClub club;
  const auto red = picture_of(red_square), blue = picture_of(blue_square);
  club.change(club.alice, {.picture = red});
  EXPECT_EQ(shown(club.alice), red.id);
  EXPECT_EQ(shown(club.bob), red.id);
  EXPECT_THAT(club.office.taken().back().bytes, HasSubstr("Chat-Content: group-avatar-changed"));
  EXPECT_EQ(club.bob.reader().picture(red.id).value(), red.base64);
  club.change(club.bob, {.picture = blue});
  EXPECT_EQ(shown(club.alice), blue.id);
  club.change(club.alice, {.picture = chat::Picture{}});
  EXPECT_EQ(shown(club.bob), "");
  EXPECT_FALSE(club.bob.change_group(film_club, {.picture = chat::Picture{}})) << "there is none";
}

TEST(GroupPictures, C66WhoIsAddedLaterGetsIt) {
  PictureClub club;
  const auto red = picture_of(red_square);
  club.change(club.alice, {.picture = red});
  club.change(club.bob, {.add = {carol_addr}});
  EXPECT_EQ(shown(club.carol), red.id);
  club.bob.say(film_club, "Welcome");
  club.office.carry();
  EXPECT_THAT(club.office.taken().back().bytes, Not(HasSubstr("u-photo"))) << "all have it";
}

TEST(GroupPictures, C66TheFirstMailOfAGroupHasIt) {
  PictureClub club;
  const auto red = picture_of(red_square);
  club.alice.create_group("Choir", {bob_addr});
  ASSERT_TRUE(club.alice.change_group("Choir", {.picture = red}));
  club.alice.say("Choir", "La");
  club.office.carry();
  EXPECT_EQ(club.bob.group("Choir")->picture, red.id);
}

// Bob's only device is lost, and his server keeps nothing of before.
struct LostClub : PictureClub {
  const chat::Picture red = picture_of(red_square);
  std::optional<Device> anew;

  LostClub() {
    change(alice, {.add = {carol_addr}});
    carol.say(film_club, "Hello");
    office.carry();
    change(alice, {.picture = red});
    for (const auto& folder : bob.mailbox().folders())
      while (!bob.mailbox().folder(folder.role).mails.empty())
        bob.mailbox().expunge(folder.role, folder.mails.front().uid);
    bob.online = false;
    office.now += day;
    anew.emplace(office, bob_addr, "Bob-anew");
    say(alice, "Who is in?");
  }

  void say(Device& who, const std::string& text) {
    who.say(film_club, text);
    office.carry();
  }
  const std::string& mail() const { return office.taken().back().bytes; }
};

TEST(GroupPictures, C77WhatIsLostIsAskedForOnceAndToldWithTheNextMessage) {
  LostClub club;
  EXPECT_EQ(shown(*club.anew), "");
  EXPECT_THAT(club.mail(), Not(HasSubstr("u-photo")));
  club.say(*club.anew, "Me");
  EXPECT_THAT(club.mail(), HasSubstr("Chat-Content: grouprequested"));
  EXPECT_EQ(club.alice.texts(film_club).back(), "Me");
  club.say(club.carol, "Me too");
  EXPECT_THAT(club.mail(), HasSubstr("Chat-Content: groupinfo"));
  EXPECT_EQ(shown(*club.anew), club.red.id);
  for (auto* device : {&club.alice, &club.carol, &*club.anew}) {
    club.say(*device, "Until then");
    EXPECT_THAT(club.mail(), Not(HasSubstr("Chat-Content: group"))) << "it is told, and asked for no more";
  }
}

TEST(GroupPictures, C77ItIsAskedForOnceHoweverLongNobodyTells) {
  LostClub club;
  club.alice.online = club.carol.online = false;
  club.say(*club.anew, "Me");
  EXPECT_THAT(club.mail(), HasSubstr("Chat-Content: grouprequested"));
  club.office.now += minute;
  club.say(*club.anew, "Anybody?");
  EXPECT_THAT(club.mail(), Not(HasSubstr("Chat-Content: group")));
}

TEST(GroupPictures, C77WhatAnAdditionHasToldIsNotToldAgain) {
  LostClub club;
  club.say(*club.anew, "Me");
  club.change(club.alice, {.add = {dora_addr}});
  EXPECT_EQ(shown(*club.anew), club.red.id);
  club.say(club.alice, "Until then");
  EXPECT_THAT(club.mail(), Not(HasSubstr("Chat-Content: groupinfo")));
}

TEST(GroupPictures, C77BothWordsAskAndOnlyAMemberIsAnswered) {
  struct Case {
    std::string author, word;
    bool told;
  };
  for (const auto& [author, word, told] :
       {Case{bob_addr, "grouprequested", true}, Case{bob_addr, "groupprofilerequest", true},
        Case{dora_addr, "grouprequested", false}}) {
    PictureClub club;
    const auto id = club.alice.group(film_club)->group_id;
    club.office.now += minute;
    club.office.mailbox(alice_addr)
        .deliver("From: " + author + "\r\nTo: alice@example.org, bob@example.net\r\nChat-Version: 1.0\r\n" +
                     "Chat-Content: " + word +
                     "\r\nSubject: Film Club\r\nDate: " + mime::format_date(club.office.now, std::chrono::minutes{0}) +
                     "\r\nMessage-ID: <chat$group." + id + ".r@x>\r\n\r\nHello\r\n",
                 club.office.now);
    club.office.carry();
    club.alice.say(film_club, "Here you are");
    club.office.carry();
    const auto& mail = club.office.taken().back().bytes;
    EXPECT_EQ(mail.contains("Chat-Content: groupinfo"), told) << author << " " << word << "\n" << mail;
  }
}

// A poll or a picture without words has no room for it.
TEST(GroupPictures, C66WhatBeginsWithAPollIsDescribedByTheNextText) {
  PictureClub club;
  const auto red = picture_of(red_square);
  club.alice.create_group("Choir", {bob_addr});
  ASSERT_TRUE(club.alice.change_group("Choir", {.picture = red}));
  chat::Poll poll{.id = "Singing-poll-0001", .question = "Tuesday?", .options = {{.label = "Yes"}, {.label = "No"}}};
  chat::SendMessage asks{.chat = club.alice.group("Choir")->id,
                         .text = chat::poll_text(poll),
                         .kind = chat::MessageKind::poll,
                         .rfc_id = "chat$poll1@example.org"};
  asks.details.poll = std::move(poll);
  ASSERT_TRUE(club.alice.act(asks));
  club.office.carry();
  EXPECT_EQ(club.bob.group("Choir")->picture, "");
  club.alice.say("Choir", "La");
  club.office.carry();
  EXPECT_EQ(club.bob.group("Choir")->picture, red.id);
  club.alice.say("Choir", "La la");
  club.office.carry();
  EXPECT_THAT(club.office.taken().back().bytes, Not(HasSubstr("u-photo")));
}

// Who adds somebody and has not heard of the newest picture tells of the one before.
TEST(GroupPictures, AnOlderOneThatIsRepeatedDoesNotComeBack) {
  PictureClub club;
  const auto red = picture_of(red_square), blue = picture_of(blue_square);
  club.change(club.alice, {.picture = red});
  ASSERT_TRUE(club.alice.change_group(film_club, {.picture = blue}));
  club.office.now += minute;
  ASSERT_TRUE(club.bob.change_group(film_club, {.add = {carol_addr}}));
  club.office.carry();
  for (const auto* device : {&club.alice, &club.bob}) EXPECT_EQ(shown(*device), blue.id);
}

// Else what she saw first would be the newest for her.
TEST(GroupPictures, WhoIsAddedAgainSeesWhatOthersSee) {
  PictureClub club;
  const auto red = picture_of(red_square), blue = picture_of(blue_square);
  club.change(club.alice, {.add = {carol_addr}});
  club.carol.say(film_club, "Hello");  // so that they know her program
  club.office.carry();
  club.change(club.alice, {.picture = red});
  EXPECT_EQ(shown(club.carol), red.id);
  club.change(club.alice, {.remove = {carol_addr}});
  club.change(club.alice, {.picture = blue});
  club.change(club.bob, {.add = {carol_addr}});
  EXPECT_EQ(shown(club.carol), blue.id);
  club.change(club.alice, {.remove = {carol_addr}});
  club.change(club.alice, {.picture = chat::Picture{}});
  club.change(club.bob, {.add = {carol_addr}});
  EXPECT_EQ(shown(club.carol), "");
}

// A small file of a camera's, with what it tells of its place.
TEST(SmallPicture, OfTheUsersOwnTellsNothingOfItsPlace) {
  const auto plain = hash::base64_decode(picture_of(red_square).base64).value();
  const std::string exif("Exif\0\0MM\0*GPS", 14);
  const auto length = std::string{'\0', static_cast<char>(exif.size() + 2)};
  const auto tells = plain.substr(0, 2) + "\xFF\xE1" + length + exif + plain.substr(2);
  const auto own = engine::small_picture(tells, Limits{}).value();
  EXPECT_THAT(hash::base64_decode(own.base64).value(), Not(HasSubstr("Exif")));
  EXPECT_EQ(engine::received_picture(tells, Limits{}).value().base64, hash::base64_encode(tells))
      << "the same on each device";
}

// Of programs that write none of the fields that give times.
TEST(GroupPictures, C74OfGroupinfoAloneTheNewestCounts) {
  PictureClub club;
  const auto red = picture_of(red_square), blue = picture_of(blue_square);
  const auto id = club.alice.group(film_club)->group_id;
  const auto tells = [&](const std::string& unique, int second, const std::string& name, const chat::Picture& picture) {
    club.office.mailbox(alice_addr)
        .deliver("From: bob@example.net\r\nTo: alice@example.org\r\nChat-Version: 1.0\r\nMessage-ID: <chat$group." +
                     id + "." + unique + "@example.net>\r\nSubject: " + name +
                     "\r\nDate: " + mime::format_date(club.office.now + second * 1000, std::chrono::minutes{0}) +
                     "\r\nContent-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\n"
                     "Content-Type: text/html\r\nChat-Content: groupinfo\r\n\r\n<div class=\"h-group\"><span class=\""
                     "p-name\">" +
                     name + "</span><span class=\"p-description\">About " + name +
                     "</span><img class=\"u-photo\" src=\"data:image/jpeg;base64," + picture.base64 +
                     "\"></div>\r\n--b--\r\n",
                 club.office.now + second * 1000);
  };
  tells("b", 20, "Cinema", blue);
  tells("a", 10, "Films", red);
  club.office.now += minute;
  club.office.carry();
  const auto group = club.alice.group("Cinema");
  ASSERT_TRUE(group);
  EXPECT_EQ(group->description, "About Cinema");
  EXPECT_EQ(group->picture, blue.id);
}

TEST(GroupPictures, P06OnlyAMembersIsShown) {
  const auto red = picture_of(red_square);
  for (const auto& [author, seen] : {std::pair(carol_addr, std::string()), std::pair(bob_addr, red.id)}) {
    PictureClub club;
    const auto id = club.alice.group(film_club)->group_id;
    club.office.now += minute;
    club.office.mailbox(alice_addr)
        .deliver("From: " + author + "\r\nTo: alice@example.org, bob@example.net\r\nChat-Version: 1.0\r\n" +
                     "Chat-Group-ID: " + id +
                     "\r\nChat-Group-Name: Film Club\r\nChat-Content: group-avatar-changed\r\n" +
                     "Date: " + mime::format_date(club.office.now, std::chrono::minutes{0}) +
                     "\r\nMessage-ID: <p@x>\r\nContent-Type: multipart/alternative; "
                     "boundary=b\r\n\r\n--b\r\n\r\nHa\r\n--b\r\nContent-Type: text/html\r\nChat-Content: "
                     "groupinfo\r\n\r\n<div class=\"h-group\"><img class=\"u-photo\" src=\"data:image/jpeg;base64," +
                     red.base64 + "\"></div>\r\n--b--\r\n",
                 club.office.now);
    club.office.carry();
    EXPECT_EQ(shown(club.alice), seen) << author;
  }
}

}  // namespace
}  // namespace coi::scenario
