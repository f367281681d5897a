// Polls between people, some of whom use a mail program; the mail is carried by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fmt/format.h>

#include "chat/poll.h"
#include "friends.h"

namespace coi::scenario {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const std::string poll_club = "Film Club";

chat::Poll films() {
  return {.id = "Film-poll-000001", .question = "Which film?", .options = {{.label = "Alien"}, {.label = "Dune"}}};
}

struct PollClub {
  PostOffice office;
  Device alice{office, alice_addr, "Alice"};
  Device bob{office, bob_addr, "Bob"};
  Device carol{office, carol_addr, "Carol"};
  int ids = 0;

  // Dora uses a mail program.
  PollClub() {
    alice.create_group(poll_club, {bob_addr, carol_addr, dora_addr});
    for (auto* device : {&alice, &bob, &carol}) {
      device->say(poll_club, "Hello");
      office.carry();
    }
  }

  std::string new_id() { return fmt::format("chat$poll{}@example.org", ++ids); }

  chat::MessageId ask(Device& device, chat::Poll poll = films()) {
    chat::SendMessage send{.chat = device.group(poll_club).value().id,
                           .text = chat::poll_text(poll),
                           .kind = chat::MessageKind::poll,
                           .rfc_id = new_id()};
    send.details.poll = std::move(poll);
    const auto id = device.act(send).value().added.at(0);
    office.carry();
    return id;
  }

  Result<store::Changes> vote(Device& device, chat::Choices choices) {
    auto done = device.act(chat::Vote{.poll = poll_of(device).id, .choices = std::move(choices), .rfc_id = new_id()});
    office.carry();
    return done;
  }

  static store::MessageRow poll_of(const Device& device) {
    const auto rows = device.messages(poll_club);
    for (const auto& row : rows)
      if (row.poll) return row;
    return {};
  }

  static std::vector<std::uint32_t> votes(const Device& device) {
    std::vector<std::uint32_t> counts;
    const auto row = poll_of(device);
    for (const auto& option : row.poll.value().options) counts.push_back(option.votes);
    return counts;
  }

