// SPDX-License-Identifier: Apache-2.0
#include "snapshot/cgroup.h"

#include <utility>

#include "base/label.h"
#include "snapshot/cgroup_kinds.h"
#include "snapshot/owner.h"

namespace cgroup2::snapshot {

std::shared_ptr<const Cgroup> make_cgroup(const base::SharedText& path,
                                          std::shared_ptr<const identity::Identity> identity,
                                          std::uint64_t id) {
  auto owner = owner_of(*identity, path);
  const auto kinds = kinds_of(*identity, path);
  return std::make_shared<const Cgroup>(
      Cgroup{id, to_shared_label(path), std::move(identity), std::move(owner), kinds});
}

}  // namespace cgroup2::snapshot
