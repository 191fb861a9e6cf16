// SPDX-License-Identifier: Apache-2.0
// Annotations: the labels and annotations by which runtimes mark their containers, in the OCI
// configuration (annotations) or their own (labels).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "identity/names.h"

namespace cgroup2::identity {

/// Knows the keys of containerd's CRI plugin, CRI-O, the kubelet, cri-dockerd and nerdctl, and
/// those that the user asks for.
class Annotations {
 public:
  /// Values of these keys go to Names::labels, in this order.
  explicit Annotations(std::vector<std::string> wanted) : wanted_(std::move(wanted)) {}

  /// Takes one annotation into `names` unless they say it already. Returns whether the key is known
  /// to mean something.
  bool take(std::string_view key, const std::string& value, Names& names) const;

 private:
  std::vector<std::string> wanted_;
};

}  // namespace cgroup2::identity
