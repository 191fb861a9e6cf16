// SPDX-License-Identifier: Apache-2.0
// Rendering: makes the text of the newest snapshot in gzip, once for all scrapes that want the
// same.
#pragma once

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "cgroup/selection.h"
#include "exposition/cadvisor_labels.h"
#include "exposition/format.h"
#include "http/stream.h"
#include "snapshot/snapshot.h"

namespace cgroup2::app {

/// What a text has of a snapshot.
struct Extract {
  cgroup::CollectorSet collectors;
  exposition::Format format = exposition::Format::text;
  std::optional<exposition::CadvisorProfile> cadvisor{};  ///< nothing: the native names

  friend bool operator==(const Extract&, const Extract&) = default;
};

/// Any thread. Renders for one at a time, so that many scrapes take the memory of one.
class Rendering {
 public:
  using Clock = std::chrono::steady_clock;
  using Packed = std::shared_ptr<const std::string>;

  /// Returns the gzip form of what `render` writes, which is called under a mutex, at most once for
  /// a snapshot and an extract, and once more when the text is a second old, because it has values
  /// that change with time, such as the age of the snapshot.
  [[nodiscard]] Packed packed(const std::shared_ptr<const snapshot::Snapshot>& snapshot,
                              const Extract& extract, Clock::time_point now,
                              const http::Stream& render);

 private:
  struct PackedText {
    Extract extract;
    Clock::time_point rendered;
    Packed packed;
  };

  std::mutex mutex_;                                  // guards the following
  std::weak_ptr<const snapshot::Snapshot> snapshot_;  // of all texts
  std::vector<PackedText> texts_;
  std::size_t last_size_ = 0;  // of the last text; the next one is about as long
};

}  // namespace cgroup2::app
