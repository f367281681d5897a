#include "conversation.h"

namespace coi::smtp::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SubmitTest : public SessionTest {};
INSTANTIATE_TEST_SUITE_P(, SubmitTest, testing::Bool(), how_fed);

const Envelope to_bob{.from = "alice@example.org", .to = {"bob@example.net"}};
const Envelope to_two{.from = "alice@example.org", .to = {"bob@example.net", "eve@example.net"}};
const std::string mail = "Subject: hi\r\n\r\nhello\r\n";

TEST_P(SubmitTest, StepByStepWithoutExtensions) {
  auto c = ready({});
  EXPECT_EQ(c.submits(to_two, mail), "MAIL FROM:<alice@example.org>\r\n");
  EXPECT_EQ(c.hears("250 ok\r\n"), "RCPT TO:<bob@example.net>\r\n");
  EXPECT_EQ(c.hears("250 ok\r\n"), "RCPT TO:<eve@example.net>\r\n");
  EXPECT_EQ(c.hears("550 5.1.1 who?\r\n"), "DATA\r\n");
  EXPECT_THAT(c.events(), IsEmpty());
  EXPECT_EQ(c.hears("354 go on\r\n"), mail + ".\r\n");
  EXPECT_THAT(c.events(), ElementsAre("data started"));
  EXPECT_EQ(c.hears("250 2.0.0 queued as 1\r\n"), "");
  EXPECT_THAT(c.events(), ElementsAre("submitted"));
  EXPECT_THAT(fates(c.outcome()),
              ElementsAre("bob@example.net accepted 250 2.0.0 queued as 1", "eve@example.net refused 550 5.1.1 who?"));
  EXPECT_EQ(c.outcome().reply.text(), "queued as 1");
  EXPECT_TRUE(c.outcome().accepted_by_any());
  EXPECT_TRUE(c.session().is_ready());
  EXPECT_EQ(c.session().mails(), 1u);
}

TEST_P(SubmitTest, PipeliningPutsTheEnvelopeAndDataInOneWrite) {
  auto c = ready({"PIPELINING", "SIZE 1000", "8BITMIME"});
  auto envelope = to_two;
  envelope.eight_bit = true;
  c.submits(envelope, mail);
  EXPECT_THAT(c.writes(),
              ElementsAre("MAIL FROM:<alice@example.org> SIZE=22 BODY=8BITMIME\r\nRCPT TO:<bob@example.net>\r\n"
                          "RCPT TO:<eve@example.net>\r\nDATA\r\n"));
  EXPECT_EQ(c.hears("250 ok\r\n452 4.2.2 full\r\n250 ok\r\n"), "");
  EXPECT_EQ(c.hears("354 go on\r\n"), mail + ".\r\n");
  c.hears("250 2.0.0 queued\r\n");
  EXPECT_THAT(c.events(), ElementsAre("data started", "submitted"));
  EXPECT_THAT(fates(c.outcome()),
              ElementsAre("bob@example.net later 452 4.2.2 full", "eve@example.net accepted 250 2.0.0 queued"));
}

TEST_P(SubmitTest, ChunkingPutsASmallMailInOneWriteAfterItWasRecorded) {
  auto c = ready({"PIPELINING", "CHUNKING"});
  ASSERT_TRUE(c.session().submit(to_bob, mail));
  c.drives();
  EXPECT_THAT(c.events(), ElementsAre("data started"));
  EXPECT_THAT(c.writes(),
              ElementsAre("MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\nBDAT 22 LAST\r\n" + mail));
  c.hears("250 ok\r\n250 ok\r\n250 2.0.0 22 octets\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net accepted 250 2.0.0 22 octets"));
}

TEST_P(SubmitTest, TheMailAloneWaitsForTheRecord) {
  auto c = ready({"PIPELINING", "CHUNKING"});
  ASSERT_TRUE(c.session().submit(to_bob, mail));
  EXPECT_EQ(c.session().take_output(), "MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\n");
  EXPECT_EQ(c.session().take_output(), "") << "DataStarted has to be taken first";
  c.drives();
  EXPECT_THAT(c.events(), ElementsAre("data started"));
  EXPECT_THAT(c.writes(), ElementsAre("BDAT 22 LAST\r\n" + mail));
  c.hears("250 ok\r\n250 ok\r\n250 2.0.0 22 octets\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net accepted 250 2.0.0 22 octets"));
}

