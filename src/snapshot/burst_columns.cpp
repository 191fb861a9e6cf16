// SPDX-License-Identifier: Apache-2.0
#include "snapshot/burst_columns.h"

#include <algorithm>
#include <array>
#include <optional>

#include "catalog/catalog.h"

namespace cgroup2::snapshot {
namespace {

constexpr std::array<std::size_t, pressure::resources.size()> rows{
    catalog::file_index("cpu.pressure"), catalog::file_index("memory.pressure"),
    catalog::file_index("io.pressure")};
static_assert(catalog::files[rows[0]].name == pressure::file_names[0] &&
              catalog::files[rows[1]].name == pressure::file_names[1] &&
              catalog::files[rows[2]].name == pressure::file_names[2]);

constexpr std::size_t column_of_bursts =
    catalog::metric_where([](const catalog::ValueSource& source) {
      return source.select == catalog::Select::pressure_bursts;
    });

}  // namespace

void BurstColumns::start() {
  if (!is_on_ || !begin_) return;
  counter_.start(begin_);
  is_started_ = true;
}

void BurstColumns::select(const cgroup::CollectorSet& enabled,
                          const pressure::BurstSettings& settings, std::size_t max_cgroups) {
  is_on_ = enabled.test(index(catalog::Collector::pressure_bursts));
  max_cgroups_ = max_cgroups;
  counter_.set(settings);
  if (!is_on_) counter_.clear();
}

void BurstColumns::fill(const PolledCgroups& polled, cgroup::LabelTable& labels,
                        Snapshot& snapshot) {
  if (!is_on_ || !is_started_) return;
  const auto begin = base::Clock::now();
  choose(polled);
  counter_.read(to_watch_, begin, counts_);
  add_samples(labels, snapshot.samples);
  snapshot.bursts = {to_watch_.size(), wanted_.size() - to_watch_.size()};
  snapshot.outcomes[index(catalog::Collector::pressure_bursts)].duration =
      base::Clock::now() - begin;
}

void BurstColumns::choose(const PolledCgroups& polled) {
  wanted_.clear();
  to_watch_.clear();
  watched_indices_.clear();
  for (const cgroup::Node* node : polled.nodes) {
    if (polled.indices[node->index] == cgroup::no_cgroup) continue;
    pressure::CgroupWithPressure cgroup{node->id, &node->dir, node->path, {}};
    for (const cgroup::FileId file : node->files) {
      for (std::size_t i = 0; i < rows.size(); ++i)
        cgroup.has.at(i) = cgroup.has.at(i) || interface_[file].row == rows.at(i);
    }
    if (std::ranges::count(cgroup.has, true) == 0) continue;
    wanted_.push_back(node);
    to_watch_.push_back(cgroup);
    watched_indices_.push_back(polled.indices[node->index]);
  }
  const auto& excess = containers_first_.find_excess(wanted_, polled.cgroups, max_cgroups_);
  erase_places(to_watch_, excess);
  erase_places(watched_indices_, excess);
}

void BurstColumns::add_samples(cgroup::LabelTable& labels, cgroup::Columns& columns) const {
  auto& column = columns.columns.at(column_of_bursts);
  column.reserve(counts_.size() * pressure::resources.size() * pressure::stalls.size());
  std::array<std::optional<cgroup::LabelId>, pressure::resources.size()> resources;
  std::array<std::optional<cgroup::LabelId>, pressure::stalls.size()> stalls;
  std::ranges::transform(pressure::resources, resources.begin(),
                         [&](auto text) { return labels.intern(text); });
  std::ranges::transform(pressure::stalls, stalls.begin(),
                         [&](auto text) { return labels.intern(text); });
  for (std::size_t i = 0; i < counts_.size(); ++i) {
    for (std::size_t resource = 0; resource < resources.size(); ++resource) {
      for (std::size_t stall = 0; stall < stalls.size(); ++stall) {
        const auto count = counts_[i].at(resource).at(stall);
        if (count && resources.at(resource) && stalls.at(stall))
          column.push_back(
              {watched_indices_[i], {*resources.at(resource), *stalls.at(stall)}, *count});
      }
    }
  }
}

}  // namespace cgroup2::snapshot
