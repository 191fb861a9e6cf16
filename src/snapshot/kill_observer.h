// SPDX-License-Identifier: Apache-2.0
// What the tracker of OOM kills wants to know of cgroups and identities.
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "base/time.h"
#include "cgroup/tree.h"
#include "identity/resolver.h"
#include "oom/kill_tracker.h"
#include "oom/observation.h"
#include "snapshot/cgroup.h"
#include "snapshot/event_texts.h"

namespace cgroup2::snapshot {

/// Reads memory.events and memory.events.local of a cgroup, and adds them to `texts`. The
/// observation refers to the node's path; without generation if they cannot be read.
[[nodiscard]] oom::Observation observe_kills(const cgroup::Node& node, EventTexts& texts);

/// Asks the resolver whose the cgroups are that are gone. For one pass.
class PathOwners : public oom::OwnerLookup {
 public:
  /// `cgroups` are those of the pass, in the order of the observations. There is time to ask ahead
  /// until `deadline`.
  PathOwners(identity::Resolver& resolver, std::span<const std::shared_ptr<const Cgroup>> cgroups,
             base::TimePoint deadline)
      : resolver_(resolver), cgroups_(cgroups), deadline_(deadline) {}

  [[nodiscard]] oom::Owner owner_of(const base::SharedText& path) override;
  [[nodiscard]] oom::ContainerStart start_of(std::size_t observation) override;
  [[nodiscard]] oom::ContainerStart start_of(const base::SharedText& path) override;
  [[nodiscard]] bool has_time() override { return base::Clock::now() < deadline_; }

 private:
  identity::Resolver& resolver_;
  const std::span<const std::shared_ptr<const Cgroup>> cgroups_;
  const base::TimePoint deadline_;
};

}  // namespace cgroup2::snapshot
