// SPDX-License-Identifier: Apache-2.0
#include "http/client_policy.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "http/client_names.h"
#include "http/pem.h"

namespace cgroup2::http {
namespace {

using config::ClientAuth;

/// What the callback needs. An SSL_CTX owns it, because handshakes that began before a replacement
/// go on with the old one.
struct ClientPolicy {
  bool verifies;
  std::optional<std::vector<std::string>> allowed;
};

void free_policy(void*, void* policy, CRYPTO_EX_DATA*, int, long, void*) {
  delete static_cast<ClientPolicy*>(policy);
}

int policy_index() {
  static const int index = ::SSL_CTX_get_ex_new_index(0, nullptr, nullptr, nullptr, &free_policy);
  return index;
}

bool has_allowed_name(X509_STORE_CTX& store, const std::vector<std::string>& allowed) {
  const auto names = client_names(*::X509_STORE_CTX_get0_cert(&store));
  const bool is_allowed = std::ranges::any_of(
      names, [&](const auto& name) { return std::ranges::count(allowed, name) != 0; });
  if (is_allowed) return true;
  std::string list;
  for (const auto& name : names) list += (list.empty() ? "" : ", ") + name;
  constexpr std::size_t max_bytes = 256;
  // Is first in the list of errors of this thread; handshake_problem() reads it.
  ERR_raise_data(ERR_LIB_USER, ERR_R_OPERATION_FAIL, "none of its names is allowed: %s",
                 list.empty() ? "it has none" : list.substr(0, max_bytes).c_str());
  ::X509_STORE_CTX_set_error(&store, X509_V_ERR_CERT_REJECTED);
  return false;
}

// Replaces the verification by OpenSSL, which calls it once for a client's chain. No exception may
// leave it: it is called by C.
int verify_client(X509_STORE_CTX* store, void* argument) noexcept {
  const auto& policy = *static_cast<const ClientPolicy*>(argument);
  // The level of the handshake is 0 where TLS 1.0 is offered, and would let signatures with MD5 and
  // SHA-1 pass.
  auto* const rules = ::X509_STORE_CTX_get0_param(store);
  ::X509_VERIFY_PARAM_set_auth_level(rules, std::max(::X509_VERIFY_PARAM_get_auth_level(rules), 1));
  try {
    if (policy.verifies && ::X509_verify_cert(store) <= 0) return 0;
    if (!policy.verifies) ::X509_STORE_CTX_set_error(store, X509_V_OK);
    return !policy.allowed || has_allowed_name(*store, *policy.allowed) ? 1 : 0;
  } catch (const std::exception&) {
    ::X509_STORE_CTX_set_error(store, X509_V_ERR_OUT_OF_MEM);
    return 0;
  }
}

void trust(SSL_CTX& settings, const std::string& client_ca) {
  for (const auto& authority : parse_certificates("client_ca", client_ca)) {
    // The store ignores one that it has.
    if (::X509_STORE_add_cert(::SSL_CTX_get_cert_store(&settings), authority.get()) != 1 ||
        ::SSL_CTX_add_client_CA(&settings, authority.get()) != 1) {
      fail_by_openssl("client_ca", "unusable certificate");
    }
  }
  // Trusts each of them, as Go does, whether or not it is self-signed.
  ::X509_VERIFY_PARAM_set_flags(::SSL_CTX_get0_param(&settings), X509_V_FLAG_PARTIAL_CHAIN);
}

}  // namespace

void set_client_policy(ssl_ctx_st& settings, const config::TlsConfig& config) {
  const auto auth = config.client_auth;
  const bool verifies =
      auth == ClientAuth::verify_if_given || auth == ClientAuth::require_and_verify;
  const bool requires_one = auth == ClientAuth::require_any ||
                            auth == ClientAuth::require_and_verify || config.client_allowed_sans;
  if (!config.client_ca.empty()) trust(settings, config.client_ca);
  if (verifies && config.client_ca.empty())
    throw std::runtime_error("client_ca: missing, but client_auth_type verifies certificates");
  if (auth == ClientAuth::none) {
    if (config.client_allowed_sans)
      throw std::runtime_error(
          "client_allowed_sans: client_auth_type does not ask for a certificate");
    return;
  }
  auto policy = std::make_unique<ClientPolicy>(ClientPolicy{verifies, config.client_allowed_sans});
  ::SSL_CTX_set_cert_verify_callback(&settings, &verify_client, policy.get());
  if (::SSL_CTX_set_ex_data(&settings, policy_index(), policy.get()) != 1) throw std::bad_alloc();
  static_cast<void>(policy.release());
  ::SSL_CTX_set_verify(
      &settings, SSL_VERIFY_PEER | (requires_one ? SSL_VERIFY_FAIL_IF_NO_PEER_CERT : 0), nullptr);
}

}  // namespace cgroup2::http
