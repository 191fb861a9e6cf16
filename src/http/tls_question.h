// SPDX-License-Identifier: Apache-2.0
// TlsQuestion: what a client that trusts everybody can ask over TLS, for health checks on the
// loopback.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cgroup2::http {

struct TlsAnswer {
  std::string line{};                    ///< the first one, perhaps cut off
  std::optional<std::string> problem{};  ///< why there is none
  /// The server asked for a certificate, of which the client has none, and ended the connection.
  bool needs_certificate = false;
};

/// Sends a request over a connected socket that blocks, with every version and cipher that OpenSSL
/// has, and without verifying the server's certificate. A socket may have a timeout for each
/// operation. The process must ignore SIGPIPE.
[[nodiscard]] TlsAnswer ask_over_tls(int socket, std::string_view request);

}  // namespace cgroup2::http
