// SPDX-License-Identifier: Apache-2.0
#include "snapshot/containers_first.h"

#include <algorithm>
#include <utility>

#include "catalog/cgroup_kind.h"
#include "identity/subtrees.h"
#include "oom/shares.h"

namespace cgroup2::snapshot {
namespace {

// In the order in which they stay: see oom::ShareMember::tier.
enum class Tier : unsigned { container, pod, other };

Tier tier_of(const Cgroup& cgroup) {
  if (cgroup.kinds.test(index(catalog::CgroupKind::container))) return Tier::container;
  return cgroup.kinds.test(index(catalog::CgroupKind::pod)) ? Tier::pod : Tier::other;
}

}  // namespace

const std::vector<std::size_t>& ContainersFirst::find_excess(
    std::span<const cgroup::Node* const> wanted,
    std::span<const std::shared_ptr<const Cgroup>> cgroups, std::size_t max) {
  const bool is_same =
      std::exchange(max_, max) == max &&
      std::ranges::equal(wanted, ids_, {}, [](const auto* node) { return node->id; });
  if (is_same) return excess_;
  ids_.clear();
  for (const cgroup::Node* node : wanted) ids_.push_back(node->id);
  excess_.clear();
  if (wanted.size() <= max) return excess_;
  std::vector<oom::ShareMember> members;
  members.reserve(wanted.size());
  for (const cgroup::Node* node : wanted) {
    const auto subtree = identity::subtree_of(node->path);
    const auto tier = static_cast<unsigned>(tier_of(*cgroups[node->index]));
    members.push_back({subtree.consumer_class, subtree.top, tier, node->id});
  }
  excess_ = oom::find_excess(members, max);
  std::ranges::sort(excess_);
  return excess_;
}

}  // namespace cgroup2::snapshot
