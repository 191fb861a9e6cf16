// SPDX-License-Identifier: Apache-2.0
#include "base/boot_time.h"

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

std::optional<std::chrono::seconds> BootTime::since_1970() {
  return since_1970(read_clock(CLOCK_REALTIME) - read_clock(CLOCK_BOOTTIME));
}

std::optional<std::chrono::seconds> BootTime::since_1970(std::chrono::seconds ahead) {
  if (boot_ && std::chrono::abs(ahead - ahead_) <= max_step) return boot_;
  // A line of interrupts has a number for each of thousands, before the boot time.
  const auto stat = procfs_.read_all_at("stat", std::size_t{4} << 20);
  const auto seconds = stat ? find_number(*stat, "btime") : std::nullopt;
  if (!seconds) {
    errors_.add("stat", stat ? "malformed" : errno_name(stat.error().code), "procfs");
    return boot_;
  }
  boot_ = std::chrono::seconds(*seconds);
  ahead_ = ahead;
  return boot_;
}

}  // namespace cgroup2::base
