// SPDX-License-Identifier: Apache-2.0
#include "identity/namespace_owners.h"

#include <string>

namespace cgroup2::identity {
namespace {

bool is_same_container(const Workload& a, const Workload& b) {
  return a.container_id == b.container_id && a.runtime == b.runtime && a.pod_uid == b.pod_uid &&
         a.qos == b.qos;
}

template <class Map>
void add_to(Map& map, const typename Map::key_type& key, const Workload& workload) {
  const auto [at, is_new] = map.try_emplace(key, &workload);
  if (is_new || at->second == nullptr) return;
  if (!is_same_container(*at->second, workload)) at->second = nullptr;
}

std::array<std::uint64_t, 3> triple_of(const Namespaces& namespaces) {
  return {namespaces[Namespace::pid], namespaces[Namespace::mnt], namespaces[Namespace::cgroup]};
}

std::optional<Workload> copied(const Workload* workload) {
  if (workload == nullptr) return std::nullopt;
  Workload copy = *workload;
  copy.subpath.clear();
  return copy;
}

}  // namespace

void NamespaceOwners::add(const Namespaces& namespaces, const Workload& workload) {
  const bool is_private_pid = host_.differs(namespaces, Namespace::pid);
  const bool is_hosts = !is_private_pid && !host_.differs(namespaces, Namespace::mnt) &&
                        !host_.differs(namespaces, Namespace::cgroup);
  if (is_hosts) return;
  add_to(by_triple_, triple_of(namespaces), workload);
  if (is_private_pid) add_to(by_pid_, namespaces[Namespace::pid], workload);
}

std::optional<Workload> NamespaceOwners::workload_of(const Namespaces& namespaces) const {
  const auto by_triple = by_triple_.find(triple_of(namespaces));
  if (by_triple != by_triple_.end()) return copied(by_triple->second);
  if (!host_.differs(namespaces, Namespace::pid)) return std::nullopt;

  const auto pid = namespaces[Namespace::pid];
  const auto by_pid = by_pid_.find(pid);
  if (by_pid != by_pid_.end()) return copied(by_pid->second);
  return make_workload(WorkloadKind::container, Runtime::unknown, "pidns:" + std::to_string(pid));
}

}  // namespace cgroup2::identity
