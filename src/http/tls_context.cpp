// SPDX-License-Identifier: Apache-2.0
#include "http/tls_context.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "http/tls_settings.h"

namespace cgroup2::http {

TlsContext::TlsContext(const config::TlsConfig& config) : settings_(make_tls_settings(config)) {}

void TlsContext::replace(const config::TlsConfig& config) {
  auto settings = make_tls_settings(config);
  const std::lock_guard lock(mutex_);
  settings_.swap(settings);
}

// OpenSSL counts the uses of the settings: they live as long as the connection.
ssl_st* TlsContext::begin_connection() const {
  const std::lock_guard lock(mutex_);
  return ::SSL_new(settings_.get());
}

std::optional<std::string> handshake_problem(const ssl_st& connection, int result) {
  const int kind = ::SSL_get_error(&connection, result);
  if (kind == SSL_ERROR_NONE || kind == SSL_ERROR_WANT_READ || kind == SSL_ERROR_WANT_WRITE)
    return std::nullopt;
  const unsigned long last = ::ERR_peek_last_error();
  if (last == 0) return "the connection was closed";
  const char* reason = ::ERR_reason_error_string(last);
  std::string text = reason != nullptr ? reason : "unknown error";
  if (const long code = ::SSL_get_verify_result(&connection); code != X509_V_OK)
    text += std::string(": ") + ::X509_verify_cert_error_string(code);
  const char* detail = nullptr;  // of client_policy.cpp
  int flags = 0;
  const unsigned long first = ::ERR_peek_error_data(&detail, &flags);
  if (ERR_GET_LIB(first) == ERR_LIB_USER && (flags & ERR_TXT_STRING) != 0)
    text += std::string(": ") + detail;
  return text;
}

}  // namespace cgroup2::http
