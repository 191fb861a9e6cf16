// SPDX-License-Identifier: Apache-2.0
// How containers inside of other containers are called: whose names the resolver looks for, and
// where.
//
// The files are below the root directory of the outer container, which /proc/PID/root of a process
// in it shows. The process must be in the outer container and in none inside of that, and in
// another mount namespace than the host's. What a user made is left out: the user could call a
// cgroup like a container.
#include <cerrno>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "identity/components.h"
#include "identity/paths.h"
#include "identity/resolver.h"

namespace cgroup2::identity {

void Resolver::find_nested() {
  std::set<NestedNames::Key> wanted;
  for (const CgroupRecord* record : order_) {
    const std::string_view id = record->workload().nested_container_id;
    if (!is_container_id(id) || !record->user.empty() || !processes_.can_probe()) continue;
    const auto outer = path_of_outer(record->path, record->workload());
    if (!outer.empty()) wanted.emplace(outer, id);
  }
  nested_names_.set(wanted);
}

bool Resolver::look_for_nested(std::span<const ResolverInput> inputs, Clock::time_point now) {
  if (now < nested_names_.next_look()) return false;
  std::map<std::string_view, std::size_t> members;
  for (std::size_t i = 0; i < order_.size(); ++i) {
    const CgroupRecord& record = *order_[i];
    const Workload& workload = record.workload();
    const bool is_outer = workload.kind == WorkloadKind::container &&
                          workload.nested_container_id.empty() && record.user.empty();
    const auto& namespaces = record.probe.namespaces;
    if (is_outer && namespaces && host_.differs(*namespaces, Namespace::mnt))
      members.try_emplace(path_of_workload(record.path, workload), i);
  }
  const auto open = [&](const std::string& outer) -> base::Result<MemberRoot> {
    const auto member = members.find(outer);
    if (member == members.end()) return base::Error{ENOENT, "open"};
    const std::size_t i = member->second;
    return MemberRoot::open(*inputs[i].dir, processes_.procfs(),
                            (*order_[i]->probe.namespaces)[Namespace::mnt]);
  };
  return nested_names_.look(now, run_probe_, open);
}

base::SharedText Resolver::nested_name_of(const CgroupRecord& record) const {
  const std::string_view id = record.workload().nested_container_id;
  if (id.empty() || !record.user.empty()) return {};
  const auto outer = path_of_outer(record.path, record.workload());
  return nested_names_.name_of({std::string(outer), std::string(id)});
}

}  // namespace cgroup2::identity
