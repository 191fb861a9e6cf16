// SPDX-License-Identifier: Apache-2.0
// Checks where the server listens and under which path it serves, as far as syntax goes. Pure; no
// name is looked up.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/address.h"
#include "config/values.h"

namespace cgroup2::config {

/// Appends ":port" (all addresses), "host:port" or "[v6]:port" to the list; port 0 is any free one.
/// The same one again is a problem, because it could not be bound; so is a 65th.
[[nodiscard]] Problem append_listen_address(std::string_view text,
                                            std::vector<base::Address>& list);

/// Parses such an address or nothing.
[[nodiscard]] Problem parse_optional_address(std::string_view text,
                                             std::optional<base::Address>& value);

/// Parses an absolute URL path that needs no escaping and is outside of "/-/", where the exporter's
/// own pages are.
[[nodiscard]] Problem parse_telemetry_path(std::string_view text, std::string& value);

}  // namespace cgroup2::config
