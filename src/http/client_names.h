// SPDX-License-Identifier: Apache-2.0
// Names of a client: the subject alternative names of its certificate (RFC 5280, section 4.2.1.6).
#pragma once

#include <string>
#include <vector>

struct x509_st;  // OpenSSL's X509

namespace cgroup2::http {

/// Returns the DNS names, e-mail addresses, IP addresses (in their canonical text form) and URIs of
/// a certificate, as they stand there: a name may have any bytes.
[[nodiscard]] std::vector<std::string> client_names(const x509_st& certificate);

}  // namespace cgroup2::http
