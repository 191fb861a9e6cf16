// SPDX-License-Identifier: Apache-2.0
// Which containers lack a name that they should have, and which are left over and get none: what
// the resolver does for its count and for the lookups.
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

// Of containers and pods that lack a name: whether they have processes. Of those of Kubernetes at
// each call, because the count of the nameless ones depends on it, of others when they are due. In
// the first call, before anything is looked up: what has no processes then was left over by
// somebody.
void Resolver::look_for_processes(std::span<const ResolverInput> inputs, Clock::time_point now) {
  const bool is_first = call_ == 1;
  const auto is_asked_for = [&](const CgroupRecord& record) {
    if (!record.entry) return false;
    if (record.entry->looks == 0 && !is_first && !record.entry->was_found_empty) return false;
    const Names& names = record.entry->names;
    if (!record.workload().pod_uid.empty()) return names.pod.empty();
    return names.container.empty() && record.entry->backoff.is_due(now);
  };
  for (const CgroupRecord* record : order_) {
    if (is_asked_for(*record)) record->entry->is_populated = false;
  }
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const CgroupRecord& record = *order_[i];
    if (is_asked_for(record) && !record.entry->is_populated)
      record.entry->is_populated = is_populated(*inputs[i].dir);
  }
  for (const CgroupRecord* record : order_) {
    if (!is_asked_for(*record)) continue;
    NameEntry& entry = *record->entry;
    entry.was_found_empty = !entry.is_populated && (is_first || entry.was_found_empty);
    const bool is_of_pod = !record->workload().pod_uid.empty();
    if (!is_of_pod && NameCache::is_left_over(entry)) entry.backoff.note_look(now, false);
  }
}

std::size_t Resolver::count_nameless() const {
  return static_cast<std::size_t>(std::ranges::count_if(order_, [](const CgroupRecord* record) {
    const Identity& identity = *record->identity;
    const bool is_container =
        identity.workload.kind == WorkloadKind::container && identity.workload.subpath.empty();
    if (!is_container || identity.workload.pod_uid.empty() || !identity.names.pod.empty())
      return false;
    return record->user.empty() && record->entry && !record->workload().is_of_inner_kubelet &&
           record->entry->is_populated &&
           (record->entry->is_done || NameCache::had_a_minute(*record->entry));
  }));
}

}  // namespace cgroup2::identity
