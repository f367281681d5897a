#include "certificate.h"

#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <unistd.h>

#include <cstdlib>

namespace coi::net::test {
namespace {

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

Certificate blank(const std::string& common_name, const CertificateOptions& options) {
  static long serial = 0;
  Certificate made{{X509_new(), X509_free}, {EVP_EC_gen("P-256"), EVP_PKEY_free}};
  X509* const certificate = made.certificate.get();
  X509_set_version(certificate, X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), ++serial);
  constexpr long day = 24 * 60 * 60;
  X509_gmtime_adj(X509_getm_notBefore(certificate), options.valid_from_days * day);
  X509_gmtime_adj(X509_getm_notAfter(certificate), options.valid_to_days * day);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1, 0);
  X509_set_pubkey(certificate, made.key.get());
  return made;
}

void sign(const Certificate& subject, const Certificate& issuer) {
  X509_set_issuer_name(subject.certificate.get(), X509_get_subject_name(issuer.certificate.get()));
  X509_sign(subject.certificate.get(), issuer.key.get(), EVP_sha256());
}

}  // namespace

Certificate make_ca(const std::string& name) {
  const Certificate ca = blank(name, {});
  add_extension(ca.certificate.get(), ca.certificate.get(), NID_basic_constraints, "critical,CA:TRUE");
  add_extension(ca.certificate.get(), ca.certificate.get(), NID_key_usage, "critical,keyCertSign");
  sign(ca, ca);
  return ca;
}

Certificate make_certificate(const Certificate& ca, const CertificateOptions& options) {
  const Certificate leaf = blank("server", options);
  add_extension(leaf.certificate.get(), ca.certificate.get(), NID_subject_alt_name, options.names);
  sign(leaf, ca);
  return leaf;
}

Certificate make_self_signed(const CertificateOptions& options) {
  const Certificate leaf = blank("server", options);
  add_extension(leaf.certificate.get(), leaf.certificate.get(), NID_subject_alt_name, options.names);
  sign(leaf, leaf);
  return leaf;
}

PemFile::PemFile(const Certificate& certificate) {
  std::string name = std::filesystem::temp_directory_path() / "coi-net-test-XXXXXX";
  const int fd = ::mkstemp(name.data());
  path_ = name;
  FILE* const file = ::fdopen(fd, "w");
  PEM_write_X509(file, certificate.certificate.get());
  std::fclose(file);
}

PemFile::~PemFile() { std::filesystem::remove(path_); }

}  // namespace coi::net::test
