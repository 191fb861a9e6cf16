// SPDX-License-Identifier: Apache-2.0
// HealthCheck: the client of /-/healthy, for container runtimes that start a program to ask.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/address.h"

namespace cgroup2::http {

/// Asks the server that listens on `address` for /-/healthy over plain HTTP, on the loopback
/// interface if the address has no host. Returns nothing if it answers with 200, else why it is not
/// healthy. Connecting, sending and each part of the answer may take `timeout`.
[[nodiscard]] std::optional<std::string> health_problem(const base::Address& address,
                                                        std::chrono::milliseconds timeout);

}  // namespace cgroup2::http
