// SPDX-License-Identifier: Apache-2.0
// The configuration of CivetWeb: names and values as texts.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "http/server.h"

namespace cgroup2::http {

/// Returns the options that the server sets. `addresses` are in the spelling of CivetWeb, as
/// resolve_listen_addresses() gives them. Pure.
[[nodiscard]] std::vector<std::pair<const char*, std::string>> civetweb_settings(
    const ServerOptions& options, const std::vector<std::string>& addresses);

}  // namespace cgroup2::http
