// SPDX-License-Identifier: Apache-2.0
// Reads a request from CivetWeb.
#pragma once

#include <chrono>

#include "http/message.h"

struct mg_connection;
struct mg_request_info;

namespace cgroup2::http {

/// Copies the head of a request. The path is empty if it is badly encoded.
[[nodiscard]] Request copy_head(const mg_request_info& info);

/// Returns the status that refuses a request for its head, or 0: 400 for
/// lengths that contradict each other, by which two servers would see different requests
/// (RFC 9112, section 6.3); 411 for a body without a length; 413 for one that is too long.
[[nodiscard]] int status_of_head(const Request& request, const mg_request_info& info);

/// Reads the body and drops it. Returns the status that says why it could not be read, or 0.
[[nodiscard]] int drop_body(mg_connection* connection, long long length,
                            std::chrono::milliseconds timeout);

/// Tells whether CivetWeb will keep the connection too: it decides by the first Connection field,
/// and closes after "Upgrade".
[[nodiscard]] bool wants_keep_alive(const mg_connection* connection, const mg_request_info& info);

}  // namespace cgroup2::http
