#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/stream.h"
#include "test_server.h"

namespace coi::net::test {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using testing::HasSubstr;

const Endpoint target{"mail.example.org", 143, Security::starttls};

StreamOptions through(const std::string& scheme, const TestServer& server) {
  return {.tls = Tls::load().value(), .proxy = fmt::format("{}localhost:{}", scheme, server.port())};
}

std::string read_some(Stream& stream, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size && stream.read(bytes, after(10s)).value_or(ReadResult::closed) == ReadResult::data) {
  }
  return bytes;
}

const std::string socks_request = "\x05\x01\x00\x03\x10mail.example.org\x00\x8f"s;

TEST(Proxy, Socks5WithTheGreetingInTheSamePacket) {
  TestServer server([](Peer& peer) {
    EXPECT_EQ(peer.receive_exactly(3), "\x05\x01\x00"s);
    peer.send("\x05\x00"s);
    EXPECT_EQ(peer.receive_exactly(socks_request.size()), socks_request);
    peer.send("\x05\x00\x00\x03\x04host\x00\x50* OK hello\r\n"s);
    EXPECT_EQ(peer.receive_line(), "a NOOP\r\n");
    peer.send("a OK\r\n");
  });
  auto stream = Stream::connect(target, through("socks5://", server)).value();
  EXPECT_EQ(read_some(stream, 12), "* OK hello\r\n");
  ASSERT_TRUE(stream.write("a NOOP\r\n"));
  EXPECT_EQ(read_some(stream, 6), "a OK\r\n");
}

TEST(Proxy, Socks5Login) {
  for (const bool right : {true, false}) {
    TestServer server([&](Peer& peer) {
      EXPECT_EQ(peer.receive_exactly(4), "\x05\x02\x00\x02"s);
      peer.send("\x05\x02"s);
      EXPECT_EQ(peer.receive_exactly(10), "\x01\x02me\x05s:sam"s);
      peer.send(right ? "\x01\x00"s : "\x01\x01"s);
      if (!right) return;
      EXPECT_EQ(peer.receive_exactly(socks_request.size()), socks_request);
      peer.send("\x05\x00\x00\x04"s + std::string(18, '\0') + "hi");
    });
    auto stream = Stream::connect(target, through("socks5://me:s%3Asam@", server));
    EXPECT_EQ(stream.has_value(), right);
    if (stream) {
      EXPECT_EQ(read_some(*stream, 2), "hi");
    } else {
      EXPECT_EQ(stream.error().kind(), ErrorKind::auth);
      EXPECT_THAT(stream.error().text(), testing::Not(HasSubstr("sam")));
    }
  }
}

TEST(Proxy, Socks5SaysWhyNot) {
  TestServer server([](Peer& peer) {
    peer.receive_exactly(3);
    peer.send("\x05\x00"s);
    peer.receive_exactly(socks_request.size());
    peer.send("\x05\x04\x00\x01\0\0\0\0\0\0"s);
  });
  const auto stream = Stream::connect(target, through("socks5://", server));
  ASSERT_FALSE(stream);
  EXPECT_EQ(stream.error().kind(), ErrorKind::network);
  EXPECT_THAT(stream.error().text(), HasSubstr("cannot connect to mail.example.org:143 through localhost"));
  EXPECT_THAT(stream.error().text(), HasSubstr("host unreachable"));
}

TEST(Proxy, HttpConnect) {
  TestServer server([](Peer& peer) {
    EXPECT_EQ(peer.receive_line(), "CONNECT mail.example.org:143 HTTP/1.1\r\n");
    EXPECT_EQ(peer.receive_line(), "Host: mail.example.org:143\r\n");
    EXPECT_EQ(peer.receive_line(), "Proxy-Authorization: Basic bWU6c2VzYW1l\r\n");
    EXPECT_EQ(peer.receive_line(), "\r\n");
    peer.send("HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n* OK hello\r\n");
  });
  auto stream = Stream::connect(target, through("http://me:sesame@", server)).value();
  EXPECT_EQ(read_some(stream, 12), "* OK hello\r\n");
}

TEST(Proxy, HttpConnectRefused) {
  for (const auto& [status, kind] :
       {std::pair("403 Forbidden", ErrorKind::network), {"407 Proxy Authentication Required", ErrorKind::auth}}) {
    TestServer server([&](Peer& peer) {
      while (peer.receive_line() != "\r\n") {
      }
      peer.send(fmt::format("HTTP/1.1 {}\r\n\r\n", status));
    });
    const auto stream = Stream::connect(target, through("http://", server));
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().kind(), kind);
    EXPECT_THAT(stream.error().text(), HasSubstr(status));
  }
}

TEST(Proxy, NotForThisMachine) {
  TestServer server([](Peer& peer) { peer.send("* OK direct\r\n"); });
  StreamOptions options{.tls = Tls::load().value(), .proxy = fmt::format("socks5://localhost:{}", refused_port())};
  auto stream = Stream::connect(server.endpoint(Security::plain), options).value();
  EXPECT_EQ(read_some(stream, 13), "* OK direct\r\n");
}

TEST(Proxy, AddressesThatAreNone) {
  for (const auto* const proxy :
       {"localhost:1080", "ftp://localhost", "socks5://me:sesame@", "http://localhost/path"}) {
    const auto stream = Stream::connect(target, {.tls = Tls::load().value(), .proxy = proxy});
    ASSERT_FALSE(stream);
    EXPECT_EQ(stream.error().kind(), ErrorKind::invalid) << proxy;
    EXPECT_THAT(stream.error().text(), testing::Not(HasSubstr("sesame")));
  }
}

}  // namespace
}  // namespace coi::net::test
