// What the kernel says of routes, and which of it matters.
#include "net/network_watch.h"

#include <gtest/gtest.h>
#include <linux/rtnetlink.h>

#include <string>

namespace coi::net {
namespace {

std::string message(std::uint16_t type, std::uint8_t prefix, std::uint8_t kind = RTN_UNICAST,
                    std::uint8_t table = RT_TABLE_MAIN) {
  struct {
    nlmsghdr header;
    rtmsg route;
  } both{};
  both.header.nlmsg_len = sizeof both;
  both.header.nlmsg_type = type;
  both.route.rtm_dst_len = prefix;
  both.route.rtm_type = kind;
  both.route.rtm_table = table;
  return {reinterpret_cast<const char*>(&both), sizeof both};
}

TEST(NetworkWatch, KnowsAWayOutFromOtherRoutes) {
  EXPECT_TRUE(adds_default_route(message(RTM_NEWROUTE, 0)));
  EXPECT_TRUE(adds_default_route(message(RTM_NEWROUTE, 1))) << "a VPN's half of everything";
  EXPECT_TRUE(adds_default_route(message(RTM_NEWROUTE, 0, RTN_UNICAST, RT_TABLE_COMPAT)));
  EXPECT_FALSE(adds_default_route(message(RTM_NEWROUTE, 16))) << "a network of containers";
  EXPECT_FALSE(adds_default_route(message(RTM_DELROUTE, 0)));
  EXPECT_FALSE(adds_default_route(message(RTM_NEWROUTE, 0, RTN_UNREACHABLE)));
  EXPECT_FALSE(adds_default_route(message(RTM_NEWROUTE, 0, RTN_LOCAL, RT_TABLE_LOCAL)));
}

TEST(NetworkWatch, ReadsEveryMessageOfADatagramAndNothingBehindIt) {
  const auto other = message(RTM_NEWROUTE, 24), way_out = message(RTM_NEWROUTE, 0);
  EXPECT_TRUE(adds_default_route(other + way_out));
  EXPECT_FALSE(adds_default_route(other + way_out.substr(0, way_out.size() - 1)));
  EXPECT_FALSE(adds_default_route(""));
  EXPECT_FALSE(adds_default_route(std::string(100, '\0')));
  EXPECT_FALSE(adds_default_route(std::string(100, '\xFF')));
}

TEST(NetworkWatch, EndsWhenItIsCancelled) {
  auto watch = NetworkWatch::open();
  ASSERT_TRUE(watch) << watch.error().text();
  const auto waker = Waker::create().value();
  waker.cancel();
  const auto ended = watch->wait(waker);
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().kind(), ErrorKind::cancelled);
}

}  // namespace
}  // namespace coi::net
