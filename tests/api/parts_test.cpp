// The parts of the room that need no engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <latch>
#include <thread>

#include "api/errands.h"
#include "api/outbox.h"
#include "api/read_pool.h"
#include "api/reply.h"
#include "api/rpc.h"
#include "api/unread.h"

namespace coi::api {
namespace {

using testing::HasSubstr;

TEST(Reply, AnswersByItselfWhenItIsDropped) {
  std::vector<Answer> answers;
  {
    const Reply reply([&](const Answer& answer) { answers.push_back(answer); });
    const auto copy = reply;
  }
  ASSERT_EQ(answers.size(), 1U);
  ASSERT_FALSE(answers.front());
  EXPECT_EQ(answers.front().error().data->kind, "internal");
  EXPECT_EQ(answers.front().error().message, "the request was dropped");
}

TEST(Reply, AnswersOnce) {
  std::vector<Answer> answers;
  {
    const Reply reply([&](const Answer& answer) { answers.push_back(answer); });
    const auto copy = reply;
    copy("1");
    reply("2");
  }
  ASSERT_EQ(answers.size(), 1U);
  EXPECT_EQ(*answers.front(), "1");
}

TEST(Responder, CarriesAnErrorWithKindAndHint) {
  std::optional<Answer> answer;
  Responder<proto::Position>(Reply([&](const Answer& given) { answer = given; }))(
      fail(ErrorKind::auth, "rejected", "look at the password"));
  ASSERT_TRUE(answer && !*answer);
  EXPECT_EQ(answer->error().code, proto::refused);
  EXPECT_EQ(answer->error().data->kind, "auth");
  EXPECT_EQ(answer->error().data->hint, "look at the password");
}

std::shared_ptr<const std::string> line(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

TEST(Outbox, GivesLinesInTheirOrder) {
  int rings = 0;
  Outbox outbox([&] { ++rings; });
  outbox.expect_reply();
  EXPECT_FALSE(outbox.settled());
  outbox.put_event("a", 1, line("event"));
  outbox.put_reply("reply");
  EXPECT_EQ(rings, 1) << "one ring until all has been taken";
  EXPECT_EQ(outbox.size(), 12U);
  EXPECT_EQ(outbox.take(1), "event\n");
  EXPECT_FALSE(outbox.settled());
  EXPECT_EQ(outbox.take(1000), "reply\n");
  EXPECT_TRUE(outbox.settled());
  EXPECT_EQ(outbox.take(1000), "");
  outbox.put_notice("notice");
  EXPECT_EQ(rings, 2);
}

TEST(Outbox, PutsOneResyncForEachAccountInPlaceOfTooManyEvents) {
  Outbox outbox([] {}, 3);
  outbox.expect_reply();
  outbox.put_event("a", 1, line("first"));
  outbox.put_reply("reply");
  outbox.put_event("b", 7, line("second"));
  outbox.put_event("a", 2, line("third"));
  outbox.put_event("a", 3, line("fourth"));
  const auto taken = outbox.take(10'000);
  EXPECT_EQ(taken,
            "reply\n"
            R"({"jsonrpc":"2.0","method":"event","params":{"type":"resync","account":"a","seq":3}})"
            "\n"
            R"({"jsonrpc":"2.0","method":"event","params":{"type":"resync","account":"b","seq":7}})"
            "\n");
  EXPECT_EQ(outbox.size(), 0U);
  outbox.put_event("a", 4, line("fifth"));
  EXPECT_EQ(outbox.take(10'000), "fifth\n");
}

TEST(Outbox, DropsEverythingOnceTheClientIsGone) {
  Outbox outbox([] {});
  const auto closed = outbox.closed();
  outbox.put_event("a", 1, line("event"));
  outbox.close();
  EXPECT_TRUE(closed.stop_requested());
  outbox.put_event("a", 2, line("event"));
  EXPECT_EQ(outbox.take(100), "");
}

TEST(Rpc, RefusesWhatIsNoRequest) {
  const auto code = [](std::string_view text) {
    const auto parsed = parse_line(text, Limits{});
    if (!parsed) return parsed.error().error.code;
    const auto& request = parsed->requests.front();
    return request ? 0 : request.error().error.code;
  };
  EXPECT_EQ(code("{"), proto::parse_error);
  EXPECT_EQ(code("\xff"), proto::parse_error);
  EXPECT_EQ(code("[]"), proto::invalid_request);
  EXPECT_EQ(code("1"), proto::invalid_request);
  EXPECT_EQ(code(R"({"method":"x","id":1})"), proto::invalid_request);
  EXPECT_EQ(code(R"({"jsonrpc":"1.0","method":"x","id":1})"), proto::invalid_request);
  EXPECT_EQ(code(R"({"jsonrpc":"2.0","method":1,"id":1})"), proto::invalid_request);
  EXPECT_EQ(code(R"({"jsonrpc":"2.0","method":"x","id":{}})"), proto::invalid_request);
  EXPECT_EQ(code(R"({"jsonrpc":"2.0","method":"x","params":3})"), proto::invalid_request);
  EXPECT_EQ(code(R"({"jsonrpc":"2.0","method":"x"})"), 0);
}

TEST(Rpc, KeepsTheIdOfAMalformedRequest) {
  const auto parsed = parse_line(R"([{"jsonrpc":"2.0","id":"a"},{"jsonrpc":"2.0","id":[],"method":"x"}])", Limits{});
  ASSERT_TRUE(parsed && parsed->batch);
  EXPECT_EQ(parsed->requests[0].error().id, "a");
  EXPECT_TRUE(parsed->requests[1].error().id.is_null());
}

TEST(Rpc, NestsNoDeeperThanTheLimit) {
  EXPECT_EQ(parse_line(std::string(100'000, '['), Limits{}).error().error.code, proto::parse_error);
}

TEST(ReadPool, DropsWorkForAClientThatIsGone) {
  ReadPool pool({}, 1);
  std::latch begun(1), go_on(1), done(1);
  bool dropped_ran = false;
  pool.post([&](Readers&) { begun.count_down(), go_on.wait(); }, {});
  begun.wait();
  std::stop_source client;
  pool.post([&](Readers&) { dropped_ran = true; }, client.get_token());
  pool.post([&](Readers&) { done.count_down(); }, {});
  client.request_stop();
  go_on.count_down();
  done.wait();
  EXPECT_FALSE(dropped_ran);
}

TEST(ReadPool, DropsWhatWaitsWhenItStops) {
  std::optional<Answer> answer;
  ReadPool pool({}, 1);
  pool.stop();
  pool.post([reply = Reply([&](const Answer& given) { answer = given; })](Readers&) { reply("1"); }, {});
  ASSERT_TRUE(answer);
  EXPECT_FALSE(*answer);
}

TEST(Errands, OfOneAddressRunOneAfterTheOther) {
  std::vector<int> order;
  std::latch done(1);
  Errands errands(8);
  errands.post("a@x", [&] { order.push_back(1); });
  errands.post("a@x", [&] { order.push_back(2), done.count_down(); });
  done.wait();
  EXPECT_THAT(order, testing::ElementsAre(1, 2));
}

TEST(Errands, OfOthersDoNotWait) {
  std::latch done(1), go_on(1);
  std::stop_source gone;
  bool dropped_ran = false;
  Errands errands(2);
  errands.post("slow@x", [&] { go_on.wait(); });
  errands.post("slow@x", [&] { dropped_ran = true; }, gone.get_token());
  errands.post("b@x", [&] { done.count_down(); });
  done.wait();
  gone.request_stop();
  std::latch last(1);
  errands.post("slow@x", [&] { last.count_down(); });
  go_on.count_down();
  last.wait();
  EXPECT_FALSE(dropped_ran) << "its client hung up before its turn";
}

TEST(Errands, ThatWaitForAPersonGiveWay) {
  Errands errands(8);
  for (const bool is_first : {true, false}) {  // the other one comes before or after it begins to wait
    std::latch waits(1), other_is_there(1), done(1);
    std::stop_source stop, gone;
    bool was_stopped_early = false;
    errands.post("a@x", [&] {
      if (!is_first) other_is_there.wait();
      errands.post("a@x", [] {}, gone.get_token());
      gone.request_stop();
      errands.give_way("b@x", stop);
      was_stopped_early = stop.stop_requested();
      errands.give_way("a@x", stop);
      waits.count_down();
      std::latch stopped(1);
      const std::stop_callback callback(stop.get_token(), [&] { stopped.count_down(); });
      stopped.wait();
    });
    if (is_first) waits.wait();
    errands.post("a@x", [&] { done.count_down(); });
    other_is_there.count_down();
    done.wait();
    EXPECT_FALSE(was_stopped_early) << "nobody waits for it";
  }
}

TEST(Errands, ThatNoLongerWaitForAPersonGiveWayToNobody) {
  std::latch kept(1), other_is_there(1), done(1);
  std::stop_source stop;
  bool was_stopped = false;
  Errands errands(8);
  errands.post("a@x", [&] {
    errands.give_way("a@x", stop);
    errands.keep("a@x");
    kept.count_down();
    other_is_there.wait();
    was_stopped = stop.stop_requested();
  });
  kept.wait();
  errands.post("a@x", [&] { done.count_down(); });
  other_is_there.count_down();
  done.wait();
  EXPECT_FALSE(was_stopped);
}

TEST(Outbox, PutsAResyncInPlaceOfTooManyOctets) {
  Outbox outbox([] {}, 1000, Limits{.event_octets = 100});
  outbox.put_event("a", 1, line(std::string(60, 'x')));
  outbox.put_event("a", 2, line(std::string(60, 'x')));
  EXPECT_THAT(outbox.take(1000), testing::StartsWith(R"({"jsonrpc":"2.0","method":"event","params":{"type":"resync")"));
}

TEST(Outbox, IsBusyWithAsMuchAsAClientMayAsk) {
  int rings = 0;
  Outbox outbox([&] { ++rings; }, 1000, Limits{.requests = 2, .request_octets = 100, .answer_octets = 50});
  outbox.expect_reply(10);
  EXPECT_FALSE(outbox.busy());
  outbox.expect_reply(10);
  EXPECT_TRUE(outbox.busy());
  outbox.end_request(10);
  EXPECT_FALSE(outbox.busy());
  EXPECT_EQ(rings, 1);
  outbox.expect_reply(95);
  EXPECT_TRUE(outbox.busy()) << "octets count too";
  outbox.put_reply(std::string(60, 'x'), 95);
  EXPECT_TRUE(outbox.busy()) << "an answer waits";
  EXPECT_FALSE(outbox.takes_answers());
  outbox.take(1);
  EXPECT_FALSE(outbox.busy());
}

// A thread that ends would end the program.
TEST(Threads, OutliveWhatIsThrownInThem) {
  ReadPool pool({}, 1);
  pool.post([](Readers&) { throw std::bad_alloc(); }, {});
  std::promise<void> went_on;
  pool.post([&](Readers&) { went_on.set_value(); }, {});
  EXPECT_EQ(went_on.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  Errands errands(1);
  errands.post("me", [] { throw std::runtime_error("x"); });
  std::promise<void> next;
  errands.post("me", [&] { next.set_value(); });
  EXPECT_EQ(next.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
}

// One client may leave 10 octets unread, so all of them 80.
constexpr Limits small{.answer_octets = 10};

TEST(Unread, OfManyClientsHoldsUpAllUntilSomeAreReadOrGone) {
  const auto all = std::make_shared<Unread>(small);
  std::vector<std::unique_ptr<Outbox>> clients;
  for (int each = 0; each < 8; ++each) {
    clients.push_back(std::make_unique<Outbox>([] {}, 10, small, all));
    clients.back()->put_notice("nine char");
  }
  EXPECT_FALSE(all->has_room());
  EXPECT_FALSE(all->crowded()) << "nobody waits";
  ReadPool pool({}, 1);
  const auto strand = std::make_shared<Strand>(pool, [&] { return all->has_room(); });
  all->wait_for_room(strand);
  EXPECT_TRUE(all->crowded());
  std::latch done(1);
  strand->post([&](Readers&) { done.count_down(); });
  EXPECT_EQ(clients[0]->take(100).size(), 10U);
  EXPECT_FALSE(all->has_room()) << "it is not known to have been read";
  EXPECT_FALSE(clients[0]->takes_answers());
  clients[0]->take(100);
  EXPECT_TRUE(all->has_room());
  EXPECT_TRUE(clients[0]->takes_answers());
  done.wait();
  clients[0]->put_notice("nine char");
  EXPECT_FALSE(all->has_room());
  clients[1].reset();
  EXPECT_TRUE(all->has_room());
}

TEST(Unread, OfBatchesHasABoundForEachClientAndForAll) {
  const auto all = std::make_shared<Unread>(small);
  std::vector<std::unique_ptr<Outbox>> clients;
  for (int each = 0; each < 9; ++each) clients.push_back(std::make_unique<Outbox>([] {}, 10, small, all));
  for (int each = 0; each < 8; ++each) EXPECT_TRUE(clients[each]->gather(10));
  EXPECT_FALSE(clients[0]->gather(1));
  EXPECT_FALSE(clients[8]->gather(1));
  clients[0]->hand_over(10);
  EXPECT_TRUE(clients[8]->gather(10));
  EXPECT_TRUE(all->has_room()) << "what batches keep holds nobody up";
}

}  // namespace
}  // namespace coi::api
