// SPDX-License-Identifier: Apache-2.0
// The bundles of containerd. Their directories are 0700 of root.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/rooted.h"
#include "identity/annotations.h"
#include "identity/name_source.h"

namespace cgroup2::identity {

/// containerd's, in the state directories of its distributions:
///   run/containerd/io.containerd.runtime.v2.task/NAMESPACE/ID/config.json
class ContainerdBundles final : public NameSource {
 public:
  /// Both must outlive this.
  ContainerdBundles(const base::Rooted& host, const Annotations& annotations)
      : host_(host), annotations_(annotations) {}

  [[nodiscard]] std::optional<Lookup> look(const Question& question, Names& names) override;

 private:
  const base::Rooted& host_;
  const Annotations& annotations_;
};

}  // namespace cgroup2::identity
