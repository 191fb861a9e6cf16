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

constexpr std::size_t most_containers = 10'000;

// "/a//b/" -> "/a/b", as the cgroup is called; the root belongs to nobody.
std::string clean(std::string_view path) {
  std::string names;
  if (!path.starts_with('/')) return names;
  while (const auto name = next_component(path)) {
    names += '/';
    names += *name;
  }
  return names;
}

// Whether the container with this id can be the owner: a name may be another runtime's as well.
bool may_be(const PathIdentity& owner, std::string_view runtime) {
  return has_file_id(owner) || owner.runtime == runtime || owner.runtime == "buildah";
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
  for (auto& place : places_) is_changed = refresh(place) || is_changed;
  if (!is_changed) return false;
  by_path_.clear();
  for (const auto& place : places_) {
    for (const auto& [id, container] : place.containers)
      by_path_.try_emplace(container.state.cgroup, &container);
  }
  return true;
}

bool RuntimeStates::refresh(Place& place) {
  const auto stamp = host_.stamp(place.directory);
  if (stamp && place.stamp == *stamp) return false;
  place.stamp.reset();
  std::set<std::string> present;
  const int error = stamp ? host_.list(place.directory, most_containers,
                                       [&](std::string_view id) { present.emplace(id); })
                          : stamp.error().code;
  const bool is_listed = error == 0 || error == EFBIG;
  // Out of descriptors, say: what is known stays until it is listed again.
  if (!is_listed && lookup_of(error) == Lookup::failed) return false;
  if (stamp) place.stamp = *stamp;
  bool is_changed = std::erase_if(place.containers, [&](const auto& known) {
                      return !present.contains(known.first);
                    }) > 0;
  for (const auto& id : present) is_changed = read(place, id) || is_changed;
  return is_changed;
}

// Returns whether the container is another one than before.
bool RuntimeStates::read(Place& place, const std::string& id) {
  const std::string directory = place.directory + '/' + id;
  const auto stamp = host_.stamp(directory);
  const auto known = place.containers.find(id);
  const bool is_known = known != place.containers.end();
  if (is_known && stamp && known->second.stamp == *stamp) return false;
  const auto text = host_.read(directory + '/' + place.file, longest_runtime_file);
  auto state = text ? parse_runtime_state(*text) : std::nullopt;
  if (!state || !stamp) {
    place.stamp.reset();  // made, but not written yet: the next look reads it
    if (is_known) place.containers.erase(known);
    return is_known;
  }
  const bool is_same = is_known && known->second.state == *state;
  place.containers.insert_or_assign(id, Container{id, place.runtime, *stamp, *std::move(state)});
  return !is_same;
}

std::optional<PathIdentity> RuntimeStates::owner_of(std::string_view path) const {
  const auto at = by_path_.find(path);
  if (at == by_path_.end()) return std::nullopt;
  PathIdentity owner;
  owner.kind = Kind::container;
  owner.runtime = at->second->runtime;
  owner.container_id = at->second->id;
  return owner;
}

std::optional<Lookup> RuntimeStates::look(const Question& question, Names& names) {
  for (const auto& place : places_) {
    const auto at = place.containers.find(question.owner.container_id);
    if (at == place.containers.end() || !may_be(question.owner, place.runtime)) continue;
    const std::string& bundle = at->second.state.bundle;
    if (bundle.empty()) return Lookup::absent;
    return look_at_first(host_, {bundle + "/config.json"}, [&](const std::string& text) {
      return parse_oci_config(text, annotations_, names);
    });
  }
  return std::nullopt;
}

}  // namespace cgroup2::identity
