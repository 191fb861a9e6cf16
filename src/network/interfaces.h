// SPDX-License-Identifier: Apache-2.0
// Parses /proc/PID/net/dev (proc_pid_net(5)): the counters of the interfaces of a network
// namespace. Pure, no allocation.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cgroup2::network {

/// Bytes, packets, errors and dropped packets: received, then transmitted.
inline constexpr std::size_t counter_count = 8;

/// What one line says of an interface.
struct InterfaceCounters {
  std::string_view name;  ///< raw bytes, anything but blanks and '/'; points into the text
  std::array<std::uint64_t, counter_count> counters;
};

/// Returns the lines after the two of the header. Nothing if the header is another one: then the
/// columns may be, too.
///   Inter-|   Receive                                                |  Transmit
///    face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs …
[[nodiscard]] std::optional<std::string_view> interface_lines(std::string_view text);

/// Parses one of these lines. Nothing if it has another form. What follows the last column that is
/// used does not matter.
///   eth0: 1006 9 0 0 0 0 0 0 936 9 0 0 0 0 0 0
[[nodiscard]] std::optional<InterfaceCounters> parse_interface(std::string_view line);

}  // namespace cgroup2::network
