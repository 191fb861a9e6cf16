// SPDX-License-Identifier: Apache-2.0
// RealHost: cgroups without processes in the cgroup2 hierarchy of this machine, as far as it lets
// us make some: shows what a poll costs where the kernel writes the files.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "snapshot/builder.h"

namespace cgroup2::bench {

class RealHost {
 public:
  /// Tries to make a cgroup and `count` below it.
  explicit RealHost(std::size_t count);
  RealHost(const RealHost&) = delete;
  RealHost& operator=(const RealHost&) = delete;
  /// Removes them.
  ~RealHost();

  /// Whether all could be made.
  [[nodiscard]] bool is_made() const { return is_made_; }
  /// The cgroup that they are in.
  [[nodiscard]] const std::filesystem::path& root() const { return root_; }
  [[nodiscard]] snapshot::Roots open() const;

 private:
  std::filesystem::path root_;
  std::vector<std::filesystem::path> made_;  // parents first
  bool is_made_ = false;
};

}  // namespace cgroup2::bench
