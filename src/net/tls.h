// TLS as a client: whom to trust, and what earlier connections left for quicker ones. OpenSSL stays inside.
#pragma once

#include <filesystem>
#include <memory>

#include "base/result.h"

namespace coi::net {

// Made once for each CA file and shared by all connections of the process (copies share; any thread): it holds the
// certificates, some hundred kB with a CA bundle, and the session tickets of the hosts (RFC 8446 4.6.1), so that a
// reconnect costs one round trip less. TLS 1.2 and later; the system's trust store, plus `extra_ca`, a PEM file.
class Tls {
 public:
  // Errors: io or invalid, when `extra_ca` cannot be read or holds no certificate.
  static Result<Tls> load(const std::filesystem::path& extra_ca = {});

  struct Context;  // net/tls_context.h
  const std::shared_ptr<Context>& context() const { return context_; }

 private:
  Tls() = default;

  std::shared_ptr<Context> context_;
};

}  // namespace coi::net
