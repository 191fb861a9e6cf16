// SPDX-License-Identifier: Apache-2.0
// Consumers: whose share of a bound an owner takes.
#pragma once

#include "base/subtree.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// Returns the class of an owner by its labels. One that has a path alone is in the class that
/// gives way first.
[[nodiscard]] inline base::ConsumerClass class_of(const Owner& owner) {
  bool is_users = false;
  for (const auto& [name, value] : owner_labels)
    is_users = is_users || (name == "user" && !(owner.*value).empty());
  if (is_users) return base::ConsumerClass::user;
  if (!owner.pod.empty() || !owner.container.empty()) return base::ConsumerClass::workload;
  return owner.unit.empty() ? base::ConsumerClass::user : base::ConsumerClass::service;
}

}  // namespace cgroup2::oom
