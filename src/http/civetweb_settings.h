// SPDX-License-Identifier: Apache-2.0
// What the server's options are to CivetWeb, names and values as texts, and to Connections.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/connections.h"
#include "http/server.h"

namespace cgroup2::http {

/// Returns the options that the server sets. `addresses` are in the spelling of CivetWeb, as
/// resolve_listen_addresses() gives them. Pure.
[[nodiscard]] std::vector<std::pair<const char*, std::string>> civetweb_settings(
    const ServerOptions& options, const std::vector<std::string>& addresses);

/// Returns the bounds that the server sets. Pure.
[[nodiscard]] ConnectionBounds connection_bounds(const ServerOptions& options);

}  // namespace cgroup2::http
