// Which commands a session leaves out, as the ends of earlier ones tell.
#include "imap/dispensable.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <optional>

#include "imap/session.h"

namespace coi::imap {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Connections : public testing::Test {
 protected:
  std::unique_ptr<Session> session() {
    auto made = std::make_unique<Session>(Limits{}, Log{}, std::make_shared<MailboxNames>(), all_);
    made->feed("* PREAUTH [CAPABILITY IMAP4rev1 IDLE NOTIFY CONDSTORE QRESYNC ENABLE ESEARCH] x\r\n");
    return made;
  }
  // A connection that ends while it waits for the answers to these commands.
  void end_at(const std::vector<Command>& commands, const std::string& last_words = {}) {
    const auto ending = session();
    for (const auto& command : commands) ending->submit(command);
    ending->take_output();
    if (!last_words.empty()) ending->feed(last_words + "\r\n");
    ending->lost();
  }

  std::shared_ptr<Dispensable> all_ = std::make_shared<Dispensable>();
};

TEST_F(Connections, ThatEndTwiceAtACommandLeaveItOut) {
  end_at({getquotaroot("INBOX")});
  EXPECT_THAT(all_->left_out(), IsEmpty()) << "once may be chance";
  end_at({getquotaroot("INBOX")});
  EXPECT_THAT(all_->left_out(), ElementsAre("QUOTA"));
  const auto next = session();
  next->submit(getquotaroot("INBOX"));
  EXPECT_EQ(next->take_output(), "");
  std::optional<Status::Kind> outcome;
  while (auto event = next->next_event())
    if (const auto* completed = std::get_if<Completed>(&*event)) outcome = completed->status.kind;
  EXPECT_EQ(outcome, Status::Kind::no);
  EXPECT_TRUE(next->quiet());
}

TEST_F(Connections, AccuseTheOldestCommandThatIsNotAnswered) {
  for (int i = 0; i < 2; ++i) end_at({noop(), getquotaroot("INBOX")});
  EXPECT_THAT(all_->left_out(), IsEmpty());
}

TEST_F(Connections, ThatSayWhyTheyEndAccuseNone) {
  for (const auto* reason : {"* BYE [UNAVAILABLE] x", "* BYE [LIMIT] x", "* BYE [INUSE] x", "* BYE [EXPIRED] x"})
    end_at({getquotaroot("INBOX")}, reason);
  EXPECT_THAT(all_->left_out(), IsEmpty());
  for (const auto* none : {"* BYE [SERVERBUG] internal error", "* BYE"}) end_at({getquotaroot("INBOX")}, none);
  EXPECT_THAT(all_->left_out(), ElementsAre("QUOTA"));
}

TEST_F(Connections, ThatANetworkEndsTogetherCountOnce) {
  const auto one = session(), other = session();
  for (auto* session : {one.get(), other.get()}) session->submit(getquotaroot("INBOX"));
  one->lost();
  other->lost();
  EXPECT_THAT(all_->left_out(), IsEmpty());
}

TEST_F(Connections, WhoseIdleWasTakenDoNotAccuseIt) {
  for (int i = 0; i < 2; ++i) end_at({idle()}, "+ idling");
  EXPECT_THAT(all_->left_out(), IsEmpty());
  for (int i = 0; i < 2; ++i) end_at({idle()});
  EXPECT_FALSE(session()->capabilities().has("IDLE"));
}

TEST_F(Connections, AnAnswerInBetweenBeginsTheCountAnew) {
  end_at({getquotaroot("INBOX")});
  end_at({getquotaroot("INBOX")}, "C1 NO not here");
  end_at({getquotaroot("INBOX")});
  EXPECT_THAT(all_->left_out(), IsEmpty());
}

// RFC 7162 section 3.2.3.
TEST_F(Connections, WithoutCondstoreHaveNoQresync) {
  for (int i = 0; i < 2; ++i) end_at({select({.mailbox = "INBOX", .condstore = true})});
  EXPECT_THAT(all_->left_out(), ElementsAre("CONDSTORE"));
  EXPECT_FALSE(session()->capabilities().has("QRESYNC"));
}

TEST_F(Connections, MayTryOnceMore) {
  for (int i = 0; i < 2; ++i) end_at({idle()});
  all_->try_again();
  EXPECT_TRUE(session()->capabilities().has("IDLE"));
  end_at({idle()});
  EXPECT_FALSE(session()->capabilities().has("IDLE"));
}

}  // namespace
}  // namespace coi::imap
