#include "net/channel.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <cerrno>
#include <system_error>

#include <fmt/format.h>

#include "net/tls_context.h"

namespace coi::net {
namespace {

constexpr std::size_t read_size = 16 * 1024;  // one TLS record

std::unexpected<Error> lost(std::string_view why) {
  return fail(ErrorKind::network, fmt::format("connection lost: {}", why));
}

bool is_retry(int error) { return error == EAGAIN || error == EWOULDBLOCK || error == EINTR; }

std::unexpected<Error> certificate_refused(long verdict, const std::string& host, const std::string& names) {
  const std::string words = X509_verify_cert_error_string(verdict);
  if (verdict == X509_V_ERR_HOSTNAME_MISMATCH || verdict == X509_V_ERR_IP_ADDRESS_MISMATCH) {
    return fail(ErrorKind::tls,
                fmt::format("the certificate is not for {}{}", host, names.empty() ? "" : " but for " + names),
                "use the server's own name; if it has none, a certificate for this one can be trusted with --tls-ca");
  }
  if (verdict == X509_V_ERR_CERT_HAS_EXPIRED || verdict == X509_V_ERR_CERT_NOT_YET_VALID)
    return fail(
        ErrorKind::tls, fmt::format("the certificate of {} is not valid today: {}", host, words),
        "check this device's date; a certificate out of date is the provider's to renew, --tls-ca does not help");
  return fail(ErrorKind::tls, fmt::format("the certificate of {} is not trusted: {}", host, words),
              "if the server is yours, give its CA certificate with --tls-ca FILE");
}

}  // namespace

struct Channel::TlsState {
  std::shared_ptr<Tls::Context> context;  // outlives the SSL object
  TlsPeer peer;                           // the SSL object's app data
  Owned<SSL> ssl;
};

Channel::Channel(Descriptor socket, Waker waker) : socket_(std::move(socket)), waker_(std::move(waker)) {}
Channel::Channel(Channel&&) noexcept = default;
Channel& Channel::operator=(Channel&&) noexcept = default;
Channel::~Channel() { close(); }

void Channel::close() {
  if (!socket_) return;
  if (tls_ && SSL_is_init_finished(tls_->ssl.get()) != 0)
    SSL_shutdown(tls_->ssl.get());  // sends close_notify, waits for nothing
  ERR_clear_error();
  tls_.reset();
  ::shutdown(socket_.number(), SHUT_RDWR);
  socket_ = Descriptor();
}

void Channel::keep_alive() {
  const auto set = [this](int level, int option, int value) {
    ::setsockopt(socket_.number(), level, option, &value, sizeof value);
  };
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
  set(IPPROTO_TCP, TCP_KEEPIDLE, 120);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set(IPPROTO_TCP, TCP_KEEPCNT, 4);
  // Milliseconds. While something is not acknowledged there are no probes, only repetitions, for a quarter of an hour.
  // Linux takes it for the probes too, instead of their number: as long as those take.
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 180'000);
}

bool Channel::resumed() const { return tls_ && SSL_session_reused(tls_->ssl.get()) == 1; }

std::string Channel::protection() const {
  if (!tls_) return "clear text";
  return fmt::format("{} {}", SSL_get_version(tls_->ssl.get()), SSL_get_cipher_name(tls_->ssl.get()));
}

Result<> Channel::start_tls(const Tls& tls, const std::string& host, std::uint16_t port, Deadline deadline) {
  if (!open() || tls_) return fail(ErrorKind::internal, "TLS started twice or on a closed connection");
  if (!early_.empty()) return fail(ErrorKind::protocol, "the server spoke in clear where TLS should start");
  ERR_clear_error();
  auto state = std::make_unique<TlsState>(tls.context(), TlsPeer{host_and_port({host, port}), {}}, nullptr);
  state->ssl.reset(SSL_new(tls.context()->ssl.get()));
  SSL* const ssl = state->ssl.get();
  BIO* const bio = BIO_new(tls.context()->bio.get());
  if (ssl == nullptr || bio == nullptr) return fail(ErrorKind::internal, openssl_words("out of memory"));
  BIO_set_data(bio, reinterpret_cast<void*>(static_cast<std::intptr_t>(socket_.number())));
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl, bio, bio);
  SSL_set_app_data(ssl, &state->peer);

  const bool checked = is_ip_address(host)
                           ? X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1
                           : SSL_set1_host(ssl, host.c_str()) == 1 && SSL_set_tlsext_host_name(ssl, host.c_str()) == 1;
  if (!checked) return fail(ErrorKind::invalid, fmt::format("'{}' is no host name", host));
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  Owned<SSL_SESSION> ticket = tls.context()->take_ticket(state->peer.address);
  if (ticket) SSL_set_session(ssl, ticket.get());

  COI_TRY(handshake(*state, host, deadline));
  // A TLS 1.2 session may be used again, and its server sends no new one.
  if (SSL_session_reused(ssl) == 1 && SSL_version(ssl) < TLS1_3_VERSION)
    tls.context()->keep_ticket(state->peer.address, std::move(ticket));
  tls_ = std::move(state);
  return {};
}

