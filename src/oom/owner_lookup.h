// SPDX-License-Identifier: Apache-2.0
// OwnerLookup: tells whose a cgroup is that no walk saw alive.
#pragma once

#include <cstddef>
#include <string>

#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// Says whether a cgroup is one with which a container began.
enum class ContainerStart {
  none,  ///< it is something else, or lies in a container
  open,  ///< it is a container that has no name and may still get one
  known,
};

/// Used by the poller's thread, for one pass.
class OwnerLookup {
 public:
  virtual ~OwnerLookup() = default;
  /// Returns the owner of the cgroup that is or was at a path.
  [[nodiscard]] virtual Owner owner_of(const base::SharedText& path) = 0;
  /// Says so of the cgroup with that index among the observations of the pass.
  [[nodiscard]] virtual ContainerStart start_of(std::size_t observation) = 0;
  /// Says so of the cgroup that is or was at a path.
  [[nodiscard]] virtual ContainerStart start_of(const base::SharedText& path) = 0;
  /// Whether there is time in this pass to ask of cgroups that may never have a kill, or that may
  /// have no better name.
  [[nodiscard]] virtual bool has_time() = 0;
};

}  // namespace cgroup2::oom
