// SPDX-License-Identifier: Apache-2.0
// TlsContext: what the handshakes of a server need, and how many of them failed.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "config/web_config.h"

struct ssl_ctx_st;  // OpenSSL's SSL_CTX
struct ssl_st;      // and SSL

namespace cgroup2::http {

/// All methods may be called from many threads at once.
class TlsContext {
 public:
  /// Throws like make_tls_settings().
  explicit TlsContext(const config::TlsConfig& config);

  /// Takes other settings for all handshakes that begin from now on; connections that have begun
  /// keep theirs. Throws like make_tls_settings(), and then changes nothing.
  void replace(const config::TlsConfig& config);

  /// Makes the server's end of a connection, which the caller frees; nullptr without memory.
  [[nodiscard]] ssl_st* begin_connection() const;

  void count_handshake_error() { ++handshake_errors_; }

  /// Returns how many handshakes failed since the start.
  [[nodiscard]] std::uint64_t handshake_errors() const { return handshake_errors_; }

 private:
  mutable std::mutex mutex_;
  std::shared_ptr<ssl_ctx_st> settings_;
  std::atomic<std::uint64_t> handshake_errors_ = 0;
};

/// Says why a handshake failed after SSL_accept() or SSL_connect() returned `result` in this
/// thread; nothing if it is complete, or goes on when the other end sent or took more. Leaves
/// OpenSSL's errors as they are.
[[nodiscard]] std::optional<std::string> handshake_problem(const ssl_st& connection, int result);

}  // namespace cgroup2::http
