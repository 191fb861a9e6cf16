// SPDX-License-Identifier: Apache-2.0
// Pods: finds the name of the pod of a cgroup whose own path and files do not have it.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "base/text.h"
#include "identity/names.h"

namespace cgroup2::identity {

/// Is made anew for each decision from all cgroups. The containers of a pod have the same uid, and
/// share the network namespace of its sandbox. Belongs to one thread.
class Pods {
 public:
  /// Adds a cgroup of a pod, with or without a name. `network` is the inode of its network
  /// namespace, 0 if that is the host's or not known. A network namespace with two pods belongs to
  /// neither.
  void add(const Workload& workload, const Names& names, std::uint64_t network);

  /// Finds the pod by its uid, by the sandbox in `names`, or by the network namespace; nullptr if
  /// there is none. The result has namespace_name, pod and pod_uid only.
  [[nodiscard]] const Names* find(const Workload& workload, const Names& names,
                                  std::uint64_t network) const;

 private:
  std::unordered_map<std::string, Names, base::TextHash, std::equal_to<>> by_uid_;
  // By the container id of the sandbox.
  std::unordered_map<std::string, Names, base::TextHash, std::equal_to<>> by_sandbox_;
  std::unordered_map<std::uint64_t, std::optional<Names>> by_network_;  // nothing: ambiguous
};

}  // namespace cgroup2::identity
