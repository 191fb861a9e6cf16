// SPDX-License-Identifier: Apache-2.0
#include "identity/containers_storage.h"

#include <optional>
#include <string>
#include <vector>

#include "identity/components.h"
#include "identity/host_files.h"
#include "identity/json_strings.h"
#include "identity/oci_config.h"
#include "identity/runtimes.h"
#include "identity/users.h"

namespace cgroup2::identity {
namespace {

// Takes the pod of Podman whose sandbox this is. Podman calls a sandbox by twelve digits of the
// pod's id, and gives it the pod's name for a hostname unless the user chose another one
// (podman-pod-create(1), --hostname, --infra-name).
void take_pod_of_infra(Names& names) {
  constexpr std::size_t shown_of_id = 12;
  const auto id = between(names.container, "", "-infra");
  if (!id || !is_hex(*id, shown_of_id)) return;
  names.is_sandbox = true;
  if (names.pod.empty()) names.pod = names.hostname;
}

}  // namespace

LookupResult parse_storage_list(std::string_view text, std::string_view id, Names& names) {
  std::string of_this;  // the number of this container in the list
  Names found;
  const bool is_whole = for_each_string(text, [&](JsonPath path, const std::string& value) {
    if (path.size() < 2) return;
    if (is_at(path.subspan(1), {"id"}) && value == id) of_this = path[0];
    if (of_this.empty() || path[0] != of_this) return;
    if (is_at(path.subspan(1), {"names", "0"})) fill(found, {.container = value});
    if (!is_at(path.subspan(1), {"metadata"})) return;
    (void)for_each_string(value, [&](JsonPath inner, const std::string& word) {
      if (is_at(inner, {"image-name"})) fill(found, {.image = word});
    });
  });
  if (!is_whole) return LookupResult::failed;
  fill(names, found);
  return of_this.empty() ? LookupResult::absent : LookupResult::found;
}

// Of root, and of the users below /run/user and their home directories:
//   run/containers/storage/overlay-containers/ID/userdata/config.json
//   var/lib/containers/storage/overlay-containers/containers.json
std::optional<LookupResult> look_at_containers_storage(const HostFiles& files,
                                                       const NameQuery& query, Names& names) {
  const std::string id(query.workload.container_id);
  if (!is_container_id(id)) return std::nullopt;
  std::vector<HostFile> run_roots, graph_roots;
  if (!query.user.empty()) {
    if (auto directory = runtime_directory_of_user(query.user))
      run_roots.push_back({"containers", *std::move(directory)});
    if (auto root = rootless_graph_of(files, query.user))
      graph_roots.push_back({".", *std::move(root)});
    if (auto home = home_of_user(files.root, query.user))
      graph_roots.push_back({".local/share/containers/storage", *std::move(home)});
  } else {
    for (const auto& root : files.roots.run) run_roots.push_back({root});
    for (const auto& root : files.roots.graph) graph_roots.push_back({root});
  }
  const auto places_in = [&files](const std::vector<HostFile>& roots, const std::string& file) {
    std::vector<HostFile> places;
    for (const auto& [root, top] : roots) {
      for (const auto& driver : files.roots.drivers)
        places.push_back({root + '/' + driver + "-containers/" + file, top});
    }
    return places;
  };
  std::vector<HostFile> roots = run_roots;
  roots.insert(roots.end(), graph_roots.begin(), graph_roots.end());
  const Annotations annotations = files.annotations.of(query.workload);
  const LookupResult config = look_at_first(
      files, places_in(roots, id + "/userdata/config.json"),
      [&](const std::string& text) { return parse_oci_config(text, annotations, names); });
  // CRI-O's annotations have the names of Kubernetes, the list has others.
  if (config == LookupResult::found && !names.container.empty() && !names.image.empty())
    return config;
  const auto from_list = [&](const std::string& text) {
    return parse_storage_list(text, id, names);
  };
  LookupResult list = look_at_first(files, places_in(graph_roots, "containers.json"), from_list);
  if (list != LookupResult::found) {
    list =
        joined(list, look_at_first(files, places_in(roots, "volatile-containers.json"), from_list));
  }
  take_pod_of_infra(names);
  return joined(config, list);
}

}  // namespace cgroup2::identity
