// SPDX-License-Identifier: Apache-2.0
#include "oom/shares.h"

#include <algorithm>
#include <numeric>
#include <tuple>

namespace cgroup2::oom {

using base::ConsumerClass;

ShareMember share_of(const Owner& owner) {
  if (!owner.user.empty()) return {ConsumerClass::user, owner.user};
  if (!owner.namespace_name.empty()) return {ConsumerClass::workload, owner.namespace_name};
  if (!owner.pod.empty()) return {ConsumerClass::workload, owner.pod};
  if (!owner.container.empty()) return {ConsumerClass::workload, owner.container};
  if (!owner.job.empty()) return {ConsumerClass::workload, owner.job};
  if (!owner.unit.empty()) return {ConsumerClass::service, owner.unit};
  return {ConsumerClass::user, owner.cgroup};
}

std::vector<std::size_t> find_excess(const std::vector<ShareMember>& members, std::size_t max) {
  if (members.size() <= max) return {};
  std::vector<std::size_t> indices(members.size());
  std::iota(indices.begin(), indices.end(), std::size_t{0});
  std::ranges::sort(indices, {}, [&](std::size_t index) {
    const ShareMember& each = members[index];
    return std::tuple(each.consumer_class, each.top, each.tier, each.order, index);
  });
  // Larger subtrees give way first, until all are equal: so a member's number in its subtree
  // decides.
  std::vector<std::size_t> numbers(members.size());
  for (std::size_t i = 1; i < indices.size(); ++i) {
    const ShareMember& before = members[indices[i - 1]];
    const ShareMember& each = members[indices[i]];
    const bool is_same = before.consumer_class == each.consumer_class && before.top == each.top;
    numbers[indices[i]] = is_same ? numbers[indices[i - 1]] + 1 : 0;
  }
  std::ranges::sort(indices, [&](std::size_t a, std::size_t b) {
    if (members[a].consumer_class != members[b].consumer_class)
      return members[a].consumer_class > members[b].consumer_class;
    const auto key = [&](std::size_t index) {
      return std::tuple(members[index].tier, numbers[index], members[index].order, index);
    };
    return key(a) < key(b);
  });
  indices.erase(indices.begin(), indices.begin() + static_cast<std::ptrdiff_t>(max));
  return indices;
}

}  // namespace cgroup2::oom
