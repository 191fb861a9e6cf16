// SPDX-License-Identifier: Apache-2.0
// Body framing: where the body of a request ends, as its head states it (RFC 9112, section 6.3).
// Pure.
#pragma once

#include "http/headers.h"

namespace cgroup2::http {

struct BodyFraming {
  int refusal = 0;       ///< the status to refuse the request with; 0: it is clear where it ends
  long long length = 0;  ///< of the body, in bytes
};

/// The largest body that is read; none is needed.
inline constexpr long long max_body_bytes = 8192;

/// Refuses what two readers could understand differently: values of Content-Length that are not
/// one and the same number, and Content-Length beside Transfer-Encoding.
[[nodiscard]] BodyFraming body_framing(const Headers& headers);

}  // namespace cgroup2::http
