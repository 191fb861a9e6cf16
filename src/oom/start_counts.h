// SPDX-License-Identifier: Apache-2.0
// StartCounts: counts each cgroup with which a container begins once, in the ledger.
#pragma once

#include <chrono>
#include <cstdint>

#include "oom/ledger.h"
#include "oom/owner_lookup.h"

namespace cgroup2::oom {

/// One thread.
class StartCounts {
 public:
  /// Takes what newest() was when the state was saved: starts up to that cgroup are counted.
  void restore(std::uint64_t newest) { newest_ = counted_until_ = newest; }

  /// Counts the start of a container with the cgroup `id`. Returns whether that is decided, so that
  /// the cgroup need not be looked at again: not before the container has its name.
  [[nodiscard]] bool decide(std::uint64_t id, const Owner& owner, ContainerStart start,
                            Ledger& ledger);

  /// Returns the highest id of a cgroup that was counted; 0: none.
  [[nodiscard]] std::uint64_t newest() const { return newest_; }

  /// Whether something is not saved yet, and whether that is due so long after the last time.
  [[nodiscard]] bool has_unsaved() const { return has_unsaved_; }
  [[nodiscard]] bool is_due(std::chrono::nanoseconds since_saved) const;
  void note_saved() { has_unsaved_ = false; }

 private:
  std::uint64_t newest_ = 0;
  std::uint64_t counted_until_ = 0;
  bool has_unsaved_ = false;
};

}  // namespace cgroup2::oom
