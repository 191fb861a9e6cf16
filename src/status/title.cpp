// SPDX-License-Identifier: Apache-2.0
#include "status/title.h"

#include <utility>

#include "base/label.h"

namespace cgroup2::status {
namespace {

using base::to_label;
using identity::WorkloadKind;

bool is_container(WorkloadKind kind) {
  return kind == WorkloadKind::container || kind == WorkloadKind::vm || kind == WorkloadKind::job;
}

// systemd puts "_" before names that would clash with the kernel's files (cg_escape).
bool is_named(std::string_view leaf, std::string_view unit) {
  if (unit.empty()) return false;
  if (leaf.starts_with('_') && !unit.starts_with('_')) leaf.remove_prefix(1);
  return leaf == to_label(unit);
}

// Ids have 64 digits, of which tools show 12.
std::string short_id(std::string_view id) {
  constexpr std::size_t shown = 12;
  const bool is_digits =
      id.size() == 64 && id.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  return is_digits ? std::string(id.substr(0, shown)) : to_label(id);
}

std::string joined(std::string_view a, std::string_view b) {
  return a.empty() ? to_label(b) : to_label(a) + "/" + to_label(b);
}

// A user of the host may call his containers and pods like those of others.
std::string with_user(std::string context, std::string_view user) {
  if (user.empty()) return context;
  if (!context.empty()) context += ", ";
  return context + "user " + to_label(user);
}

std::string or_else(const std::string& text, std::string_view other) {
  return text.empty() ? std::string(other) : text;
}

}  // namespace

Group group_of(const snapshot::Cgroup& cgroup) {
  const identity::Workload& owner = cgroup.identity->workload;
  if (!owner.subpath.empty()) return Group::none;
  if (is_container(owner.kind)) return Group::container;
  if (owner.kind == WorkloadKind::pod) return Group::pod;
  const auto leaf = leaf_of(cgroup.path);
  const bool is_unit = owner.kind == WorkloadKind::other &&
                       (is_named(leaf, owner.unit) || is_named(leaf, owner.user_unit));
  return is_unit ? Group::unit : Group::none;
}

namespace {

Title title_without_user(const snapshot::Cgroup& cgroup) {
  const identity::Workload& owner = cgroup.identity->workload;
  const identity::Names& names = cgroup.identity->names;
  switch (group_of(cgroup)) {
    case Group::container: {
      const auto name =
          names.container.empty() ? short_id(owner.container_id) : to_label(names.container);
      auto context = names.pod.empty() ? to_label(to_string(owner.runtime))
                                       : joined(names.namespace_name, names.pod);
      return {or_else(name, leaf_of(cgroup.path)), std::move(context)};
    }
    case Group::pod:
      return {
          or_else(to_label(names.pod.empty() ? owner.pod_uid : names.pod), leaf_of(cgroup.path)),
          to_label(names.namespace_name)};
    case Group::unit:
      return {std::string(leaf_of(cgroup.path)),
              is_named(leaf_of(cgroup.path), owner.user_unit) ? to_label(owner.unit) : ""};
    case Group::none:
      break;
  }
  const auto& container = names.container;
  return {std::string(cgroup.path), container.empty() ? "" : "in " + to_label(container)};
}

}  // namespace

Title title_of(const snapshot::Cgroup& cgroup) {
  Title title = title_without_user(cgroup);
  title.context = with_user(std::move(title.context), cgroup.identity->user);
  return title;
}

std::string_view leaf_of(std::string_view path) {
  const auto slash = path.rfind('/');
  if (slash == std::string_view::npos || path.size() == 1) return path;
  return path.substr(slash + 1);
}

std::string_view kind_word(const snapshot::Cgroup& cgroup) {
  if (group_of(cgroup) == Group::unit) return "unit";
  const WorkloadKind kind = cgroup.identity->workload.kind;
  return kind == WorkloadKind::other ? "cgroup" : to_string(kind);
}

}  // namespace cgroup2::status
