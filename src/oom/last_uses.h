// SPDX-License-Identifier: Apache-2.0
// LastUses: what the last poll saw of the memory of each cgroup, for what an OOM kill looked like.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "base/time.h"
#include "oom/ledger_content.h"

namespace cgroup2::oom {

/// What a poll saw of a cgroup's memory, in bytes. Nothing: not read.
struct MemoryUse {
  std::uint64_t id = 0;  ///< of the cgroup
  std::optional<std::uint64_t> usage{};
  std::optional<std::uint64_t> recent_peak{};  ///< the highest use of the last while
};

/// One thread.
class LastUses {
 public:
  /// Takes what a poll read between two times, each cgroup once, instead of what the one before
  /// did. Gives the memory of that back.
  void take(std::vector<MemoryUse>& uses, base::TimePoint begun, base::TimePoint ended);

  /// Takes when kills were seen first, by the id of the cgroup.
  void note_kills(const std::map<std::uint64_t, base::TimePoint>& killed);

  /// Returns `memory` with the recent peak of the last poll where that is more than its peak, or
  /// where that could not be read: the highest use that is known.
  [[nodiscard]] LastMemory with_recent_peak(std::uint64_t id, LastMemory memory);

  /// Returns how the use rose before the kills of a cgroup that note_kills() took, once. Not known
  /// if the last poll came after these or hardly before, is older than two minutes, or saw the use
  /// at the limit already.
  [[nodiscard]] LastRise take_rise(std::uint64_t id, const LastMemory& memory);

 private:
  [[nodiscard]] const MemoryUse* find(std::uint64_t id);

  std::vector<MemoryUse> uses_;
  bool is_sorted_ = true;
  base::TimePoint begun_{};
  base::TimePoint ended_{};
  std::map<std::uint64_t, base::TimePoint> killed_;
};

}  // namespace cgroup2::oom
