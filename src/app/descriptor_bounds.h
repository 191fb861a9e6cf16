// SPDX-License-Identifier: Apache-2.0
// DescriptorBounds: how the limit on open files is divided.
#pragma once

#include <cstddef>

#include "base/log.h"

namespace cgroup2::app {

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
