// SPDX-License-Identifier: Apache-2.0
#include "identity/pods.h"

namespace cgroup2::identity {
namespace {

bool agree(std::string_view a, std::string_view b) { return a == b || a.empty() || b.empty(); }

bool is_same_pod(const Names& a, const Names& b) {
  return a.pod_uid == b.pod_uid && agree(a.pod, b.pod) && agree(a.namespace_name, b.namespace_name);
}

}  // namespace

void Pods::add(const Workload& workload, const Names& names, std::uint64_t network) {
  Names pod;
  pod.namespace_name = names.namespace_name;
  pod.pod = names.pod;
  pod.pod_uid = workload.pod_uid.empty() ? names.pod_uid : workload.pod_uid;
  if (pod.pod.empty() && pod.pod_uid.empty()) return;
  if (!pod.pod_uid.empty() && !pod.pod.empty()) by_uid_.try_emplace(std::string(pod.pod_uid), pod);
  if (names.is_sandbox && !pod.pod.empty())
    by_sandbox_.try_emplace(std::string(workload.container_id), pod);
  if (network == 0) return;
  const auto [at, is_new] = by_network_.try_emplace(network, pod);
  auto& known = at->second;
  if (is_new || !known) return;
  if (is_same_pod(*known, pod)) {
    fill(*known, pod);
  } else {
    known.reset();
  }
}

const Names* Pods::find(const Workload& workload, const Names& names, std::uint64_t network) const {
  if (!workload.pod_uid.empty()) {
    const auto by_uid = by_uid_.find(workload.pod_uid.view());
    return by_uid == by_uid_.end() ? nullptr : &by_uid->second;
  }
  // The containers of a Kubernetes pod have its uid, as its sandbox does. Without one, that sandbox
  // may be stated by an image.
  const auto by_sandbox = by_sandbox_.find(names.sandbox_id.view());
  if (by_sandbox != by_sandbox_.end() && by_sandbox->second.pod_uid.empty())
    return &by_sandbox->second;
  const auto by_network = by_network_.find(network);
  if (network == 0 || by_network == by_network_.end() || !by_network->second) return nullptr;
  const Names& pod = *by_network->second;
  const auto named = by_uid_.find(pod.pod_uid.view());
  return named == by_uid_.end() ? &pod : &named->second;
}

}  // namespace cgroup2::identity
