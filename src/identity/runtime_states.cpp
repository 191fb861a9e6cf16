// SPDX-License-Identifier: Apache-2.0
#include "identity/runtime_states.h"

#include <cerrno>
#include <set>
#include <utility>

#include "identity/components.h"
#include "identity/json_strings.h"
#include "identity/oci_config.h"
#include "identity/paths.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t max_containers = 10'000;

// containerd's shim keeps the states here, whatever containerd's own state directory is, as that of
// k3s (cmd/containerd-shim-runc-v2/process of containerd: RuncRoot). Below it is a directory for
// each of containerd's namespaces, and in that one for each container.
constexpr const char* containerd_directory = "run/containerd/runc";
constexpr std::size_t max_namespaces = 100;

// Returns "/a/b" for "/a//b/", as the tree calls the cgroup; nothing for the root, which no
// container has.
std::string clean(std::string_view path) {
  std::string names;
  if (!path.starts_with('/')) return names;
  while (const auto name = next_component(path)) {
    names += '/';
    names += *name;
  }
  return names;
}

// Whether a container with the workload's id can be the workload. Ids of 64 hex digits are unique;
// those that a caller chose are not. Buildah runs its containers with crun or runc.
bool may_be(const Workload& workload, Runtime runtime) {
  return is_container_id(workload.container_id) || workload.runtime == runtime ||
         workload.runtime == Runtime::buildah;
}

// Whether the state of a container is worth reading. In the cgroup of one that containerd calls by
// 64 hex digits the path has the id, and a node has hundreds of these.
bool is_wanted(Runtime runtime, const std::string& id) {
  return runtime != Runtime::containerd || !is_container_id(id);
}

}  // namespace

std::optional<RuntimeState> parse_runtime_state(std::string_view text) {
  RuntimeState state;
  const bool is_whole = for_each_string(text, [&](JsonPath path, const std::string& value) {
    if (is_at(path, {"cgroup-path"})) state.cgroup = value;
    if (is_at(path, {"cgroup_paths", ""}))
      state.cgroup = between(value, "/sys/fs/cgroup", "").value_or("");
    if (is_at(path, {"bundle"})) state.bundle = value;
    if (path.size() == 3 && path[0] == "config" && path[1] == "labels") {
      if (const auto bundle = between(value, "bundle=", "")) state.bundle = *bundle;
    }
  });
  state.cgroup = clean(state.cgroup);
  if (!is_whole || state.cgroup.empty()) return std::nullopt;
  return state;
}

bool RuntimeStates::refresh() {
  bool is_changed = find_namespaces();
  for (auto& directory : directories_) is_changed = refresh(directory) || is_changed;
  if (!is_changed) return false;
  by_path_.clear();
  for (const auto& directory : directories_) {
    for (const auto& [id, container] : directory.containers)
      by_path_.try_emplace(container.state.cgroup, &container);
  }
  return true;
}

// Makes a directory for each of containerd's namespaces, and returns whether one with containers
// went.
bool RuntimeStates::find_namespaces() {
  const auto stamp = files_.root.stamp(containerd_directory);
  if (stamp && namespaces_stamp_ == *stamp) return false;
  std::set<std::string> present;
  const int error = stamp ? files_.root.list(containerd_directory, max_namespaces,
                                             [&](std::string_view name) {
                                               present.insert(std::string(containerd_directory) +
                                                              '/' + std::string(name));
                                             })
                          : stamp.error().code;
  const bool is_listed = error == 0 || error == EFBIG;
  if (!is_listed && result_of(error) == LookupResult::failed) return false;
  namespaces_stamp_ = stamp ? std::optional(*stamp) : std::nullopt;
  bool is_changed = false;
  std::erase_if(directories_, [&](const StateDirectory& each) {
    const bool is_gone = each.runtime == Runtime::containerd && present.erase(each.path) == 0;
    is_changed = is_changed || (is_gone && !each.containers.empty());
    return is_gone;
  });
  for (const auto& path : present)
    directories_.push_back({Runtime::containerd, path, {"state.json", "status"}});
  return is_changed;
}

