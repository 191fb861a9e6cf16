// SPDX-License-Identifier: Apache-2.0
// Whether the kernel counts what the two ends of a connection take.
#pragma once

#include <sys/socket.h>

#include "base/fd.h"
#include "http/tcp_counters.h"

namespace cgroup2::test {

/// Says whether tcp_info has the numbers here. In QEMU's user mode it has four bytes in all.
[[nodiscard]] inline bool counts_tcp() {
  const base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  return http::tcp_counters(socket.number()).has_value();
}

}  // namespace cgroup2::test
