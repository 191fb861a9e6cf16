// SPDX-License-Identifier: Apache-2.0
#include "snapshot/owner.h"

#include "base/label.h"

namespace cgroup2::snapshot {

oom::Owner owner_of(const identity::Identity& identity, std::string_view path) {
  using base::to_label;
  const identity::Names& names = identity.names;
  oom::Owner owner;
  owner.user = to_label(identity.user);
  if (!names.pod.empty()) {
    owner.namespace_name = to_label(names.namespace_name);
    owner.pod = to_label(names.pod);
    owner.container = to_label(names.container);
  } else if (!names.container.empty()) {
    owner.container = to_label(names.container);
  } else if (!identity.owner.unit.empty()) {
    owner.unit = to_label(identity.owner.unit);
  } else {
    owner.cgroup = to_label(path);
  }
  return owner;
}

}  // namespace cgroup2::snapshot
