// SPDX-License-Identifier: Apache-2.0
#include "peaks/reset_probe.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

#include "base/pid_list.h"

namespace cgroup2::peaks {
namespace {

void use_memory_for_a_moment() {
  const auto page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  const std::size_t size = probe_bytes(page);
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return;
  for (std::size_t at = 0; at < size; at += page) static_cast<volatile char*>(memory)[at] = 1;
  ::munmap(memory, size);
}

}  // namespace

bool is_own_cgroup(const base::Dir& cgroup) {
  char buffer[4096];
  const auto pids = base::read_pids(cgroup, buffer);
  return pids && base::is_listed(*pids, static_cast<std::uint64_t>(::getpid()));
}

Probed probe_reset(const base::Dir& own, const PeakCalls& calls) {
  constexpr const char* file = "memory.peak";
  const auto others = calls.open_to_read(own, file);
  if (!others) return {Reset::impossible, others.error().code};
  const auto ours = calls.open_to_reset(own, file);
  if (!ours) return {Reset::impossible, ours.error().code};
  use_memory_for_a_moment();
  const auto before = calls.read(*others);
  if (const int error = calls.reset(*ours)) return {Reset::impossible, error};
  const auto own_peak = calls.read(*ours);
  const auto after = calls.read(*others);
  if (!before || !own_peak || !after) return {};
  if (*after < *before) return {Reset::of_all};
  return {*own_peak < *before ? Reset::per_file : Reset::unknown};
}

}  // namespace cgroup2::peaks
