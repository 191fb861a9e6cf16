// SPDX-License-Identifier: Apache-2.0
// What the tracker of OOM kills wants to know of cgroups and identities.
#pragma once

#include <chrono>
#include <string>

#include "base/time.h"
#include "cgroup/tree.h"
#include "identity/resolver.h"
#include "oom/kill_tracker.h"
#include "oom/observation.h"

namespace cgroup2::snapshot {

/// Reads memory.events and memory.events.local of a cgroup. The observation refers to the node's
/// path; without generation if they cannot be read.
[[nodiscard]] oom::Observation observe_kills(const cgroup::Node& node);

/// Asks the resolver whose the cgroups are that are gone. For one pass.
class PathOwners : public oom::OwnerLookup {
 public:
  /// There is time to ask ahead until `deadline`.
  PathOwners(identity::Resolver& resolver, base::TimePoint deadline)
      : resolver_(resolver), deadline_(deadline) {}

  [[nodiscard]] oom::Owner owner_of(const std::string& path) override;
  [[nodiscard]] bool has_time() override { return base::Clock::now() < deadline_; }

 private:
  identity::Resolver& resolver_;
  const base::TimePoint deadline_;
};

}  // namespace cgroup2::snapshot
