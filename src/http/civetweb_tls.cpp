// SPDX-License-Identifier: Apache-2.0
#include "http/civetweb_tls.h"

#include <civetweb.h>
#include <openssl/ssl.h>

#include <exception>
#include <string>
#include <string_view>

// Of civetweb_sockets.c.
extern "C" {
const char* cgroup2_client_of(const mg_connection* connection);
int cgroup2_has_failed_handshake(const mg_connection* connection);
}

namespace cgroup2::http {
namespace {

// Reports a failure once: any user data of the connection says that it is reported.
void report(mg_connection* connection, const std::string& problem, base::Log& log) {
  if (::mg_get_user_connection_data(connection) != nullptr) return;
  ::mg_set_user_connection_data(connection, connection);
  log.debug("TLS handshake failed",
            {{"client", ::cgroup2_client_of(connection)}, {"problem", problem}});
}

}  // namespace

int shake_hands(mg_connection* connection, ssl_st* end, base::Log& log) noexcept {
  const int result = ::SSL_accept(end);
  try {
    if (const auto problem = handshake_problem(*end, result)) report(connection, *problem, log);
  } catch (const std::exception&) {
    // Loses the line: there is no memory for it.
  }
  return result;
}

bool note_failed_handshake(mg_connection* connection, TlsContext* tls, base::Log& log) noexcept {
  if (::cgroup2_has_failed_handshake(connection) == 0) return false;
  tls->count_handshake_error();
  try {
    report(connection, "it did not end in time", log);
  } catch (const std::exception&) {
    // Loses the line: there is no memory for it.
  }
  return true;
}

bool is_about_handshake(const char* message) {
  const std::string_view text = message;
  return text.starts_with("sslize error") || text.starts_with("SSL syscall error");
}

}  // namespace cgroup2::http
