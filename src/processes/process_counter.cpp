// SPDX-License-Identifier: Apache-2.0
//
// The numbers in cgroup.procs are used again, so the list is read before and after the processes
// are looked at: who is not in both was not in the cgroup for all of that time, and is not counted.
#include "processes/process_counter.h"

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/pid_list.h"
#include "processes/fair_limit.h"
#include "processes/process_files.h"

namespace cgroup2::processes {
namespace {

constexpr std::size_t first_guess = 256;  // descriptors of a cgroup that was not looked at yet
constexpr std::string_view too_many = "too_many";

void add(std::optional<std::uint64_t>& sum, const std::optional<std::uint64_t>& part) {
  sum = sum && part ? std::optional(*sum + *part) : std::nullopt;
}

}  // namespace

ProcessCounter::ProcessCounter(base::Dir procfs, bool has_our_pids, base::ReadErrors& errors,
                               CountBounds bounds)
    : procfs_(std::move(procfs)),
      has_our_pids_(has_our_pids),
      errors_(errors),
      bounds_(bounds),
      knows_sizes_(states_open_files(procfs_)) {}

bool ProcessCounter::count(std::span<const CgroupToCount> cgroups,
                           std::vector<ProcessCounts>& counts) {
  has_failed_ = false;
  own_.resize(cgroups.size());
  for (std::size_t i = 0; i < cgroups.size(); ++i) read_list(cgroups[i], own_[i]);
  if (has_our_pids_) examine(cgroups);
  counts.clear();
  for (const auto& own : own_) counts.push_back(own.counts);
  for (std::size_t i = cgroups.size(); i-- > 0;) {
    if (cgroups[i].parent >= i) continue;
    auto& above = counts[cgroups[i].parent];
    add(above.processes, counts[i].processes);
    add(above.open_files, counts[i].open_files);
    add(above.sockets, counts[i].sockets);
  }
  return !has_failed_;
}

void ProcessCounter::read_list(const CgroupToCount& cgroup, OwnProcesses& own) {
  own.counts = {};
  own.pids.clear();
  const auto list = base::read_all_pids(*cgroup.dir, buffer_);
  if (list) {
    base::append_pids(*list, own.pids);
  } else if (!base::is_absence(list.error().code)) {
    report("cgroup.procs", base::errno_name(list.error().code), cgroup);
    return;
  }
  own.counts.processes = own.pids.size();
  if (own.pids.empty() && has_our_pids_) own.counts.open_files = own.counts.sockets = 0;
}

void ProcessCounter::examine(std::span<const CgroupToCount> cgroups) {
  std::vector<std::size_t> needs;
  needs.reserve(own_.size());
  for (const auto& own : own_) needs.push_back(own.pids.size());
  const std::size_t max_processes = fair_limit(needs, bounds_.processes);
  for (std::size_t i = 0; i < cgroups.size(); ++i) {
    if (own_[i].pids.size() <= max_processes) {
      if (knows_sizes_) count_by_size(cgroups[i], own_[i]);
      read_limits(own_[i]);
    } else {
      report("cgroup.procs", too_many, cgroups[i]);
      own_[i].pids.clear();  // which are not looked at
    }
    needs[i] = need_of(cgroups[i], own_[i]);
  }
  const std::size_t limit = fair_limit(needs, bounds_.descriptors);
  // Guesses may be too low, but not without an end.
  descriptors_left_ = 2 * bounds_.descriptors;
  // Forgets cgroups that are gone, now and then.
  if (needs_.size() > 2 * cgroups.size() + 1000) needs_.clear();
  for (std::size_t i = 0; i < cgroups.size(); ++i) {
    if (!own_[i].pids.empty()) count_one_by_one(cgroups[i], own_[i], limit);
  }
}

std::size_t ProcessCounter::need_of(const CgroupToCount& cgroup, const OwnProcesses& own) const {
  if (own.pids.empty()) return 0;
  if (own.counts.open_files) return *own.counts.open_files;
  const auto known = needs_.find(cgroup.id);
  return known == needs_.end() ? first_guess : known->second;
}

void ProcessCounter::count_by_size(const CgroupToCount& cgroup, OwnProcesses& own) {
  parts_.clear();
  for (const auto pid : own.pids) {
    const auto process = base::open_process(procfs_, pid);
    if (!process) continue;
    const auto size = size_of_open_files(*process);
    if (size) parts_.push_back({pid, *size, 0});
  }
  if (const auto sum = sum_of_members(cgroup)) own.counts.open_files = sum->files;
}

void ProcessCounter::count_one_by_one(const CgroupToCount& cgroup, OwnProcesses& own,
                                      std::size_t limit) {
  limit = std::min(limit, descriptors_left_);
  parts_.clear();
  std::size_t used = 0;
  bool is_too_much = own.counts.open_files.value_or(0) > limit;
  for (auto pid = own.pids.begin(); pid != own.pids.end() && !is_too_much; ++pid) {
    const auto process = base::open_process(procfs_, *pid);
    if (!process) continue;
    const auto found = count_open_files(*process, limit - used);
    if (found) {
      used += found->files;
      parts_.push_back({*pid, found->files, found->sockets});
    } else if (found.error().code == EFBIG) {
      is_too_much = true;
      descriptors_left_ -= limit;
    } else if (!base::is_absence(found.error().code)) {
      report("fd", base::errno_name(found.error().code), cgroup,
             "give the exporter CAP_SYS_PTRACE to tell sockets from files");
      return;
    }
  }
  if (is_too_much) {
    needs_[cgroup.id] = 2 * std::max(limit, first_guess);
    report("fd", too_many, cgroup, "a poll looks at a limited number of open files");
    return;
  }
  descriptors_left_ -= used;
  needs_[cgroup.id] = used;
  const auto sum = sum_of_members(cgroup);
  if (!sum) return;
  if (!knows_sizes_) own.counts.open_files = sum->files;
  own.counts.sockets = sum->sockets;
}

// Adds up parts_ of the processes that are still in the cgroup; nothing if that is not known.
std::optional<OpenFiles> ProcessCounter::sum_of_members(const CgroupToCount& cgroup) {
  members_.clear();
  const auto list = base::read_all_pids(*cgroup.dir, buffer_);
  if (list) {
    base::append_pids(*list, members_);
  } else if (!base::is_absence(list.error().code)) {
    return std::nullopt;
  }
  std::ranges::sort(members_);
  OpenFiles sum;
  for (const ProcessPart& part : parts_) {
    if (!std::ranges::binary_search(members_, part.pid)) continue;
    sum.files += part.files;
    sum.sockets += part.sockets;
  }
  return sum;
}

void ProcessCounter::read_limits(OwnProcesses& own) const {
  if (own.pids.empty()) return;
  const auto process = base::open_process(procfs_, own.pids.front());
  char buffer[4096];
  const auto limits = process ? process->read_at("limits", buffer)
                              : base::Result<std::string_view>(process.error());
  if (!limits) return;
  own.counts.open_files_limit = parse_soft_limit(*limits, "Max open files");
  own.counts.processes_limit = parse_soft_limit(*limits, "Max processes");
}

void ProcessCounter::report(std::string_view file, std::string_view reason,
                            const CgroupToCount& cgroup, std::string_view hint) {
  has_failed_ = true;
  errors_.add(file, reason, cgroup.path, hint);
}

}  // namespace cgroup2::processes
