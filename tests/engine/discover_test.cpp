// Where the servers of an address are looked for, and which of the answers a password may follow.
#include "engine/discover.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/login.h"
#include "scripted_server.h"

namespace coi::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string autoconfig(std::string_view host) {
  return fmt::format(R"(<clientConfig version="1.1"><emailProvider id="x">
    <incomingServer type="imap"><hostname>{0}</hostname><port>993</port><socketType>SSL</socketType></incomingServer>
    <outgoingServer type="smtp"><hostname>{0}</hostname><port>465</port><socketType>SSL</socketType></outgoingServer>
    </emailProvider></clientConfig>)",
                     host);
}

// What the world says. Everything that is not named here does not answer.
struct World {
  std::map<std::string, std::string> files;
  std::map<std::string, net::SrvRecord> srv;
  std::string exchanger;

  Sources sources() const {
    return {.file =
                [this](const std::string& url) {
                  const auto found = files.find(url);
                  return found == files.end() ? "" : found->second;
                },
            .srv =
                [this](std::string_view service, std::string_view) {
                  const auto found = srv.find(std::string(service));
                  return found == srv.end() ? std::vector<net::SrvRecord>{} : std::vector{found->second};
                },
            .mx =
                [this](std::string_view) {
                  return exchanger.empty() ? std::vector<net::MxRecord>{}
                                           : std::vector<net::MxRecord>{{.host = exchanger, .preference = 10}};
                }};
  }
  // The hosts of the IMAP servers, best first; "?" before what only the DNS names.
  std::vector<std::string> hosts(std::string_view addr = "alice@example.org") const {
    std::vector<std::string> all;
    const auto found = discover(addr, sources(), {}).value();
    for (const auto& pair : found)
      if (const auto host = (pair.only_dns ? "?" : "") + pair.imap.host; all.empty() || all.back() != host)
        all.push_back(host);
    return all;
  }
  void serve(const std::string& host, std::uint16_t imap = 993, std::uint16_t smtp = 465) {
    srv["_imaps._tcp"] = {.target = host, .port = imap};
    srv["_submissions._tcp"] = {.target = host, .port = smtp};
  }
};

const std::string own_file = "https://autoconfig.example.org/mail/config-v1.1.xml?emailaddress=alice@example.org";
const std::string listed = "https://autoconfig.thunderbird.net/v1.1/";

TEST(Discover, TheDomainsOwnFileComesFirst) {
  World world{.files = {{own_file, autoconfig("mail.example.net")}, {listed + "example.org", autoconfig("other")}}};
  world.serve("imap.example.org");
  EXPECT_THAT(world.hosts(), ElementsAre("mail.example.net"));
}

TEST(Discover, RecordsOfTheDomainsOwnHostsGoBeforeTheDatabase) {
  World world{.files = {{listed + "example.org", autoconfig("mail.example.net")}}};
  world.serve("imap.example.org");
  EXPECT_THAT(world.hosts(), ElementsAre("?imap.example.org"));
}

TEST(Discover, RecordsOfOtherHostsGoBehindIt) {
  World world{.files = {{listed + "example.org", autoconfig("mail.example.net")}}};
  world.serve("imap.evil.example");
  EXPECT_THAT(world.hosts(), ElementsAre("mail.example.net"));
  world.files.clear();
  EXPECT_THAT(world.hosts(), ElementsAre("?imap.evil.example"));
}

TEST(Discover, TheProviderThatTakesTheMailIsLookedUpByItsName) {
  const World world{.files = {{listed + "example.net", autoconfig("mail.example.net")}}, .exchanger = "mx.example.net"};
  EXPECT_THAT(world.hosts(), ElementsAre("mail.example.net", "?imap.example.org", "?mail.example.org"));
}

