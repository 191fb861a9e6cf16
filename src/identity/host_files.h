// SPDX-License-Identifier: Apache-2.0
// HostFiles: where the files of runtimes are read, and how one is found: at the first of several
// paths.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "base/rooted.h"
#include "identity/annotations.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// What a source needs to read files. Both must outlive the call.
struct HostFiles {
  const base::Rooted& root;        ///< of the host
  const Annotations& annotations;  ///< that are understood
};

/// Size in bytes above which a file of a runtime is not read; configurations have 10 to 30 kB.
inline constexpr std::size_t max_runtime_file = std::size_t{4} << 20;

/// Reads the files at these paths below the root, one after the other, until `parse` returns
/// `found`; else returns the worst result.
[[nodiscard]] Lookup look_at_first(const base::Rooted& root, const std::vector<std::string>& paths,
                                   const std::function<Lookup(const std::string&)>& parse);

}  // namespace cgroup2::identity
