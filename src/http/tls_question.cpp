// SPDX-License-Identifier: Apache-2.0
#include "http/tls_question.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <memory>

#include "http/tls_context.h"

namespace cgroup2::http {
namespace {

using Settings = std::unique_ptr<SSL_CTX, decltype(&::SSL_CTX_free)>;
using Connection = std::unique_ptr<SSL, decltype(&::SSL_free)>;

// Is called when the server asks for a certificate; has none to give.
int note_wish(SSL* connection, X509**, EVP_PKEY**) {
  *static_cast<bool*>(SSL_get_app_data(connection)) = true;
  return 0;
}

Settings make_settings() {
  Settings settings(::SSL_CTX_new(::TLS_client_method()), &::SSL_CTX_free);
  ::SSL_CTX_clear_options(settings.get(), SSL_OP_NO_SSL_MASK);
  ::SSL_CTX_set_min_proto_version(settings.get(), 0);
  ::SSL_CTX_set_security_level(settings.get(), 0);
  ::SSL_CTX_set_verify(settings.get(), SSL_VERIFY_NONE, nullptr);
  ::SSL_CTX_set_client_cert_cb(settings.get(), &note_wish);
  return settings;
}

// Of an operation that did not succeed: a socket that blocks goes on later only after a timeout.
TlsAnswer failure(const SSL& connection, int result, bool is_certificate_wanted) {
  auto problem = handshake_problem(connection, result);
  if (problem && is_certificate_wanted) return {.needs_certificate = true};
  return {.problem = problem.value_or("timed out")};
}

}  // namespace

TlsAnswer ask_over_tls(int socket, std::string_view request) {
  const auto settings = make_settings();
  const Connection connection(::SSL_new(settings.get()), &::SSL_free);
  if (connection == nullptr) return {.problem = "no memory"};
  bool is_certificate_wanted = false;
  SSL_set_app_data(connection.get(), &is_certificate_wanted);
  ::SSL_set_fd(connection.get(), socket);
  ::ERR_clear_error();
  int result = ::SSL_connect(connection.get());
  if (result == 1)
    result = ::SSL_write(connection.get(), request.data(), static_cast<int>(request.size()));
  if (result <= 0) return failure(*connection, result, is_certificate_wanted);
  TlsAnswer answer;
  std::array<char, 128> buffer;
  while (answer.line.find('\n') == std::string::npos && answer.line.size() < buffer.size()) {
    result = ::SSL_read(connection.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (result <= 0 && answer.line.empty())
      return failure(*connection, result, is_certificate_wanted);
    if (result <= 0) break;
    answer.line.append(buffer.data(), static_cast<std::size_t>(result));
  }
  answer.line.resize(std::min(answer.line.find_first_of("\r\n"), answer.line.size()));
  return answer;
}

}  // namespace cgroup2::http