TEST_P(SubmitTest, ChunkingWithARefusedRecipient) {
  auto c = ready({"PIPELINING", "CHUNKING"});
  c.submits(to_two, mail);
  c.hears("250 ok\r\n550 5.1.1 who?\r\n250 ok\r\n250 2.0.0 done\r\n");
  EXPECT_THAT(fates(c.outcome()),
              ElementsAre("bob@example.net refused 550 5.1.1 who?", "eve@example.net accepted 250 2.0.0 done"));
  // Nobody left: RFC 3030 lets the server refuse the chunk, and the next mail begins with RSET.
  c.submits(to_bob, mail);
  c.hears("250 ok\r\n550 5.1.1 who?\r\n503 5.5.1 no valid recipients\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net refused 550 5.1.1 who?"));
  EXPECT_FALSE(c.outcome().accepted_by_any());
  EXPECT_THAT(c.submits(to_bob, mail), testing::StartsWith("RSET\r\nMAIL FROM:"));
  c.hears("250 ok\r\n250 ok\r\n250 ok\r\n250 2.0.0 done\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net accepted 250 2.0.0 done"));
  EXPECT_EQ(c.session().mails(), 3u);
}

TEST_P(SubmitTest, ChunkingSendsALargeMailInPiecesOnceSomebodyWantsIt) {
  const std::string large = "Subject: hi\r\n\r\n" + std::string(150'000, 'x') + "\r\n";
  auto c = ready({"PIPELINING", "CHUNKING"});
  EXPECT_EQ(c.submits(to_bob, large), "MAIL FROM:<alice@example.org>\r\nRCPT TO:<bob@example.net>\r\n");
  EXPECT_EQ(c.hears("250 ok\r\n"), "");
  const std::string said = c.hears("250 ok\r\n");
  EXPECT_EQ(said, "BDAT 65536\r\n" + large.substr(0, 65536) + "BDAT 65536\r\n" + large.substr(65536, 65536) +
                      fmt::format("BDAT {} LAST\r\n", large.size() - 131072) + large.substr(131072));
  EXPECT_EQ(c.writes().size(), 3u);
  EXPECT_THAT(c.events(), ElementsAre("data started"));
  c.hears("250 ok\r\n250 ok\r\n250 2.0.0 done\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net accepted 250 2.0.0 done"));
}

TEST_P(SubmitTest, ChunkingStopsWhenAPieceIsRefused) {
  auto c = ready({"PIPELINING", "CHUNKING"});
  c.submits(to_bob, std::string(2'000'000, 'x'));
  c.hears("250 ok\r\n250 ok\r\n");
  EXPECT_EQ(c.writes().size(), 8u) << "no more than eight pieces unanswered";
  EXPECT_EQ(c.hears("452 4.3.1 disk full\r\n"), "");
  EXPECT_THAT(c.events(), IsEmpty()) << "the other pieces' answers are still to come";
  c.hears("503 no\r\n503 no\r\n503 no\r\n503 no\r\n503 no\r\n503 no\r\n503 no\r\n");
  EXPECT_THAT(c.events(), ElementsAre("submitted"));
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net later 452 4.3.1 disk full"));
  EXPECT_THAT(c.submits(to_bob, mail), testing::StartsWith("RSET\r\n"));
}

TEST_P(SubmitTest, ChunkingWithoutPipelining) {
  const std::string large(70'000, 'x');
  auto c = ready({"CHUNKING"});
  c.submits(to_bob, large);
  c.hears("250 ok\r\n");
  EXPECT_EQ(c.hears("250 ok\r\n"), "BDAT 65536\r\n" + large.substr(0, 65536));
  EXPECT_EQ(c.hears("250 ok\r\n"), "BDAT 4466 LAST\r\n" + large.substr(65536) + "\r\n");
  c.hears("250 done\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net accepted 250 done"));
}

TEST_P(SubmitTest, ChunkingCanBeSwitchedOff) {
  auto c = ready({"PIPELINING", "CHUNKING"}, {.chunking = false});
  EXPECT_THAT(c.submits(to_bob, mail), HasSubstr("DATA\r\n"));
}

