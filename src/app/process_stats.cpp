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

ProcessStats parse_process_stat(std::string_view stat, double ticks_per_second, double page_size,
                                std::optional<double> boot_time) {
  ProcessStats stats;
  const auto command_end = stat.rfind(')');
  if (command_end == std::string_view::npos) return stats;
  auto rest = stat.substr(command_end + 1);
  if (rest.ends_with('\n')) rest.remove_suffix(1);

  // Fields are numbered from 1 in proc(5); the first one after the command is 3.
  constexpr std::size_t first = 3;
  std::array<std::optional<double>, 25> fields;
  for (std::size_t i = first; i < fields.size(); ++i) {
    const auto token = base::next_token(rest);
    if (!token) break;
    const auto number = base::parse_u64(*token);
    if (number) fields[i] = static_cast<double>(*number);
  }
  const auto utime = fields[14];
  const auto stime = fields[15];
  if (utime && stime) stats.cpu_seconds = (*utime + *stime) / ticks_per_second;
  stats.threads = fields[20];
  if (fields[22] && boot_time)
    stats.start_time_seconds = *boot_time + *fields[22] / ticks_per_second;
  stats.virtual_memory_bytes = fields[23];
  if (fields[24]) stats.resident_memory_bytes = *fields[24] * page_size;
  return stats;
}

std::optional<double> read_boot_time() {
  const auto proc = base::Dir::open("/proc");
  if (!proc) return std::nullopt;
  const auto stat = proc->read_all_at("stat", std::size_t{16} << 20);
  const auto seconds = stat ? base::find_number(*stat, "btime") : std::nullopt;
  return seconds ? std::optional(static_cast<double>(*seconds)) : std::nullopt;
}

ProcessStats read_process_stats(std::optional<double> boot_time) {
  const auto self = base::Dir::open("/proc/self");
  if (!self) return {};
  std::array<char, 4096> buffer;
  const auto stat = self->read_at("stat", buffer);
  ProcessStats stats;
  if (stat) {
    stats = parse_process_stat(*stat, static_cast<double>(::sysconf(_SC_CLK_TCK)),
                               static_cast<double>(::sysconf(_SC_PAGESIZE)), boot_time);
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

std::vector<exposition::Family> process_families(const ProcessStats& stats) {
  using exposition::FamilyType;
  std::vector<exposition::Family> families;
  const auto append = [&](const char* name, const char* help, FamilyType type,
                          std::optional<double> value) {
    if (value) families.push_back({name, help, type, {{"", {}, *value}}});
  };
  append("process_cpu_seconds_total", "CPU time of the exporter, user and system.",
         FamilyType::counter, stats.cpu_seconds);
  append("process_resident_memory_bytes", "Resident memory of the exporter.", FamilyType::gauge,
         stats.resident_memory_bytes);
  append("process_virtual_memory_bytes", "Virtual memory of the exporter.", FamilyType::gauge,
         stats.virtual_memory_bytes);
  append("process_threads", "Threads of the exporter.", FamilyType::gauge, stats.threads);
  append("process_start_time_seconds", "Unix time at which the exporter started.",
         FamilyType::gauge, stats.start_time_seconds);
  append("process_open_fds", "Open descriptors of the exporter.", FamilyType::gauge,
         stats.open_fds);
  append("process_max_fds", "Descriptors that the exporter may open.", FamilyType::gauge,
         stats.max_fds);
  return families;
}

}  // namespace cgroup2::app
