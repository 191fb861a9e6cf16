// SPDX-License-Identifier: Apache-2.0
// Processes: probes the namespaces of the cgroups' processes, and counts the results.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/dir.h"
#include "base/read_errors.h"
#include "identity/lookup_counts.h"
#include "identity/namespaces.h"

namespace cgroup2::identity {

/// The namespaces of a cgroup's processes, as far as they can be read.
struct NamespaceProbe {
  bool is_empty = false;                   ///< the cgroup has no process of its own
  bool is_denied = false;                  ///< a right is missing
  std::optional<Namespaces> namespaces{};  ///< inodes in /proc/PID/ns of one process

  friend bool operator==(const NamespaceProbe&, const NamespaceProbe&) = default;
};

/// Belongs to one thread. `counts` and `errors` must outlive it.
class Processes {
 public:
  /// `procfs` is the directory of the host's procfs. Counts and logs through `errors` if that
  /// belongs to another pid namespace than ours: then no process is probed.
  Processes(base::Dir procfs, LookupCounts& counts, base::ReadErrors& errors);

  /// Whether the numbers in cgroup.procs mean the processes of this procfs.
  [[nodiscard]] bool can_probe() const { return can_probe_; }

  [[nodiscard]] const base::Dir& procfs() const { return procfs_; }

  /// Reads the namespaces of a process of the cgroup, whose `path` is for the log. Nothing if none
  /// could be read although there may be processes: the last result stays valid.
  [[nodiscard]] std::optional<NamespaceProbe> probe(const base::Dir& cgroup, std::string_view path);

  /// When the first process of the cgroup began: see read_first_start(). Nothing if no process may
  /// be probed.
  [[nodiscard]] std::optional<std::uint64_t> first_start(const base::Dir& cgroup) const;

 private:
  base::Dir procfs_;
  LookupCounts& counts_;
  base::ReadErrors& errors_;
  bool can_probe_;
};

}  // namespace cgroup2::identity
