// SPDX-License-Identifier: Apache-2.0
#include "identity/runtime_states.h"

#include <cerrno>
#include <set>
#include <utility>

#include "identity/components.h"
#include "identity/json_strings.h"
#include "identity/oci_config.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t max_containers = 10'000;

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

// Whether a container of crun or runc with the owner's id can be the owner. Ids of 64 hex digits
// are unique; those that a caller chose are not. Buildah runs its containers with either of the
// two.
bool may_be(const Workload& owner, Runtime runtime) {
  return is_container_id(owner.container_id) || owner.runtime == runtime ||
         owner.runtime == Runtime::buildah;
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
  bool is_changed = false;
  for (auto& directory : directories_) is_changed = refresh(directory) || is_changed;
  if (!is_changed) return false;
  by_path_.clear();
  for (const auto& directory : directories_) {
    for (const auto& [id, container] : directory.containers)
      by_path_.try_emplace(container.state.cgroup, &container);
  }
  return true;
}

bool RuntimeStates::refresh(StateDirectory& directory) {
  const auto stamp = files_.root.stamp(directory.path);
  if (stamp && directory.stamp == *stamp) return false;
  directory.stamp.reset();
  std::set<std::string> present;
  const int error = stamp ? files_.root.list(directory.path, max_containers,
                                             [&](std::string_view id) { present.emplace(id); })
                          : stamp.error().code;
  const bool is_listed = error == 0 || error == EFBIG;
  // For example out of descriptors: what is known stays until the directory can be listed.
  if (!is_listed && lookup_of(error) == Lookup::failed) return false;
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
  const auto text = files_.root.read(path + '/' + directory.file, max_runtime_file);
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

std::optional<Workload> RuntimeStates::owner_of(std::string_view path) const {
  const auto at = by_path_.find(path);
  if (at == by_path_.end()) return std::nullopt;
  return make_workload(WorkloadKind::container, at->second->runtime, at->second->id);
}

std::optional<Lookup> RuntimeStates::look(const NameQuery& query, Names& names) {
  for (const auto& directory : directories_) {
    const auto at = directory.containers.find(query.owner.container_id);
    if (at == directory.containers.end() || !may_be(query.owner, directory.runtime)) continue;
    const std::string& bundle = at->second.state.bundle;
    if (bundle.empty()) return Lookup::absent;
    // Whoever called the runtime chose where the bundle is, for example in a user's directory.
    const HostFile config{"config.json", base::OwnedDirectory{bundle, files_.root.owner()}};
    return look_at_first(files_, {config}, [&](const std::string& text) {
      return parse_oci_config(text, files_.annotations, names);
    });
  }
  return std::nullopt;
}

}  // namespace cgroup2::identity
