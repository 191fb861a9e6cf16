// SPDX-License-Identifier: Apache-2.0
// Pods: which pod a cgroup belongs to, where its own path and files do not say how that is called.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>

#include "identity/names.h"

namespace cgroup2::identity {

/// Made anew for each decision from what is known of all cgroups. The containers of a pod share
/// its uid, and the network namespace of its sandbox.
class Pods {
 public:
  /// Notes that a cgroup belongs to its pod, with or without a name. `network` is 0 if it is the
  /// host's or not known. A network namespace that two pods claim is nobody's.
  void add(const PathIdentity& owner, const Names& names, std::uint64_t network);

  /// The pod by its uid, by the sandbox that `names` tell, or by the network namespace; nullptr if
  /// there is none. Has namespace_name, pod and pod_uid only.
  [[nodiscard]] const Names* find(const PathIdentity& owner, const Names& names,
                                  std::uint64_t network) const;

 private:
  std::unordered_map<std::string, Names> by_uid_;
  std::unordered_map<std::string, Names> by_sandbox_;                   // its container id
  std::unordered_map<std::uint64_t, std::optional<Names>> by_network_;  // nothing: ambiguous
};

}  // namespace cgroup2::identity
