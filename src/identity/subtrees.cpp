// SPDX-License-Identifier: Apache-2.0
#include "identity/subtrees.h"

#include <cstddef>

#include "identity/components.h"
#include "identity/paths.h"
#include "identity/runtimes.h"
#include "identity/workload.h"

namespace cgroup2::identity {
namespace {

using base::ConsumerClass;
using base::Subtree;

// Only services and scopes can be delegated (Delegate= in systemd.resource-control(5)).
bool may_be_delegated(std::string_view name) {
  return name.ends_with(".service") || name.ends_with(".scope");
}

//   /user.slice/user-1000.slice
bool is_slice_of_user(std::string_view path) {
  const auto uid = between(path, "/user.slice/user-", ".slice");
  return uid && is_number(*uid);
}

// systemd.special(7): all that is registered with systemd-machined is in this slice.
bool is_machine(const PathComponent& component) {
  return component.parent == "machine.slice" && component.name.ends_with(".scope");
}

}  // namespace

Subtree subtree_of_child(const Subtree& parent, std::string_view path) {
  const auto parents_top = path.substr(0, parent.top.size());
  if (parent.is_closed) return {parent.consumer_class, parents_top, true};

  const auto slash = path.rfind('/');
  const auto above = path.substr(0, slash);
  const PathComponent component{path.substr(slash + 1), above.substr(above.rfind('/') + 1), {}};
  if (may_be_delegated(component.parent)) {
    // Slurm's daemon makes jobs in the scope that was delegated to it.
    if (match_slurm(component)) return {ConsumerClass::workload, path, true};
    return {ConsumerClass::service, parents_top, true};
  }
  if (is_slice_of_user(path)) return {ConsumerClass::user, path, true};
  const Workload workload = parse_path(path);
  if (is_of_one_workload(workload.kind) || is_machine(component))
    return {ConsumerClass::workload, path, true};
  const bool is_unit = !workload.unit.empty() && path.ends_with(workload.unit);
  if (is_unit || above.empty() || may_be_delegated(component.name))
    return {ConsumerClass::service, path, false};
  return {ConsumerClass::service, parents_top, false};
}

Subtree subtree_of(std::string_view path) {
  Subtree subtree;
  for (std::size_t end = 0; end < path.size() && path != "/" && !subtree.is_closed;) {
    end = path.find('/', end + 1);
    subtree = subtree_of_child(subtree, path.substr(0, end));
  }
  return subtree;
}

}  // namespace cgroup2::identity
