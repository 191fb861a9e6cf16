// SPDX-License-Identifier: Apache-2.0
#include "identity/first_start.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/pid_list.h"
#include "base/procfs.h"
#include "base/text.h"

namespace cgroup2::identity {
namespace {

struct ListedProcess {
  std::uint64_t pid = 0;
  base::Dir dir{};
};

std::optional<std::uint64_t> read_start(const base::Dir& process) {
  char buffer[2048];  // 52 numbers of 20 digits at most, and a name
  const auto stat = process.read_at("stat", buffer);
  return stat ? parse_start(*stat) : std::nullopt;
}

}  // namespace

std::optional<std::uint64_t> parse_start(std::string_view stat) {
  const auto start = base::find_stat_field(stat, 22);
  return start ? base::parse_u64(*start) : std::nullopt;
}

std::optional<std::uint64_t> read_first_start(const base::Dir& cgroup, const base::Dir& procfs) {
  char buffer[4096];
  auto pids = base::read_pids(cgroup, buffer);
  if (!pids) return std::nullopt;
  std::array<ListedProcess, 8> candidates;
  std::size_t count = 0;
  auto rest = *pids;
  while (count < candidates.size()) {
    const auto line = base::next_line(rest);
    if (!line) break;
    const auto pid = base::parse_u64(*line);
    if (!pid || *pid == 0) continue;  // 0: a process without a number in our pid namespace
    auto process = base::open_process(procfs, *pid);
    if (process) candidates[count++] = {*pid, std::move(*process)};
  }
  // Reads the list again, because only now the numbers prove something: see resolver.cpp.
  if (count > 0) pids = base::read_pids(cgroup, buffer);
  if (!pids) return std::nullopt;
  std::optional<std::uint64_t> first;
  for (std::size_t i = 0; i < count; ++i) {
    if (!base::is_listed(*pids, candidates[i].pid)) continue;
    const auto start = read_start(candidates[i].dir);
    if (start) first = std::min(*start, first.value_or(*start));
  }
  return first;
}

}  // namespace cgroup2::identity
