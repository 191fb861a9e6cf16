// SPDX-License-Identifier: Apache-2.0
// PollSource: what the poller polls.
#pragma once

#include <functional>
#include <memory>

#include "snapshot/settings.h"
#include "snapshot/snapshot.h"

namespace cgroup2::snapshot {

/// Belongs to the poller. After start() all methods are called on the poller's thread.
class PollSource {
 public:
  PollSource() = default;
  virtual ~PollSource() = default;
  PollSource(const PollSource&) = delete;
  PollSource& operator=(const PollSource&) = delete;

  /// Is called first by the thread that polls, which also destroys the source.
  virtual void begin_thread() {}

  /// Starts what looks out for changes between two scans. Called once, before anything else.
  /// `wake` may be called on any thread when scan() should come soon, until the destructor returns.
  virtual void start(std::function<void()> wake) = 0;

  /// Takes other settings from the next build() on.
  virtual void apply(Settings settings) = 0;

  /// Polls once.
  [[nodiscard]] virtual std::shared_ptr<const Snapshot> build() = 0;

  /// Does what a poll does before it reads values: finds new cgroups, accounts for OOM kills.
  virtual void scan() = 0;
};

}  // namespace cgroup2::snapshot
