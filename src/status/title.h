// SPDX-License-Identifier: Apache-2.0
// Title: what a cgroup is called on the page, and what kind of thing it is there.
#pragma once

#include <string>
#include <string_view>

#include "snapshot/snapshot.h"

namespace cgroup2::status {

/// A cgroup is a container, a pod or a unit if it is that one's own; what lies below it is none.
enum class Group { none, container, pod, unit };

[[nodiscard]] Group group_of(const snapshot::Cgroup& cgroup);

/// Valid UTF-8 without control characters; not escaped for HTML.
struct Title {
  std::string name;     ///< never empty
  std::string context;  ///< "namespace/pod" of a container and its user, for example; may be empty
};

[[nodiscard]] Title title_of(const snapshot::Cgroup& cgroup);

/// Returns the last component of a path; "/" for the root.
[[nodiscard]] std::string_view leaf_of(std::string_view path);

/// Returns "container", "pod", "unit", else what identity calls it.
[[nodiscard]] std::string_view kind_word(const snapshot::Cgroup& cgroup);

}  // namespace cgroup2::status
