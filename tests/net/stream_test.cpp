#include "net/stream.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>
#include <zlib.h>

#include "base/queue.h"
#include "test_server.h"

namespace coi::net::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

StreamOptions trusting(const Certificate& ca) { return {.tls = Tls::load(PemFile(ca).path()).value()}; }
StreamOptions trusting_system() { return {.tls = Tls::load().value()}; }

// Reads until `size` octets are there or the connection has nothing more to say.
std::string read_all(Stream& stream, std::size_t size) {
  std::string bytes;
  while (bytes.size() < size) {
    const auto result = stream.read(bytes, after(10s));
    if (!result || *result != ReadResult::data) break;
  }
  return bytes;
}

void expect_error(const Result<Stream>& stream, ErrorKind kind, const std::string& words) {
  ASSERT_FALSE(stream);
  EXPECT_EQ(name(stream.error().kind()), name(kind)) << stream.error().text();
  EXPECT_THAT(stream.error().text(), HasSubstr(words));
}

TEST(Stream, TalksOverTls) {
  const auto ca = make_ca("CA");
  TestServer server([&](Peer& peer) {
    ASSERT_TRUE(peer.start_tls(make_certificate(ca)));
    peer.send("* OK hello\r\n");
    EXPECT_EQ(peer.receive_line(), "a NOOP\r\n");
    peer.send("a OK\r\n");
  });
  auto stream = Stream::connect(server.endpoint(Security::tls), trusting(ca)).value();
  EXPECT_TRUE(stream.is_secure());
  EXPECT_THAT(stream.description(), HasSubstr("TLSv1.3"));
  EXPECT_EQ(read_all(stream, 12), "* OK hello\r\n");
  ASSERT_TRUE(stream.write("a NOOP\r\n"));
  EXPECT_EQ(read_all(stream, 6), "a OK\r\n");
  std::string rest;
  EXPECT_EQ(stream.read(rest, after(10s)).value(), ReadResult::closed);
  EXPECT_EQ(rest, "");
}

TEST(Stream, ChecksTheCertificate) {
  const auto ca = make_ca("CA");
  const auto try_with = [&](const Certificate& certificate, const StreamOptions& options) {
    TestServer server([&](Peer& peer) { EXPECT_FALSE(peer.start_tls(certificate)); });
    return Stream::connect(server.endpoint(Security::tls), options);
  };
  const auto wrong_name = try_with(make_certificate(ca, {.names = "DNS:other.example"}), trusting(ca));
  expect_error(wrong_name, ErrorKind::tls, "not for localhost but for other.example");
  const auto expired = try_with(make_certificate(ca, {.valid_from_days = -9, .valid_to_days = -2}), trusting(ca));
  expect_error(expired, ErrorKind::tls, "expired");
  const auto self_signed = try_with(make_self_signed(), trusting(ca));
  expect_error(self_signed, ErrorKind::tls, "self-signed certificate");
  EXPECT_THAT(self_signed.error().hint(), HasSubstr("--tls-ca"));
  const auto unknown_ca = try_with(make_certificate(ca), trusting_system());
  expect_error(unknown_ca, ErrorKind::tls, "not trusted");
  EXPECT_THAT(unknown_ca.error().hint(), HasSubstr("--tls-ca"));
}

TEST(Stream, ChecksTheAddressInTheCertificate) {
  const auto ca = make_ca("CA");
  TestServer server([&](Peer& peer) { peer.start_tls(make_certificate(ca)); }, 1);
  EXPECT_TRUE(Stream::connect(server.endpoint(Security::tls, "127.0.0.1"), trusting(ca)));
  TestServer other([&](Peer& peer) { peer.start_tls(make_certificate(ca, {.names = "DNS:127.0.0.1"})); }, 1);
  expect_error(Stream::connect(other.endpoint(Security::tls, "127.0.0.1"), trusting(ca)), ErrorKind::tls, "127.0.0.1");
}

TEST(Stream, RefusesOldTls) {
  const auto ca = make_ca("CA");
  TestServer server([&](Peer& peer) { EXPECT_FALSE(peer.start_tls(make_certificate(ca), TLS1_1_VERSION)); });
  expect_error(Stream::connect(server.endpoint(Security::tls), trusting(ca)), ErrorKind::tls, "handshake");
}

