// SPDX-License-Identifier: Apache-2.0
#include "snapshot/path_owners.h"

#include "snapshot/owner.h"

namespace cgroup2::snapshot {
namespace {

// A virtual machine begins like a container. A job has a number of its own, so it begins once.
oom::ContainerStart start_of(const identity::Identity& identity) {
  const identity::Workload& workload = identity.workload;
  const bool is_container = (workload.kind == identity::WorkloadKind::container ||
                             workload.kind == identity::WorkloadKind::vm) &&
                            workload.subpath.empty();
  if (!is_container) return oom::ContainerStart::none;
  return identity.may_get_name ? oom::ContainerStart::open : oom::ContainerStart::known;
}

}  // namespace

oom::CgroupAtPath PathOwners::identify(const base::SharedText& path) {
  const auto identity = resolver_.identify_by_path(path);
  return {owner_of(identity, path), snapshot::start_of(identity)};
}

oom::ContainerStart PathOwners::start_of(std::size_t observation) {
  return snapshot::start_of(*cgroups_[observation]->identity);
}

}  // namespace cgroup2::snapshot