TEST_P(SubmitTest, LineEndsAndDots) {
  auto c = ready({"PIPELINING"});
  c.submits(to_bob, ".a\nb\r.c\r\n..\r\n.");
  EXPECT_EQ(c.hears("250 ok\r\n250 ok\r\n354 go on\r\n"), "..a\r\nb\r\n..c\r\n...\r\n..\r\n.\r\n");
  c.hears("250 ok\r\n");

  auto chunked = ready({"CHUNKING"});
  chunked.submits(to_bob, ".a\nb");
  chunked.hears("250 ok\r\n");
  EXPECT_EQ(chunked.hears("250 ok\r\n"), "BDAT 7 LAST\r\n.a\r\nb\r\n");
}

TEST_P(SubmitTest, ADotAtTheSeamOfTwoPiecesIsStuffed) {
  const std::string first = std::string(65534, 'x') + "\r\n";
  auto c = ready({"PIPELINING"});
  c.submits(to_bob, first + ".dot\r\n");
  EXPECT_EQ(c.hears("250 ok\r\n250 ok\r\n354 go on\r\n"), first + "..dot\r\n.\r\n");
  EXPECT_EQ(c.writes().size(), 2u);
}

TEST_P(SubmitTest, AllRecipientsRefused) {
  auto c = ready({});
  c.submits(to_two, mail);
  c.hears("250 ok\r\n");
  c.hears("550 5.1.1 a\r\n");
  EXPECT_EQ(c.hears("450 4.2.1 b\r\n"), "") << "no DATA";
  EXPECT_THAT(fates(c.outcome()),
              ElementsAre("bob@example.net refused 550 5.1.1 a", "eve@example.net later 450 4.2.1 b"));
  EXPECT_EQ(c.submits(to_bob, mail), "RSET\r\n");
  EXPECT_EQ(c.hears("250 ok\r\n"), "MAIL FROM:<alice@example.org>\r\n");

  auto pipelined = ready({"PIPELINING"});
  pipelined.submits(to_bob, mail);
  EXPECT_EQ(pipelined.hears("250 ok\r\n550 5.1.1 a\r\n354 go on\r\n"), ".\r\n") << "nothing but the end goes out";
  EXPECT_THAT(pipelined.events(), IsEmpty());
  pipelined.hears("554 5.5.1 no valid recipients\r\n");
  EXPECT_THAT(fates(pipelined.outcome()), ElementsAre("bob@example.net refused 550 5.1.1 a"));
  EXPECT_THAT(pipelined.submits(to_bob, mail), testing::StartsWith("MAIL"));
}

TEST_P(SubmitTest, SenderRefused) {
  auto c = ready({});
  c.submits(to_two, mail);
  EXPECT_EQ(c.hears("550 5.7.1 not yours\r\n"), "");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net refused 550 5.7.1 not yours",
                                              "eve@example.net refused 550 5.7.1 not yours"));
  EXPECT_EQ(c.outcome().reply.code, 550);

  auto pipelined = ready({"PIPELINING"});
  pipelined.submits(to_bob, mail);
  EXPECT_EQ(pipelined.hears("451 4.7.1 slow down\r\n503 mail first\r\n503 mail first\r\n"), "");
  EXPECT_THAT(fates(pipelined.outcome()), ElementsAre("bob@example.net later 451 4.7.1 slow down"));
  EXPECT_THAT(pipelined.submits(to_bob, mail), testing::StartsWith("MAIL")) << "no transaction is open";
}

TEST_P(SubmitTest, DataRefusedBeforeAndAfter) {
  auto c = ready({"PIPELINING"});
  c.submits(to_bob, mail);
  EXPECT_EQ(c.hears("250 ok\r\n250 ok\r\n451 4.3.0 not now\r\n"), "");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net later 451 4.3.0 not now"));
  EXPECT_THAT(c.submits(to_bob, mail), testing::StartsWith("RSET\r\nMAIL"));
  c.hears("250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n");
  c.hears("550 5.7.1 spam\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net refused 550 5.7.1 spam"));
  EXPECT_THAT(c.submits(to_bob, mail), testing::StartsWith("MAIL"));
}

