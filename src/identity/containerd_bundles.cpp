// SPDX-License-Identifier: Apache-2.0
// The bundles of containerd, in the state directories of its distributions, which are 0700 of root:
//   run/containerd/io.containerd.runtime.v2.task/NAMESPACE/ID/config.json
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "identity/components.h"
#include "identity/host_files.h"
#include "identity/oci_config.h"
#include "identity/runtimes.h"

namespace cgroup2::identity {

std::optional<LookupResult> look_at_containerd(const HostFiles& files, const NameQuery& query,
                                               Names& names) {
  const std::string id(query.workload.container_id);
  if (!is_container_id(id)) return std::nullopt;
  // ctr puts its cgroups at /NAMESPACE/ID.
  std::set<std::string> namespaces{"k8s.io", "default"};
  std::string_view rest = query.path;
  if (const auto first = next_component(rest)) namespaces.emplace(*first);
  std::vector<HostFile> places;
  for (const auto& state : files.roots.containerd_states) {
    for (const auto& name : namespaces) {
      places.push_back(
          {state + "/io.containerd.runtime.v2.task/" + name + '/' + id + "/config.json"});
    }
  }
  const LookupResult result = look_at_first(files, places, [&](const std::string& text) {
    return parse_oci_config(text, files.annotations, names);
  });
  if (result == LookupResult::found) fill(names, {.runtime = Runtime::containerd});
  return result;
}

}  // namespace cgroup2::identity