Result<> Channel::handshake(TlsState& state, const std::string& host, Deadline deadline) {
  SSL* const ssl = state.ssl.get();
  for (;;) {
    const int status = SSL_connect(ssl);
    if (status == 1) return {};
    const int reason = SSL_get_error(ssl, status);
    if (reason != SSL_ERROR_WANT_READ && reason != SSL_ERROR_WANT_WRITE) {
      if (const long verdict = SSL_get_verify_result(ssl); verdict != X509_V_OK) {
        ERR_clear_error();
        return certificate_refused(verdict, host, state.peer.certificate_names);
      }
      if (reason != SSL_ERROR_SSL) return lost("the server hung up during the TLS handshake");
      return fail(ErrorKind::tls,
                  fmt::format("TLS handshake with {} failed: {}", state.peer.address, openssl_words("no reason given")),
                  "check the port and whether it speaks TLS from the start or STARTTLS");
    }
    const short wanted = reason == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
    if (COI_TRY(wait(socket_.number(), wanted, deadline, waker_, Attention::busy)) == Waited::timed_out)
      return fail(ErrorKind::network, fmt::format("no answer from {} during the TLS handshake", state.peer.address));
  }
}

Result<std::size_t> Channel::try_receive(char* data, std::size_t size, short& wanted, bool& closed) {
  wanted = POLLIN;
  if (!tls_) {
    const auto got = ::recv(socket_.number(), data, size, 0);
    if (got > 0) return static_cast<std::size_t>(got);
    closed = got == 0;
    if (got < 0 && !is_retry(errno)) return lost(std::generic_category().message(errno));
    return 0;
  }
  std::size_t got = 0;
  errno = 0;
  ERR_clear_error();
  if (SSL_read_ex(tls_->ssl.get(), data, size, &got) == 1) return got;
  switch (SSL_get_error(tls_->ssl.get(), 0)) {
    case SSL_ERROR_WANT_READ:
      return 0;
    case SSL_ERROR_WANT_WRITE:
      wanted = POLLOUT;
      return 0;
    case SSL_ERROR_ZERO_RETURN:
      closed = true;
      return 0;
    case SSL_ERROR_SYSCALL:
      return lost(errno != 0 ? std::generic_category().message(errno) : "unexpected end");
    default:
      return fail(ErrorKind::tls, "TLS failed: " + openssl_words("no reason given"));
  }
}

Result<ReadResult> Channel::receive(std::string& into, Deadline deadline, Attention attention) {
  if (!open()) return fail(ErrorKind::network, "the connection is closed");
  if (!early_.empty()) {
    into += std::exchange(early_, {});
    return ReadResult::data;
  }
  for (;;) {
    const std::size_t before = into.size();
    short wanted = 0;
    bool closed = false;
    Result<std::size_t> got = 0;
    into.resize_and_overwrite(before + read_size, [&](char* data, std::size_t) {
      got = try_receive(data + before, read_size, wanted, closed);
      return before + got.value_or(0);
    });
    if (!got) return std::unexpected(std::move(got).error());
    if (*got > 0) return ReadResult::data;
    if (closed) return ReadResult::closed;
    switch (COI_TRY(wait(socket_.number(), wanted, deadline, waker_, attention))) {
      case Waited::timed_out:
        return ReadResult::timed_out;
      case Waited::woken:
        return ReadResult::woken;
      case Waited::ready:
        break;
    }
  }
}

Result<std::size_t> Channel::try_send(std::string_view bytes, short& wanted) {
  wanted = POLLOUT;
  if (!tls_) {
    const auto sent = ::send(socket_.number(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent >= 0) return static_cast<std::size_t>(sent);
    if (!is_retry(errno)) return lost(std::generic_category().message(errno));
    return 0;
  }
  std::size_t sent = 0;
  errno = 0;
  ERR_clear_error();
  if (SSL_write_ex(tls_->ssl.get(), bytes.data(), bytes.size(), &sent) == 1) return sent;
  switch (SSL_get_error(tls_->ssl.get(), 0)) {
    case SSL_ERROR_WANT_READ:
      wanted = POLLIN;
      return 0;
    case SSL_ERROR_WANT_WRITE:
      return 0;
    case SSL_ERROR_ZERO_RETURN:
      return lost("the server hung up");
    case SSL_ERROR_SYSCALL:
      return lost(errno != 0 ? std::generic_category().message(errno) : "unexpected end");
    default:
      return fail(ErrorKind::tls, "TLS failed: " + openssl_words("no reason given"));
  }
}

Result<> Channel::send(std::string_view bytes, std::chrono::milliseconds patience) {
  if (!open()) return fail(ErrorKind::network, "the connection is closed");
  while (!bytes.empty()) {
    short wanted = 0;
    const std::size_t sent = COI_TRY(try_send(bytes, wanted));
    bytes.remove_prefix(sent);
    if (sent > 0) continue;
    if (COI_TRY(wait(socket_.number(), wanted, after(patience), waker_, Attention::busy)) == Waited::timed_out)
      return fail(ErrorKind::network, "the server takes no more data");
  }
  return {};
}

}  // namespace coi::net
