// SPDX-License-Identifier: Apache-2.0
#include "snapshot/cgroup_kinds.h"

#include <array>
#include <cstddef>

namespace cgroup2::snapshot {
namespace {

using catalog::CgroupKind;
using identity::WorkloadKind;

// The kind of each workload, which has the same word; without one this does not compile.
constexpr auto kinds_of_workloads = [] {
  std::array<CgroupKind, static_cast<std::size_t>(WorkloadKind::count)> kinds{};
  for (std::size_t i = 0; i < kinds.size(); ++i)
    kinds[i] = catalog::find_cgroup_kind(to_string(static_cast<WorkloadKind>(i))).value();
  return kinds;
}();

// Of a cgroup whose path names no workload, by its name and its unit.
CgroupKind kind_of_other(const identity::Workload& workload, std::string_view path) {
  if (path == "/") return CgroupKind::root;
  if (path.ends_with(".slice")) return CgroupKind::slice;
  if (path.ends_with(".service")) return CgroupKind::service;
  if (path.ends_with(".scope")) return CgroupKind::scope;
  const std::string_view unit = workload.user_unit.empty() ? workload.unit : workload.user_unit;
  const bool is_in_unit = unit.ends_with(".service") || unit.ends_with(".scope");
  return is_in_unit ? CgroupKind::inside : CgroupKind::other;
}

}  // namespace

catalog::CgroupKindSet kinds_of(const identity::Identity& identity, std::string_view path) {
  const identity::Workload& workload = identity.workload;
  CgroupKind kind = CgroupKind::inside;
  if (workload.kind == WorkloadKind::other) {
    kind = kind_of_other(workload, path);
  } else if (workload.subpath.empty()) {
    kind = kinds_of_workloads.at(static_cast<std::size_t>(workload.kind));
  }
  catalog::CgroupKindSet kinds;
  kinds.set(index(kind));
  const bool is_machine = kind == CgroupKind::vm || !identity.names.machine.empty();
  if (is_machine && kind != CgroupKind::inside) kinds.set(index(CgroupKind::machine));
  return kinds;
}

}  // namespace cgroup2::snapshot
