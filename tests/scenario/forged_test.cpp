// C-48: whether something shows that the last mail of a person is theirs.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "friends.h"

namespace coi::scenario {
namespace {

struct Proof : TwoPeople {
  int mails = 0;

  void comes(const std::string& fields, UnixMs at, const std::string& to = alice_addr) {
    const auto number = std::to_string(++mails);
    office.mailbox(alice_addr)
        .deliver(fields + "From: carol@example.com\r\nTo: " + to + "\r\nMessage-ID: <" + number +
                     "@example.com>\r\n\r\nHello " + number + "\r\n",
                 at);
    office.carry();
  }
  bool is_unproven() const { return alice.chat("carol@example.com")->unproven; }
};

const std::string is_signed = "DKIM-Signature: v=1; d=example.com; b=x\r\n";

TEST(Proof, C48TheNewestMailCountsInWhateverOrderTheyCome) {
  Proof people;
  const auto now = people.office.now;
  people.comes(is_signed, now - 3 * minute);
  EXPECT_FALSE(people.is_unproven());
  people.comes("", now - minute);
  EXPECT_TRUE(people.is_unproven());
  people.comes(is_signed, now - 2 * minute);
  EXPECT_TRUE(people.is_unproven()) << "an older one";
  people.comes("Authentication-Results: mx; dmarc=pass header.from=example.com\r\n", now);
  EXPECT_FALSE(people.is_unproven());
  people.comes(is_signed + "Authentication-Results: mx; dmarc=fail header.from=example.com\r\n", now + minute);
  EXPECT_TRUE(people.is_unproven()) << "in whose name somebody else wrote";
}

TEST(Proof, C48WhatTheyWriteToOthersCountsToo) {
  Proof people;
  people.comes(is_signed, people.office.now - 2 * minute);
  people.comes("", people.office.now - minute, "alice@example.org, bob@example.net");
  EXPECT_TRUE(people.is_unproven());
}

TEST(Proof, C48OfTwoAddressesOfAPersonTheOneThatWroteLastCounts) {
  Proof people;
  people.comes(is_signed, people.office.now - 2 * minute);
  people.office.mailbox(alice_addr)
      .deliver("From: carol@example.net\r\nTo: alice@example.org\r\nMessage-ID: <c@example.net>\r\n\r\nAlso me\r\n",
               people.office.now - minute);
  people.office.carry();
  ASSERT_TRUE(people.alice.act(chat::SetAlias{.addr = "carol@example.com", .alias = "carol@example.net"}));
  EXPECT_TRUE(people.is_unproven());
}

}  // namespace
}  // namespace coi::scenario
