// SPDX-License-Identifier: Apache-2.0
// Compression by zlib: one gzip member (RFC 1952), since browsers show only the first of several,
// made from a body that is never in memory as a whole.
#pragma once

#include <cstddef>
#include <string>

#include "http/stream.h"

namespace cgroup2::http {

/// Returns the gzip form of a body, for which it reserves `expected` bytes: a string that grows
/// takes twice its memory. Throws std::bad_alloc if there is no memory for it. Any thread.
[[nodiscard]] std::string gzip(const Stream& body, std::size_t expected = 0);

/// Makes a stream of the gzip form, which is not in memory as a whole either.
[[nodiscard]] Stream gzip_stream(Stream body);

}  // namespace cgroup2::http
