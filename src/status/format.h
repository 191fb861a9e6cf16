// SPDX-License-Identifier: Apache-2.0
// Numbers for people: three digits and a unit. Exact values are in the exposition.
#pragma once

#include <chrono>
#include <string>

namespace cgroup2::status {

/// Writes a decimal with so many digits after the point; independent of the locale.
[[nodiscard]] std::string fixed(double value, int decimals);

/// Writes "0 B", "512 B", "1.50 KiB", "182 MiB", "15.6 GiB".
[[nodiscard]] std::string format_bytes(double bytes);

/// Writes a share as "0 %", "<0.1 %", "0.4 %", "12 %", "140 %".
[[nodiscard]] std::string format_share(double share);

/// Writes a number of CPUs: "0", "<0.01", "0.42", "3.5", "12".
[[nodiscard]] std::string format_cores(double cores);

/// Writes "850 µs", "1.2 ms", "3.4 s", "5 min", "2 h", "3 d"; negative is 0.
[[nodiscard]] std::string format_duration(std::chrono::nanoseconds duration);

/// Writes "2026-11-26 01:18:05 UTC" for a time since 1970.
[[nodiscard]] std::string format_time(std::chrono::milliseconds since_1970);

}  // namespace cgroup2::status
