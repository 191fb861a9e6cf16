// SPDX-License-Identifier: Apache-2.0
#include "identity/pods.h"

namespace cgroup2::identity {

void Pods::add(const PathIdentity& owner, const Names& names, std::uint64_t network) {
  Names pod;
  pod.namespace_name = names.namespace_name;
  pod.pod = names.pod;
  pod.pod_uid = owner.pod_uid.empty() ? names.pod_uid : owner.pod_uid;
  if (pod.pod.empty() && pod.pod_uid.empty()) return;
  if (!pod.pod_uid.empty() && !pod.pod.empty()) by_uid_.try_emplace(pod.pod_uid, pod);
  if (names.is_sandbox && !pod.pod.empty()) by_sandbox_.try_emplace(owner.container_id, pod);
  if (network == 0) return;
  const auto [at, is_new] = by_network_.try_emplace(network, pod);
  if (is_new) return;
  Names& known = at->second;
  const bool is_same = known.pod_uid == pod.pod_uid &&
                       (known.pod == pod.pod || known.pod.empty() || pod.pod.empty());
  if (is_same) {
    fill(known, pod);
  } else {
    known = Names();
  }
}

const Names* Pods::find(const PathIdentity& owner, const Names& names,
                        std::uint64_t network) const {
  if (!owner.pod_uid.empty()) {
    const auto by_uid = by_uid_.find(owner.pod_uid);
    return by_uid == by_uid_.end() ? nullptr : &by_uid->second;
  }
  const auto by_sandbox = by_sandbox_.find(names.sandbox_id);
  if (by_sandbox != by_sandbox_.end()) return &by_sandbox->second;
  const auto by_network = by_network_.find(network);
  if (network == 0 || by_network == by_network_.end() || by_network->second == Names())
    return nullptr;
  const auto named = by_uid_.find(by_network->second.pod_uid);
  return named == by_uid_.end() ? &by_network->second : &named->second;
}

}  // namespace cgroup2::identity
