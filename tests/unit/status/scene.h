// SPDX-License-Identifier: Apache-2.0
// Scene: a snapshot made by hand, and a page context of it.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "catalog/catalog.h"
#include "identity/paths.h"
#include "identity/units.h"
#include "machine/machine.h"
#include "status/page_context.h"

namespace cgroup2::status {

class Scene {
 public:
  Scene() { snapshot.enabled.set(); }

  /// Adds a cgroup of the workload that its path says; returns its index. Ids count from 100.
  cgroup::CgroupIndex add(const std::string& path, identity::Names names = {},
                          identity::IdentitySource source = identity::IdentitySource::path) {
    auto identity = std::make_shared<identity::Identity>();
    identity->workload = identity::parse_path(path);
    const auto units = identity::parse_units(path);
    identity->workload.unit = units.unit;
    identity->workload.user_unit = units.user_unit;
    identity->names = std::move(names);
    identity->source = source;
    return add(path, std::move(identity));
  }

  cgroup::CgroupIndex add(const std::string& path,
                          std::shared_ptr<const identity::Identity> identity) {
    snapshot.cgroups.push_back(
        snapshot::make_cgroup(path, std::move(identity), 100 + snapshot.cgroups.size()));
    return static_cast<cgroup::CgroupIndex>(snapshot.cgroups.size() - 1);
  }

  /// Sets a value in the unit of the kernel.
  void set(std::string_view metric, cgroup::CgroupIndex cgroup, std::uint64_t number) {
    snapshot.samples.columns.at(catalog::metric_index(metric))
        .push_back({cgroup, cgroup::no_labels, number});
  }
  void set_memory(cgroup::CgroupIndex cgroup, std::uint64_t usage, std::uint64_t unreclaimable,
                  std::uint64_t limit) {
    set("cgroup_memory_usage_bytes", cgroup, usage);
    set("cgroup_memory_unreclaimable_bytes", cgroup, unreclaimable);
    set("cgroup_memory_effective_limit_bytes", cgroup, limit);
  }

  void set_machine(machine::Machine machine) {
    snapshot.machine = std::make_shared<const machine::Machine>(std::move(machine));
  }

  void set_ledger(oom::LedgerContent content) {
    snapshot.ledger = std::make_shared<const oom::LedgerContent>(std::move(content));
  }

  [[nodiscard]] PageContext context() const { return {host, self, snapshot, history}; }

  HostFacts host;
  Self self;
  snapshot::Snapshot snapshot;

 private:
  std::unique_ptr<History> history_ = std::make_unique<History>();

 public:
  History& history = *history_;
};

/// A container of a pod that the names tell.
inline std::string container_path(char digit) {
  return "/kubepods.slice/kubepods-burstable.slice/"
         "kubepods-burstable-pod0b9f2f9e_6f6a_4c4e_8d7e_000000000001.slice/cri-containerd-" +
         std::string(64, digit) + ".scope";
}

inline identity::Names names_of(std::string pod, std::string container) {
  identity::Names names;
  names.namespace_name = "shop";
  names.pod = std::move(pod);
  names.container = std::move(container);
  return names;
}

}  // namespace cgroup2::status
