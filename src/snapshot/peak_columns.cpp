// SPDX-License-Identifier: Apache-2.0
#include "snapshot/peak_columns.h"

#include <algorithm>
#include <array>
#include <utility>

#include "catalog/catalog.h"

namespace cgroup2::snapshot {
namespace {

constexpr std::array<std::size_t, peaks::file_count> rows{catalog::file_index("memory.peak"),
                                                          catalog::file_index("memory.swap.peak")};
static_assert(catalog::files[rows[0]].name == peaks::file_names[0] &&
              catalog::files[rows[1]].name == peaks::file_names[1]);
static_assert(index(catalog::PeakValue::memory) == 0 && index(catalog::PeakValue::swap) == 1);

}  // namespace

PeakColumns::PeakColumns(const cgroup::Interface& interface, peaks::RunOpener run_opener,
                         base::ReadErrors& errors, base::Log& log)
    : interface_(interface), recent_peaks_(std::move(run_opener), errors, log) {}

void PeakColumns::select(const cgroup::CollectorSet& enabled, std::chrono::milliseconds window,
                         std::size_t max_cgroups) {
  is_on_ = enabled.test(index(catalog::Collector::memory_recent_peak));
  recent_peaks_.set_window(window);
  max_cgroups_ = max_cgroups;
  if (is_on_) return;
  recent_peaks_.clear();
  newest_.reset();
}

void PeakColumns::fill(const PolledCgroups& polled, Snapshot& snapshot) {
  if (!is_on_) return;
  const auto begin = base::Clock::now();
  if (recent_peaks_.wants_probe()) find_own(polled.nodes);
  choose(polled);
  recent_peaks_.read(to_watch_, begin, values_);
  for (std::size_t metric = 0; metric < catalog::metric_count; ++metric) {
    const auto& source = catalog::metrics[metric].source;
    if (source.select != catalog::Select::recent_peak) continue;
    auto& column = snapshot.samples.columns.at(metric);
    column.reserve(values_.size());
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const auto value = values_[i].at(index(source.peak));
      if (value) column.push_back({watched_indices_[i], cgroup::no_labels, *value});
    }
  }
  snapshot.peaks = recent_peaks_.figures();
  snapshot.peaks.dropped = wanted_.size() - to_watch_.size();
  snapshot.outcomes[index(catalog::Collector::memory_recent_peak)].duration =
      base::Clock::now() - begin;
}

void PeakColumns::find_own(std::span<cgroup::Node* const> nodes) {
  const auto own = std::ranges::find_if(
      nodes, [](const cgroup::Node* node) { return peaks::is_own_cgroup(node->dir); });
  recent_peaks_.probe(own == nodes.end() ? nullptr : &(*own)->dir);
}

std::array<bool, peaks::file_count> PeakColumns::files_of(const cgroup::Node& node) const {
  std::array<bool, peaks::file_count> has{};
  for (const cgroup::FileId file : node.files) {
    for (std::size_t which = 0; which < rows.size(); ++which)
      has.at(which) = has.at(which) || interface_[file].row == rows.at(which);
  }
  return has;
}

void PeakColumns::choose(const PolledCgroups& polled) {
  to_watch_.clear();
  watched_indices_.clear();
  wanted_.clear();
  std::uint64_t newest = 0;
  for (const cgroup::Node* node : polled.nodes) {
    newest = std::max(newest, node->id);
    const auto has = files_of(*node);
    if (polled.indices[node->index] == cgroup::no_cgroup || !has[0]) continue;
    wanted_.push_back(node);
    to_watch_.push_back({node->id, &node->dir, node->path, has, newest_ && node->id > *newest_});
    watched_indices_.push_back(polled.indices[node->index]);
  }
  newest_ = newest;
  const auto& excess = containers_first_.find_excess(wanted_, polled.cgroups, max_cgroups_);
  erase_places(to_watch_, excess);
  erase_places(watched_indices_, excess);
}

}  // namespace cgroup2::snapshot
