// SPDX-License-Identifier: Apache-2.0
// Certificates and keys, as PEM texts, that a test makes as it needs them.
#pragma once

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace cgroup2::test {

/// A certificate and its key.
struct Identity {
  std::string cert;
  std::string key;
};

/// What a certificate says.
struct CertificateText {
  std::string common_name = "localhost";
  std::string alternative_names = "";  ///< "DNS:a,IP:127.0.0.1"; empty: no extension
  std::string key_type = "P-256";      ///< "RSA": of 2048 bits
  long valid_for_seconds = 3600;       ///< from an hour ago; negative: it has expired
  std::string digest = "SHA256";       ///< of the signature
  std::string usage = "";              ///< "serverAuth"; empty: no extended key usage
};

/// Signs certificates.
class Authority {
 public:
  explicit Authority(const std::string& name = "authority") : key_(make_key("P-256")) {
    certificate_ = make({.common_name = name}, key_.get(), true);
    sign(certificate_.get(), key_.get(), "SHA256");
  }

  [[nodiscard]] std::string cert() const { return pem(certificate_.get()); }

  [[nodiscard]] Identity issue(const CertificateText& text = {}) const {
    const Key key = make_key(text.key_type);
    const Cert certificate = make(text, key.get(), false);
    sign(certificate.get(), key_.get(), text.digest);
    return {pem(certificate.get()), pem(key.get())};
  }

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&::EVP_PKEY_free)>;
  using Cert = std::unique_ptr<X509, decltype(&::X509_free)>;

  static Key make_key(const std::string& type) {
    EVP_PKEY* key = type == "RSA" ? EVP_RSA_gen(2048) : EVP_EC_gen(type.c_str());
    if (key == nullptr) throw std::runtime_error("no key");
    return {key, &::EVP_PKEY_free};
  }

  [[nodiscard]] Cert make(const CertificateText& text, EVP_PKEY* key, bool is_authority) const {
    static long serial = 0;
    Cert certificate(::X509_new(), &::X509_free);
    X509* x509 = certificate.get();
    ::X509_set_version(x509, X509_VERSION_3);
    ::ASN1_INTEGER_set(::X509_get_serialNumber(x509), ++serial);
    ::X509_gmtime_adj(::X509_getm_notBefore(x509), -3600);
    ::X509_gmtime_adj(::X509_getm_notAfter(x509), text.valid_for_seconds);
    ::X509_set_pubkey(x509, key);
    X509_NAME* name = ::X509_get_subject_name(x509);
    ::X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                                 reinterpret_cast<const unsigned char*>(text.common_name.c_str()),
                                 -1, -1, 0);
    ::X509_set_issuer_name(x509, is_authority ? name : ::X509_get_subject_name(certificate_.get()));
    extend(x509, NID_basic_constraints, is_authority ? "critical,CA:TRUE" : "CA:FALSE");
    if (!text.alternative_names.empty()) extend(x509, NID_subject_alt_name, text.alternative_names);
    if (!text.usage.empty()) extend(x509, NID_ext_key_usage, text.usage);
    return certificate;
  }

  static void extend(X509* certificate, int nid, const std::string& value) {
    X509_EXTENSION* extension = ::X509V3_EXT_conf_nid(nullptr, nullptr, nid, value.c_str());
    if (extension == nullptr) throw std::runtime_error("no extension: " + value);
    ::X509_add_ext(certificate, extension, -1);
    ::X509_EXTENSION_free(extension);
  }

  static void sign(X509* certificate, EVP_PKEY* key, const std::string& digest) {
    if (::X509_sign(certificate, key, ::EVP_get_digestbyname(digest.c_str())) == 0)
      throw std::runtime_error("no signature");
  }

  static std::string pem(X509* certificate) {
    return pem([&](BIO* out) { ::PEM_write_bio_X509(out, certificate); });
  }

  static std::string pem(EVP_PKEY* key) {
    return pem([&](BIO* out) {
      ::PEM_write_bio_PrivateKey(out, key, nullptr, nullptr, 0, nullptr, nullptr);
    });
  }

  template <typename Write>
  static std::string pem(const Write& write) {
    const std::unique_ptr<BIO, decltype(&::BIO_free)> out(::BIO_new(::BIO_s_mem()), &::BIO_free);
    write(out.get());
    char* data = nullptr;
    const long size = ::BIO_get_mem_data(out.get(), &data);
    return {data, static_cast<std::size_t>(size)};
  }

  Key key_;
  Cert certificate_{nullptr, &::X509_free};
};

}  // namespace cgroup2::test
