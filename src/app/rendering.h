// SPDX-License-Identifier: Apache-2.0
// Rendering: makes the text of the newest snapshot in gzip, once for all scrapes that want the
// same.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cgroup/selection.h"
#include "exposition/format.h"
#include "http/stream.h"
#include "snapshot/snapshot.h"

namespace cgroup2::app {

/// Any thread. Renders for one at a time, so that many scrapes take the memory of one.
class Rendering {
 public:
  using Clock = std::chrono::steady_clock;
  using Packed = std::shared_ptr<const std::string>;

  /// Returns the gzip form of what `render` writes, which is called under a mutex, at most once for
  /// a snapshot, a choice of collectors and a format, and once more when the text is a second old,
  /// because it has values that change with time, such as the age of the snapshot.
  [[nodiscard]] Packed packed(const std::shared_ptr<const snapshot::Snapshot>& snapshot,
                              const cgroup::CollectorSet& collectors, exposition::Format format,
                              Clock::time_point now, const http::Stream& render);

 private:
  struct PackedText {
    cgroup::CollectorSet collectors;
    exposition::Format format;
    Clock::time_point rendered;
    Packed packed;
  };

  std::mutex mutex_;                                  // guards the following
  std::weak_ptr<const snapshot::Snapshot> snapshot_;  // of all texts
  std::vector<PackedText> texts_;
};

}  // namespace cgroup2::app
