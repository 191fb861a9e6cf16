// SPDX-License-Identifier: Apache-2.0
// Annotations: takes names from the annotations of containers (in the OCI configuration) and from
// their labels (in a runtime's own).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "identity/names.h"

namespace cgroup2::identity {

/// Has the keys of containerd's CRI plugin, CRI-O, the kubelet, cri-dockerd and nerdctl, and those
/// that the user asks for.
class Annotations {
 public:
  /// Puts the values of these keys into Names::labels, in this order.
  explicit Annotations(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {}

  /// Copies one annotation into `names` unless they have it already. Returns whether the key is one
  /// of those that this has.
  bool take(std::string_view key, const std::string& value, Names& names) const;

 private:
  std::vector<std::string> wanted_;
};

}  // namespace cgroup2::identity