TEST_P(SubmitTest, RepliesOfTheWrongClassAcceptNothing) {
  auto c = ready({"PIPELINING"});
  c.submits(to_bob, mail);
  c.hears("250 ok\r\n250 ok\r\n250 ok\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net later 250 ok")) << "DATA wants 354";
  c.submits(to_bob, mail);
  c.hears("250 ok\r\n250 ok\r\n250 ok\r\n354 go on\r\n");
  c.hears("354 go on\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net later 354 go on"));
}

TEST_P(SubmitTest, WhatThisServerCannotTakeIsNeverSent) {
  const auto refused = [](const std::vector<std::string>& extensions, const Envelope& envelope) {
    auto c = ready(extensions);
    EXPECT_EQ(c.submits(envelope, mail), "");
    EXPECT_THAT(c.events(), ElementsAre("submitted"));
    EXPECT_TRUE(c.session().is_ready());
    EXPECT_EQ(c.session().mails(), 0u);
    EXPECT_EQ(c.outcome().recipients.at(0).fate, Fate::refused);
    EXPECT_EQ(c.outcome().recipients.at(0).reply.code, 0);
    EXPECT_FALSE(c.outcome().recipients.at(0).reply.text().empty());
    return c.outcome().recipients.at(0).reply.enhanced;
  };
  EXPECT_EQ(refused({"SIZE 21"}, to_bob), "5.3.4");
  EXPECT_EQ(refused({}, {.from = "a@example.org", .to = {"b@example.org"}, .eight_bit = true}), "5.6.3");
  EXPECT_EQ(refused({}, {.from = "a@example.org", .to = {"b@example.org"}, .smtputf8 = true}), "5.6.7");
  EXPECT_EQ(refused({}, {.from = "\xc3\xa4@example.org", .to = {"b@example.org"}}), "5.6.7");
  EXPECT_EQ(refused({"SMTPUTF8"}, {.from = "a@example.org> SIZE=1", .to = {"b@example.org"}}), "5.1.7");
  for (const auto* const address : {"", "b", "@example.org", "b@", "b@example.org>\r\nDATA", "b c@example.org",
                                    "b@example.org\n", "\"b@example.org", "<b@example.org>", "\"b\\"})
    EXPECT_EQ(refused({"SMTPUTF8"}, {.from = "a@example.org", .to = {address}}), "5.1.3") << address;
}

