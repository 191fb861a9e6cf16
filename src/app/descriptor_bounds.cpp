// SPDX-License-Identifier: Apache-2.0
#include "app/descriptor_bounds.h"

#include <sys/resource.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace cgroup2::app {
namespace {

void raise_open_files_limit(base::Log& log) {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    log.warn("cannot raise the limit on open files", {{"error", std::strerror(errno)}});
  }
}

}  // namespace

DescriptorBounds bound_descriptors(base::Log& log, std::size_t wanted_peaks,
                                   std::size_t wanted_bursts) {
  constexpr rlim_t reserve = 512;   // 250 scrapes at most, their sockets, and as much again
  constexpr rlim_t per_cgroup = 2;  // its directory, and memory.events.local for the watcher
  constexpr rlim_t per_peaks = 2;   // memory.peak and memory.swap.peak
  constexpr rlim_t per_bursts = 3;  // cpu.pressure, memory.pressure, io.pressure
  constexpr rlim_t max_networks = 1024;
  raise_open_files_limit(log);
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return {};
  const rlim_t networks = std::min(max_networks, limit.rlim_cur / 8);
  const rlim_t peaks = std::min<rlim_t>(wanted_peaks, limit.rlim_cur / 8 / per_peaks);
  const rlim_t bursts = std::min<rlim_t>(wanted_bursts, limit.rlim_cur / 8 / per_bursts);
  const rlim_t others =
      std::min(reserve + networks + per_peaks * peaks + per_bursts * bursts, limit.rlim_cur / 2);
  return {.cgroups = (limit.rlim_cur - others) / per_cgroup,
          .networks = networks,
          .peaks = peaks,
          .bursts = bursts};
}

}  // namespace cgroup2::app
