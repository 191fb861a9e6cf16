// SPDX-License-Identifier: Apache-2.0
#include "snapshot/owner.h"

#include "base/label.h"

namespace cgroup2::snapshot {

oom::Owner owner_of(const identity::Identity& identity, std::string_view path) {
  oom::Owner owner;
  const identity::Names& names = identity.names;
  if (!names.pod.empty()) {
    owner.namespace_name = names.namespace_name;
    owner.pod = names.pod;
    owner.container = names.container;
  } else if (!names.container.empty()) {
    owner.container = names.container;
  } else if (!identity.owner.unit.empty()) {
    owner.unit = identity.owner.unit;
  } else {
    owner.cgroup = path;
  }
  return owner;
}

std::string labels_of(const oom::Owner& owner) {
  std::string block;
  base::append_label(block, "namespace", owner.namespace_name);
  base::append_label(block, "pod", owner.pod);
  base::append_label(block, "container", owner.container);
  base::append_label(block, "unit", owner.unit);
  base::append_label(block, "cgroup", owner.cgroup);
  return block;
}

}  // namespace cgroup2::snapshot
