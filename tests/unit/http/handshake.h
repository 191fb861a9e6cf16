// SPDX-License-Identifier: Apache-2.0
// Handshake: a client and a server of TLS in one thread, without a socket.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "http/tls_context.h"
#include "support/certificates.h"

namespace cgroup2::test {

using Tls = std::unique_ptr<SSL, decltype(&::SSL_free)>;
using TlsSettings = std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)>;

/// What a client does. Versions are OpenSSL's numbers, 0 for any.
struct ClientSettings {
  std::optional<Identity> identity{};
  int min_version = 0;
  int max_version = 0;
  std::string ciphers{};  ///< of TLS 1.2 and older
  std::string groups{};
};

inline TlsSettings make_client(const ClientSettings& client) {
  TlsSettings settings(::SSL_CTX_new(::TLS_client_method()), &::SSL_CTX_free);
  ::SSL_CTX_set_security_level(settings.get(), 0);
  ::SSL_CTX_set_min_proto_version(settings.get(), client.min_version);
  ::SSL_CTX_set_max_proto_version(settings.get(), client.max_version);
  if (!client.ciphers.empty()) ::SSL_CTX_set_cipher_list(settings.get(), client.ciphers.c_str());
  if (!client.groups.empty()) ::SSL_CTX_set1_groups_list(settings.get(), client.groups.c_str());
  if (client.identity) {
    BIO* cert = ::BIO_new_mem_buf(client.identity->cert.data(), -1);
    X509* x509 = ::PEM_read_bio_X509(cert, nullptr, nullptr, nullptr);
    ::SSL_CTX_use_certificate(settings.get(), x509);
    ::X509_free(x509);
    ::BIO_free(cert);
    BIO* key = ::BIO_new_mem_buf(client.identity->key.data(), -1);
    EVP_PKEY* pkey = ::PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
    ::SSL_CTX_use_PrivateKey(settings.get(), pkey);
    ::EVP_PKEY_free(pkey);
    ::BIO_free(key);
  }
  return settings;
}

/// Of the server's certificate, as the client sees it.
inline std::string common_name_seen_by(const SSL* client) {
  char name[256] = "";
  const X509* certificate = ::SSL_get0_peer_certificate(client);
  if (certificate != nullptr)
    ::X509_NAME_get_text_by_NID(::X509_get_subject_name(certificate), NID_commonName, name,
                                sizeof name);
  return name;
}

class Handshake {
 public:
  explicit Handshake(const http::TlsContext& context, const ClientSettings& client = {})
      : server_(context.begin_connection(), &::SSL_free),
        client_settings_(make_client(client)),
        client_(::SSL_new(client_settings_.get()), &::SSL_free) {
    BIO* server_end = nullptr;
    BIO* client_end = nullptr;
    ::BIO_new_bio_pair(&server_end, 65536, &client_end, 65536);
    ::SSL_set_bio(server_.get(), server_end, server_end);
    ::SSL_set_bio(client_.get(), client_end, client_end);
  }

  /// Goes on until the server has an end. Returns nothing where the server accepts, and the client
  /// reads what it sends, else the server's problem.
  std::optional<std::string> run() {
    for (int step = 0; step < 20; ++step) {
      ::ERR_clear_error();
      ::SSL_connect(client_.get());
      ::ERR_clear_error();
      const int result = ::SSL_accept(server_.get());
      if (auto problem = http::handshake_problem(*server_, result)) return problem;
      if (result == 1 && ::SSL_is_init_finished(client_.get()) != 0) break;
    }
    return exchange("hello") == "hello" ? std::nullopt : std::optional("nothing arrives");
  }

  /// Sends from the server to the client and returns what the client reads.
  std::string exchange(const std::string& text) {
    std::string read(text.size(), '\0');
    ::SSL_write(server_.get(), text.data(), static_cast<int>(text.size()));
    const int count = ::SSL_read(client_.get(), read.data(), static_cast<int>(read.size()));
    return read.substr(0, static_cast<std::size_t>(count < 0 ? 0 : count));
  }

  [[nodiscard]] std::string version() const { return ::SSL_get_version(server_.get()); }
  [[nodiscard]] std::string cipher() const { return ::SSL_get_cipher_name(server_.get()); }
  [[nodiscard]] std::string group() const {
    return ::OBJ_nid2sn(static_cast<int>(SSL_get_negotiated_group(server_.get())));
  }
  [[nodiscard]] std::string common_name() const { return common_name_seen_by(client_.get()); }
  [[nodiscard]] SSL* server() const { return server_.get(); }
  [[nodiscard]] SSL* client() const { return client_.get(); }

 private:
  Tls server_;
  TlsSettings client_settings_;
  Tls client_;
};

}  // namespace cgroup2::test