TEST_P(SubmitTest, InternationalAddresses) {
  const Envelope mixed{.from = "a@example.org", .to = {"\xc3\xa4@example.org", "b@example.org"}};
  auto without = ready({"PIPELINING"});
  EXPECT_EQ(without.submits(mixed, mail), "MAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
  without.hears("250 ok\r\n250 ok\r\n354 go on\r\n");
  without.hears("250 ok\r\n");
  EXPECT_THAT(fates(without.outcome()),
              ElementsAre(HasSubstr("refused 5.6.7 the server takes no address with such letters before the @"),
                          "b@example.org accepted 250 ok"));

  auto with = ready({"PIPELINING", "SMTPUTF8"});
  EXPECT_THAT(with.submits(mixed, mail),
              testing::StartsWith("MAIL FROM:<a@example.org> SMTPUTF8\r\nRCPT TO:<\xc3\xa4@example.org>\r\n"));
}

// The header names the address, and so has octets above 127: that is not what the user has to hear of.
TEST_P(SubmitTest, AnAddressInUtf8IsTheReasonWhereNothingIsTaken) {
  auto c = ready({"PIPELINING"});
  EXPECT_EQ(c.submits({.from = "a@example.org", .to = {"\xc3\xa4@example.org"}, .eight_bit = true}, mail), "");
  EXPECT_THAT(fates(c.outcome()), ElementsAre(HasSubstr("before the @")));
}

TEST_P(SubmitTest, EachRecipientHasTheFateThatTheServerSays) {
  auto c = ready({"PIPELINING"});
  c.submits({.from = "a@example.org", .to = {"now@x", "later@x", "never@x", "many@x", "full@x"}}, mail);
  c.hears(
      "250 ok\r\n250 ok\r\n451 4.3.0 busy\r\n550-5.1.1 who\r\n550 5.1.1 is that\r\n552 too many recipients\r\n"
      "552 5.2.2 mailbox full\r\n354 go on\r\n");
  c.hears("250 ok\r\n");
  EXPECT_THAT(
      fates(c.outcome()),
      ElementsAre("now@x accepted 250 ok", "later@x later 451 4.3.0 busy", "never@x refused 550 5.1.1 who is that",
                  "many@x later 552 too many recipients", "full@x refused 552 5.2.2 mailbox full"));
}

TEST_P(SubmitTest, AMailThatIsTooLargeFailsWithTheLimit) {
  auto c = ready({"SIZE 25000000"});
  c.submits(to_bob, std::string(26'000'000, 'x'));
  EXPECT_THAT(c.outcome().reply.text(), HasSubstr("26.0 MB"));
  EXPECT_THAT(c.outcome().reply.text(), HasSubstr("25.0 MB"));
  for (const auto* const at_mail : {"552 5.3.4 too big\r\n", "552 message size exceeds fixed limit\r\n"}) {
    auto said = ready({"SIZE 0"});
    EXPECT_THAT(said.submits(to_bob, mail), HasSubstr(" SIZE=22"));
    said.hears(at_mail);
    EXPECT_EQ(said.outcome().recipients.at(0).fate, Fate::refused);
  }
}

TEST_P(SubmitTest, DeliveryReportsAreToNameTheMail) {
  const Envelope named{.from = "a@example.org", .to = {"b@example.org"}, .id = "chat$1+2=\xc3@example.org"};
  auto c = ready({"PIPELINING", "DSN"});
  EXPECT_THAT(c.submits(named, mail),
              testing::StartsWith("MAIL FROM:<a@example.org> ENVID=chat$1+2B2+3D+C3@example.org\r\n"));
  auto without = ready({"PIPELINING"});
  EXPECT_THAT(without.submits(named, mail), testing::StartsWith("MAIL FROM:<a@example.org>\r\n"));
  auto nameless = ready({"DSN"});
  EXPECT_EQ(nameless.submits(to_bob, mail), "MAIL FROM:<alice@example.org>\r\n");
}

TEST_P(SubmitTest, AServerThatCannotTakeTheNameGetsTheMailWithoutIt) {
  for (const std::string refusal : {"501 5.5.4 what?", "555 5.5.4 unsupported"}) {
    auto c = ready({"PIPELINING", "CHUNKING", "DSN"});
    c.submits({.from = "a@example.org", .to = {"b@example.org"}, .id = "1@x"}, mail);
    EXPECT_EQ(c.hears(refusal + "\r\n503 no\r\n503 no\r\n"),
              "RSET\r\nMAIL FROM:<a@example.org>\r\nRCPT TO:<b@example.org>\r\nBDAT 22 LAST\r\n" + mail);
    c.hears("250 ok\r\n250 ok\r\n250 ok\r\n250 ok\r\n");
    EXPECT_THAT(fates(c.outcome()), ElementsAre("b@example.org accepted 250 ok")) << refusal;
    c.submits({.from = "a@example.org", .to = {"b@example.org"}, .id = "2@x"}, mail);
    EXPECT_EQ(c.writes().at(0).find("ENVID"), std::string::npos) << "asked once";
  }
}

Envelope for_later(std::uint64_t seconds = 3600) {
  return {
      .from = "a@example.org", .to = {"b@example.org"}, .hold_until = "2026-11-30T18:30:00Z", .hold_seconds = seconds};
}

TEST_P(SubmitTest, AMailForLaterSaysUntilWhenTheServerIsToKeepIt) {
  auto c = ready({"PIPELINING", "FUTURERELEASE 3600 2026-11-30T18:30:00Z"});
  EXPECT_EQ(c.submits(for_later(), mail),
            "MAIL FROM:<a@example.org> HOLDUNTIL=2026-11-30T18:30:00Z\r\nRCPT TO:<b@example.org>\r\nDATA\r\n");
  c.hears("250 ok\r\n250 ok\r\n354 go on\r\n");
  c.hears("250 2.0.0 held\r\n");
  EXPECT_THAT(fates(c.outcome()), ElementsAre("b@example.org accepted 250 2.0.0 held"));
  EXPECT_FALSE(c.outcome().hold_refused);
  c.submits(to_bob, mail);
  EXPECT_EQ(c.writes().at(0).find("HOLDUNTIL"), std::string::npos) << "of one mail alone";
}

TEST_P(SubmitTest, AServerThatKeepsNoMailsSoLongGetsNoneOfIt) {
  for (const auto& offer : std::vector<std::vector<std::string>>{
           {}, {"FUTURERELEASE"}, {"FUTURERELEASE x y"}, {"FUTURERELEASE 3599 2026-11-30T18:29:59Z"}}) {
    auto c = ready(offer);
    EXPECT_EQ(c.submits(for_later(), mail), "");
    EXPECT_TRUE(c.outcome().hold_refused);
    EXPECT_FALSE(c.outcome().accepted_by_any());
  }
}

TEST_P(SubmitTest, AServerThatRefusesToKeepItSaysSo) {
  for (const std::string refusal : {"501 5.5.4 what?", "555 5.5.4 unsupported", "550 5.7.1 not you"}) {
    auto c = ready({"PIPELINING", "FUTURERELEASE 3600 2026-11-30T18:30:00Z"});
    c.submits(for_later(), mail);
    c.hears(refusal + "\r\n503 no\r\n503 no\r\n");
    EXPECT_TRUE(c.outcome().hold_refused) << refusal;
    EXPECT_TRUE(c.session().is_ready());
  }
}

TEST_P(SubmitTest, NullSenderAndQuotedLocalParts) {
  auto c = ready({"PIPELINING"});
  EXPECT_EQ(c.submits({.from = "", .to = {"\"b > c\\\"\"@example.org"}}, mail),
            "MAIL FROM:<>\r\nRCPT TO:<\"b > c\\\"\"@example.org>\r\nDATA\r\n");
}

TEST_P(SubmitTest, LostBeforeTheServerCouldTakeIt) {
  auto c = ready({"PIPELINING"});
  c.submits(to_two, mail);
  c.hears("250 ok\r\n550 5.1.1 who?\r\n");
  c.session().connection_lost();
  c.drives();
  EXPECT_THAT(c.events(), ElementsAre("submitted", "closed: network"));
  EXPECT_THAT(fates(c.outcome()),
              ElementsAre("bob@example.net refused 550 5.1.1 who?", "eve@example.net unsent the connection was lost"));
}

TEST_P(SubmitTest, WhatTheServerSaysThatIsNoReplyIsTheReason) {
  auto c = ready({"PIPELINING"});
  c.submits(to_two, mail);
  c.hears("250 ok\r\n250-ok\r\n354 go on\r\n");
  EXPECT_THAT(c.events(), ElementsAre("submitted", "closed: protocol"));
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net unsent the server's reply changes from 250 to 354",
                                              "eve@example.net unsent the server's reply changes from 250 to 354"));
}

