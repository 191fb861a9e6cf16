// SPDX-License-Identifier: Apache-2.0
#include "identity/containerd_bundles.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <vector>

#include "identity/components.h"
#include "identity/oci_config.h"

namespace cgroup2::identity {

std::optional<Lookup> ContainerdBundles::look(const Question& question, Names& names) {
  const PathIdentity& owner = question.owner;
  constexpr std::string_view others[] = {"docker", "libpod", "crio"};
  if (!has_file_id(question.owner) || std::ranges::find(others, owner.runtime) != std::end(others))
    return std::nullopt;
  // containerd itself, and as k3s and RKE2, k0s and MicroK8s run it.
  constexpr std::string_view states[] = {"run/containerd", "run/k3s/containerd",
                                         "run/k0s/containerd",
                                         "var/snap/microk8s/common/run/containerd"};
  // ctr puts its cgroups at /NAMESPACE/ID.
  std::set<std::string> namespaces{"k8s.io", "default"};
  std::string_view rest = question.path;
  if (const auto first = next_component(rest)) namespaces.emplace(*first);
  std::vector<std::string> places;
  for (const auto state : states) {
    for (const auto& name : namespaces) {
      places.push_back(std::string(state) + "/io.containerd.runtime.v2.task/" + name + '/' +
                       owner.container_id + "/config.json");
    }
  }
  const Lookup lookup = look_at_first(host_, places, [&](const std::string& text) {
    return parse_oci_config(text, annotations_, names);
  });
  if (lookup == Lookup::found) fill(names, {.runtime = "containerd"});
  return lookup;
}

}  // namespace cgroup2::identity