bool RuntimeStates::refresh(StateDirectory& directory) {
  const auto stamp = files_.root.stamp(directory.path);
  if (stamp && directory.stamp == *stamp) return false;
  directory.stamp.reset();
  std::set<std::string> present;
  const int error = stamp ? files_.root.list(directory.path, max_containers,
                                             [&](std::string_view name) {
                                               std::string id(name);
                                               if (is_wanted(directory.runtime, id))
                                                 present.insert(std::move(id));
                                             })
                          : stamp.error().code;
  const bool is_listed = error == 0 || error == EFBIG;
  // For example out of descriptors: what is known stays until the directory can be listed.
  if (!is_listed && result_of(error) == LookupResult::failed) return false;
  if (stamp) directory.stamp = *stamp;
  bool is_changed = std::erase_if(directory.containers, [&](const auto& known) {
                      return !present.contains(known.first);
                    }) > 0;
  for (const auto& id : present) is_changed = read(directory, id) || is_changed;
  return is_changed;
}

// Reads one container and returns whether it changed.
bool RuntimeStates::read(StateDirectory& directory, const std::string& id) {
  const std::string path = directory.path + '/' + id;
  const auto stamp = files_.root.stamp(path);
  const auto known = directory.containers.find(id);
  const bool is_known = known != directory.containers.end();
  if (is_known && stamp && known->second.stamp == *stamp) return false;
  auto text = files_.root.read(path + '/' + directory.files.front(), max_runtime_file);
  for (std::size_t i = 1; i < directory.files.size() && !text; ++i)
    text = files_.root.read(path + '/' + directory.files[i], max_runtime_file);
  auto state = text ? parse_runtime_state(*text) : std::nullopt;
  if (!state || !stamp) {
    directory.stamp.reset();  // made, but not written yet: the next refresh reads it
    if (is_known) directory.containers.erase(known);
    return is_known;
  }
  const bool is_same = is_known && known->second.state == *state;
  directory.containers.insert_or_assign(
      id, Container{id, directory.runtime, *stamp, *std::move(state)});
  return !is_same;
}

std::optional<Workload> RuntimeStates::workload_of(std::string_view path) const {
  const auto at = by_path_.find(path);
  if (at == by_path_.end()) return std::nullopt;
  return make_workload(WorkloadKind::container, at->second->runtime, at->second->id);
}

// Several of containerd's namespaces may have a container of the same name: the path of the cgroup
// tells which is meant.
const RuntimeStates::Container* RuntimeStates::find(const NameQuery& query) const {
  const Workload& workload = query.workload;
  const auto own_path = path_of_workload(query.path, workload);
  const Container* found = nullptr;
  std::size_t count = 0;
  for (const auto& directory : directories_) {
    const auto at = directory.containers.find(workload.container_id.view());
    if (at == directory.containers.end()) continue;
    if (at->second.state.cgroup == own_path) return &at->second;
    if (!may_be(workload, directory.runtime)) continue;
    found = found == nullptr ? &at->second : found;
    ++count;
  }
  return count > 1 && workload.runtime == Runtime::containerd ? nullptr : found;
}

std::optional<LookupResult> RuntimeStates::look(const NameQuery& query, Names& names) {
  const Container* const container = find(query);
  if (container == nullptr) return std::nullopt;
  const std::string& bundle = container->state.bundle;
  if (bundle.empty()) return LookupResult::absent;
  // Whoever called the runtime chose where the bundle is, for example in a user's directory.
  const HostFile config{"config.json", base::OwnedDirectory{bundle, files_.root.owner()}};
  const Annotations annotations = files_.annotations.of(query.workload);
  return look_at_first(files_, {config}, [&](const std::string& text) {
    return parse_oci_config(text, annotations, names);
  });
}

}  // namespace cgroup2::identity
