// SPDX-License-Identifier: Apache-2.0
// CadvisorValues: what a row of the table of cAdvisor's families has of each cgroup.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "catalog/cadvisor_family.h"
#include "cgroup/samples.h"
#include "snapshot/snapshot.h"

namespace cgroup2::exposition {

/// Goes through a column, cgroup by cgroup.
class ColumnCursor {
 public:
  ColumnCursor() = default;
  /// Takes only samples whose last label has the value `key`, if that is not empty.
  ColumnCursor(const snapshot::Snapshot& snapshot, std::string_view metric, std::string_view key);
  ColumnCursor(const snapshot::Snapshot& snapshot, std::size_t metric, std::string_view key = {});

  /// Whether it takes a sample.
  [[nodiscard]] bool takes(const cgroup::Sample& sample) const {
    return !has_key_ || sample.labels[place_] == key_;
  }
  /// The sample of a cgroup, or nullptr. Asked for cgroups in ascending order.
  [[nodiscard]] const cgroup::Sample* at(cgroup::CgroupIndex cgroup) {
    // Most cgroups have the same keys, so a sample is as far from the last one as that was.
    std::size_t steps = is_sample_of(cgroup, stride_) ? stride_ : 0;
    while (steps < left_.size() && (left_[steps].cgroup < cgroup ||
                                    (left_[steps].cgroup == cgroup && !takes(left_[steps])))) {
      ++steps;
    }
    left_ = left_.subspan(steps);
    if (left_.empty() || left_.front().cgroup != cgroup) return nullptr;
    stride_ = steps;
    return &left_.front();
  }

 private:
  [[nodiscard]] bool is_sample_of(cgroup::CgroupIndex cgroup, std::size_t at) const {
    return at < left_.size() && left_[at].cgroup == cgroup && takes(left_[at]);
  }

  std::span<const cgroup::Sample> left_;
  std::size_t stride_ = 0;  // between the last two samples
  bool has_key_ = false;
  std::size_t place_ = 0;  // of the label with the key
  cgroup::LabelId key_ = cgroup::no_label;
};

/// Refers to the snapshot. Not for rows whose samples have a label of their own: a cgroup has
/// several of these.
class CadvisorValues {
 public:
  CadvisorValues(const snapshot::Snapshot& snapshot, const catalog::CadvisorSource& source,
                 std::chrono::seconds now);

  /// The value in unit() of a cgroup, or nothing. Asked for cgroups in ascending order.
  [[nodiscard]] std::optional<std::uint64_t> of(cgroup::CgroupIndex cgroup);

  [[nodiscard]] catalog::Unit unit() const { return unit_; }

 private:
  [[nodiscard]] std::optional<std::uint64_t> kills(cgroup::CgroupIndex cgroup) const;
  [[nodiscard]] std::optional<std::uint64_t> made(cgroup::CgroupIndex cgroup);
  [[nodiscard]] std::optional<std::uint64_t> root(cgroup::CgroupIndex cgroup);

  const snapshot::Snapshot& snapshot_;
  const catalog::CadvisorSource& source_;
  std::uint64_t now_;
  bool has_ledger_;
  catalog::Unit unit_;
  ColumnCursor native_;
  ColumnCursor where_;
  ColumnCursor period_;
  std::array<ColumnCursor, 3> of_stat_;  // anon, file, inactive_file
};

}  // namespace cgroup2::exposition
