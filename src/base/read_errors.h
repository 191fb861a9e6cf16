// SPDX-License-Identifier: Apache-2.0
// ReadErrors: what could not be read or parsed, counted by file and reason, logged once for each
// pair.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "base/log.h"
#include "base/result.h"

namespace cgroup2::base {

/// Whether the errno means that the kernel does not offer the file here: ENOENT (no such file or
/// controller), ENODEV (removed while open), EOPNOTSUPP (PSI off, threaded cgroup), ESRCH (process
/// gone), ENOTDIR. Absence is no error.
[[nodiscard]] bool is_absence(int code);

/// Whether the errno means that the file is there but the kernel cannot fill it: PSI switched off
/// at boot, irq.pressure without a clock for it. It is an absence too.
[[nodiscard]] bool is_unsupported(int code);

/// Returns "EACCES" and the like, for a label; "errno_N" for what has no name here.
[[nodiscard]] std::string errno_name(int code);

/// Says what to do about an errno, for a log line; empty if there is nothing to say.
[[nodiscard]] std::string_view hint_for(int code);

/// Counts by (file, reason). Not thread-safe: it belongs to the poller's thread. Bounded, because
/// neither is taken from what a file holds: files are those that the program knows, reasons are
/// errno names and faults of formats.
class ReadErrors {
 public:
  explicit ReadErrors(Log& log) : log_(log) {}

  /// Counts one failure and logs it if it is the first of its (file, reason). `where` names one
  /// example for the log line, `hint` (may be empty) says what to do about it.
  void add(std::string_view file, std::string_view reason, std::string_view where,
           std::string_view hint = {});

  /// Counts by (file, reason) since the start.
  [[nodiscard]] const std::map<std::pair<std::string, std::string>, std::uint64_t>& counts() const {
    return counts_;
  }

 private:
  Log& log_;
  std::map<std::pair<std::string, std::string>, std::uint64_t> counts_;
};

}  // namespace cgroup2::base