TEST_P(SubmitTest, LostAfterTheServerMayHaveTakenIt) {
  for (const auto* const extension : {"PIPELINING", "CHUNKING"}) {
    auto c = ready({extension});
    c.submits(to_bob, mail);
    c.hears("250 ok\r\n");
    c.hears("250 ok\r\n");
    if (std::string_view(extension) == "PIPELINING") c.hears("354 go on\r\n");
    c.session().connection_lost();
    c.drives();
    EXPECT_THAT(c.events(), ElementsAre("data started", "submitted", "closed: network"));
    EXPECT_EQ(c.outcome().recipients.at(0).fate, Fate::unanswered) << extension;
  }
}

TEST_P(SubmitTest, LostBetweenTheRecordAndTheWrite) {
  auto c = ready({"PIPELINING", "CHUNKING"});
  ASSERT_TRUE(c.session().submit(to_bob, mail));
  c.session().connection_lost();
  c.drives();
  EXPECT_EQ(c.outcome().recipients.at(0).fate, Fate::unsent) << "the end was never handed out";
}

TEST_P(SubmitTest, LargeMailsAreUnansweredOnlyFromTheirLastPieceOn) {
  const std::string large(200'000, 'x');
  auto c = ready({"PIPELINING"});
  ASSERT_TRUE(c.session().submit(to_bob, large));
  c.session().take_output();
  c.session().feed("250 ok\r\n250 ok\r\n354 go on\r\n");
  EXPECT_FALSE(c.session().next_event()) << "too early: the server cannot take half a mail";
  for (int piece = 0; piece < 3; ++piece) EXPECT_EQ(c.session().take_output().size(), 65536u);
  EXPECT_EQ(c.session().take_output(), "") << "the rest waits for the record";
  const auto event = c.session().next_event();
  ASSERT_TRUE(event);
  EXPECT_TRUE(std::holds_alternative<DataStarted>(*event));
  EXPECT_TRUE(c.session().take_output().ends_with("x\r\n.\r\n"));
  EXPECT_EQ(c.session().patience(), std::chrono::minutes(10));
}

// RFC 5321 3.8: the server is about to go, whatever it was asked. That is no word about the mail.
TEST_P(SubmitTest, ServerLeavesBeforeTheMailIsThere) {
  for (const std::string answered : {"", "250 ok\r\n", "250 ok\r\n250 ok\r\n"})
    for (const auto& extensions : {std::vector<std::string>{}, {"PIPELINING"}, {"PIPELINING", "CHUNKING"}}) {
      auto c = ready(extensions);
      c.submits(to_two, mail);
      c.hears(answered + "421 4.3.2 going down\r\n");
      EXPECT_EQ(c.events().back(), "closed: network");
      EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net unsent 421 4.3.2 going down",
                                                  "eve@example.net unsent 421 4.3.2 going down"))
          << answered << extensions.size();
    }
}

