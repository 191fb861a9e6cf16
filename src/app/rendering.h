// SPDX-License-Identifier: Apache-2.0
// Rendering: the text of the newest snapshot, made once for all scrapes that want the same.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "cgroup/selection.h"
#include "exposition/text.h"
#include "http/shared_body.h"
#include "snapshot/snapshot.h"

namespace cgroup2::app {

/// Any thread. Only one renders at a time: what many scrapes wait for takes the memory of one.
class Rendering {
 public:
  using Clock = std::chrono::steady_clock;
  using Body = std::shared_ptr<const http::SharedBody>;

  /// `render` is called under a mutex, at most once for a snapshot, a choice of collectors and a
  /// format, and once more when the text is a second old: it also tells what changes with time,
  /// as the snapshot's age does.
  [[nodiscard]] Body body(const std::shared_ptr<const snapshot::Snapshot>& snapshot,
                          const cgroup::CollectorSet& collectors, exposition::Format format,
                          Clock::time_point now, const std::function<std::string()>& render);

 private:
  struct Entry {
    cgroup::CollectorSet collectors;
    exposition::Format format;
    Clock::time_point rendered;
    Body body;
  };

  std::mutex mutex_;                                  // guards the following
  std::weak_ptr<const snapshot::Snapshot> snapshot_;  // of all entries
  std::vector<Entry> entries_;
};

}  // namespace cgroup2::app
