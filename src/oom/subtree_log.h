// SPDX-License-Identifier: Apache-2.0
// SubtreeLog: names in the log the subtrees of which a bound does not hold all.
#pragma once

#include <set>
#include <string>
#include <utility>

#include "base/log.h"

namespace cgroup2::oom {

/// Writes each subtree once and no more than 100. One thread.
class SubtreeLog {
 public:
  /// `message` and `hint` are those of each line; `log` lives longer than this.
  SubtreeLog(base::Log& log, std::string message, std::string hint)
      : log_(log), message_(std::move(message)), hint_(std::move(hint)) {}

  /// Warns of those that were not named before. `tops` are label values.
  void write(const std::set<std::string>& tops);

 private:
  base::Log& log_;
  const std::string message_;
  const std::string hint_;
  std::set<std::string> written_;
};

}  // namespace cgroup2::oom
