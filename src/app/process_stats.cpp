// SPDX-License-Identifier: Apache-2.0
#include "app/process_stats.h"

#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <cstdint>

#include "base/dir.h"
#include "base/procfs.h"
#include "base/text.h"

namespace cgroup2::app {

ProcessStats parse_process_stat(std::string_view stat, double ticks_per_second, double page_size) {
  const auto number = [stat](int field) -> std::optional<double> {
    const auto text = base::find_stat_field(stat, field);
    const auto parsed = text ? base::parse_u64(*text) : std::nullopt;
    if (!parsed) return std::nullopt;
    return static_cast<double>(*parsed);
  };
  ProcessStats stats;
  const auto utime = number(14);
  const auto stime = number(15);
  if (utime && stime) stats.cpu_seconds = (*utime + *stime) / ticks_per_second;
  stats.threads = number(20);
  if (const auto start = number(22)) stats.start_seconds = *start / ticks_per_second;
  stats.virtual_memory_bytes = number(23);
  if (const auto pages = number(24)) stats.resident_memory_bytes = *pages * page_size;
  return stats;
}

ProcessStats read_process_stats() {
  const auto self = base::Dir::open("/proc/self");
  if (!self) return {};
  std::array<char, 4096> buffer;
  const auto stat = self->read_at("stat", buffer);
  ProcessStats stats;
  if (stat) {
    stats = parse_process_stat(*stat, static_cast<double>(::sysconf(_SC_CLK_TCK)),
                               static_cast<double>(::sysconf(_SC_PAGESIZE)));
  }
  const auto descriptors = self->open_at("fd");
  std::uint64_t count = 0;
  if (descriptors && descriptors->list([&](const base::DirEntry&) { ++count; }) == 0) {
    constexpr std::uint64_t of_this_function = 3;  // self, fd, and the listing
    stats.open_fds = static_cast<double>(count - of_this_function);
  }
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) == 0) stats.max_fds = static_cast<double>(limit.rlim_cur);
  return stats;
}

std::vector<exposition::Family> process_families(const ProcessStats& stats,
                                                 std::optional<double> boot_time) {
  using exposition::FamilyType;
  std::vector<exposition::Family> families;
  const auto append = [&](const char* name, const char* help, FamilyType type,
                          std::optional<double> value) {
    if (value) families.push_back({name, help, type, {{"", {}, *value}}});
  };
  std::optional<double> start_time;
  if (boot_time && stats.start_seconds) start_time = *boot_time + *stats.start_seconds;
  append("process_cpu_seconds_total", "CPU time of the exporter, user and system.",
         FamilyType::counter, stats.cpu_seconds);
  append("process_resident_memory_bytes", "Resident memory of the exporter.", FamilyType::gauge,
         stats.resident_memory_bytes);
  append("process_virtual_memory_bytes", "Virtual memory of the exporter.", FamilyType::gauge,
         stats.virtual_memory_bytes);
  append("process_threads", "Threads of the exporter.", FamilyType::gauge, stats.threads);
  append("process_start_time_seconds", "Unix time at which the exporter started.",
         FamilyType::gauge, start_time);
  append("process_open_fds", "Open descriptors of the exporter.", FamilyType::gauge,
         stats.open_fds);
  append("process_max_fds", "Descriptors that the exporter may open.", FamilyType::gauge,
         stats.max_fds);
  return families;
}

}  // namespace cgroup2::app
