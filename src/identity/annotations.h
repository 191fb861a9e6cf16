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

  /// Returns what counts of the labels or annotations of this workload. Docker copies the labels of
  /// its image among them, and older releases of Podman the annotations, so that the image's author
  /// could choose a pod: of their containers outside of Kubernetes only the keys that the user asks
  /// for count, and the one by which Podman states the sandbox of its own pods.
  [[nodiscard]] Annotations of(const Workload& workload) const;

  /// Copies one annotation into `names` unless they have it already. Returns whether the key is one
  /// of those that this has.
  bool take(std::string_view key, const std::string& value, Names& names) const;

 private:
  std::vector<std::string> wanted_;
  bool may_be_of_image_ = false;
};

}  // namespace cgroup2::identity
