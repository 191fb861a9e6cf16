// SPDX-License-Identifier: Apache-2.0
#include "identity/docker_files.h"

#include <optional>
#include <string>
#include <vector>

#include "identity/components.h"
#include "identity/host_files.h"
#include "identity/json_strings.h"
#include "identity/runtimes.h"
#include "identity/users.h"

namespace cgroup2::identity {

LookupResult parse_docker_config(std::string_view text, const Annotations& annotations,
                                 Names& names) {
  std::string name;
  Names found;
  const bool is_whole = for_each_string(text, [&](JsonPath path, const std::string& value) {
    if (is_at(path, {"Name"})) name = value;
    if (is_at(path, {"Config", "Image"})) fill(found, {.image = value});
    if (path.size() == 3 && path[0] == "Config" && path[1] == "Labels")
      annotations.take(path[2], value, found);
  });
  if (!is_whole) return LookupResult::failed;
  if (name.starts_with('/')) name.erase(0, 1);
  if (found.pod.empty()) fill(found, {.container = name});
  fill(names, found);
  return name.empty() ? LookupResult::absent : LookupResult::found;
}

//   /var/lib/docker/containers/ID/config.v2.json
std::optional<LookupResult> look_at_docker(const HostFiles& files, const NameQuery& query,
                                           Names& names) {
  const std::string id(query.workload.container_id);
  if (!is_container_id(id)) return std::nullopt;
  const std::string file = "containers/" + id + "/config.v2.json";
  std::vector<HostFile> places;
  if (!query.user.empty()) {
    if (auto root = rootless_docker_of(files, query.user))
      places.push_back({file, *std::move(root)});
    if (auto home = home_of_user(files.root, query.user))
      places.push_back({".local/share/docker/" + file, *std::move(home)});
  } else {
    for (const auto& root : files.roots.docker) places.push_back({root + '/' + file});
  }
  const Annotations annotations = files.annotations.of(query.workload);
  const LookupResult result = look_at_first(files, places, [&](const std::string& text) {
    return parse_docker_config(text, annotations, names);
  });
  if (result == LookupResult::found) fill(names, {.runtime = Runtime::docker});
  return result;
}

}  // namespace cgroup2::identity