TEST(Stream, SaysSoWhenThePortSpeaksNoTls) {
  TestServer server([&](Peer& peer) {
    peer.send("* OK clear text here\r\n");
    peer.wait_for_end();
  });
  const auto stream = Stream::connect(server.endpoint(Security::tls), trusting_system());
  expect_error(stream, ErrorKind::tls, "handshake with localhost");
  EXPECT_THAT(stream.error().hint(), HasSubstr("STARTTLS"));
}

TEST(Stream, ResumesTheTlsSessionOfAnEarlierConnection) {
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    const auto ca = make_ca("CA");
    const auto certificate = make_certificate(ca);
    TestServer server(
        [&](Peer& peer) {
          ASSERT_TRUE(peer.start_tls(certificate, version));
          peer.send("* OK\r\n");
          peer.wait_for_end();
        },
        3);
    const auto options = trusting(ca);
    for (int i = 0; i < 3; ++i) {
      auto stream = Stream::connect(server.endpoint(Security::tls), options).value();
      EXPECT_EQ(read_all(stream, 6), "* OK\r\n");
      EXPECT_EQ(stream.is_resumed(), i > 0) << "connection " << i << " of " << stream.description();
    }
  }
}

TEST(Stream, StartsTlsLater) {
  const auto ca = make_ca("CA");
  TestServer server([&](Peer& peer) {
    peer.send("* OK hello\r\n");
    EXPECT_EQ(peer.receive_line(), "a STARTTLS\r\n");
    peer.send("a OK\r\n");
    ASSERT_TRUE(peer.start_tls(make_certificate(ca)));
    peer.send("secret\r\n");
  });
  auto stream = Stream::connect(server.endpoint(Security::starttls), trusting(ca)).value();
  EXPECT_FALSE(stream.is_secure());
  EXPECT_EQ(read_all(stream, 12), "* OK hello\r\n");
  ASSERT_TRUE(stream.write("a STARTTLS\r\n"));
  EXPECT_EQ(read_all(stream, 6), "a OK\r\n");
  ASSERT_TRUE(stream.start_tls());
  EXPECT_TRUE(stream.is_secure());
  EXPECT_EQ(read_all(stream, 8), "secret\r\n");
}

TEST(Stream, BigDataBothWays) {
  const auto ca = make_ca("CA");
  const std::string mail(8'000'000, 'x');
  TestServer server([&](Peer& peer) {
    ASSERT_TRUE(peer.start_tls(make_certificate(ca)));
    EXPECT_EQ(peer.receive_exactly(mail.size()), mail);
    peer.send(mail);
  });
  auto stream = Stream::connect(server.endpoint(Security::tls), trusting(ca)).value();
  ASSERT_TRUE(stream.write(mail));
  EXPECT_EQ(read_all(stream, mail.size()), mail);
}

TEST(Stream, WakesAReaderAndRemembersAWake) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); });
  auto options = trusting_system();
  options.waker = Waker::create().value();
  auto stream = Stream::connect(server.endpoint(Security::plain), options).value();

  options.waker.wake();
  options.waker.wake();
  std::string bytes;
  EXPECT_EQ(stream.read(bytes, Deadline::max()).value(), ReadResult::woken);
  EXPECT_EQ(stream.read(bytes, after(20ms)).value(), ReadResult::timed_out);

  std::jthread other([waker = options.waker] { waker.wake(); });
  EXPECT_EQ(stream.read(bytes, Deadline::max()).value(), ReadResult::woken);
  EXPECT_EQ(bytes, "");
}

TEST(Stream, CancelEndsReadingConnectingAndSleeping) {
  TestServer server([](Peer& peer) { peer.wait_for_end(); }, 2);
  auto options = trusting_system();
  options.waker = Waker::create().value();
  auto stream = Stream::connect(server.endpoint(Security::plain), options).value();
  std::jthread other([waker = options.waker] { waker.cancel(); });
  std::string bytes;
  EXPECT_EQ(stream.read(bytes, Deadline::max()).error().kind(), ErrorKind::cancelled);
  EXPECT_EQ(stream.write("x").error().kind(), ErrorKind::cancelled);
  EXPECT_EQ(options.waker.sleep_until(Deadline::max()).error().kind(), ErrorKind::cancelled);
  EXPECT_EQ(Stream::connect(server.endpoint(Security::plain), options).error().kind(), ErrorKind::cancelled);
}

