// SPDX-License-Identifier: Apache-2.0
// Which certificates of clients a TLS server accepts.
#pragma once

#include "config/web_config.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX

namespace cgroup2::http {

/// Makes handshakes of `settings` ask for the certificates that client_auth, client_ca and
/// client_allowed_sans name, and accept no others. Throws std::runtime_error with one line that
/// names one of these.
///
/// A client needs a certificate where client_allowed_sans is set, whatever client_auth says.
void set_client_policy(ssl_ctx_st& settings, const config::TlsConfig& config);

}  // namespace cgroup2::http
