#include "net/proxy.h"

#include <openssl/evp.h>

#include <array>

#include <fmt/format.h>

#include "net/connect.h"
#include "net/url.h"

namespace coi::net {
namespace {

constexpr std::size_t answer_limit = 16 * 1024;

std::string base64(std::string_view text) {
  std::string encoded(4 * ((text.size() + 2) / 3) + 1, '\0');
  const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(encoded.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  encoded.resize(static_cast<std::size_t>(size));
  return encoded;
}

class Negotiation {
 public:
  Negotiation(Channel& channel, std::chrono::milliseconds patience, Deadline deadline)
      : channel_(channel), patience_(patience), deadline_(deadline) {}

  Result<> say(std::string_view bytes) { return channel_.send(bytes, patience_); }

  // Exactly the next `count` octets.
  Result<std::string> hear(std::size_t count) {
    while (heard_.size() < count) COI_TRY(more());
    std::string piece = heard_.substr(0, count);
    heard_.erase(0, count);
    return piece;
  }

  // Up to and including the first `mark`.
  Result<std::string> hear_until(std::string_view mark) {
    for (;;) {
      if (const auto end = heard_.find(mark); end != std::string::npos) return hear(end + mark.size());
      if (heard_.size() > answer_limit) return fail(ErrorKind::protocol, "the proxy's answer has no end");
      COI_TRY(more());
    }
  }

  // What followed the proxy's last word: the server's greeting, it may be.
  const std::string& rest() const { return heard_; }

 private:
  Result<> more() {
    switch (COI_TRY(channel_.receive(heard_, deadline_, Attention::busy))) {
      case ReadResult::data:
        return {};
      case ReadResult::closed:
        return fail(ErrorKind::network, "the proxy hung up");
      default:
        return fail(ErrorKind::network, "the proxy does not answer");
    }
  }

  Channel& channel_;
  std::chrono::milliseconds patience_;
  Deadline deadline_;
  std::string heard_;
};

std::string_view socks_words(char reply) {
  constexpr std::array<std::string_view, 9> words{
      "granted",
      "the proxy failed",
      "not allowed by its rules",
      "network unreachable",
      "host unreachable",
      "connection refused",
      "time to live expired",
      "command not supported",
      "address type not supported",
  };
  const auto index = static_cast<unsigned char>(reply);
  return index < words.size() ? words[index] : "unknown reason";
}

Result<> socks_login(Negotiation& proxy, const Url& url) {
  if (url.user.size() > 255 || url.password.size() > 255)
    return fail(ErrorKind::invalid, "the proxy's user name or password is too long");
  std::string login = "\x01";
  login += static_cast<char>(url.user.size());
  login += url.user;
  login += static_cast<char>(url.password.size());
  login += url.password;
  COI_TRY(proxy.say(login));
  if (COI_TRY(proxy.hear(2))[1] != 0) return fail(ErrorKind::auth, "the proxy rejects its user name or password");
  return {};
}

Result<> socks_connect(Negotiation& proxy, const Url& url, const Endpoint& target) {
  using namespace std::string_literals;
  if (target.host.size() > 255) return fail(ErrorKind::invalid, "the host name is too long for a proxy");
  COI_TRY(proxy.say(url.user.empty() ? "\x05\x01\x00"s : "\x05\x02\x00\x02"s));
  const std::string method = COI_TRY(proxy.hear(2));
  if (method[0] != 5) return fail(ErrorKind::protocol, "the proxy does not speak SOCKS 5");
  if (method[1] == 2)
    COI_TRY(socks_login(proxy, url));
  else if (method[1] != 0)
    return fail(ErrorKind::auth, "the proxy wants a login that is not known here");

  std::string request = "\x05\x01\x00\x03"s;  // CONNECT, by name; an address in text form does as well
  request += static_cast<char>(target.host.size());
  request += target.host;
  request += static_cast<char>(target.port >> 8);
  request += static_cast<char>(target.port & 0xff);
  COI_TRY(proxy.say(request));

  const std::string reply = COI_TRY(proxy.hear(4));
  if (reply[1] != 0) return fail(ErrorKind::network, fmt::format("the proxy says: {}", socks_words(reply[1])));
  std::size_t address = 4;
  if (reply[3] == 4) address = 16;
  if (reply[3] == 3) address = static_cast<unsigned char>(COI_TRY(proxy.hear(1))[0]);
  COI_TRY(proxy.hear(address + 2));
  return {};
}

Result<> http_connect(Negotiation& proxy, const Url& url, const Endpoint& target) {
  const std::string where = host_and_port(target);
  std::string request = fmt::format("CONNECT {} HTTP/1.1\r\nHost: {}\r\n", where, where);
  if (!url.user.empty())
    request += fmt::format("Proxy-Authorization: Basic {}\r\n", base64(url.user + ":" + url.password));
  COI_TRY(proxy.say(request + "\r\n"));
  const std::string answer = COI_TRY(proxy.hear_until("\r\n\r\n"));
  const std::string line = answer.substr(0, answer.find("\r\n"));
  if (!line.starts_with("HTTP/1.") || line.size() < 12)
    return fail(ErrorKind::protocol, "the proxy does not speak HTTP");
  if (line[9] == '2') return {};
  const std::string status = line.substr(9);
  return fail(status.starts_with("407") ? ErrorKind::auth : ErrorKind::network,
              fmt::format("the proxy says: {}", status));
}

}  // namespace

Result<Channel> connect_through(std::string_view proxy_url, const Endpoint& target, const StreamOptions& options,
                                Deadline deadline) {
  const auto url = split_url(proxy_url);  // its own error would show the password
  if (!url || !url->bare || (url->scheme != "socks5" && url->scheme != "http"))
    return fail(ErrorKind::invalid, "the proxy's address cannot be understood",
                "write socks5://host:port or http://host:port");
  const bool socks = url->scheme == "socks5";
  const std::string host = COI_TRY(to_a_label(url->host));
  const auto port = url->port.value_or(socks ? std::uint16_t{1080} : std::uint16_t{8080});

  Channel channel(COI_TRY(within(connect_tcp(host, port, deadline, options.waker), "cannot reach the proxy")),
                  options.waker);
  Negotiation proxy(channel, options.write_timeout, deadline);
  COI_TRY(within(socks ? socks_connect(proxy, *url, target) : http_connect(proxy, *url, target),
                 fmt::format("cannot connect to {} through {}", host_and_port(target), host_and_port({host, port}))));
  channel.put_back(proxy.rest());
  return channel;
}

}  // namespace coi::net