TEST_P(SubmitTest, ServerLeavesInTheMiddleOfTheData) {
  auto c = ready({"PIPELINING"});
  ASSERT_TRUE(c.session().submit(to_bob, std::string(200'000, 'x')));
  c.session().take_output();
  c.session().feed("250 ok\r\n250 ok\r\n354 go on\r\n");
  c.session().take_output();
  c.session().feed("421 4.3.2 going down\r\n");
  c.drives();
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net unsent 421 4.3.2 going down"));
}

TEST_P(SubmitTest, ServerLeavesInsteadOfTakingTheMail) {
  auto c = ready({"PIPELINING"});
  c.submits(to_bob, mail);
  c.hears("250 ok\r\n250 ok\r\n354 go on\r\n");
  c.hears("421 4.3.2 going down\r\n");
  EXPECT_EQ(c.outcome().recipients.at(0).fate, Fate::later) << "421 instead of 250: not taken";

  auto chunked = ready({"PIPELINING", "CHUNKING"});
  chunked.submits(to_bob, mail);
  chunked.hears("250 ok\r\n250 ok\r\n421 4.3.2 going down\r\n");
  EXPECT_EQ(chunked.outcome().recipients.at(0).fate, Fate::later);
}

TEST_P(SubmitTest, ServerInterruptsTheData) {
  const std::string large(200'000, 'x');
  auto c = ready({"PIPELINING"});
  ASSERT_TRUE(c.session().submit(to_bob, large));
  c.session().take_output();
  c.session().feed("250 ok\r\n250 ok\r\n354 go on\r\n");
  c.session().take_output();
  c.session().feed("552 5.3.4 too much\r\n");
  c.drives();
  EXPECT_THAT(c.events(), ElementsAre("submitted", "closed: network"));
  EXPECT_THAT(fates(c.outcome()), ElementsAre("bob@example.net refused 552 5.3.4 too much"));

  auto odd = ready({"PIPELINING"});
  ASSERT_TRUE(odd.session().submit(to_bob, large));
  odd.session().take_output();
  odd.session().feed("250 ok\r\n250 ok\r\n354 go on\r\n");
  odd.session().feed("250 thanks already\r\n");
  odd.drives();
  EXPECT_EQ(odd.outcome().recipients.at(0).fate, Fate::unsent) << "half a mail is never accepted";
}

TEST_P(SubmitTest, OneMailAtATime) {
  auto c = ready({"PIPELINING"});
  c.submits(to_bob, mail);
  EXPECT_EQ(c.session().submit(to_bob, mail).error().kind(), ErrorKind::internal);
}

}  // namespace
}  // namespace coi::smtp::test
