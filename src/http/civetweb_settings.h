// SPDX-License-Identifier: Apache-2.0
// What CivetWeb is told at its start, as the texts that its configuration consists of.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/server.h"

namespace cgroup2::http {

/// Names and values of its options. `addresses` are in its spelling, as resolve_listen_addresses()
/// gives them. Pure.
[[nodiscard]] std::vector<std::pair<const char*, std::string>> civetweb_settings(
    const ServerOptions& options, const std::vector<std::string>& addresses);

}  // namespace cgroup2::http
