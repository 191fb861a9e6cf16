// SPDX-License-Identifier: Apache-2.0
#include "exposition/labels.h"

#include "base/label.h"

namespace cgroup2::exposition {

std::string labels_of(const oom::Owner& owner) {
  std::string block;
  for (const auto& [name, value] : oom::owner_labels) base::append_label(block, name, owner.*value);
  return block;
}

}  // namespace cgroup2::exposition
