// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_labels.h"

#include <algorithm>

#include "base/label.h"
#include "identity/kubepods.h"
#include "identity/paths.h"

namespace cgroup2::exposition {
namespace {

using identity::Identity;
using identity::WorkloadKind;

// What cAdvisor says of a cgroup beside its path. Raw bytes.
struct RowNames {
  std::string_view container, image, name, namespace_name, pod;
};

// Says whether the kubelet's answer has a row for the cgroup. It has the services that the kubelet
// was told about; here all of them are shown. A user may give any name to a cgroup below his own
// service.
bool is_shown_by_kubelet(const snapshot::Cgroup& cgroup) {
  const Identity& identity = *cgroup.identity;
  if (!identity.user.empty()) return false;
  const bool is_service = identity.workload.unit.ends_with(".service") &&
                          identity::is_cgroup_of_unit(cgroup.path, identity.workload.unit);
  return cgroup.path == "/" || is_service || identity::parse_kubepods(cgroup.path);
}

// A container of which only the inode of its pid namespace is known has no name.
std::string_view id_of(const identity::Workload& owner) {
  return owner.container_id.starts_with("pidns:") ? std::string_view() : owner.container_id.view();
}

RowNames names_of(const snapshot::Cgroup& cgroup, CadvisorProfile profile) {
  const Identity& identity = *cgroup.identity;
  const identity::Workload& owner = identity.workload;
  const identity::Names& names = identity.names;
  RowNames row;
  if (profile == CadvisorProfile::kubelet && !identity::parse_kubepods(cgroup.path)) return row;
  // The values of a cgroup inside of a container or pod are among those of its owner already.
  if (!owner.subpath.empty()) return row;
  const bool is_sandbox =
      owner.kind == WorkloadKind::sandbox || owner.kind == WorkloadKind::kata_sandbox;
  const bool is_container = owner.kind == WorkloadKind::container;
  if (!is_container && !is_sandbox && owner.kind != WorkloadKind::pod) return row;
  // Those of a user are his to choose, and nothing here would say so.
  const bool is_in_pod = !owner.pod_uid.empty() && identity.user.empty();
  if (is_in_pod) {
    row.namespace_name = names.namespace_name;
    row.pod = names.pod;
  }
  if (owner.kind == WorkloadKind::pod) return row;
  row.image = names.image;
  row.name = id_of(owner);
  if (is_container && is_in_pod) row.container = names.container;
  if (is_container && !is_in_pod && !names.container.empty()) row.name = names.container;
  return row;
}

// Unlike base::append_label(), writes empty ones, too.
void append(std::string& out, std::string_view name, std::string_view value) {
  if (!out.empty()) out += ',';
  out.append(name).append("=\"");
  base::append_escaped(out, base::to_label(value));
  out += '"';
}

}  // namespace

std::optional<CadvisorProfile> find_cadvisor_profile(std::string_view name) {
  if (name == "kubelet") return CadvisorProfile::kubelet;
  if (name == "standalone") return CadvisorProfile::standalone;
  return std::nullopt;
}

CadvisorLabels make_cadvisor_labels(const snapshot::Cgroup& cgroup, CadvisorProfile profile,
                                    const std::vector<std::string>& runtime) {
  CadvisorLabels labels;
  const bool is_standalone = profile == CadvisorProfile::standalone;
  if (!is_standalone && !is_shown_by_kubelet(cgroup)) return labels;
  const RowNames row = names_of(cgroup, profile);
  append(labels.text, "container", row.container);
  const auto& of_runtime = cgroup.identity->names.labels;
  for (std::size_t i = 0; is_standalone && i < std::min(of_runtime.size(), runtime.size()); ++i)
    base::append_label(labels.text, "container_" + runtime[i], of_runtime[i]);
  labels.cuts[0] = labels.text.size();
  // The path is a label value already, which only has to be escaped.
  labels.text += ",id=\"";
  base::append_escaped(labels.text, cgroup.path);
  labels.text += '"';
  append(labels.text, "image", row.image);
  labels.cuts[1] = labels.text.size();
  append(labels.text, "name", row.name);
  append(labels.text, "namespace", row.namespace_name);
  labels.cuts[2] = labels.text.size();
  append(labels.text, "pod", row.pod);
  return labels;
}

std::uint64_t count_kills(const snapshot::Cgroup& cgroup, const oom::LedgerContent& ledger) {
  const identity::Workload& owner = cgroup.identity->workload;
  const auto below = ledger.unattributed.find(std::string(cgroup.path));
  const std::uint64_t unattributed = below != ledger.unattributed.end() ? below->second : 0;
  const bool is_charged = cgroup.owner.cgroup == cgroup.path ||
                          identity::is_cgroup_of_unit(cgroup.path, cgroup.owner.unit) ||
                          (owner.subpath.empty() &&
                           (owner.kind == WorkloadKind::container ||
                            owner.kind == WorkloadKind::pod || owner.kind == WorkloadKind::job));
  const auto charged = is_charged ? ledger.owners.find(cgroup.owner) : ledger.owners.end();
  return unattributed + (charged != ledger.owners.end() ? charged->second.kills : 0);
}

}  // namespace cgroup2::exposition
