// SPDX-License-Identifier: Apache-2.0
// HealthCheck: the client of /-/healthy, for container runtimes that start a program to ask.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/address.h"

namespace cgroup2::http {

enum class HealthScheme { http, https };

/// Asks the server that listens on `address` for /-/healthy, on the loopback interface if the
/// address has no host. Returns nothing if it is healthy, else why not. Connecting, sending and
/// each part of the answer may take `timeout`.
///
/// The answers 200, 401 (the server wants a password) and 429 (it limits the rate) are those of a
/// healthy server. Over TLS the server's certificate is not verified; a server that asks for a
/// client's certificate and ends the connection without one is healthy, because it answered. The
/// process must ignore SIGPIPE then.
[[nodiscard]] std::optional<std::string> health_problem(const base::Address& address,
                                                        std::chrono::milliseconds timeout,
                                                        HealthScheme scheme = HealthScheme::http);

}  // namespace cgroup2::http