  std::size_t taken_by(const std::string& addr) const {
    return static_cast<std::size_t>(
        std::ranges::count_if(office.taken(), [&](const Letter& letter) { return letter.to == addr; }));
  }
};

TEST(Polls, C84C85EverybodySeesTheSameAndTheirOwnChoice) {
  PollClub club_;
  club_.ask(club_.alice);
  const auto row = PollClub::poll_of(club_.bob);
  EXPECT_EQ(row.kind, chat::MessageKind::poll);
  EXPECT_EQ(row.details.poll, films());
  ASSERT_TRUE(club_.vote(club_.bob, {1, 2}));
  ASSERT_TRUE(club_.vote(club_.carol, {2}));
  ASSERT_TRUE(club_.vote(club_.bob, {1}));
  for (const auto* device : {&club_.alice, &club_.bob, &club_.carol})
    EXPECT_THAT(PollClub::votes(*device), ElementsAre(1, 1));
  EXPECT_THAT(PollClub::poll_of(club_.bob).poll->own, ElementsAre(1));
  EXPECT_THAT(PollClub::poll_of(club_.alice).poll->own, ElementsAre());
  EXPECT_THAT(PollClub::poll_of(club_.alice).poll->options[0].voters, ElementsAre(bob_addr));
}

TEST(Polls, P04P05P20VotesGoToNobodyWhoWouldSeeAMail) {
  PollClub club_;
  club_.ask(club_.alice);
  const auto before = club_.taken_by(dora_addr);
  ASSERT_TRUE(club_.vote(club_.bob, {1}));
  EXPECT_EQ(club_.taken_by(dora_addr), before);
  EXPECT_THAT(club_.office.taken().back().bytes, HasSubstr(dora_addr)) << "To is complete";
  for (const auto* device : {&club_.alice, &club_.bob, &club_.carol})
    EXPECT_EQ(device->group(poll_club)->members.size(), 3U) << "nobody was removed by it";
}

// Carol has written nothing but a vote: what else goes to chat programs alone goes to her from then on.
TEST(Polls, P20AVoteTellsWhichProgramItsAuthorHas) {
  PostOffice office;
  Device alice{office, alice_addr, "Alice"}, carol{office, carol_addr, "Carol"};
  alice.create_group(poll_club, {carol_addr});
  chat::SendMessage send{.chat = alice.group(poll_club).value().id,
                         .text = chat::poll_text(films()),
                         .kind = chat::MessageKind::poll,
                         .rfc_id = "chat$p@example.org"};
  send.details.poll = films();
  const auto poll = alice.act(send).value().added.at(0);
  office.carry();
  const auto plain = [&] {
    return alice.reader().plain_peers(alice.group(poll_club)->id, office.now, chat::is_chat_capable).value();
  };
  EXPECT_THAT(plain(), ElementsAre(carol_addr));
  ASSERT_TRUE(carol.act(chat::Vote{.poll = carol.last(poll_club).id, .choices = {1}, .rfc_id = "chat$v@example.com"}));
  office.carry();
  EXPECT_THAT(plain(), testing::IsEmpty());
  EXPECT_THAT(alice.reader().message(poll).value().value->poll->options[0].voters, ElementsAre(carol_addr));
}

TEST(Polls, OwnDevicesLearnTheOwnVote) {
  PollClub club_;
  club_.ask(club_.alice);
  ASSERT_TRUE(club_.vote(club_.bob, {2}));
  Device phone{club_.office, bob_addr, "Bob"};
  club_.office.carry();
  EXPECT_THAT(PollClub::poll_of(phone).poll->own, ElementsAre(2));
}

TEST(Polls, P23AReplyOfAMailProgramVotes) {
  PollClub club_;
  club_.ask(club_.alice);
  const auto row = PollClub::poll_of(club_.alice);
  const auto mail = fmt::format(
      "From: Dora <{}>\r\nTo: {}, {}, {}\r\nDate: Tue, 24 Nov 2026 05:00:00 +0000\r\nMessage-ID: <d1@example.com>\r\n"
      "In-Reply-To: <{}>\r\nReferences: <{}>\r\nSubject: Re: {}\r\n\r\n2\r\n\r\n> Which film?\r\n",
      dora_addr, alice_addr, bob_addr, carol_addr, row.rfc_id, row.rfc_id, poll_club);
  for (const auto& to : {alice_addr, bob_addr, carol_addr}) club_.office.submit({dora_addr, to, mail});
  club_.office.carry();
  for (const auto* device : {&club_.alice, &club_.bob, &club_.carol}) {
    EXPECT_THAT(PollClub::votes(*device), ElementsAre(0, 1));
    EXPECT_THAT(device->texts(poll_club), Contains("2"));
  }
}

TEST(Polls, P24TheEndIsToldToEverybodyAndNobodyVotesAfterIt) {
  PollClub club_;
  const auto id = club_.ask(club_.alice);
  ASSERT_TRUE(club_.vote(club_.bob, {2}));
  EXPECT_FALSE(club_.bob.act(chat::ClosePoll{.poll = PollClub::poll_of(club_.bob).id, .rfc_id = club_.new_id()}));
  const auto before = club_.taken_by(dora_addr);
  ASSERT_TRUE(club_.alice.act(chat::ClosePoll{.poll = id, .rfc_id = club_.new_id()}));
  club_.office.carry();
  EXPECT_EQ(club_.taken_by(dora_addr), before + 1) << "P-04: it informs people";
  for (const auto* device : {&club_.alice, &club_.bob, &club_.carol}) {
    EXPECT_EQ(device->last(poll_club).notice.code, "poll_closed");
    EXPECT_EQ(device->last(poll_club).notice.params.at("best"), "Dune");
    EXPECT_EQ(device->last(poll_club).reply_to, PollClub::poll_of(*device).id);
    EXPECT_TRUE(PollClub::poll_of(*device).poll->closed_ms);
  }
  const auto late = club_.vote(club_.carol, {1});
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().text(), "the poll is closed");
}

TEST(Polls, WhoNeverWasAMemberDecidesNothing) {
  PollClub club_;
  club_.ask(club_.alice);
  const auto row = PollClub::poll_of(club_.alice);
  const auto mail = fmt::format(
      "From: Eve <eve@example.com>\r\nTo: {}\r\nDate: Tue, 24 Nov 2026 05:00:00 +0000\r\nMessage-ID: "
      "<e1@example.com>\r\n"
      "In-Reply-To: <{}>\r\nReferences: <{}>\r\nSubject: Re: x\r\n\r\n2\r\n",
      alice_addr, row.rfc_id, row.rfc_id);
  club_.office.submit({"eve@example.com", alice_addr, mail});
  club_.office.carry();
  EXPECT_THAT(PollClub::votes(club_.alice), ElementsAre(0, 0));
}

}  // namespace
}  // namespace coi::scenario
