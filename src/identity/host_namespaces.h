// SPDX-License-Identifier: Apache-2.0
// HostNamespaces: the namespaces of processes that are in no container.
#pragma once

#include <cstdint>

#include "base/dir.h"
#include "identity/namespaces.h"

namespace cgroup2::identity {

/// Starts with the inodes that the kernel fixes for its initial namespaces. Kernels up to 6.14 fix
/// none for mnt and net: these stay 0, for which differs() is false.
class HostNamespaces {
 public:
  /// PROC_PID_INIT_INO, of the pid namespace that exists since boot.
  static constexpr std::uint64_t initial_pid_inode = 4026531836;

  HostNamespaces();

  /// Reads <procfs>/1, or <procfs>/2 if that is kthreadd, and returns whether the inodes changed.
  /// If neither may be read, changes nothing.
  bool read(const base::Dir& procfs);

  [[nodiscard]] bool is_read() const { return is_read_; }

  /// Whether both inodes are known and this namespace is not the host's.
  [[nodiscard]] bool differs(const Namespaces& namespaces, Namespace which) const;

  friend bool operator==(const HostNamespaces&, const HostNamespaces&) = default;

 private:
  Namespaces namespaces_;
  bool is_read_ = false;
};

}  // namespace cgroup2::identity
