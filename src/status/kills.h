// SPDX-License-Identifier: Apache-2.0
// Kills: what the ledger of OOM kills says of an owner, put together from its samples.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "snapshot/snapshot.h"

namespace cgroup2::status {

/// Empty and 0: not known.
struct Kills {
  std::string_view owner_labels;
  std::uint64_t kills = 0;
  std::uint64_t group_kills = 0;
  std::chrono::milliseconds last{0};  ///< since 1970
  std::string comm, pid, constraint, oom_cgroup;
  /// Shortly before the last kill: peak, limit, anon, file and their bytes.
  std::vector<std::pair<std::string, std::uint64_t>> memory;
};

/// The owners that had any. Refers to the samples.
class KillBook {
 public:
  explicit KillBook(const snapshot::LedgerSamples& samples);

  /// Nullptr for an owner that had none.
  [[nodiscard]] const Kills* of(std::string_view owner_labels) const;

  /// The last kill first; those of which no time is known last.
  [[nodiscard]] std::vector<const Kills*> newest_first() const;

  /// Kills of which the owner is not known, below a cgroup or forgotten.
  [[nodiscard]] std::uint64_t without_owner() const { return without_owner_; }

 private:
  [[nodiscard]] Kills* find(std::string_view labels);

  std::unordered_map<std::string_view, Kills> by_owner_;
  std::uint64_t without_owner_ = 0;
};

}  // namespace cgroup2::status
