// SPDX-License-Identifier: Apache-2.0
// Parses /proc/PID/net/sockstat and sockstat6: how many sockets there are (sockstat_seq_show() in
// net/ipv4/proc.c and net/ipv6/proc.c). Pure, no allocation.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace cgroup2::network {

/// What the line of one protocol says. Only `in_use` and `time_wait` are of the network namespace:
/// the kernel counts the others for all of them together.
struct SocketCounts {
  std::optional<std::uint64_t> in_use;
  std::optional<std::uint64_t> time_wait;
  std::optional<std::uint64_t> orphans;
  std::optional<std::uint64_t> allocated;
  std::optional<std::uint64_t> memory;  ///< pages
};

/// Parses the line of a protocol ("TCP", "UDP6"). What is absent or no number is nothing: the
/// kernel may print a negative number, too.
///   TCP: inuse 5 orphan 0 tw 2 alloc 7 mem 1
[[nodiscard]] SocketCounts parse_sockets(std::string_view text, std::string_view protocol);

}  // namespace cgroup2::network
