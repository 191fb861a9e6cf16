// SPDX-License-Identifier: Apache-2.0
// The OCI configuration that runtimes leave for a container (runtime-spec, config.md), and how such
// files are found: at the first of several places.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rooted.h"
#include "identity/annotations.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// Longest file of a runtime that is read; configurations have 10 to 30 kB.
inline constexpr std::size_t longest_runtime_file = std::size_t{4} << 20;

/// Whether the container has an id of 64 hex digits, by which runtimes name their files.
[[nodiscard]] bool has_file_id(const PathIdentity& owner);

/// Takes the annotations and the hostname of a configuration. `failed` if it is not JSON to its
/// end: then `names` stays as it is; `absent` if it has no annotation that is known.
[[nodiscard]] Lookup parse_oci_config(std::string_view text, const Annotations& annotations,
                                      Names& names);

/// Reads one file after the other until `parse` finds something; else the worst that happened.
[[nodiscard]] Lookup look_at_first(const base::Rooted& host, const std::vector<std::string>& places,
                                   const std::function<Lookup(const std::string&)>& parse);

}  // namespace cgroup2::identity
