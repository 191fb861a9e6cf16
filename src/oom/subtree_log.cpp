// SPDX-License-Identifier: Apache-2.0
#include "oom/subtree_log.h"

#include <cstddef>

namespace cgroup2::oom {

void SubtreeLog::write(const std::set<std::string>& tops) {
  constexpr std::size_t max_lines = 100;
  for (const auto& top : tops) {
    if (written_.size() == max_lines) return;
    if (written_.insert(top).second) log_.warn(message_, {{"subtree", top}, {"hint", hint_}});
  }
}

}  // namespace cgroup2::oom
