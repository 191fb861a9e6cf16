// SPDX-License-Identifier: Apache-2.0
// ResetProbe: finds out by the kernel's behaviour whether a write to memory.peak resets it for one
// open file alone. It writes to the exporter's own cgroup and to no other.
#pragma once

#include <algorithm>
#include <cstddef>

#include "base/dir.h"
#include "peaks/peak_file.h"

namespace cgroup2::peaks {

enum class Reset {
  unknown,    ///< what the probe saw does not tell: it may be asked again
  per_file,   ///< a reset is for the open file that was written to
  of_all,     ///< a reset is for everybody: nothing may be written
  impossible  ///< the file cannot be written
};

struct Probed {
  Reset reset = Reset::unknown;
  int error = 0;  ///< the errno, where it is impossible
};

/// Says whether a cgroup is the one that this process is in, by its cgroup.procs.
[[nodiscard]] bool is_own_cgroup(const base::Dir& cgroup);

/// How many bytes the probe takes: more than the kernel charges ahead on each CPU, which is 64
/// pages (MEMCG_CHARGE_BATCH in include/linux/memcontrol.h). Pages of arm64 have up to 64 KiB.
/// Pure.
[[nodiscard]] constexpr std::size_t probe_bytes(std::size_t page) {
  constexpr std::size_t least = std::size_t{2} << 20;
  return std::max(least, 2 * 64 * page);
}

/// Resets memory.peak of the exporter's own cgroup through one open file and looks what another
/// one shows. Takes and gives back probe_bytes() before, so that the highest use is above the use.
/// Needs the right to write the file.
[[nodiscard]] Probed probe_reset(const base::Dir& own, const PeakCalls& calls = {});

}  // namespace cgroup2::peaks
