// SPDX-License-Identifier: Apache-2.0
// Topology: how many CPUs, cores and sockets the host has, from /sys/devices/system/cpu.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"

namespace cgroup2::machine {

/// Parses a list of CPUs: "0-3,8". Empty if it has another form or more than 2^16 of them. Pure.
[[nodiscard]] std::vector<std::uint32_t> parse_cpu_list(std::string_view text);

/// Counts. Belongs to one thread.
class Topology {
 public:
  /// Reads below `sysfs`, which may be closed. Reads again only if other CPUs are online: there are
  /// two files for each CPU.
  void refresh(const base::Dir& sysfs);

  /// All are those of the online CPUs, whatever this process may run on; 0 if they are not known.
  [[nodiscard]] std::uint64_t cpus() const { return cpus_; }
  [[nodiscard]] std::uint64_t cores() const { return cores_; }
  [[nodiscard]] std::uint64_t sockets() const { return sockets_; }

 private:
  std::string online_;
  std::uint64_t cpus_ = 0;
  std::uint64_t cores_ = 0;
  std::uint64_t sockets_ = 0;
};

}  // namespace cgroup2::machine
