// SPDX-License-Identifier: Apache-2.0
#include "snapshot/feature_judge.h"

#include <chrono>
#include <cstddef>

#include "cgroup/mount.h"

namespace cgroup2::snapshot {
namespace {

// mountinfo of a host with thousands of mounts takes milliseconds, and a mount's options hardly
// ever change.
constexpr std::chrono::minutes between_looks_at_mount{1};

}  // namespace

std::vector<cgroup::FeatureState> FeatureJudge::judge(std::span<cgroup::Node* const> nodes,
                                                      std::optional<std::string_view> controllers,
                                                      base::TimePoint now) {
  look_at_mount(now);
  cgroup::FeatureEvidence evidence;
  evidence.mount_options = mount_options_;
  for (const cgroup::Node* node : nodes) {
    for (const cgroup::FileId file : node->files) {
      const std::size_t row = interface_[file].row;
      const cgroup::Answer answer = reader_.answer_of(file);
      evidence.files.set(row);
      if (answer == cgroup::Answer::given) evidence.given.set(row);
      if (answer == cgroup::Answer::refused) evidence.refused.set(row);
    }
  }
  evidence.controllers = controllers;
  return cgroup::judge_features(evidence);
}

void FeatureJudge::look_at_mount(base::TimePoint now) {
  if (looked_at_mount_ && now - *looked_at_mount_ < between_looks_at_mount) return;
  looked_at_mount_ = now;
  const auto mounts = cgroup::read_mounts(procfs_);
  // All mounts of cgroup2 are of one file system and show its options.
  const bool is_mounted = mounts && !mounts->v2.empty();
  mount_options_ = is_mounted ? std::optional(mounts->v2.front().options) : std::nullopt;
}

}  // namespace cgroup2::snapshot
