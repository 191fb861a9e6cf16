// SPDX-License-Identifier: Apache-2.0
// Handshakes of TLS in CivetWeb 1.15, which tells nobody whether they fail.
#pragma once

#include "base/log.h"
#include "http/tls_context.h"

struct mg_connection;
struct ssl_st;

namespace cgroup2::http {

/// Goes on with a handshake like SSL_accept(). A failure becomes a log line with the reason.
int shake_hands(mg_connection* connection, ssl_st* end, base::Log& log) noexcept;

/// Returns whether the handshake of a connection that is closed failed, and then counts it, and
/// logs it if that was not done: the time for it is over. What CivetWeb tells of such a connection
/// is of the one that its thread had before.
[[nodiscard]] bool note_failed_handshake(mg_connection* connection, TlsContext* tls,
                                         base::Log& log) noexcept;

/// Tells whether CivetWeb's message is one of a handshake, which shake_hands() says better.
[[nodiscard]] bool is_about_handshake(const char* message);

}  // namespace cgroup2::http
