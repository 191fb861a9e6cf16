// SPDX-License-Identifier: Apache-2.0
#include "exposition/cadvisor_values.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "exposition/cadvisor_labels.h"

namespace cgroup2::exposition {
namespace {

using catalog::CadvisorRoot;
using catalog::CadvisorValue;

// The shares 2 to 262144 stand for the weights 1 to 10000, in a straight line. A weight of 0 is
// that of an idle cgroup, which cAdvisor takes for none.
std::uint64_t to_shares(std::uint64_t weight) {
  constexpr std::uint64_t min_shares = 2;
  constexpr std::uint64_t max_shares = 262144;
  constexpr std::uint64_t max_weight = 10000;
  if (weight == 0) return 0;
  return min_shares + (weight - 1) * (max_shares - min_shares) / (max_weight - 1);
}

catalog::Unit unit_of(const catalog::CadvisorSource& source) {
  const bool is_native = source.value == CadvisorValue::native;
  return is_native ? catalog::metrics[source.metric].unit : catalog::Unit::none;
}

}  // namespace

ColumnCursor::ColumnCursor(const snapshot::Snapshot& snapshot, std::string_view metric,
                           std::string_view key)
    : ColumnCursor(snapshot, catalog::metric_index(metric), key) {}

ColumnCursor::ColumnCursor(const snapshot::Snapshot& snapshot, std::size_t metric,
                           std::string_view key)
    : left_(snapshot.samples.columns[metric]), has_key_(!key.empty()) {
  if (!has_key_) return;
  place_ = catalog::label_names(catalog::metrics[metric])[1].empty() ? 0 : 1;
  const auto& values = *snapshot.labels;
  const auto at = std::ranges::find(values, key);
  if (at != values.end()) {
    key_ = static_cast<cgroup::LabelId>(at - values.begin());
  } else {
    left_ = {};
  }
}

CadvisorValues::CadvisorValues(const snapshot::Snapshot& snapshot,
                               const catalog::CadvisorSource& source, std::chrono::seconds now)
    : snapshot_(snapshot),
      source_(source),
      now_(static_cast<std::uint64_t>(now.count())),
      has_ledger_(*snapshot.ledger != oom::LedgerContent()),
      unit_(unit_of(source)) {
  if (source.metric != catalog::metric_count) native_ = {snapshot, source.metric, source.key};
  if (source.where != catalog::metric_count) where_ = {snapshot, source.where};
  if (source.value == CadvisorValue::cpu_quota) {
    constexpr std::size_t period = catalog::native_metric("cgroup_cpu_period_seconds");
    period_ = {snapshot, period};
  }
  if (source.root == CadvisorRoot::usage || source.root == CadvisorRoot::working_set) {
    constexpr std::size_t stat = catalog::native_metric("cgroup_memory_stat_bytes");
    constexpr std::array<std::string_view, 3> keys{"anon", "file", "inactive_file"};
    for (std::size_t i = 0; i < keys.size(); ++i) of_stat_[i] = {snapshot, stat, keys[i]};
  }
}

std::optional<std::uint64_t> CadvisorValues::of(cgroup::CgroupIndex cgroup) {
  const bool is_root = source_.root != CadvisorRoot::same && snapshot_.cgroups[cgroup]->path == "/";
  const auto value = is_root ? root(cgroup) : made(cgroup);
  if (!value && source_.absence_is_zero && !is_root) return 0;
  if (value == 0 && source_.zero_is_absence) return std::nullopt;
  return value;
}

// Where no cgroup has a memory controller there is no ledger, and so no zero.
std::optional<std::uint64_t> CadvisorValues::kills(cgroup::CgroupIndex cgroup) const {
  if (!has_ledger_) return std::nullopt;
  return count_kills(*snapshot_.cgroups[cgroup], *snapshot_.ledger);
}

std::optional<std::uint64_t> CadvisorValues::made(cgroup::CgroupIndex cgroup) {
  if (source_.value == CadvisorValue::last_seen) return now_;
  if (source_.value == CadvisorValue::oom_kills) return kills(cgroup);
  const cgroup::Sample* const native = native_.at(cgroup);
  if (native == nullptr) return std::nullopt;
  if (source_.where != catalog::metric_count && where_.at(cgroup) == nullptr) return std::nullopt;
  if (source_.value == CadvisorValue::cpu_shares) return to_shares(native->bits);
  if (source_.value != CadvisorValue::cpu_quota) return native->bits;
  const cgroup::Sample* const period = period_.at(cgroup);
  if (period == nullptr) return std::nullopt;
  const double quota = cgroup::to_double(*native) * static_cast<double>(period->bits);
  return static_cast<std::uint64_t>(std::llround(quota));
}

std::optional<std::uint64_t> CadvisorValues::root(cgroup::CgroupIndex cgroup) {
  if (source_.root == CadvisorRoot::ram) return snapshot_.machine->memory;
  if (source_.root == CadvisorRoot::swap) return snapshot_.machine->swap;
  const cgroup::Sample* const anon = of_stat_[0].at(cgroup);
  const cgroup::Sample* const file = of_stat_[1].at(cgroup);
  if (anon == nullptr || file == nullptr) return made(cgroup);
  const std::uint64_t usage = anon->bits + file->bits;
  if (source_.root == CadvisorRoot::usage) return usage;
  const cgroup::Sample* const inactive = of_stat_[2].at(cgroup);
  return usage - std::min(usage, inactive != nullptr ? inactive->bits : 0);
}

}  // namespace cgroup2::exposition
