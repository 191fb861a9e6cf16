// SPDX-License-Identifier: Apache-2.0
// HealthCheck: the other end of /-/healthy, for container runtimes that start a program to ask.
#pragma once

#include <chrono>
#include <optional>
#include <string>

namespace cgroup2::http {

/// Asks the server that listens on `address` (host:port, [v6]:port, or :port, which is asked on the
/// loopback interface) for /-/healthy over plain HTTP. Nothing if it answers with 200, else why
/// not. Connecting, sending and each part of the answer may take `patience`.
[[nodiscard]] std::optional<std::string> health_problem(const std::string& address,
                                                        std::chrono::milliseconds patience);

}  // namespace cgroup2::http
