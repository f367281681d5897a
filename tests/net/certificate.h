// Throwaway certificates for servers on loopback.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace coi::net::test {

struct Certificate {
  std::shared_ptr<X509> certificate;
  std::shared_ptr<EVP_PKEY> key;
};

struct CertificateOptions {
  std::string names = "DNS:localhost,IP:127.0.0.1";  // subjectAltName
  int valid_from_days = -1;                          // from today
  int valid_to_days = 30;
};

Certificate make_ca(const std::string& name);
Certificate make_certificate(const Certificate& ca, const CertificateOptions& options = {});
Certificate make_self_signed(const CertificateOptions& options = {});

// A file that goes with the object.
class PemFile {
 public:
  explicit PemFile(const Certificate& certificate);
  PemFile(const PemFile&) = delete;
  PemFile& operator=(const PemFile&) = delete;
  ~PemFile();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace coi::net::test
