// SPDX-License-Identifier: Apache-2.0
// Claims: which container lives in which namespaces, as the cgroups that a path names teach it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>

#include "identity/host.h"
#include "identity/namespaces.h"
#include "identity/paths.h"

namespace cgroup2::identity {

/// Made anew for each decision. What two containers claim belongs to neither, so the order of the
/// claims does not matter.
class Claims {
 public:
  explicit Claims(const Host& host) : host_(host) {}

  /// Notes that a process of `owner` lives in these namespaces. `owner` must outlive the claims.
  /// The host's own teach nothing.
  void add(const Namespaces& namespaces, const PathIdentity& owner);

  /// The container that a process in these namespaces belongs to, without a subpath: the one that
  /// claims the same pid, mnt and cgroup namespace, else the only one that claims the pid
  /// namespace, else "pidns:<inode>" for a pid namespace that nobody claims. Nothing for what lives
  /// in the host's pid namespace and for what several claim.
  [[nodiscard]] std::optional<PathIdentity> owner_of(const Namespaces& namespaces) const;

 private:
  using Triple = std::array<std::uint64_t, 3>;

  const Host& host_;
  std::map<Triple, const PathIdentity*> by_triple_;      // nullptr: ambiguous
  std::map<std::uint64_t, const PathIdentity*> by_pid_;  // the same
};

}  // namespace cgroup2::identity
