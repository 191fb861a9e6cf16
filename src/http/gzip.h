// SPDX-License-Identifier: Apache-2.0
// gzip of whole responses by libdeflate.
#pragma once

#include <string>
#include <string_view>

namespace cgroup2::http {

/// The gzip form (RFC 1952) of `text` at level 1, or an empty string if there is no memory for it.
/// Any thread.
[[nodiscard]] std::string gzip(std::string_view text);

}  // namespace cgroup2::http
