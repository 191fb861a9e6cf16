// SPDX-License-Identifier: Apache-2.0
// Cgroup: one that is exported, and whose it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "base/shared_text.h"
#include "catalog/cgroup_kind.h"
#include "identity/resolver.h"
#include "oom/ledger_content.h"

namespace cgroup2::snapshot {

/// Snapshots share it while neither its path nor its identity changes.
struct Cgroup {
  std::uint64_t id = 0;   ///< the directory's inode
  base::SharedText path;  ///< below the mount, as a label value (base::to_label)
  std::shared_ptr<const identity::Identity> identity;
  oom::Owner owner;  ///< in the ledger of OOM kills
  catalog::CgroupKindSet kinds{};
};

/// `path` is raw bytes, `id` its directory's inode.
[[nodiscard]] std::shared_ptr<const Cgroup> make_cgroup(
    const base::SharedText& path, std::shared_ptr<const identity::Identity> identity,
    std::uint64_t id = 0);

}  // namespace cgroup2::snapshot
