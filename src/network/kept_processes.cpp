// SPDX-License-Identifier: Apache-2.0
#include "network/kept_processes.h"

#include <utility>

namespace cgroup2::network {

void KeptProcesses::refresh(std::span<const std::uint64_t> wanted, ProcessFinder& finder) {
  ++refresh_;
  for (std::size_t at = 0; at < wanted.size(); ++at) {
    const auto known = kept_.find(wanted[at]);
    if (known != kept_.end() && finder.is_in(known->second.net, wanted[at])) {
      known->second.used_in = refresh_;
      continue;
    }
    base::Dir found = finder.find(at);
    if (found.is_open()) kept_.insert_or_assign(wanted[at], Kept{std::move(found), refresh_});
  }
  std::erase_if(kept_, [this](const auto& entry) { return entry.second.used_in != refresh_; });
}

const base::Dir* KeptProcesses::of(std::uint64_t inode) const {
  const auto known = kept_.find(inode);
  return known == kept_.end() ? nullptr : &known->second.net;
}

}  // namespace cgroup2::network
