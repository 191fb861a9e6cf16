// SPDX-License-Identifier: Apache-2.0
// Which containers lack a name that they should have: what the resolver does for its count.
#include <algorithm>
#include <string_view>

#include "identity/resolver.h"

namespace cgroup2::identity {
namespace {

//   populated 1
//   frozen 0
// True also where that cannot be read.
bool is_populated(const base::Dir& cgroup) {
  char buffer[256];
  const auto text = cgroup.read_at("cgroup.events", buffer);
  return !text || text->find("populated 0") == std::string_view::npos;
}

}  // namespace

// Of pods and their containers that lack the pod's name: whether they have processes.
void Resolver::look_for_processes(std::span<const ResolverInput> inputs) {
  const auto is_asked_for = [](const CgroupRecord& record) {
    return record.entry && !record.owner.pod_uid.empty() && record.entry->names.pod.empty() &&
           record.entry->looks > 0;
  };
  for (const CgroupRecord* record : order_) {
    if (is_asked_for(*record)) record->entry->is_populated = false;
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const CgroupRecord& record = *order_[i];
    if (is_asked_for(record) && !record.entry->is_populated)
      record.entry->is_populated = is_populated(*inputs[i].dir);
  }
}

std::size_t Resolver::count_nameless() const {
  return static_cast<std::size_t>(std::ranges::count_if(order_, [](const CgroupRecord* record) {
    const Identity& identity = *record->identity;
    const bool is_container =
        identity.owner.kind == WorkloadKind::container && identity.owner.subpath.empty();
    if (!is_container || identity.owner.pod_uid.empty() || !identity.names.pod.empty())
      return false;
    return record->user.empty() && record->entry && !record->entry->is_of_inner_kubelet &&
           record->entry->is_populated &&
           (record->entry->is_done || NameCache::had_a_minute(*record->entry));
  }));
}

}  // namespace cgroup2::identity
