// SPDX-License-Identifier: Apache-2.0
// When the first process of a cgroup began, where its processes are in cgroups below it.
//
// A container that runs systemd, a container of crun (which makes a cgroup for its processes below
// the container's own), a pod, and a service with Delegate= may have no process of their own. The
// oldest process below says when they began. Slices get no start: what is in them comes and goes.
#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

#include "identity/resolver.h"

namespace cgroup2::identity {

bool Resolver::begins_with_first_below(const CgroupRecord& record) {
  const std::string_view path = record.path;
  if (path.ends_with(".service") || path.ends_with(".scope")) return true;
  return is_of_one_workload(record.path_workload.kind) && record.path_workload.subpath.empty();
}

void Resolver::take_starts_from_below(std::span<const ResolverInput> inputs) {
  has_new_starts_ = false;
  is_dirty_ = true;
  std::vector<std::optional<std::uint64_t>> below(inputs.size());
  for (std::size_t i = inputs.size(); i-- > 0;) {
    CgroupRecord& record = *order_[i];
    const auto older = [](const auto& a, const auto& b) {
      return !a ? b : !b ? a : std::min(a, b);
    };
    const bool is_open = !record.first_start || record.has_new_start;
    if (is_open && begins_with_first_below(record))
      record.first_start = older(record.first_start, below[i]);
    record.has_new_start = false;
    if (inputs[i].parent >= i) continue;
    auto& above = below[inputs[i].parent];
    above = older(above, older(below[i], record.first_start));
  }
}

}  // namespace cgroup2::identity
