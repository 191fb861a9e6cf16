// SPDX-License-Identifier: Apache-2.0
#include "snapshot/owner.h"

namespace cgroup2::snapshot {

oom::Owner owner_of(const identity::Identity& identity, std::string_view path) {
  oom::Owner owner;
  const identity::Names& names = identity.names;
  owner.user = identity.user;
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

}  // namespace cgroup2::snapshot
