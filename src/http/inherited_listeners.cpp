// SPDX-License-Identifier: Apache-2.0
#include "http/inherited_listeners.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cgroup2::http {
namespace {

constexpr int first_number = 3;
constexpr int max_count = 64;  // as many as listen addresses

// 0 where the variable is not a number.
int number_of(const char* variable) {
  const char* value = std::getenv(variable);
  const std::string_view text = value == nullptr ? "" : value;
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

bool listens_for_tcp(int socket) {
  int type = 0;
  int is_listening = 0;
  sockaddr_storage address{};
  socklen_t size = sizeof type;
  if (::getsockopt(socket, SOL_SOCKET, SO_TYPE, &type, &size) != 0) return false;
  size = sizeof is_listening;
  if (::getsockopt(socket, SOL_SOCKET, SO_ACCEPTCONN, &is_listening, &size) != 0) return false;
  size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return false;
  const bool is_ip = address.ss_family == AF_INET || address.ss_family == AF_INET6;
  return is_ip && type == SOCK_STREAM && is_listening != 0;
}

}  // namespace

std::vector<int> inherited_listeners() {
  const int count = number_of("LISTEN_PID") == ::getpid() ? number_of("LISTEN_FDS") : 0;
  if (count <= 0) throw std::runtime_error("no socket activation file descriptors found");
  if (count > max_count) throw std::runtime_error("too many socket activation file descriptors");
  std::vector<int> sockets;
  for (int socket = first_number; socket < first_number + count; ++socket) {
    if (!listens_for_tcp(socket)) {
      throw std::runtime_error("socket activation file descriptor " + std::to_string(socket) +
                               " does not listen for TCP");
    }
    ::fcntl(socket, F_SETFD, FD_CLOEXEC);
    sockets.push_back(socket);
  }
  return sockets;
}

}  // namespace cgroup2::http
