// SPDX-License-Identifier: Apache-2.0
// ProcessColumns: the columns of what the processes of each cgroup have.
#pragma once

#include <vector>

#include "base/dir.h"
#include "base/read_errors.h"
#include "cgroup/reader.h"
#include "cgroup/samples.h"
#include "identity/resolver.h"
#include "processes/process_counter.h"
#include "snapshot/polled_cgroups.h"

namespace cgroup2::snapshot {

/// Belongs to the poller's thread. `errors` must outlive it.
class ProcessColumns {
 public:
  /// `procfs` is the directory of the host's procfs. `run_probe` calls what needs the right to look
  /// at the files of other processes.
  ProcessColumns(base::Dir procfs, identity::RunProbe run_probe, base::ReadErrors& errors);

  /// Sets whether anything is counted.
  void select(const cgroup::CollectorSet& enabled) {
    is_on_ = enabled.test(index(catalog::Collector::processes));
  }

  /// Counts the processes of all cgroups, and adds samples of the exported ones.
  cgroup::Outcome fill(const PolledCgroups& polled, cgroup::Columns& columns);

 private:
  bool is_on_ = false;
  identity::RunProbe run_probe_;
  processes::ProcessCounter counter_;
  // Kept for their memory.
  std::vector<processes::CgroupToCount> cgroups_;
  std::vector<processes::ProcessCounts> counts_;
};

}  // namespace cgroup2::snapshot
