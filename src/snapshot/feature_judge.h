// SPDX-License-Identifier: Apache-2.0
// FeatureJudge: gathers what the features of the kernel are judged by, in each poll.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/dir.h"
#include "base/time.h"
#include "cgroup/features.h"
#include "cgroup/interface.h"
#include "cgroup/reader.h"
#include "cgroup/tree.h"

namespace cgroup2::snapshot {

/// Belongs to the poller's thread. What it is made with must outlive it.
class FeatureJudge {
 public:
  FeatureJudge(const base::Dir& procfs, const cgroup::Interface& interface,
               const cgroup::Reader& reader)
      : procfs_(procfs), interface_(interface), reader_(reader) {}

  /// Judges by the root's controllers (cgroup::read_controllers()), by the mount's options, which
  /// are read once a minute, and by what the reader met in the files of `nodes`.
  [[nodiscard]] std::vector<cgroup::FeatureState> judge(std::span<cgroup::Node* const> nodes,
                                                        std::optional<std::string_view> controllers,
                                                        base::TimePoint now);

 private:
  void look_at_mount(base::TimePoint now);

  const base::Dir& procfs_;
  const cgroup::Interface& interface_;
  const cgroup::Reader& reader_;
  std::optional<std::string> mount_options_;
  std::optional<base::TimePoint> looked_at_mount_;
};

}  // namespace cgroup2::snapshot