TEST(Discover, WhatIsGuessedBeginsWithTheDomainsOwnNames) {
  const World world{.exchanger = "mx.evil.example"};
  EXPECT_THAT(world.hosts(),
              ElementsAre("?imap.example.org", "?mail.example.org", "?imap.evil.example", "?mail.evil.example"));
}

TEST(Discover, AHostIsOfADomainByWholeLabels) {
  EXPECT_TRUE(is_host_of("example.org", "example.org"));
  EXPECT_TRUE(is_host_of("example.org", "a.b.example.org"));
  EXPECT_FALSE(is_host_of("example.org", "notexample.org"));
  EXPECT_FALSE(is_host_of("example.org", "org"));
  EXPECT_FALSE(is_host_of("example.org", "example.org.evil.example"));
}

// Servers on this machine, for an address of another domain. They want STARTTLS, as the DNS says.
class Stranger : public testing::Test {
 protected:
  Stranger() {
    world_.srv["_imap._tcp"] = {.target = "localhost", .port = imap_.port()};
    world_.srv["_submission._tcp"] = {.target = "localhost", .port = smtp_.port()};
    request_.doubt = [this](const std::string& imap, const std::string& smtp) { doubted_ = {imap, smtp}; };
  }

  Error refused() {
    const auto checked = check_login(
        request_, {}, net::Waker::create().value(), [](std::string_view) {},
        [&](const DiscoverOptions&) { return world_.sources(); });
    return checked ? Error(ErrorKind::internal, "it was not refused") : checked.error();
  }
  std::string url(std::string_view scheme, const test::ScriptedServer& server) const {
    return fmt::format("{}://localhost:{}", scheme, server.port());
  }

  World world_;
  std::atomic<int> heard_ = 0;  // connections on which the client said something
  test::ScriptedServer imap_{[this](test::Peer& peer) {
    peer.send("* OK [CAPABILITY IMAP4rev1 STARTTLS] ready\r\n");
    if (peer.line()) ++heard_;
  }};
  test::ScriptedServer smtp_{[this](test::Peer& peer) {
    peer.send("220 ready\r\n");
    if (peer.line()) ++heard_;
  }};
  LoginRequest request_{.addr = "alice@example.org", .password = Secret("secret")};
  std::vector<std::string> doubted_;
};

TEST_F(Stranger, HearsNothingBeforeTheUserAgrees) {
  const auto error = refused();
  EXPECT_EQ(error.kind(), ErrorKind::not_allowed);
  const auto imap = url("imap", imap_), smtp = url("smtp", smtp_);
  EXPECT_THAT(error.hint(), HasSubstr(fmt::format("coi login alice@example.org --imap {} --smtp {}", imap, smtp)));
  EXPECT_THAT(doubted_, ElementsAre(imap, smtp));
  EXPECT_EQ(heard_, 0);
}

TEST_F(Stranger, IsNotAskedAboutWhenNobodyIsThere) {
  world_.srv["_submission._tcp"].port = 1;
  EXPECT_EQ(refused().kind(), ErrorKind::network);
  EXPECT_THAT(doubted_, IsEmpty());
  EXPECT_EQ(heard_, 0);
}

TEST_F(Stranger, IsNoStrangerWhenTheUserNamesIt) {
  request_.imap_url = url("imap", imap_);
  EXPECT_EQ(refused().kind(), ErrorKind::not_allowed) << "the other one";
  EXPECT_EQ(heard_, 0);
  doubted_.clear();
  request_.smtp_url = url("smtp", smtp_);
  EXPECT_NE(refused().kind(), ErrorKind::not_allowed);
  EXPECT_THAT(doubted_, IsEmpty());
  EXPECT_GT(heard_, 0);
}

TEST_F(Stranger, IsNoStrangerToItsOwnDomain) {
  request_.addr = "alice@localhost";
  EXPECT_NE(refused().kind(), ErrorKind::not_allowed);
  EXPECT_GT(heard_, 0);
}

}  // namespace
}  // namespace coi::engine
