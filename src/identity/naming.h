// SPDX-License-Identifier: Apache-2.0
// Naming: how the owners of all cgroups of a decision are called.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <unordered_map>

#include "identity/identity.h"
#include "identity/name_book.h"
#include "identity/pods.h"

namespace cgroup2::identity {

/// A cgroup whose owner is decided. Refers to what the resolver keeps.
struct Decided {
  const PathIdentity& owner;
  Source source;
  const std::optional<Namespaces>& namespaces;
  const Page* page;       ///< what files say of the owner; nullptr if none can name it
  std::string_view user;  ///< below whose own manager it is called so; empty: no user
  std::uint64_t network;  ///< its network namespace; 0 if it is the host's or not known
  bool is_confirmed;      ///< the network namespace was the same twice
  std::size_t parent;     ///< index of the parent among the cgroups; any other number without one
};

/// Made anew for each decision, of cgroups in an order of parents before children, to which it
/// refers.
class Naming {
 public:
  explicit Naming(std::span<const Decided> cgroups);

  /// Everything known of the owner. What a page does not say the pod says: the one that the cgroup
  /// belongs to, or of a pod's own cgroup without a uid a container below it.
  [[nodiscard]] Identity identity_of(std::size_t place) const;

 private:
  [[nodiscard]] const Names* pod_of(std::size_t place, const Identity& identity) const;

  std::span<const Decided> cgroups_;
  std::map<std::string_view, Pods> pods_;  // by user: what one says must not name those of others
  std::unordered_map<std::size_t, const Names*> from_below_;  // by the pod's own cgroup
};

}  // namespace cgroup2::identity
