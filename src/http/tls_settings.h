// SPDX-License-Identifier: Apache-2.0
// TLS settings: from the tls_server_config of --web.config.file to OpenSSL's SSL_CTX.
#pragma once

#include <memory>

#include "config/web_config.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace cgroup2::http {

/// Makes the settings of a server. Throws std::runtime_error with one line that begins with the key
/// that is wrong: "cert: no certificate in it".
///
/// There is no renegotiation, no compression and no resumption of sessions: each connection is
/// verified by what holds when it begins. Go's client, which Prometheus uses, resumes only where a
/// cache is set, so tickets would save it nothing.
[[nodiscard]] std::shared_ptr<ssl_ctx_st> make_tls_settings(const config::TlsConfig& config);

}  // namespace cgroup2::http
