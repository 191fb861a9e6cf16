// SPDX-License-Identifier: Apache-2.0
// CgroupOpener: opens directories for the watcher's thread, which must not wait, and leaves the
// results for it.
#pragma once

#include <mutex>
#include <vector>

#include "base/dir.h"
#include "base/fd.h"
#include "base/inotify.h"
#include "base/log.h"
#include "oom/watch_state.h"
#include "oom/worker_pool.h"

namespace cgroup2::oom {

/// Any thread.
class CgroupOpener {
 public:
  /// Watches are added to `inotify`, which lives longer than this.
  CgroupOpener(base::Dir root, const base::Inotify& inotify, base::Log& log);

  /// Returns the errno if notification() could not be made.
  [[nodiscard]] int error() const { return error_; }

  /// Has a worker do it, whose result take_results() gives.
  void post(OpenRequest request);

  /// Starts workers for requests for which there was none.
  void retry() { workers_.retry(); }

  [[nodiscard]] std::vector<OpenResult> take_results();

  /// Returns an eventfd(2) that is readable after notify() and when there are results.
  [[nodiscard]] int notification() const { return notification_.number(); }
  void notify() const;

 private:
  void open(OpenResult& result) const;

  const base::Dir root_;
  const base::Inotify& inotify_;
  const base::Fd notification_;
  const int error_;

  std::mutex mutex_;  // guards the following
  std::vector<OpenResult> results_;

  WorkerPool workers_;  // last: its threads use all of the above
};

}  // namespace cgroup2::oom
