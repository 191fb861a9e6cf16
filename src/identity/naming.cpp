// SPDX-License-Identifier: Apache-2.0
#include "identity/naming.h"

namespace cgroup2::identity {

Naming::Naming(std::span<const Decided> cgroups) : cgroups_(cgroups) {
  const Names nothing;
  for (const Decided& cgroup : cgroups_) {
    if (cgroup.workload.is_of_inner_kubelet) continue;
    const Names& names = cgroup.entry != nullptr ? cgroup.entry->names : nothing;
    pods_[cgroup.user].add(cgroup.workload, names, cgroup.is_confirmed ? cgroup.network : 0);
  }
  // The paths of Podman's pods have no uid. The containers below have the name of the pod.
  for (std::size_t i = 0; i < cgroups_.size(); ++i) {
    const Decided& cgroup = cgroups_[i];
    if (cgroup.parent < i && cgroups_[cgroup.parent].workload.kind == WorkloadKind::pod &&
        cgroup.entry != nullptr && !cgroup.entry->names.pod.empty())
      from_below_.try_emplace(cgroup.parent, &cgroup.entry->names);
  }
}

const Names* Naming::pod_of(std::size_t index, const Identity& identity) const {
  const Decided& cgroup = cgroups_[index];
  // Anybody in its container may give it the uid of a pod of the host.
  if (!identity.names.pod.empty() || cgroup.workload.is_of_inner_kubelet) return nullptr;
  const Pods& pods = pods_.find(cgroup.user)->second;
  if (const Names* pod = pods.find(identity.workload, identity.names, cgroup.network)) return pod;
  const auto below = from_below_.find(index);
  return below == from_below_.end() ? nullptr : below->second;
}

Identity Naming::identity_of(std::size_t index) const {
  const Decided& cgroup = cgroups_[index];
  Identity identity{.workload = cgroup.workload,
                    .source = cgroup.source,
                    .user = cgroup.user_name,
                    .names = {},
                    .namespaces = cgroup.namespaces};
  Workload& workload = identity.workload;
  Names& names = identity.names;
  if (cgroup.entry != nullptr) {
    names = cgroup.entry->names;
    if (cgroup.entry->source != IdentitySource::none) identity.source = cgroup.entry->source;
  }
  if (workload.pod_uid.empty()) workload.pod_uid = names.pod_uid;
  if (const Names* pod = pod_of(index, identity)) {
    fill(names, {.namespace_name = pod->namespace_name, .pod = pod->pod});
    if (workload.pod_uid.empty()) workload.pod_uid = pod->pod_uid;
    if (identity.source == IdentitySource::path || identity.source == IdentitySource::none)
      identity.source = IdentitySource::pod;
  }
  if (workload.runtime == Runtime::unknown && names.runtime != Runtime::none)
    workload.runtime = names.runtime;
  if (workload.kind == WorkloadKind::container && names.is_sandbox)
    workload.kind = WorkloadKind::sandbox;
  if (workload.kind == WorkloadKind::sandbox || workload.kind == WorkloadKind::pod)
    names.container.clear();
  const bool is_id_name =
      row_of(workload.runtime).id == IdShape::name || is_plain_name_of_containerd(workload);
  if (workload.kind == WorkloadKind::container && is_id_name && names.container.empty())
    names.container = workload.container_id;
  identity.may_get_name = workload.kind == WorkloadKind::container && names.container.empty() &&
                          cgroup.entry != nullptr && NameCache::may_get_name(*cgroup.entry);
  return identity;
}

}  // namespace cgroup2::identity
