// SPDX-License-Identifier: Apache-2.0
// The names that web configurations have for TLS, which are those of Go's crypto/tls, and what they
// are for OpenSSL.
#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/web_config.h"

namespace cgroup2::config {

template <class T>
struct TlsName {
  std::string_view name;
  T value;
};

/// Returns the value of the row with that name.
template <class Table>
[[nodiscard]] constexpr auto find_tls_name(const Table& table, std::string_view name) {
  const auto row = std::ranges::find(table, name, [](const auto& entry) { return entry.name; });
  return row == table.end() ? std::nullopt : std::optional(row->value);
}

template <class Table>
[[nodiscard]] std::vector<std::string> tls_names_of(const Table& table) {
  std::vector<std::string> names;
  names.reserve(table.size());
  for (const auto& row : table) names.emplace_back(row.name);
  return names;
}

inline constexpr std::array tls_versions{
    TlsName<TlsVersion>{"TLS10", TlsVersion::tls10},
    TlsName<TlsVersion>{"TLS11", TlsVersion::tls11},
    TlsName<TlsVersion>{"TLS12", TlsVersion::tls12},
    TlsName<TlsVersion>{"TLS13", TlsVersion::tls13},
};

inline constexpr std::array client_auths{
    TlsName<ClientAuth>{"NoClientCert", ClientAuth::none},
    TlsName<ClientAuth>{"RequestClientCert", ClientAuth::request},
    TlsName<ClientAuth>{"RequireAnyClientCert", ClientAuth::require_any},
    TlsName<ClientAuth>{"RequireClientCert", ClientAuth::require_any},  // of older configurations
    TlsName<ClientAuth>{"VerifyClientCertIfGiven", ClientAuth::verify_if_given},
    TlsName<ClientAuth>{"RequireAndVerifyClientCert", ClientAuth::require_and_verify},
};

/// OpenSSL's names of groups.
inline constexpr std::array tls_curves{
    TlsName<std::string_view>{"CurveP256", "P-256"},
    TlsName<std::string_view>{"CurveP384", "P-384"},
    TlsName<std::string_view>{"CurveP521", "P-521"},
    TlsName<std::string_view>{"X25519", "X25519"},
};

/// OpenSSL's names of the suites for TLS up to 1.2, and "" for those of TLS 1.3, which Go has on
/// whatever the list says.
inline constexpr std::array tls_cipher_suites{
    TlsName<std::string_view>{"TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
                              "ECDHE-ECDSA-AES128-GCM-SHA256"},
    TlsName<std::string_view>{"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
                              "ECDHE-ECDSA-AES256-GCM-SHA384"},
    TlsName<std::string_view>{"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
                              "ECDHE-RSA-AES128-GCM-SHA256"},
    TlsName<std::string_view>{"TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                              "ECDHE-RSA-AES256-GCM-SHA384"},
    TlsName<std::string_view>{"TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
                              "ECDHE-ECDSA-CHACHA20-POLY1305"},
    TlsName<std::string_view>{"TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256",
                              "ECDHE-RSA-CHACHA20-POLY1305"},
    TlsName<std::string_view>{"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA", "ECDHE-ECDSA-AES128-SHA"},
    TlsName<std::string_view>{"TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA", "ECDHE-ECDSA-AES256-SHA"},
    TlsName<std::string_view>{"TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA", "ECDHE-RSA-AES128-SHA"},
    TlsName<std::string_view>{"TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA", "ECDHE-RSA-AES256-SHA"},
    TlsName<std::string_view>{"TLS_AES_128_GCM_SHA256", ""},
    TlsName<std::string_view>{"TLS_AES_256_GCM_SHA384", ""},
    TlsName<std::string_view>{"TLS_CHACHA20_POLY1305_SHA256", ""},
};

}  // namespace cgroup2::config
