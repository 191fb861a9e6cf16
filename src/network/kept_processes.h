// SPDX-License-Identifier: Apache-2.0
// KeptProcesses: one process of each network namespace, through which its files are read.
//
// It is a descriptor of the directory /proc/PID/net, which refers to the kernel's struct pid. It
// keeps neither the process nor its namespace, as one of net/dev would: the kernel looks up which
// namespace the process lives in whenever a file is opened (get_proc_task_net() in
// fs/proc/proc_net.c). Once the process is gone, every lookup fails, also if a new process has the
// number. So a process that lives in the namespace is right whatever its number was before, and
// whichever cgroup it is in. A thread that may not see the process (hidepid) may read its files
// through the descriptor.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>

#include "base/dir.h"

namespace cgroup2::network {

/// Knows the processes. Called on the thread that may read the namespaces of processes.
class ProcessFinder {
 public:
  ProcessFinder() = default;
  virtual ~ProcessFinder() = default;
  ProcessFinder(const ProcessFinder&) = delete;
  ProcessFinder& operator=(const ProcessFinder&) = delete;

  /// Says whether the process with that directory lives in the network namespace with that inode.
  [[nodiscard]] virtual bool is_in(const base::Dir& net, std::uint64_t inode) = 0;

  /// Returns the directory of a process of the namespace that is the one at `at` among those that
  /// are wanted; a closed one if there is none.
  [[nodiscard]] virtual base::Dir find(std::size_t at) = 0;
};

/// Belongs to one thread, or to that which the thread waits for.
class KeptProcesses {
 public:
  /// Keeps a process for each of the namespaces `wanted` and for no other: checks those that it
  /// has, and finds others where these are gone or live elsewhere now.
  void refresh(std::span<const std::uint64_t> wanted, ProcessFinder& finder);

  /// Returns the directory of a namespace's process; nullptr if there is none. Valid until
  /// refresh() or drop().
  [[nodiscard]] const base::Dir* of(std::uint64_t inode) const;

  /// Forgets the process of a namespace.
  void drop(std::uint64_t inode) { kept_.erase(inode); }

  /// Counts the descriptors that are open.
  [[nodiscard]] std::size_t size() const { return kept_.size(); }

 private:
  struct Kept {
    base::Dir net;              // of the process
    std::uint64_t used_in = 0;  // the refresh
  };

  std::unordered_map<std::uint64_t, Kept> kept_;  // by inode
  std::uint64_t refresh_ = 0;
};

}  // namespace cgroup2::network
