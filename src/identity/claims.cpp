// SPDX-License-Identifier: Apache-2.0
#include "identity/claims.h"

#include <string>

namespace cgroup2::identity {
namespace {

bool is_same_container(const PathIdentity& a, const PathIdentity& b) {
  return a.container_id == b.container_id && a.runtime == b.runtime && a.pod_uid == b.pod_uid &&
         a.qos == b.qos;
}

template <class Map>
void claim(Map& map, const typename Map::key_type& key, const PathIdentity& owner) {
  const auto [at, is_new] = map.try_emplace(key, &owner);
  if (is_new || at->second == nullptr) return;
  if (!is_same_container(*at->second, owner)) at->second = nullptr;
}

std::array<std::uint64_t, 3> triple_of(const Namespaces& namespaces) {
  return {namespaces[Namespace::pid], namespaces[Namespace::mnt], namespaces[Namespace::cgroup]};
}

std::optional<PathIdentity> copy_owner(const PathIdentity* owner) {
  if (owner == nullptr) return std::nullopt;
  PathIdentity copy = *owner;
  copy.subpath.clear();
  return copy;
}

}  // namespace

void Claims::add(const Namespaces& namespaces, const PathIdentity& owner) {
  const bool is_private_pid = host_.differs(namespaces, Namespace::pid);
  const bool is_hosts = !is_private_pid && !host_.differs(namespaces, Namespace::mnt) &&
                        !host_.differs(namespaces, Namespace::cgroup);
  if (is_hosts) return;
  claim(by_triple_, triple_of(namespaces), owner);
  if (is_private_pid) claim(by_pid_, namespaces[Namespace::pid], owner);
}

std::optional<PathIdentity> Claims::owner_of(const Namespaces& namespaces) const {
  const auto claimed = by_triple_.find(triple_of(namespaces));
  if (claimed != by_triple_.end()) return copy_owner(claimed->second);
  if (!host_.differs(namespaces, Namespace::pid)) return std::nullopt;

  const auto pid = namespaces[Namespace::pid];
  const auto sharing = by_pid_.find(pid);
  if (sharing != by_pid_.end()) return copy_owner(sharing->second);
  PathIdentity nameless;
  nameless.kind = Kind::container;
  nameless.runtime = "unknown";
  nameless.container_id = "pidns:" + std::to_string(pid);
  return nameless;
}

}  // namespace cgroup2::identity
