// SPDX-License-Identifier: Apache-2.0
// CadvisorLabels: the labels of a cgroup as cAdvisor writes them, for one of its two profiles.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "oom/ledger_content.h"
#include "snapshot/cgroup.h"

namespace cgroup2::exposition {

/// Whose rows and labels they are.
enum class CadvisorProfile {
  kubelet,     ///< the root, what a kubelet made, and the services of systemd
  standalone,  ///< all cgroups, with the labels of runtimes as container_label_KEY
};
inline constexpr std::size_t cadvisor_profile_count = 2;

/// Returns the profile of that name, or nothing.
[[nodiscard]] std::optional<CadvisorProfile> find_cadvisor_profile(std::string_view name);

/// The labels of a cgroup: escaped, with commas between them, without braces. In alphabetical
/// order, as catalog::place_of() says where further labels go.
struct CadvisorLabels {
  std::string text;                   ///< container="",id="/",image="",…; empty: it is not shown
  std::array<std::size_t, 3> cuts{};  ///< where id, name and pod begin, at the commas before them
};

/// Makes them. `runtime` has the names of runtime_label_names() for identity::Names::labels.
[[nodiscard]] CadvisorLabels make_cadvisor_labels(const snapshot::Cgroup& cgroup,
                                                  CadvisorProfile profile,
                                                  const std::vector<std::string>& runtime);

/// Returns the kills that the row of a cgroup counts: those that the ledger charges to its owner,
/// and those that happened somewhere below it without being charged. Each is counted in one row:
/// cgroups in a container, and what runs beside it for it, have 0.
[[nodiscard]] std::uint64_t count_kills(const snapshot::Cgroup& cgroup,
                                        const oom::LedgerContent& ledger);

}  // namespace cgroup2::exposition
