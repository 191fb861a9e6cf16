// SPDX-License-Identifier: Apache-2.0
// Says which cgroup owns each network namespace, so that its counters are shown once. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "identity/host_namespaces.h"
#include "identity/identity.h"
#include "identity/resolver.h"

namespace cgroup2::snapshot {

/// A network namespace other than the host's. Cgroups are indices among the resolver's inputs.
struct OwnedNetwork {
  std::uint64_t inode = 0;
  std::size_t owner = 0;             ///< on which it is shown
  std::vector<std::size_t> members;  ///< those with processes in it
};

/// Finds the namespaces that the processes of these cgroups live in. The owner is the pod's sandbox
/// where that is known; else the pod; else the topmost cgroup whose processes live in it,
/// containers before others, of several the one that was made first.
///
/// They stand in the order in which a bound is to take them: the first of each subtree (see
/// identity::subtree_of), then the second of each, those that were made first before others.
[[nodiscard]] std::vector<OwnedNetwork> find_owned_networks(
    std::span<const identity::ResolverInput> cgroups,
    std::span<const std::shared_ptr<const identity::Identity>> identities,
    const identity::HostNamespaces& host);

}  // namespace cgroup2::snapshot
