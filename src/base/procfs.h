// SPDX-License-Identifier: Apache-2.0
// Lookups by key in files of /proc and of cgroups that have one key a line, with a colon after it
// or without: meminfo, stat, vmstat, self/status, memory.stat; and by number in /proc/PID/stat.
// Pure, no allocation, no locale.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cgroup2::base {

/// Finds the first line whose first token is `key`, which is given without a colon, and returns
/// what follows it on the line. Nothing if no line has it.
///   NSpid:  4711  1
[[nodiscard]] std::optional<std::string_view> find_value(std::string_view text,
                                                         std::string_view key);

/// Finds the number after `key`; what follows the number does not matter. Nothing if no line has
/// the key, or if no u64 follows it.
///   btime 1764354240
[[nodiscard]] std::optional<std::uint64_t> find_number(std::string_view text, std::string_view key);

/// Parses a number that "kB" may follow, which is KiB there: gives bytes then. Nothing for other
/// units and for what is 2^64 or more.
///          1009464 kB
[[nodiscard]] std::optional<std::uint64_t> parse_size(std::string_view text);

/// Finds the host's memory in meminfo, in bytes. Nothing if it is not there or does not parse.
///   MemTotal:        1009464 kB
[[nodiscard]] std::optional<std::uint64_t> find_total_memory(std::string_view meminfo);

/// Finds a field of /proc/PID/stat by its number, 3 or more, in proc_pid_stat(5). Nothing if there
/// are fewer. The name of the command, field 2, may hold anything: fields are counted from the last
/// parenthesis.
///   4711 (a) R 1 b) S 1 4711 4711 0 -1 4194560 …
[[nodiscard]] std::optional<std::string_view> find_stat_field(std::string_view stat, int number);

}  // namespace cgroup2::base
