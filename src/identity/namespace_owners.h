// SPDX-License-Identifier: Apache-2.0
// NamespaceOwners: maps namespaces to the container whose processes live in them. The containers
// are those of cgroups that a path names.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "identity/host_namespaces.h"
#include "identity/namespaces.h"
#include "identity/workload.h"

namespace cgroup2::identity {

/// Is made anew for each decision. Namespaces that were added for two containers belong to neither,
/// so the order of the calls does not matter. Belongs to one thread.
class NamespaceOwners {
 public:
  explicit NamespaceOwners(const HostNamespaces& host) : host_(host) {}

  /// Adds the namespaces of a process of `workload`, which must outlive this. Ignores those of the
  /// host.
  void add(const Namespaces& namespaces, const Workload& workload);

  /// Returns the container that a process in these namespaces belongs to, without a subpath: the
  /// one with the same pid, mnt and cgroup namespace, else the only one with the same pid
  /// namespace, else "pidns:<inode>" for a pid namespace that was not added. Nothing in the host's
  /// pid namespace, and where several containers are possible.
  [[nodiscard]] std::optional<Workload> workload_of(const Namespaces& namespaces) const;

 private:
  using Triple = std::array<std::uint64_t, 3>;

  const HostNamespaces& host_;
  std::map<Triple, const Workload*> by_triple_;      // nullptr: ambiguous
  std::map<std::uint64_t, const Workload*> by_pid_;  // the same
};

}  // namespace cgroup2::identity
