// SPDX-License-Identifier: Apache-2.0
#include "identity/naming.h"

namespace cgroup2::identity {

Naming::Naming(std::span<const Decided> cgroups) : cgroups_(cgroups) {
  const Names nothing;
  for (const Decided& cgroup : cgroups_) {
    const Names& names = cgroup.page != nullptr ? cgroup.page->names : nothing;
    pods_[cgroup.user].add(cgroup.owner, names, cgroup.is_confirmed ? cgroup.network : 0);
  }
  // Podman's pods have no uid in their path. Their cgroup is called as the containers below it.
  for (std::size_t i = 0; i < cgroups_.size(); ++i) {
    const Decided& cgroup = cgroups_[i];
    if (cgroup.parent < i && cgroups_[cgroup.parent].owner.kind == Kind::pod &&
        cgroup.page != nullptr && !cgroup.page->names.pod.empty())
      from_below_.try_emplace(cgroup.parent, &cgroup.page->names);
  }
}

const Names* Naming::pod_of(std::size_t place, const Identity& identity) const {
  if (!identity.names.pod.empty()) return nullptr;
  const Decided& cgroup = cgroups_[place];
  const Pods& pods = pods_.find(cgroup.user)->second;
  if (const Names* pod = pods.find(identity.owner, identity.names, cgroup.network)) return pod;
  const auto below = from_below_.find(place);
  return below == from_below_.end() ? nullptr : below->second;
}

Identity Naming::identity_of(std::size_t place) const {
  const Decided& cgroup = cgroups_[place];
  Identity identity{cgroup.owner, cgroup.source, {}, cgroup.namespaces};
  PathIdentity& owner = identity.owner;
  Names& names = identity.names;
  if (cgroup.page != nullptr) {
    names = cgroup.page->names;
    if (cgroup.page->source != Source::none) identity.source = cgroup.page->source;
  }
  if (owner.pod_uid.empty()) owner.pod_uid = names.pod_uid;
  if (const Names* pod = pod_of(place, identity)) {
    fill(names, {.namespace_name = pod->namespace_name, .pod = pod->pod});
    if (owner.pod_uid.empty()) owner.pod_uid = pod->pod_uid;
    if (identity.source == Source::path || identity.source == Source::none)
      identity.source = Source::pod;
  }
  if (owner.runtime == "unknown" && !names.runtime.empty()) owner.runtime = names.runtime;
  if (owner.kind == Kind::container && names.is_sandbox) owner.kind = Kind::sandbox;
  if (owner.kind == Kind::sandbox || owner.kind == Kind::pod) names.container.clear();
  // LXC and nspawn know their containers by name only.
  if (owner.kind == Kind::container && names.container.empty() &&
      (owner.runtime == "lxc" || owner.runtime == "nspawn"))
    names.container = owner.container_id;
  return identity;
}

}  // namespace cgroup2::identity
