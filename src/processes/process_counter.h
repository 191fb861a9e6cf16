// SPDX-License-Identifier: Apache-2.0
// ProcessCounter: counts the processes of all cgroups, and what they have open.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "processes/process_files.h"

namespace cgroup2::processes {

/// Parents stand before their children.
struct CgroupToCount {
  std::uint64_t id;       ///< the directory's inode
  const base::Dir* dir;   ///< where cgroup.procs is read
  std::string_view path;  ///< for log lines
  std::size_t parent;     ///< index among the cgroups; any larger number without one
};

/// Of a cgroup and all below it, but limits. What is known of a part only is absent.
struct ProcessCounts {
  std::optional<std::uint64_t> processes{};
  std::optional<std::uint64_t> open_files{};
  std::optional<std::uint64_t> sockets{};
  std::optional<std::uint64_t> open_files_limit{};  ///< of the first process of the cgroup itself
  std::optional<std::uint64_t> processes_limit{};   ///< the same

  friend bool operator==(const ProcessCounts&, const ProcessCounts&) = default;
};

/// What one call of count() looks at in all cgroups together, at most.
struct CountBounds {
  std::size_t processes = 20'000;
  std::size_t descriptors = 50'000;
};

/// Belongs to one thread, or to several that take turns. `errors` must outlive it.
class ProcessCounter {
 public:
  /// `procfs` is the directory of the host's procfs. If the numbers in cgroup.procs are not those
  /// of this procfs, `has_our_pids` is false and only processes are counted.
  ProcessCounter(base::Dir procfs, bool has_our_pids, base::ReadErrors& errors,
                 CountBounds bounds = {});

  /// Counts. Where there is more than the bounds allow, the cgroups that have most are left out,
  /// counted and logged once. Returns whether nothing was left out and all could be read.
  bool count(std::span<const CgroupToCount> cgroups, std::vector<ProcessCounts>& counts);

 private:
  // One cgroup without those below it.
  struct OwnProcesses {
    std::vector<std::uint64_t> pids;
    ProcessCounts counts;
  };
  // What was found of one process.
  struct ProcessPart {
    std::uint64_t pid;
    std::uint64_t files;
    std::uint64_t sockets;
  };

  void read_list(const CgroupToCount& cgroup, OwnProcesses& own);
  void count_by_size(const CgroupToCount& cgroup, OwnProcesses& own);
  void count_one_by_one(const CgroupToCount& cgroup, OwnProcesses& own, std::size_t limit);
  std::optional<OpenFiles> sum_of_members(const CgroupToCount& cgroup);
  void read_limits(OwnProcesses& own) const;
  void examine(std::span<const CgroupToCount> cgroups);
  [[nodiscard]] std::size_t need_of(const CgroupToCount& cgroup, const OwnProcesses& own) const;
  void report(std::string_view file, std::string_view reason, const CgroupToCount& cgroup,
              std::string_view hint = {});

  base::Dir procfs_;
  const bool has_our_pids_;
  base::ReadErrors& errors_;
  const CountBounds bounds_;
  const bool knows_sizes_;
  bool has_failed_ = false;           // in this call
  std::size_t descriptors_left_ = 0;  // of this call
  std::vector<OwnProcesses> own_;     // of this call
  std::vector<ProcessPart> parts_;    // of the cgroup that is looked at
  // Kept for their memory.
  std::vector<char> buffer_;
  std::vector<std::uint64_t> members_;
  // How many descriptors a cgroup had in the last call, or a guess where they were too many.
  std::unordered_map<std::uint64_t, std::size_t> needs_;
};

}  // namespace cgroup2::processes
