// SPDX-License-Identifier: Apache-2.0
// WebConfig: what the file of --web.config.file says, in the format of Prometheus'
// exporter-toolkit (docs/web-configuration.md there). Data alone, for all who use it.
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace cgroup2::config {

/// What a client's certificate is asked for: client_auth_type, with the names of Go's crypto/tls.
enum class ClientAuth {
  none,               ///< NoClientCert
  request,            ///< RequestClientCert: asked for, not needed, not verified
  require_any,        ///< RequireAnyClientCert: needed, not verified
  verify_if_given,    ///< VerifyClientCertIfGiven
  require_and_verify  ///< RequireAndVerifyClientCert
};

enum class TlsVersion { tls10, tls11, tls12, tls13 };

/// Of tls_server_config.
struct TlsConfig {
  std::string cert{};       ///< PEM text of the certificate and its chain, also if a file has it
  std::string key{};        ///< PEM text of the private key
  std::string client_ca{};  ///< PEM text of the CAs of clients; empty: none
  ClientAuth client_auth = ClientAuth::none;
  /// A client's certificate must have one of these names; nothing: any.
  std::optional<std::vector<std::string>> client_allowed_sans{};
  TlsVersion min_version = TlsVersion::tls12;
  TlsVersion max_version = TlsVersion::tls13;
  /// OpenSSL's names, for versions up to 1.2, in their order; empty: those of the library.
  std::vector<std::string> cipher_suites{};
  bool prefer_server_cipher_suites = true;
  std::vector<std::string> curves{};  ///< OpenSSL's names, in their order; empty: the library's

  friend bool operator==(const TlsConfig&, const TlsConfig&) = default;
};

/// A bucket of `burst` tokens, of which each request takes one; one comes back per interval.
struct RateLimit {
  std::chrono::nanoseconds interval{0};
  std::size_t burst = 0;

  friend bool operator==(const RateLimit&, const RateLimit&) = default;
};

struct WebConfig {
  std::optional<TlsConfig> tls{};                ///< nothing: plain HTTP
  std::map<std::string, std::string> headers{};  ///< of every answer, by name; none is empty
  std::map<std::string, std::string> users{};    ///< bcrypt hash by name; empty: no authentication
  std::optional<RateLimit> rate_limit{};         ///< nothing: off

  friend bool operator==(const WebConfig&, const WebConfig&) = default;
};

}  // namespace cgroup2::config
