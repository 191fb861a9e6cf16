// SPDX-License-Identifier: Apache-2.0
#include "snapshot/labels.h"

#include "base/label.h"

namespace cgroup2::snapshot {
namespace {

void append_label(std::string& block, std::string_view name, std::string_view value) {
  if (value.empty()) return;
  if (!block.empty()) block += ',';
  block += name;
  block += "=\"";
  base::append_escaped(block, base::to_label(value));
  block += '"';
}

bool is_on_every_series(identity::Kind kind) {
  return kind == identity::Kind::container || kind == identity::Kind::vm ||
         kind == identity::Kind::job;
}

// "cgroup" is the path on every series, so the cgroup namespace cannot have its own name as a
// label.
std::string_view label_of(identity::Namespace which) {
  return which == identity::Namespace::cgroup ? "cgroup_ns" : to_string(which);
}

std::string with_leading_comma(const std::string& block) {
  return block.empty() ? block : "," + block;
}

}  // namespace

std::shared_ptr<const Cgroup> make_cgroup(std::string_view path,
                                          std::shared_ptr<const identity::Identity> identity) {
  auto cgroup = std::make_shared<Cgroup>();
  cgroup->path = base::to_label(path);
  append_label(cgroup->labels, "cgroup", path);
  const identity::PathIdentity& owner = identity->owner;
  std::string more;
  append_label(is_on_every_series(owner.kind) ? cgroup->labels : more, "container_id",
               owner.container_id);
  append_label(more, "kind", to_string(owner.kind));
  append_label(more, "runtime", owner.runtime);
  append_label(more, "pod_uid", owner.pod_uid);
  append_label(more, "qos", owner.qos);
  append_label(more, "name_source", to_string(identity->source));
  cgroup->identity_labels = with_leading_comma(more);

  std::string inodes;
  if (identity->namespaces) {
    for (std::size_t i = 0; i < identity::namespace_count; ++i) {
      const auto which = static_cast<identity::Namespace>(i);
      const auto inode = (*identity->namespaces)[which];
      if (inode != 0) append_label(inodes, label_of(which), std::to_string(inode));
    }
  }
  cgroup->namespace_labels = with_leading_comma(inodes);
  cgroup->identity = std::move(identity);
  return cgroup;
}

}  // namespace cgroup2::snapshot
