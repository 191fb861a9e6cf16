// SPDX-License-Identifier: Apache-2.0
// The head of an HTTP/1.1 response as it goes over the wire (RFC 9112). Pure.
#pragma once

#include <ctime>
#include <string>
#include <string_view>

#include "http/message.h"

namespace cgroup2::http {

/// How the end of a body is marked. HTTP/1.0 has no chunks.
enum class Framing { length, chunks, end_of_connection };

[[nodiscard]] Framing framing_of(const Response& response, std::string_view http_version);

/// Writes the status line and the fields with the empty line that ends them. `reason` is the phrase
/// of the status, `now` goes into Date.
[[nodiscard]] std::string response_head(const Response& response, std::string_view reason,
                                        Framing framing, bool keep_alive, std::time_t now);

}  // namespace cgroup2::http
