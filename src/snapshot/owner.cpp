// SPDX-License-Identifier: Apache-2.0
#include "snapshot/owner.h"

#include "base/label.h"
#include "identity/paths.h"

namespace cgroup2::snapshot {
namespace {

using identity::Workload;
using identity::WorkloadKind;

// The unit that the kills of a cgroup are attributed to; empty if something finer is known. A
// service of a user is one unit of that user's systemd, whose own unit is user@UID.service.
base::SharedText unit_of(const Workload& workload, std::string_view top) {
  const base::SharedText& unit = workload.user_unit.empty() ? workload.unit : workload.user_unit;
  // Only the number of its pid namespace is known, and the processes of a service may make those.
  const bool has_only_number = workload.container_id.starts_with("pidns:");
  return identity::is_of_one_workload(workload.kind) && !has_only_number &&
                 !identity::is_cgroup_of_unit(top, unit)
             ? base::SharedText()
             : unit;
}

}  // namespace

base::SharedText to_shared_label(const base::SharedText& text) {
  const std::string label = base::to_label(text);
  return text == label ? text : base::SharedText(label);
}

oom::Owner owner_of(const identity::Identity& identity, const base::SharedText& path) {
  const identity::Names& names = identity.names;
  const Workload& workload = identity.workload;
  oom::Owner owner;
  owner.user = to_shared_label(identity.user);
  if (!names.pod.empty()) {
    owner.namespace_name = to_shared_label(names.namespace_name);
    owner.pod = to_shared_label(names.pod);
  }
  owner.container = to_shared_label(names.container);
  // Keeps kills of a container that may get its name apart from the pod's own, so that they can
  // move to it.
  if (!owner.container.empty() || (!owner.pod.empty() && !identity.may_get_name)) return owner;
  if (workload.kind == WorkloadKind::job) {
    owner.job = to_shared_label(workload.container_id);
    return owner;
  }
  const auto top = identity::path_of_workload(path, workload);
  if (const auto unit = unit_of(workload, top); !unit.empty()) {
    owner.unit = to_shared_label(unit);
  } else {
    owner.cgroup = to_shared_label(top == path.view() ? path : base::SharedText(top));
  }
  return owner;
}

}  // namespace cgroup2::snapshot
