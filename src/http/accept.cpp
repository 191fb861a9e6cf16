// SPDX-License-Identifier: Apache-2.0
#include "http/accept.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <thread>

#include "http/client_group.h"

namespace cgroup2::http {
namespace {

bool is_shortage(int code) {
  return code == EMFILE || code == ENFILE || code == ENOBUFS || code == ENOMEM;
}

}  // namespace

int accept_client(Connections& connections, int listener, sockaddr* address, socklen_t* size) {
  constexpr std::chrono::milliseconds pause{50};
  const int socket = ::accept(listener, address, size);
  if (socket < 0) {
    if (is_shortage(errno)) std::this_thread::sleep_for(pause);
    return socket;
  }
  std::array<char, INET6_ADDRSTRLEN> host{};
  const void* binary =
      address->sa_family == AF_INET6
          ? static_cast<void*>(&reinterpret_cast<sockaddr_in6*>(address)->sin6_addr)
          : &reinterpret_cast<sockaddr_in*>(address)->sin_addr;
  ::inet_ntop(address->sa_family, binary, host.data(), host.size());
  if (connections.add(socket, client_group(host.data()))) {
    // Bounds what a client can make the kernel keep in the exporter's memory: by default 4 MiB that
    // it does not read, and 6 MiB that it sends. The kernel doubles the numbers.
    constexpr int sent = 256 * 1024;
    constexpr int received = 32 * 1024;
    ::setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &sent, sizeof sent);
    ::setsockopt(socket, SOL_SOCKET, SO_RCVBUF, &received, sizeof received);
    return socket;
  }
  ::close(socket);
  errno = ECONNABORTED;
  return -1;
}

}  // namespace cgroup2::http
