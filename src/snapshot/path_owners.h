// SPDX-License-Identifier: Apache-2.0
// PathOwners: tells the tracker of OOM kills whose a cgroup is, and with which one a container
// begins.
#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "base/shared_text.h"
#include "base/time.h"
#include "identity/resolver.h"
#include "oom/owner_lookup.h"
#include "snapshot/cgroup.h"

namespace cgroup2::snapshot {

/// Asks the resolver whose the cgroups are that are gone. For one pass.
class PathOwners : public oom::OwnerLookup {
 public:
  /// `cgroups` are those of the pass, in the order of the observations. There is time to ask ahead
  /// until `deadline`.
  PathOwners(identity::Resolver& resolver, std::span<const std::shared_ptr<const Cgroup>> cgroups,
             base::TimePoint deadline)
      : resolver_(resolver), cgroups_(cgroups), deadline_(deadline) {}

  [[nodiscard]] oom::CgroupAtPath identify(const base::SharedText& path) override;
  [[nodiscard]] oom::ContainerStart start_of(std::size_t observation) override;
  [[nodiscard]] bool has_time() override { return base::Clock::now() < deadline_; }

 private:
  identity::Resolver& resolver_;
  const std::span<const std::shared_ptr<const Cgroup>> cgroups_;
  const base::TimePoint deadline_;
};

}  // namespace cgroup2::snapshot