TEST(Stream, CancelEndsATlsHandshake) {
  auto options = trusting_system();
  options.waker = Waker::create().value();
  TestServer server([waker = options.waker](Peer& peer) {
    peer.receive();  // the client's first word; now it waits for ours
    waker.cancel();
    peer.wait_for_end();
  });
  expect_error(Stream::connect(server.endpoint(Security::tls), options), ErrorKind::cancelled, "stopped");
}

TEST(Waker, SleepsUntilWoken) {
  const auto waker = Waker::create().value();
  EXPECT_FALSE(waker.sleep_until(after(10ms)).value());
  waker.wake();
  EXPECT_TRUE(waker.sleep_until(Deadline::max()).value());
  EXPECT_FALSE(waker.sleep_until(after(0ms)).value());
}

TEST(Stream, SaysWhyItCannotConnect) {
  const auto port = refused_port();
  expect_error(Stream::connect({"127.0.0.1", port, Security::plain}, trusting_system()), ErrorKind::network,
               fmt::format("127.0.0.1:{}: Connection refused", port));
  expect_error(Stream::connect({"mail.invalid", 993, Security::tls}, trusting_system()), ErrorKind::network,
               "mail.invalid");
}

TEST(Stream, KnowsTheNamesOfThisMachineWithoutAsking) {
  for (const auto* const host : {"localhost", "mail.localhost"}) {
    TestServer server([](Peer& peer) { peer.send("hello"); });
    auto stream = Stream::connect(server.endpoint(Security::plain, host), trusting_system());
    ASSERT_TRUE(stream) << stream.error().text();
    EXPECT_EQ(read_all(*stream, 5), "hello");
  }
}

TEST(Stream, GivesUpOnASilentHandshakeAndOnAPeerThatTakesNothing) {
  Queue<int> done;
  TestServer server([&](Peer&) { done.pop({}); }, 2);
  auto options = trusting_system();
  options.connect_timeout = 50ms;
  options.write_timeout = 50ms;
  expect_error(Stream::connect(server.endpoint(Security::tls), options), ErrorKind::network, "no answer");
  done.push(1);
  auto stream = Stream::connect(server.endpoint(Security::plain), options).value();
  const auto written = stream.write(std::string(64'000'000, 'x'));
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().kind(), ErrorKind::network);
  done.push(2);
}

