// SPDX-License-Identifier: Apache-2.0
// Reads a request from CivetWeb.
#pragma once

#include <chrono>

#include "http/body_framing.h"
#include "http/message.h"

struct mg_connection;
struct mg_request_info;

namespace cgroup2::http {

/// Copies the head of a request. The path is empty if it is badly encoded.
[[nodiscard]] Request copy_head(const mg_request_info& info);

/// Tells how long the body is, or the status that refuses the request: see body_framing(), 431 for
/// more fields than CivetWeb shows, 400 for a head up to `end` that it did not read to the end.
[[nodiscard]] BodyFraming framing_of_body(const Request& request, const mg_request_info& info,
                                          const char* end);

/// Reads the body and drops it. Returns the status that says why it could not be read, or 0.
[[nodiscard]] int drop_body(mg_connection* connection, long long length,
                            std::chrono::milliseconds timeout);

/// Tells whether CivetWeb will keep the connection too: it decides by the first Connection field,
/// and closes after "Upgrade".
[[nodiscard]] bool wants_keep_alive(const mg_connection* connection, const mg_request_info& info);

/// Tells whether a request ended without begin_request(): CivetWeb closes the connection without a
/// callback where a target has another host or is "*".
[[nodiscard]] bool is_unanswered(const mg_connection* connection);

}  // namespace cgroup2::http
