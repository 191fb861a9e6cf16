// SPDX-License-Identifier: Apache-2.0
// Whether it is known of a connection that its client sent nothing.
#pragma once

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

#include "base/fd.h"

namespace cgroup2::test {

/// Says whether tcp_info has the number here. In QEMU's user mode it has four bytes in all.
[[nodiscard]] inline bool knows_received_bytes() {
  const base::Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  tcp_info info{};
  socklen_t size = sizeof info;
  return ::getsockopt(socket.number(), IPPROTO_TCP, TCP_INFO, &info, &size) == 0 &&
         size > offsetof(tcp_info, tcpi_bytes_received);
}

}  // namespace cgroup2::test
