// SPDX-License-Identifier: Apache-2.0
// Cgroup: one that is exported, and whose it is.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "identity/resolver.h"
#include "oom/ledger_content.h"

namespace cgroup2::snapshot {

/// Snapshots share it while neither its path nor its identity changes.
struct Cgroup {
  std::uint64_t id = 0;  ///< the directory's inode
  std::string path;      ///< below the mount, as a label value (base::to_label)
  std::shared_ptr<const identity::Identity> identity;
  oom::Owner owner;  ///< in the ledger of OOM kills
};

/// `path` is raw bytes, `id` its directory's inode.
[[nodiscard]] std::shared_ptr<const Cgroup> make_cgroup(
    std::string_view path, std::shared_ptr<const identity::Identity> identity,
    std::uint64_t id = 0);

}  // namespace cgroup2::snapshot
