// SPDX-License-Identifier: Apache-2.0
// PageContext: what a page is made of, put together once.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "snapshot/snapshot.h"
#include "status/history.h"
#include "status/page_metrics.h"

namespace cgroup2::status {

/// What was read at the start, and is not in a snapshot. Empty: not known.
struct HostFacts {
  std::string name;
  std::string mount_point;  ///< of the hierarchy
  std::string mount_root;   ///< the part of the hierarchy that is mounted there
  std::string mount_options;
  std::vector<std::string> v1_controllers;  ///< that cgroup v1 has
  std::string version;                      ///< of the exporter
  std::string telemetry_path;
};

/// What the exporter itself costs and may do. Nothing: could not be read.
struct Self {
  std::optional<double> cpu_share;  ///< of a core, since the start
  std::optional<double> resident_bytes;
  std::optional<unsigned> user_id;            ///< effective
  std::optional<std::uint64_t> capabilities;  ///< effective, capabilities(7)
};

struct PageContext {
  PageContext(const HostFacts& of_host, const Self& of_self, const snapshot::Snapshot& of_snapshot,
              const History& history)
      : host(of_host),
        self(of_self),
        snapshot(of_snapshot),
        values(take_values(of_snapshot.samples, of_snapshot.cgroups.size())),
        rates(history.rates(of_snapshot)) {}

  const HostFacts& host;
  const Self& self;
  const snapshot::Snapshot& snapshot;
  std::vector<Values> values;  ///< by cgroup::CgroupIndex
  CounterRates rates;
  base::TimePoint now = base::Clock::now();
  std::chrono::milliseconds since_1970 = std::chrono::duration_cast<std::chrono::milliseconds>(
      std::chrono::system_clock::now().time_since_epoch());
};

}  // namespace cgroup2::status
