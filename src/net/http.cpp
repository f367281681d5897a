#include "net/http.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include "base/ascii.h"
#include "net/endpoint.h"

namespace coi::net {
namespace {

namespace http = boost::beast::http;

constexpr int most_redirects = 3;
constexpr std::uint32_t header_limit = 64 * 1024;
constexpr std::string_view form_type = "application/x-www-form-urlencoded";

// HTTP's grammar as Beast reads it, fed by our own Stream: TLS, proxies and deadlines are there already.
class ResponseReader {
 public:
  explicit ResponseReader(std::size_t body_limit) : body_limit_(body_limit) { begin(); }

  bool done() const { return parser_->is_done(); }

  // Uses what it can of `bytes` and removes it.
  Result<> feed(std::string& bytes) {
    boost::beast::error_code error;
    while (!bytes.empty() && !done() && !error) {
      const std::size_t used = parser_->put(boost::asio::buffer(bytes), error);
      bytes.erase(0, used);
      // RFC 9110 15.2: any number of interim responses may come before the final one. 101 would change the protocol,
      // which nobody asked for.
      const bool interim = !error && done() && parser_->get().result_int() / 100 == 1;
      if (!interim || parser_->get().result_int() == 101) continue;
      if (++interims_ == most_interims) return fail(ErrorKind::limit, "the server answers without end");
      begin();
    }
    if (error == http::error::need_more) return {};
    return check(error);
  }

  // The server has closed: the end of a body without a length.
  Result<> end() {
    boost::beast::error_code error = http::error::partial_message;
    if (parser_->got_some()) parser_->put_eof(error);
    if (error == http::error::partial_message)
      return fail(ErrorKind::network, "the server hung up before its answer was complete");
    return check(error);
  }

  HttpResponse take() {
    HttpResponse response{parser_->get().result_int(), {}, std::move(parser_->get().body())};
    for (const auto& field : parser_->get())
      response.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
    return response;
  }

 private:
  static Result<> check(const boost::beast::error_code& error) {
    if (!error) return {};
    if (error == http::error::body_limit || error == http::error::header_limit || error == http::error::buffer_overflow)
      return fail(ErrorKind::limit, "the answer is too large");
    return fail(ErrorKind::protocol, "the server does not speak HTTP: " + error.message());
  }

  void begin() {
    parser_.emplace();
    parser_->body_limit(body_limit_);
    parser_->header_limit(header_limit);
    parser_->eager(true);
  }

  static constexpr int most_interims = 20;

  const std::size_t body_limit_;
  int interims_ = 0;
  std::optional<http::response_parser<http::string_body>> parser_;
};

struct Request {
  std::string_view method;
  std::string content_type{};
  std::string body{};
};

// request = method SP target SP "HTTP/1.1" CRLF *( field CRLF ) CRLF body
std::string to_text(const Request& request, const Url& url, const Endpoint& endpoint) {
  const bool usual_port = !url.port;
  std::string text = fmt::format("{} {} HTTP/1.1\r\nHost: {}\r\n", request.method, url.target,
                                 usual_port ? bracketed_host(endpoint) : host_and_port(endpoint));
  text += "User-Agent: coi\r\nAccept: */*\r\nAccept-Encoding: identity\r\nConnection: close\r\n";
  if (!request.content_type.empty())
    text += fmt::format("Content-Type: {}\r\nContent-Length: {}\r\n", request.content_type, request.body.size());
  return text + "\r\n" + request.body;
}

// A wake() meant for what the owner does after the request is handed back to it.
struct WakeKeeper {
  const Waker& waker;
  bool woken = false;
  ~WakeKeeper() {
    if (woken) waker.wake();
  }
};

Result<HttpResponse> exchange(const Request& request, const std::string& url_text, const HttpOptions& options,
                              Deadline deadline) {
  const Url url = COI_TRY(split_url(url_text));
  if (url.scheme != "https" && url.scheme != "http")
    return fail(ErrorKind::invalid, fmt::format("'{}' is no web address", url_text));
  const bool secure = url.scheme == "https";
  const Endpoint endpoint{COI_TRY(to_a_label(url.host)),
                          url.port.value_or(secure ? std::uint16_t{443} : std::uint16_t{80}),
                          secure ? Security::tls : Security::plain};
  StreamOptions stream_options = options.stream;
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  stream_options.connect_timeout = std::clamp(left, std::chrono::milliseconds(0), stream_options.connect_timeout);

  Stream stream = COI_TRY(Stream::connect(endpoint, stream_options));
  COI_TRY(stream.write(to_text(request, url, endpoint)));
  ResponseReader reader(options.body_limit);
  WakeKeeper keeper{options.stream.waker};
  std::string bytes;
  while (!reader.done()) {
    switch (COI_TRY(stream.read(bytes, deadline))) {
      case ReadResult::data:
        COI_TRY(reader.feed(bytes));
        break;
      case ReadResult::closed:
        COI_TRY(reader.end());
        return reader.take();
      case ReadResult::timed_out:
        return fail(ErrorKind::network, "no answer in time");
      case ReadResult::woken:
        keeper.woken = true;
        break;
    }
  }
  return reader.take();
}

bool is_redirect(unsigned status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

}  // namespace

std::string_view HttpResponse::header(std::string_view name) const {
  const auto found = std::ranges::find_if(headers, [&](const auto& field) { return ascii_iequal(field.first, name); });
  return found != headers.end() ? std::string_view(found->second) : std::string_view();
}

Result<HttpResponse> http_get(std::string_view url, const HttpOptions& options) {
  const Deadline deadline = after(options.timeout);
  std::string current(url);
  for (int redirects = 0;; ++redirects) {
    HttpResponse response =
        COI_TRY(within(exchange({"GET"}, current, options, deadline), fmt::format("cannot get {}", current)));
    const std::string_view location = response.header("Location");
    if (!is_redirect(response.status) || location.empty()) return response;
    if (redirects == most_redirects)
      return fail(ErrorKind::protocol, fmt::format("cannot get {}: redirected too often", url));
    std::string next = COI_TRY(resolve_url(current, location));
    if (ascii_istarts_with(current, "https:") && !ascii_istarts_with(next, "https:"))
      return fail(ErrorKind::not_allowed, fmt::format("cannot get {}: redirected from https to {}", url, next));
    current = std::move(next);
  }
}

Result<HttpResponse> http_post_form(std::string_view url, const FormFields& fields, const HttpOptions& options) {
  const Request request{"POST", std::string(form_type), encode_form(fields)};
  return within(exchange(request, std::string(url), options, after(options.timeout)),
                fmt::format("cannot ask {}", url));
}

}  // namespace coi::net
