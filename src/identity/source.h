// SPDX-License-Identifier: Apache-2.0
// Source: what said whose cgroup it is, or how its owner is called.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "identity/names.h"

namespace cgroup2::identity {

/// The words appear in cgroup_info{name_source} and in
/// cgroup_exporter_identity_lookups_total{source}.
enum class Source {
  none,           ///< nothing says more than the path as it is
  path,           ///< the path has the shape of a runtime
  namespaces,     ///< its processes live in the namespaces of a container that a path named,
                  ///< in a pod's network, or in a pid namespace of their own
  parent,         ///< it has no process to ask, and lies below a cgroup that `namespaces` decided
  runtime_state,  ///< the state of crun or runc
  log_links,      ///< /var/log/containers
  pod_logs,       ///< /var/log/pods
  containerd,     ///< containerd's OCI bundles
  containers_storage,  ///< the files of CRI-O, Podman and Buildah
  docker,              ///< Docker's config.v2.json
  machined,            ///< systemd-machined's registrations
  pod,                 ///< another cgroup of the same pod
};
inline constexpr std::size_t source_count = 12;

/// "none", "path", …
[[nodiscard]] constexpr std::string_view to_string(Source source) {
  constexpr std::array<std::string_view, source_count> words{
      "none",     "path",       "namespaces",         "parent", "runtime_state", "log_links",
      "pod_logs", "containerd", "containers_storage", "docker", "machined",      "pod"};
  return words.at(static_cast<std::size_t>(source));
}

/// How often a source was asked and what became of it, since the start.
class LookupCounts {
 public:
  void add(Source source, Lookup lookup) { ++at(source, lookup); }
  [[nodiscard]] std::uint64_t get(Source source, Lookup lookup) const {
    return counts_.at(static_cast<std::size_t>(source)).at(static_cast<std::size_t>(lookup));
  }

 private:
  [[nodiscard]] std::uint64_t& at(Source source, Lookup lookup) {
    return counts_.at(static_cast<std::size_t>(source)).at(static_cast<std::size_t>(lookup));
  }

  std::array<std::array<std::uint64_t, lookup_count>, source_count> counts_{};
};

}  // namespace cgroup2::identity
