// SPDX-License-Identifier: Apache-2.0
// The host's trees, opened once at the start, and the reasons for which there is nothing to open.
#pragma once

#include <cstddef>
#include <string>

#include "base/log.h"
#include "config/config.h"
#include "snapshot/builder.h"

namespace cgroup2::app {

/// Opens procfs, the cgroup2 hierarchy (found in mountinfo unless --path.cgroupfs names it) and
/// sysfs. Throws std::runtime_error with one line if there is no procfs, no cgroup v2, or the
/// hierarchy's root cannot be read. Says once if the hierarchy is hybrid.
[[nodiscard]] snapshot::Roots open_roots(const config::Config::Path& path, base::Log& log);

/// Makes the directory of a file if there is none, and returns it.
[[nodiscard]] std::string make_directory_of(const std::string& file);

/// How many of each may be held open.
struct DescriptorBounds {
  std::size_t cgroups;   ///< two descriptors each
  std::size_t networks;  ///< a process of each network namespace
  std::size_t peaks;     ///< cgroups whose memory.peak and memory.swap.peak are held open
  std::size_t bursts;    ///< cgroups whose bursts of pressure are counted, three descriptors each
};

/// Divides the limit on open files, which it raises as far as it may, and leaves what reading,
/// connections and libraries need. The last two are for how many cgroups peaks and bursts are
/// wanted.
[[nodiscard]] DescriptorBounds bound_descriptors(base::Log& log, std::size_t wanted_peaks,
                                                 std::size_t wanted_bursts);

}  // namespace cgroup2::app
