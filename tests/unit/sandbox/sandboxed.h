// SPDX-License-Identifier: Apache-2.0
// Sandboxed: things that a thread tries, in a process of its own, because its rights are gone for
// ever.
#pragma once

#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace cgroup2::sandbox::test {

// Returns what `body` returns, or -1 if the process ends otherwise.
inline int in_child(const std::function<int()>& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    ::_exit(body());
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

inline bool can_open(const std::string& path, int flags = O_RDONLY) {
  const int file = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (file >= 0) ::close(file);
  return file >= 0;
}

inline bool can_make_socket() { return ::socket(AF_INET, SOCK_STREAM, 0) >= 0; }

// Returns a socket that listens on the loopback, and its address.
inline int listen_on(sockaddr_in& address) {
  address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = ::htonl(INADDR_LOOPBACK);
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  EXPECT_EQ(::bind(socket, generic, size), 0);
  EXPECT_EQ(::listen(socket, 1), 0);
  EXPECT_EQ(::getsockname(socket, generic, &size), 0);
  return socket;
}

// What comes to the loopback as the first data of a connection by MSG_FASTOPEN, which needs no
// connect(). A socket that listens is one without a connection after shutdown().
inline bool can_connect_by_sending(int listener, const sockaddr_in& address, bool as_message) {
  ::shutdown(listener, SHUT_RDWR);
  auto copy = address;
  auto* const generic = reinterpret_cast<sockaddr*>(&copy);
  char byte = 'x';
  iovec data{&byte, 1};
  msghdr message{};
  message.msg_name = generic;
  message.msg_namelen = sizeof copy;
  message.msg_iov = &data;
  message.msg_iovlen = 1;
  return (as_message ? ::sendmsg(listener, &message, MSG_FASTOPEN)
                     : ::sendto(listener, &byte, 1, MSG_FASTOPEN, generic, sizeof copy)) == 1;
}

inline bool can_trace() { return ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) == 0; }

inline bool can_start_process() {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(0);
  return child > 0;
}

// Ends the process with 0 if it can.
inline bool can_run_program() {
  ::execl("/bin/true", "true", static_cast<char*>(nullptr));
  return false;
}

inline bool can_read_link(const std::string& path) {
  char buffer[256];
  return ::readlink(path.c_str(), buffer, sizeof buffer) > 0;
}

}  // namespace cgroup2::sandbox::test
