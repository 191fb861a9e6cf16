// SPDX-License-Identifier: Apache-2.0
#include "identity/docker_files.h"

#include <vector>

#include "identity/json_strings.h"
#include "identity/oci_config.h"
#include "identity/users.h"

namespace cgroup2::identity {

Lookup parse_docker_config(std::string_view text, const Annotations& annotations, Names& names) {
  std::string name;
  Names found;
  const bool is_whole = for_each_string(text, [&](JsonPath path, const std::string& value) {
    if (is_at(path, {"Name"})) name = value;
    if (is_at(path, {"Config", "Image"})) fill(found, {.image = value});
    if (path.size() == 3 && path[0] == "Config" && path[1] == "Labels")
      annotations.take(path[2], value, found);
  });
  if (!is_whole) return Lookup::failed;
  if (name.starts_with('/')) name.erase(0, 1);
  if (found.pod.empty()) fill(found, {.container = name});
  fill(names, found);
  return name.empty() ? Lookup::absent : Lookup::found;
}

std::optional<Lookup> DockerFiles::look(const Question& question, Names& names) {
  const std::string& runtime = question.owner.runtime;
  if (!has_file_id(question.owner) || (runtime != "docker" && runtime != "unknown"))
    return std::nullopt;
  const std::string file = "/containers/" + question.owner.container_id + "/config.v2.json";
  std::vector<std::string> places;
  if (const auto user = user_of_owner(question.path, question.owner.subpath)) {
    if (const auto home = home_of_user(host_, *user))
      places.push_back(*home + "/.local/share/docker" + file);
  } else {
    places.push_back("var/lib/docker" + file);
    places.push_back("var/snap/docker/common/var-lib-docker" + file);
  }
  const Lookup lookup = look_at_first(host_, places, [&](const std::string& text) {
    return parse_docker_config(text, annotations_, names);
  });
  if (lookup == Lookup::found) fill(names, {.runtime = "docker"});
  return lookup;
}

}  // namespace cgroup2::identity