TEST(Stream, HasWhatThePeerSaidLastWhenAWriteFails) {
  const auto ca = make_ca("CA");
  for (const auto security : {Security::plain, Security::tls}) {
    TestServer server([&](Peer& peer) {
      if (security == Security::tls) {
        ASSERT_TRUE(peer.start_tls(make_certificate(ca)));
      }
      EXPECT_NE(peer.receive(), "");
      peer.send("552 too big\r\n");
    });
    auto stream = Stream::connect(server.endpoint(security), trusting(ca)).value();
    const std::string piece(65'536, 'x');
    while (stream.write(piece)) continue;
    EXPECT_EQ(read_all(stream, 13), "552 too big\r\n") << stream.description();
  }
}

TEST(Stream, ALostConnectionIsAnErrorNotASignal) {
  TestServer server([](Peer&) {});
  auto stream = Stream::connect(server.endpoint(Security::plain), trusting_system()).value();
  std::string bytes;
  EXPECT_EQ(stream.read(bytes, after(10s)).value(), ReadResult::closed);
  Result<> written;
  while (written) written = stream.write("x");  // the first one is answered by a reset
  EXPECT_EQ(written.error().kind(), ErrorKind::network);
}

// The server's half of RFC 4978.
class Zlib {
 public:
  Zlib() {
    deflateInit2(&out_, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY);
    inflateInit2(&in_, -15);
  }
  Zlib(const Zlib&) = delete;
  Zlib& operator=(const Zlib&) = delete;
  ~Zlib() {
    deflateEnd(&out_);
    inflateEnd(&in_);
  }
  std::string deflated(std::string text, int flush = Z_SYNC_FLUSH) {
    std::string bytes(text.size() + 1000, '\0');
    run(out_, text, bytes, deflate, flush);
    return bytes;
  }
  std::string inflated(std::string bytes) {
    std::string text(1'000'000, '\0');
    run(in_, bytes, text, inflate, Z_SYNC_FLUSH);
    return text;
  }

 private:
  static void run(z_stream& z, std::string& from, std::string& to, int (*step)(z_stream*, int), int flush) {
    z.next_in = reinterpret_cast<Bytef*>(from.data());
    z.avail_in = static_cast<uInt>(from.size());
    z.next_out = reinterpret_cast<Bytef*>(to.data());
    z.avail_out = static_cast<uInt>(to.size());
    step(&z, flush);
    to.resize(to.size() - z.avail_out);
  }
  z_stream out_{};
  z_stream in_{};
};

TEST(Stream, CompressesEveryWriteSoThatThePeerCanReadIt) {
  const std::string big = std::string(3'000'000, 'a') + "end";
  TestServer server([&](Peer& peer) {
    Zlib zlib;
    EXPECT_EQ(zlib.inflated(peer.receive()), "a NOOP\r\n");
    peer.send(zlib.deflated("a OK\r\n"));
    EXPECT_EQ(zlib.inflated(peer.receive()), "b FETCH\r\n");
    peer.send(zlib.deflated(big));
  });
  auto stream = Stream::connect(server.endpoint(Security::plain), trusting_system()).value();
  ASSERT_TRUE(stream.start_deflate());
  ASSERT_TRUE(stream.write("a NOOP\r\n"));
  EXPECT_EQ(read_all(stream, 6), "a OK\r\n");
  ASSERT_TRUE(stream.write("b FETCH\r\n"));
  std::string bytes;
  ASSERT_EQ(stream.read(bytes, after(10s)).value(), ReadResult::data);
  EXPECT_LE(bytes.size(), 256u * 1024) << "a small packet must not grow without bound";
  bytes += read_all(stream, big.size() - bytes.size());
  EXPECT_EQ(bytes, big);
  EXPECT_THAT(stream.description(), HasSubstr("deflate"));
}

TEST(Stream, TakesCompressedOctetsThatCameEarly) {
  Zlib zlib;
  const std::string early = zlib.deflated("* 1 EXISTS\r\n");
  TestServer server([&](Peer& peer) {
    peer.send(early.substr(3) + zlib.deflated("* 2 EXISTS\r\n"));
    peer.wait_for_end();
  });
  auto stream = Stream::connect(server.endpoint(Security::plain), trusting_system()).value();
  ASSERT_TRUE(stream.start_deflate(early.substr(0, 3)));
  EXPECT_EQ(read_all(stream, 24), "* 1 EXISTS\r\n* 2 EXISTS\r\n");
}

TEST(Stream, ACompressedStreamMayEndAfterTheLastWords) {
  TestServer server([&](Peer& peer) {
    peer.send(Zlib().deflated("* BYE\r\n", Z_FINISH));
    peer.wait_for_end();
  });
  auto stream = Stream::connect(server.endpoint(Security::plain), trusting_system()).value();
  ASSERT_TRUE(stream.start_deflate());
  EXPECT_EQ(read_all(stream, 7), "* BYE\r\n");
  std::string bytes;
  EXPECT_EQ(stream.read(bytes, after(10s)).value(), ReadResult::closed);
}

TEST(Stream, RefusesDamagedCompression) {
  TestServer server([&](Peer& peer) {
    peer.send("\xff\xff\xff\xff nonsense");
    peer.wait_for_end();
  });
  auto stream = Stream::connect(server.endpoint(Security::plain), trusting_system()).value();
  ASSERT_TRUE(stream.start_deflate());
  std::string bytes;
  EXPECT_EQ(stream.read(bytes, after(10s)).error().kind(), ErrorKind::protocol);
}

TEST(Tls, RefusesACaFileThatIsNone) {
  EXPECT_EQ(Tls::load("/nowhere/ca.pem").error().kind(), ErrorKind::io);
  EXPECT_EQ(Tls::load("/dev/null").error().kind(), ErrorKind::io);
}

}  // namespace
}  // namespace coi::net::test
