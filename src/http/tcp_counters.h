// SPDX-License-Identifier: Apache-2.0
// What the kernel counts of a TCP connection: tcp_info of tcp(7), with the fields of Linux 4.6.
#pragma once

#include <cstdint>
#include <optional>

namespace cgroup2::http {

/// Of both directions of a connection.
struct TcpCounters {
  std::uint64_t received = 0;  ///< bytes, those of TLS handshakes included
  std::uint64_t taken = 0;     ///< bytes that the peer's kernel confirmed
  bool has_unsent = false;     ///< bytes wait here for room at the peer, which is still there
};

/// Asks the kernel. nullopt where it does not count these: in QEMU's user mode tcp_info is shorter.
[[nodiscard]] std::optional<TcpCounters> tcp_counters(int socket);

}  // namespace cgroup2::http
