#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "net/tls_context.h"

namespace coi::net {
namespace {

constexpr std::size_t tickets_for_one_peer = 2;  // as many as servers hand out at once
constexpr std::size_t tickets_in_all = 32;       // one holds the peer's certificates, some kB

// OpenSSL's own socket BIO writes with write(), which raises SIGPIPE when the peer is gone. A room must not depend on
// how the program treats signals.
int bio_read(BIO* bio, char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto got = ::recv(static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))), data, size, 0);
  if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_read(bio);
  if (got == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
  return static_cast<int>(got);
}

int bio_write(BIO* bio, const char* data, int size) {
  BIO_clear_retry_flags(bio);
  const auto sent =
      ::send(static_cast<int>(reinterpret_cast<std::intptr_t>(BIO_get_data(bio))), data, size, MSG_NOSIGNAL);
  if (sent < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) BIO_set_retry_write(bio);
  return static_cast<int>(sent);
}

long bio_control(BIO* bio, int command, long, void*) {
  if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

Owned<BIO_METHOD> make_bio_method() {
  Owned<BIO_METHOD> method(BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK | BIO_TYPE_DESCRIPTOR, "socket"));
  if (!method) return nullptr;
  BIO_meth_set_read(method.get(), bio_read);
  BIO_meth_set_write(method.get(), bio_write);
  BIO_meth_set_ctrl(method.get(), bio_control);
  return method;
}

int on_new_session(SSL* ssl, SSL_SESSION* session) {
  auto* const context = static_cast<Tls::Context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl)));
  const auto* const peer = static_cast<const TlsPeer*>(SSL_get_app_data(ssl));
  context->keep_ticket(peer->address, Owned<SSL_SESSION>(session));
  return 1;  // the session is ours now
}

// The DNS names a certificate is for, "a.example, b.example".
std::string names_of(const X509* certificate) {
  std::string names;
  const std::unique_ptr<GENERAL_NAMES, decltype(&GENERAL_NAMES_free)> list(
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      &GENERAL_NAMES_free);
  for (int i = 0; list != nullptr && i < sk_GENERAL_NAME_num(list.get()); ++i) {
    const GENERAL_NAME* const name = sk_GENERAL_NAME_value(list.get(), i);
    if (name->type != GEN_DNS) continue;
    if (!names.empty()) names += ", ";
    names.append(reinterpret_cast<const char*>(ASN1_STRING_get0_data(name->d.dNSName)),
                 static_cast<std::size_t>(ASN1_STRING_length(name->d.dNSName)));
  }
  return names;
}

// Changes no verdict. Only here is the certificate at hand when its name is wrong.
int on_verify(int verdict, X509_STORE_CTX* store) {
  if (X509_STORE_CTX_get_error(store) == X509_V_ERR_HOSTNAME_MISMATCH) {
    auto* const ssl = static_cast<SSL*>(X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
    static_cast<TlsPeer*>(SSL_get_app_data(ssl))->certificate_names = names_of(X509_STORE_CTX_get0_cert(store));
  }
  return verdict;
}

// A directory hashed by subject is read certificate by certificate when one is needed; the bundle file costs its whole
// size in private memory.
bool is_hashed(const std::filesystem::path& directory) {
  std::error_code error;
  for (std::filesystem::directory_iterator entry(directory, error), end; !error && entry != end; entry.increment(error))
    if (entry->path().extension() == ".0") return true;
  return false;
}

void trust_system(SSL_CTX* ssl) {
  const char* const from_environment = std::getenv(X509_get_default_cert_dir_env());
  const char* const directory = from_environment != nullptr ? from_environment : X509_get_default_cert_dir();
  SSL_CTX_set_default_verify_dir(ssl);
  if (std::getenv(X509_get_default_cert_file_env()) != nullptr || !is_hashed(directory))
    SSL_CTX_set_default_verify_file(ssl);
  ERR_clear_error();  // a system without a store trusts nobody, and the handshake will say so
}

}  // namespace

std::string openssl_words(std::string_view otherwise) {
  const auto code = ERR_peek_last_error();
  const char* const reason = ERR_reason_error_string(code);
  std::string words(reason != nullptr ? std::string_view(reason) : otherwise);
  ERR_clear_error();
  return words;
}

Result<Tls> Tls::load(const std::filesystem::path& extra_ca) {
  ERR_clear_error();
  Tls tls;
  tls.context_ = std::make_shared<Context>();
  tls.context_->bio = make_bio_method();
  tls.context_->ssl.reset(SSL_CTX_new(TLS_client_method()));
  SSL_CTX* const ssl = tls.context_->ssl.get();
  if (ssl == nullptr || !tls.context_->bio) return fail(ErrorKind::internal, openssl_words("OpenSSL does not start"));

  SSL_CTX_set_min_proto_version(ssl, TLS1_2_VERSION);
  SSL_CTX_set_verify(ssl, SSL_VERIFY_PEER, on_verify);
  // Our protocols say themselves where a message ends, and many servers close without close_notify.
  SSL_CTX_set_options(ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(ssl, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_session_cache_mode(ssl, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(ssl, on_new_session);
  SSL_CTX_set_app_data(ssl, tls.context_.get());
  trust_system(ssl);

  if (!extra_ca.empty()) {
    std::error_code error;
    if (!std::filesystem::is_regular_file(extra_ca, error))
      return fail(ErrorKind::io, fmt::format("cannot read the CA file '{}'", extra_ca.string()));
    if (SSL_CTX_load_verify_file(ssl, extra_ca.c_str()) != 1)
      return fail(
          ErrorKind::invalid,
          fmt::format("no certificate in the CA file '{}': {}", extra_ca.string(), openssl_words("unknown format")),
          "give a file with certificates in PEM format");
  }
  return tls;
}

Owned<SSL_SESSION> Tls::Context::take_ticket(const std::string& peer) {
  std::vector<Ticket> others;
  Owned<SSL_SESSION> newest;
  while (auto ticket = tickets_.try_pop()) {
    if (ticket->peer != peer) {
      others.push_back(std::move(*ticket));
      continue;
    }
    if (newest) others.push_back({peer, std::move(newest)});
    newest = std::move(ticket->session);
  }
  for (Ticket& ticket : others) tickets_.push(std::move(ticket));
  return newest;
}

void Tls::Context::keep_ticket(const std::string& peer, Owned<SSL_SESSION> session) {
  std::vector<Ticket> kept;
  while (auto ticket = tickets_.try_pop()) kept.push_back(std::move(*ticket));
  kept.push_back({peer, std::move(session)});

  const auto of_peer = [&](const Ticket& ticket) { return ticket.peer == peer; };
  if (std::ranges::count_if(kept, of_peer) > static_cast<std::ptrdiff_t>(tickets_for_one_peer))
    kept.erase(std::ranges::find_if(kept, of_peer));
  if (kept.size() > tickets_in_all) kept.erase(kept.begin());
  for (Ticket& ticket : kept) tickets_.push(std::move(ticket));
}

}  // namespace coi::net
