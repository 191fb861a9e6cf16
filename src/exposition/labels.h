// SPDX-License-Identifier: Apache-2.0
// Labels: what stands between the braces of a sample. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "catalog/identity_label.h"
#include "identity/resolver.h"
#include "oom/ledger_content.h"
#include "snapshot/cgroup.h"

namespace cgroup2::exposition {

/// The labels of a cgroup: escaped, joined by commas, without braces.
struct CgroupLabels {
  std::string on_series;      ///< on every one: cgroup="/a",container="…"
  std::string on_info;        ///< more on cgroup_info, with a leading comma
  std::string on_namespaces;  ///< more on cgroup_namespace_info, with a leading comma; empty if
                              ///< nothing is known
};

/// Those that the catalog puts there.
[[nodiscard]] catalog::IdentityLabelSet default_labels_on_series();

/// Which labels go where.
struct LabelPlan {
  catalog::IdentityLabelSet on_series = default_labels_on_series();
  std::vector<std::string> runtime;  ///< names for Names::labels, as runtime_label_names makes them
};

/// Names for the labels of runtimes: "app.kubernetes.io/name" becomes label_app_kubernetes_io_name,
/// as kube-state-metrics writes it. Where that gives one name twice, the first key in alphabetical
/// order keeps it and the others get _2, _3, …: a name never depends on the order of the
/// configuration.
[[nodiscard]] std::vector<std::string> runtime_label_names(const std::vector<std::string>& keys);

/// What an identity has for a label: raw bytes, empty if it has nothing.
[[nodiscard]] std::string_view value_of(const identity::Identity& identity,
                                        catalog::IdentityLabel label);

/// The labels of a cgroup. Empty ones are left out. Labels of the plan are on every series, of
/// containers, pods and of the cgroups inside them; what merely watches a container (conmon,
/// lxc.monitor) has them on cgroup_info only. A container's values include those of the cgroups
/// inside it, so a query takes the maximum by container, not the sum.
[[nodiscard]] CgroupLabels make_labels(const snapshot::Cgroup& cgroup, const LabelPlan& plan);

/// The labels of an owner in the ledger of OOM kills: escaped, joined by commas, without braces.
[[nodiscard]] std::string labels_of(const oom::Owner& owner);

}  // namespace cgroup2::exposition
