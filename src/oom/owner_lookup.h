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

/// What a path tells of the cgroup that is or was there.
struct CgroupAtPath {
  Owner owner;
  ContainerStart start = ContainerStart::none;
};

/// Used by the poller's thread, for one pass.
class OwnerLookup {
 public:
  virtual ~OwnerLookup() = default;
  /// Identifies the cgroup that is or was at a path. May read files: asked once, not for each fact.
  [[nodiscard]] virtual CgroupAtPath identify(const base::SharedText& path) = 0;
  /// Says whether a container began with the cgroup with that index among the observations of the
  /// pass.
  [[nodiscard]] virtual ContainerStart start_of(std::size_t observation) = 0;
  /// Whether there is time in this pass to ask of cgroups that may never have a kill, or that may
  /// have no better name.
  [[nodiscard]] virtual bool has_time() = 0;
};

}  // namespace cgroup2::oom
