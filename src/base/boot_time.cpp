// SPDX-License-Identifier: Apache-2.0
#include "base/boot_time.h"

#include <cerrno>
#include <cstddef>
#include <ctime>

#include "base/procfs.h"

namespace cgroup2::base {
namespace {

constexpr std::chrono::minutes max_step{1};

std::chrono::seconds read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return std::chrono::seconds(time.tv_sec);
}

}  // namespace

Result<std::chrono::seconds> read_boot_time(const Dir& procfs) {
  // A line of interrupts has a number for each of thousands, before the boot time.
  const auto stat = procfs.read_all_at("stat", std::size_t{4} << 20);
  if (!stat) return stat.error();
  const auto seconds = find_number(*stat, "btime");
  if (!seconds) return Error{EBADMSG, "parse stat"};
  return std::chrono::seconds(*seconds);
}

std::optional<std::chrono::seconds> BootTime::since_1970() {
  return since_1970(read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME));
}

std::optional<std::chrono::seconds> BootTime::since_1970(std::chrono::seconds ahead) {
  if (boot_ && std::chrono::abs(ahead - ahead_) <= max_step) return boot_;
  const auto boot = read_boot_time(procfs_);
  if (!boot) {
    const int code = boot.error().code;
    errors_.add("stat", code == EBADMSG ? "malformed" : errno_name(code), "procfs");
    return boot_;
  }
  boot_ = *boot;
  ahead_ = ahead;
  return boot_;
}

}  // namespace cgroup2::base
