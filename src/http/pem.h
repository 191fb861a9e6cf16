// SPDX-License-Identifier: Apache-2.0
// PEM: certificates and keys from their text form (RFC 7468).
#pragma once

#include <memory>
#include <string>
#include <vector>

struct evp_pkey_st;  // OpenSSL's EVP_PKEY
struct x509_st;      // and X509

namespace cgroup2::http {

using Certificate = std::shared_ptr<x509_st>;
using PrivateKey = std::shared_ptr<evp_pkey_st>;

/// Reads all certificates of a text, in their order; what is not a certificate is skipped. Throws
/// std::runtime_error with one line that begins with `name` if there is none, or one is malformed.
[[nodiscard]] std::vector<Certificate> parse_certificates(const std::string& name,
                                                          const std::string& text);

/// Reads the first private key of a text. Throws like parse_certificates(), also for a key that a
/// password protects.
[[nodiscard]] PrivateKey parse_private_key(const std::string& name, const std::string& text);

/// Throws std::runtime_error: "NAME: what went wrong: OpenSSL's reason". Clears OpenSSL's errors of
/// this thread.
[[noreturn]] void fail_by_openssl(const std::string& name, const std::string& what);

}  // namespace cgroup2::http
