// SPDX-License-Identifier: Apache-2.0
#include "snapshot/process_columns.h"

#include <chrono>
#include <cstddef>
#include <optional>
#include <utility>

#include "base/time.h"
#include "catalog/catalog.h"
#include "identity/member.h"

namespace cgroup2::snapshot {
namespace {

using catalog::ProcessValue;

std::optional<std::uint64_t> value_of(const processes::ProcessCounts& counts, ProcessValue value) {
  switch (value) {
    case ProcessValue::processes:
      return counts.processes;
    case ProcessValue::open_files:
      return counts.open_files;
    case ProcessValue::sockets:
      return counts.sockets;
    case ProcessValue::open_files_limit:
      return counts.open_files_limit;
    case ProcessValue::processes_limit:
      return counts.processes_limit;
  }
  return std::nullopt;
}

processes::ProcessCounter make_counter(base::Dir procfs, base::ReadErrors& errors) {
  const bool has_our_pids = identity::has_our_pids(procfs);
  return {std::move(procfs), has_our_pids, errors};
}

}  // namespace

ProcessColumns::ProcessColumns(base::Dir procfs, identity::RunProbe run_probe,
                               base::ReadErrors& errors)
    : run_probe_(std::move(run_probe)), counter_(make_counter(std::move(procfs), errors)) {}

cgroup::Outcome ProcessColumns::fill(const PolledCgroups& polled, cgroup::Columns& columns) {
  if (!is_on_) return {};
  const auto begin = base::Clock::now();
  cgroups_.clear();
  for (const cgroup::Node* node : polled.nodes) {
    const std::size_t parent = node->parent == nullptr ? polled.nodes.size() : node->parent->index;
    cgroups_.push_back({node->id, &node->dir, node->path, parent});
  }
  bool is_whole = false;
  run_probe_([&] { is_whole = counter_.count(cgroups_, counts_); });
  for (std::size_t metric = 0; metric < catalog::metric_count; ++metric) {
    const auto& source = catalog::metrics[metric].source;
    if (source.select != catalog::Select::process) continue;
    columns.columns[metric].reserve(counts_.size());
    for (std::size_t i = 0; i < counts_.size(); ++i) {
      const auto value = value_of(counts_[i], source.process);
      if (value && polled.indices[i] != cgroup::no_cgroup)
        columns.columns[metric].push_back({polled.indices[i], cgroup::no_labels, *value});
    }
  }
  return {!is_whole, base::Clock::now() - begin};
}

}  // namespace cgroup2::snapshot
