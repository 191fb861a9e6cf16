// SPDX-License-Identifier: Apache-2.0
// StartTimes: the column of when the first process of each cgroup began.
#pragma once

#include <cstdint>

#include "base/boot_time.h"
#include "base/dir.h"
#include "base/read_errors.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// Belongs to the poller's thread. `errors` must outlive it.
class StartTimes {
 public:
  /// `procfs` is the directory of the host's procfs.
  StartTimes(base::Dir procfs, base::ReadErrors& errors) : boot_(std::move(procfs), errors) {}

  /// Adds the samples of the cgroups whose first start is known, if their collector is on.
  void fill(Snapshot& snapshot);

 private:
  base::BootTime boot_;
};

}  // namespace cgroup2::snapshot
