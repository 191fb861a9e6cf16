// SPDX-License-Identifier: Apache-2.0
#include "http/tls_settings.h"

#include <openssl/ssl.h>

#include <stdexcept>
#include <string>
#include <vector>

#include "http/client_policy.h"
#include "http/pem.h"

namespace cgroup2::http {
namespace {

using config::TlsVersion;

// Of versions up to 1.2, without a list: those that cipher_suites can name. All have forward
// secrecy, which OpenSSL's own list does not ask for.
constexpr auto default_ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20:ECDHE+AES+SHA1";

// Of all certificates of a client. OpenSSL's own bound is 100 KiB for each connection.
constexpr long max_client_certificates_bytes = 32768;

int number_of(TlsVersion version) {
  switch (version) {
    case TlsVersion::tls10:
      return TLS1_VERSION;
    case TlsVersion::tls11:
      return TLS1_1_VERSION;
    case TlsVersion::tls12:
      return TLS1_2_VERSION;
    case TlsVersion::tls13:
      break;
  }
  return TLS1_3_VERSION;
}

std::string join(const std::vector<std::string>& names) {
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ":") + name;
  return list;
}

void set_versions(SSL_CTX& settings, const config::TlsConfig& config) {
  if (config.min_version > config.max_version)
    throw std::runtime_error("min_version: it is above max_version");
  // Takes back what the system's openssl.cnf switches off: the file of this server decides.
  ::SSL_CTX_clear_options(&settings, SSL_OP_NO_SSL_MASK);
  ::SSL_CTX_set_min_proto_version(&settings, number_of(config.min_version));
  ::SSL_CTX_set_max_proto_version(&settings, number_of(config.max_version));
  // TLS 1.0 and 1.1 sign with SHA-1, which OpenSSL 3 allows at this level alone.
  if (config.min_version < TlsVersion::tls12) ::SSL_CTX_set_security_level(&settings, 0);
}

void set_algorithms(SSL_CTX& settings, const config::TlsConfig& config) {
  const auto ciphers = config.cipher_suites.empty() ? default_ciphers : join(config.cipher_suites);
  if (::SSL_CTX_set_cipher_list(&settings, ciphers.c_str()) != 1)
    fail_by_openssl("cipher_suites", "unusable");
  const auto groups = join(config.curves);
  if (!groups.empty() && ::SSL_CTX_set1_groups_list(&settings, groups.c_str()) != 1)
    fail_by_openssl("curve_preferences", "unusable");
  if (config.prefer_server_cipher_suites)
    ::SSL_CTX_set_options(&settings, SSL_OP_CIPHER_SERVER_PREFERENCE);
}

void set_bounds(SSL_CTX& settings) {
  ::SSL_CTX_set_options(&settings,
                        SSL_OP_NO_COMPRESSION | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
  ::SSL_CTX_set_session_cache_mode(&settings, SSL_SESS_CACHE_OFF);
  ::SSL_CTX_set_num_tickets(&settings, 0);
  ::SSL_CTX_set_max_cert_list(&settings, max_client_certificates_bytes);
  // An idle connection keeps no buffer; a write of several records reports each of them, so that
  // progress is seen; the chain is what `cert` has, not what client_ca could add.
  ::SSL_CTX_set_mode(
      &settings, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_NO_AUTO_CHAIN);
  // Reads one message of TLS at a time. Else a client that sends only such messages holds the
  // thread as long as it likes, for timeouts are looked at between two reads.
  ::SSL_CTX_clear_mode(&settings, SSL_MODE_AUTO_RETRY);
}

void set_certificate(SSL_CTX& settings, const config::TlsConfig& config) {
  const auto chain = parse_certificates("cert", config.cert);
  const auto key = parse_private_key("key", config.key);
  if (::SSL_CTX_use_certificate(&settings, chain.front().get()) != 1)
    fail_by_openssl("cert", "unusable certificate");
  for (auto one = chain.begin() + 1; one != chain.end(); ++one) {
    if (::SSL_CTX_add1_chain_cert(&settings, one->get()) != 1)
      fail_by_openssl("cert", "unusable certificate of the chain");
  }
  // Drops a certificate that has another key instead of failing, so that is asked first.
  if (::X509_check_private_key(chain.front().get(), key.get()) != 1)
    fail_by_openssl("key", "it does not belong to the certificate");
  if (::SSL_CTX_use_PrivateKey(&settings, key.get()) != 1)
    fail_by_openssl("key", "unusable private key");
}

}  // namespace

std::shared_ptr<ssl_ctx_st> make_tls_settings(const config::TlsConfig& config) {
  std::shared_ptr<SSL_CTX> settings(::SSL_CTX_new(::TLS_server_method()), &::SSL_CTX_free);
  if (settings == nullptr) fail_by_openssl("TLS", "no context");
  set_versions(*settings, config);
  set_algorithms(*settings, config);
  set_bounds(*settings);
  set_certificate(*settings, config);
  set_client_policy(*settings, config);
  return settings;
}

}  // namespace cgroup2::http
