// SPDX-License-Identifier: Apache-2.0
// The label blocks of a cgroup: prepared once, when its identity becomes known or changes.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/identity_label.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

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

/// Prepares the labels of the cgroup at `path` (raw bytes), `id` being its directory's inode. Empty
/// labels are left out. Labels of the plan are on every series, of containers, pods and of the
/// cgroups inside them; what merely watches a container (conmon, lxc.monitor) has them on
/// cgroup_info only. A container's values include those of the cgroups inside it, so a query takes
/// the maximum by container_id, not the sum.
[[nodiscard]] std::shared_ptr<const Cgroup> make_cgroup(
    std::string_view path, std::shared_ptr<const identity::Identity> identity,
    const LabelPlan& plan, std::uint64_t id = 0);

}  // namespace cgroup2::snapshot
