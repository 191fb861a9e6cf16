// SPDX-License-Identifier: Apache-2.0
// Content negotiation, RFC 9110 section 12: Accept and Accept-Encoding with q-values. Pure.
#pragma once

#include <string_view>

namespace cgroup2::http {

/// Tells whether the Accept header prefers OpenMetrics 1.0.0 over text 0.0.4. Each of the two has
/// the q of the most specific range that matches it; the higher q wins, the first of equal ones.
/// Text is the answer to everything that does not parse, matches nothing or is missing: never 406.
[[nodiscard]] bool prefers_openmetrics(std::string_view accept);

/// Tells whether the Accept-Encoding header allows gzip (q above 0, by name or by "*").
[[nodiscard]] bool accepts_gzip(std::string_view accept_encoding);

}  // namespace cgroup2::http
