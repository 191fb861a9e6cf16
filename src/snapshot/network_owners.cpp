// SPDX-License-Identifier: Apache-2.0
#include "snapshot/network_owners.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <tuple>
#include <utility>

#include "identity/paths.h"
#include "identity/subtrees.h"

namespace cgroup2::snapshot {
namespace {

using identity::Namespace;
using identity::Workload;
using identity::WorkloadKind;

bool is_sandbox(const Workload& owner) {
  return owner.kind == WorkloadKind::sandbox || owner.kind == WorkloadKind::kata_sandbox;
}

// Whether a cgroup is a part of what its parent is.
bool is_part(const Workload& parent, const Workload& child) {
  if (!child.container_id.empty()) {
    return child.container_id == parent.container_id && child.runtime == parent.runtime &&
           child.pod_uid == parent.pod_uid;
  }
  return !child.unit.empty() && parent.container_id.empty() && child.unit == parent.unit &&
         child.user_unit == parent.user_unit;
}

class Owners {
 public:
  Owners(std::span<const identity::ResolverInput> cgroups,
         std::span<const std::shared_ptr<const identity::Identity>> identities)
      : cgroups_(cgroups), identities_(identities) {}

  [[nodiscard]] std::size_t owner_of(const std::vector<std::size_t>& members) const {
    std::size_t best = top_of(members.front());
    for (const std::size_t member : members) {
      const std::size_t top = top_of(member);
      if (order_of(top) < order_of(best)) best = top;
    }
    return is_sandbox(workload(best)) ? best : pod_of(best);
  }

 private:
  [[nodiscard]] const Workload& workload(std::size_t at) const { return identities_[at]->workload; }
  [[nodiscard]] bool has_parent(std::size_t at) const { return cgroups_[at].parent < at; }

  // The container or service that a cgroup is a part of.
  [[nodiscard]] std::size_t top_of(std::size_t at) const {
    while (has_parent(at) && is_part(workload(cgroups_[at].parent), workload(at)))
      at = cgroups_[at].parent;
    return at;
  }

  // The lowest is the owner. A cgroup whose path says nothing may have a process of a container
  // that another one is of.
  [[nodiscard]] std::tuple<bool, bool, std::ptrdiff_t, std::uint64_t> order_of(
      std::size_t at) const {
    const std::string_view path = cgroups_[at].path;
    const bool is_named = identity::parse_path(path).kind != WorkloadKind::other;
    return {!is_sandbox(workload(at)), !is_named, std::ranges::count(path, '/'), cgroups_[at].id};
  }

  // The cgroup of the pod around it; itself if there is none.
  [[nodiscard]] std::size_t pod_of(std::size_t at) const {
    if (workload(at).pod_uid.empty()) return at;
    for (std::size_t above = at; has_parent(above);) {
      above = cgroups_[above].parent;
      if (workload(above).kind == WorkloadKind::pod &&
          workload(above).pod_uid == workload(at).pod_uid) {
        return above;
      }
    }
    return at;
  }

  std::span<const identity::ResolverInput> cgroups_;
  std::span<const std::shared_ptr<const identity::Identity>> identities_;
};

void sort_by_share(std::vector<OwnedNetwork>& networks,
                   std::span<const identity::ResolverInput> cgroups) {
  const auto id_of = [&](const OwnedNetwork& network) {
    return std::pair(cgroups[network.owner].id, network.inode);
  };
  std::ranges::sort(networks, {}, id_of);
  std::map<std::string_view, std::size_t> of_subtree;
  std::vector<std::pair<std::size_t, OwnedNetwork>> ranked;
  ranked.reserve(networks.size());
  for (OwnedNetwork& network : networks) {
    const std::string_view top = identity::subtree_of(cgroups[network.owner].path).top;
    ranked.emplace_back(of_subtree[top]++, std::move(network));
  }
  std::ranges::stable_sort(ranked, {}, &decltype(ranked)::value_type::first);
  std::ranges::transform(ranked, networks.begin(),
                         [](auto& entry) { return std::move(entry.second); });
}

}  // namespace

std::vector<OwnedNetwork> find_owned_networks(
    std::span<const identity::ResolverInput> cgroups,
    std::span<const std::shared_ptr<const identity::Identity>> identities,
    const identity::HostNamespaces& host) {
  std::map<std::uint64_t, OwnedNetwork> by_inode;
  for (std::size_t at = 0; at < cgroups.size(); ++at) {
    const auto& namespaces = identities[at]->namespaces;
    if (!namespaces || !host.differs(*namespaces, Namespace::net)) continue;
    by_inode[(*namespaces)[Namespace::net]].members.push_back(at);
  }
  const Owners owners(cgroups, identities);
  std::vector<OwnedNetwork> networks;
  networks.reserve(by_inode.size());
  for (auto& [inode, network] : by_inode) {
    network.inode = inode;
    network.owner = owners.owner_of(network.members);
    networks.push_back(std::move(network));
  }
  sort_by_share(networks, cgroups);
  return networks;
}

}  // namespace cgroup2::snapshot
