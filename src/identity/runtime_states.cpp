// SPDX-License-Identifier: Apache-2.0
#include "identity/runtime_states.h"

#include <iterator>
#include <set>

#include "identity/components.h"
#include "identity/json_strings.h"
#include "identity/oci_config.h"

namespace cgroup2::identity {
namespace {

constexpr std::size_t most_containers = 10'000;

struct Runtime {
  std::string_view name, directory, file;
};
constexpr Runtime runtimes[] = {{"crun", "run/crun", "status"}, {"runc", "run/runc", "state.json"}};

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
  if (!is_whole || !state.cgroup.starts_with('/')) return std::nullopt;
  return state;
}

bool RuntimeStates::refresh() {
  places_.resize(std::size(runtimes));
  bool is_changed = false;
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const auto& runtime = runtimes[i];
    is_changed = refresh(places_[i], runtime.name, std::string(runtime.directory), runtime.file) ||
                 is_changed;
  }
  if (!is_changed) return false;
  by_path_.clear();
  for (const auto& place : places_) {
    for (const auto& [id, container] : place.containers)
      by_path_.try_emplace(container.state.cgroup, &container);
  }
  return true;
}

bool RuntimeStates::refresh(Place& place, std::string_view runtime, const std::string& directory,
                            std::string_view file) {
  const auto stamp = host_.stamp(directory);
  const std::uint64_t now = stamp ? *stamp : 0;
  if (now == place.stamp) return false;
  place.stamp = now;
  std::set<std::string> present;
  if (stamp) {
    (void)host_.list(directory, most_containers, [&](std::string_view id) { present.emplace(id); });
  }
  std::erase_if(place.containers,
                [&](const auto& known) { return !present.contains(known.first); });
  for (const auto& id : present) {
    if (place.containers.contains(id)) continue;
    const auto text =
        host_.read(directory + '/' + id + '/' + std::string(file), longest_runtime_file);
    auto state = text ? parse_runtime_state(*text) : std::nullopt;
    if (state) {
      place.containers.try_emplace(id, Container{id, std::string(runtime), *std::move(state)});
    } else {
      place.stamp = 0;  // made, but not written yet: the next look reads it
    }
  }
  return true;
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
    if (at == place.containers.end()) continue;
    const std::string& bundle = at->second.state.bundle;
    if (bundle.empty()) return Lookup::absent;
    return look_at_first(
        host_, {bundle.substr(bundle.find_first_not_of('/')) + "/config.json"},
        [&](const std::string& text) { return parse_oci_config(text, annotations_, names); });
  }
  return std::nullopt;
}

}  // namespace cgroup2::identity
