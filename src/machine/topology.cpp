// SPDX-License-Identifier: Apache-2.0
#include "machine/topology.h"

#include <set>

#include "base/number_ranges.h"

namespace cgroup2::machine {
namespace {

// A file below the directories of CPUs, without its newline; empty if it cannot be read.
std::string read_line(const base::Dir& sysfs, const std::string& name) {
  char buffer[4096];
  const auto text = sysfs.read_at(("devices/system/cpu/" + name).c_str(), buffer);
  return text ? std::string(text->substr(0, text->find('\n'))) : std::string();
}

}  // namespace

std::vector<std::uint32_t> parse_cpu_list(std::string_view text) {
  std::vector<std::uint32_t> cpus;
  const bool is_list = base::visit_ranges(text, [&](std::uint64_t first, std::uint64_t last) {
    for (auto cpu = first; cpu <= last && cpus.size() <= base::max_listed_number; ++cpu)
      cpus.push_back(static_cast<std::uint32_t>(cpu));
  });
  if (!is_list || cpus.size() > base::max_listed_number) return {};
  return cpus;
}

void Topology::refresh(const base::Dir& sysfs) {
  auto online = read_line(sysfs, "online");
  if (online == online_) return;
  online_ = std::move(online);
  const auto cpus = parse_cpu_list(online_);
  // The threads of one core have the same list of each other.
  std::set<std::string> cores, sockets;
  for (const auto cpu : cpus) {
    const std::string topology = "cpu" + std::to_string(cpu) + "/topology/";
    cores.insert(read_line(sysfs, topology + "thread_siblings_list"));
    sockets.insert(read_line(sysfs, topology + "physical_package_id"));
  }
  cores.erase("");
  sockets.erase("");
  cpus_ = cpus.size();
  cores_ = cores.size();
  sockets_ = sockets.size();
}

}  // namespace cgroup2::machine
