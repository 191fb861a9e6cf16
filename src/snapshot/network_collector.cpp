// SPDX-License-Identifier: Apache-2.0
#include "snapshot/network_collector.h"

#include <algorithm>
#include <utility>

#include "base/time.h"
#include "identity/host_procfs.h"
#include "identity/member.h"

namespace cgroup2::snapshot {

using catalog::Collector;

// Asks the cgroups that are known to live in a namespace, a few in a poll: one whose processes are
// gone costs two system calls, and a namespace's owner may make thousands.
class NetworkCollector::Finder final : public network::ProcessFinder {
 public:
  Finder(std::span<NetworkReading> readings, const NetworkInput& input, const base::Dir& procfs)
      : readings_(readings), input_(input), procfs_(procfs) {}

  [[nodiscard]] bool is_in(const base::Dir& net, std::uint64_t inode) override {
    return identity::is_in_network(net, inode);
  }

  [[nodiscard]] base::Dir find(std::size_t at) override {
    constexpr std::size_t max_asked = 8;
    NetworkReading& reading = readings_[at];
    const auto& members = reading.network.members;
    for (std::size_t i = 0; i < std::min(members.size(), max_asked); ++i) {
      const std::size_t member = members[reading.next_member % members.size()];
      const auto process = identity::find_process_in(
          *input_.cgroups[member].dir, procfs_, identity::Namespace::net, reading.network.inode);
      if (process.is_open()) {
        auto net = process.open_at("net");
        if (net) return std::move(*net);
      }
      ++reading.next_member;
    }
    return {};
  }

 private:
  std::span<NetworkReading> readings_;
  const NetworkInput& input_;
  const base::Dir& procfs_;
};

NetworkCollector::NetworkCollector(base::Dir procfs, base::ReadErrors& errors, base::Log& log,
                                   identity::RunProbe run_probe)
    : procfs_(std::move(procfs)),
      reader_(errors),
      log_(log),
      run_probe_(std::move(run_probe)),
      has_hosts_init_(identity::has_hosts_init(procfs_)) {}

void NetworkCollector::select(const cgroup::CollectorSet& enabled, network::TakesInterface takes,
                              std::size_t max_namespaces) {
  reader_.select(enabled, std::move(takes));
  max_namespaces_ = max_namespaces;
  planned_.clear();
  if (!reader_.is_on() || has_hosts_init_ || std::exchange(has_logged_, true)) return;
  log_.info("no network metrics: process 1 is not the host's",
            {{"hint", "run the exporter in the host's pid namespace (hostPID in Kubernetes)"}});
}

void NetworkCollector::collect(const NetworkInput& input, cgroup::LabelTable& labels,
                               cgroup::Columns& columns, cgroup::Outcomes& outcomes) {
  figures_ = {};
  if (!reader_.is_on()) {
    kept_ = {};
    return;
  }
  const auto begin = base::Clock::now();
  reader_.begin(labels, columns);
  if (!is_planned(input)) plan(input);
  read_host(input);
  read_namespaces(input);
  reader_.end();
  figures_.dropped = beyond_bound_;
  figures_.dropped_interfaces = reader_.dropped_interfaces();
  const bool has_failed = reader_.has_failed() || !input.resolver.can_probe_all();
  for (const Collector collector : {Collector::network, Collector::network_sockets})
    outcomes[index(collector)].has_failed = has_failed && reader_.is_enabled(collector);
  const bool is_of_interfaces = reader_.is_enabled(Collector::network);
  outcomes[index(is_of_interfaces ? Collector::network : Collector::network_sockets)].duration =
      base::Clock::now() - begin;
}

bool NetworkCollector::is_planned(const NetworkInput& input) const {
  if (planned_.size() != input.cgroups.size() || planned_host_ != input.resolver.host())
    return false;
  for (std::size_t at = 0; at < planned_.size(); ++at) {
    if (planned_[at].first != input.cgroups[at].id || planned_[at].second != input.identities[at])
      return false;
  }
  return true;
}

// Decides whose the namespaces are.
void NetworkCollector::plan(const NetworkInput& input) {
  planned_.clear();
  for (std::size_t at = 0; at < input.cgroups.size(); ++at)
    planned_.emplace_back(input.cgroups[at].id, input.identities[at]);
  planned_host_ = input.resolver.host();
  auto networks = find_owned_networks(input.cgroups, input.identities, planned_host_);
  beyond_bound_ = networks.size() - std::min(networks.size(), max_namespaces_);
  networks.resize(networks.size() - beyond_bound_);
  readings_.clear();
  inodes_.clear();
  for (OwnedNetwork& network : networks) {
    inodes_.push_back(network.inode);
    readings_.push_back({.network = std::move(network)});
  }
}

void NetworkCollector::read_host(const NetworkInput& input) {
  const bool has_root = !input.indices.empty() && input.indices.front() != cgroup::no_cgroup;
  if (!has_hosts_init_ || !has_root) return;
  if (!host_.is_open()) {
    run_probe_([this] {
      if (auto net = procfs_.open_at("1/net")) host_ = std::move(*net);
    });
  }
  figures_.has_host = host_.is_open() && reader_.read(host_, input.indices.front(), true);
  if (!figures_.has_host) host_ = base::Dir();
}

// A process may end between the look at it and the read: then another one is looked for, once.
void NetworkCollector::read_namespaces(const NetworkInput& input) {
  for (NetworkReading& reading : readings_) reading.is_read = false;
  for (int round = 0; round < 2 && (!inodes_.empty() || kept_.size() > 0); ++round) {
    Finder finder(readings_, input, procfs_);
    run_probe_([&] { kept_.refresh(inodes_, finder); });
    if (read_known(input)) break;
  }
  for (const NetworkReading& reading : readings_) {
    if (input.indices[reading.network.owner] == cgroup::no_cgroup) continue;
    ++(reading.is_read ? figures_.read : figures_.unread);
  }
}

// Reads those that a process is known of. Returns whether all of these could be read.
bool NetworkCollector::read_known(const NetworkInput& input) {
  bool is_complete = true;
  for (NetworkReading& reading : readings_) {
    const std::uint64_t inode = reading.network.inode;
    const base::Dir* net = reading.is_read ? nullptr : kept_.of(inode);
    if (net == nullptr) continue;
    const cgroup::CgroupIndex owner = input.indices[reading.network.owner];
    reading.is_read = owner == cgroup::no_cgroup || reader_.read(*net, owner, false);
    if (reading.is_read) continue;
    kept_.drop(inode);
    is_complete = false;
  }
  return is_complete;
}

}  // namespace cgroup2::snapshot
