// SPDX-License-Identifier: Apache-2.0
// ContainersFirst: for which cgroups there is something that only so many can have.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "cgroup/tree.h"
#include "snapshot/cgroup.h"

namespace cgroup2::snapshot {

/// Removes the elements at some places, which ascend.
template <class Element>
void erase_places(std::vector<Element>& elements, std::span<const std::size_t> places) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < elements.size(); ++i) {
    if (i - kept < places.size() && places[i - kept] == i) continue;
    elements[kept++] = elements[i];
  }
  elements.resize(kept);
}

/// Belongs to the poller's thread.
class ContainersFirst {
 public:
  /// Returns the places in `wanted` that give way, ascending: users' before services before
  /// workloads, and in these everything else before containers. `cgroups` is by Node::index.
  /// Decides anew only where others are wanted than before, or another number: it takes long, and
  /// names of owners do not count.
  const std::vector<std::size_t>& find_excess(
      std::span<const cgroup::Node* const> wanted,
      std::span<const std::shared_ptr<const Cgroup>> cgroups, std::size_t max);

 private:
  std::size_t max_ = 0;
  std::vector<std::uint64_t> ids_;  // of those that it was decided of
  std::vector<std::size_t> excess_;
};

}  // namespace cgroup2::snapshot
