// SPDX-License-Identifier: Apache-2.0
#include "http/tcp_counters.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstddef>

namespace cgroup2::http {

std::optional<TcpCounters> tcp_counters(int socket) {
  constexpr auto needed = offsetof(tcp_info, tcpi_notsent_bytes) + sizeof(__u32);
  tcp_info info{};
  socklen_t size = sizeof info;
  if (::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || size < needed) return {};
  // Of a connection that the peer reset, the kernel still counts what it has dropped.
  constexpr auto closed = 7;  // TCP_CLOSE of netinet/tcp.h, which linux/tcp.h excludes
  return TcpCounters{info.tcpi_bytes_received, info.tcpi_bytes_acked,
                     info.tcpi_state != closed && info.tcpi_notsent_bytes > 0};
}

}  // namespace cgroup2::http
