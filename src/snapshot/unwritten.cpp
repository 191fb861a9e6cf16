// SPDX-License-Identifier: Apache-2.0
#include "snapshot/unwritten.h"

#include <algorithm>
#include <cstddef>

#include "cgroup/cgroup_to_read.h"

namespace cgroup2::snapshot {
namespace {

using cgroup::CgroupToRead;
using identity::WorkloadKind;

// Is the owner of whoever has no uid in this process's user namespace: anybody.
constexpr std::uint32_t unmapped = 65534;

// Says whether whoever may write to the files of a cgroup is told of to its watch. A write by
// write(2) is, from any mount and cgroup namespace; one by io_submit(2) is not, nor was one by
// io_uring before 5.19. The host's own programs use neither, but a tenant might, to keep a limit on
// our page that is not there. Tenants' cgroups have an owner of their own, or stand below that of a
// container, whose root may be the host's.
bool has_told_writers(const cgroup::Node& node, const cgroup::Node& root,
                      const identity::Identity* parent) {
  if (!node.owner || *node.owner == unmapped || node.owner != root.owner) return false;
  if (parent == nullptr) return true;
  const WorkloadKind kind = parent->workload.kind;
  return kind != WorkloadKind::container && kind != WorkloadKind::sandbox;
}

}  // namespace

void fill_unwritten_since(std::span<cgroup::Node* const> nodes,
                          std::span<const std::shared_ptr<const identity::Identity>> identities,
                          std::span<const std::uint64_t> reported,
                          std::vector<std::uint64_t>& since) {
  since.assign(nodes.size(), CgroupToRead::never);
  if (reported.size() != nodes.size()) return;
  const auto own = [&](const cgroup::Node& node) {
    const auto* parent = node.parent == nullptr ? nullptr : identities[node.parent->index].get();
    return has_told_writers(node, *nodes.front(), parent) ? reported[node.index]
                                                          : CgroupToRead::never;
  };
  for (const cgroup::Node* const node : nodes) {
    since[node->index] = own(*node);
    if (node->parent != nullptr)
      since[node->index] = std::max(since[node->index], own(*node->parent));
  }
}

}  // namespace cgroup2::snapshot
