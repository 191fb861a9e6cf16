// SPDX-License-Identifier: Apache-2.0
// BootTime: when the host booted, to turn times since the boot into Unix time.
#pragma once

#include <chrono>
#include <optional>

#include "base/dir.h"
#include "base/read_errors.h"
#include "base/result.h"

namespace cgroup2::base {

/// Reads the Unix time of the boot, "btime" of /proc/stat below `procfs`, which is long on hosts
/// with many CPUs. EBADMSG if the file has none.
[[nodiscard]] Result<std::chrono::seconds> read_boot_time(const Dir& procfs);

/// Belongs to one thread. `errors` must outlive it.
class BootTime {
 public:
  /// `procfs` is the directory of the host's procfs.
  BootTime(Dir procfs, ReadErrors& errors) : procfs_(std::move(procfs)), errors_(errors) {}

  /// Returns the Unix time of the boot. Nothing, counted as an error, if it cannot be read. It is
  /// read once, and again when the clock was set by more than a minute (a host without a battery
  /// for its clock begins in another year): smaller steps would move the start of everything.
  /// `ahead` is how far the clock that people and NTP set is ahead of that since the boot.
  [[nodiscard]] std::optional<std::chrono::seconds> since_1970(std::chrono::seconds ahead);
  [[nodiscard]] std::optional<std::chrono::seconds> since_1970();

 private:
  Dir procfs_;
  ReadErrors& errors_;
  std::optional<std::chrono::seconds> boot_;
  std::chrono::seconds ahead_{};  // when boot_ was read
};

}  // namespace cgroup2::base
