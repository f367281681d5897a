#include "net/http.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/queue.h"
#include "net/loopback_listener.h"
#include "test_server.h"

namespace coi::net::test {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;

HttpOptions options() { return {.stream = {.tls = Tls::load().value()}}; }

// Answers every connection with the next of `answers`; the requests come out of requests().
class WebServer {
 public:
  explicit WebServer(std::vector<std::string> answers, std::optional<Certificate> certificate = {})
      : server_(
            [this, answers, certificate, i = std::size_t{0}](Peer& peer) mutable {
              if (certificate && !peer.start_tls(*certificate)) return;
              std::string request;
              while (!request.ends_with("\r\n\r\n")) request += peer.receive_line();
              if (const auto at = request.find("Content-Length: "); at != std::string::npos)
                request += peer.receive_exactly(std::stoul(request.substr(at + 16)));
              requests_.push(request);
              peer.send(answers.at(i++));
            },
            static_cast<int>(answers.size())) {}

  std::string url(const std::string& path = "/") const {
    return fmt::format("http://localhost:{}{}", server_.port(), path);
  }
  std::uint16_t port() const { return server_.port(); }
  std::string request() { return requests_.pop_until(after(10s), {}).value_or("no request"); }

 private:
  Queue<std::string> requests_;
  TestServer server_;
};

TEST(Http, Get) {
  WebServer server({"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-One: 1\r\n\r\nhello"});
  const auto response = http_get(server.url("/mail/config-v1.1.xml?a=b%20c"), options()).value();
  EXPECT_EQ(response.status, 200u);
  EXPECT_EQ(response.body, "hello");
  EXPECT_EQ(response.header("x-one"), "1");
  EXPECT_EQ(response.header("x-two"), "");
  const std::string request = server.request();
  EXPECT_THAT(request, testing::StartsWith("GET /mail/config-v1.1.xml?a=b%20c HTTP/1.1\r\n"));
  EXPECT_THAT(request, HasSubstr(fmt::format("\r\nHost: localhost:{}\r\n", server.port())));
}

TEST(Http, BodiesOfEveryKind) {
  WebServer server({"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
                    "HTTP/1.0 200 OK\r\n\r\nuntil the end", "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
                    "HTTP/1.1 204 No Content\r\n\r\n"});
  EXPECT_EQ(http_get(server.url(), options()).value().body, "hello");
  EXPECT_EQ(http_get(server.url(), options()).value().body, "until the end");
  EXPECT_EQ(http_get(server.url(), options()).value().status, 404u);
  EXPECT_EQ(http_get(server.url(), options()).value().status, 204u);
}

TEST(Http, PostsAForm) {
  WebServer server({"HTTP/1.1 400 Bad Request\r\nContent-Length: 2\r\n\r\n{}"});
  const auto response =
      http_post_form(server.url("/token"), {{"grant_type", "refresh_token"}, {"x", "a b&c=\xc3\xa4"}}, options());
  EXPECT_EQ(response.value().status, 400u);
  const std::string request = server.request();
  EXPECT_THAT(request, testing::StartsWith("POST /token HTTP/1.1\r\n"));
  EXPECT_THAT(request, testing::EndsWith("\r\n\r\ngrant_type=refresh_token&x=a+b%26c%3D%C3%A4"));
}

TEST(Http, FollowsRedirects) {
  WebServer server({"HTTP/1.1 302 Found\r\nLocation: ../there?x=1\r\nContent-Length: 0\r\n\r\n",
                    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"});
  EXPECT_EQ(http_get(server.url("/a/b/c"), options()).value().body, "ok");
  server.request();
  EXPECT_THAT(server.request(), testing::StartsWith("GET /a/there?x=1 HTTP/1.1\r\n"));

  const std::string again = "HTTP/1.1 301 Moved\r\nLocation: /\r\nContent-Length: 0\r\n\r\n";
  WebServer loop({again, again, again, again});
  EXPECT_EQ(http_get(loop.url(), options()).error().kind(), ErrorKind::protocol);
  WebServer post({again});
  EXPECT_EQ(http_post_form(post.url(), {}, options()).value().status, 301u) << "secrets go nowhere else";
}

TEST(Http, UpgradesToHttpsButNeverBack) {
  const auto ca = make_ca("CA");
  auto trusting = options();
  trusting.stream.tls = Tls::load(PemFile(ca).path()).value();
  WebServer secure(
      {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "HTTP/1.1 302 Found\r\nLocation: http://localhost:1/\r\n\r\n"},
      make_certificate(ca));
  WebServer server({fmt::format("HTTP/1.1 302 Found\r\nLocation: https://localhost:{}/\r\n\r\n", secure.port())});
  EXPECT_EQ(http_get(server.url(), trusting).value().body, "ok");
  EXPECT_EQ(http_get(fmt::format("https://localhost:{}/", secure.port()), trusting).error().kind(),
            ErrorKind::not_allowed);
}

TEST(Http, LimitsAndNonsense) {
  WebServer server({"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\n", "HTTP/1.1 200 OK\r\n\r\n" + std::string(11, 'x'),
                    "HTTP/1.1 200 OK\r\nX: " + std::string(100'000, 'x') + "\r\n\r\n", "220 mail.example.org ESMTP\r\n",
                    "", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhel"});
  auto small = options();
  small.body_limit = 10;
  for (const ErrorKind kind : {ErrorKind::limit, ErrorKind::limit, ErrorKind::limit, ErrorKind::protocol,
                               ErrorKind::network, ErrorKind::network}) {
    const auto response = http_get(server.url(), small);
    ASSERT_FALSE(response);
    EXPECT_EQ(name(response.error().kind()), name(kind)) << response.error().text();
  }
  EXPECT_EQ(http_get("ftp://localhost/", options()).error().kind(), ErrorKind::invalid);
  EXPECT_EQ(http_get("localhost", options()).error().kind(), ErrorKind::invalid);
}

TEST(Http, GivesUpInTimeAndKeepsAWakeForItsOwner) {
  Queue<int> done;
  TestServer server([&](Peer&) { done.pop({}); });
  auto hasty = options();
  hasty.timeout = 50ms;
  hasty.stream.waker = Waker::create().value();
  hasty.stream.waker.wake();
  const auto response = http_get(fmt::format("http://localhost:{}/", server.port()), hasty);
  EXPECT_EQ(response.error().kind(), ErrorKind::network);
  EXPECT_TRUE(hasty.stream.waker.sleep_until(after(0ms)).value());
  done.push(1);
}

TEST(Form, RoundTrip) {
  const FormFields fields{{"code", "4/0Ab+c d"}, {"state", ""}, {"\xc3\xa4", "&=%"}};
  EXPECT_EQ(decode_form(encode_form(fields)).value(), fields);
  EXPECT_EQ(decode_form("a=b+c&d").value(), (FormFields{{"a", "b c"}, {"d", ""}}));
  EXPECT_TRUE(decode_form("").value().empty());
  EXPECT_EQ(decode_form("a=%zz").error().kind(), ErrorKind::invalid);
}

// What a browser sends, and what it sees.
std::string browse(std::uint16_t port, const std::string& request) {
  auto stream = Stream::connect({"127.0.0.1", port, Security::plain}, options().stream).value();
  EXPECT_TRUE(stream.write(request));
  std::string answer;
  while (stream.read(answer, after(10s)).value_or(ReadResult::closed) == ReadResult::data) {
  }
  return answer;
}

TEST(LoopbackListener, HandsOverTheQueryPastSilentAndOtherRequests) {
  auto listener = LoopbackListener::open().value();
  EXPECT_EQ(listener.url(), fmt::format("http://127.0.0.1:{}/", listener.port()));
  std::vector<std::string> seen;
  std::jthread browser([&seen, port = listener.port()] {
    const auto silent = Stream::connect({"127.0.0.1", port, Security::plain}, options().stream).value();
    seen.push_back(browse(port, "GET /favicon.ico HTTP/1.1\r\nHost: x\r\n\r\n"));
    seen.push_back(browse(port, "POST /?code=evil HTTP/1.1\r\n\r\n"));
    seen.push_back(browse(port, "GET /?code=evil\r\n\r\n"));
    seen.push_back(browse(port, "GET /?code=4%2F0&state=xyz HTTP/1.1\r\nHost: x\r\n\r\n"));
  });
  EXPECT_EQ(listener.wait_for_query("<p>You can go back to the chat.", after(10s)).value(), "code=4%2F0&state=xyz");
  browser.join();
  ASSERT_EQ(seen.size(), 4u);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_THAT(seen[i], testing::StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(seen[3], testing::StartsWith("HTTP/1.1 200 OK\r\n"));
  EXPECT_THAT(seen[3], testing::EndsWith("\r\n\r\n<p>You can go back to the chat."));
}

// Whoever waits looks up now and then; a browser caught in the middle of its request must not lose the login.
TEST(LoopbackListener, GoesOnWithARequestThatTheDeadlineCut) {
  auto listener = LoopbackListener::open().value();
  auto browser = Stream::connect({"127.0.0.1", listener.port(), Security::plain}, options().stream).value();
  ASSERT_TRUE(browser.write("GET /?code=1&state=2 HT"));
  EXPECT_EQ(listener.wait_for_query("", after(100ms)).error().kind(), ErrorKind::network);
  ASSERT_TRUE(browser.write("TP/1.1\r\nHost: x\r\n\r\n"));
  EXPECT_EQ(listener.wait_for_query("", after(10s)).value(), "code=1&state=2");
}

TEST(LoopbackListener, GivesUp) {
  auto listener = LoopbackListener::open().value();
  EXPECT_EQ(listener.wait_for_query("", after(10ms)).error().kind(), ErrorKind::network);
  const auto waker = Waker::create().value();
  waker.cancel();
  EXPECT_EQ(listener.wait_for_query("", Deadline::max(), waker).error().kind(), ErrorKind::cancelled);
}

TEST(Http, InterimResponsesArePassedOver) {
  const std::string hints = "HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n";
  WebServer server({"HTTP/1.1 100 Continue\r\n\r\n" + hints + "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", [&] {
                      std::string endless;
                      for (int i = 0; i < 1000; ++i) endless += hints;
                      return endless;
                    }()});
  const auto response = http_get(server.url("/"), options());
  ASSERT_TRUE(response);
  EXPECT_EQ(response->status, 200U);
  EXPECT_EQ(response->body, "hi");
  EXPECT_FALSE(http_get(server.url("/"), options()));
}

}  // namespace
}  // namespace coi::net::test
