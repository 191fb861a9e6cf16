// SPDX-License-Identifier: Apache-2.0
// Finds the strings of a TOML text: the configuration of containers/storage, CRI-O and containerd.
#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace cgroup2::identity {

/// Calls `visit` for every string at the top, with an empty table, and for those of the tables one
/// level below:
///   [storage]
///   graphroot = "/data/containers"
/// Returns whether the text is TOML; if it is not, nothing is visited. The text may be a tenant's:
/// values are nested at most 32 deep.
[[nodiscard]] bool for_each_toml_string(
    std::string_view text, const std::function<void(std::string_view table, std::string_view key,
                                                    const std::string& value)>& visit);

/// Whether the text can make a thousand tables at most, which configurations do not come near: for
/// each part of a dotted key toml++ 3.3.0 goes through all tables that such keys made, so that 64
/// KiB can take 50 ms and not 3. Counts what may make one, wherever it stands. Pure.
[[nodiscard]] bool has_few_toml_tables(std::string_view text);

}  // namespace cgroup2::identity
