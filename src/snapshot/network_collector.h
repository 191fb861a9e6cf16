// SPDX-License-Identifier: Apache-2.0
// NetworkCollector: reads the counters of network namespaces for the cgroups that own them, and the
// host's for the root.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>
#include <vector>

#include "base/dir.h"
#include "base/log.h"
#include "base/read_errors.h"
#include "cgroup/reader.h"
#include "cgroup/samples.h"
#include "identity/resolver.h"
#include "network/figures.h"
#include "network/kept_processes.h"
#include "snapshot/network_owners.h"
#include "snapshot/network_reader.h"

namespace cgroup2::snapshot {

/// What a poll knows when the namespaces are read. `indices` has the exported cgroup of each input
/// of the resolver, or no_cgroup.
struct NetworkInput {
  std::span<const identity::ResolverInput> cgroups;
  std::span<const std::shared_ptr<const identity::Identity>> identities;
  std::span<const cgroup::CgroupIndex> indices;
  const identity::Resolver& resolver;
};

/// Belongs to the poller's thread.
class NetworkCollector {
 public:
  /// `procfs` is the host's. `run_probe` reads the namespaces of processes.
  NetworkCollector(base::Dir procfs, base::ReadErrors& errors, base::Log& log,
                   identity::RunProbe run_probe);

  /// Sets what is read from the next collect() on. `max_namespaces` bounds the descriptors that are
  /// kept. Logs once that the host's cannot be read.
  void select(const cgroup::CollectorSet& enabled, network::TakesInterface takes,
              std::size_t max_namespaces);

  /// Reads what is enabled. Called after the reader's read(), so that its files get their labels
  /// first.
  void collect(const NetworkInput& input, cgroup::LabelTable& labels, cgroup::Columns& columns,
               cgroup::Outcomes& outcomes);

  /// Returns how the last collect() fared.
  [[nodiscard]] const network::NetworkFigures& figures() const { return figures_; }

 private:
  // A namespace that is read.
  struct NetworkReading {
    OwnedNetwork network;
    std::size_t next_member = 0;  // which is asked first when a process is to be found
    bool is_read = false;         // in this poll
  };
  class Finder;

  void plan(const NetworkInput& input);
  [[nodiscard]] bool is_planned(const NetworkInput& input) const;
  void read_host(const NetworkInput& input);
  void read_namespaces(const NetworkInput& input);
  [[nodiscard]] bool read_known(const NetworkInput& input);

  base::Dir procfs_;
  NetworkReader reader_;
  base::Log& log_;
  bool has_logged_ = false;
  const identity::RunProbe run_probe_;
  const bool has_hosts_init_;
  base::Dir host_;  // of process 1; a thread that may not see it reads through it
  std::size_t max_namespaces_ = 0;
  network::KeptProcesses kept_;
  network::NetworkFigures figures_;

  // What the readings were made of.
  std::vector<std::pair<std::uint64_t, std::shared_ptr<const identity::Identity>>> planned_;
  identity::HostNamespaces planned_host_;

  std::vector<NetworkReading> readings_;
  std::vector<std::uint64_t> inodes_;  // of readings_
  std::size_t beyond_bound_ = 0;
};

}  // namespace cgroup2::snapshot
