// What is behind net/tls.h, for net/tls*.cpp and net/channel.cpp only.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>

#include "base/queue.h"
#include "net/tls.h"

namespace coi::net {

struct SslDelete {
  void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
  void operator()(SSL* ssl) const { SSL_free(ssl); }
  void operator()(SSL_SESSION* session) const { SSL_SESSION_free(session); }
  void operator()(BIO_METHOD* method) const { BIO_meth_free(method); }
};
template <class T>
using Owned = std::unique_ptr<T, SslDelete>;

struct Tls::Context {
  struct Ticket {
    std::string peer;
    Owned<SSL_SESSION> session;
  };

  // The newest ticket of "host:port", or null. It is gone from here then: a TLS 1.3 ticket is used once (RFC 8446 C.4).
  Owned<SSL_SESSION> take_ticket(const std::string& peer);
  void keep_ticket(const std::string& peer, Owned<SSL_SESSION> session);

  Owned<BIO_METHOD> bio;
  Owned<SSL_CTX> ssl;

 private:
  Queue<Ticket>
      tickets_;  // oldest first; whoever looks holds them all for a moment, another one then makes a full handshake
};

// What an SSL object's app data points to.
struct TlsPeer {
  std::string address;            // "host:port", the name of its tickets
  std::string certificate_names;  // whom the certificate is for, noted when it is not for this host
};

// The reason OpenSSL gives for its last failure in this thread, or `otherwise`; empties its queue.
std::string openssl_words(std::string_view otherwise);

}  // namespace coi::net
