// SPDX-License-Identifier: Apache-2.0
#include "exposition/labels.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <set>

#include "base/label.h"

namespace cgroup2::exposition {
namespace {

using base::append_label;

// Where the values would count for a container or pod a second time.
bool is_beside(identity::WorkloadKind kind) {
  return kind == identity::WorkloadKind::conmon ||
         kind == identity::WorkloadKind::crio_sandbox_placeholder ||
         kind == identity::WorkloadKind::kata_overhead ||
         kind == identity::WorkloadKind::lxc_monitor;
}

// "cgroup" is the path on every series and "user" whose cgroup it is, so these two namespaces
// cannot have their own names as labels.
std::string_view label_of(identity::Namespace which) {
  if (which == identity::Namespace::cgroup) return "cgroup_ns";
  return which == identity::Namespace::user ? "user_ns" : to_string(which);
}

std::string with_leading_comma(const std::string& block) {
  return block.empty() ? block : "," + block;
}

}  // namespace

catalog::IdentityLabelSet default_labels_on_series() {
  catalog::IdentityLabelSet labels;
  for (std::size_t i = 0; i < catalog::identity_label_count; ++i)
    labels.set(i, catalog::identity_labels[i].is_on_every_series);
  return labels;
}

std::vector<std::string> runtime_label_names(const std::vector<std::string>& keys) {
  std::map<std::string, std::string> by_key;
  for (const auto& key : keys) by_key.emplace(key, "");
  std::set<std::string> taken;
  for (auto& [key, name] : by_key) {
    std::string wanted = "label_" + key;
    for (char& c : wanted) {
      const bool may_stand =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (!may_stand) c = '_';
    }
    name = wanted;
    for (int i = 2; !taken.insert(name).second; ++i) name = wanted + '_' + std::to_string(i);
  }
  std::vector<std::string> names;
  names.reserve(keys.size());
  for (const auto& key : keys) names.push_back(by_key[key]);
  return names;
}

std::string_view value_of(const identity::Identity& identity, catalog::IdentityLabel label) {
  using Label = catalog::IdentityLabel;
  const identity::Workload& owner = identity.workload;
  const identity::Names& names = identity.names;
  switch (label) {
    case Label::container_id:
      return owner.container_id;
    case Label::namespace_name:
      return names.namespace_name;
    case Label::pod:
      return names.pod;
    case Label::container:
      return names.container;
    case Label::user:
      return identity.user;
    case Label::job:
      return owner.kind == identity::WorkloadKind::job ? std::string_view(owner.container_id)
                                                       : std::string_view();
    case Label::kind:
      return to_string(owner.kind);
    case Label::runtime:
      return to_string(owner.runtime);
    case Label::pod_uid:
      return owner.pod_uid;
    case Label::qos:
      return owner.qos;
    case Label::image:
      return names.image;
    case Label::machine:
      return names.machine;
    case Label::unit:
      return owner.unit;
    case Label::user_unit:
      return owner.user_unit;
    case Label::subpath:
      return owner.subpath;
    case Label::nested_container_id:
      return owner.nested_container_id;
    case Label::nested_runtime:
      return to_string(owner.nested_runtime);
    case Label::nested_container:
      return identity.nested_name;
    case Label::name_source:
      return to_string(identity.source);
  }
  return {};
}

CgroupLabels make_labels(const snapshot::Cgroup& cgroup, const LabelPlan& plan) {
  const identity::Identity& identity = *cgroup.identity;
  CgroupLabels labels;
  // The path is a label value already, which only has to be escaped.
  labels.on_series = "cgroup=\"";
  base::append_escaped(labels.on_series, cgroup.path);
  labels.on_series += '"';

  std::string more;
  for (std::size_t i = 0; i < catalog::identity_label_count; ++i) {
    const bool is_on_series = plan.on_series.test(i) && !is_beside(identity.workload.kind);
    append_label(is_on_series ? labels.on_series : more, catalog::identity_labels[i].name,
                 value_of(identity, static_cast<catalog::IdentityLabel>(i)));
  }
  const auto& of_runtime = identity.names.labels;
  for (std::size_t i = 0; i < std::min(of_runtime.size(), plan.runtime.size()); ++i)
    append_label(more, plan.runtime[i], of_runtime[i]);
  labels.on_info = with_leading_comma(more);

  std::string inodes;
  for (std::size_t i = 0; identity.namespaces && i < identity::namespace_count; ++i) {
    const auto which = static_cast<identity::Namespace>(i);
    const auto inode = (*identity.namespaces)[which];
    if (inode != 0) append_label(inodes, label_of(which), std::to_string(inode));
  }
  labels.on_namespaces = with_leading_comma(inodes);
  labels.on_series.shrink_to_fit();  // is kept for as long as the cgroup
  return labels;
}

std::string labels_of(const oom::Owner& owner) {
  std::string block;
  for (const auto& [name, value] : oom::owner_labels) {
    const std::string_view label = owner.*value;
    if (label.empty()) continue;
    if (!block.empty()) block += ',';
    block.append(name).append("=\"");
    base::append_escaped(block, label);
    block += '"';
  }
  return block;
}

}  // namespace cgroup2::exposition
