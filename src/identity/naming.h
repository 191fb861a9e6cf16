// SPDX-License-Identifier: Apache-2.0
// Naming: decides how the workloads of all cgroups are called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "identity/identity.h"
#include "identity/name_cache.h"
#include "identity/pods.h"

namespace cgroup2::identity {

/// A cgroup whose workload is decided. Refers to data of the resolver.
struct Decided {
  const Workload& workload;
  IdentitySource source;
  const std::optional<Namespaces>& namespaces;
  const NameEntry* entry;  ///< the names of the workload in files; nullptr if no file can name it
  std::string_view user;   ///< uid of whose own manager made it; empty: none
  const base::SharedText& user_name;  ///< the name of that user
  std::uint64_t network;  ///< inode of its network namespace; 0 if that is the host's or not known
  bool is_confirmed;      ///< the network namespace was the same in two probes
  std::size_t parent;     ///< index of the parent among the cgroups; any other number without one
};

/// Is made anew for each decision. Refers to the cgroups, parents before children.
class Naming {
 public:
  explicit Naming(std::span<const Decided> cgroups);

  /// Returns everything known of the workload of one cgroup. Names that the entry does not have
  /// come from another cgroup of the same pod; for a pod's own cgroup without a uid, from a
  /// container below it.
  [[nodiscard]] Identity identity_of(std::size_t index) const;

 private:
  [[nodiscard]] const Names* pod_of(std::size_t index, const Identity& identity) const;

  std::span<const Decided> cgroups_;
  std::map<std::string_view, Pods>
      pods_;  // by user: the names of one must not be on the cgroups of others
  std::unordered_map<std::size_t, const Names*> from_below_;  // by the pod's own cgroup
};

}  // namespace cgroup2::identity
